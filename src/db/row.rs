//! A row as the driver gave it, read by position and without copies; for millions of them, where a struct costs more
//! than the row.

use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::Result;

/// A row of either engine; columns count from 0.
pub enum Row {
    /// Of a file.
    Sqlite(SqliteRow),
    /// Of a server.
    Postgres(PgRow),
}

macro_rules! reads {
    ($($(#[$doc:meta])* $name:ident -> $ty:ty;)*) => {
        impl Row {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// The column is of another type, or there is none.
            pub fn $name(&self, column: usize) -> Result<Option<$ty>> {
                Ok(match self {
                    Self::Sqlite(row) => row.try_get(column)?,
                    Self::Postgres(row) => row.try_get(column)?,
                })
            }
        )*}
    };
}
reads! {
    /// A text; none where it is null.
    text -> &str;
    /// A whole number; none where it is null.
    int -> i64;
    /// A number; none where it is null.
    real -> f64;
    /// Yes or no; none where it is null.
    truth -> bool;
    /// An id; none where it is null.
    id -> Uuid;
}
