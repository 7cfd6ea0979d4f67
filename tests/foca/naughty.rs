//! Texts that have broken other programs, in every field that an import fills, read back through pages and exports; the
//! torture sets of CSV and GeoJSON as deliveries.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use axum::http::StatusCode;
use foca::db::query;
use foca::imports::engine::ImportError;

use crate::harness::{TestApp, both_engines, deliver, naughty_strings, run, shared};

/// A profile of `record` that reads each of `fields` from the column of its name, and its key from `id`.
fn profile(record: &str, fields: &[&str], more: &str) -> String {
    let columns: String = fields.iter().map(|it| format!("{it} = \"{it}\"\n")).collect();
    format!(
        "title = \"T\"\nsource = \"{record}\"\nrecord = \"{record}\"\nfree_text = [\"note\", \"summary\"]\n{more}\n[file]\nformat = \"csv\"\n[key]\ncolumns = [\"id\"]\n[fields]\n{columns}"
    )
}

/// A file in which row n says string n in every column but `fixed`.
fn file(fields: &[&str], fixed: &[(&str, &str)], strings: &[String]) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let names = fields.iter().chain(&["id", "note", "summary"]).copied().collect::<BTreeSet<_>>();
    csv.write_record(&names).unwrap();
    for (n, text) in strings.iter().enumerate() {
        let cell = |name: &str| match fixed.iter().find(|it| it.0 == name) {
            Some((_, value)) => (*value).to_owned(),
            None if name == "id" => format!("{n} {text}"),
            None => text.clone(),
        };
        csv.write_record(names.iter().map(|it| cell(it))).unwrap();
    }
    csv.into_inner().unwrap()
}

const PLACE: [&str; 5] = ["address", "unit", "city", "state", "zip"];

/// A kind of record, its own fields, those that do not vary, and more lines of its profile.
type Kind = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)], &'static str);

async fn import_all(app: &TestApp, strings: &[String]) {
    let kinds: [Kind; 4] = [
        ("license", &["number", "kind", "type", "name", "status"], &[], "opens_site = true"),
        (
            "inspection",
            &["name", "reason", "outcome", "occurred_at", "note"],
            &[("occurred_at", "2024-01-02")],
            "",
        ),
        ("complaint", &["name", "category", "occurred_at", "summary"], &[("occurred_at", "2024-01-02")], ""),
        (
            "incident",
            &["offense", "offense_code", "offense_text", "occurred_at"],
            &[("occurred_at", "2024-01-02")],
            "",
        ),
    ];
    for (record, own, fixed, more) in kinds {
        let fields = [own, &PLACE].concat();

        let counts = deliver(app, &profile(record, &fields, more), &file(&fields, fixed, strings))
            .await
            .unwrap()
            .counts;

        assert_eq!(counts.rows, strings.len() as i64, "{record}");
        assert_eq!(counts.stored + counts.duplicate + counts.rejected, counts.rows, "{record}");
        assert!(counts.stored * 10 > counts.rows * 9, "{record}: {counts:?}");
    }
}

fn unescaped(page: &str) -> Option<&'static str> {
    ["<script>alert", "<img src=x", "<svg><script", "javascript:alert(1)\""]
        .into_iter()
        .find(|it| page.contains(it))
}

both_engines! { naughty_strings_in_every_field_come_back_as_they_were, async |app| {
    let strings = naughty_strings();
    import_all(app, &strings).await;
    app.assess().await;
    let names: Vec<(String,)> = query("SELECT name FROM license WHERE superseded_at IS NULL").fetch_all(&app.db).await.unwrap();
    let sites: Vec<(foca::records::SiteId,)> = query("SELECT id FROM site ORDER BY number").fetch_all(&app.db).await.unwrap();
    let mut paths: Vec<String> = ["sites", "records/licenses", "records/inspections", "records/complaints", "records/incidents"]
        .iter()
        .flat_map(|kind| (1..4).map(move |n| format!("/{kind}?page={n}")))
        .collect();
    paths.extend(sites.iter().step_by(25).map(|(id,)| format!("/sites/{id}")));
    paths.extend(["/imports".to_owned(), "/map".to_owned()]);

    for path in paths {
        let page = app.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(unescaped(&page.text()), None, "{path}");
    }

    let stored: BTreeSet<String> = names.into_iter().map(|it| it.0).collect();
    let exported: BTreeSet<String> = app.get("/export/licenses.geojson").await.names().into_iter().collect();
    let whole = strings.iter().filter(|it| stored.contains(it.trim())).count();
    assert!(whole * 10 > strings.len() * 9, "{whole} of {} are stored as they were", strings.len());
    assert!(exported.is_subset(&stored) && stored.len() - exported.len() <= 1, "{:?}", stored.difference(&exported));
    for kind in ["sites", "licenses", "inspections", "complaints", "incidents"] {
        for format in ["geojson", "csv"] {
            let reply = app.get(&format!("/export/{kind}.{format}")).await;
            assert_eq!(reply.status, StatusCode::OK, "{kind}.{format}");
            if format == "geojson" {
                assert!(reply.json()["features"].is_array());
            } else {
                let rows = csv::Reader::from_reader(reply.bytes()).into_records().map(Result::unwrap);
                let bare = rows.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).find(|it| it.starts_with(['=', '@']));
                assert_eq!(bare, None, "{kind}.{format} has a cell that a spreadsheet takes for a formula");
            }
        }
    }
}}

