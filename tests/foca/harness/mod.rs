//! One function starts everything: an app on a database of its own, at a fixed time, spoken to as a browser would.

use axum::Router;
use chrono::{DateTime, Utc};
use clap::Parser;
use foca::app::App;
use foca::clock::Clock;
use foca::config;
use foca::db::{Db, Engine, query};

mod builders;
mod client;
mod database;
mod deliveries;
pub(crate) mod people;
mod words;

#[allow(unused_imports, reason = "tests name it as they come")]
pub(crate) use client::Reply;
pub(crate) use database::Database;
pub(crate) use deliveries::{VISITS, VISITS_HEADER, deliver, deliver_file, job};
#[allow(unused_imports, reason = "tests name them as they come")]
pub(crate) use words::{naughty_strings, shared};

/// The time in every test.
pub(crate) const NOW: &str = "2026-11-23T18:00:00Z";

/// An app, its router and its database, all its own.
#[derive(Debug)]
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) db: Db,
    router: Router,
    url: String,
    /// The cookie that the browser sends.
    cookie: Option<String>,
}

#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    shared: config::Shared,
}

/// Makes of `name, async |app| { … }` two tests: `name::sqlite` and `name::postgres`.
macro_rules! both_engines {
    ($($name:ident, $test:expr)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing of its file")]
            use super::*;

            #[test]
            fn sqlite() {
                $crate::harness::run(foca::db::Engine::Sqlite, $test);
            }

            #[test]
            fn postgres() {
                $crate::harness::run(foca::db::Engine::Postgres, $test);
            }
        }
    )*};
}
pub(crate) use both_engines;

/// Runs `test` with a fresh app on `engine`; without a PostgreSQL its half is skipped.
pub(crate) fn run<F>(engine: Engine, test: F)
where
    F: AsyncFnOnce(&TestApp),
{
    block_on(async {
        let Some(database) = Database::fresh(engine).await else { return };
        let app = TestApp::open(&database.url).await;
        test(&app).await;
        app.db.close().await;
        database.remove().await;
    });
}

/// Runs `work` to its end.
pub(crate) fn block_on(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(work);
}

impl TestApp {
    /// Opens the app as the program does, on the database at `url`.
    pub(crate) async fn open(url: &str) -> Self {
        let flags = Flags::parse_from(["foca", "--database", url, "--data", people::house()]);
        let app = App::open(&flags.shared, clock()).await.unwrap();
        app.snapshots.refresh(&app.db).await.unwrap();
        let cookie = people::session_of(&app, people::TESTER).await;
        let router = foca::routes::router(app.clone());
        Self { db: app.db.clone(), router, app, url: url.to_owned(), cookie: Some(cookie) }
    }
}

impl TestApp {
    /// The program itself, on this database.
    pub(crate) fn program(&self) -> std::process::Command {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_foca"));
        program.args(["--database", &self.url]);
        program
    }

    /// Scores and ranks every site, as `foca assess` does.
    pub(crate) async fn assess(&self) {
        let app = &self.app;
        foca::standing::assess::assess(&app.db, app.clock, &app.cards, None).await.unwrap();
        self.take_up().await;
    }

    /// The same app, which takes uploads of at most so many MiB.
    pub(crate) fn with_uploads_of(&self, mib: usize) -> Self {
        let serve = config::Serve { upload_mib: mib, ..(*self.app.serve).clone() };
        let app = App { serve: std::sync::Arc::new(serve), ..self.app.clone() };
        Self { app, ..self.twin() }.changed(|_| {})
    }

    /// The same app, spoken to by another browser with this cookie.
    fn twin(&self) -> Self {
        let (db, url, cookie) = (self.db.clone(), self.url.clone(), self.cookie.clone());
        Self { db, router: self.router.clone(), app: self.app.clone(), url, cookie }
    }

    /// The same app, spoken to by the person of a role, who answers for the whole state.
    pub(crate) async fn signed_in_as(&self, role: &str) -> Self {
        self.signed_in_within(role, "state").await
    }

    /// The same for a part of the state, such as `county:Hennepin`.
    pub(crate) async fn signed_in_within(&self, role: &str, area: &str) -> Self {
        let cookie = people::session_within(&self.app, role, area).await;
        Self { cookie: Some(cookie), ..self.twin() }
    }

    /// The same app, spoken to by a browser that nobody has signed in on.
    pub(crate) fn signed_out(&self) -> Self {
        Self { cookie: None, ..self.twin() }
    }

    /// Takes up what was written past the pages, as the server does each second.
    pub(crate) async fn take_up(&self) {
        self.app.snapshots.refresh(&self.db).await.unwrap();
    }

    /// The same app with something set otherwise.
    pub(crate) fn changed(mut self, change: impl FnOnce(&mut App)) -> Self {
        change(&mut self.app);
        self.router = foca::routes::router(self.app.clone());
        self
    }

    /// Where its database is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The same app over the same database after a restart, now with invented data.
    pub(crate) async fn as_demonstration(&self) -> Self {
        let mut tx = self.db.begin().await.unwrap();
        query("INSERT INTO meta (name, value) VALUES ('data_status', 'demonstration')")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Self::open(&self.url).await
    }
}

/// The clock of every test.
pub(crate) fn clock() -> Clock {
    Clock::Fixed(now())
}

/// The instant of every test.
pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}
