//! Short edges in space: where they lie in meters from the earth's center, and how near two can come.
//!
//! A chord is never longer than the geodesic, knows no pole and no date line, and costs no sine; so chords choose the
//! few pairs of pieces that Karney's geodesic then measures.

use geo::Coord;

use super::Point;
use super::distance::{RADIANS, turn};

/// A place in meters from the earth's center.
pub(super) type Space = [f64; 3];

const EQUATORIAL_RADIUS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// Where a place on the ellipsoid lies in space.
pub(super) fn space(at: Coord<f64>) -> Space {
    let (sin, cos) = libm::sincos(at.y * RADIANS);
    let (sin_lon, cos_lon) = libm::sincos(at.x * RADIANS);
    let e2 = FLATTENING * (2.0 - FLATTENING);
    let normal = EQUATORIAL_RADIUS / (1.0 - e2 * sin * sin).sqrt();
    [normal * cos * cos_lon, normal * cos * sin_lon, normal * (1.0 - e2) * sin]
}

pub(super) fn minus(a: Space, b: Space) -> Space {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn dot(a: Space, b: Space) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// `a + share * step`.
pub(super) fn along(a: Space, share: f64, step: Space) -> Space {
    [a[0] + share * step[0], a[1] + share * step[1], a[2] + share * step[2]]
}

/// A part of an edge, straight in longitude and latitude and at most some kilometers long; or a point, twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) ends: [Coord<f64>; 2],
    pub(super) space: [Space; 2],
    /// From the chord's middle to the edge's own, which bows with the earth and with its parallel.
    bow: Space,
}

impl Piece {
    pub(super) fn point(at: Point) -> Self {
        Self::new(at.coord(), at.coord())
    }

    pub(super) fn new(a: Coord<f64>, b: Coord<f64>) -> Self {
        let ends = [a, b];
        let ends_in_space = ends.map(space);
        let bow = if ends[0] == ends[1] {
            [0.0; 3]
        } else {
            let middle = along(ends_in_space[0], 0.5, minus(ends_in_space[1], ends_in_space[0]));
            minus(space(lerp(ends, 0.5)), middle)
        };
        Self { ends, space: ends_in_space, bow }
    }

    fn step(&self) -> Space {
        minus(self.space[1], self.space[0])
    }

    /// As far as the edge can leave its chord, with a margin for what a parabola does not catch.
    pub(super) fn sag(&self) -> f64 {
        1.3 * dot(self.bow, self.bow).sqrt()
    }

    /// The place at `share` of the edge, 0 and 1 being its ends to the bit.
    pub(super) fn at(&self, share: f64) -> Point {
        let at = lerp(self.ends, share);
        Point { lon: at.x, lat: at.y }
    }

    /// The share of the edge that lies nearest to `place`, to some micrometers of distance.
    pub(super) fn nearest(&self, place: Space) -> f64 {
        let step = self.step();
        let length = dot(step, step);
        if length == 0.0 {
            return 0.0;
        }
        let mut share = (dot(minus(place, self.space[0]), step) / length).clamp(0.0, 1.0);
        // Newton's method on the squared distance to the parabola through both ends and the middle.
        for _ in 0..6 {
            let off = minus(self.bowed(share), place);
            let slope = along(step, 4.0 * (1.0 - 2.0 * share), self.bow);
            let bend = dot(slope, slope) - 8.0 * dot(off, self.bow);
            if bend <= 0.0 {
                break;
            }
            share = (share - dot(off, slope) / bend).clamp(0.0, 1.0);
        }
        let squared = |share: f64| {
            let off = minus(self.bowed(share), place);
            dot(off, off)
        };
        [share, 0.0, 1.0].into_iter().min_by(|a, b| squared(*a).total_cmp(&squared(*b))).unwrap_or(share)
    }

    fn bowed(&self, share: f64) -> Space {
        along(along(self.space[0], share, self.step()), 4.0 * share * (1.0 - share), self.bow)
    }

    /// The other piece's ends, moved by a whole turn where that brings them nearer.
    pub(super) fn beside(&self, other: &Self) -> [Coord<f64>; 2] {
        let by = ((self.ends[0].x - other.ends[0].x) / 360.0).round() * 360.0;
        other.ends.map(|it| Coord { x: it.x + by, y: it.y })
    }
}

fn lerp([a, b]: [Coord<f64>; 2], share: f64) -> Coord<f64> {
    if share >= 1.0 {
        return b;
    }
    Coord { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
}

/// The squared length between two chords where they come nearest (Ericson, Real-Time Collision Detection, 5.1.9).
pub(super) fn chord_2(p: &Piece, q: &Piece) -> f64 {
    let (d1, d2, r) = (p.step(), q.step(), minus(p.space[0], q.space[0]));
    let (a, e, f) = (dot(d1, d1), dot(d2, d2), dot(d2, r));
    let (mut s, mut t) = (0.0, 0.0);
    if a == 0.0 {
        if e > 0.0 {
            t = (f / e).clamp(0.0, 1.0);
        }
    } else {
        let c = dot(d1, r);
        if e == 0.0 {
            s = (-c / a).clamp(0.0, 1.0);
        } else {
            let b = dot(d1, d2);
            let across = a * e - b * b;
            if across > 0.0 {
                s = ((b * f - c * e) / across).clamp(0.0, 1.0);
            }
            t = (b * s + f) / e;
            if !(0.0..=1.0).contains(&t) {
                t = t.clamp(0.0, 1.0);
                s = ((b * t - c) / a).clamp(0.0, 1.0);
            }
        }
    }
    let off = minus(along(p.space[0], s, d1), along(q.space[0], t, d2));
    dot(off, off)
}

/// An edge of a line or ring, to be cut.
pub(super) type Edge = [Coord<f64>; 2];

/// Cuts edges into pieces of about 4 km and at most 2 degrees; of very many or long edges the pieces are longer, so
/// that there are at most some hundred thousand.
pub(super) fn cut(edges: &[Edge]) -> Vec<Piece> {
    let sizes: Vec<[f64; 2]> = edges.iter().map(|it| size(*it)).collect();
    let longest =
        |axis: usize, least: f64| (sizes.iter().map(|it| it[axis]).sum::<f64>() / MOST_CUTS).max(least);
    let (meters, degrees) = (longest(0, 4_000.0), longest(1, 2.0));
    let mut pieces = Vec::with_capacity(edges.len());
    for (edge, size) in edges.iter().zip(&sizes) {
        let n = (size[0] / meters).max(size[1] / degrees).ceil().max(1.0) as usize;
        let at = |it: usize| lerp(*edge, it as f64 / n as f64);
        pieces.extend((0..n).map(|it| Piece::new(at(it), at(it + 1))));
    }
    pieces
}

const MOST_CUTS: f64 = 100_000.0;

/// About the edge's length in meters, and the degrees along its longer axis.
fn size([a, b]: Edge) -> [f64; 2] {
    let (east, north) = (turn(a.x, b.x).abs(), (b.y - a.y).abs());
    let narrow = libm::cos(a.y.abs().min(b.y.abs()) * RADIANS);
    [111_700.0 * (east * narrow).hypot(north), east.max(north)]
}
