//! Protected places: what is on the list comes in by no form and no file, and nothing of the list can be read.

use axum::http::StatusCode;
use foca::audit::{self, Outcome, store::Filter};
use foca::db::query;
use foca::denied;
use foca::imports::{self, engine};
use foca::knowledge::Document;
use foca::rights::{Resource, Viewer};
use foca::sites::{self, Site};

use crate::harness::{
    Reply, TestApp, VISITS, VISITS_HEADER, both_engines, clock, deliver, deliver_file, job,
};

const PLACE: [(&str, &str); 5] = [
    ("address", "417 Fernhollow Ln"),
    ("city", "Duluth"),
    ("state", "MN"),
    ("lat", "46.80213"),
    ("lon", "-92.10437"),
];

/// Beside the place: its address with a unit, another one 30 m away, one that is far, and the address once more with its
/// coordinates exchanged.
const ROWS: &str = "1,Alder,417 Fernhollow Lane Unit 3,2024-01-01,ok,,\n\
    2,Birch,9 Elm St,2024-01-01,ok,-92.10437,46.80240\n\
    3,Cedar,11 Elm St,2024-01-01,ok,-92.10437,46.80393\n\
    4,Dogwood,0417 FERNHOLLOW LN,2024-01-01,ok,46.80213,-92.10437\n";

const NOT_SAVED: &str = "This place may not be kept in FOCA. Nothing was saved.";
const NOT_KEPT: &str = "The place may not be kept in FOCA.";

/// Where texts are kept that a form or a file brings, and where the list itself is.
const TEXTS: [&str; 12] = [
    "SELECT detail FROM audit_entry",
    "SELECT value FROM import_reject",
    "SELECT column_name FROM import_reject",
    "SELECT reason FROM import_reject",
    "SELECT unmapped FROM import_batch",
    "SELECT value FROM meta",
    "SELECT digest FROM denied_place",
    "SELECT address FROM site",
    "SELECT source_key FROM site",
    "SELECT address FROM inspection WHERE address IS NOT NULL",
    "SELECT source_key FROM inspection",
    "SELECT source_key FROM address_point",
];

/// Puts the place on the list, as a supervisor does.
async fn protect(app: &TestApp) -> Reply {
    let reply = app.signed_in_as("supervisor").await.post("/protected-places", &PLACE).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply
}

/// Sends the form of a new site.
async fn add_site(app: &TestApp, place: &[(&str, &str)]) -> Reply {
    let always = [("kind", "lodging"), ("name", "Yarrow Inn"), ("status", "open"), ("city", "Duluth")];
    app.post("/sites/new", &[&always[..], place].concat()).await
}

async fn all_sites(app: &TestApp) -> Vec<Site> {
    sites::store::all(&app.db, &Viewer::operator()).await.unwrap()
}

async fn n_places(app: &TestApp) -> i64 {
    denied::store::count(&app.db).await.unwrap().places
}

fn visits() -> String {
    format!("{VISITS_HEADER}{ROWS}")
}

/// Whether a text tells of the place.
fn tells(text: &str) -> bool {
    let text = text.to_lowercase();
    ["fernhollow", "46.80213", "-92.10437", "46.8024"].iter().any(|it| text.contains(it))
}

fn assert_not_saved(reply: &Reply) {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains(NOT_SAVED), "{}", reply.text());
}

both_engines! { a_protected_place_cannot_become_a_site, async |app| {
    protect(app).await;

    for place in [
        &[("address", "417 Fernhollow Ln")][..],
        &[("address", "0417 FERNHOLLOW LANE, Duluth, MN 55802")],
        &[("address", "417 Fernhollow Lane"), ("unit", "Ste 3")],
        &[("address", "9 Elm St"), ("lat", "46.80240"), ("lon", "-92.10437")],
    ] {
        assert_not_saved(&add_site(app, place).await);
    }
    let far = add_site(app, &[("address", "9 Elm St"), ("lat", "46.80393"), ("lon", "-92.10437")]).await;

    assert_eq!(far.status, StatusCode::SEE_OTHER, "{}", far.text());
    assert_eq!(all_sites(app).await.len(), 1);
}}

