//! How near two shapes come: the geodesic between their nearest places, right to 1 mm.
//!
//! Edges are straight in longitude and latitude, as RFC 7946 (3.1.1) has them. PostGIS geography takes great circles
//! instead: the two part by about 2 cm in the middle of an east-west edge of 1 km at Minnesota's latitude.
//! Two points are measured by the fast formula where it holds, all else by Karney's geodesic.

use geo::Line;
use geo::line_intersection::{LineIntersection, line_intersection};

use super::Point;
use super::distance::{self, Meters};
use super::piece::{Piece, Space, chord_2, dot, minus, space};
use super::shape::Shape;

/// How near two shapes come, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The distance; 0 where they touch or one holds the other.
    pub meters: Meters,
    /// The nearest place of the first shape.
    pub from: Point,
    /// The nearest place of the second shape.
    pub to: Point,
}

/// The distance of two shapes, right to 1 mm.
pub fn measure(a: &Shape, b: &Shape) -> Measured {
    if let (Some(from), Some(to)) = (a.lone(), b.lone()) {
        return Measured { meters: distance::distance(from, to), from, to };
    }
    if let Some(at) = held(a, b).or_else(|| held(b, a)) {
        return Measured { meters: Meters(0.0), from: at, to: at };
    }
    with_pieces(a, |p| with_pieces(b, |q| nearest(p, q)))
}

/// The distance of two shapes if it is at most `limit`, the limit included; Karney decides near the limit.
pub fn within(a: &Shape, b: &Shape, limit: Meters) -> Option<Measured> {
    if let (Some(from), Some(to)) = (a.lone(), b.lone()) {
        let meters = || distance::distance(from, to);
        return distance::within(from, to, limit).then(|| Measured { meters: meters(), from, to });
    }
    Some(measure(a, b)).filter(|it| it.meters.0 <= limit.0)
}

/// A place of `a` that `b` holds, if one of `a`'s parts begins in it.
fn held(a: &Shape, b: &Shape) -> Option<Point> {
    let area = b.lone().is_none();
    area.then(|| a.heads().into_iter().find(|it| b.contains(*it))).flatten()
}

fn with_pieces<T>(shape: &Shape, then: impl FnOnce(&[Piece]) -> T) -> T {
    match shape.lone() {
        Some(it) => then(&[Piece::point(it)]),
        None => then(shape.pieces()),
    }
}

/// Nearer than this is touching: the rounding of coordinates is some nanometers.
const TOUCHING: f64 = 1e-7;

/// Two pieces, and the least and most that their chord can be.
struct Candidate<'a> {
    least: f64,
    pair: [&'a Piece; 2],
}

fn nearest(p: &[Piece], q: &[Piece]) -> Measured {
    let mut best: Option<(f64, Measured)> = None;
    let mut candidates = candidates(p, q);
    candidates.sort_by(|a, b| a.least.total_cmp(&b.least));
    for Candidate { least, pair: [p, q] } in candidates {
        if best.is_some_and(|(chord, _)| least > chord + slack(chord)) {
            break;
        }
        if let Some(at) = (least <= 0.0).then(|| crossing(p, q)).flatten() {
            return Measured { meters: Meters(0.0), from: at, to: at };
        }
        for (from, to) in ends(p, q) {
            let chord = chord(from, to);
            if best.is_some_and(|(it, _)| chord > it + slack(it)) {
                continue;
            }
            let meters = Meters(distance::exact(from, to).0);
            if best.is_none_or(|(_, it)| meters.0 < it.meters.0) {
                best = Some((chord, Measured { meters, from, to }));
            }
        }
    }
    let (_, mut best) = best.expect("a shape is never empty, and its first candidate is measured");
    if best.meters.0 < TOUCHING {
        best.meters = Meters(0.0);
    }
    best
}

/// The pairs of pieces that may be the nearest.
fn candidates<'a>(p: &'a [Piece], q: &'a [Piece]) -> Vec<Candidate<'a>> {
    let (mut candidates, mut nearest) = (Vec::new(), f64::MAX);
    let sags: Vec<f64> = q.iter().map(Piece::sag).collect();
    for a in p {
        let sag = a.sag();
        for (b, other) in q.iter().zip(&sags) {
            let (chord, sag) = (chord_2(a, b).sqrt(), sag + other);
            if chord - sag <= nearest {
                candidates.push(Candidate { least: chord - sag, pair: [a, b] });
                let most = chord + sag;
                nearest = nearest.min(most + slack(most));
            }
        }
    }
    candidates.retain(|it| it.least <= nearest);
    candidates
}

/// Chords this much longer than the shortest may still be the shorter geodesic: the ellipsoid bends by up to 0.7 %
/// more one way than the other, which changes a geodesic's excess over its chord, c^3 / 24 R^2.
fn slack(chord: f64) -> f64 {
    1e-6 + chord * (chord / 6.3e6).powi(2) * 4e-4
}

