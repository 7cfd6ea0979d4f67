//! Two sites that are one business: merged and split again, with every record, and as of every day.

use axum::http::StatusCode;
use foca::clock::Moment;
use foca::db::query;
use foca::rights::Viewer;
use foca::sites::{self, Site, Status};

use crate::harness::{TestApp, both_engines, deliver};

const VISITS: &str = r#"
title = "Visits"
source = "SOURCE"
record = "inspection"
opens_site = true
[file]
format = "csv"
[key]
columns = ["visit"]
[site]
key = "id"
kind = { constant = "massage_parlor" }
[fields]
name = "name"
address = "street"
city = "city"
occurred_at = { column = "day", formats = ["%Y-%m-%d"] }
"#;

async fn visits(app: &TestApp, source: &str, rows: &str) {
    let text = format!("visit,id,name,street,city,day\n{rows}");
    deliver(app, &VISITS.replace("SOURCE", source), text.as_bytes()).await.unwrap();
}

/// Two registers name one shop in two ways: two sites, with two visits and one.
async fn two_sites(app: &TestApp) -> (Site, Site) {
    visits(
        app,
        "one",
        "A1,1,Golden Willow,12 Oak St,Duluth,2026-01-05\nA2,1,Golden Willow,12 Oak St,Duluth,2026-02-05\n",
    )
    .await;
    visits(app, "two", "B1,77,Red Fox Lodge,12 Oak St,Duluth,2026-03-05\n").await;
    let all = sites::store::all(&app.db, &Viewer::operator()).await.unwrap();
    assert_eq!(all.len(), 2, "{all:?}");
    let named = |name: &str| all.iter().find(|it| it.name == name).unwrap().clone();
    (named("Red Fox Lodge"), named("Golden Willow"))
}

async fn merge(app: &TestApp, from: &Site, into: &Site) {
    let form = [("into", &*into.code()), ("why", "The same door, seen on a visit")];
    let reply = app.post(&format!("/sites/{}/merge", from.id), &form).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

async fn site(app: &TestApp, it: &Site) -> Site {
    sites::store::find(&app.db, &Viewer::operator(), it.id).await.unwrap().unwrap()
}

/// How many records count for a site now.
async fn n_records(app: &TestApp, it: &Site) -> i64 {
    query("SELECT count(*) FROM link WHERE superseded_at IS NULL AND site_id = $1")
        .bind(it.id)
        .fetch_scalar(&app.db)
        .await
        .unwrap()
}

async fn n_links(app: &TestApp) -> i64 {
    query("SELECT count(*) FROM link WHERE superseded_at IS NULL").fetch_scalar(&app.db).await.unwrap()
}

both_engines! { merging_moves_every_record_and_splitting_brings_each_back, async |app| {
    let (from, into) = two_sites(app).await;

    merge(app, &from, &into).await;
    assert_eq!((n_records(app, &from).await, n_records(app, &into).await), (0, 3));
    assert_eq!(site(app, &from).await.status, Status::Merged);
    let page = app.get(&format!("/sites/{}", from.id)).await.text();
    assert!(page.contains("Merged into") && page.contains("The same door"), "{page}");

    let reply = app.post(&format!("/sites/{}/split", from.id), &[("why", "Two doors after all")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_eq!((n_records(app, &from).await, n_records(app, &into).await), (1, 2));
    assert_eq!(n_links(app).await, 3);
    assert_eq!(site(app, &from).await.status, from.status);
    let page = app.get(&format!("/sites/{}", into.id)).await.text();
    assert!(page.contains("Two doors after all"), "{page}");
}}

both_engines! { a_merged_site_is_in_no_list_and_on_no_map_but_its_page_stays, async |app| {
    let (from, into) = two_sites(app).await;

    merge(app, &from, &into).await;

    let list = app.get("/sites").await.text();
    assert!(list.contains(&into.name) && !list.contains(&from.name), "{list}");
    assert!(!app.get("/export/sites.csv").await.text().contains(&from.name));
    assert_eq!(app.get(&format!("/sites/{}", from.id)).await.status, StatusCode::OK);
}}

both_engines! { what_the_register_delivers_for_a_merged_site_goes_to_the_other_and_back_with_it, async |app| {
    let (from, into) = two_sites(app).await;
    merge(app, &from, &into).await;

    visits(app, "two", "B1,77,Red Fox Lodge,12 Oak St,Duluth,2026-03-05\nB2,77,Red Fox Lodge,12 Oak St,Duluth,2026-04-05\n").await;
    assert_eq!((n_records(app, &from).await, n_records(app, &into).await), (0, 4));
    assert_eq!(sites::store::all(&app.db, &Viewer::operator()).await.unwrap().len(), 1);

    app.post(&format!("/sites/{}/split", from.id), &[]).await;
    assert_eq!((n_records(app, &from).await, n_records(app, &into).await), (2, 2));
}}

both_engines! { as_of_the_day_before_a_merging_the_old_links_stand, async |app| {
    let (from, into) = two_sites(app).await;
    merge(app, &from, &into).await;

    let versions = sites::store::versions(&app.db, &Viewer::operator(), from.id).await.unwrap();
    assert_eq!(versions.iter().map(|it| it.status).collect::<Vec<_>>(), [Status::Merged, from.status]);
    let merged_at: String =
        query("SELECT merged_at FROM site_merge").fetch_scalar(&app.db).await.unwrap();
    let stood: i64 = query("SELECT count(*) FROM link WHERE site_id = $1 AND superseded_at = $2")
        .bind(from.id)
        .bind(merged_at.parse::<Moment>().unwrap())
        .fetch_scalar(&app.db)
        .await
        .unwrap();
    assert_eq!(stood, 1, "the old link ends when the new one begins, and stays");
}}

both_engines! { a_merging_that_makes_no_sense_is_refused_at_its_field, async |app| {
    let (from, into) = two_sites(app).await;
    let post = async |site: &Site, other: &str, why: &str| {
        app.post(&format!("/sites/{}/merge", site.id), &[("other", other), ("why", why)]).await
    };

    let own = post(&from, &from.code(), "x").await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text().contains("cannot be merged into itself"), "{}", own.text());
    assert!(post(&from, "S-99999", "x").await.text().contains("type its code"));
    assert!(post(&from, "somewhere", "x").await.text().contains("type its code"));
    assert!(post(&from, &into.code(), "").await.text().contains("Say how it is known"));

    merge(app, &from, &into).await;
    assert!(post(&from, &into.code(), "x").await.text().contains("merged already"));
    assert!(post(&into, &from.code(), "x").await.text().contains("merged into a third one"));
    app.post(&format!("/sites/{}/split", from.id), &[]).await;
    let twice = app.post(&format!("/sites/{}/split", from.id), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}}

both_engines! { merging_and_splitting_are_in_the_log, async |app| {
    let (from, into) = two_sites(app).await;
    merge(app, &from, &into).await;
    app.post(&format!("/sites/{}/split", from.id), &[]).await;

    let told: Vec<(String,)> =
        query("SELECT detail FROM audit_entry WHERE detail LIKE '%merging%' ORDER BY n").fetch_all(&app.db).await.unwrap();

    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0.contains("merged") && told[1].0.contains("split"), "{told:?}");
}}
