//! A database for each test: a SQLite file, or a copy of one migrated PostgreSQL database.

use std::sync::atomic::{AtomicUsize, Ordering};

use foca::db::Engine;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::TestApp;

/// The URL of a PostgreSQL server on which databases may be made and dropped.
const VARIABLE: &str = "FOCA_TEST_POSTGRES";

static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A database of one test's own.
#[derive(Debug)]
pub(crate) struct Database {
    /// Where FOCA finds it.
    pub(crate) url: String,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Folder(TempDir),
    Server { url: String, name: String },
}

impl Database {
    /// A new one with FOCA's tables; none, with one clear line, when there is no PostgreSQL and `CI` is not set.
    pub(crate) async fn fresh(engine: Engine) -> Option<Self> {
        Self::make(engine, true).await
    }

    /// A new one without a table.
    pub(crate) async fn empty(engine: Engine) -> Option<Self> {
        Self::make(engine, false).await
    }

    async fn make(engine: Engine, tables: bool) -> Option<Self> {
        if engine == Engine::Sqlite {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("foca.db");
            if tables {
                std::fs::write(&file, template_file().await).unwrap();
            }
            let url = file.to_str().unwrap().to_owned();
            return Some(Self { url, kept: Kept::Folder(folder) });
        }
        let Some(server) = variable(VARIABLE) else {
            assert!(!in_ci(), "{VARIABLE} names no PostgreSQL, and CI is set");
            println!("skipped: {VARIABLE} names no PostgreSQL");
            return None;
        };
        let name = format!("foca_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let template = if tables { template(&server).await } else { "template1" };
        run(&server, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Some(Self { url: with_name(&server, &name), kept: Kept::Server { url: server, name } })
    }

    /// Removes it. A test that failed leaves its own behind, on a server that is thrown away.
    pub(crate) async fn remove(self) {
        match self.kept {
            Kept::Folder(folder) => folder.close().unwrap(),
            Kept::Server { url, name } => run(&url, format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

/// Whether this is continuous integration, where nothing may be skipped.
pub(crate) fn in_ci() -> bool {
    variable("CI").is_some()
}

#[expect(clippy::disallowed_methods, reason = "settings of the tests are not settings of FOCA")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}

/// The database with FOCA's tables, made once for each run of the tests: copying it takes a fraction of migrating.
async fn template(server: &str) -> &'static str {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let name = format!("foca_template_{}", std::process::id());
        run(server, format!("DROP DATABASE IF EXISTS {name}")).await;
        run(server, format!("CREATE DATABASE {name}")).await;
        // Nobody may be connected to a template while it is copied.
        TestApp::open(&with_name(server, &name)).await.db.close().await;
        name
    });
    made.await
}

/// The bytes of a file with FOCA's tables, made once likewise.
async fn template_file() -> &'static [u8] {
    static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("foca.db");
        TestApp::open(file.to_str().unwrap()).await.db.close().await;
        std::fs::read(file).unwrap()
    });
    made.await
}

async fn run(server: &str, sql: String) {
    let options: PgConnectOptions = server.parse().unwrap();
    let mut connection: PgConnection = options.connect().await.unwrap();
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// `server` with `name` for its database: the path between the host and the question mark.
fn with_name(server: &str, name: &str) -> String {
    let (address, options) =
        server.split_once('?').map_or((server, String::new()), |(a, b)| (a, format!("?{b}")));
    let from = address.find("://").map_or(0, |it| it + 3);
    let end = address[from..].find('/').map_or(address.len(), |it| from + it);
    format!("{}/{name}{options}", &address[..end])
}
