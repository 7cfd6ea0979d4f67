//! Backups of SQLite: `VACUUM INTO`, which reads one state of the database while others write, and a change of files.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::partial::{Partial, with_ending};
use super::{Contents, Existing};
use crate::db::{BUSY, Db, Engine, Error, Result, Target, WRITER_CACHE_KIB, query};

/// Copies the database at `path` into the empty file `to`, and verifies the copy.
pub(super) async fn save(path: &Path, to: &Path) -> anyhow::Result<Contents> {
    let opening = || format!("opening the database {}", path.display());
    let mut source = open(SqliteConnectOptions::new().filename(path)).await.with_context(opening)?;
    let before = Contents::read(Target::SqliteTx(&mut source)).await.with_context(opening)?;
    before.expect_ours(&path.display().to_string())?;
    let name = to.to_str().with_context(|| format!("{}: the name is no text", to.display()))?;
    query("VACUUM INTO $1")
        .bind(name)
        .execute(Target::SqliteTx(&mut source))
        .await
        .with_context(|| format!("copying the database to {}", to.display()))?;
    // The copy was written past the locked file, whose owner makes it last.
    let copy = verified(to).await?;
    let after = Contents::read(Target::SqliteTx(&mut source)).await.with_context(opening)?;
    source.close().await.map_err(Error::from)?;
    copy.expect_between(&before, &after)?;
    Ok(copy)
}

/// Puts a verified copy of `file` in the place of the database at `path`; says where that is kept, if so.
pub(super) async fn restore(
    file: &Path,
    path: &Path,
    existing: Existing,
    at: DateTime<Utc>,
) -> anyhow::Result<(Contents, Option<PathBuf>)> {
    expect_whole(file)?;
    if existing == Existing::Refuse {
        expect_nothing(path).await?;
    }
    // Something may lie at the place: that is decided by now.
    let partial = Partial::beside(path, Existing::Replace)?;
    partial.fill(file).with_context(|| format!("copying {}", file.display()))?;
    let contents = verified(partial.path()).await.map_err(|error| damaged(file, &error))?;
    contents.expect_readable(file, Engine::Sqlite)?;
    migrate(partial.path()).await.with_context(|| format!("opening the copy of {}", file.display()))?;
    let Ok(old) = fs::metadata(path) else {
        remove_beside(path)?;
        partial.keep(Existing::Refuse)?;
        return Ok((contents, None));
    };
    // Only the system's administrator may give files away; for anyone else the owner is the same.
    let _ = chown(partial.path(), Some(old.uid()), Some(old.gid()));
    fs::set_permissions(partial.path(), old.permissions())?;
    fold(path, existing).await?;
    let kept = (existing == Existing::Replace).then(|| keep_aside(path, at)).transpose()?;
    remove_beside(path)?;
    partial.keep(Existing::Replace)?;
    Ok((contents, kept))
}

/// Opens a file that nobody writes as a database of its own, reads every page of it, and counts what it holds.
async fn verified(path: &Path) -> anyhow::Result<Contents> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    // The check looks each row up in each index, in no order: in SQLite's own 2 MB it takes twice as long.
    let mut copy = open(options.pragma("cache_size", WRITER_CACHE_KIB)).await?;
    let said: String = query("PRAGMA integrity_check(1)").fetch_scalar(Target::SqliteTx(&mut copy)).await?;
    anyhow::ensure!(said == "ok", "{}", said.replace('\n', " "));
    let contents = Contents::read(Target::SqliteTx(&mut copy)).await?;
    copy.close().await.map_err(Error::from)?;
    Ok(contents)
}

