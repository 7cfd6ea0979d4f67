//! The two folders of migrations are twins, and rows that an agency stored survive each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use foca::db::{Db, Engine, query};
use foca::rights::class::{Classes, ROW};
use foca::rights::{Resource, Viewer};
use sqlx::AssertSqlSafe;

use crate::harness::{Database, block_on, both_engines, run};

/// What the schema must never be able to hold, in any table: "Do no harm" 1 and 2 of the design.
const NO_PLACE_FOR: &[&str] = &[
    "victim",
    "person",
    "people",
    "witness",
    "suspect",
    "offender",
    "shelter",
    "birth",
    "gender",
    "race",
    "nationality",
];

/// The roles in an incident.
const ROLES: [&str; 5] = ["n_buyers", "n_facilitators", "n_traffickers", "n_people_sold", "n_minors"];

#[test]
fn a_role_in_an_incident_can_be_nothing_but_a_number() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let path = root().join("migrations").join(folder(engine)).join("0008_facets.sql");
        let sql = fs::read_to_string(path).unwrap();

        for role in ROLES {
            assert!(sql.contains(&format!("ADD COLUMN {role} BIGINT;")), "{role}");
        }
    }
}

#[test]
fn both_folders_hold_the_same_files() {
    assert_eq!(file_names("sqlite"), file_names("postgres"));
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let mut schemas = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        run(engine, async |app| schemas.push(columns(&app.db).await));
    }

    // Without a PostgreSQL there is one schema, and the harness has said so.
    assert!(!schemas[0].is_empty());
    assert!(schemas.iter().all(|it| *it == schemas[0]), "{:#?}", differences(&schemas));
}

both_engines! {
    the_schema_has_no_place_for_a_person, async |app| {
        let columns = columns(&app.db).await;

        for (table, column) in &columns {
            // A role in an incident stands as a count; that it is one, the test below says.
            if table == "incident" && ROLES.contains(&column.as_str()) {
                continue;
            }
            let worst = NO_PLACE_FOR.iter().find(|it| table.contains(**it) || column.contains(**it));
            assert_eq!(worst, None, "{table}.{column}");
        }
        // A business has a name; nothing and nobody else has one.
        let named: BTreeSet<&str> =
            columns.iter().filter(|(_, column)| column == "name").map(|(table, _)| table.as_str()).collect();
        let businesses_and_things =
            [
            "area", "complaint", "inspection", "knowledge", "license", "meta", "party", "place", "revision", "site",
            "unlisted_dismissal",
        ];
        assert!(named.is_subset(&businesses_and_things.into()), "{named:?}");
    }

    each_field_of_each_record_has_its_class, async |app| {
        let columns = columns(&app.db).await;
        let classes = Classes::read(&app.app.library).unwrap();
        let tables = [
            (Resource::Site, "site"), (Resource::Place, "place"), (Resource::Party, "party"), (Resource::License, "license"), (Resource::Succession, "succession"), (Resource::Inspection, "inspection"),
            (Resource::Complaint, "complaint"), (Resource::Complainant, "complainant"),
            (Resource::Incident, "incident"), (Resource::Link, "link"), (Resource::Standing, "standing"), (Resource::Application, "application"),
        ];

        for (resource, table) in tables {
            let of_table: BTreeSet<&str> =
                columns.iter().filter(|it| of_one(&it.0, table)).map(|it| it.1.as_str()).collect();
            let classified: BTreeSet<&str> =
                classes.fields(resource).map(|it| it.0).filter(|it| *it != ROW).collect();
            assert_eq!(classified, of_table, "data/classes.toml and the table {table} differ");
            assert!(classes.fields(resource).all(|(_, it)| !it.basis.is_empty()), "{table}");
        }
    }

    an_incident_names_nobody, async |app| {
        let columns = columns(&app.db).await;

        let of_incident: Vec<&str> =
            columns.iter().filter(|(table, _)| table == "incident").map(|(_, column)| column.as_str()).collect();
        for word in ["name", "note", "narrative", "summary", "text", "role", "phone"] {
            assert!(!of_incident.iter().any(|it| it.contains(word)), "{of_incident:?}");
        }
    }
}

