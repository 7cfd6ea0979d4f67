//! The seam: the only place that names a database driver.
//!
//! Every other module writes a statement once, in the dialect that SQLite and PostgreSQL share, with `$1`
//! placeholders, and runs it on a [`Db`] (reading) or inside a [`Tx`] (writing).

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, PgConnection, SqliteConnection, Transaction};

pub mod backup;
mod bulk;
mod error;
pub mod file;
mod hold;
mod id;
mod json;
mod query;
mod row;
mod text_enum;
mod turn;
mod value;

pub use bulk::Table;
pub use error::{Error, Result, is_full};
pub use hold::Hold;
pub use json::Json;
pub use query::{Query, Record, like, query};
pub use row::Row;
pub use value::Value;

use turn::Waiting;

pub(crate) use id::id;
pub(crate) use json::from_json;
pub(crate) use text_enum::text_enum;

/// A database: one SQLite file (read-only readers beside one writer), or a PostgreSQL server.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file in WAL mode.
    Sqlite {
        /// Read-only connections.
        read: SqlitePool,
        /// The single writer.
        write: SqlitePool,
    },
    /// A pool of connections to a server.
    Postgres(PgPool),
}

/// A transaction, the only thing that can write. Dropped without [`Tx::commit`], it rolls back.
#[derive(Debug)]
pub enum Tx {
    /// Holds the file's one writer.
    Sqlite(Transaction<'static, Sqlite>),
    /// A server transaction.
    Postgres(Transaction<'static, Postgres>),
}

/// Somewhere to run a statement: `&Db` or `&mut Tx`.
#[derive(Debug)]
pub enum Target<'c> {
    /// A reader of the file.
    SqlitePool(&'c SqlitePool),
    /// Inside a transaction on the file.
    SqliteTx(&'c mut SqliteConnection),
    /// Any connection of the server.
    PgPool(&'c PgPool),
    /// Inside a server transaction.
    PgTx(&'c mut PgConnection),
}

/// Which engine stands behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

// A writer waits this long for another process (`foca import` beside the server) before it gives up.
const BUSY: Duration = Duration::from_secs(30);
// Of a file that is made now. Keys come in no order, and larger pages are split and written less often: in turns with
// SQLite's own 4,096, an import of a million rows took less time in two rounds of three.
const NEW_PAGE_BYTES: u32 = 8_192;
// The unique keys of a million incidents fit in this, so that an import does not read pages back.
const WRITER_CACHE_KIB: &str = "-114688";
// An export of a million rows looks as many links up and still stays under 64 MB.
const READER_CACHE_KIB: &str = "-12288";
// SQLite's thread reads so many rows ahead of the one that writes them out: the two wake each other less often.
const ROWS_AHEAD: usize = 512;
const READERS: u32 = 4;
const SERVER_CONNECTIONS: u32 = 12;

static SQLITE_TABLES: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_TABLES: Migrator = sqlx::migrate!("migrations/postgres");

impl Db {
    /// Opens `url` (`postgres://…`, or a file path with or without `sqlite:`) and brings its tables up to date.
    ///
    /// # Errors
    /// The database cannot be reached, is newer than this program, or a migration does not apply.
    pub async fn open(url: &str) -> Result<Self> {
        let db = Self::connect(url).await?;
        db.migrate().await?;
        Ok(db)
    }

    async fn connect(url: &str) -> Result<Self> {
        let Some(path) = file_of(url) else {
            let options: PgConnectOptions = url.parse()?;
            let pool = PgPoolOptions::new().max_connections(SERVER_CONNECTIONS).connect_with(options).await?;
            return Ok(Self::Postgres(pool));
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let writer = options.clone().page_size(NEW_PAGE_BYTES).pragma("cache_size", WRITER_CACHE_KIB);
        // A commit that a full disk refused is undone by SQLite itself, and then the driver believes for good that the
        // connection is inside of a transaction: such a writer is closed, and another one opened.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .before_acquire(|it, _| Box::pin(async move { Ok(!it.is_in_transaction()) }))
            .connect_with(writer)
            .await?;
        // Readers open after the writer has made the file: a read-only connection cannot create it.
        let reader = options
            .read_only(true)
            .pragma("query_only", "1")
            .pragma("cache_size", READER_CACHE_KIB)
            .row_buffer_size(ROWS_AHEAD);
        let read = SqlitePoolOptions::new().max_connections(READERS).connect_with(reader).await?;
        Ok(Self::Sqlite { read, write })
    }

    async fn migrate(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => SQLITE_TABLES.run(write).await?,
            Self::Postgres(pool) => POSTGRES_TABLES.run(pool).await?,
        }
        Ok(())
    }

    /// Starts a transaction that may write; who has SQLite's writer for long is told that somebody waits. It takes the
    /// writer at once (`BEGIN IMMEDIATE`): a transaction that reads first and writes later would fail without waiting.
    pub async fn begin(&self) -> Result<Tx> {
        let _waiting = match self {
            Self::Sqlite { write, .. } => Some(Waiting::of(write)),
            Self::Postgres(_) => None,
        };
        self.begin_last().await
    }

    /// The same for long work, which nobody needs to make way for.
    pub async fn begin_last(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Which engine this is; for the command line and benchmarks, never for a choice between two statements.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Closes every connection; on SQLite the last one folds the write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything written in this transaction stay.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Lets one transaction at a time past this point, for work that looks first and inserts afterwards.
    /// SQLite has one writer anyway; on PostgreSQL it is an advisory lock that ends with the transaction.
    pub async fn one_at_a_time(&mut self, work: &'static str) -> Result<()> {
        if let Self::Postgres(_) = self {
            query("SELECT pg_advisory_xact_lock(hashtext($1))").bind(work).execute(&mut *self).await?;
        }
        Ok(())
    }
}

impl Target<'_> {
    /// The same place again, for a function that runs two statements.
    pub fn again(&mut self) -> Target<'_> {
        match self {
            Self::SqlitePool(pool) => Target::SqlitePool(pool),
            Self::SqliteTx(on) => Target::SqliteTx(on),
            Self::PgPool(pool) => Target::PgPool(pool),
            Self::PgTx(on) => Target::PgTx(on),
        }
    }
}

impl<'c> From<&'c Db> for Target<'c> {
    fn from(db: &'c Db) -> Self {
        match db {
            Db::Sqlite { read, .. } => Target::SqlitePool(read),
            Db::Postgres(pool) => Target::PgPool(pool),
        }
    }
}

impl<'c> From<&'c mut Tx> for Target<'c> {
    fn from(tx: &'c mut Tx) -> Self {
        match tx {
            Tx::Sqlite(tx) => Target::SqliteTx(tx),
            Tx::Postgres(tx) => Target::PgTx(tx),
        }
    }
}

/// The file of SQLite that `url` names; none when it names a server.
fn file_of(url: &str) -> Option<&Path> {
    let is_server = url.starts_with("postgres:") || url.starts_with("postgresql:");
    (!is_server).then(|| Path::new(url.trim_start_matches("sqlite:").trim_start_matches("//")))
}

/// The newest version of the tables that this program knows.
fn newest_version(engine: Engine) -> i64 {
    let tables = match engine {
        Engine::Sqlite => &SQLITE_TABLES,
        Engine::Postgres => &POSTGRES_TABLES,
    };
    tables.iter().map(|it| it.version).max().unwrap_or_default()
}
