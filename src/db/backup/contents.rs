//! What a database or a backup holds, as far as one tells by it whether a copy is whole.

use std::collections::BTreeMap;
use std::path::Path;

use crate::db::file::identifier;
use crate::db::query::query_of;
use crate::db::{Engine, Result, Target, newest_version, query};

/// The table in which the driver keeps which migrations were applied.
pub(super) const MIGRATIONS: &str = "_sqlx_migrations";
/// The log of acts, and the column of its entries' numbers.
pub(super) const LOG: (&str, &str) = ("audit_entry", "n");
/// A table that every version of FOCA has.
const OURS: &str = "site";
/// Records never change their past: of these no row is ever deleted.
const GROWING: &[&str] = &[
    "site",
    "license",
    "inspection",
    "violation",
    "complaint",
    "incident",
    "import_batch",
    "account",
    LOG.0,
];
/// What nobody may lose: a table and how a person calls its rows.
const HELD: &[(&str, &str)] =
    &[("site", "sites"), ("import_batch", "import batches"), ("account", "accounts")];

/// The tables with their rows, and where the numbered ones end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Each table with the number of its rows.
    pub tables: BTreeMap<String, i64>,
    /// The newest migration; 0 when there is none.
    pub version: i64,
    /// The number of the last entry in the log of acts, in a database that has one.
    pub last_entry: Option<i64>,
}

impl Contents {
    /// Counts everything, as one transaction sees it if `on` is one.
    pub(super) async fn read(mut on: Target<'_>) -> Result<Self> {
        let tables = match on {
            Target::SqlitePool(_) | Target::SqliteTx(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            }
            Target::PgPool(_) | Target::PgTx(_) => {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        let mut found = Self::default();
        for (name,) in query(tables).fetch_all::<(String,)>(on.again()).await? {
            let count = format!("SELECT count(*) FROM {}", identifier(&name));
            let n_rows = query_of(count).fetch_scalar(on.again()).await?;
            found.tables.insert(name, n_rows);
        }
        if found.tables.contains_key(MIGRATIONS) {
            let newest = query("SELECT coalesce(max(version), 0) FROM _sqlx_migrations");
            found.version = newest.fetch_scalar(on.again()).await?;
        }
        if found.tables.contains_key(LOG.0) {
            found.last_entry = query("SELECT max(n) FROM audit_entry").fetch_scalar(on).await?;
        }
        Ok(found)
    }

    /// The rows of all tables.
    pub fn n_rows(&self) -> i64 {
        self.tables.values().sum()
    }

    /// Refuses what is not FOCA's.
    pub(super) fn expect_ours(&self, what: &str) -> anyhow::Result<()> {
        let ours = self.tables.contains_key(MIGRATIONS) && self.tables.contains_key(OURS);
        anyhow::ensure!(ours, "{what} holds a database, but not one of FOCA");
        Ok(())
    }

    /// Refuses a backup that this program cannot read.
    pub(super) fn expect_readable(&self, file: &Path, engine: Engine) -> anyhow::Result<()> {
        self.expect_ours(&file.display().to_string())?;
        let known = newest_version(engine);
        anyhow::ensure!(
            self.version <= known,
            "{} was made by a newer FOCA: its tables are of version {}, and this program knows them up to version \
             {known}; restore it with that FOCA or a later one",
            file.display(),
            self.version
        );
        Ok(())
    }

    /// Refuses to lose what a database holds.
    pub(super) fn expect_nothing(&self, place: &str) -> anyhow::Result<()> {
        let n_of = |table: &str| self.tables.get(table).copied().unwrap_or(0);
        let held: Vec<String> = HELD
            .iter()
            .filter(|(table, _)| n_of(table) > 0)
            .map(|(table, name)| format!("{name}: {}", n_of(table)))
            .collect();
        anyhow::ensure!(
            held.is_empty(),
            "{place} stays as it is: it holds something ({}). Name another database, or give --replace",
            held.join(", ")
        );
        anyhow::ensure!(
            self.tables.is_empty() || self.tables.contains_key(MIGRATIONS),
            "{place} stays as it is: it holds tables of something else. Name another database"
        );
        Ok(())
    }

    /// Refuses a copy that was made between two looks at its source and does not fit them.
    pub(super) fn expect_between(&self, before: &Self, after: &Self) -> anyhow::Result<()> {
        let same_tables = |other: &Self| self.tables.keys().eq(other.tables.keys());
        anyhow::ensure!(
            same_tables(before) && same_tables(after) && self.version == before.version,
            "the copy does not have the tables of the database: save it again"
        );
        for table in GROWING {
            let n_of = |it: &Self| it.tables.get(*table).copied().unwrap_or(0);
            let n_rows = n_of(self);
            anyhow::ensure!(
                (n_of(before)..=n_of(after)).contains(&n_rows),
                "the copy has {n_rows} rows of {table}, the database {}: save it again",
                n_of(after)
            );
        }
        anyhow::ensure!(
            (before.last_entry..=after.last_entry).contains(&self.last_entry),
            "the copy's log does not end where the database's does: save it again"
        );
        Ok(())
    }

    /// The tables that `other` lacks or has with other rows.
    pub(super) fn missing_in(&self, other: &Self) -> Vec<&str> {
        let differs = |name: &str| other.tables.get(name) != self.tables.get(name);
        self.tables.keys().map(String::as_str).filter(|it| differs(it)).collect()
    }
}
