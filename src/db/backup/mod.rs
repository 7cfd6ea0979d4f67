//! Backups: a copy of the whole database that is made while others write, verified before it has its name, and brought
//! back only where nothing would be lost. SQLite copies itself; PostgreSQL has `pg_dump` and `pg_restore`.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;

use super::{Engine, Hold, file_of, hold};
use partial::Partial;

mod client;
mod contents;
mod dump;
mod partial;
mod postgres;
mod sqlite;

pub use contents::Contents;

/// What becomes of something that already has the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is done.
    Refuse,
    /// It makes room: a file of a backup is overwritten, a SQLite database is kept aside.
    Replace,
}

/// What was saved, or restored.
#[derive(Clone, Debug)]
pub struct Report {
    /// The database, without its credentials.
    pub database: String,
    /// What the backup holds.
    pub contents: Contents,
    /// The size of its file.
    pub bytes: u64,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// How long it took, with all verifying.
    pub seconds: f64,
    /// Where the database is kept that a restore replaced.
    pub kept: Option<PathBuf>,
}

/// Saves the database at `url` to `file`, which appears when it is complete and was opened and found whole.
///
/// # Errors
/// There is no such database, it is no FOCA's, the file exists or cannot be written, the copy is not whole, or a
/// program of PostgreSQL is missing; then there is no file. Each is one sentence for a person.
pub async fn save(url: &str, file: &Path, existing: Existing) -> anyhow::Result<Report> {
    let began = Instant::now();
    let place = Place::of(url)?;
    if let Place::File(path) = &place {
        anyhow::ensure!(path.exists(), "there is no database {place}");
        anyhow::ensure!(!is_same(path, file), "{} is the database itself: name another file", file.display());
    }
    let shared = Hold::shared(url).await.with_context(|| format!("opening the database {place}"))?;
    let _shared = shared.with_context(|| format!("{place} is being restored: wait until it is there"))?;
    let partial = Partial::beside(file, existing)?;
    let contents = match &place {
        Place::File(path) => sqlite::save(path, partial.path()).await?,
        Place::Server(options) => postgres::save(options, partial.path()).await?,
    };
    let (bytes, sha256) = partial::digest(partial.path())?;
    partial.keep(existing)?;
    let seconds = began.elapsed().as_secs_f64();
    Ok(Report { database: place.to_string(), contents, bytes, sha256, seconds, kept: None })
}

/// Makes the database at `url` what `file` holds. It must be absent or hold nothing, unless `existing` says that it
/// makes room; on SQLite it is then kept beside, under a name with the time `at`.
///
/// # Errors
/// The file is no backup of this engine, damaged, or of a newer FOCA; the database holds something, or another program
/// uses it. The database stays as it was. Each is one sentence for a person.
pub async fn restore(
    url: &str,
    file: &Path,
    existing: Existing,
    at: DateTime<Utc>,
) -> anyhow::Result<Report> {
    let began = Instant::now();
    let place = Place::of(url)?;
    anyhow::ensure!(place.engine() == engine_of(file)?, "{}", of_the_other(file, &place));
    if let Place::File(path) = &place {
        anyhow::ensure!(!is_same(path, file), "{} is the database itself", file.display());
    }
    let alone = Hold::alone(url).await.with_context(|| format!("opening the database {place}"))?;
    let _alone = alone.with_context(|| in_use(&place))?;
    let (bytes, sha256) = partial::digest(file)?;
    let (contents, kept) = match &place {
        Place::File(path) => sqlite::restore(file, path, existing, at).await?,
        Place::Server(options) => (postgres::restore(options, file, existing).await?, None),
    };
    let seconds = began.elapsed().as_secs_f64();
    Ok(Report { database: place.to_string(), contents, bytes, sha256, seconds, kept })
}

/// Where a database is.
#[derive(Debug)]
enum Place {
    File(PathBuf),
    Server(Box<PgConnectOptions>),
}

impl Place {
    fn of(url: &str) -> anyhow::Result<Self> {
        match file_of(url) {
            Some(path) => Ok(Self::File(hold::place(path))),
            None => Ok(Self::Server(Box::new(url.parse().context("reading the address of the database")?))),
        }
    }

    fn engine(&self) -> Engine {
        match self {
            Self::File(_) => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }
}

/// As a person names it; never with the password.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(options) => {
                let name = options.get_database().unwrap_or(options.get_username());
                let host = options.get_socket().map(|it| it.display().to_string());
                write!(f, "{name} at {}", host.as_deref().unwrap_or(options.get_host()))
            }
        }
    }
}

/// Which engine wrote the file, by its first bytes.
fn engine_of(file: &Path) -> anyhow::Result<Engine> {
    let mut start = Vec::new();
    let opened = std::fs::File::open(file).with_context(|| format!("opening {}", file.display()))?;
    opened.take(16).read_to_end(&mut start).with_context(|| format!("reading {}", file.display()))?;
    if start == b"SQLite format 3\0" {
        return Ok(Engine::Sqlite);
    }
    if start.starts_with(b"PGDMP") {
        return Ok(Engine::Postgres);
    }
    let what = if start.is_empty() { "empty" } else { "neither a SQLite database nor a dump of PostgreSQL" };
    anyhow::bail!("{} is no backup: it is {what}. Give a file that `foca backup` wrote", file.display())
}

fn of_the_other(file: &Path, place: &Place) -> String {
    let (of, is, give) = match place.engine() {
        Engine::Sqlite => ("PostgreSQL", "a SQLite file", "postgres://…"),
        Engine::Postgres => ("SQLite", "on PostgreSQL", "the path of a SQLite file"),
    };
    format!("{} is a backup of {of}, and {place} is {is}: give --database {give}", file.display())
}

fn in_use(place: &Place) -> String {
    let who = match place {
        Place::File(_) => "another FOCA uses it (a server, an import)",
        Place::Server(_) => "another program is connected to it (a server or an import of FOCA, a shell)",
    };
    format!("{place} stays as it is: {who}; stop it, then restore again")
}

fn is_same(one: &Path, other: &Path) -> bool {
    let (one, other) = (std::fs::metadata(one), std::fs::metadata(other));
    one.is_ok_and(|one| other.is_ok_and(|other| hold::is_same(&one, &other)))
}
