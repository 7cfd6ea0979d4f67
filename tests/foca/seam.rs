//! The seam: what is written comes back the same on both engines, and what must not happen does not.

use chrono::{DateTime, NaiveDate, Utc};
use foca::db::{Db, Error, Query, Table, Value, query};
use futures_util::StreamExt;
use uuid::Uuid;

use crate::harness::{TestApp, both_engines, naughty_strings};

const META: Table = Table { name: "meta", columns: &["name", "value"] };
const POINT: Table = Table {
    name: "address_point",
    columns: &["id", "building_id", "unit", "lon", "lat", "source", "source_key", "row_hash", "batch_id"],
};

#[derive(Debug, PartialEq, sqlx::FromRow)]
struct Everything {
    text: Option<String>,
    int: Option<i64>,
    real: Option<f64>,
    flag: Option<bool>,
    id: Option<Uuid>,
    day: Option<NaiveDate>,
    time: Option<DateTime<Utc>>,
    bytes: Option<Vec<u8>>,
}

impl Everything {
    fn bound(&self) -> Query {
        // PostgreSQL infers a placeholder's type from the cast; SQLite's casts would change the value.
        query("SELECT $1 AS text, $2 AS int, $3 AS real, $4 AS flag, $5 AS id, $6 AS day, $7 AS time, $8 AS bytes")
            .bind(self.text.clone())
            .bind(self.int)
            .bind(self.real)
            .bind(self.flag)
            .bind(self.id)
            .bind(self.day)
            .bind(self.time)
            .bind(self.bytes.clone())
    }
}

both_engines! {
    each_kind_of_value_comes_back_the_same, async |app| {
        let sent = Everything {
            text: Some("Zoë's \t\n\\N 🧖".to_owned()),
            int: Some(i64::MIN),
            real: Some(0.1 + 0.2),
            flag: Some(true),
            id: Some(Uuid::from_u128(7)),
            day: NaiveDate::from_ymd_opt(2026, 2, 28),
            time: Some("2026-11-23T18:00:00.123456Z".parse().unwrap()),
            bytes: Some(vec![0, 255, b'\\']),
        };

        let back: Everything = sent.bound().fetch_one(&app.db).await.unwrap();

        assert_eq!(back, sent);
    }

    each_kind_of_value_may_be_null, async |app| {
        let sent = Everything {
            text: None, int: None, real: None, flag: None, id: None, day: None, time: None, bytes: None,
        };

        let back: Everything = sent.bound().fetch_one(&app.db).await.unwrap();

        assert_eq!(back, sent);
    }

    a_zero_byte_is_refused_by_both_engines, async |app| {
        let asked = query("SELECT $1 AS x").bind("a\0b").fetch_scalar::<String>(&app.db).await;
        let mut tx = app.db.begin().await.unwrap();
        let stored = tx.insert(&META, vec![vec!["k".into(), "a\0b".into()]]).await;

        assert!(matches!(asked, Err(Error::ZeroByte)), "{asked:?}");
        assert!(matches!(stored, Err(Error::ZeroByte)), "{stored:?}");
    }

    naughty_strings_come_back_byte_for_byte, async |app| {
        let words = naughty_strings();
        let rows = words.iter().enumerate().map(|(n, it)| vec![Value::from(format!("{n:04}")), it.into()]);

        insert(&app.db, &META, rows.collect()).await;

        let back: Vec<(String,)> =
            query("SELECT value FROM meta WHERE name LIKE '0%' ORDER BY name").fetch_all(&app.db).await.unwrap();
        let back: Vec<String> = back.into_iter().map(|it| it.0).collect();
        assert_eq!(back, words);
    }

    a_bulk_insert_keeps_every_row_across_its_chunks, async |app| {
        // 500 rows are one statement on SQLite.
        for n_rows in [0, 1, 499, 500, 501, 1_001] {
            let rows = (0..n_rows).map(|n| point(&format!("{n_rows}/{n}"))).collect();

            insert(&app.db, &POINT, rows).await;

            let n: i64 = query("SELECT count(*) FROM address_point WHERE source_key LIKE")
                .value(format!("{n_rows}/%"))
                .fetch_scalar(&app.db)
                .await
                .unwrap();
            assert_eq!(n, n_rows);
        }
    }

    a_bulk_insert_keeps_what_would_end_a_field, async |app| {
        let words = ["\t", "\n", "\r\n", "\\", "\\N", "\\.", "", " ", "\\t", "'", "\"", "a,b"];
        let rows = words.iter().enumerate().map(|(n, it)| vec![Value::from(format!("{n:02}")), (*it).into()]);

        insert(&app.db, &META, rows.collect()).await;

        let back: Vec<(String,)> =
            query("SELECT value FROM meta WHERE name < '99' ORDER BY name").fetch_all(&app.db).await.unwrap();
        assert_eq!(back.into_iter().map(|it| it.0).collect::<Vec<_>>(), words);
    }

    conditions_bind_their_values, async |app| {
        insert(&app.db, &META, ["a", "b", "c"].map(|it| vec![it.into(), "x".into()]).into()).await;
        let names = async |query: Query| {
            let found: Vec<(String,)> = query.then("ORDER BY name").fetch_all(&app.db).await.unwrap();
            found.into_iter().map(|it| it.0).collect::<String>()
        };
        let all = || query("SELECT name FROM meta WHERE value = 'x'");

        assert_eq!(names(all().and("name > ?", None::<&str>)).await, "abc");
        assert_eq!(names(all().and("(name = ? OR ? = 'z')", Some("b"))).await, "b");
        assert_eq!(names(all().and_all("name BETWEEN ? AND ?", ["b".into(), "c".into()])).await, "bc");
        assert_eq!(names(all().and_in("name IN (SELECT value FROM json_each(?))", &["a", "c\"'"])).await, "a");
        assert_eq!(names(all().and_in("name IN (SELECT value FROM json_each(?))", &[] as &[&str])).await, "abc");
        assert_eq!(names(all().then("AND name IN").list(["c".into()])).await, "c");
        assert_eq!(names(all().then("AND name IN").list([])).await, "");
    }

    a_list_may_hold_five_thousand_values, async |app| {
        insert(&app.db, &META, vec![vec!["4999".into(), "x".into()]]).await;
        let many = (0..5_000).map(|n| Value::from(n.to_string()));

        let n: i64 = query("SELECT count(*) FROM meta WHERE name IN").list(many).fetch_scalar(&app.db).await.unwrap();

        assert_eq!(n, 1);
    }

    an_error_is_an_item_of_the_stream, async |app| {
        let unreadable = query("SELECT 'not a number' AS x").stream::<(i64,)>(&app.db).next().await.unwrap();
        let unencodable = query("SELECT $1 AS x").bind("\0").stream::<(String,)>(&app.db).next().await.unwrap();
        let wrong = query("SELECT nothing FROM nowhere").stream::<(i64,)>(&app.db).next().await.unwrap();

        assert!(unreadable.is_err());
        assert!(matches!(unencodable, Err(Error::ZeroByte)));
        assert!(wrong.is_err());
    }

    a_key_that_is_taken_is_told_apart, async |app| {
        insert(&app.db, &META, vec![vec!["k".into(), "1".into()]]).await;
        let mut tx = app.db.begin().await.unwrap();

        let again = tx.insert(&META, vec![vec!["k".into(), "2".into()]]).await.unwrap_err();
        drop(tx);
        let other = query("SELECT nothing FROM nowhere").execute(&app.db).await.unwrap_err();

        assert!(again.is_unique_violation());
        assert!(!other.is_unique_violation());
    }

    a_transaction_that_is_dropped_leaves_nothing, async |app| {
        let mut tx = app.db.begin().await.unwrap();
        tx.insert(&META, vec![vec!["k".into(), "1".into()]]).await.unwrap();
        let inside: i64 =
            query("SELECT count(*) FROM meta WHERE name = 'k'").fetch_scalar(&mut tx).await.unwrap();
        drop(tx);

        let after: i64 =
            query("SELECT count(*) FROM meta WHERE name = 'k'").fetch_scalar(&app.db).await.unwrap();

        assert_eq!((inside, after), (1, 0));
    }

    two_writers_at_once_lose_nothing, async |app| {
        insert(&app.db, &META, vec![vec!["n".into(), "0".into()]]).await;

        tokio::join!(add(app, 20), add(app, 20));

        let n: String = query("SELECT value FROM meta WHERE name = 'n'").fetch_scalar(&app.db).await.unwrap();
        assert_eq!(n, "40");
    }
}