#[test]
fn rows_survive_every_migration() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        block_on(async {
            let Some(database) = Database::empty(engine).await else { return };
            for (n, name) in file_names(folder(engine)).iter().enumerate() {
                migrate_to(engine, &database.url, n + 1).await;
                let samples = root().join("tests/data/migrations").join(name);
                if let Ok(rows) = fs::read_to_string(samples) {
                    execute(engine, &database.url, rows).await;
                }
            }

            let db = Db::open(&database.url).await.unwrap();

            let site = foca::sites::store::all(&db, &Viewer::operator()).await.unwrap();
            assert_eq!(site.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Zoë's Spa"]);
            assert_eq!(site[0].other_names, ["Old Name"]);
            let filter = foca::records::Filter { site: Some(site[0].id), ..Default::default() };
            let operator = Viewer::operator();
            assert_eq!(
                foca::records::store::count::<foca::licenses::License>(&db, &operator, &filter)
                    .await
                    .unwrap(),
                1
            );
            assert_eq!(
                foca::records::store::count::<foca::inspections::Inspection>(&db, &operator, &filter)
                    .await
                    .unwrap(),
                1
            );
            assert_eq!(
                foca::records::store::count::<foca::complaints::Complaint>(&db, &operator, &filter)
                    .await
                    .unwrap(),
                1
            );
            assert_eq!(
                foca::records::store::count::<foca::incidents::Incident>(&db, &operator, &filter)
                    .await
                    .unwrap(),
                1
            );
            let everywhere = foca::records::Filter::default();
            let incidents =
                foca::records::store::list::<foca::incidents::Incident>(&db, &operator, &everywhere, (0, 9))
                    .await
                    .unwrap();
            let facets: Vec<_> =
                incidents.iter().map(|it| (it.disposition.as_str(), it.roles.n_buyers.number())).collect();
            assert_eq!(
                facets,
                [("charged", Some(2)), ("unknown", None)],
                "with facets, and from before them"
            );
            let parties = foca::parties::store::of_site(&db, &operator, site[0].id).await.unwrap();
            let names: Vec<&str> = parties.iter().map(|it| it.party.as_str()).collect();
            assert_eq!(
                names,
                ["Elm Holdings LLC", "Elm Holdings LLC"],
                "as owner, and as landlord of the building"
            );
            let places = foca::places::store::all(&db, &operator).await.unwrap();
            let names: Vec<(&str, i64)> = places.iter().map(|it| (it.name.as_str(), it.version)).collect();
            assert_eq!(names, [("Zoë's School", 2)]);
            let places = foca::places::snapshot::Places::load(&db).await.unwrap().current();
            assert!(places.find(&operator, places.places(&operator)[0].id).is_some());
            db.close().await;
            database.remove().await;
        });
    }
}

/// Whether a table holds rows of the kind that the other is named after: a party has its roles beside it, an application its
/// reviews, steps and letters, and what follows from them.
fn of_one(table: &str, kind: &str) -> bool {
    let beside: &[&str] = match kind {
        "party" => &["party_role"],
        "application" => &[
            "application_review",
            "application_step",
            "application_letter",
            "license_condition",
            "address_hold",
        ],
        _ => &[],
    };
    table == kind || beside.contains(&table)
}

/// Every table's columns but the migrator's own, sorted.
async fn columns(db: &Db) -> Vec<(String, String)> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite_%' AND t.name <> '_sqlx_migrations' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' ORDER BY 1, 2"
        }
    };
    let mut columns: Vec<(String, String)> = query(sql).fetch_all(db).await.unwrap();
    columns.sort();
    columns
}

fn differences(schemas: &[Vec<(String, String)>]) -> Vec<(String, String)> {
    let [one, other] = schemas else { return Vec::new() };
    let (one, other): (BTreeSet<_>, BTreeSet<_>) = (one.iter().collect(), other.iter().collect());
    one.symmetric_difference(&other).map(|it| (*it).clone()).collect()
}

/// Brings the database to the state after its first `n` migrations.
async fn migrate_to(engine: Engine, url: &str, n: usize) {
    let first = tempfile::tempdir().unwrap();
    for name in file_names(folder(engine)).iter().take(n) {
        fs::copy(root().join("migrations").join(folder(engine)).join(name), first.path().join(name)).unwrap();
    }
    let migrator = sqlx::migrate::Migrator::new(first.path()).await.unwrap();
    match engine {
        Engine::Sqlite => migrator.run(&file(url).await).await.unwrap(),
        Engine::Postgres => migrator.run(&sqlx::PgPool::connect(url).await.unwrap()).await.unwrap(),
    }
}

/// Runs the sample rows, in which `@7` is the id 7 as the engine writes it, and `@x0a` a byte.
async fn execute(engine: Engine, url: &str, rows: String) {
    let mut sql = String::new();
    for (n, part) in rows.split('@').enumerate() {
        if let Some(bytes) = part.strip_prefix('x').filter(|_| n > 0) {
            let digits = bytes.chars().take_while(char::is_ascii_hexdigit).count();
            let before = if engine == Engine::Sqlite { "X'" } else { "'\\x" };
            sql += &format!("{before}{}'{}", &bytes[..digits], &bytes[digits..]);
            continue;
        }
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        match (n, engine, part[..digits].parse::<u128>()) {
            (0, _, _) | (_, _, Err(_)) => sql += part,
            (_, Engine::Sqlite, Ok(id)) => sql += &format!("X'{id:032x}'{}", &part[digits..]),
            (_, Engine::Postgres, Ok(id)) => sql += &format!("'{id:032x}'{}", &part[digits..]),
        }
    }
    match engine {
        Engine::Sqlite => {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&file(url).await).await.unwrap();
        }
        Engine::Postgres => {
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&sqlx::PgPool::connect(url).await.unwrap())
                .await
                .unwrap();
        }
    }
}

async fn file(url: &str) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(url).create_if_missing(true);
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}

fn folder(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

fn file_names(folder: &str) -> Vec<String> {
    let files = fs::read_dir(root().join("migrations").join(folder)).unwrap();
    let mut names: Vec<String> = files.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
