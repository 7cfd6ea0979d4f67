//! A hold on a name that ends with the program, however that ends. It tells work that goes on from work whose program
//! was killed: on SQLite, whose programs share one machine, by a locked file beside the database; on PostgreSQL by an
//! advisory lock of a session of its own.

use std::fs::{File, Metadata, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::{Db, Error, Result, Target, file_of, query};

/// Nobody else gets the name until this is dropped.
#[derive(Debug)]
pub struct Hold {
    _kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Locked { path: PathBuf, file: File },
    Session { _connection: Box<PgConnection> },
}

/// The name that stands for using the database at all.
const USE: &str = "use";

// A server notices the end of a session when it reads from its socket next, and who leaves a file has it alone for a
// moment: two seconds in all are enough for both.
const PATIENCE: u32 = 20;
const GLANCE: Duration = Duration::from_millis(100);

const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND usesysid IS NOT NULL AND pid <> pg_backend_pid()";

impl Db {
    /// Holds `name`, of letters, digits and hyphens; none while somebody else holds it.
    ///
    /// # Errors
    /// The file beside the database cannot be made, or the server refuses.
    pub async fn hold(&self, name: &str) -> Result<Option<Hold>> {
        match self {
            Self::Sqlite { write, .. } => {
                lock(write.connect_options().get_filename(), name, File::try_lock).map_err(refused)
            }
            Self::Postgres(pool) => {
                // Out of the pool: the lock lasts as long as the session, and must not come back to others with it.
                let connection = pool.acquire().await?.detach();
                session(connection, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name).await
            }
        }
    }
}

impl Hold {
    /// A share in the database at `url`, as each program that uses it has; none while one has it alone.
    ///
    /// # Errors
    /// The file beside the database cannot be made, or the server does not answer.
    pub async fn shared(url: &str) -> Result<Option<Self>> {
        patiently(async || {
            if let Some(file) = file_of(url) {
                return lock(&place(file), USE, File::try_lock_shared).map_err(refused);
            }
            let options: PgConnectOptions = url.parse()?;
            let take = "SELECT pg_try_advisory_lock_shared(hashtextextended($1, 0))";
            session(options.connect().await?, take, USE).await
        })
        .await
    }

    /// The database at `url` for this program alone; none while another one uses it. On PostgreSQL that is whoever has
    /// a session there: a server that was started anew has forgotten the locks.
    ///
    /// # Errors
    /// As of [`Hold::shared`].
    pub async fn alone(url: &str) -> Result<Option<Self>> {
        patiently(async || {
            if let Some(file) = file_of(url) {
                return lock(&place(file), USE, File::try_lock).map_err(refused);
            }
            let options: PgConnectOptions = url.parse()?;
            let mut connection = options.connect().await?;
            let others: i64 = query(OTHERS).fetch_scalar(Target::PgTx(&mut connection)).await?;
            if others > 0 {
                connection.close().await?;
                return Ok(None);
            }
            session(connection, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", USE).await
        })
        .await
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // The last one takes the file away; of those who share it, each tries.
        if let Self::Locked { path, file } = self
            && file.try_lock().is_ok()
        {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Whether two looks were at the same file.
pub(super) fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where the file at `path` really lies, be it there or not: programs that came by a link meet at the same locks.
pub(super) fn place(path: &Path) -> PathBuf {
    let in_folder = || {
        let path = std::path::absolute(path).ok()?;
        Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

async fn patiently(take: impl AsyncFn() -> Result<Option<Hold>>) -> Result<Option<Hold>> {
    for _ in 0..PATIENCE {
        if let Some(hold) = take().await? {
            return Ok(Some(hold));
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(None)
}

async fn session(mut connection: PgConnection, take: &'static str, name: &str) -> Result<Option<Hold>> {
    let held: bool = query(take).bind(name).fetch_scalar(Target::PgTx(&mut connection)).await?;
    Ok(held.then(|| Hold { _kept: Kept::Session { _connection: Box::new(connection) } }))
}

fn lock(
    database: &Path,
    name: &str,
    take: fn(&File) -> std::result::Result<(), TryLockError>,
) -> std::io::Result<Option<Hold>> {
    let mut path = database.as_os_str().to_owned();
    path.push(format!("-{name}.lock"));
    let path = PathBuf::from(path);
    loop {
        // One that another user left behind may be locked, too, if it can be read.
        let made = File::options().create(true).truncate(false).write(true).open(&path);
        let file = made.or_else(|error| File::open(&path).map_err(|_| error))?;
        match take(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Who had it before may have taken the file away since it was opened: that lock would keep nobody off.
        let at_path = std::fs::metadata(&path);
        if at_path.is_ok_and(|it| file.metadata().is_ok_and(|own| is_same(&own, &it))) {
            return Ok(Some(Hold { _kept: Kept::Locked { path, file } }));
        }
    }
}

fn refused(error: std::io::Error) -> Error {
    Error::from(sqlx::Error::Io(error))
}