#[test]
fn a_write_through_a_reader_of_the_file_fails() {
    crate::harness::run(foca::db::Engine::Sqlite, async |app| {
        let written = query("INSERT INTO meta (name, value) VALUES ('k', 'v')").execute(&app.db).await;

        assert!(written.is_err());
    });
}

#[test]
fn a_command_leaves_one_whole_file_and_no_log_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("foca.db");
    let program = env!("CARGO_BIN_EXE_foca");

    let ended =
        std::process::Command::new(program).arg("--database").arg(&file).arg("assess").output().unwrap();

    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let mut left: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["foca.db", "foca.db-waiting"]);
}

/// Reads and writes back, one at a time, as work that looks first must.
async fn add(app: &TestApp, n_times: usize) {
    for _ in 0..n_times {
        let mut tx = app.db.begin().await.unwrap();
        tx.one_at_a_time("adding").await.unwrap();
        let n: String = query("SELECT value FROM meta WHERE name = 'n'").fetch_scalar(&mut tx).await.unwrap();
        let next = (n.parse::<u32>().unwrap() + 1).to_string();
        query("UPDATE meta SET value = $1 WHERE name = 'n'").bind(next).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn insert(db: &Db, table: &Table, rows: Vec<Vec<Value>>) {
    let mut tx = db.begin().await.unwrap();
    tx.insert(table, rows).await.unwrap();
    tx.commit().await.unwrap();
}

fn point(key: &str) -> Vec<Value> {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, key.as_bytes());
    let mut row = vec![id.into(), id.into(), Value::Text(None), (-93.0).into(), 45.0.into(), "test".into()];
    row.extend([key.into(), 1_i64.into(), Value::Uuid(None)]);
    row
}
