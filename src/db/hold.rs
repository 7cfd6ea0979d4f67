//! A hold on a name that ends with the program, however that ends. It tells work that goes on from work whose program
//! was killed: on SQLite, whose programs share one machine, by a locked file beside the database; on PostgreSQL by an
//! advisory lock of a session of its own.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use sqlx::PgConnection;

use super::{Db, Error, Result};

/// Nobody else gets the name until this is dropped.
#[derive(Debug)]
pub struct Hold {
    _kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Locked { path: PathBuf, _file: File },
    Session { _connection: Box<PgConnection> },
}

impl Db {
    /// Holds `name`, of letters, digits and hyphens; none while somebody else holds it.
    ///
    /// # Errors
    /// The file beside the database cannot be made, or the server refuses.
    pub async fn hold(&self, name: &str) -> Result<Option<Hold>> {
        let kept = match self {
            Self::Sqlite { write, .. } => {
                let mut file = write.connect_options().get_filename().as_os_str().to_owned();
                file.push(format!("-{name}.lock"));
                lock(Path::new(&file)).map_err(|error| Error::from(sqlx::Error::Io(error)))?
            }
            Self::Postgres(pool) => {
                // Out of the pool: the lock lasts as long as the session, and must not come back to others with it.
                let mut connection = pool.acquire().await?.detach();
                let held: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
                    .bind(name)
                    .fetch_one(&mut connection)
                    .await?;
                held.then(|| Kept::Session { _connection: Box::new(connection) })
            }
        };
        Ok(kept.map(|it| Hold { _kept: it }))
    }
}

fn lock(path: &Path) -> std::io::Result<Option<Kept>> {
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Kept::Locked { path: path.to_owned(), _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Self::Locked { path, .. } = self {
            let _ = std::fs::remove_file(path);
        }
    }
}
