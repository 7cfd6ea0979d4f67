//! The taxonomy of offenses through the door: codes of a feed become classes, facets are kept and shown, and nobody who was
//! sold, and no minor, becomes an offender.

use std::fs;
use std::path::Path;

use foca::db::{Db, query};
use foca::exports::{Format, Writer, records};
use foca::incidents::Incident;
use foca::incidents::facets::{Disposition, Roles};
use foca::parties::Role;
use foca::records::{Filter, RecordId, store};
use foca::rights::class::Class;
use foca::rights::held::Held;
use foca::rights::{Resource, Viewer};
use foca::web::extract::Params;
use futures_util::StreamExt;

use crate::harness::{TestApp, both_engines, deliver};

const POLICE: &str = r#"
title = "Police"
source = "police"
record = "incident"

[file]
format = "csv"

[key]
columns = ["case"]

[fields]
occurred_at = "day"
city = { constant = "Duluth" }
disposition = { column = "state", map = { CLR-A = "charged", UNF = "unfounded" } }
reliability = "letter"
credibility = "digit"
n_buyers = "buyers"
n_people_sold = "sold"
n_minors = "minors"

[fields.offense]
column = "code"
codes = "CODES"
map = { 90Z = "prostitution_nuisance", TYPO = "prositution" }
"#;

/// The fields that hold roles.
const ROLES: [&str; 5] = ["n_buyers", "n_facilitators", "n_traffickers", "n_people_sold", "n_minors"];

fn by(codes: &str) -> String {
    POLICE.replace("CODES", codes)
}

/// A file with a case for each code, and nothing else.
fn cases(codes: &[&str]) -> String {
    let rows = codes.iter().enumerate().map(|(n, it)| format!("{n},2026-05-01,\"{it}\",,,,,,\n"));
    format!("{HEADER}{}", rows.collect::<String>())
}

const HEADER: &str = "case,day,code,state,letter,digit,buyers,sold,minors\n";

async fn stored(db: &Db) -> Vec<String> {
    let rows: Vec<(String,)> =
        query("SELECT offense FROM incident WHERE superseded_at IS NULL ORDER BY source_key")
            .fetch_all(db)
            .await
            .unwrap();
    rows.into_iter().map(|it| it.0).collect()
}

async fn only_id(db: &Db) -> RecordId {
    query("SELECT id FROM incident WHERE superseded_at IS NULL").fetch_scalar(db).await.unwrap()
}

async fn n_rows(db: &Db, sql: &'static str) -> i64 {
    query(sql).fetch_scalar(db).await.unwrap()
}

/// Somebody who may see incidents, but no role in them.
fn without_roles() -> Viewer {
    Viewer::operator().withholding(&ROLES.map(|it| (Resource::Incident, it, Class::Confidential)))
}

