//! Asks what rules say of a new business at 1,000 spots among 20,000 sites and 60,000 places, all invented, and prints the
//! median and the slowest hundredth in milliseconds, drawing included; the indexes are built before, and timed apart.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that meets an error has no result")]

use std::time::Instant;

use chrono::NaiveDate;
use foca::clock::Moment;
use foca::compliance::ground::{Ground, Regulated};
use foca::compliance::packs::Packs;
use foca::compliance::what_if::{Spot, ask};
use foca::compliance::what_if_picture::sketch;
use foca::geo::Point;
use foca::geo::distance::Meters;
use foca::geo::shape::Shape;
use foca::incidents::offenses::Offenses;
use foca::knowledge::Library;
use foca::places::snapshot::Snapshot;
use foca::places::{Part, Place, PlaceId, form};
use foca::records::SiteId;
use foca::rights::Viewer;
use foca::sites::{Kinds, Site};

const SITES: u64 = 20_000;
const PLACES: u64 = 60_000;
const ASKS: u64 = 1_000;
const CLASSES: [&str; 6] = ["school", "child_care", "worship", "park", "residence", "lot"];
const KINDS: [&str; 3] = ["strip_club", "massage_parlor", "adult_bookstore"];
/// The cities whose law is held against, and one without.
const CITIES: [&str; 4] = ["Minneapolis", "Duluth", "Rochester", "Elm"];

fn main() {
    let library = Library::open(None).unwrap();
    let kinds = Kinds::read(&library).unwrap();
    let packs = Packs::read(&library, &kinds, &Offenses::read(&library).unwrap()).unwrap();
    let viewer = Viewer::operator();
    let begun = Instant::now();
    let places = Snapshot::new(0, (0..PLACES).map(place).collect());
    println!("index of {PLACES} places: {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    let sites: Vec<Site> = (0..SITES).map(site).collect();
    let begun = Instant::now();
    let regulated = Regulated::new(&packs, &sites);
    println!("index of {SITES} sites: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    let ground = Ground {
        viewer: &viewer,
        places: &places,
        classes: &packs.classes,
        regulated: &regulated,
        facts: &packs.facts,
    };
    let (mut times, mut against) = (Vec::new(), 0);
    for n in 0..ASKS {
        let spot = spot(n);
        let begun = Instant::now();
        let asked = ask(&packs, &spot, &ground, today());
        let drawn = sketch(&asked, &spot, &ground).geojson().to_string();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        against += asked.against().count() + usize::from(drawn.is_empty());
    }
    times.sort_by(f64::total_cmp);
    let (median, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{ASKS} asks: median {median:.2} ms, p99 {slow:.2} ms; {against} rules against");
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()
}

/// A number from 0 to 1, the same for the same `n` and `salt` (splitmix64).
fn chance(n: u64, salt: u64) -> f64 {
    let mut it = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (it ^ (it >> 31)) as f64 / u64::MAX as f64
}

/// Half of all lie in a metropolis of 0.5 degrees, the others in the state.
fn at(n: u64, salt: u64) -> Point {
    let (x, y) = (chance(n, salt), chance(n, salt + 1));
    let wide = if n.is_multiple_of(2) { 0.5 } else { 4.0 };
    Point::parse((x - 0.5).mul_add(wide, -93.3), (y - 0.5).mul_add(wide, 45.0)).unwrap()
}

/// Three in four with an outline of eight corners, up to 200 m wide.
fn place(n: u64) -> Place {
    let key = n.to_string();
    let mut place = form::blank(PlaceId::of_source("bench", &key), Moment::Day(today()));
    let class = CLASSES[(n % 6) as usize];
    (place.class, place.name) = (class.to_owned(), format!("{class} {n}"));
    let middle = at(n, 1);
    if n.is_multiple_of(4) {
        place.part = Part::Point;
        return place.with_outline(&middle.into());
    }
    place.part = Part::Lot;
    let size = 0.0009_f64.mul_add(chance(n, 9), 0.0003);
    let corner = |n: i32| {
        let turn = f64::from(n) * std::f64::consts::FRAC_PI_4;
        (size.mul_add(turn.cos(), middle.lon()), (size * 0.7).mul_add(turn.sin(), middle.lat()))
    };
    let ring: Vec<(f64, f64)> = (0..8).chain([0]).map(corner).collect();
    let polygon = geo::Polygon::new(ring.into(), Vec::new());
    place.with_outline(&Shape::parse(geo::Geometry::Polygon(polygon)).unwrap())
}

fn site(n: u64) -> Site {
    let mut site =
        foca::sites::form::blank(SiteId::of_source("bench", &n.to_string()), n as i64, Moment::Day(today()));
    site.kind = KINDS[(n % 3) as usize].to_owned();
    site.name = format!("Site {n}");
    site.city_area = Some(CITIES[(n % 4) as usize].to_owned());
    let point = at(n, 4);
    (site.lon, site.lat) = (Some(point.lon()), Some(point.lat()));
    site
}

fn spot(n: u64) -> Spot {
    Spot {
        point: at(n, 7),
        error: Meters(0.0),
        kind: KINDS[(n % 3) as usize].to_owned(),
        city: Some(CITIES[(n % 4) as usize].to_owned()),
        written_city: None,
        county: None,
        state: None,
    }
}