both_engines! { no_site_is_edited_or_moved_to_a_protected_place, async |app| {
    let site = app.site("Joe's").address("100 Elm St, Duluth, MN 55802").create().await;
    protect(app).await;
    let place = [("version", "1"), ("address", "417 Fernhollow Ln"), ("city", "Duluth")];
    let edit = [("kind", "lodging"), ("name", "Joe's"), ("status", "open")];

    let edited = app.post(&format!("/sites/{}/edit", site.id), &[&place[..], &edit[..]].concat()).await;
    let moved = app.post(&format!("/sites/{}/move", site.id), &[&place[..], &[("moved_on", "2026-11-01")]].concat()).await;

    assert_not_saved(&edited);
    assert_not_saved(&moved);
    let sites = all_sites(app).await;
    assert_eq!((sites.len(), sites[0].version), (1, 1));
}}

both_engines! { rows_at_a_protected_place_are_left_out_without_their_values, async |app| {
    protect(app).await;

    let summary = deliver(app, VISITS, visits().as_bytes()).await.unwrap();

    let counts = summary.counts;
    assert_eq!((counts.rows, counts.stored, counts.rejected, counts.sites), (4, 1, 3, 1));
    assert_eq!(all_sites(app).await[0].address, "11 Elm St");
    let rejects = imports::store::rejects(&app.db, &Viewer::operator(), summary.batch, 9).await.unwrap();
    for it in &rejects {
        assert_eq!((it.column_name.as_str(), it.value.as_str(), it.reason.as_str()), ("", "", NOT_KEPT));
    }
    assert_eq!(rejects.iter().map(|it| it.line).collect::<Vec<_>>(), [2, 3, 5]);
    let page = app.get(&format!("/imports/{}", summary.batch)).await.text();
    let file = app.get(&format!("/imports/{}/rejects.csv", summary.batch)).await.text();
    for text in [page, file] {
        assert!(text.contains(NOT_KEPT), "{text}");
        assert!(!["fernhollow", "9 elm st", "46.8024", "46.80213"].iter().any(|it| text.to_lowercase().contains(it)));
    }
}}

both_engines! { a_preview_does_not_show_a_protected_place, async |app| {
    protect(app).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("delivery");
    std::fs::write(&path, visits()).unwrap();
    let job = job("test", Document::new("profiles/test.toml", VISITS.to_owned()), path);

    let preview = engine::rehearse(&app.db, clock(), &job, 20, |_| {}).await.unwrap();

    assert_eq!((preview.counts.stored, preview.counts.rejected), (1, 3));
    assert_eq!(preview.rows.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["3"]);
    assert!(preview.rejects.iter().all(|it| it.value.is_empty() && it.reason == NOT_KEPT));
}}

both_engines! { no_address_point_is_stored_at_a_protected_place_and_none_is_lent, async |app| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.csv");
    let points = "number,street,unit,city,state,zip,lon,lat\n\
        417,Fernhollow Ln,2,Duluth,MN,55802,-92.20,46.70\n\
        9,Elm St,,Duluth,MN,55802,-92.10437,46.80240\n";
    std::fs::write(&path, points).unwrap();

    let before = deliver_file(app, "address-points", path.clone()).await;
    protect(app).await;
    let after = deliver_file(app, "address-points", path).await;
    let lent = "1,Birch,9 Elm St,2024-01-01,ok,,\n";
    deliver(app, VISITS, format!("{VISITS_HEADER}{lent}").as_bytes()).await.unwrap();

    assert_eq!((before.counts.stored, before.counts.rejected), (2, 0));
    assert_eq!((after.counts.stored + after.counts.duplicate, after.counts.rejected), (0, 2));
    assert_eq!(all_sites(app).await[0].point(), None);
}}

both_engines! { nothing_of_a_protected_place_stands_in_any_table, async |app| {
    let before = protect(app).await;

    add_site(app, &PLACE).await;
    let summary = deliver(app, VISITS, visits().as_bytes()).await.unwrap();
    app.signed_in_as("supervisor").await.post("/protected-places/remove", &[("address", "417 Fernhollow Ct"), ("city", "Duluth")]).await;

    assert_eq!(summary.counts.rejected, 3);
    assert!(!tells(&before.text()), "the form comes back empty");
    let mut n_texts = 0;
    for sql in TEXTS {
        let rows: Vec<(String,)> = query(sql).fetch_all(&app.db).await.unwrap();
        n_texts += rows.len();
        for (text,) in rows {
            assert!(!tells(&text), "{sql}: {text}");
        }
    }
    assert!(n_texts > 20, "only {n_texts} texts: this proves little");
    let near: i64 = query("SELECT count(*) FROM inspection WHERE lat < 46.803 OR building_id IS NULL")
        .fetch_scalar(&app.db)
        .await
        .unwrap();
    assert_eq!(near, 0);
}}

