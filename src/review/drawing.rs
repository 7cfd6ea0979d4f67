//! A small map of the record and of the sites that it may belong to, drawn on the server: points, numbers, a scale.

use maud::{Markup, html};

use super::Case;
use crate::geo::Point;
use crate::geo::distance::{Meters, distance};
use crate::web::format;

/// The drawing is so wide and so high, in px.
const SIZE: (f64, f64) = (384.0, 216.0);
/// Free room around the outermost point, in px.
const ROOM: f64 = 34.0;
// A degree of latitude is 110.57 to 111.69 km; for a drawing the mean will do.
const METERS_A_DEGREE: f64 = 111_133.0;
/// Points nearer than this are drawn as if they were so far apart, in meters: an error of the point is not enlarged.
const LEAST_REACH: f64 = 40.0;

/// A candidate on the drawing.
struct Spot {
    n: usize,
    name: String,
    href: String,
    point: Point,
    meters: Option<f64>,
}

/// The card; nothing when not even two points are known.
pub(super) fn card(case: &Case) -> Markup {
    let place = &case.subject.place;
    let own = place.lon.zip(place.lat).and_then(|(lon, lat)| Point::parse(lon, lat).ok());
    let spots: Vec<Spot> = case
        .open_choices()
        .enumerate()
        .filter_map(|(n, it)| {
            let (lon, lat) = it.site.point()?;
            let point = Point::parse(lon, lat).ok()?;
            let href = format!("{}?site={}", case.subject.href(), it.site.id);
            let meters = own.map(|own| distance(own, point).0);
            Some(Spot { n: n + 1, name: it.site.name.clone(), href, point, meters })
        })
        .collect();
    if spots.len() + usize::from(own.is_some()) < 2 {
        return html! {};
    }
    html! {
        section.card.inset.review-map aria-label="Where they lie" {
            (drawing(own, &spots))
            (legend(own.is_some(), &spots))
        }
    }
}

fn drawing(own: Option<Point>, spots: &[Spot]) -> Markup {
    let frame = Frame::around(own.iter().copied().chain(spots.iter().map(|it| it.point)));
    let (width, height) = SIZE;
    html! {
        svg.inset-map viewBox=(format!("{} {} {width} {height}", -width / 2.0, -height / 2.0)) role="group"
            aria-label="The record and the sites that it may belong to" {
            rect x=(-width / 2.0) y=(-height / 2.0) width=(width) height=(height) fill="#f9f9f7" {}
            @for (n, it) in spots.iter().enumerate() { (numbered(beside(&frame, &spots[..n], it), it)) }
            @if let Some(own) = own { (cross(frame.place(own))) }
            (frame.scale())
        }
    }
}

/// Where a number is drawn: beside those before it that lie at the same place.
fn beside(frame: &Frame, before: &[Spot], spot: &Spot) -> (f64, f64) {
    let (x, y) = frame.place(spot.point);
    let near = |it: &&Spot| {
        let (other_x, other_y) = frame.place(it.point);
        libm::hypot(other_x - x, other_y - y) < 12.0
    };
    let n = before.iter().filter(near).count();
    // Five in a row, to the side on which there is room.
    let side = if x > 0.0 { -25.0 } else { 25.0 };
    (x + side * (n % 5) as f64, y + 25.0 * (n / 5) as f64)
}

fn numbered((x, y): (f64, f64), spot: &Spot) -> Markup {
    html! {
        a href=(spot.href) aria-label=(format!("{}: {}", spot.n, spot.name)) {
            circle cx=(px(x)) cy=(px(y)) r="11" fill="#fff" stroke="#074b69" stroke-width="2" {}
            text.spot x=(px(x)) y=(px(y + 4.5)) text-anchor="middle" { (spot.n) }
        }
    }
}

/// The record itself, above and below the numbers that may hide it.
fn cross((x, y): (f64, f64)) -> Markup {
    let (up, left) = (y - 12.0, x - 12.0);
    let path = format!("M{x:.1} {up:.1}v-12m0 36v12M{left:.1} {y:.1}h-12m36 0h12");
    html! {
        path d=(path) stroke="#fff" stroke-width="5" fill="none" aria-hidden="true" {}
        path d=(path) stroke="#1c1d1f" stroke-width="2.4" fill="none" aria-hidden="true" {}
    }
}

fn legend(has_own: bool, spots: &[Spot]) -> Markup {
    html! {
        ol.spots {
            @if has_own { li { span.where aria-hidden="true" { "+" } span { "The record" } } }
            @for it in spots {
                li {
                    span.where aria-hidden="true" { (it.n) }
                    span { (it.name) @if let Some(meters) = it.meters { span.meta { " · " (away(meters)) } } }
                }
            }
        }
    }
}

fn away(meters: f64) -> String {
    match meters {
        m if m < 1.0 => "at the same point".to_owned(),
        m if m < 1_000.0 => format!("{m:.0} m away"),
        m => format!("{:.1} km away", m / 1_000.0),
    }
}

/// From degrees to px.
struct Frame {
    middle: (f64, f64),
    east: f64,
    px_a_meter: f64,
}

impl Frame {
    /// All of them within the drawing; the points are at least one.
    fn around(points: impl Iterator<Item = Point>) -> Self {
        let (mut west, mut east, mut south, mut north) = (180.0_f64, -180.0_f64, 90.0_f64, -90.0_f64);
        for it in points {
            (west, east) = (west.min(it.lon()), east.max(it.lon()));
            (south, north) = (south.min(it.lat()), north.max(it.lat()));
        }
        let middle = (f64::midpoint(west, east), f64::midpoint(south, north));
        let a_degree = METERS_A_DEGREE * libm::cos(middle.1.to_radians()).max(0.01);
        let (dx, dy) = ((east - west) * a_degree, (north - south) * METERS_A_DEGREE);
        let px_a_meter =
            ((SIZE.0 - 2.0 * ROOM) / dx.max(LEAST_REACH)).min((SIZE.1 - 2.0 * ROOM) / dy.max(LEAST_REACH));
        Self { middle, east: a_degree, px_a_meter }
    }

    fn place(&self, point: Point) -> (f64, f64) {
        let x = (point.lon() - self.middle.0) * self.east * self.px_a_meter;
        (x, (self.middle.1 - point.lat()) * METERS_A_DEGREE * self.px_a_meter)
    }

    /// A bar of a round length, at most a third as wide as the drawing.
    fn scale(&self) -> Markup {
        let most = Meters(SIZE.0 / 3.0 / self.px_a_meter);
        let length = format::round_length(most.0);
        let (x, y) = (-SIZE.0 / 2.0 + 12.0, SIZE.1 / 2.0 - 12.0);
        let words =
            if length >= 1_000.0 { format!("{:.0} km", length / 1_000.0) } else { format!("{length:.0} m") };
        html! {
            path d=(format!("M{x:.1} {:.1}v5h{:.1}v-5", y - 5.0, length * self.px_a_meter)) stroke="#3d4551" stroke-width="1.5" fill="none" aria-hidden="true" {}
            text x=(px(x + 4.0)) y=(px(y - 5.0)) { (words) }
        }
    }
}

fn px(it: f64) -> String {
    format!("{it:.1}")
}
