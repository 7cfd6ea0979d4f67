//! Turns at what only one may have at a time. On SQLite that is the writer: who waits for it, in this program or another
//! one on the same file, locks a file beside the database, and who has the writer for long sees that. On PostgreSQL it is
//! a lock of [`super::Tx::one_at_a_time`], and the server knows who waits.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sqlx::SqlitePool;

use super::{Db, query};

// A waiting program asks SQLite again after a tenth of a second at the latest.
const MOST_PATIENCE: Duration = Duration::from_millis(250);
const GLANCE: Duration = Duration::from_millis(2);

const WAITING: &str = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";

/// Waits for the writer, for as long as it lives. Only a courtesy: without the file nobody is told, and nothing fails.
#[derive(Debug)]
pub(super) struct Waiting {
    _locked: Option<File>,
}

impl Waiting {
    pub(super) fn of(writer: &SqlitePool) -> Self {
        let file = open(writer).ok().filter(|it| it.lock_shared().is_ok());
        Self { _locked: file }
    }
}

impl Db {
    /// Whether somebody waits for a turn: who has it for long should end the transaction.
    pub async fn is_awaited(&self) -> bool {
        match self {
            Self::Sqlite { write, .. } => {
                open(write).is_ok_and(|it| matches!(it.try_lock(), Err(TryLockError::WouldBlock)))
            }
            Self::Postgres(_) => query(WAITING).fetch_scalar(self).await.unwrap_or(false),
        }
    }

    /// Waits until those have had their turn who waited for the writer, but not for long.
    pub async fn give_way(&self) {
        let began = Instant::now();
        while self.is_awaited().await && began.elapsed() < MOST_PATIENCE {
            tokio::time::sleep(GLANCE).await;
        }
    }
}

fn open(writer: &SqlitePool) -> std::io::Result<File> {
    let mut path = OsString::from(writer.connect_options().get_filename());
    path.push("-waiting");
    File::options().create(true).truncate(false).write(true).open(PathBuf::from(path))
}
