//! What can go wrong at the database, told apart where a caller would act differently.

/// The result of anything that asks the database.
pub type Result<T> = std::result::Result<T, Error>;

/// A statement that did not run, or a row that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value could not be written in the engine's format.
    #[error("a value could not be encoded for the database")]
    Encode(#[source] sqlx::error::BoxDynError),
    /// A text holds a zero byte, which PostgreSQL cannot store; refused on both engines alike.
    #[error("a text holds a zero byte")]
    ZeroByte,
    /// The tables could not be brought up to date.
    #[error("the database's tables could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Anything else the driver reports.
    #[error(transparent)]
    Driver(sqlx::Error),
}

impl Error {
    /// Whether a unique key was already taken.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(it)) if it.is_unique_violation())
    }

    /// Whether there is no room left to write: the disk is full, a quota is reached, or a file may not grow.
    pub fn is_full(&self) -> bool {
        match self {
            // SQLITE_FULL is 13; 778 and 4874 are what it says of a write, and of the shared memory of its log, that
            // the system refuses for another reason than a full disk, such as a quota. PostgreSQL's disk_full is 53100.
            Self::Driver(sqlx::Error::Database(it)) => {
                matches!(it.code().as_deref(), Some("13" | "778" | "4874" | "53100"))
            }
            Self::Driver(sqlx::Error::Io(it)) => is_no_room(it),
            _ => false,
        }
    }
}

/// Whether the system refused to write because there is no room.
pub fn is_no_room(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Whether anything in the chain of causes says that there is no room left to write.
pub fn is_full(cause: &anyhow::Error) -> bool {
    cause.chain().any(|it| {
        it.downcast_ref::<Error>().is_some_and(Error::is_full)
            || it.downcast_ref::<std::io::Error>().is_some_and(is_no_room)
    })
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Encode(cause) => Self::Encode(cause),
            other => Self::Driver(other),
        }
    }
}