/// Refuses a file that is shorter than it says, or whose newest rows lie in another one.
fn expect_whole(file: &Path) -> anyhow::Result<()> {
    let mut head = [0; 100];
    let mut opened = File::open(file).with_context(|| format!("opening {}", file.display()))?;
    let bytes = opened.metadata()?.len();
    opened.read_exact(&mut head).map_err(|_| cut_short(file, bytes, 100))?;
    // Of SQLite's file format: the size of a page at 16 (1 stands for 65,536), the number of pages at 28.
    let page = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let whole = page * u64::from(u32::from_be_bytes([head[28], head[29], head[30], head[31]]));
    if bytes < whole {
        return Err(cut_short(file, bytes, whole));
    }
    let log = fs::metadata(with_ending(file, "-wal"));
    anyhow::ensure!(
        log.map_or(true, |it| it.len() == 0),
        "{} is a database in use and no backup: part of it lies in the file …-wal beside it. Save it with `foca backup`",
        file.display()
    );
    Ok(())
}

fn cut_short(file: &Path, bytes: u64, whole: u64) -> anyhow::Error {
    anyhow::anyhow!(
        "{} is cut short: it has {bytes} of {whole} bytes. Take another backup, or copy it here again",
        file.display()
    )
}

fn damaged(file: &Path, error: &anyhow::Error) -> anyhow::Error {
    anyhow::anyhow!("{} is damaged ({error:#}). Take another backup, or copy it here again", file.display())
}

/// Refuses a database that holds anything.
async fn expect_nothing(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let place = path.display().to_string();
    let read = async {
        let mut there = open(SqliteConnectOptions::new().filename(path)).await?;
        let contents = Contents::read(Target::SqliteTx(&mut there)).await;
        there.close().await?;
        contents
    };
    let contents = read.await.with_context(|| {
        format!("{place} stays as it is: it cannot be read; give --replace to keep it aside and restore")
    })?;
    contents.expect_nothing(&place)
}

/// Brings a copy up to date as any start of FOCA does, so that it is known to start.
async fn migrate(path: &Path) -> anyhow::Result<()> {
    let name = path.to_str().with_context(|| format!("{}: the name is no text", path.display()))?;
    Db::open(name).await?.close().await;
    Ok(())
}

/// Folds the old database's log into its file, which SQLite does for nobody while another program has the file open.
async fn fold(path: &Path, existing: Existing) -> anyhow::Result<()> {
    let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Delete);
    let error = match options.connect().await {
        Ok(old) => return Ok(old.close().await?),
        Err(error) => error,
    };
    // SQLITE_BUSY and SQLITE_LOCKED, in the lower byte of what it says.
    let code: Option<u32> = error.as_database_error().and_then(|it| it.code()?.parse().ok());
    let is_open = code.is_some_and(|it| [5, 6].contains(&(it & 255)));
    anyhow::ensure!(
        !is_open,
        "{} stays as it is: another program has it open; stop it, then restore again",
        path.display()
    );
    // What is damaged is kept as SQLite leaves it, with its log if there still is one.
    anyhow::ensure!(existing == Existing::Replace, "{} cannot be read: {error}", path.display());
    Ok(())
}

/// Gives the old database a second name, and its log if it still has one. At no moment the first is missing.
fn keep_aside(path: &Path, at: DateTime<Utc>) -> anyhow::Result<PathBuf> {
    let aside = with_ending(path, &at.format(".before-restore-%Y%m%dT%H%M%SZ").to_string());
    anyhow::ensure!(!aside.exists(), "{} exists already: restore again in a second", aside.display());
    let keeping = || format!("keeping the old database as {}", aside.display());
    // Some file systems know one name for a file only.
    fs::hard_link(path, &aside).or_else(|_| fs::rename(path, &aside)).with_context(keeping)?;
    for ending in ["-wal", "-journal"] {
        let log = with_ending(path, ending);
        if log.exists() {
            fs::rename(log, with_ending(&aside, ending)).with_context(keeping)?;
        }
    }
    Ok(aside)
}

/// Removes what SQLite kept beside a database that is not there any more, which it would take for the new one's.
fn remove_beside(path: &Path) -> anyhow::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let beside = with_ending(path, ending);
        if beside.exists() {
            fs::remove_file(&beside).with_context(|| format!("removing {}", beside.display()))?;
        }
    }
    Ok(())
}

async fn open(options: SqliteConnectOptions) -> Result<SqliteConnection> {
    // To copy and to check take long, which is nothing to warn of.
    Ok(options.busy_timeout(BUSY).disable_statement_logging().connect().await?)
}
