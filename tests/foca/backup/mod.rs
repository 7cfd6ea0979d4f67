//! Backups by the program itself: what comes back is what was saved, and nothing is lost to a file that is none, to a
//! database that holds something, or to one that somebody uses.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use foca::db::{Db, Engine, Hold, query};
use tempfile::TempDir;

use crate::harness::{Database, TestApp, VISITS, VISITS_HEADER, both_engines, deliver};

mod refusals;

fn foca(url: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_foca"));
    program.args(["--database", url]);
    program
}

fn backup(url: &str, file: &Path) -> Output {
    foca(url).arg("backup").arg(file).output().unwrap()
}

fn restore(url: &str, file: &Path, more: &[&str]) -> Output {
    foca(url).arg("restore").arg(file).args(more).output().unwrap()
}

fn said(ended: &Output) -> String {
    String::from_utf8_lossy(&[&ended.stdout[..], &ended.stderr[..]].concat()).into_owned()
}

fn done(ended: &Output) -> String {
    assert!(ended.status.success(), "{}", said(ended));
    said(ended)
}

/// What it says when it refuses.
fn refused(ended: &Output) -> String {
    assert!(!ended.status.success(), "{}", said(ended));
    assert!(ended.stdout.is_empty(), "{}", said(ended));
    said(ended)
}

/// Some sites and what was found there, imported and assessed.
async fn fill(app: &TestApp) {
    app.site("Zoë's \"Spa\"").at(-92.1, 46.8).create().await;
    let visits = "1,Joe's,1 Oak St,2024-02-03,ok,-92.2,46.7\n2,Moe's,2 Oak St,2024-02-04,bad,-92.3,46.6\n";
    deliver(app, VISITS, format!("{VISITS_HEADER}{visits}").as_bytes()).await.unwrap();
    app.assess().await;
}

/// Every export there is, byte for byte.
fn exports(url: &str) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for subject in ["sites", "licenses", "inspections", "complaints", "incidents"] {
        for format in ["geojson", "csv"] {
            let out = folder.path().join(format!("{subject}.{format}"));
            done(
                &foca(url).args(["export", subject, "--format", format, "--out"]).arg(&out).output().unwrap(),
            );
            all.push(fs::read(out).unwrap());
        }
    }
    all
}