both_engines! { the_log_has_the_entry_and_not_the_place, async |app| {
    protect(app).await;
    let supervisor = app.signed_in_as("supervisor").await;

    supervisor.post("/protected-places/remove", &[("address", "1 Elm St"), ("city", "Duluth")]).await;
    supervisor.post("/protected-places/remove", &PLACE).await;

    let filter = Filter { resource: Some(Resource::DeniedPlace), ..Filter::default() };
    let entries = audit::store::list(&app.db, &Viewer::operator(), &filter, (0, 9)).await.unwrap();
    let told: Vec<(&str, Outcome)> = entries.iter().map(|it| (it.detail.as_str(), it.outcome)).collect();
    assert_eq!(
        told,
        [
            (r#"{"change":"removed"}"#, Outcome::Done),
            (r#"{"change":"removed"}"#, Outcome::Failed),
            (r#"{"change":"added"}"#, Outcome::Done),
        ]
    );
    assert!(entries[0].object_id.is_some() && entries[0].object_id == entries[2].object_id);
    assert_eq!(entries[1].object_id, None);
}}

both_engines! { only_who_may_change_the_list_opens_its_page, async |app| {
    for role in ["investigator", "licensing", "analyst", "partner", "auditor", "administrator"] {
        let person = app.signed_in_as(role).await;

        assert_eq!(person.get("/protected-places").await.status, StatusCode::FORBIDDEN, "{role}");
        for path in ["/protected-places", "/protected-places/remove"] {
            assert_eq!(person.post(path, &PLACE).await.status, StatusCode::FORBIDDEN, "{role}: {path}");
        }
    }
    let supervisor = app.signed_in_as("supervisor").await;

    assert_eq!(supervisor.get("/protected-places").await.status, StatusCode::OK);
    assert_eq!(n_places(app).await, 0);
}}

both_engines! { a_place_that_is_taken_off_the_list_can_come_in_again, async |app| {
    protect(app).await;
    let supervisor = app.signed_in_as("supervisor").await;

    let other = supervisor.post("/protected-places/remove", &[("address", "417 Fernhollow Ct"), ("city", "Duluth")]).await;
    let held = n_places(app).await;
    let removed = supervisor.post("/protected-places/remove", &[("address", "0417 Fernhollow Lane"), ("city", "Duluth")]).await;

    assert_eq!((other.status, held), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert!(other.text().contains("No such place is on the list."));
    assert_eq!((removed.status, n_places(app).await), (StatusCode::OK, 0));
    assert!(!tells(&removed.text()));
    assert_eq!(add_site(app, &PLACE).await.status, StatusCode::SEE_OTHER);
}}

both_engines! { two_places_side_by_side_keep_what_is_theirs, async |app| {
    let supervisor = app.signed_in_as("supervisor").await;
    let next_door = [("address", "421 Fernhollow Ln"), ("city", "Duluth"), ("lat", "46.80213"), ("lon", "-92.10437")];

    for place in [&PLACE[..], &next_door, &PLACE] {
        supervisor.post("/protected-places", place).await;
    }
    let both = n_places(app).await;
    supervisor.post("/protected-places/remove", &PLACE).await;

    assert_eq!((both, n_places(app).await), (2, 1));
    assert_not_saved(&add_site(app, &[("address", "9 Elm St"), ("lat", "46.80240"), ("lon", "-92.10437")]).await);
    assert_eq!(add_site(app, &[("address", "417 Fernhollow Ln")]).await.status, StatusCode::SEE_OTHER);
}}

both_engines! { a_point_alone_is_added_and_taken_off_by_itself, async |app| {
    let supervisor = app.signed_in_as("supervisor").await;
    let point = [("lat", "46.80213, -92.10437")];

    supervisor.post("/protected-places", &point).await;
    let refused = add_site(app, &[("address", "9 Elm St"), ("lat", "46.80240"), ("lon", "-92.10437")]).await;
    supervisor.post("/protected-places/remove", &point).await;

    assert_not_saved(&refused);
    assert_eq!(n_places(app).await, 0);
}}

both_engines! { what_lies_there_already_is_told_in_numbers, async |app| {
    let site = app.site("Joe's").address("417 Fernhollow Ln, Duluth, MN 55802").at(-92.10437, 46.8024).create().await;
    app.site("Moe's").address("7 Oak St, Duluth, MN 55802").at(-92.2, 46.7).create().await;
    app.inspection("i").of(&site).create().await;

    let told = protect(app).await.text();

    assert!(told.contains("1 site, 1 inspection."), "{told}");
    assert!(told.contains("To close a site is not enough"), "{told}");
    assert!(!told.contains("Joe's") && !told.contains(&site.id.to_string()));
}}
