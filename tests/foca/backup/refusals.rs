//! Files that are no backup, and databases that a restore must not touch.

use std::fs;
use std::path::{Path, PathBuf};

use foca::db::{Engine, query};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::{another, backup, done, fill, foca, n_sites, names, refused, restore, saved};
use crate::harness::{block_on, both_engines, run};

both_engines! {
    a_file_that_is_no_backup_is_refused_and_nothing_is_made, async |app| {
        let (folder, file) = saved(app).await;
        let whole = fs::read(&file).unwrap();
        let target = another(app).await;
        let mut flipped = whole.clone();
        for byte in &mut flipped[whole.len() / 2..whole.len() * 3 / 4] {
            *byte = !*byte;
        }
        let files: [(&str, &[u8], &str); 5] = [
            ("empty", b"", "is empty"),
            ("text", b"name,street\nJoe's,1 Oak St\n", "is no backup"),
            ("short", &whole[..whole.len() / 3], "cut short"),
            ("head", &whole[..60], "cut short"),
            ("flipped", &flipped, "is damaged"),
        ];
        for (name, bytes, reason) in files {
            let bad = folder.path().join(name);
            fs::write(&bad, bytes).unwrap();

            let why = refused(&restore(&target.url, &bad, &[]));

            assert!(why.contains(reason) && why.contains(name), "{name}: {why}");
            assert!(!why.contains('\n') || why.trim_end().lines().count() == 1, "{why}");
        }
        if app.db.engine() == Engine::Sqlite {
            assert_eq!(names(Path::new(&target.url).parent().unwrap()), [""; 0]);
        }
        target.remove().await;
    }

    a_backup_of_a_newer_foca_is_refused, async |app| {
        fill(app).await;
        let mut tx = app.db.begin().await.unwrap();
        query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
               VALUES (9000, 'of the future', true, $1, 0)").bind(vec![1_u8]).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        done(&backup(app.url(), &file));
        let target = another(app).await;

        let why = refused(&restore(&target.url, &file, &[]));

        assert!(why.contains("newer FOCA") && why.contains("9000"), "{why}");
        target.remove().await;
    }

    a_backup_of_the_other_engine_is_refused_by_name, async |app| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup");
        let (start, other): (&[u8], _) = match app.db.engine() {
            Engine::Sqlite => (b"PGDMP\x01\x0e\0", "PostgreSQL"),
            Engine::Postgres => (b"SQLite format 3\0\x10\0", "SQLite"),
        };
        fs::write(&file, start).unwrap();

        let why = refused(&restore(app.url(), &file, &["--replace"]));

        assert!(why.contains(&format!("is a backup of {other}")) && why.contains("--database"), "{why}");
    }
}

/// A path that nothing lies at, in a folder of its own.
fn nowhere() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foca.db");
    (folder, path)
}

#[test]
fn a_backup_makes_no_database() {
    let (folder, path) = nowhere();

    let why = refused(&backup(path.to_str().unwrap(), &folder.path().join("backup")));

    assert!(why.contains("there is no database"), "{why}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_database_is_not_saved_over_itself() {
    run(Engine::Sqlite, async |app| {
        let mut program = foca(app.url());

        let why = refused(&program.args(["backup", "--replace", app.url()]).output().unwrap());

        assert!(why.contains("the database itself"), "{why}");
    });
}

#[test]
fn a_database_of_something_else_is_neither_saved_nor_restored() {
    block_on(async {
        let (folder, path) = nowhere();
        let other = folder.path().join("other.db");
        let options = SqliteConnectOptions::new().filename(&other).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        sqlx::query("CREATE TABLE gpkg_contents (table_name TEXT)").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();

        let saving = refused(&backup(other.to_str().unwrap(), &folder.path().join("backup")));
        let restoring = refused(&restore(path.to_str().unwrap(), &other, &[]));

        assert!(
            saving.contains("not one of FOCA") && restoring.contains("not one of FOCA"),
            "{saving} {restoring}"
        );
        assert_eq!(names(folder.path()), ["other.db"]);
    });
}

#[test]
fn a_damaged_database_makes_room_and_is_kept() {
    run(Engine::Sqlite, async |app| {
        let (_backup, file) = saved(app).await;
        let (folder, path) = nowhere();
        fs::write(&path, "what a broken disk left").unwrap();
        fs::write(folder.path().join("foca.db-shm"), "of a killed program").unwrap();
        let url = path.to_str().unwrap();

        let why = refused(&restore(url, &file, &[]));
        done(&restore(url, &file, &["--replace"]));

        assert!(why.contains("cannot be read") && why.contains("--replace"), "{why}");
        assert_eq!(n_sites(url).await, 3);
        let names = names(folder.path());
        let kept = names.iter().find(|it| it.contains(".before-restore-")).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(kept)).unwrap(), "what a broken disk left");
        let others = names.iter().filter(|it| *it != kept && *it != "foca.db" && *it != "foca.db-waiting");
        assert_eq!(others.count(), 0, "{names:?}");
    });
}

#[test]
fn a_file_that_another_program_has_open_stays() {
    run(Engine::Sqlite, async |app| {
        let (_folder, file) = saved(app).await;
        app.site("Opened since").create().await;

        let why = refused(&restore(app.url(), &file, &["--replace"]));

        assert!(why.contains("another program has it open"), "{why}");
        assert_eq!(n_sites(app.url()).await, 4);
        assert!(
            names(Path::new(app.url()).parent().unwrap()).iter().all(|it| !it.contains("before-restore"))
        );
    });
}

#[test]
fn a_copy_of_a_file_in_use_is_no_backup() {
    run(Engine::Sqlite, async |app| {
        let (folder, path) = nowhere();
        fill(app).await;
        let copy = folder.path().join("copy");
        fs::copy(app.url(), &copy).unwrap();
        fs::copy(format!("{}-wal", app.url()), folder.path().join("copy-wal")).unwrap();

        let why = refused(&restore(path.to_str().unwrap(), &copy, &[]));

        assert!(why.contains("a database in use and no backup") && !path.exists(), "{why}");
    });
}

#[test]
fn a_server_with_tables_that_a_backup_lacks_stays() {
    run(Engine::Postgres, async |app| {
        let (_folder, file) = saved(app).await;
        let mut tx = app.db.begin().await.unwrap();
        query("CREATE TABLE of_a_later_version (site_id UUID)").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        app.db.close().await;

        let why = refused(&restore(app.url(), &file, &["--replace"]));

        assert!(why.contains("of_a_later_version") && why.contains("new database"), "{why}");
        assert_eq!(n_sites(app.url()).await, 3);
    });
}
