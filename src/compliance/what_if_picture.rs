//! What an answer looks like on a map: the spot, rings at the limits, measured lines, the places and businesses near. Drawn
//! here as a picture for the page, and given as GeoJSON to the map.

use std::collections::BTreeSet;

use geo::{Coord, Geometry};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::finding::Measurement;
use super::ground::Ground;
use super::kind::Kind;
use super::measuring::{Distance, Within};
use super::what_if::{Asked, Spot};
use crate::geo::distance::{Feet, Meters};
use crate::places::PlaceId;
use crate::web::format;

/// The picture in px.
const WIDTH: f64 = 384.0;
const HEIGHT: f64 = 320.0;
/// Beyond the largest ring, as a share of its radius.
const AROUND: f64 = 1.18;
/// The corners of a ring.
const CORNERS: u32 = 96;
/// A limit beyond this, in feet, is told and not drawn: at the scale of its ring nothing near could be told apart.
const FARTHEST: f64 = 2.0 * 5_280.0;
/// So many things are drawn; the nearest of each rule come first.
const MOST: usize = 24;
/// Without a ring the picture shows so far, in feet.
const PLAIN: f64 = 500.0;

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub struct Sketch {
    at: (f64, f64),
    // The limits in feet, the smallest first.
    rings: Vec<f64>,
    lines: Vec<Line>,
    things: Vec<Thing>,
}

#[derive(Clone, Debug)]
struct Line {
    from: (f64, f64),
    to: (f64, f64),
    plate: String,
}

/// A sensitive place, or another business.
#[derive(Clone, Debug)]
struct Thing {
    name: String,
    is_site: bool,
    at: (f64, f64),
    outline: Geometry<f64>,
}

/// What an answer draws.
pub fn sketch(asked: &Asked<'_>, spot: &Spot, ground: &Ground<'_>) -> Sketch {
    let mut it = Sketch { at: (spot.point.lon(), spot.point.lat()), ..Sketch::default() };
    let mut drawn = BTreeSet::new();
    for answer in asked.answered() {
        let (Kind::Setback { feet, .. } | Kind::Separation { feet, .. }) = &answer.rule.kind else {
            continue;
        };
        if feet.0 > FARTHEST {
            continue;
        }
        it.rings.push(feet.0);
        for (n, near) in answer.finding.measurements.iter().enumerate() {
            let Some(distance) = near.distances.first() else { continue };
            if it.things.len() >= MOST || !drawn.insert(near.place.or(near.site)) {
                continue;
            }
            // The nearest is measured in sight, and whatever else the limit may concern.
            if n == 0 || distance.within != Within::No {
                it.lines.push(Line { from: distance.from_at, to: distance.to_at, plate: plate(distance) });
            }
            it.things.push(thing(near, distance, ground));
        }
    }
    it.rings.sort_by(f64::total_cmp);
    it.rings.dedup();
    it
}

/// `462 ft`, or from the least to the most that it can be.
pub fn plate(it: &Distance) -> String {
    if it.feet - it.least_feet < 0.5 {
        return format::feet(it.feet);
    }
    let most = format::feet(it.feet);
    format!("{}–{most}", format::count(it.least_feet.round() as i64))
}

fn thing(near: &Measurement, distance: &Distance, ground: &Ground<'_>) -> Thing {
    let place = near.place.and_then(|it| ground.places.find(ground.viewer, PlaceId(it)));
    let (x, y) = distance.to_at;
    Thing {
        name: near.name.clone(),
        is_site: near.site.is_some(),
        at: distance.to_at,
        outline: place.map_or_else(|| geo::Point::new(x, y).into(), |it| it.1.geometry().clone()),
    }
}

