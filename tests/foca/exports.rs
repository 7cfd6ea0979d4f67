//! Exports: which properties they have, over HTTP and from the command line.

use std::io::Read;

use axum::body::Body;
use axum::http::{StatusCode, header};
use serde_json::Value;

use crate::harness::{TestApp, both_engines};

async fn properties_of_first(app: &TestApp, path: &str) -> Vec<String> {
    let reply = app.get(path).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let export: Value = serde_json::from_str(&reply.text()).unwrap();
    let feature = &export["features"][0];
    assert!(feature["id"].is_string() && feature["geometry"]["type"] == "Point", "{feature}");
    feature["properties"].as_object().unwrap().keys().cloned().collect()
}

both_engines! {
    an_export_that_is_packed_on_its_way_comes_whole, async |app| {
        let site = app.site("Joe's").at(-92.1, 46.8).create().await;
        for n in 0..600 {
            app.incident(&n.to_string()).of(&site).create().await;
        }
        let plain = app.get("/export/incidents.geojson").await;

        let request = app.browser("GET", "/export/incidents.geojson").header(header::ACCEPT_ENCODING, "gzip");
        let packed = app.ask(request.body(Body::empty()).unwrap()).await;

        assert_eq!(packed.headers[header::CONTENT_ENCODING], "gzip");
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(packed.bytes()).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.text());
        assert!(unpacked.len() > 2 * 64 * 1024, "{}", unpacked.len());
    }

    an_export_has_the_properties_that_were_asked_for, async |app| {
        let site = app.site("Joe's").at(-92.1, 46.8).create().await;
        app.inspection("i").of(&site).create().await;

        let of_inspection = properties_of_first(app, "/export/inspections.geojson?properties=outcome,source").await;
        let of_site = properties_of_first(app, "/export/sites.geojson?properties=name&properties=city").await;
        let table = app.get("/export/inspections.csv?properties=source_key,outcome").await.text();

        assert_eq!(of_inspection, ["outcome", "source"]);
        assert_eq!(of_site, ["city", "name"]);
        assert_eq!(table.lines().next(), Some("id,outcome,source_key,lon,lat,data_status"));
    }

    a_number_of_the_score_never_comes_without_its_sentence, async |app| {
        app.site("Joe's").at(-92.1, 46.8).create().await;

        for name in ["tier", "points", "points_low", "points_high", "coverage"] {
            let properties = properties_of_first(app, &format!("/export/sites.geojson?properties={name}")).await;

            assert_eq!(properties.len(), 2, "{properties:?}");
            assert!(properties.iter().any(|it| it == "standing") && properties.iter().any(|it| it == name));
        }
    }

    a_property_that_is_none_is_refused_with_those_that_are, async |app| {
        for path in ["/export/sites.csv?properties=owner", "/export/incidents.geojson?properties=offense,victim"] {
            let reply = app.get(path).await;

            assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
            assert!(reply.text().contains("There is no property") && reply.text().contains("source_key"), "{path}");
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out.csv");
        let mut program = app.program();
        let ended = program.args(["export", "incidents", "--properties", "victim", "--out"]).arg(&file).output().unwrap();

        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && said.contains("There is no property victim"), "{said}");
        assert!(!file.exists());
    }
}