fn chord(a: Point, b: Point) -> f64 {
    let off: Space = minus(space(a.coord()), space(b.coord()));
    dot(off, off).sqrt()
}

/// Where two pieces that do not cross come nearest, one of the four ends is there.
fn ends(p: &Piece, q: &Piece) -> [(Point, Point); 4] {
    let onto_q = |end: usize| (p.at(end as f64), q.at(q.nearest(p.space[end])));
    let onto_p = |end: usize| (p.at(p.nearest(q.space[end])), q.at(end as f64));
    [onto_q(0), onto_q(1), onto_p(0), onto_p(1)]
}

fn crossing(p: &Piece, q: &Piece) -> Option<Point> {
    let [start, end] = p.beside(q);
    let at = match line_intersection(Line::new(p.ends[0], p.ends[1]), Line::new(start, end))? {
        LineIntersection::SinglePoint { intersection, .. } => intersection,
        LineIntersection::Collinear { intersection } => intersection.start,
    };
    Some(Point { lon: at.x.clamp(-180.0, 180.0), lat: at.y.clamp(-90.0, 90.0) })
}

#[cfg(test)]
mod tests {
    use geo::{Geometry, Intersects, LineString, MultiPolygon, Polygon, polygon};
    use proptest::prelude::*;

    use super::super::distance::{Feet, exact, turn};
    use super::*;

    fn point(lon: f64, lat: f64) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    fn shape(it: impl Into<Geometry<f64>>) -> Shape {
        Shape::parse(it.into()).unwrap()
    }

    fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
        polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
    }

    fn meters(a: &Shape, b: &Shape) -> f64 {
        measure(a, b).meters.0
    }

    #[test]
    fn a_shape_that_holds_another_touches_it() {
        let (city, park) = (shape(square(-93.3, 44.9, 0.1)), shape(square(-93.26, 44.94, 0.01)));
        let site = point(-93.255, 44.945);

        assert_eq!(meters(&city, &park), 0.0);
        assert_eq!(meters(&park, &city), 0.0);
        assert_eq!(measure(&site.into(), &park), Measured { meters: Meters(0.0), from: site, to: site });
    }

    #[test]
    fn a_point_in_a_hole_is_measured_to_its_edge() {
        let hole = square(-93.26, 44.94, 0.01).exterior().clone();
        let around = shape(Polygon::new(square(-93.3, 44.9, 0.1).exterior().clone(), vec![hole]));
        let site = point(-93.259, 44.945);

        let measured = measure(&site.into(), &around);

        assert!((measured.meters.0 - exact(site, point(-93.26, 44.945)).0).abs() < 0.001);
        assert!((measured.to.lon() + 93.26).abs() < 1e-9);
    }

    #[test]
    fn shapes_that_cross_or_share_a_border_touch() {
        let cross = [
            shape(square(-93.0, 45.0, 0.01)),
            shape(LineString::from(vec![(-93.1, 45.005), (-92.9, 45.005)])),
            shape(square(-92.99, 45.0, 0.01)),
        ];

        assert_eq!(meters(&cross[0], &cross[1]), 0.0);
        assert_eq!(meters(&cross[0], &cross[2]), 0.0);
        assert_eq!(meters(&cross[1], &cross[2]), 0.0);
    }

    #[test]
    fn a_shape_cut_at_the_date_line_measures_across_it() {
        let island = MultiPolygon::new(vec![square(179.99, -17.0, 0.01), square(-180.0, -17.0, 0.01)]);
        let island = shape(island);
        let east = point(-179.98, -16.995);

        assert!((meters(&east.into(), &island) - exact(east, point(-179.99, -16.995)).0).abs() < 0.001);
        assert_eq!(meters(&point(180.0, -16.995).into(), &shape(square(-180.0, -17.0, 0.01))), 0.0);
        assert_eq!(meters(&shape(square(179.99, -17.0, 0.01)), &shape(square(-180.0, -17.0, 0.01))), 0.0);
    }

    #[test]
    fn the_limit_itself_is_within() {
        let (school, site) = (shape(square(-93.0, 45.0, 0.001)), point(-93.005, 45.002));
        let meters = measure(&site.into(), &school).meters;

        assert!(within(&site.into(), &school, meters).is_some());
        assert!(within(&site.into(), &school, Meters(meters.0 - 0.001)).is_none());
        assert!(within(&site.into(), &school, Feet(100.0).into()).is_none());
    }

    /// The least distance between points set densely along the edges, then more densely around the best.
    fn by_hand(a: &[[(f64, f64); 2]], b: &[[(f64, f64); 2]]) -> f64 {
        let mut least = f64::MAX;
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (a, b))) {
            let at = |edge: &[(f64, f64); 2], t: f64| {
                let lon = edge[0].0 + t * (edge[1].0 - edge[0].0);
                point(turn(0.0, lon), edge[0].1 + t * (edge[1].1 - edge[0].1))
            };
            let (mut s, mut t, mut step) = (0.5f64, 0.5f64, 0.05f64);
            let mut here = f64::MAX;
            while step > 1e-8 {
                let (middle_s, middle_t) = (s, t);
                for (i, j) in (-10..=10).flat_map(|i| (-10..=10).map(move |j| (i, j))) {
                    let u = (middle_s + f64::from(i) * step).clamp(0.0, 1.0);
                    let v = (middle_t + f64::from(j) * step).clamp(0.0, 1.0);
                    let meters = exact(at(a, u), at(b, v)).0;
                    if meters < here {
                        (here, s, t) = (meters, u, v);
                    }
                }
                step *= 0.4;
            }
            least = least.min(here);
        }
        least
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_distance_is_that_of_a_dense_search(
            place in prop_oneof![
                Just((-93.27, 44.98)), Just((180.0, 52.0)), Just((15.0, 78.0)), Just((0.0, -89.0)),
                (-179.0..179.0f64, -85.0..85.0f64)
            ],
            corners in prop::collection::vec((-1.0..1.0f64, -1.0..1.0f64), 4), size in 0.001..0.03f64
        ) {
            let narrow = libm::cos(place.1.to_radians());
            let at = |(x, y): (f64, f64)| (place.0 + size * x / narrow, place.1 + size * y);
            let corners: Vec<(f64, f64)> = corners.into_iter().map(at).collect();
            let side = |it: &(f64, f64)| it.0 <= 180.0;
            let (west, east) = (corners[..2].iter().all(side), corners[2..].iter().all(side));
            prop_assume!(west || corners[..2].iter().all(|it| !side(it)));
            prop_assume!(east || corners[2..].iter().all(|it| !side(it)));
            let line = |it: &[(f64, f64)]| shape(LineString::from(vec![turned(it[0]), turned(it[1])]));
            let edge = |it: &[(f64, f64)]| [[it[0], it[1]]];

            let measured = measure(&line(&corners[..2]), &line(&corners[2..]));

            let [a, b] = [edge(&corners[..2]), edge(&corners[2..])];
            let plane = |it: &[[(f64, f64); 2]]| Line::new(it[0][0], it[0][1]);
            let dense = if plane(&a).intersects(&plane(&b)) { 0.0 } else { by_hand(&a, &b) };
            prop_assert!((measured.meters.0 - dense).abs() < 0.001, "{} {dense}", measured.meters.0);
            prop_assert!((exact(measured.from, measured.to).0 - measured.meters.0).abs() < 1e-6);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(6))]

        #[test]
        fn polygons_with_holes_agree_with_a_dense_search(
            place in prop_oneof![Just((-93.27, 44.98)), Just((15.0, 78.0)), (-170.0..170.0f64, -85.0..85.0f64)],
            corners in prop::collection::vec((-1.0..1.0f64, -1.0..1.0f64), 3),
            size in 0.001..0.02f64, scale in 0.1..2.0f64, off in -2.0..2.0f64
        ) {
            let narrow = libm::cos(place.1.to_radians());
            let at = |x: f64, y: f64| (place.0 + size * x / narrow, place.1 + size * y);
            let ring = |side: f64| LineString::from(vec![
                at(-side, -side), at(side, -side), at(side, side), at(-side, side), at(-side, -side),
            ]);
            let around = Polygon::new(ring(1.5), vec![ring(0.9)]);
            let triangle: Vec<(f64, f64)> = corners.iter().map(|it| at(off + scale * it.0, scale * it.1)).collect();
            let triangle = Polygon::new(LineString::from(triangle), vec![]);
            let edges = |it: &Polygon<f64>| -> Vec<[(f64, f64); 2]> {
                let rings = std::iter::once(it.exterior()).chain(it.interiors());
                rings.flat_map(LineString::lines).map(|it| [it.start.x_y(), it.end.x_y()]).collect()
            };
            let touch = around.intersects(&triangle);
            let dense = if touch { 0.0 } else { by_hand(&edges(&around), &edges(&triangle)) };

            let (there, back) = (shape(around), shape(triangle));

            prop_assert!((meters(&there, &back) - dense).abs() < 0.001);
            prop_assert!((meters(&back, &there) - dense).abs() < 0.001);
            prop_assert_eq!(touch, meters(&there, &back) == 0.0);
        }
    }

    fn turned((lon, lat): (f64, f64)) -> (f64, f64) {
        (turn(0.0, lon), lat)
    }
}