async fn exported(app: &TestApp, viewer: &Viewer, format: Format) -> String {
    let properties = records::properties::<Incident>(&Params::of(&[]), viewer).unwrap();
    let mut writer = Writer::new(format, Vec::new(), false, records::names(&properties)).unwrap();
    let mut rows = records::rows::<Incident>(&app.db, viewer, &Filter::default(), &properties);
    while let Some(row) = rows.next().await {
        records::write(&mut writer, &properties, &row.unwrap()).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

both_engines! {
    codes_of_nibrs_become_classes_and_what_is_none_is_listed, async |app| {
        let file = cases(&["64A", "11a", "40C", "90Z", "ZZZ", "TYPO", "90C"]);

        let summary = deliver(app, &by("nibrs"), file.as_bytes()).await.unwrap();

        assert_eq!(
            stored(&app.db).await,
            ["trafficking", "sexual_assault", "prostitution_patron", "prostitution_nuisance", "other", "other", "disorderly"],
        );
        assert_eq!((summary.counts.stored, summary.counts.rejected), (7, 0));
        let listed: Vec<&str> = summary.unmapped["offense"].keys().map(String::as_str).collect();
        assert_eq!(listed, ["ZZZ", "prositution"]);
        let page = app.get(&format!("/imports/{}", summary.batch)).await.text();
        assert!(page.contains("Words that the profile does not know") && page.contains("ZZZ"), "{page}");
    }

    statutes_become_classes_by_their_longest_part, async |app| {
        let file = cases(&["609.324.2(a)", "609.324", "Minn. Stat. 152.023", "609.342 subd. 1", "169A.20"]);

        let summary = deliver(app, &by("minnesota"), file.as_bytes()).await.unwrap();

        assert_eq!(stored(&app.db).await, ["prostitution_patron", "commercial_sex", "drug", "sexual_assault", "other"]);
        assert!(summary.unmapped["offense"].contains_key("169A.20"));
    }

    facets_are_kept_and_shown_and_what_is_no_count_is_left_out, async |app| {
        let row = "1,2026-05-01,64A,CLR-A,b,2,3,1.0,Jane Doe\n";

        let summary = deliver(app, &by("nibrs"), format!("{HEADER}{row}").as_bytes()).await.unwrap();

        let id = only_id(&app.db).await;
        let it = store::find::<Incident>(&app.db, &Viewer::operator(), id).await.unwrap().unwrap();
        assert_eq!(it.disposition, Disposition::Charged);
        assert_eq!(it.reliability.map(foca::incidents::facets::Reliability::as_str), Some("B"));
        assert_eq!(it.credibility.map(foca::incidents::facets::Credibility::as_str), Some("2"));
        let roles = Roles {
            n_buyers: Held::of_number(Some(3)),
            n_people_sold: Held::of_number(Some(1)),
            ..Roles::default()
        };
        assert_eq!(it.roles, roles);
        let listed = format!("{:?}", summary.unmapped);
        assert!(listed.contains("n_minors") && !listed.contains("Jane"), "{listed}");
        let page = app.get(&format!("/incidents/{id}")).await.text();
        for shown in ["Charged", "Buyers", "People sold", "Reliability of the source"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        assert!(!page.contains("Minors") && !page.contains("Traffickers"), "{page}");
    }

    an_incident_that_says_nothing_new_is_no_further_version, async |app| {
        let plain = by("nibrs").lines().filter(|it| !it.contains("n_") && !it.contains("dispo")).collect::<Vec<_>>().join("\n");
        let file = cases(&["64A"]);
        deliver(app, &plain, file.as_bytes()).await.unwrap();

        let with_facets = deliver(app, &by("nibrs"), file.as_bytes()).await.unwrap();
        let one = deliver(app, &by("nibrs"), format!("{HEADER}0,2026-05-01,64A,,,,1,,\n").as_bytes()).await.unwrap();
        let other = deliver(app, &by("nibrs"), format!("{HEADER}0,2026-05-01,64A,,,,,1,\n").as_bytes()).await.unwrap();

        assert_eq!(with_facets.counts.updated, 0, "empty facets are no news");
        assert_eq!((one.counts.updated, other.counts.updated), (1, 1), "a buyer is nobody who was sold");
    }

    what_was_unfounded_counts_in_no_ring, async |app| {
        app.site("Joe's").at(-92.1, 46.8).create().await;
        let around = |key: &'static str, disposition| {
            app.incident(key).with(move |it| {
                (it.place.lon, it.place.lat) = (Some(-92.1), Some(46.8008));
                it.cell = foca::incidents::cell_of(&it.place);
                it.disposition = disposition;
            })
        };
        around("a", Disposition::Reported).create().await;
        around("b", Disposition::Unknown).create().await;
        for (n, disposition) in Disposition::ALL.iter().filter(|it| !it.counts()).enumerate() {
            around(["c", "d", "e"][n], *disposition).create().await;
        }

        app.assess().await;

        let site = foca::sites::store::all(&app.db, &Viewer::operator()).await.unwrap()[0].id;
        let ring = foca::standing::rings::of(&app.db, &Viewer::operator(), site).await.unwrap();
        assert_eq!(ring.n_incidents(), 2);
    }

    nobody_who_was_sold_and_no_minor_becomes_more_than_a_count, async |app| {
        let row = "1,2026-05-01,40A,,,,,4,2\n";

        deliver(app, &by("nibrs"), format!("{HEADER}{row}").as_bytes()).await.unwrap();

        assert_eq!(stored(&app.db).await, ["prostitution_person"]);
        for sql in ["SELECT count(*) FROM party", "SELECT count(*) FROM party_role", "SELECT count(*) FROM complainant"] {
            assert_eq!(n_rows(&app.db, sql).await, 0, "{sql}");
        }
        let sum = n_rows(&app.db, "SELECT CAST(sum(n_people_sold + n_minors) AS BIGINT) FROM incident").await;
        assert_eq!(sum, 6);
    }

    an_export_has_no_roles_for_who_may_not_see_them, async |app| {
        let roles = Roles { n_people_sold: Held::of_number(Some(77_123)), ..Roles::default() };
        let id = app.incident("x").with(|it| it.roles = roles).create().await;

        for format in [Format::Csv, Format::Geojson] {
            let whole = exported(app, &Viewer::operator(), format).await;
            let withheld = exported(app, &without_roles(), format).await;

            assert!(whole.contains("n_people_sold") && whole.contains("77123"), "{whole}");
            assert!(withheld.contains("disposition") && !withheld.contains("77123"), "{withheld}");
            assert!(ROLES.iter().all(|it| !withheld.contains(it)), "{withheld}");
        }
        let seen = store::find::<Incident>(&app.db, &without_roles(), id).await.unwrap().unwrap();
        assert!(seen.roles.named().iter().all(|it| it.1.class() == Some(Class::Confidential)), "{seen:?}");
        let asked = Params::of(&[("properties".to_owned(), "n_minors".to_owned())]);
        assert!(records::properties::<Incident>(&asked, &without_roles()).is_err());
        for path in ["/export/incidents.csv", "/export/incidents.geojson"] {
            let refused = app.signed_in_as("licensing").await.get(path).await;
            assert!(refused.status.is_client_error() && !refused.text().contains("77123"), "{path}");
        }
    }
}

#[test]
fn no_role_of_a_party_is_that_of_an_offender_or_of_somebody_sold() {
    for role in Role::ALL {
        for word in
            ["buyer", "patron", "traffick", "facilitat", "sold", "minor", "suspect", "offend", "victim"]
        {
            assert!(!role.as_str().contains(word), "{role}");
        }
    }
}

#[test]
fn nothing_that_scores_links_or_names_reads_who_was_sold() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for slice in
        ["scoring", "standing", "parties", "linking", "matching", "network", "successions", "review", "map"]
    {
        for file in walk(&sources.join(slice)) {
            let text = fs::read_to_string(&file).unwrap();
            for word in ["n_people_sold", "n_minors", "person_sold", "minors_sealed", "prostitution_person"] {
                assert!(!text.contains(word), "{} reads {word}", file.display());
            }
        }
    }
}

#[test]
fn codes_that_are_none_are_refused_with_those_that_are() {
    let refused = |toml: String| {
        let document = foca::knowledge::Document::new("profiles/test.toml", toml);
        foca::imports::profile::Profile::read(&document).unwrap_err().to_string()
    };

    let unknown = refused(by("ucr"));
    let elsewhere = refused(
        by("nibrs")
            .replace("reliability = \"letter\"", "reliability = { column = \"letter\", codes = \"nibrs\" }"),
    );

    assert!(unknown.contains("`ucr` is none of: nibrs, minnesota"), "{unknown}");
    assert!(elsewhere.contains("`codes` stands only under `offense`"), "{elsewhere}");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.extension().is_some_and(|it| it == "rs" || it == "sql") {
            files.push(path);
        }
    }
    files
}
