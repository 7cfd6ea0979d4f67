//! The operator's street map over HTTP: ranges, their limits, and what belongs to which version of the file.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use foca::db::Engine;

use crate::harness::{Reply, TestApp, run};

const BYTES: &[u8] = b"PMTiles\x03 and whatever tiles come after";

/// Asks for the street map, with these headers.
async fn ask(app: &TestApp, method: Method, headers: &[(&str, &str)]) -> Reply {
    let request = app.browser(method.as_str(), "/basemap.pmtiles");
    let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
    app.ask(request.body(Body::empty()).unwrap()).await
}

/// An app that serves `file` as its street map.
async fn with(app: &TestApp, file: &std::path::Path) -> TestApp {
    let mut serve = foca::config::Serve::preset();
    serve.basemap = Some(file.to_owned());
    TestApp::open(app.url()).await.changed(|app| app.serve = Arc::new(serve))
}

#[test]
fn a_range_gives_its_part_and_one_beyond_the_end_is_refused() {
    run(Engine::Sqlite, async |app| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), BYTES).unwrap();
        let app = with(app, file.path()).await;

        let part = ask(&app, Method::GET, &[("range", "bytes=0-6"), ("accept-encoding", "gzip")]).await;
        let beyond = ask(&app, Method::GET, &[("range", "bytes=1000-1001")]).await;
        let head = ask(&app, Method::HEAD, &[]).await;

        assert_eq!((part.status, part.bytes()), (StatusCode::PARTIAL_CONTENT, &b"PMTiles"[..]));
        assert_eq!(part.headers[header::CONTENT_RANGE], format!("bytes 0-6/{}", BYTES.len()));
        assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(beyond.headers[header::CONTENT_RANGE], format!("bytes */{}", BYTES.len()));
        assert_eq!((head.status, head.bytes().len()), (StatusCode::OK, 0));
        assert_eq!(head.headers[header::CONTENT_LENGTH], BYTES.len().to_string());
        assert_eq!(head.headers[header::ACCEPT_RANGES], "bytes");
    });
}

#[test]
fn a_part_is_given_only_of_the_version_that_the_reader_holds() {
    run(Engine::Sqlite, async |app| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), BYTES).unwrap();
        let app = with(app, file.path()).await;
        let tag = ask(&app, Method::HEAD, &[]).await.headers[header::ETAG].to_str().unwrap().to_owned();

        let same = ask(&app, Method::GET, &[("range", "bytes=0-6"), ("if-range", &tag)]).await;
        let known = ask(&app, Method::GET, &[("if-none-match", &tag)]).await;
        std::fs::write(file.path(), [BYTES, b"longer"].concat()).unwrap();
        let other = ask(&app, Method::GET, &[("range", "bytes=0-6"), ("if-range", &tag)]).await;

        assert!(tag.starts_with('"'), "{tag} is weak");
        assert_eq!(same.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        assert_eq!((other.status, other.bytes().len()), (StatusCode::OK, BYTES.len() + 6));
        assert_ne!(other.headers[header::ETAG], tag);
    });
}

#[test]
fn without_a_street_map_there_is_none() {
    run(Engine::Sqlite, async |app| {
        let app = with(app, std::path::Path::new("gone.pmtiles")).await;

        assert_eq!(ask(&app, Method::GET, &[]).await.status, StatusCode::NOT_FOUND);
    });
}
