//! A statement and its values, written once and run on either engine.

use futures_util::stream::{BoxStream, StreamExt, once};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Error, Result, Row, Target, Value, value};

/// A struct that both engines can fill from a row; derive it with `sqlx::FromRow`.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// A statement and its bound values.
///
/// The text is always the program's own (`&'static str`); whatever a person typed is bound.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is executed, fetched or streamed"]
pub struct Query {
    sql: String,
    values: Vec<Value>,
}

/// Starts a statement; its placeholders are `$1`, `$2`, … for the values bound in that order.
pub fn query(sql: &'static str) -> Query {
    Query { sql: sql.to_owned(), values: Vec::new() }
}

/// The same of a text that was put together from quoted identifiers.
pub(super) fn query_of(sql: String) -> Query {
    Query { sql, values: Vec::new() }
}

impl Query {
    /// Binds the next value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends `AND fragment` when there is a value; the fragment's `?` stands for it, wherever it occurs.
    pub fn and<V: Into<Value>>(mut self, fragment: &'static str, value: Option<V>) -> Self {
        if let Some(value) = value {
            self.values.push(value.into());
            self.sql.push_str(" AND ");
            self.sql.push_str(&fragment.replace('?', &format!("${}", self.values.len())));
        }
        self
    }

    /// Appends `AND fragment`, whose `?` stand for `values` one after another.
    pub fn and_all(mut self, fragment: &'static str, values: impl IntoIterator<Item = Value>) -> Self {
        self.sql.push_str(" AND ");
        let mut values = values.into_iter();
        for (n, part) in fragment.split('?').enumerate() {
            if n > 0 {
                self.values.push(values.next().expect("as many values as question marks"));
                self.sql.push_str(&format!("${}", self.values.len()));
            }
            self.sql.push_str(part);
        }
        self
    }

    /// Appends `AND column IN (…)` for a list of texts; an empty list adds nothing.
    pub fn and_in(self, column_in: &'static str, texts: &[impl AsRef<str>]) -> Self {
        let list: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let list = (!list.is_empty()).then(|| serde_json::Value::from(list).to_string());
        self.and(column_in, list)
    }

    /// Appends `($n, $n, …)`, a list for `IN`; an empty list is `(NULL)`, which nothing equals.
    pub fn list(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        let mut names = Vec::new();
        for value in values {
            self.values.push(value);
            names.push(format!("${}", self.values.len()));
        }
        let names = if names.is_empty() { "NULL".to_owned() } else { names.join(",") };
        self.sql.push_str(&format!(" ({names})"));
        self
    }

