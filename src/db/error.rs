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

    /// Whether the disk is full or the database may not grow.
    pub fn is_full(&self) -> bool {
        let Self::Driver(sqlx::Error::Database(it)) = self else { return false };
        // SQLITE_FULL is 13; PostgreSQL's disk_full is 53100.
        matches!(it.code().as_deref(), Some("13" | "53100"))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Encode(cause) => Self::Encode(cause),
            other => Self::Driver(other),
        }
    }
}
