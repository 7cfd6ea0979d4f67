//! Imports by profile: the real files beside the checkout with the numbers they must give, files that are broken in
//! every way, and profiles that are refused before the first row.

use std::path::Path;

use foca::db::query;
use foca::imports::Counts;
use foca::imports::profile::Profile;
use foca::knowledge::{Document, Library};

use crate::harness::{TestApp, VISITS, VISITS_HEADER, both_engines, deliver, deliver_file, run, shared};

async fn visits(app: &TestApp, rows: &str) -> Counts {
    deliver(app, VISITS, format!("{VISITS_HEADER}{rows}").as_bytes()).await.unwrap().counts
}

async fn reasons(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        query("SELECT reason FROM import_reject ORDER BY batch_id, n").fetch_all(&app.db).await.unwrap();
    rows.into_iter().map(|it| it.0).collect()
}

/// Rows, stored, updated, duplicate, rejected, skipped, linked, sites.
fn numbers(it: Counts) -> [i64; 8] {
    [it.rows, it.stored, it.updated, it.duplicate, it.rejected, it.skipped, it.linked, it.sites]
}

both_engines! {
    real_registers_give_the_numbers_they_gave_before_and_nothing_new_again, async |app| {
        let cases = [
            ("chicago-licenses", "lic_chicago_sample/Business_Licenses.csv", [561, 561, 0, 0, 0, 0, 561, 153]),
            ("south-bend-licenses", "lic_south_bend/Business_Licenses_establishments.csv", [2614, 2525, 0, 2, 0, 87, 2520, 775]),
            ("vancouver-licenses", "lic_vancouver_restaurants/business-licences.csv.gz", [3353, 3352, 1, 0, 0, 0, 3351, 1795]),
            ("minneapolis-police-2019", "mpls_police_2019_format/Police_Incidents_2019_head.csv", [10, 10, 0, 0, 0, 0, 0, 0]),
        ];
        for (profile, path, expected) in cases {
            let Some(path) = shared(&format!("data/{path}")) else { return };

            let first = deliver_file(app, profile, path.clone()).await;
            let again = deliver_file(app, profile, path).await;

            assert_eq!(numbers(first.counts), expected, "{profile}");
            assert_eq!((again.counts.stored, again.counts.updated, again.counts.sites), (0, 0, 0), "{profile}");
        }
    }

    a_file_with_two_rows_under_one_key_changes_nothing_when_it_comes_again, async |app| {
        let rows = "1,Lou's,1 Oak St,2024-01-01,ok,,\n1,Lou's,1 Oak St,2024-01-01,bad,,\n1,Lou's,1 Oak St,2024-01-01,ok,,\n";

        let first = visits(app, rows).await;
        let again = visits(app, rows).await;

        assert_eq!((first.stored, first.updated, first.duplicate), (1, 1, 1));
        assert_eq!((again.stored, again.updated, again.duplicate), (0, 0, 3));
    }

    a_newer_delivery_adds_a_version_and_keeps_the_one_before, async |app| {
        visits(app, "1,Lou's,1 Oak St,2024-01-01,ok,,\n").await;

        let newer = visits(app, "1,Lou's,1 Oak St,2024-01-01,bad,,\n2,Lou's,1 Oak St,2024-02-01,ok,,\n").await;

        let versions: i64 = query("SELECT count(*) FROM inspection").fetch_scalar(&app.db).await.unwrap();
        assert_eq!((newer.stored, newer.updated, newer.sites), (1, 1, 0));
        assert_eq!(versions, 3);
    }

    two_imports_at_once_open_each_site_once, async |app| {
        let rows: String =
            (0..300).map(|n| format!("{n},Shop {},{} Oak St,2024-01-01,ok,,\n", n % 50, n % 50 + 1)).collect();

        let (one, other) = tokio::join!(visits(app, &rows), visits(app, &rows));

        let sites: i64 = query("SELECT count(*) FROM site").fetch_scalar(&app.db).await.unwrap();
        assert_eq!(sites, 50);
        assert_eq!(one.stored + other.stored, 300);
        assert_eq!(one.duplicate + other.duplicate, 300);
    }
}