    /// Appends a placeholder and binds its value.
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.sql.push_str(&format!(" ${}", self.values.len()));
        self
    }

    /// Appends a further piece of the statement.
    pub fn then(mut self, sql: &'static str) -> Self {
        self.sql.push(' ');
        self.sql.push_str(sql);
        self
    }

    /// Runs a statement that returns no rows, and says how many it changed.
    pub async fn execute(self, on: impl Into<Target<'_>>) -> Result<u64> {
        let on = on.into();
        let (sql, values) = self.text_for(&on);
        Ok(match on {
            Target::SqlitePool(on) => {
                sqlx::query_with(sql, value::sqlite(values)?).execute(on).await?.rows_affected()
            }
            Target::SqliteTx(on) => {
                sqlx::query_with(sql, value::sqlite(values)?).execute(on).await?.rows_affected()
            }
            Target::PgPool(on) => {
                sqlx::query_with(sql, value::postgres(values)?).execute(on).await?.rows_affected()
            }
            Target::PgTx(on) => {
                sqlx::query_with(sql, value::postgres(values)?).execute(on).await?.rows_affected()
            }
        })
    }

    /// All rows.
    pub async fn fetch_all<T: Record>(self, on: impl Into<Target<'_>>) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        let mut stream = self.stream(on);
        while let Some(row) = stream.next().await {
            rows.push(row?);
        }
        Ok(rows)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Record>(self, on: impl Into<Target<'_>>) -> Result<Option<T>> {
        self.stream(on).next().await.transpose()
    }

    /// The first row.
    ///
    /// # Errors
    /// Also when there is none.
    pub async fn fetch_one<T: Record>(self, on: impl Into<Target<'_>>) -> Result<T> {
        self.fetch_optional(on).await?.ok_or(Error::Driver(sqlx::Error::RowNotFound))
    }

    /// The first column of the first row, such as a count.
    pub async fn fetch_scalar<S>(self, on: impl Into<Target<'_>>) -> Result<S>
    where
        (S,): Record,
    {
        Ok(self.fetch_one::<(S,)>(on).await?.0)
    }

    /// Rows one at a time, in flat memory; an error, of encoding too, is an item of the stream.
    pub fn stream<'c, T: Record>(self, on: impl Into<Target<'c>>) -> BoxStream<'c, Result<T>> {
        let filled = |row: Result<Row>| {
            Ok(match row? {
                Row::Sqlite(row) => T::from_row(&row)?,
                Row::Postgres(row) => T::from_row(&row)?,
            })
        };
        self.rows(on).map(filled).boxed()
    }

    /// The same, each as the driver gave it.
    pub fn rows<'c>(self, on: impl Into<Target<'c>>) -> BoxStream<'c, Result<Row>> {
        let on = on.into();
        let (sql, values) = self.text_for(&on);
        macro_rules! rows {
            ($engine:ident, $args:expr, $on:expr) => {
                match $args {
                    Ok(args) => {
                        sqlx::query_with(sql, args).fetch($on).map(|row| Ok(Row::$engine(row?))).boxed()
                    }
                    Err(error) => once(async { Err(error) }).boxed(),
                }
            };
        }
        match on {
            Target::SqlitePool(on) => rows!(Sqlite, value::sqlite(values), on),
            Target::SqliteTx(on) => rows!(Sqlite, value::sqlite(values), on),
            Target::PgPool(on) => rows!(Postgres, value::postgres(values), on),
            Target::PgTx(on) => rows!(Postgres, value::postgres(values), on),
        }
    }

    /// How SQLite would go about it: one line for each step, such as `SEARCH r USING INDEX …`.
    #[cfg(test)]
    pub async fn plan(mut self, on: &super::Db) -> Result<Vec<String>> {
        #[derive(sqlx::FromRow)]
        struct Step {
            detail: String,
        }
        self.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
        Ok(self.fetch_all::<Step>(on).await?.into_iter().map(|it| it.detail).collect())
    }

    fn text_for(self, on: &Target<'_>) -> (AssertSqlSafe<String>, Vec<Value>) {
        let sql = match on {
            Target::SqlitePool(_) | Target::SqliteTx(_) => sqlite_text(&self.sql),
            Target::PgPool(_) | Target::PgTx(_) => self.sql,
        };
        (AssertSqlSafe(sql), self.values)
    }
}

/// `sql` with SQLite's placeholders: bare `?` where each value is used once, in order. SQLite keeps a name for each
/// `?7` (and `$7`) and compares it with all before it, so that a list of thousands would take longer than its rows.
fn sqlite_text(sql: &str) -> String {
    let numbers = || {
        sql.split('$').skip(1).map(|it| it.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default())
    };
    let in_order = numbers().enumerate().all(|(n, it)| it.parse() == Ok(n + 1));
    if !in_order {
        return sql.replace('$', "?");
    }
    let mut text = String::with_capacity(sql.len());
    for (n, part) in sql.split('$').enumerate() {
        if n > 0 {
            text.push('?');
        }
        text.push_str(if n > 0 { part.trim_start_matches(|it: char| it.is_ascii_digit()) } else { part });
    }
    text
}

/// What a text in lower case is compared with to find `text` within it: the wildcards of LIKE are taken literally where the
/// statement says `ESCAPE '\\'`.
pub fn like(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::sqlite_text;

    #[test]
    fn placeholders_in_order_lose_their_numbers_and_others_keep_them() {
        assert_eq!(sqlite_text("a = $1 AND b IN ($2,$3) LIMIT $4"), "a = ? AND b IN (?,?) LIMIT ?");
        assert_eq!(sqlite_text("a = $1 OR b = $1"), "a = ?1 OR b = ?1");
        assert_eq!(sqlite_text("a = $2 OR b = $1"), "a = ?2 OR b = ?1");
        assert_eq!(sqlite_text("no value"), "no value");
    }
}
