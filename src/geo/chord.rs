//! Distances over tens of kilometers for many pairs of points, by the straight line through the earth.
//!
//! A chord is never longer than the geodesic over it; and by Schur's comparison theorem the geodesic is never longer than
//! the arc over that chord on a sphere of the ellipsoid's smallest radius of curvature. Only between the two Karney's
//! geodesic decides: over 80 km they are half a meter apart.

use super::Point;
use super::distance::{self, Meters};
use super::piece::{Space, dot, minus, space};

/// The smallest radius of curvature, b²/a, in meters.
const SMALLEST_RADIUS: f64 = 6_335_439.0;
const MEAN_RADIUS: f64 = 6_371_000.0;
/// Over longer chords the series of the arc would no longer do.
const LONGEST: f64 = 200_000.0;

/// Points, each with its place in space: 40 bytes a point.
#[derive(Debug, Default)]
pub struct Chords(Vec<(Point, Space)>);

impl Chords {
    /// All of `points`, named by their place in this order.
    pub fn build(points: &[Point]) -> Self {
        Self(points.iter().map(|it| (*it, space(it.coord()))).collect())
    }

    /// Calls `found` with every point at most `limit` away, the limit included and decided exactly. The distance itself is
    /// right to 2 cm as far as 100 km.
    pub fn within(&self, from: Point, limit: Meters, mut found: impl FnMut(u32, Meters)) {
        let here = space(from.coord());
        for (index, (to, there)) in (0..u32::MAX).zip(&self.0) {
            let step = minus(*there, here);
            let square = dot(step, step);
            // Rounding moves a chord by some nanometers.
            if square > (limit.0 + 0.001) * (limit.0 + 0.001) {
                continue;
            }
            let chord = square.sqrt();
            if chord <= LONGEST && arc(chord, SMALLEST_RADIUS) + 0.001 <= limit.0 {
                found(index, Meters(arc(chord, MEAN_RADIUS)));
                continue;
            }
            if distance::within(from, *to, limit) {
                found(index, distance::distance(from, *to));
            }
        }
    }
}

/// The arc over a chord, to a micrometer as far as [`LONGEST`].
fn arc(chord: f64, radius: f64) -> f64 {
    let square = (chord / radius) * (chord / radius);
    chord * (1.0 + square / 24.0 + 3.0 * square * square / 640.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point((lon, lat): (f64, f64)) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    proptest! {
        #[test]
        fn chords_find_what_the_geodesic_finds(
            from in (-180.0..=180.0f64, -90.0..=90.0f64),
            offsets in proptest::collection::vec((-3.0..=3.0f64, -1.5..=1.5f64), 1..40),
            limit in 0.0..150_000.0f64,
        ) {
            let to = |(lon, lat): (f64, f64)| {
                point(((from.0 + lon + 540.0) % 360.0 - 180.0, (from.1 + lat).clamp(-90.0, 90.0)))
            };
            let points: Vec<Point> = offsets.into_iter().map(to).collect();
            let from = point(from);
            // A point at the very limit, too.
            let at_limit = Meters(distance::exact(from, points[0]).0);

            for limit in [Meters(limit), at_limit] {
                let mut found = Vec::new();
                Chords::build(&points).within(from, limit, |index, meters| found.push((index, meters.0)));

                let by_hand: Vec<u32> = (0..)
                    .zip(&points)
                    .filter(|(_, it)| distance::within(from, **it, limit))
                    .map(|it| it.0)
                    .collect();
                prop_assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), by_hand);
                for (index, meters) in found {
                    let exact = distance::exact(from, points[index as usize]).0;
                    let off = if exact < 100_000.0 { 0.02 } else { 0.2 };
                    prop_assert!((meters - exact).abs() < off, "{meters} and not {exact}");
                }
            }
        }
    }
}