impl Sketch {
    /// A feature collection: each feature says in `is` whether it is the `spot`, a `ring`, the `limit` written on it, a
    /// `line`, a `place` or a `site`, and in `words` what stands beside it.
    pub fn geojson(&self) -> Value {
        let mut features = Vec::new();
        for feet in &self.rings {
            let ring = self.ring(*feet);
            let top = *ring.get(ring.len() / 4).unwrap_or(&self.at);
            let words = format::feet(*feet);
            features.push(feature("ring", &words, &json!({"type": "Polygon", "coordinates": [ring]})));
            features.push(feature("limit", &words, &point(top)));
        }
        for it in &self.things {
            let is = if it.is_site { "site" } else { "place" };
            let geometry = geojson::Geometry::new((&it.outline).into());
            features.push(feature(is, &it.name, &json!(geometry)));
        }
        for it in &self.lines {
            let line = json!({"type": "LineString", "coordinates": [it.from, it.to]});
            features.push(feature("line", &it.plate, &line));
        }
        features.push(feature("spot", "", &point(self.at)));
        json!({"type": "FeatureCollection", "features": features})
    }

    /// A closed circle, counterclockwise from the east, in degrees.
    fn ring(&self, feet: f64) -> Vec<(f64, f64)> {
        let meters = Meters::from(Feet(feet)).0;
        let (a_lon, a_lat) = meters_a_degree(self.at.1);
        let corner = |n: u32| {
            let turn = f64::from(n % CORNERS) * std::f64::consts::TAU / f64::from(CORNERS);
            let (x, y) = (meters * libm::cos(turn), meters * libm::sin(turn));
            (rounded(self.at.0 + x / a_lon), rounded(self.at.1 + y / a_lat))
        };
        (0..=CORNERS).map(corner).collect()
    }

    /// The picture, with the spot in its middle and `name` saying what it shows.
    pub fn picture(&self, name: &str) -> Markup {
        let frame = Frame::of(self);
        html! {
            svg.inset-map.what-if-picture viewBox=(format!("{} {} {WIDTH} {HEIGHT}", -WIDTH / 2.0, -HEIGHT / 2.0)) role="img" aria-label=(name) {
                rect x=(-WIDTH / 2.0) y=(-HEIGHT / 2.0) width=(WIDTH) height=(HEIGHT) fill="#f9f9f7" {}
                @for it in &self.things { (frame.thing(it)) }
                @for feet in &self.rings { (frame.ring(*feet)) }
                @for it in &self.lines { (frame.line(it)) }
                circle r="6" fill="#fff" stroke="#1c1d1f" stroke-width="2" {}
                circle r="2" fill="#1c1d1f" {}
                (frame.names(&self.things))
                @for it in &self.lines { (frame.plate(it)) }
            }
        }
    }
}

fn feature(is: &str, words: &str, geometry: &Value) -> Value {
    json!({"type": "Feature", "properties": {"is": is, "words": words}, "geometry": geometry})
}

fn point(at: (f64, f64)) -> Value {
    json!({"type": "Point", "coordinates": at})
}

/// To a centimeter.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Meters in a degree of longitude and of latitude, by the series of the ellipsoid (NGA.STND.0036): a ring of a mile is
/// drawn true to a foot.
fn meters_a_degree(lat: f64) -> (f64, f64) {
    let at = lat.clamp(-89.0, 89.0).to_radians();
    let cos = |times: f64| libm::cos(times * at);
    let lon = 93.5_f64.mul_add(-cos(3.0), 111_412.84 * cos(1.0));
    let lat = 1.175_f64.mul_add(cos(4.0), 559.82_f64.mul_add(-cos(2.0), 111_132.92));
    (lon, lat)
}

/// From degrees to px from the middle.
struct Frame {
    middle: (f64, f64),
    px: (f64, f64),
    px_a_foot: f64,
}

impl Frame {
    fn of(sketch: &Sketch) -> Self {
        let feet = sketch.rings.last().copied().unwrap_or(PLAIN) * AROUND;
        let px_a_foot = HEIGHT / 2.0 / feet.max(1.0);
        let (a_lon, a_lat) = meters_a_degree(sketch.at.1);
        let px = px_a_foot / 0.3048;
        Self { middle: sketch.at, px: (a_lon * px, a_lat * px), px_a_foot }
    }

