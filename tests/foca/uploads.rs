//! A file on its way through the browser: chosen, checked, stored once, its rejects read.

use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use foca::db::query;
use foca::imports::{self, Batch, BatchState, Counts};
use foca::rights::Viewer;

use crate::harness::{Reply, TestApp, both_engines};

const FILE: &str = "number,street,unit,city,state,zip,lon,lat,owner\r\n\
    2417,Tollgrave Ave S,,Duluth,MN,55802,-92.10,46.78,someone\r\n\
    88,Wexmoor St,,Duluth,MN,55802,46.78,-92.10,someone\r\n\
    89,=cmd(),,Duluth,MN,55802,,,someone\r\n";

/// Sends a file as a browser's form does.
pub(crate) async fn upload(app: &TestApp, profile: &str, file_name: &str, file: &[u8]) -> Reply {
    let head = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"profile\"\r\n\r\n{profile}\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--xyz--\r\n"].concat();
    let request = app
        .browser("POST", "/imports/new")
        .header(header::ORIGIN, "http://localhost")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz")
        .body(Body::from(body));
    app.ask(request.unwrap()).await
}

pub(crate) async fn ended(app: &TestApp) -> Batch {
    for _ in 0..400 {
        let batches = imports::store::list(&app.db, &Viewer::operator(), (0, 10)).await.unwrap();
        match batches.into_iter().next() {
            Some(batch) if batch.state != BatchState::Running => return batch,
            _ => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
    panic!("the import does not end")
}

both_engines! { a_file_is_checked_and_then_stored_once, async |app| {
    let uploaded = upload(app, "address-points", "../../etc/points.csv", FILE.as_bytes()).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.text());
    let path = uploaded.location().to_owned();
    let check = app.get(&path).await;
    let before = imports::store::count(&app.db, &Viewer::operator()).await.unwrap();

    let stored = app.post(&path, &[("profile", "address-points")]).await;
    let again = app.post(&path, &[("profile", "address-points")]).await;

    let page = check.text();
    assert_eq!((check.status, before), (StatusCode::OK, 0), "{page}");
    for words in ["All 3 rows checked", "2417 Tollgrave Ave S", "points.csv", "1 column is not read: owner"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(!page.contains("etc/points"));
    assert_eq!((stored.status, again.status), (StatusCode::SEE_OTHER, StatusCode::NOT_FOUND));
    let batch = ended(app).await;
    assert_eq!((batch.state, batch.counts.rows, batch.file_name.as_str()), (BatchState::Done, 3, "points.csv"));
    assert_eq!(app.get(stored.location()).await.status, StatusCode::OK);
    assert!(app.get("/imports").await.text().contains(&batch.code()));
}}

/// The number that a page shows beside `name`.
fn number(page: &str, name: &str) -> i64 {
    let (_, after) =
        page.split_once(&format!("<dt>{name}</dt><dd>")).unwrap_or_else(|| panic!("{name}: {page}"));
    let digits: String = after
        .chars()
        .filter(|it| *it != ',')
        .skip_while(|it| !it.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap()
}

/// Uploads a file, reads the numbers of its preview, stores it, and holds those of the batch against them.
async fn as_previewed(app: &TestApp, profile: &str, file: &str) -> Counts {
    let path = upload(app, profile, "delivery", file.as_bytes()).await.location().to_owned();
    let page = app.get(&path).await.text();
    let names = ["new", "changed", "unchanged or duplicate", "rejected", "left out by the profile"];
    let previewed = names.map(|name| number(&page, name));
    let links = page
        .contains("<dt>To a site</dt>")
        .then(|| ["To a site", "To a building only", "To none"].map(|name| number(&page, name)));
    let sites = page.contains("<dt>New sites</dt>").then(|| number(&page, "New sites"));

    app.post(&path, &[]).await;

    let it = ended(app).await.counts;
    assert_eq!(previewed, [it.stored, it.updated, it.duplicate, it.rejected, it.skipped], "{page}");
    if let Some(links) = links {
        assert_eq!(links, [it.linked, it.building, it.stored + it.updated - it.linked - it.building]);
    }
    assert_eq!(sites.unwrap_or(it.sites), it.sites);
    assert!(page.contains(&format!("All {} row", it.rows)), "{page}");
    it
}

const FACILITIES: &str = r#"{"Id":"F1","Name":"Alder Cafe","Address":"1 Oak St","City":"Belmont","Zip":"94002","Lat":37.52,"Long":-122.27,"Inspections":[{"Date":"2015-01-02","Reason":1,"Result":1,"Score":90,"Violations":[{"Description":"Hand wash","Degree":1}]},{"Date":"2015-06-02","Reason":1,"Result":2,"Violations":[]}]}
{"Id":"F2","Name":"Birch Grill","Address":"2 Oak St","City":"Belmont","Inspections":[{"Date":"2015-01-03","Reason":1,"Result":1,"Violations":[]}]}
"#;

both_engines! { the_numbers_of_a_preview_are_those_of_the_import, async |app| {
    let later = [
        // Unchanged; changed in its violations only; a site that was renamed.
        r#"{"Id":"F1","Name":"Alder House","Address":"1 Oak St","City":"Belmont","Zip":"94002","Lat":37.52,"Long":-122.27,"Inspections":[{"Date":"2015-06-02","Reason":1,"Result":2,"Score":80,"Violations":[{"Description":"Vermin","Degree":1}]}]}"#,
        r#"{"Id":"F2","Name":"Birch Grill","Address":"2 Oak St","City":"Belmont","Inspections":[{"Date":"2015-01-03","Reason":1,"Result":1,"Violations":[]}]}"#,
        // New, twice the same, and a day that cannot be.
        r#"{"Id":"F3","Name":"Cedar Bar","Address":"3 Oak St","City":"Belmont","Inspections":[{"Date":"2015-01-04","Reason":1,"Result":3,"Violations":[]},{"Date":"2015-01-04","Reason":1,"Result":3,"Violations":[]},{"Date":"0001-01-01","Reason":1,"Result":3,"Violations":[]}]}"#,
        r#"{"Id":"F4","#,
    ];
    let sites = "site_id,facility_type,name,aka,address,city,zip,lon,lat\nS1,Grocery,Lou's,,1 Elm St,CHICAGO,60601,-87.6,41.9\n";
    let visits = "inspection_id,result,site_id,date,type,lon,lat\nI1,Pass,S1,2012-01-02,Canvass,,\nI2,Fail,S9,2012-01-02,Canvass,,\n";

    let first = as_previewed(app, "san-mateo-inspections", FACILITIES).await;
    let again = as_previewed(app, "san-mateo-inspections", FACILITIES).await;
    let newer = as_previewed(app, "san-mateo-inspections", &later.join("\n")).await;
    let opened = as_previewed(app, "chicago-food-sites", sites).await;
    let linked = as_previewed(app, "chicago-food-inspections", visits).await;
    let points = as_previewed(app, "address-points", FILE).await;
    let moved = as_previewed(app, "address-points", &FILE.replace("46.78,-92.10", "-92.2,46.7").replace("-92.10,46.78", "-92.11,46.78")).await;

    assert_eq!((first.stored, first.sites, first.linked), (3, 2, 3));
    assert_eq!((again.stored, again.updated, again.duplicate), (0, 0, 3));
    assert_eq!((newer.stored, newer.updated, newer.duplicate, newer.rejected, newer.sites), (1, 1, 2, 2, 1));
    assert_eq!((opened.stored, opened.sites), (1, 1));
    assert_eq!((linked.stored, linked.linked), (2, 1));
    assert_eq!((points.stored, points.rejected), (1, 2));
    assert_eq!((moved.stored, moved.updated, moved.rejected), (1, 1, 1));
}}

both_engines! { a_preview_reads_the_file_once_and_stores_nothing, async |app| {
    let path = upload(app, "san-mateo-inspections", "f.json", FACILITIES.as_bytes()).await.location().to_owned();
    let first = app.get(&path).await;
    let count = async |sql| -> i64 { query(sql).fetch_scalar(&app.db).await.unwrap() };
    let stored = count("SELECT (SELECT count(*) FROM site) + (SELECT count(*) FROM inspection) + (SELECT count(*) FROM import_batch)").await;

    let second = app.get(&path).await;
    let anew = app.get(&format!("{path}?again=1")).await;

    assert_eq!((first.status, stored), (StatusCode::OK, 0), "{}", first.text());
    assert_eq!(second.text(), first.text());
    assert_eq!((anew.status, anew.location()), (StatusCode::SEE_OTHER, path.as_str()));
}}

both_engines! { rejects_are_shown_and_come_as_guarded_csv, async |app| {
    let path = upload(app, "address-points", "p.csv", FILE.as_bytes()).await.location().to_owned();
    app.post(&path, &[]).await;
    let batch = ended(app).await;

    let csv = app.get(&format!("/imports/{}/rejects.csv", batch.id)).await;

    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.text().starts_with("line,column,value,reason\r\n"), "{}", csv.text());
    assert!(csv.text().lines().count() > 1 && !csv.text().contains(",=cmd"), "{}", csv.text());
}}

both_engines! { a_file_that_does_not_fit_or_is_missing_is_told_in_the_form, async |app| {
    let misfit = upload(app, "chicago-licenses", "p.csv", FILE.as_bytes()).await;
    let shown = app.get(misfit.location()).await;
    let empty = upload(app, "address-points", "p.csv", b"").await;
    let no_profile = upload(app, "../secrets", "p.csv", FILE.as_bytes()).await;
    let no_form = app.post("/imports/new", &[("profile", "x")]).await;

    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.text().contains("does not fit"), "{}", shown.text());
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(no_profile.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(no_form.status.is_client_error());
}}

both_engines! { a_file_larger_than_may_be_is_refused_with_what_to_do, async |app| {
    let small = app.with_uploads_of(1);
    let mut file = FILE.as_bytes().to_vec();
    file.resize(1 << 20, b' ');

    let just = upload(&small, "address-points", "p.csv", &file).await;
    file.push(b' ');
    let more = upload(&small, "address-points", "p.csv", &file).await;

    assert_eq!(just.status, StatusCode::SEE_OTHER);
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(more.text().contains("larger than 1 MiB") && more.text().contains("foca import"), "{}", more.text());
    app.post(&format!("{}/cancel", just.location()), &[]).await;
}}

both_engines! { canceling_deletes_the_waiting_file, async |app| {
    let path = upload(app, "address-points", "p.csv", FILE.as_bytes()).await.location().to_owned();

    let canceled = app.post(&format!("{path}/cancel"), &[]).await;

    assert_eq!(canceled.status, StatusCode::SEE_OTHER);
    assert_eq!(app.get(&path).await.status, StatusCode::NOT_FOUND);
}}

both_engines! { the_list_of_sites_filters_sorts_and_says_what_to_drop, async |app| {
    app.site("Alpha").kind("lodging").at(-93.1, 44.9).create().await;
    app.site("Beta <i>").closed().create().await;
    app.app.snapshots.refresh(&app.db).await.unwrap();

    let all = app.get("/sites?sort=-name").await.text();
    let closed = app.get("/sites?status=closed").await.text();
    let pointless = app.get("/sites?point=none").await.text();
    let none = app.get("/sites?kind=lodging&status=closed").await.text();

    assert!(all.find("Beta &lt;i&gt;").unwrap() < all.find(">Alpha<").unwrap(), "{all}");
    assert!(closed.contains("Beta") && !closed.contains(">Alpha<"));
    assert!(pointless.contains("Beta") && !pointless.contains(">Alpha<"));
    assert!(none.contains("No site fits all 2 filters.") && none.contains("there is 1"), "{none}");
    for junk in ["tier=worst", "status=gone", "bbox=1", "page=-1", "page=99999999999", "sort=%00", "q=%ff", "kind=%27"] {
        let reply = app.get(&format!("/sites?{junk}")).await;
        assert!(reply.status.as_u16() < 500, "{junk}: {}", reply.status);
    }
}}