/// The files of a packed folder that end so.
fn unpack(path: PathBuf, end: &str) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()));
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name.ends_with(end) {
            files.push((name, bytes));
        }
    }
    files
}

#[test]
fn the_csv_torture_set_goes_in_row_by_row() {
    let Some(path) = shared("data/csv_torture/csv_spectrum.tar.gz") else { return };
    run(foca::db::Engine::Sqlite, async |app| {
        let mut n_files = 0;
        for (name, bytes) in unpack(path, ".csv") {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let first = csv::Reader::from_reader(text.as_bytes()).headers().unwrap()[0].to_owned();
            let column = toml::Value::String(first.clone()).to_string();
            let toml = format!(
                "title = \"T\"\nsource = \"{n_files}\"\nrecord = \"inspection\"\n[file]\nformat = \"csv\"\n[key]\nwhole_row = true\n[fields]\nname = {{ column = {column} }}\noccurred_at = {{ constant = \"2024-01-02\" }}\n"
            );

            let summary = deliver(app, &toml, &bytes).await.unwrap_or_else(|error| panic!("{name}: {error}"));

            let it = summary.counts;
            assert_eq!(it.stored + it.duplicate + it.rejected + it.skipped, it.rows, "{name}");
            n_files += 1;
        }
        assert!(n_files >= 10, "{n_files} files");
    });
}

#[test]
fn the_geojson_torture_set_goes_in_or_is_refused_with_a_reason() {
    let Some(path) = shared("data/geojson_torture/geojson_torture.tar.gz") else { return };
    run(foca::db::Engine::Sqlite, async |app| {
        let toml = "title = \"T\"\nsource = \"t\"\nrecord = \"incident\"\n[file]\nformat = \"geojson\"\n[key]\nwhole_row = true\n[position]\ngeometry = true\noutside = \"keep_without_point\"\n[fields]\noffense = { constant = \"other\" }\noccurred_at = { constant = \"2024-01-02\" }\n";
        let (mut n_in, mut n_refused) = (0, 0);
        for (name, bytes) in unpack(path, "json") {
            match deliver(app, toml, &bytes).await {
                Ok(summary) => {
                    let it = summary.counts;
                    assert_eq!(
                        it.stored + it.updated + it.duplicate + it.rejected + it.skipped,
                        it.rows,
                        "{name}"
                    );
                    n_in += 1;
                }
                Err(ImportError::File(error)) => {
                    assert!(error.to_string().len() > 20, "{name}: {error}");
                    n_refused += 1;
                }
                Err(ImportError::BrokenOff { cause, .. }) => {
                    assert!(cause.is::<foca::formats::reader::FileError>(), "{name}: {cause:#}");
                    n_refused += 1;
                }
                Err(other) => panic!("{name}: {other}"),
            }
        }
        assert!(n_in > 20 && n_refused > 5, "{n_in} in, {n_refused} refused");
    });
}

both_engines! { a_row_without_a_point_borrows_that_of_its_address, async |app| {
    let document = app.app.library.get("profiles/address-points.toml").unwrap().clone();
    let points = "number,street,unit,city,state,zip,lon,lat\n12,Oak St,,Duluth,MN,55802,-92.10,46.78\n14,Oak St,,Duluth,MN,55802,0,0\n";
    let visits = "id,name,address,day\n1,Lou's,12 OAK STREET,2024-01-02\n2,Moe's,16 Oak St,2024-01-02\n";
    let profile = "title = \"T\"\nsource = \"t\"\nrecord = \"inspection\"\n[file]\nformat = \"csv\"\n[key]\ncolumns = [\"id\"]\n[fields]\nname = \"name\"\naddress = \"address\"\ncity = { constant = \"Duluth\" }\nstate = { constant = \"MN\" }\noccurred_at = \"day\"\n";

    let counts = deliver(app, &document.body, points.as_bytes()).await.unwrap().counts;
    deliver(app, profile, visits.as_bytes()).await.unwrap();

    assert_eq!((counts.stored, counts.rejected), (1, 1));
    let stored: Vec<(String, Option<f64>, String)> =
        query("SELECT name, lon, point_method FROM inspection ORDER BY name").fetch_all(&app.db).await.unwrap();
    let expected = [("Lou's", Some(-92.10), "address_point"), ("Moe's", None, "none")];
    assert_eq!(stored, expected.map(|(name, lon, method)| (name.to_owned(), lon, method.to_owned())));
}}
