//! Provisional: the distance of two shapes.

use geo::{Closest, ClosestPoint};

use super::Point;
use super::distance::{Meters, exact};
use super::shape::Shape;

/// A distance and the two points that it lies between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The distance; 0 where the shapes touch.
    pub meters: Meters,
    /// The nearest point of the one.
    pub from: Point,
    /// The nearest point of the other.
    pub to: Point,
}

/// The distance of two shapes: from the middle of the one.
pub fn measure(a: &Shape, b: &Shape) -> Measured {
    let from = a.middle();
    if b.contains(from) {
        return Measured { meters: Meters(0.0), from, to: from };
    }
    use geo::MapCoords;
    let cosine = from.lat().to_radians().cos();
    let flat = b.geometry().map_coords(|at| geo::Coord { x: at.x * cosine, y: at.y });
    let to = match flat.closest_point(&geo::Point::new(from.lon() * cosine, from.lat())) {
        Closest::Intersection(it) | Closest::SinglePoint(it) => {
            Point::parse(it.x() / cosine, it.y()).unwrap_or(from)
        }
        Closest::Indeterminate => b.middle(),
    };
    Measured { meters: exact(from, to), from, to }
}

/// The same, where it is at most `limit`.
pub fn within(a: &Shape, b: &Shape, limit: Meters) -> Option<Measured> {
    Some(measure(a, b)).filter(|it| it.meters <= limit)
}
