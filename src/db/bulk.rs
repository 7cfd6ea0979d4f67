//! Many rows at once: multi-row `VALUES` on SQLite, `COPY` on PostgreSQL.

use sqlx::AssertSqlSafe;

use super::{Error, Result, Tx, Value, value};

/// A table and the columns that a bulk insert fills, in order.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The table's name.
    pub name: &'static str,
    /// The columns' names.
    pub columns: &'static [&'static str],
}

// SQLite allows 32,766 bound values a statement; past 500 rows a statement nothing is gained.
const MOST_VALUES: usize = 32_766;
const MOST_ROWS: usize = 500;

impl Tx {
    /// Inserts all `rows`, each as long as `table.columns`, and says how many there were.
    ///
    /// # Errors
    /// A key that is already taken, a zero byte in a text; then nothing of the transaction may be kept.
    pub async fn insert(
        &mut self,
        table: &Table,
        rows: impl IntoIterator<Item = Vec<Value>, IntoIter: Send>,
    ) -> Result<usize> {
        match self {
            Self::Sqlite(_) => self.insert_values(table, rows.into_iter()).await,
            Self::Postgres(_) => self.copy(table, rows.into_iter()).await,
        }
    }

    /// While SQLite's own thread stores one statement's rows, those of the next are made and encoded.
    async fn insert_values(
        &mut self,
        table: &Table,
        mut rows: impl Iterator<Item = Vec<Value>> + Send,
    ) -> Result<usize> {
        let Self::Sqlite(tx) = self else { return Ok(0) };
        let most = MOST_ROWS.min(MOST_VALUES / table.columns.len());
        let mut n_rows = 0;
        let mut next = || {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(most).collect();
            let n_rows = chunk.len();
            (n_rows, value::sqlite(chunk.into_iter().flatten()))
        };
        let mut chunk = next();
        while chunk.0 > 0 {
            n_rows += chunk.0;
            let sql = AssertSqlSafe(insert_text(table, chunk.0));
            let store = sqlx::query_with(sql, chunk.1?).execute(&mut **tx);
            let (stored, following) = tokio::join!(store, async { next() });
            stored?;
            chunk = following;
        }
        Ok(n_rows)
    }

    async fn copy(&mut self, table: &Table, rows: impl Iterator<Item = Vec<Value>> + Send) -> Result<usize> {
        let Self::Postgres(tx) = self else { return Ok(0) };
        let mut text = Vec::with_capacity(rows.size_hint().0 * table.columns.len() * 12);
        let mut n_rows = 0;
        for row in rows {
            n_rows += 1;
            for (n, value) in row.iter().enumerate() {
                value.check()?;
                if n > 0 {
                    text.push(b'\t');
                }
                value.copy_text(&mut text);
            }
            text.push(b'\n');
        }
        if n_rows == 0 {
            return Ok(0);
        }
        let sql = format!("COPY {} ({}) FROM STDIN", table.name, table.columns.join(", "));
        let mut copy = tx.copy_in_raw(&sql).await?;
        copy.send(text).await?;
        copy.finish().await.map_err(Error::from)?;
        Ok(n_rows)
    }
}

/// Bare `?`, not `$n`: SQLite looks up each named parameter by comparing it with all before it.
///
/// `OR FAIL`: a refused row ends the whole transaction anyway, and without it SQLite first copies every page that it
/// touches, to take back the statement alone.
fn insert_text(table: &Table, n_rows: usize) -> String {
    let group = format!("({})", vec!["?"; table.columns.len()].join(","));
    format!(
        "INSERT OR FAIL INTO {} ({}) VALUES {}",
        table.name,
        table.columns.join(", "),
        vec![group; n_rows].join(",")
    )
}