#[test]
fn large_real_files_give_the_numbers_they_gave_before() {
    run(foca::db::Engine::Sqlite, async |app| {
        let cases = [
            ("mn-jurisdictions", "mn_jurisdictions/bdry_jurisdiction.gpkg", [906, 906, 0, 0, 0, 0, 0, 0]),
            ("mn-counties", "mn_jurisdictions/bdry_jurisdiction.gpkg", [2871, 87, 0, 0, 0, 2784, 0, 0]),
            (
                "san-mateo-inspections",
                "insp_san_mateo/smc_inspections.ndjson.gz",
                [33108, 33108, 0, 0, 0, 0, 33108, 5979],
            ),
            ("chicago-food-sites", "chicago_food/known/sites.csv.gz", [11190, 11190, 0, 0, 0, 0, 0, 11190]),
            (
                "chicago-food-inspections",
                "chicago_food/known/inspections.csv.gz",
                [17823, 17823, 0, 0, 0, 0, 17823, 0],
            ),
            (
                "chicago-food-violations",
                "chicago_food/known/violations.csv.gz",
                [73703, 73703, 0, 0, 0, 0, 0, 0],
            ),
        ];
        for (profile, path, expected) in cases {
            let Some(path) = shared(&format!("data/{path}")) else { return };

            let summary = deliver_file(app, profile, path).await;

            assert_eq!(numbers(summary.counts), expected, "{profile}");
        }
    });
}

#[test]
fn what_is_wrong_in_a_row_is_reported_and_the_rest_goes_in() {
    run(foca::db::Engine::Sqlite, async |app| {
        let rows = concat!(
            "1,Good,1 Oak St,2024-01-01,ok,-92.1,46.8\n",
            "2,Swapped,2 Oak St,2024-01-01,ok,46.8,-92.1\n",
            "3,Nowhere,3 Oak St,2024-01-01,ok,0,0\n",
            "4,Outside,4 Oak St,2024-01-01,ok,-110.0,46.8\n",
            "5,Old,5 Oak St,0001-01-01,ok,,\n",
            "6,Far,6 Oak St,9999-12-31,ok,,\n",
            "7,No such day,7 Oak St,2024-02-30,ok,,\n",
            ",No key,8 Oak St,2024-01-01,ok,,\n",
            "9,Future,9 Oak St,2027-01-01,ok,,\n",
        );

        let counts = visits(app, rows).await;

        assert_eq!((counts.rows, counts.stored, counts.rejected), (9, 2, 7));
        let said = reasons(app).await;
        for part in [
            "swapped",
            "outside the bounds",
            "year 1 ",
            "year 9999",
            "does not exist",
            "key is empty",
            "future",
        ] {
            assert!(said.iter().any(|it| it.contains(part)), "{part}: {said:?}");
        }
    });
}

#[test]
fn zero_bytes_and_giant_fields_do_not_stop_the_rest() {
    run(foca::db::Engine::Sqlite, async |app| {
        let giant = "x".repeat(10 << 20);
        let rows = format!(
            "1,A\0B,1 Oak St,2024-01-01,ok,,\n2,{giant},2 Oak St,2024-01-01,ok,,\n3,Good,3 Oak St,2024-01-01,ok,,\n"
        );

        let counts = visits(app, &rows).await;

        assert_eq!(counts.rows, 3);
        assert_eq!(counts.stored + counts.rejected, 3);
        let good: i64 =
            query("SELECT count(*) FROM inspection WHERE name = 'Good'").fetch_scalar(&app.db).await.unwrap();
        assert_eq!(good, 1);
    });
}

