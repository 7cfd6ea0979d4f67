//! What the map's script asks for: marks, groups, list, panel, crosses, outlines; limited, small and never broken.

use axum::http::StatusCode;
use foca::areas::{self, Area, CITY, ROUGH_SOURCES};
use foca::db::Tx;
use geo::{Geometry, polygon};

use crate::harness::{Reply, TestApp, both_engines};

/// Names of the sites that stand by themselves.
fn marks(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    let sites = json["sites"].as_array().expect("a list of sites");
    sites.iter().map(|it| it[5].as_str().unwrap().to_owned()).collect()
}

async fn two_cities(app: &TestApp) {
    app.site("Duluth One").kind("massage_parlor").at(-92.1, 46.78).create().await;
    app.site("Duluth Two").kind("lodging").at(-92.1004, 46.7803).create().await;
    app.site("Winona One").kind("lodging").at(-91.64, 44.05).create().await;
    app.site("Nowhere").create().await;
}

both_engines! {
    a_view_holds_the_sites_inside_its_box, async |app| {
        two_cities(app).await;

        let reply = app.get("/map/sites.json?bbox=-92.5,46.5,-91.9,47&zoom=15").await;

        assert_eq!(marks(&reply), ["Duluth One", "Duluth Two"]);
        assert_eq!((&reply.json()["total"], &reply.json()["in_view"], &reply.json()["without_point"]), (&4.into(), &2.into(), &1.into()));
    }

    a_filter_limits_marks_and_list_alike, async |app| {
        two_cities(app).await;
        let filter = "kind=lodging&bbox=-93,43,-91,48&zoom=15";

        let (view, list) = (app.get(&format!("/map/sites.json?{filter}")).await, app.get(&format!("/map/list?{filter}&sort=name")).await);

        assert_eq!(marks(&view), ["Duluth Two", "Winona One"]);
        let text = list.text();
        assert!(text.find("Duluth Two").unwrap() < text.find("Winona One").unwrap() && !text.contains("Duluth One"));
    }

    below_zoom_ten_the_server_makes_the_groups, async |app| {
        two_cities(app).await;

        let far = app.get("/map/sites.json?bbox=-97,43,-89,50&zoom=6").await;
        let near = app.get("/map/sites.json?bbox=-97,43,-89,50&zoom=15").await;
        let alone = app.get("/map/sites.json?bbox=-97,43,-89,50&zoom=6&groups=none").await;

        let groups = far.json()["groups"].as_array().unwrap().clone();
        assert_eq!((groups.len(), &groups[0][2]), (1, &2.into()));
        assert_eq!(marks(&far), ["Winona One"]);
        assert_eq!((marks(&near).len(), marks(&alone).len()), (3, 3));
    }

    a_view_of_very_many_sites_stays_small, async |app| {
        let mut tx = app.db.begin().await.unwrap();
        crowd(&mut tx, app, 4_000).await;
        tx.commit().await.unwrap();
        app.take_up().await;

        for zoom in ["4", "9", "12", "18"] {
            let reply = app.get(&format!("/map/sites.json?bbox=-97,43,-89,50&zoom={zoom}&groups=none")).await;

            assert!(reply.bytes().len() <= 300_000, "{} bytes at zoom {zoom}", reply.bytes().len());
            let grouped: u64 = reply.json()["groups"].as_array().unwrap().iter().map(|it| it[2].as_u64().unwrap()).sum();
            assert_eq!(grouped + marks(&reply).len() as u64, 4_000, "at zoom {zoom}");
        }
    }

    a_rough_outline_locates_sites_and_is_not_drawn_as_a_limit, async |app| {
        let mut tx = app.db.begin().await.unwrap();
        areas::store::save(&mut tx, vec![square("Duluth", ROUGH_SOURCES[0]), square("Hermantown", "register")]).await.unwrap();
        tx.commit().await.unwrap();

        let reply = TestApp::open(app.url()).await.get("/map/areas.geojson?class=city&zoom=9").await;

        assert_eq!(reply.names(), ["Hermantown"]);
    }

    an_empty_list_says_which_filter_to_drop, async |app| {
        two_cities(app).await;

        let list = app.get("/map/list?kind=lodging&q=one&city=Bemidji").await.text();

        assert!(list.contains("No site fits all 3 filters.") && list.contains("Without “City: Bemidji” there is 1."), "{list}");
        assert!(list.contains(r#"data-drop="city""#));
    }

    an_incident_that_no_site_has_taken_is_a_cross, async |app| {
        let site = app.site("Joe's").at(-92.1, 46.78).create().await;
        app.incident("taken").of(&site).create().await;
        let here = |it: &mut foca::incidents::Incident| {
            (it.place.lon, it.place.lat) = (Some(-92.11), Some(46.79));
            it.cell = foca::incidents::cell_of(&it.place);
            it.offense = "dui".to_owned();
        };
        let loose = app.incident("loose").with(here).create().await;
        app.incident("old").with(here).on("2025-05-01").create().await;

        let found = app.get("/map/incidents.json?bbox=-92.3,46.6,-92,46.9").await.json();
        let before = app.get("/map/incidents.json?bbox=-92.3,46.6,-92,46.9&as_of=2025-06-01").await.json();
        let wide = app.get("/map/incidents.json?bbox=-95,44,-92,46.9").await;

        assert_eq!(found["incidents"].as_array().unwrap().len(), 1);
        assert_eq!((&found["incidents"][0][0], &found["incidents"][0][3]), (&loose.to_string().into(), &"Driving under the influence".into()));
        assert_eq!(before["incidents"].as_array().unwrap().len(), 1);
        assert_eq!(wide.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    as_of_a_past_day_the_map_shows_what_was_known_then, async |app| {
        let early = app.site("Early").kind("lodging").at(-92.1, 46.78).create().await;
        app.site("Late").kind("lodging").at(-92.2, 46.78).with(|it| it.recorded_at = "2026-10-01".parse().unwrap()).create().await;
        app.complaint("later").of(&early).on("2026-09-01").create().await;
        app.assess().await;
        let all = "bbox=-93,46,-91,47&zoom=15";

        let then = app.get(&format!("/map/sites.json?{all}&as_of=2026-06-01")).await;
        let now = app.get(&format!("/map/sites.json?{all}&as_of=2026-11-23")).await;
        let list = app.get("/map/list?as_of=2026-06-01").await.text();
        let (panel, past) = (app.get(&format!("/map/panel/{}", early.id)).await, app.get(&format!("/map/panel/{}?as_of=2026-06-01", early.id)).await);
        let export = app.get("/export/sites.geojson?as_of=2026-06-01").await;

        assert_eq!((marks(&then), marks(&now).len()), (vec!["Early".to_owned()], 2));
        assert!(list.contains("As known at the end of Jun 1, 2026."));
        assert!(panel.text().contains("Complaint") && !past.text().contains("Complaint"), "{}", past.text());
        assert_eq!(export.names(), ["Early"]);
    }

    a_day_that_is_none_or_not_over_is_refused_by_name, async |app| {
        for day in ["2026-11-24", "yesterday", "2026-02-30", "+262142-01-01"] {
            let reply = app.get(&format!("/map/list?as_of={}", day.replace('+', "%2B"))).await;

            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
            assert!(reply.text().contains("Give a day up to today"), "{day}");
        }
        assert_eq!(app.get("/map/list?as_of=0001-01-01").await.status, StatusCode::OK);
    }
}

/// Many sites over the whole state, stored as fast as can be.
async fn crowd(tx: &mut Tx, app: &TestApp, n: i64) {
    let one = app.site("Site").at(-93.0, 45.0).blank();
    let sites = (0..n).map(|n| {
        let mut site = one.clone();
        let (row, column) = (n / 64, n % 64);
        (site.id, site.source_key, site.number) =
            (foca::records::SiteId::of_source("crowd", &n.to_string()), n.to_string(), n + 1);
        (site.lon, site.lat) = (Some(-96.9 + 0.12 * column as f64), Some(43.1 + 0.1 * row as f64));
        site
    });
    foca::sites::store::save(tx, sites.collect(), "2026-01-01".parse().unwrap()).await.unwrap();
}

fn square(name: &str, source: &str) -> Area {
    let outline =
        polygon![(x: -92.2, y: 46.7), (x: -92.0, y: 46.7), (x: -92.0, y: 46.9), (x: -92.2, y: 46.7)];
    areas::store::with_outline(Area::new((source, name), CITY, name), &Geometry::Polygon(outline)).unwrap()
}
