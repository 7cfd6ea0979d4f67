//! What a new business would break at a spot: asked by address, by point and on the map; and the layer of places.

use axum::http::StatusCode;
use foca::areas::{self, Area, CITY};
use geo::{Geometry, polygon};

use crate::harness::{TestApp, both_engines};

const HERE: &str = "lat=46.8&lon=-92.1&kind=strip_club";
const LOT: &str = "POLYGON((-92.1 46.8005, -92.099 46.8005, -92.099 46.801, -92.1 46.801, -92.1 46.8005))";

/// Duluth by its outline, and a school some 55 m north of the spot.
async fn duluth(app: &TestApp) -> TestApp {
    let outline = polygon![(x: -92.3, y: 46.6), (x: -91.9, y: 46.6), (x: -91.9, y: 46.9), (x: -92.3, y: 46.9), (x: -92.3, y: 46.6)];
    let city = Area::new(("test", "duluth"), CITY, "Duluth");
    let city = areas::store::with_outline(city, &Geometry::Polygon(outline)).unwrap();
    let mut tx = app.db.begin().await.unwrap();
    areas::store::save(&mut tx, vec![city]).await.unwrap();
    tx.commit().await.unwrap();
    app.place("Elm School").outline(LOT).create().await;
    TestApp::open(app.url()).await.signed_in_as("investigator").await
}

both_engines! {
    a_strip_club_beside_a_school_meets_the_law_of_its_city, async |app| {
        let app = duluth(app).await;

        let page = app.get(&format!("/what-if?{HERE}")).await.text();

        assert!(page.contains("A strip club here would"), "{page}");
        assert!(page.contains("Elm School") && page.contains(r#"href="/rules/duluth-adult#"#), "{page}");
        assert!(page.contains("In Duluth") && page.contains("what-if-picture"), "{page}");
    }

    a_point_may_be_pasted_as_maps_give_it, async |app| {
        let app = duluth(app).await;

        let pasted = app.get("/what-if?address=46.8,+-92.1&kind=strip_club").await;

        assert_eq!(pasted.status, StatusCode::OK);
        assert!(pasted.text().contains("Elm School"));
    }

    an_address_is_found_by_a_site_in_its_building_or_on_its_street, async |app| {
        app.site("Joe's").address("100 Elm St, Duluth, MN 55802").at(-92.1, 46.8).create().await;
        let app = duluth(app).await;

        let same = app.get("/what-if?address=100+Elm+St,+Duluth&kind=strip_club").await.text();
        let near = app.get("/what-if?address=130+Elm+St,+Duluth&kind=strip_club").await.text();
        let far = app.get("/what-if?address=130+Oak+St,+Duluth&kind=strip_club").await;

        assert!(same.contains("in the same building") && same.contains("Elm School"), "{same}");
        assert!(near.contains("on the same street") && near.contains("50 m off"), "{near}");
        assert_eq!(far.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(far.text().contains("No point is on record for this address"));
    }

    what_cannot_be_asked_says_what_would_be_right, async |app| {
        let app = app.signed_in_as("investigator").await;
        for (query, advice) in [
            ("address=Elm&kind=strip_club", "Give a street address with its city"),
            ("address=100+Elm+St&kind=strip_club", "Add the city"),
            ("address=-92.1,+46.8&kind=strip_club", "latitude first"),
            ("lat=46.8&lon=-92.1&kind=bakery", "Choose a kind of the list"),
        ] {
            let reply = app.get(&format!("/what-if?{query}")).await;

            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert!(reply.text().contains(advice), "{query}");
        }
        assert_eq!(app.get("/what-if").await.status, StatusCode::OK);
    }

    the_map_shows_the_same_answer_with_what_to_draw, async |app| {
        let app = duluth(app).await;

        let panel = app.get(&format!("/map/what-if?{HERE}")).await.text();

        assert!(panel.contains("data-drawing=") && panel.contains("&quot;ring&quot;"), "{panel}");
        assert!(panel.contains("Elm School") && panel.contains("A strip club here would"), "{panel}");
    }

    a_business_elsewhere_counts_and_is_not_named, async |app| {
        app.site("Moe's").kind("strip_club").at(-92.1, 46.8003).create().await;
        let app = duluth(app).await.signed_in_within("investigator", "city:Winona").await;

        let page = app.get(&format!("/what-if?{HERE}")).await.text();

        assert!(page.contains("A business outside of your area"), "{page}");
        assert!(!page.contains("Moe&#39;s") && !page.contains("Moe's"), "{page}");
    }

    the_places_of_a_box_are_drawn_as_they_are, async |app| {
        let app = duluth(app).await;
        app.place("Gone").outline("-92.1, 46.8").with(|it| it.closed_on = Some("2020-01-01".parse().unwrap())).create().await;
        app.place("A lot").outline(LOT).with(|it| "lot".clone_into(&mut it.class)).create().await;

        let here = app.get("/map/places.json?bbox=-92.2,46.7,-92,46.9").await;
        let elsewhere = app.get("/map/places.json?bbox=-93.2,46.7,-93,46.9").await;
        let everywhere = app.get("/map/places.json?bbox=-97,43,-89,50").await;

        assert_eq!(here.names(), ["Elm School"]);
        assert_eq!(here.json()["features"][0]["geometry"]["coordinates"][0].as_array().unwrap().len(), 5);
        assert!(elsewhere.names().is_empty());
        assert_eq!(everywhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
