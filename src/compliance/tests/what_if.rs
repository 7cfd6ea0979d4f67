//! Questions about a business that does not exist yet.

use chrono::Days;

use super::*;
use crate::compliance::what_if::{Asked, Spot, ask};
use crate::compliance::what_if_picture::sketch;
use crate::geo::Point;
use crate::geo::distance::{Meters, distance};
use crate::rights::Resource;

const SETBACK: &str = "kind = \"setback\"\nto = [\"school\"]\nfeet = 1000\nmeasure = \"lot\"";

/// A massage parlor in Elm at 45° north.
fn spot() -> Spot {
    Spot {
        point: point(0.0),
        error: Meters(0.0),
        kind: "massage_parlor".to_owned(),
        city: Some("Elm".to_owned()),
        written_city: None,
        county: Some("Oak".to_owned()),
        state: None,
    }
}

/// What a town without the site says, with its `others` and places.
fn asked<T>(town: &Town, spot: &Spot, viewer: &Viewer, read: impl FnOnce(&Asked<'_>, &Ground<'_>) -> T) -> T {
    let places = Snapshot::new(0, town.places.clone());
    let regulated = Regulated::new(&town.packs, &town.others);
    let (classes, facts) = (&town.packs.classes, &town.packs.facts);
    let ground = Ground { viewer, places: &places, classes, regulated: &regulated, facts };
    read(&ask(&town.packs, spot, &ground, town.on), &ground)
}

/// Numbers of rules broken, undecided, kept, and not about the place.
fn numbers(town: &Town, spot: &Spot) -> [usize; 4] {
    asked(town, spot, &Viewer::system("test"), |it, _| {
        [it.broken.len(), it.undecided.len(), it.kept.len(), it.not_about_place.len()]
    })
}

#[test]
fn a_school_counts_whenever_it_came_for_a_new_business_comes_last() {
    let mut town = Town::of(SETBACK);
    town.square("school", Part::Lot, 500.0, 100.0);
    town.square("lot", Part::Lot, -50.0, 100.0);

    assert_eq!(numbers(&town, &spot()), [1, 0, 0, 0], "since when it is there is not known");
    town.places[0].opened_on = Some(Moment::Day(town.on));
    assert_eq!(numbers(&town, &spot()), [1, 0, 0, 0], "it opens today");
    town.places[0].opened_on = Some(Moment::Day(town.on + Days::new(1)));
    assert_eq!(numbers(&town, &spot()), [0, 0, 1, 0], "it is not there yet");
}

#[test]
fn a_school_near_the_limit_of_which_only_a_point_is_known_leaves_it_undecided() {
    let mut town = Town::of(SETBACK);
    town.place("school", Part::Point, 1_200.0);

    assert_eq!(numbers(&town, &spot()), [0, 1, 0, 0]);
}

#[test]
fn a_cap_counts_the_new_business_too() {
    let mut town = Town::of("kind = \"cap\"\nmost = 2\nper = \"city\"");
    town.others = vec![site(2, Some(90.0))];
    assert_eq!(numbers(&town, &spot()), [0, 0, 1, 0]);

    town.others.push(site(3, Some(900.0)));
    assert_eq!(numbers(&town, &spot()), [1, 0, 0, 0]);
}

#[test]
fn the_next_of_its_kind_is_measured() {
    let separation =
        "kind = \"separation\"\nfrom_kinds = [\"massage_parlor\"]\nfeet = 300\nmeasure = \"door\"";
    let mut town = Town::of(separation);
    town.others = vec![site(2, Some(100.0))];

    let name = asked(&town, &spot(), &Viewer::system("test"), |it, _| {
        it.broken[0].finding.measurements[0].name.clone()
    });

    assert_eq!(name, "House 2");
}

#[test]
fn what_no_place_answers_is_listed_and_other_cities_and_kinds_are_not_asked() {
    let town = Town::of("kind = \"license_required\"\nholder = \"business\"");

    assert_eq!(numbers(&town, &spot()), [0, 0, 0, 1]);
    let (kind, city) = ("strip_club".to_owned(), Some("Oakdale".to_owned()));
    assert_eq!(numbers(&town, &Spot { kind, ..spot() }), [0; 4]);
    assert_eq!(numbers(&town, &Spot { city, ..spot() }), [0; 4]);
}

#[test]
fn a_city_that_only_the_address_names_is_for_an_attorney() {
    let mut town = Town::of(SETBACK);
    town.square("school", Part::Lot, 500.0, 100.0);
    let spot = Spot { city: None, written_city: Some("Elm".to_owned()), ..spot() };

    let n = asked(&town, &spot, &Viewer::system("test"), |it, _| (it.broken.len(), it.n_for_attorney()));

    assert_eq!(n, (0, 1));
}

#[test]
fn who_may_not_see_places_is_not_told_that_a_setback_is_kept() {
    let mut town = Town::of(SETBACK);
    town.square("school", Part::Lot, 500.0, 100.0);
    let viewer = Viewer::system("test").without(&[Resource::Place]);

    let told = asked(&town, &spot(), &viewer, |it, _| (it.answered().count(), it.n_withheld));

    assert_eq!(told, (0, 1));
}

#[test]
fn a_ring_stands_at_the_limit_and_the_place_within_it_is_drawn() {
    let mut town = Town::of(&SETBACK.replace("1000", "5280"));
    town.square("school", Part::Lot, 500.0, 100.0);

    let (drawn, picture) = asked(&town, &spot(), &Viewer::system("test"), |it, ground| {
        let sketch = sketch(it, &spot(), ground);
        (sketch.geojson(), sketch.picture("Here").into_string())
    });

    let features = drawn["features"].as_array().unwrap();
    let of = |is: &str| features.iter().find(|it| it["properties"]["is"] == is).unwrap();
    for corner in of("ring")["geometry"]["coordinates"][0].as_array().unwrap() {
        let corner = Point::parse(corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap()).unwrap();
        let feet = crate::geo::distance::Feet::from(distance(point(0.0), corner)).0;
        assert!((feet - 5280.0).abs() < 1.0, "{feet}");
    }
    assert_eq!(of("place")["properties"]["words"], "school 0");
    assert_eq!(of("place")["geometry"]["type"], "Polygon");
    assert!(of("line")["properties"]["words"].as_str().unwrap().contains("500 ft"), "{:?}", of("line"));
    assert!(picture.contains("5,280 ft") && picture.contains("school 0"), "{picture}");
}
