//! Provisional: the distance of two shapes.

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

/// The distance of two shapes.
pub fn measure(a: &Shape, b: &Shape) -> Measured {
    let (from, to) = (a.middle(), b.middle());
    if a.contains(to) || b.contains(from) {
        return Measured { meters: Meters(0.0), from, to: from };
    }
    Measured { meters: exact(from, to), from, to }
}

/// The same, where it is at most `limit`.
pub fn within(a: &Shape, b: &Shape, limit: Meters) -> Option<Measured> {
    Some(measure(a, b)).filter(|it| it.meters <= limit)
}
