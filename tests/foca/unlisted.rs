//! Premises that nobody listed: what is proposed, added and dismissed.

use axum::http::StatusCode;
use foca::rights::Viewer;
use foca::sites;

use crate::harness::{TestApp, both_engines, deliver};

const LICENSES: &str = r#"
title = "Licenses"
source = "register"
record = "license"
[file]
format = "csv"
[key]
columns = ["number"]
[fields]
number = "number"
name = "name"
address = "street"
city = "city"
type = "type"
kind = { column = "type", map = { massage = "massage_parlor", plumber = "other" } }
occurred_at = { column = "day", formats = ["%Y-%m-%d"] }
"#;

async fn licenses(app: &TestApp, rows: &str) {
    let text = format!("number,name,street,city,type,day\n{rows}");
    deliver(app, LICENSES, text.as_bytes()).await.unwrap();
}

const TWO: &str = "L-1,Golden Willow,12 Main St,Duluth,massage,2026-01-05\n\
    L-2,GOLDEN WILLOW LLC,12 Main Street,Duluth,massage,2026-02-05\n\
    L-3,Pipes and Drains,14 Main St,Duluth,plumber,2026-02-05\n";

async fn names(app: &TestApp) -> Vec<String> {
    let sites = sites::store::all(&app.db, &Viewer::operator()).await.unwrap();
    sites.into_iter().map(|it| it.name).collect()
}

both_engines! { licenses_of_a_regulated_kind_without_a_site_are_one_proposal_and_others_none, async |app| {
    licenses(app, TWO).await;

    let page = app.get("/unlisted").await.text();

    assert!(page.contains("GOLDEN WILLOW LLC") && page.contains("2 records"), "{page}");
    assert!(page.contains("License L-1") && page.contains("License L-2"), "{page}");
    assert!(page.contains("Massage parlor"), "{page}");
    assert!(!page.contains("Pipes and Drains"), "{page}");
}}

both_engines! { adding_the_site_links_its_records_and_ends_the_proposal, async |app| {
    licenses(app, TWO).await;
    let page = app.get("/unlisted").await.text();
    let form = page.split("href=\"/sites/new?").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    assert!(form.contains("kind=massage_parlor") && form.contains("city=DULUTH"), "{form}");

    let site = [
        ("kind", "massage_parlor"), ("name", "Golden Willow"), ("address", "12 Main Street"), ("city", "Duluth"),
        ("state", "MN"), ("status", "open"),
    ];
    let reply = app.post("/sites/new", &site).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());

    let page = app.get("/unlisted").await.text();
    assert!(page.contains("Every record has its site"), "{page}");
    assert_eq!(names(app).await, ["Golden Willow"]);
    let dossier = app.get(reply.location()).await.text();
    assert!(dossier.contains("L-1") && dossier.contains("L-2"), "{dossier}");
}}

both_engines! { a_dismissal_needs_a_reason_is_kept_with_it_and_can_be_taken_back, async |app| {
    licenses(app, TWO).await;
    let page = app.get("/unlisted").await.text();
    let action = page.split("action=\"/unlisted/").nth(1).unwrap().split('"').next().unwrap();
    let action = format!("/unlisted/{action}");

    let without = app.post(&action, &[("name_key", "goldenwillow"), ("why", "")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text().contains("Say why this is no site"), "{}", without.text());
    let reply = app.post(&action, &[("name_key", "goldenwillow"), ("why", "A mailbox store")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());

    let page = app.get("/unlisted").await.text();
    assert!(!page.contains("2 records") && page.contains("A mailbox store"), "{page}");
    let undo = page.split("action=\"/unlisted/dismissals/").nth(1).unwrap().split('"').next().unwrap();
    let undo = format!("/unlisted/dismissals/{undo}");
    assert_eq!(app.post(&undo, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(app.get("/unlisted").await.text().contains("2 records"));
    assert_eq!(app.post(&undo, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.post(&action, &[("name_key", "elsewhere"), ("why", "x")]).await.status, StatusCode::NOT_FOUND);
}}

both_engines! { who_may_not_add_sites_is_proposed_none, async |app| {
    licenses(app, TWO).await;

    let reply = app.signed_in_as("partner").await.get("/unlisted").await;

    assert_eq!(reply.status, StatusCode::FORBIDDEN);
}}
