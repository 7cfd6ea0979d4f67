//! Reads a foreign SQLite file, such as a GeoPackage: read-only, unmigrated, rows as loosely typed cells.

use std::path::Path;

use futures_util::stream::{BoxStream, StreamExt};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, Row, TypeInfo, ValueRef};

use super::Result;

/// A SQLite file that someone else made.
#[derive(Clone, Debug)]
pub struct File(SqlitePool);

/// One cell, by its own storage class.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// INTEGER.
    Int(i64),
    /// REAL.
    Real(f64),
    /// TEXT; invalid UTF-8 is replaced.
    Text(String),
    /// BLOB.
    Bytes(Vec<u8>),
}

impl File {
    /// Opens `path` read-only.
    ///
    /// # Errors
    /// The file is absent or is not a database.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
        Ok(Self(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?))
    }

    /// The rows of `sql`, each with its column names. The text must be made of quoted identifiers of the file's own
    /// catalog and literals of the program.
    pub fn rows(&self, sql: String) -> BoxStream<'_, Result<Vec<(String, Cell)>>> {
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch(&self.0);
        rows.map(|row| row.map_err(super::Error::from).and_then(|row| cells(&row))).boxed()
    }
}

/// `name` as a quoted SQL identifier.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn cells(row: &SqliteRow) -> Result<Vec<(String, Cell)>> {
    let cell = |n: usize| -> std::result::Result<Cell, sqlx::Error> {
        let raw = row.try_get_raw(n)?;
        if raw.is_null() {
            return Ok(Cell::Null);
        }
        // The value's own storage class decides, not the column's declared type.
        Ok(match raw.type_info().name() {
            "INTEGER" | "BOOLEAN" => Cell::Int(row.try_get_unchecked(n)?),
            "REAL" => Cell::Real(row.try_get_unchecked(n)?),
            "BLOB" => Cell::Bytes(row.try_get_unchecked(n)?),
            _ => Cell::Text(String::from_utf8_lossy(&row.try_get_unchecked::<Vec<u8>, _>(n)?).into_owned()),
        })
    };
    let named = row.columns().iter().enumerate().map(|(n, column)| Ok((column.name().to_owned(), cell(n)?)));
    Ok(named.collect::<std::result::Result<_, sqlx::Error>>()?)
}
