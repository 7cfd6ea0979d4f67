//! Several registers and people at work on one catalog: a register's own keys lead to sites that another one opened,
//! and what a person has corrected stays when the register delivers again.

use foca::db::query;
use foca::imports::Counts;
use foca::rights::Viewer;
use foca::sites::{self, Site, Status};

use crate::harness::{TestApp, both_engines, deliver, deliver_file, run, shared};

const REGISTER: &str = r#"
title = "Register"
source = "SOURCE"
record = "site"
[file]
format = "csv"
[key]
columns = ["id"]
[fields]
name = "name"
address = "street"
city = "city"
state = { constant = "MN" }
kind = { column = "kind", map = { spa = "massage_parlor", inn = "lodging" } }
status = { column = "status", map = { open = "open", closed = "closed" } }
"#;

const VISITS: &str = r#"
title = "Visits"
source = "SOURCE"
record = "inspection"
[file]
format = "csv"
[key]
columns = ["visit"]
[fields]
site_key = "id"
occurred_at = { column = "day", formats = ["%Y-%m-%d"] }
"#;

async fn import(app: &TestApp, toml: &str, source: &str, text: &str) -> Counts {
    deliver(app, &toml.replace("SOURCE", source), text.as_bytes()).await.unwrap().counts
}

async fn register(app: &TestApp, source: &str, rows: &str) -> Counts {
    import(app, REGISTER, source, &format!("id,name,street,city,kind,status\n{rows}")).await
}

async fn only_site(app: &TestApp) -> Site {
    let mut all = sites::store::all(&app.db, &Viewer::operator()).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Edits the site at its form, leaving all but `changes` as it stands.
async fn edit(app: &TestApp, changes: &[(&str, &str)]) {
    let site = only_site(app).await;
    let mut values: Vec<(String, String)> = sites::form::values(&site).pairs().to_vec();
    values.retain(|(name, _)| name != "version" && changes.iter().all(|it| it.0 != name));
    values.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    values.push(("version".to_owned(), site.version.to_string()));
    let values: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.submit(&format!("/sites/{}/edit", site.id), &values).await;
}

async fn history(app: &TestApp) -> String {
    let page = app.get(&format!("/sites/{}", only_site(app).await.id)).await.text();
    page.split_once("id=\"versions\"").unwrap().1.to_owned()
}

both_engines! { a_register_finds_by_its_own_key_what_another_one_opened, async |app| {
    register(app, "one", "A1,Larkfield Bodywork,12 Oak St,Duluth,spa,open\n").await;

    let met = register(app, "two", "77,LARKFIELD BODYWORK,12 Oak Street,Duluth,spa,open\n").await;
    let linked = import(app, VISITS, "two", "visit,id,day\nV1,77,2024-01-02\n").await;
    edit(app, &[("name", "Another Name")]).await;
    let met_again = register(app, "two", "77,LARKFIELD BODYWORK,12 Oak Street,Duluth,spa,open\n").await;
    let strange = import(app, VISITS, "three", "visit,id,day\nV2,77,2024-01-02\n").await;

    assert_eq!((met.sites, met.duplicate), (0, 1));
    assert_eq!((linked.stored, linked.linked), (1, 1));
    assert_eq!((met_again.sites, met_again.duplicate), (0, 1));
    assert_eq!((strange.stored, strange.linked), (1, 0));
    let keys: i64 = query("SELECT count(*) FROM site_key").fetch_scalar(&app.db).await.unwrap();
    assert_eq!(keys, 1);
}}

both_engines! { what_a_person_corrected_stays_and_what_the_register_says_is_shown, async |app| {
    register(app, "one", "A1,Larkfeild,12 Oak St,Duluth,spa,open\n").await;
    edit(app, &[("name", "Larkfield")]).await;

    let same = register(app, "one", "A1,Larkfeild,12 Oak St,Duluth,spa,open\n").await;
    let after_same = only_site(app).await;
    let newer = register(app, "one", "A1,Larkfield Bodywork LLC,14 Oak St,Duluth,inn,open\n").await;
    let again = register(app, "one", "A1,Larkfield Bodywork LLC,14 Oak St,Duluth,inn,open\n").await;

    assert_eq!((same.updated, after_same.name.as_str(), after_same.version), (0, "Larkfield", 2));
    assert_eq!((newer.updated, again.updated), (1, 0));
    let site = only_site(app).await;
    assert_eq!((site.name.as_str(), site.kind.as_str(), site.address.as_str()), ("Larkfield", "lodging", "14 Oak St"));
    let page = history(app).await;
    assert_eq!(page.matches("one says, as its name: Larkfield Bodywork LLC").count(), 1, "{page}");
}}

both_engines! { a_correction_is_given_back_by_entering_what_the_register_says, async |app| {
    register(app, "one", "A1,Larkfeild,12 Oak St,Duluth,spa,open\n").await;
    edit(app, &[("name", "Larkfield")]).await;
    register(app, "one", "A1,Larkfield LLC,12 Oak St,Duluth,spa,open\n").await;

    edit(app, &[("name", "Larkfield LLC")]).await;
    register(app, "one", "A1,Larkfield Inc,12 Oak St,Duluth,spa,open\n").await;

    assert_eq!(only_site(app).await.name, "Larkfield Inc");
}}

both_engines! { a_site_that_a_person_closed_is_not_opened_by_its_register, async |app| {
    register(app, "one", "A1,Larkfield,12 Oak St,Duluth,spa,open\n").await;
    let site = only_site(app).await;
    app.submit(
        &format!("/sites/{}/close", site.id),
        &[("closed_on", "2026-11-01"), ("reason", "seen boarded up"), ("version", "1")],
    ).await;

    register(app, "one", "A1,Larkfield Spa,12 Oak St,Duluth,spa,open\n").await;

    let site = only_site(app).await;
    assert_eq!((site.status, site.name.as_str()), (Status::Closed, "Larkfield Spa"));
    assert!(site.closed_on.is_some() && site.note.shown().is_some());
    assert!(history(app).await.contains("one says, as its status: open"));
}}

#[test]
fn every_inspection_of_chicago_links_though_another_register_opened_its_site() {
    run(foca::db::Engine::Sqlite, async |app| {
        let files = [
            ("chicago-licenses", "lic_chicago_sample/Business_Licenses.csv"),
            ("chicago-food-sites", "chicago_food/known/sites.csv.gz"),
            ("chicago-food-inspections", "chicago_food/known/inspections.csv.gz"),
        ];
        let mut last = Counts::default();
        for (name, path) in files {
            let Some(path) = shared(&format!("data/{path}")) else { return };
            last = deliver_file(app, name, path).await.counts;
        }

        assert_eq!((last.stored, last.linked), (17_823, 17_823));
    });
}
