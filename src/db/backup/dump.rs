//! Reads a dump of PostgreSQL to its end, as `pg_restore` unpacks it, so that what is cut short or damaged shows.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader};

use super::Contents;
use super::client;
use super::contents::{LOG, MIGRATIONS};

/// What the dump holds of the tables of `schema`.
///
/// # Errors
/// It is damaged, or there is no `pg_restore`.
pub(super) async fn read(file: &Path, schema: &str) -> anyhow::Result<Contents> {
    let path = std::path::absolute(file)?;
    let mut child = client::start("pg_restore", |command| {
        command.arg("--file=-").arg(&path).stdout(Stdio::piped());
    })?;
    let unpacked = child.stdout.take().context("pg_restore says nothing")?;
    let mut stderr = child.stderr.take().context("pg_restore says nothing")?;
    let mut complaint = Vec::new();
    // Both at once: it would wait for whoever reads neither.
    let (contents, told) = tokio::join!(
        count(BufReader::with_capacity(1 << 18, unpacked), schema),
        stderr.read_to_end(&mut complaint)
    );
    let contents = contents.context("reading a dump")?;
    told.context("running pg_restore")?;
    let ended = child.wait().await.context("running pg_restore")?;
    anyhow::ensure!(
        ended.success(),
        "{} is damaged or cut short ({}). Take another backup, or copy it here again",
        file.display(),
        client::complaint("pg_restore", &complaint)
    );
    Ok(contents)
}

/// Counts the rows between `COPY schema.table (…) FROM stdin;` and `\.`.
async fn count(mut script: impl AsyncBufRead + Unpin, schema: &str) -> std::io::Result<Contents> {
    let mut found = Contents::default();
    let mut line = Vec::new();
    let mut within: Option<Rows> = None;
    loop {
        line.clear();
        if script.read_until(b'\n', &mut line).await? == 0 {
            return Ok(found);
        }
        match &mut within {
            None => within = Rows::begin(&line, schema),
            Some(rows) if line == b"\\.\n" => {
                rows.end(&mut found);
                within = None;
            }
            Some(rows) => rows.add(&line),
        }
    }
}

/// The rows of one table.
#[derive(Debug)]
struct Rows {
    /// None for a table of another schema.
    table: Option<String>,
    /// Which column is a number whose greatest is asked for.
    numbered: Option<usize>,
    n_rows: i64,
    last: Option<i64>,
}

impl Rows {
    fn begin(line: &[u8], schema: &str) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?.trim_end();
        let (name, columns) = line.strip_prefix("COPY ")?.strip_suffix(") FROM stdin;")?.split_once(" (")?;
        let (of, table) = name.split_once('.').unwrap_or((schema, name));
        let table = (unquoted(of) == schema).then(|| unquoted(table));
        let column = match table.as_deref() {
            Some(MIGRATIONS) => Some("version"),
            Some(it) if it == LOG.0 => Some(LOG.1),
            _ => None,
        };
        let numbered = column.and_then(|it| columns.split(", ").position(|name| unquoted(name) == it));
        Some(Self { table, numbered, n_rows: 0, last: None })
    }

    fn add(&mut self, line: &[u8]) {
        self.n_rows += 1;
        let field = self.numbered.and_then(|n| line.split(|it| *it == b'\t').nth(n));
        let number = field.and_then(|it| std::str::from_utf8(it).ok()?.trim().parse().ok());
        self.last = self.last.max(number);
    }

    fn end(&mut self, found: &mut Contents) {
        let Some(table) = self.table.take() else { return };
        if table == MIGRATIONS {
            found.version = self.last.unwrap_or_default();
        } else if table == LOG.0 {
            found.last_entry = self.last;
        }
        found.tables.insert(table, self.n_rows);
    }
}

fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.map_or_else(|| name.to_owned(), |it| it.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::count;

    #[tokio::test]
    async fn rows_are_counted_by_table_and_the_last_numbers_found() {
        let script = "COPY x;\nSET a = 'COPY';\n\
            COPY public._sqlx_migrations (version, description) FROM stdin;\n2\tb\n11\ta\n\\.\n\n\
            COPY public.audit_entry (at, n) FROM stdin;\nday\t17\nday\t9\n\\.\n\
            COPY public.\"group\" (id, \"order\") FROM stdin;\n\\.\n\
            COPY other.site (id) FROM stdin;\n1\n\\.\n\
            COPY public.site (id) FROM stdin;\n\\\\.\nCOPY public.link (id) FROM stdin;\n\\.\n";

        let found = count(script.as_bytes(), "public").await.unwrap();

        let tables: Vec<(&str, i64)> = found.tables.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        assert_eq!(tables, [("_sqlx_migrations", 2), ("audit_entry", 2), ("group", 0), ("site", 2)]);
        assert_eq!((found.version, found.last_entry), (11, Some(17)));
    }
}
