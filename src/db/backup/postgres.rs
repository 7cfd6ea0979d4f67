//! Backups of PostgreSQL by its own programs, which are told the very state of the database that is counted here.

use std::path::Path;

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::{Contents, Existing, Place, client, dump};
use crate::db::{Engine, Error, Result, Target, query};

/// Dumps the database into `to`, and verifies the dump.
pub(super) async fn save(server: &PgConnectOptions, to: &Path) -> anyhow::Result<Contents> {
    let mut source = open(server).await?;
    let (snapshot, expected) = seen(&mut source).await.context("reading the database")?;
    expected.expect_ours(&place(server))?;
    let schema = schema(&mut source).await?;
    let arguments = [
        "--format=custom".to_owned(),
        "--no-password".to_owned(),
        format!("--snapshot={snapshot}"),
        format!("--file={}", to.to_str().with_context(|| format!("{}: the name is no text", to.display()))?),
    ];
    client::run("pg_dump", &arguments, server).await?;
    source.close().await.map_err(Error::from)?;
    let found = dump::read(to, &schema).await?;
    let missing = expected.missing_in(&found);
    anyhow::ensure!(missing.is_empty(), "the copy is not whole: {} differ", missing.join(", "));
    Ok(found)
}

/// Puts what `file` holds into the database, all of it or nothing.
pub(super) async fn restore(
    server: &PgConnectOptions,
    file: &Path,
    existing: Existing,
) -> anyhow::Result<Contents> {
    let place = place(server);
    let mut target = open(server).await?;
    let there = Contents::read(Target::PgTx(&mut target)).await.context("reading the database")?;
    if existing == Existing::Refuse {
        there.expect_nothing(&place)?;
    }
    let found = dump::read(file, &schema(&mut target).await?).await?;
    found.expect_readable(file, Engine::Postgres)?;
    // They would stay beside those of the backup, and what brings its tables up to date would stumble over them.
    let others: Vec<&str> =
        there.tables.keys().map(String::as_str).filter(|it| !found.tables.contains_key(*it)).collect();
    anyhow::ensure!(
        others.is_empty(),
        "{place} stays as it is: it has tables that the backup lacks ({}). Restore into a new database (createdb), and \
         let FOCA use that one",
        others.join(", ")
    );
    fill(server, file).await.with_context(|| format!("{place} stays as it is"))?;
    let read = async {
        query("ANALYZE").execute(Target::PgTx(&mut target)).await?;
        Contents::read(Target::PgTx(&mut target)).await
    };
    let now = read.await.context("reading the restored database")?;
    let missing = found.missing_in(&now);
    anyhow::ensure!(
        missing.is_empty(),
        "{place} does not hold what the backup does: {} differ",
        missing.join(", ")
    );
    Ok(found)
}

async fn fill(server: &PgConnectOptions, file: &Path) -> anyhow::Result<()> {
    let file = std::path::absolute(file)?;
    let file = file.to_str().with_context(|| format!("{}: the name is no text", file.display()))?;
    let arguments = [
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        "--no-password",
        &format!("--dbname={}", named(client::database(server))),
        file,
    ];
    client::run("pg_restore", &arguments, server).await
}

/// A name as libpq reads it: without this, one with `=` in it would be taken for settings.
fn named(database: &str) -> String {
    format!("dbname='{}'", database.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Begins to look at one state of the database: its name for others, and what it holds.
async fn seen(source: &mut PgConnection) -> Result<(String, Contents)> {
    query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(Target::PgTx(&mut *source)).await?;
    let snapshot = query("SELECT pg_export_snapshot()").fetch_scalar(Target::PgTx(&mut *source)).await?;
    Ok((snapshot, Contents::read(Target::PgTx(source)).await?))
}

async fn schema(on: &mut PgConnection) -> Result<String> {
    query("SELECT coalesce(current_schema()::text, 'public')").fetch_scalar(Target::PgTx(on)).await
}

async fn open(server: &PgConnectOptions) -> anyhow::Result<PgConnection> {
    server
        .connect()
        .await
        .map_err(Error::from)
        .with_context(|| format!("opening the database {}", place(server)))
}

fn place(server: &PgConnectOptions) -> String {
    Place::Server(Box::new(server.clone())).to_string()
}
