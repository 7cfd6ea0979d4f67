//! Imports that a real `kill -9` ends in the middle: what was stored stays, the batch is known to have ended, and the
//! same file once more comes to what one run would have come to.

use std::fmt::Write;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use foca::db::{Engine, query};
use foca::imports::engine;
use foca::imports::{self, Batch, BatchState};
use foca::knowledge::Document;
use foca::rights::Viewer;

use crate::harness::{TestApp, VISITS, VISITS_HEADER, both_engines, clock, job, run};

/// Of each 1,000 rows 10 say what the row before said, and 1 has a day that cannot be.
fn file(n_rows: u32) -> String {
    let mut text = VISITS_HEADER.to_owned();
    for n in 0..n_rows {
        let id = if n % 100 == 1 { n - 1 } else { n };
        let day = if n % 1_000 == 500 { 31 } else { id % 28 + 1 };
        let shop = id % 90;
        writeln!(text, "{id},Shop {shop},{} Oak St,2024-02-{day:02},ok,,", shop + 1).unwrap();
    }
    text
}

fn import(app: &TestApp, folder: &Path) -> Child {
    let mut program = app.program();
    program.arg("import").arg("--profile").arg(folder.join("visits.toml")).arg(folder.join("visits.csv"));
    program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn newest(app: &TestApp) -> Option<Batch> {
    imports::store::list(&app.db, &Viewer::operator(), (0, 1)).await.unwrap().into_iter().next()
}

/// Kills the import as soon as a batch of it has stored so many rows. It stores them because this program, too, wants
/// to write: alone it would store all of them at once.
async fn kill_after(app: &TestApp, folder: &Path, n_rows: i64) {
    let mut child = import(app, folder);
    for _ in 0..24_000 {
        if n_rows > 0 {
            app.db.begin().await.unwrap();
        }
        if newest(app).await.is_some_and(|it| it.counts.rows >= n_rows) {
            child.kill().unwrap();
            child.wait().unwrap();
            return;
        }
        assert_eq!(child.try_wait().unwrap(), None, "the import ended before it was killed");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the import stores nothing")
}

/// Everything that is stored but ids of batches and the time of the import.
async fn stored(app: &TestApp) -> Vec<String> {
    let statements = [
        "SELECT name || ' ' || number || ' ' || version || ' ' || source_key FROM site ORDER BY 1",
        "SELECT source_key || ' ' || version || ' ' || row_hash FROM inspection ORDER BY 1",
        "SELECT s.name || ' ' || r.source_key || ' ' || l.version || ' ' || l.method FROM link l \
         JOIN inspection r ON r.id = l.record_id JOIN site s ON s.id = l.site_id ORDER BY 1",
    ];
    let mut all = Vec::new();
    for sql in statements {
        let rows: Vec<(String,)> = query(sql).fetch_all(&app.db).await.unwrap();
        all.extend(rows.into_iter().map(|it| it.0));
    }
    all
}

/// What is stored and what the numbers are when nothing kills it.
fn in_one_go(engine: Engine, folder: &Path) -> Option<(Vec<String>, imports::Counts)> {
    let mut outcome = None;
    run(engine, async |app| {
        assert!(import(app, folder).wait().unwrap().success());
        outcome = Some((stored(app).await, newest(app).await.unwrap().counts));
    });
    outcome
}

fn killed_and_run_again(engine: Engine, n_rows: u32, after: i64) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("visits.toml"), VISITS).unwrap();
    std::fs::write(folder.path().join("visits.csv"), file(n_rows)).unwrap();
    let Some((whole, expected)) = in_one_go(engine, folder.path()) else { return };

    run(engine, async |app| {
        kill_after(app, folder.path(), after).await;
        let page = app.get(&format!("/imports/{}", newest(app).await.unwrap().id)).await.text();
        let killed = newest(app).await.unwrap();
        assert!(import(app, folder.path()).wait().unwrap().success());

        let again = newest(app).await.unwrap();
        assert_eq!(killed.state, BatchState::BrokenOff);
        assert!(
            page.contains("ended before it was through") && page.contains("goes on where this one stopped"),
            "{page}"
        );
        assert_eq!(again.state, BatchState::Done);
        assert_eq!(stored(app).await, whole);
        let (one, other) = (killed.counts, again.counts);
        assert_eq!((other.rows, other.rejected), (expected.rows, expected.rejected));
        assert_eq!(one.stored + other.stored, expected.stored);
        assert_eq!((one.updated, other.updated), (0, expected.updated));
        assert_eq!(other.duplicate, expected.duplicate + one.stored);
        assert_eq!((one.linked + other.linked, one.sites + other.sites), (expected.linked, expected.sites));
    });
}

#[test]
fn an_import_that_made_way_and_is_killed_goes_on_where_it_stopped() {
    killed_and_run_again(Engine::Sqlite, 20_000, 1);
}

#[test]
fn an_import_killed_in_a_transaction_leaves_nothing_of_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        killed_and_run_again(engine, 20_000, 0);
    }
}

both_engines! { an_import_makes_way_for_who_waits, async |app| {
    let n_rows = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.csv");
    std::fs::write(&path, file(n_rows)).unwrap();
    let job = job("visits", Document::new("profiles/visits.toml", VISITS.to_owned()), path);
    let (tell, mut told) = tokio::sync::watch::channel(0);
    let operator = Viewer::operator();
    let import = engine::import(&app.db, clock(), &operator, &job, |it| { tell.send_replace(it.counts.rows); });
    let person = async {
        told.wait_for(|it| *it > 0).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        tx.one_at_a_time("import").await.unwrap();
        query("SELECT count(*) FROM inspection").fetch_scalar::<i64>(&mut tx).await.unwrap()
    };

    let (imported, stored_before) = tokio::join!(import, person);

    assert_eq!(imported.unwrap().counts.rows, i64::from(n_rows));
    assert!(stored_before > 0 && stored_before < i64::from(n_rows) / 2, "{stored_before}");
}}

both_engines! { a_batch_that_a_living_program_holds_goes_on, async |app| {
    let id = foca::records::BatchId(app.app.clock.id());
    let held = imports::store::hold(&app.db, id).await.unwrap();
    let other = imports::store::hold(&app.db, id).await.unwrap();
    assert!(held.is_some() && other.is_none());

    drop(held);

    // A server notices the end of a session when it reads from its socket next.
    for _ in 0..1_000 {
        if imports::store::hold(&app.db, id).await.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the hold outlives its holder");
}}
