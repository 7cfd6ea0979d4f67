//! The ground of an exhibit: a flat picture with north up, and the line that lies as far from a shape as a limit.

use geo::{CoordsIter, Destination, Geodesic, Geometry};

use crate::geo::Point;
use crate::geo::distance::{Feet, Meters, exact};
use crate::geo::measure::measure;
use crate::geo::shape::Shape;

/// Directions in which a ring is measured.
const DIRECTIONS: u32 = 120;
/// A ring is found to a centimeter.
const EXACT: f64 = 0.01;

/// A flat picture around a point: feet east and north of it. Across some miles it is true to 1 in 1,000.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    at: Point,
    feet_east: f64,
    feet_north: f64,
}

impl Plane {
    /// Around that point.
    pub fn around(at: Point) -> Self {
        let a_bit = 0.001;
        let feet =
            |lon: f64, lat: f64| Point::parse(lon, lat).map_or(0.0, |it| Feet::from(exact(at, it)).0 / a_bit);
        let (east, north) =
            (if at.lon() > 0.0 { -a_bit } else { a_bit }, if at.lat() > 0.0 { -a_bit } else { a_bit });
        Self { at, feet_east: feet(at.lon() + east, at.lat()), feet_north: feet(at.lon(), at.lat() + north) }
    }

    /// Feet east and north.
    pub fn feet(&self, (lon, lat): (f64, f64)) -> (f64, f64) {
        ((lon - self.at.lon()) * self.feet_east, (lat - self.at.lat()) * self.feet_north)
    }

    /// The lines that a shape is drawn of; whether it is an area; a point is one line of one place.
    pub fn lines(&self, shape: &Shape) -> (Vec<Vec<(f64, f64)>>, bool) {
        let mut lines = Vec::new();
        let is_area = self.add(shape.geometry(), &mut lines);
        (lines, is_area)
    }

    fn add(&self, it: &Geometry<f64>, lines: &mut Vec<Vec<(f64, f64)>>) -> bool {
        let mut line = |part: &geo::LineString<f64>| {
            lines.push(part.coords().map(|it| self.feet((it.x, it.y))).collect());
        };
        match it {
            Geometry::Polygon(it) => std::iter::once(it.exterior()).chain(it.interiors()).for_each(line),
            Geometry::MultiPolygon(all) => {
                all.iter().flat_map(|it| std::iter::once(it.exterior()).chain(it.interiors())).for_each(line);
            }
            Geometry::LineString(it) => {
                line(it);
                return false;
            }
            Geometry::MultiLineString(all) => {
                all.iter().for_each(line);
                return false;
            }
            other => {
                lines.extend(other.coords_iter().map(|it| vec![self.feet((it.x, it.y))]));
                return false;
            }
        }
        true
    }
}

/// The geodesic line at that distance from a shape, as seen from its middle: in each direction, the point that far from the
/// shape's outline.
pub fn ring(shape: &Shape, limit: Feet) -> Vec<(f64, f64)> {
    let middle = shape.middle();
    let limit = Meters::from(limit);
    let [west, south, east, north] = shape.bounds().edges();
    let corner = |lon, lat| Point::parse(lon, lat).map_or(0.0, |it| exact(middle, it).0);
    let across = [corner(west, south), corner(west, north), corner(east, south), corner(east, north)];
    let far = limit.0 + across.into_iter().fold(1.0, f64::max);
    (0..DIRECTIONS)
        .filter_map(|n| edge(shape, middle, f64::from(n) * 360.0 / f64::from(DIRECTIONS), (limit, far)))
        .collect()
}

/// Halves the way out until it ends at the limit.
fn edge(shape: &Shape, middle: Point, bearing: f64, (limit, far): (Meters, f64)) -> Option<(f64, f64)> {
    let at = |meters: f64| {
        let it = Geodesic.destination(geo::Point::from(middle), bearing, meters);
        Point::parse(it.x(), it.y()).ok()
    };
    let (mut near, mut far) = (0.0, far);
    while far - near > EXACT {
        let half = f64::midpoint(near, far);
        if measure(shape, &at(half)?.into()).meters <= limit { near = half } else { far = half }
    }
    at(near).map(|it| (it.lon(), it.lat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_lies_as_far_off_as_its_limit() {
        let middle = Point::parse(-93.27, 44.98).unwrap();

        for (lon, lat) in ring(&middle.into(), Feet(500.0)) {
            let feet = Feet::from(exact(middle, Point::parse(lon, lat).unwrap())).0;
            assert!((feet - 500.0).abs() < 0.1, "{feet}");
        }
    }

    #[test]
    fn north_is_up_and_feet_are_feet() {
        let plane = Plane::around(Point::parse(-93.27, 44.98).unwrap());
        let (east, north) = plane.feet((-93.27, 44.99));

        assert!(east.abs() < 1e-6 && (north - 3_645.8).abs() < 2.0, "{north}");
    }
}
