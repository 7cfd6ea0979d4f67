//! Geodesic distance in meters: a fast formula for neighbors, Karney's geodesic for all else and wherever a
//! limit is decided within 1 mm.
//!
//! The fast formula takes the ellipsoid's radii of curvature at the mid latitude. Within [`FAST_REACH`] and
//! [`FAST_LATITUDE`] it differs from Karney's geodesic by less than [`FAST_ERROR`]; a property test proves it
//! (in Minnesota the difference is some thousandths of a millimeter). Its sines come from `libm`, so it is
//! bit-identical on every machine.
//!
//! Sources: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013); radii of curvature: NGA.STND.0036.

use geo::{Distance, Geodesic};

use super::Point;

/// A distance in meters.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Meters(pub f64);

/// A distance in international feet, as Minnesota's laws are read: exactly 0.3048 m each.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Feet(pub f64);

impl From<Feet> for Meters {
    fn from(it: Feet) -> Self {
        Self(it.0 * 0.3048)
    }
}

impl From<Meters> for Feet {
    fn from(it: Meters) -> Self {
        Self(it.0 / 0.3048)
    }
}

/// As far as the fast formula is used.
pub const FAST_REACH: Meters = Meters(1000.0);
/// As far from the equator, in degrees, as the fast formula is used.
pub const FAST_LATITUDE: f64 = 85.0;
/// The fast formula's largest error within its reach.
pub const FAST_ERROR: Meters = Meters(0.000_32);
/// Nearer than this to a limit, Karney's geodesic decides.
pub const DOUBT: Meters = Meters(0.001);

const EQUATORIAL_RADIUS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);
pub(super) const RADIANS: f64 = std::f64::consts::PI / 180.0;

/// The distance by Karney's geodesic, right to some nanometers, about 1 µs a pair.
///
/// It is the only distance whose sines come from the platform: it may differ by nanometers between machines.
pub fn exact(a: Point, b: Point) -> Meters {
    Meters(Geodesic.distance(geo::Point::from(a), geo::Point::from(b)))
}

/// The distance: by the fast formula within its reach, else exact. The same from `b` to `a`.
pub fn distance(a: Point, b: Point) -> Meters {
    let fast = fast(a, b);
    if in_reach(a, b) && fast < FAST_REACH.0 { Meters(fast) } else { exact(a, b) }
}

/// Whether `b` lies at most `limit` from `a`, the limit included; exact at the limit.
pub fn within(a: Point, b: Point, limit: Meters) -> bool {
    // A degree of latitude is longer than 110,574 m: most far pairs end here.
    if (a.lat - b.lat).abs() * 110_574.0 > limit.0 + DOUBT.0 {
        return false;
    }
    if in_reach(a, b) { decide(a, b, fast(a, b), limit) } else { exact(a, b).0 <= limit.0 }
}

/// Like [`within`], for who already has the fast formula's result of this pair.
pub(super) fn decide(a: Point, b: Point, fast: f64, limit: Meters) -> bool {
    if fast > FAST_REACH.0 {
        // Beyond its reach the formula is still right to 1 in 100, as far as 50 km.
        return (limit.0 >= 0.98 * fast || fast > 50_000.0) && exact(a, b).0 <= limit.0;
    }
    if (fast - limit.0).abs() < DOUBT.0 { exact(a, b).0 <= limit.0 } else { fast <= limit.0 }
}

/// Degrees from `from` to `to` the short way round, -180..=180.
pub(super) fn turn(from: f64, to: f64) -> f64 {
    let turn = to - from;
    if turn > 180.0 {
        turn - 360.0
    } else if turn < -180.0 {
        turn + 360.0
    } else {
        turn
    }
}

pub(super) fn in_reach(a: Point, b: Point) -> bool {
    a.lat.abs() <= FAST_LATITUDE && b.lat.abs() <= FAST_LATITUDE
}

/// The fast formula, whatever the reach.
fn fast(a: Point, b: Point) -> f64 {
    Scale::at(0.5 * (a.lat + b.lat)).distance(0.0, turn(a.lon, b.lon), b.lat - a.lat)
}

/// Meters per degree near one latitude, so that a row of neighbors shares one sine and cosine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    east: [f64; 3],
    north: [f64; 2],
}

impl Scale {
    /// The lengths of a degree at `lat`, with their slopes: those change by less than 1e-8 of their size over
    /// 150 m when the square is kept, which is less than 0.01 mm within [`FAST_REACH`].
    pub(super) fn at(lat: f64) -> Self {
        let (sin, cos) = libm::sincos(lat * RADIANS);
        let e2 = ECCENTRICITY_2;
        let bend = 1.0 - e2 * sin * sin;
        let normal = EQUATORIAL_RADIUS / bend.sqrt();
        let meridian = EQUATORIAL_RADIUS * (1.0 - e2) / (bend * bend.sqrt());
        // d(N cos φ)/dφ = -M sin φ; the second derivative leaves out terms of e², far below a micrometer here.
        Self {
            east: [
                RADIANS * normal * cos,
                -RADIANS * RADIANS * meridian * sin,
                -0.5 * RADIANS * RADIANS * RADIANS * meridian * cos,
            ],
            north: [RADIANS * meridian, RADIANS * RADIANS * 3.0 * e2 * meridian * sin * cos / bend],
        }
    }