async fn n_sites(url: &str) -> i64 {
    let db = Db::open(url).await.unwrap();
    let n = query("SELECT count(*) FROM site").fetch_scalar(&db).await.unwrap();
    db.close().await;
    n
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A filled database's backup, in a folder of its own.
async fn saved(app: &TestApp) -> (TempDir, PathBuf) {
    fill(app).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    done(&backup(app.url(), &file));
    (folder, file)
}

async fn another(app: &TestApp) -> Database {
    Database::empty(app.db.engine()).await.unwrap()
}

/// A server of its own process, which ends with the test.
struct Server(Child);

impl Server {
    fn start(url: &str) -> Self {
        let mut program = foca(url);
        let mut child = program
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on"), "{line}");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

both_engines! {
    what_was_saved_comes_back_byte_for_byte, async |app| {
        let (folder, file) = saved(app).await;
        let target = another(app).await;

        let told = done(&restore(&target.url, &file, &[]));

        assert_eq!(exports(&target.url), exports(app.url()));
        assert!(told.contains("restored") && told.contains("sha256"), "{told}");
        assert_eq!(names(folder.path()), ["backup"]);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        target.remove().await;
    }

    a_backup_says_what_it_holds, async |app| {
        fill(app).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");

        let told = done(&backup(app.url(), &file));

        let sum = Command::new("sha256sum").arg(&file).output().unwrap().stdout;
        let sum = String::from_utf8_lossy(&sum).into_owned();
        assert!(told.contains(sum.split(' ').next().unwrap()), "{told} {sum}");
        assert!(told.contains(&format!("{} bytes", fs::metadata(&file).unwrap().len())), "{told}");
        assert!(told.contains(" tables, ") && told.contains(" rows; "), "{told}");
    }

    a_backup_taken_while_rows_are_written_has_whole_transactions, async |app| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        let mut child = foca(app.url()).arg("backup").arg(&file).stdout(Stdio::null()).spawn().unwrap();

        let mut n = 0;
        let ended = loop {
            let mut tx = app.db.begin().await.unwrap();
            for part in 0..20 {
                query("INSERT INTO meta (name, value) VALUES ($1, $2)")
                    .bind(format!("n/{n}/{part}"))
                    .bind("x".repeat(1_000))
                    .execute(&mut tx)
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            n += 1;
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
        };

        assert!(ended.success() && n > 1, "{n}");
        let target = another(app).await;
        done(&restore(&target.url, &file, &[]));
        let db = Db::open(&target.url).await.unwrap();
        let n_rows: i64 =
            query("SELECT count(*) FROM meta WHERE name LIKE 'n/%'").fetch_scalar(&db).await.unwrap();
        assert!(n_rows % 20 == 0 && n_rows <= n * 20, "{n_rows} of {n} transactions");
        db.close().await;
        target.remove().await;
    }

    a_backup_overwrites_a_file_only_when_told, async |app| {
        let (folder, file) = saved(app).await;
        fs::write(&file, "precious").unwrap();

        let why = refused(&backup(app.url(), &file));
        let kept = fs::read_to_string(&file).unwrap();
        done(&foca(app.url()).args(["backup", "--replace"]).arg(&file).output().unwrap());

        assert!(why.contains("exists") && why.contains("--replace"), "{why}");
        assert_eq!(kept, "precious");
        assert!(fs::metadata(&file).unwrap().len() > 1_000);
        assert_eq!(names(folder.path()), ["backup"]);
    }

    a_database_that_holds_something_stays, async |app| {
        let (_folder, file) = saved(app).await;
        app.site("Opened since").create().await;
        let before = exports(app.url());
        app.db.close().await;

        let why = refused(&restore(app.url(), &file, &[]));

        assert!(why.contains("sites: 4") && why.contains("--replace"), "{why}");
        assert_eq!(exports(app.url()), before);
    }

    a_database_that_is_served_stays, async |app| {
        let (_folder, file) = saved(app).await;
        app.db.close().await;
        let server = Server::start(app.url());

        let why = refused(&restore(app.url(), &file, &["--replace"]));
        drop(server);
        let after = restore(app.url(), &file, &["--replace"]);

        assert!(why.contains("stays as it is") && why.contains("stop it"), "{why}");
        done(&after);
        assert_eq!(n_sites(app.url()).await, 3);
    }

    nothing_opens_a_database_while_it_is_restored, async |app| {
        app.db.close().await;
        let alone = Hold::alone(app.url()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();

        let assess = refused(&foca(app.url()).arg("assess").output().unwrap());
        let saving = refused(&backup(app.url(), &folder.path().join("backup")));
        drop(alone);

        assert!(assess.contains("being restored") && saving.contains("being restored"), "{assess} {saving}");
        assert_eq!(names(folder.path()), [""; 0]);
    }

    a_restore_that_may_replace_leaves_what_was_saved, async |app| {
        let (_folder, file) = saved(app).await;
        let before = exports(app.url());
        app.site("Opened since").create().await;
        app.db.close().await;

        let told = done(&restore(app.url(), &file, &["--replace"]));

        assert_eq!(exports(app.url()), before);
        if app.db.engine() == Engine::Sqlite {
            let path = Path::new(app.url());
            let names = names(path.parent().unwrap());
            let kept: Vec<&String> = names.iter().filter(|it| it.contains(".before-restore-")).collect();
            assert!(kept.len() == 1 && told.contains(kept[0]), "{names:?} {told}");
            assert_eq!(n_sites(path.with_file_name(kept[0]).to_str().unwrap()).await, 4);
        }
    }

}
