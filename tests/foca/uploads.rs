//! A file on its way through the browser: chosen, checked, stored once, its rejects read.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use foca::imports::{self, Batch, BatchState};
use foca::rights::Viewer;

use crate::harness::{Reply, TestApp, both_engines};

const FILE: &str = "number,street,unit,city,state,zip,lon,lat,owner\r\n\
    2417,Tollgrave Ave S,,Duluth,MN,55802,-92.10,46.78,someone\r\n\
    88,Wexmoor St,,Duluth,MN,55802,46.78,-92.10,someone\r\n\
    89,=cmd(),,Duluth,MN,55802,,,someone\r\n";

/// Sends a file as a browser's form does.
async fn upload(app: &TestApp, profile: &str, file_name: &str, file: &[u8]) -> Reply {
    let head = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"profile\"\r\n\r\n{profile}\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--xyz--\r\n"].concat();
    let request = Request::builder()
        .method("POST")
        .uri("/imports/new")
        .header(header::HOST, "localhost")
        .header(header::ORIGIN, "http://localhost")
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz")
        .body(Body::from(body));
    app.ask(request.unwrap()).await
}

async fn ended(app: &TestApp) -> Batch {
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
