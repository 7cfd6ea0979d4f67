//! Pure geometry on the WGS84 ellipsoid: points, distances, the site grid, rings and areas; no IO.
//!
//! Longitude comes first everywhere, in degrees, as in GeoJSON (RFC 7946). Distances are geodesic and in
//! meters; a law's feet are international feet of 0.3048 m.

pub mod cell;
pub mod chord;
pub mod crs;
pub mod distance;
pub mod grid;
pub mod measure;
pub mod near;
mod piece;
pub mod polygon;
pub mod prj;
pub mod ring;
pub mod shape;

use std::fmt;

/// A place on the earth: degrees of WGS84, longitude in -180..=180 and latitude in -90..=90, always finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    lon: f64,
    lat: f64,
}

/// Why two numbers are no place on the earth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NotAPoint {
    /// Not in -180..=180, or not a number.
    #[error("longitude {0} is not between -180 and 180 degrees")]
    Longitude(f64),
    /// Not in -90..=90, or not a number.
    #[error("latitude {0} is not between -90 and 90 degrees")]
    Latitude(f64),
    /// The latitude is out of range, but would be a longitude, and the longitude would be a latitude.
    #[error("longitude {lon} and latitude {lat} look swapped")]
    Swapped {
        /// What was given as longitude.
        lon: f64,
        /// What was given as latitude.
        lat: f64,
    },
}

impl Point {
    /// The point at `lon`, `lat` degrees; an error names the number that cannot be.
    pub fn parse(lon: f64, lat: f64) -> Result<Self, NotAPoint> {
        let (lon_fits, lat_fits) = (lon.abs() <= 180.0, lat.abs() <= 90.0);
        match (lon_fits, lat_fits) {
            (true, true) => Ok(Self { lon, lat }),
            (true, false) if lon.abs() <= 90.0 && lat.abs() <= 180.0 => Err(NotAPoint::Swapped { lon, lat }),
            (true, false) => Err(NotAPoint::Latitude(lat)),
            (false, _) => Err(NotAPoint::Longitude(lon)),
        }
    }

    /// Degrees east of Greenwich.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north of the equator.
    pub fn lat(self) -> f64 {
        self.lat
    }

    fn coord(self) -> geo::Coord<f64> {
        geo::Coord { x: self.lon, y: self.lat }
    }
}

/// As `longitude, latitude` in degrees, in the shortest form that reads back the same.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.lon, self.lat)
    }
}

impl From<Point> for geo::Point<f64> {
    fn from(it: Point) -> Self {
        Self::new(it.lon, it.lat)
    }
}

/// A box of longitudes and latitudes, edges included; `west > east` means that it crosses the date line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Why four numbers are no box.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NotBounds {
    /// One corner is no point.
    #[error(transparent)]
    Corner(#[from] NotAPoint),
    /// The south edge lies north of the north edge.
    #[error("the south edge {south} lies north of the north edge {north}")]
    UpsideDown {
        /// Given as south.
        south: f64,
        /// Given as north.
        north: f64,
    },
}

impl Bounds {
    /// The box with these edges in degrees, in GeoJSON's order: west, south, east, north.
    pub fn parse([west, south, east, north]: [f64; 4]) -> Result<Self, NotBounds> {
        Point::parse(west, south)?;
        Point::parse(east, north)?;
        if south > north {
            return Err(NotBounds::UpsideDown { south, north });
        }
        Ok(Self { west, south, east, north })
    }

    /// The edges, in GeoJSON's order: west, south, east, north.
    pub fn edges(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Whether the point lies in the box or on its edge.
    pub fn contains(self, point: Point) -> bool {
        let lon_fits = if self.west <= self.east {
            (self.west..=self.east).contains(&point.lon)
        } else {
            point.lon >= self.west || point.lon <= self.east
        };
        lon_fits && (self.south..=self.north).contains(&point.lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_off_the_earth_are_no_point() {
        assert_eq!(Point::parse(-93.2, 91.0), Err(NotAPoint::Latitude(91.0)));
        assert_eq!(Point::parse(44.9, -93.2), Err(NotAPoint::Swapped { lon: 44.9, lat: -93.2 }));
        assert_eq!(Point::parse(480_000.0, 4_980_000.0), Err(NotAPoint::Longitude(480_000.0)));
        assert!(Point::parse(f64::NAN, 0.0).is_err() && Point::parse(0.0, f64::INFINITY).is_err());
        assert!(Point::parse(180.0, -90.0).is_ok());
    }

    #[test]
    fn a_box_may_cross_the_date_line() {
        let fiji = Bounds::parse([177.0, -20.0, -178.0, -12.0]).unwrap();

        assert!(fiji.contains(Point::parse(179.9, -17.0).unwrap()));
        assert!(fiji.contains(Point::parse(-179.9, -17.0).unwrap()));
        assert!(!fiji.contains(Point::parse(0.0, -17.0).unwrap()));
        assert!(Bounds::parse([0.0, 5.0, 1.0, 4.0]).is_err());
    }
}
