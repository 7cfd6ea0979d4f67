//! The outline of a place as a drawing made on the server, with a scale.

use geo::{Coord, Geometry, LineString, Polygon};
use maud::{Markup, html};

use crate::geo::shape::Shape;
use crate::web::format;

/// The drawing in px: as wide as a side column.
const WIDTH: f64 = 384.0;
const HEIGHT: f64 = 300.0;
/// Around the outline, in px.
const MARGIN: f64 = 36.0;
// A degree of latitude is 110.57 to 111.69 km; for a drawing the mean will do.
const METERS_A_DEGREE: f64 = 111_133.0;
/// A point is shown in a box of so many meters, and nothing is drawn larger than that.
const LEAST_METERS: f64 = 60.0;
/// Corners nearer to each other than this, in px, are drawn as one.
const FINEST: f64 = 0.4;

/// From degrees to px.
struct Frame {
    middle: Coord<f64>,
    cosine: f64,
    px_a_meter: f64,
}

impl Frame {
    fn around(shape: &Shape) -> Self {
        let [west, south, east, north] = shape.bounds().edges();
        // Over the date line east lies west of west.
        let wide = if west <= east { east - west } else { east + 360.0 - west };
        let middle = Coord { x: west + wide / 2.0, y: (south + north) / 2.0 };
        let cosine = libm::cos(middle.y.to_radians()).max(0.01);
        let (x, y) = (wide * cosine * METERS_A_DEGREE, (north - south) * METERS_A_DEGREE);
        let px_a_meter =
            ((WIDTH - 2.0 * MARGIN) / x.max(LEAST_METERS)).min((HEIGHT - 2.0 * MARGIN) / y.max(LEAST_METERS));
        Self { middle, cosine, px_a_meter }
    }

    /// Where on the drawing, in px from its middle.
    fn place(&self, at: Coord<f64>) -> (f64, f64) {
        let mut lon = at.x - self.middle.x;
        lon = if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        };
        let scale = METERS_A_DEGREE * self.px_a_meter;
        (lon * self.cosine * scale, (self.middle.y - at.y) * scale)
    }
}

/// The drawing; `name` says what it shows.
pub fn drawing(shape: &Shape, name: &str) -> Markup {
    let frame = Frame::around(shape);
    let mut path = Path::default();
    trace(shape.geometry(), &frame, &mut path);
    html! {
        svg.inset-map viewBox=(format!("{} {} {WIDTH} {HEIGHT}", -WIDTH / 2.0, -HEIGHT / 2.0)) role="img" aria-label=(name) {
            rect x=(-WIDTH / 2.0) y=(-HEIGHT / 2.0) width=(WIDTH) height=(HEIGHT) fill="#f9f9f7" {}
            @if !path.areas.is_empty() {
                path d=(path.areas) fill="#07648d" fill-opacity=".14" fill-rule="evenodd" stroke="#07648d" stroke-width="1.5" stroke-linejoin="round" {}
            }
            @if !path.lines.is_empty() { path d=(path.lines) fill="none" stroke="#07648d" stroke-width="2.5" {} }
            @for (x, y) in &path.points {
                circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="5" fill="#07648d" stroke="#fff" stroke-width="2" {}
            }
            (scale(&frame))
        }
    }
}

#[derive(Default)]
struct Path {
    areas: String,
    lines: String,
    points: Vec<(f64, f64)>,
}

fn trace(geometry: &Geometry<f64>, frame: &Frame, to: &mut Path) {
    match geometry {
        Geometry::Point(it) => to.points.push(frame.place(it.0)),
        Geometry::MultiPoint(all) => to.points.extend(all.iter().map(|it| frame.place(it.0))),
        Geometry::Line(it) => line(&[it.start, it.end], frame, &mut to.lines, false),
        Geometry::LineString(it) => line(&it.0, frame, &mut to.lines, false),
        Geometry::MultiLineString(all) => all.iter().for_each(|it| line(&it.0, frame, &mut to.lines, false)),
        Geometry::Polygon(it) => rings(it, frame, &mut to.areas),
        Geometry::MultiPolygon(all) => all.iter().for_each(|it| rings(it, frame, &mut to.areas)),
        Geometry::Rect(it) => rings(&it.to_polygon(), frame, &mut to.areas),
        Geometry::Triangle(it) => rings(&it.to_polygon(), frame, &mut to.areas),
        Geometry::GeometryCollection(all) => all.iter().for_each(|it| trace(it, frame, to)),
    }
}

fn rings(polygon: &Polygon<f64>, frame: &Frame, to: &mut String) {
    let all = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    all.for_each(|it: &LineString<f64>| line(&it.0, frame, to, true));
}

fn line(corners: &[Coord<f64>], frame: &Frame, to: &mut String, closed: bool) {
    let mut last: Option<(f64, f64)> = None;
    for (x, y) in corners.iter().map(|it| frame.place(*it)) {
        if last.is_some_and(|it| (it.0 - x).abs() < FINEST && (it.1 - y).abs() < FINEST) {
            continue;
        }
        to.push_str(&format!("{}{x:.1} {y:.1}", if last.is_none() { 'M' } else { 'L' }));
        last = Some((x, y));
    }
    if closed {
        to.push('z');
    }
}

/// A bar of a round number of meters, between a tenth and a third of the width.
fn scale(frame: &Frame) -> Markup {
    let most = WIDTH / 3.0 / frame.px_a_meter;
    let meters = format::round_length(most);
    let length = meters * frame.px_a_meter;
    let (x, y) = (-WIDTH / 2.0 + 12.0, HEIGHT / 2.0 - 12.0);
    let words = if meters >= 1000.0 { format!("{} km", meters / 1000.0) } else { format!("{meters} m") };
    html! {
        path d=(format!("M{x} {:.1}v5h{length:.1}v-5", y - 5.0)) stroke="#3d4551" stroke-width="1.2" fill="none" aria-hidden="true" {}
        text.scale-label x=(format!("{:.1}", x + length + 6.0)) y=(y) { (words) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::outline;

    fn drawn(text: &str) -> String {
        drawing(&outline::read(text).unwrap(), "A place").into_string()
    }

    #[test]
    fn a_ring_fits_into_the_drawing_and_its_hole_stays_empty() {
        let svg = drawn(
            "POLYGON((-93.27 44.97, -93.26 44.97, -93.26 44.98, -93.27 44.98, -93.27 44.97), \
             (-93.268 44.972, -93.262 44.972, -93.262 44.978, -93.268 44.972))",
        );

        assert_eq!(svg.matches('z').count(), 2, "{svg}");
        assert!(svg.contains("evenodd") && svg.contains("500 m"), "{svg}");
        let path = svg.split("d=\"M").nth(1).unwrap();
        let numbers =
            path.split('"').next().unwrap().split(|it: char| !it.is_ascii_digit() && !".-".contains(it));
        assert!(numbers.filter_map(|it| it.parse::<f64>().ok()).all(|it| it.abs() <= WIDTH / 2.0));
    }

    #[test]
    fn a_point_is_a_dot_in_the_middle() {
        assert!(drawn("-93.27, 44.97").contains(r#"<circle cx="0.0" cy="0.0""#));
    }
}