    /// Meters of a degree of longitude `off` degrees nearer to the pole.
    pub(super) fn east_at(&self, off: f64) -> f64 {
        self.east[0] - off * self.east[1].abs() + off * off * self.east[2]
    }

    /// Meters of the leg `(east, north)` in degrees whose mid latitude lies `off` degrees from the scale's own.
    pub(super) fn distance(&self, off: f64, east: f64, north: f64) -> f64 {
        let x = east * (self.east[0] + off * (self.east[1] + off * self.east[2]));
        let y = north * (self.north[0] + off * self.north[1]);
        (x * x + y * y).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(lon: f64, lat: f64) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    #[test]
    fn five_hundred_feet_are_exactly_152_4_meters() {
        assert_eq!(Meters::from(Feet(500.0)), Meters(152.4));
        assert_eq!(Feet::from(Meters(152.4)), Feet(500.0));
    }

    #[test]
    fn a_degree_is_as_long_as_the_ellipsoid_says() {
        let quadrant = exact(point(0.0, 0.0), point(0.0, 90.0));

        assert!((exact(point(0.0, 0.0), point(1.0, 0.0)).0 - EQUATORIAL_RADIUS * RADIANS).abs() < 1e-6);
        // The meridian quadrant of WGS84.
        assert!((quadrant.0 - 10_001_965.729).abs() < 0.001);
    }

    #[test]
    fn the_date_line_does_not_part_neighbors() {
        let (west, east) = (point(179.9995, 10.0), point(-179.9995, 10.0));

        assert!((distance(west, east).0 - exact(west, east).0).abs() < FAST_ERROR.0);
        assert!(within(west, east, Meters(150.0)));
    }

    #[test]
    fn far_pairs_and_the_poles_are_exact() {
        let pole = point(12.0, 90.0);

        assert_eq!(distance(point(0.0, 0.0), point(90.0, 0.0)), exact(point(0.0, 0.0), point(90.0, 0.0)));
        assert!(within(pole, point(-100.0, 89.9999), Meters(12.0)));
        assert!(!within(pole, point(-100.0, 89.9999), Meters(11.0)));
    }

    prop_compose! {
        /// Two points at most about a kilometer apart, anywhere the fast formula is used.
        fn neighbors()(lat in -84.99..84.99f64, lon in -180.0..=180.0f64, reach in 0.0..1.0f64, turn in 0.0..6.3f64)
            -> (Point, Point)
        {
            let north = 0.0089 * reach * libm::sin(turn);
            let east = 0.0089 * reach * libm::cos(turn) / libm::cos(lat * RADIANS);
            let around = if lon + east > 180.0 { lon + east - 360.0 } else if lon + east < -180.0 { lon + east + 360.0 } else { lon + east };
            (point(lon, lat), point(around, lat + north))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn the_fast_formula_is_right_to_a_third_of_a_millimeter((a, b) in neighbors()) {
            let (fast, exact) = (fast(a, b), exact(a, b).0);

            prop_assert!((fast - exact).abs() < FAST_ERROR.0, "{a} {b}: {fast} {exact}");
        }

        #[test]
        fn a_shared_scale_gives_the_same_distance((a, b) in neighbors(), off in -0.005..0.005f64) {
            prop_assume!(exact(a, b).0 < FAST_REACH.0);
            let mid = 0.5 * (a.lat + b.lat);

            let shared = Scale::at(mid - off).distance(off, turn(a.lon, b.lon), b.lat - a.lat);

            prop_assert!((shared - exact(a, b).0).abs() < FAST_ERROR.0);
        }

        #[test]
        fn a_limit_is_decided_as_the_geodesic_decides((a, b) in neighbors(), off in -0.002..0.002f64) {
            let exact = exact(a, b).0;

            prop_assert!(within(a, b, Meters(exact)));
            prop_assert_eq!(within(a, b, Meters(exact + off)), off >= 0.0);
        }

        #[test]
        fn the_distance_is_the_same_both_ways((a, b) in neighbors()) {
            prop_assert_eq!(distance(a, b), distance(b, a));
        }

        #[test]
        fn any_two_points_agree_with_the_geodesic(
            a in (-180.0..=180.0f64, -90.0..=90.0f64), b in (-180.0..=180.0f64, -90.0..=90.0f64), share in 0.0..2.0f64
        ) {
            let (a, b) = (point(a.0, a.1), point(b.0, b.1));
            let exact = exact(a, b).0;

            prop_assert!(within(a, b, Meters(exact * share)) == (exact <= exact * share));
        }
    }
}