    fn place(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        ((lon - self.middle.0) * self.px.0, (self.middle.1 - lat) * self.px.1)
    }

    fn path(&self, geometry: &Geometry<f64>) -> String {
        match geometry {
            Geometry::Polygon(it) => std::iter::once(it.exterior())
                .chain(it.interiors())
                .map(|it| self.corners(&it.0, true))
                .collect(),
            Geometry::MultiPolygon(all) => all.iter().map(|it| self.path(&it.clone().into())).collect(),
            Geometry::LineString(it) => self.corners(&it.0, false),
            Geometry::MultiLineString(all) => all.iter().map(|it| self.corners(&it.0, false)).collect(),
            Geometry::GeometryCollection(all) => all.iter().map(|it| self.path(it)).collect(),
            _ => String::new(),
        }
    }

    fn corners(&self, corners: &[Coord<f64>], closed: bool) -> String {
        let step = |(n, it): (usize, &Coord<f64>)| {
            let (x, y) = self.place((it.x, it.y));
            format!("{}{x:.1} {y:.1}", if n == 0 { 'M' } else { 'L' })
        };
        let path: String = corners.iter().enumerate().map(step).collect();
        if closed { path + "z" } else { path }
    }

    fn thing(&self, it: &Thing) -> Markup {
        let path = self.path(&it.outline);
        let (x, y) = self.place(it.at);
        html! {
            @if it.is_site { circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5" fill="#fff" stroke="#3d4551" stroke-width="1.5" {} }
            @else if path.is_empty() { circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5" fill="#c4e4e0" stroke="#376462" stroke-width="1.5" {} }
            @else { path d=(path) fill="#c4e4e0" stroke="#376462" stroke-width="1.2" fill-rule="evenodd" stroke-linejoin="round" {} }
        }
    }

    fn ring(&self, feet: f64) -> Markup {
        let radius = feet * self.px_a_foot;
        html! {
            circle r=(format!("{radius:.1}")) fill="#074b69" fill-opacity=".06" stroke="#074b69" stroke-width="1.5" stroke-dasharray="6 4" {}
            text.ring-label text-anchor="middle" y=(format!("{:.1}", 4.0 - radius)) { (format::feet(feet)) }
        }
    }

    fn line(&self, it: &Line) -> Markup {
        let ((x, y), (to_x, to_y)) = (self.place(it.from), self.place(it.to));
        let path = format!("M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}");
        html! {
            path d=(path) stroke="#fff" stroke-width="5" {}
            path d=(path) stroke="#1c1d1f" stroke-width="1.8" {}
        }
    }

    fn plate(&self, it: &Line) -> Markup {
        let ((x, y), (to_x, to_y)) = (self.place(it.from), self.place(it.to));
        let (x, y) = (f64::midpoint(x, to_x), f64::midpoint(y, to_y));
        if x.abs() > WIDTH / 2.0 - 30.0 || y.abs() > HEIGHT / 2.0 - 12.0 {
            return html! {};
        }
        html! { text.plate text-anchor="middle" x=(format!("{x:.1}")) y=(format!("{:.1}", y + 4.0)) { (it.plate) } }
    }

    /// Names below their things, except where another stands already or the picture ends.
    fn names(&self, things: &[Thing]) -> Markup {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let mut shown = Vec::new();
        for it in things.iter().filter(|it| !it.name.is_empty()) {
            let (x, y) = self.place(it.at);
            let (x, y) = (x.clamp(90.0 - WIDTH / 2.0, WIDTH / 2.0 - 90.0), y + 18.0);
            let free = taken.iter().all(|at| (at.0 - x).abs() > 150.0 || (at.1 - y).abs() > 14.0);
            if free && y.abs() < HEIGHT / 2.0 - 6.0 {
                taken.push((x, y));
                shown.push((x, y, it.name.as_str()));
            }
        }
        html! {
            @for (x, y, name) in shown { text text-anchor="middle" x=(format!("{x:.1}")) y=(format!("{y:.1}")) { (name) } }
        }
    }
}