#[test]
fn a_file_that_is_no_such_file_is_refused_or_ends_with_a_clear_word() {
    run(foca::db::Engine::Sqlite, async |app| {
        let empty = deliver(app, VISITS, b"").await.unwrap_err();
        let gzipped =
            gzip(format!("{VISITS_HEADER}{}", "1,A,1 Oak St,2024-01-01,ok,,\n".repeat(5_000)).as_bytes());
        let cut = deliver(app, VISITS, &gzipped[..gzipped.len() / 2]).await.unwrap_err();
        let mut latin = format!("{VISITS_HEADER}1,Caf").into_bytes();
        latin.extend(b"\xe9,1 Oak St,2024-01-01,ok,,\n2,Good,2 Oak St,2024-01-01,ok,,\n");
        let latin = deliver(app, VISITS, &latin).await;

        assert!(empty.to_string().contains("empty"), "{empty}");
        assert!(!cut.to_string().is_empty(), "{cut}");
        match latin {
            Ok(summary) => assert_eq!(summary.counts.stored + summary.counts.rejected, 2),
            Err(error) => assert!(error.to_string().contains("encoding"), "{error}"),
        }
    });
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

#[test]
fn words_that_no_map_knows_are_listed() {
    run(foca::db::Engine::Sqlite, async |app| {
        let file =
            format!("{VISITS_HEADER}1,A,1 Oak St,2024-01-01,maybe,,\n2,B,2 Oak St,2024-01-01,maybe,,\n");

        let summary = deliver(app, VISITS, file.as_bytes()).await.unwrap();

        assert_eq!(summary.unmapped["outcome"]["maybe"], 2);
    });
}

#[test]
fn a_profile_that_cannot_be_right_is_refused_with_its_line_and_what_would_be() {
    let cases = [
        ("name = \"name\"\naddress", "nmae = \"name\"\naddress", "no field `nmae`"),
        ("opens_site = true", "opens_sites = true", "opens_sites"),
        ("\"%Y-%m-%d\"", "\"YYYY-MM-DD\"", "not one of strftime's"),
        ("columns = [\"id\"]", "", "whole_row"),
        ("outcome =", "note = \"remark\"\noutcome =", "`free_text` does not list"),
        ("format = \"csv\"", "format = \"xls\"", "geopackage"),
        ("name = \"name\"\n", "", "needs a `name`"),
    ];
    for (right, wrong, expected) in cases {
        let toml = VISITS.replacen(right, wrong, 1);
        assert_ne!(toml, VISITS, "{right}");

        let flaw = Profile::read(&Document::new("mine.toml", toml)).unwrap_err().to_string();

        assert!(flaw.starts_with("mine.toml:") && flaw.contains(expected), "{flaw}");
    }
}

#[test]
fn a_file_without_a_column_of_the_profile_is_refused_before_the_first_row() {
    run(foca::db::Engine::Sqlite, async |app| {
        let refused =
            deliver(app, VISITS, b"id,name,street,date,result,lon,lat\n1,A,1 Oak St,2024-01-01,ok,,\n")
                .await
                .unwrap_err()
                .to_string();

        let batches: i64 = query("SELECT count(*) FROM import_batch").fetch_scalar(&app.db).await.unwrap();
        assert!(
            refused.contains("fields.occurred_at") && refused.contains("`day`") && refused.contains("date"),
            "{refused}"
        );
        assert_eq!(batches, 0);
    });
}

#[test]
fn every_profile_that_comes_with_foca_is_right_and_maps_to_known_words() {
    let library = Library::open(None).unwrap();
    let offenses = foca::incidents::offenses::Offenses::read(&library).unwrap();
    let kinds = foca::sites::Kinds::read(&library).unwrap();
    let places = foca::places::classes::Classes::read(&library).unwrap();
    let words = |table: &toml::Table, field: &str| -> Vec<String> {
        let Some(field) = table.get("fields").and_then(|it| it.get(field)) else { return Vec::new() };
        let map = field.get("map").and_then(toml::Value::as_table);
        map.into_iter().flatten().map(|(_, word)| word.as_str().unwrap().to_owned()).collect()
    };
    let mut n_profiles = 0;
    for document in library.below("profiles") {
        Profile::read(document).unwrap();
        let table: toml::Table = document.parse().unwrap();
        for word in words(&table, "offense") {
            assert!(offenses.has(&word), "{}: {word}", document.name);
        }
        for word in words(&table, "kind") {
            assert!(kinds.has(&word), "{}: {word}", document.name);
        }
        for word in words(&table, "class") {
            assert!(places.has(&word), "{}: {word}", document.name);
        }
        n_profiles += 1;
    }
    assert_eq!(n_profiles, 20);
}

/// The keys of profiles, as the structs in the sources say them.
fn keys_in_sources() -> Vec<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &str| syn::parse_file(&std::fs::read_to_string(sources.join(path)).unwrap()).unwrap();
    let structs = [
        (
            "imports/profile.rs",
            &["Profile", "Key", "Rows", "Condition", "Split", "Position", "Both", "Nested", "Backfill"][..],
        ),
        ("imports/field.rs", &["Long"][..]),
        ("formats/source.rs", &["Source"][..]),
    ];
    let mut keys = Vec::new();
    for (path, wanted) in structs {
        for item in read(path).items {
            if let syn::Item::Struct(it) = item
                && wanted.contains(&it.ident.to_string().as_str())
            {
                keys.extend(it.fields.iter().map(|it| it.ident.as_ref().unwrap().to_string()));
            }
        }
    }
    keys.extend(foca::imports::fields::SITE_FIELDS.map(str::to_owned));
    use foca::imports::fields::Yields;
    for record in [
        Yields::Site,
        Yields::Party,
        Yields::License,
        Yields::Inspection,
        Yields::Violation,
        Yields::Complaint,
        Yields::Incident,
        Yields::Area,
        Yields::Place,
    ] {
        keys.extend(foca::imports::fields::fields_of(record).into_iter().map(str::to_owned));
    }
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn every_key_of_a_profile_is_documented_and_no_other() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/profiles.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let mut documented: Vec<String> = rows.map(|(key, _)| key.to_owned()).collect();
    documented.sort();
    documented.dedup();

    assert_eq!(documented, keys_in_sources());
}
