//! Turns coordinates of a file's own system (UTM meters, county feet, Web Mercator) into longitude and latitude
//! in degrees, over proj4rs.

use std::fmt;

use proj4rs::Proj;
use proj4rs::transform::transform;

/// A coordinate reference system; knows how to get from its `x` and `y` to degrees.
///
/// `x` is always the easting or longitude and `y` the northing or latitude, as GIS files have it, whatever axis
/// order the register of the authority says. NAD83 is taken for WGS 84: they lie within about 2 meters of each
/// other in the contiguous states, less than the error of the addresses.
#[derive(Clone)]
pub struct Crs {
    name: String,
    from: Proj,
    degrees: Proj,
}

/// A coordinate system that is not known, or a coordinate outside of it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The text names no system that can be used.
    #[error("`{name}` cannot be used as a coordinate system ({reason}); {ACCEPTED}")]
    Unknown {
        /// As given.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The system has no such place.
    #[error("({x}, {y}) is no place in {name}: {reason}")]
    Outside {
        /// The system.
        name: String,
        /// As given.
        x: f64,
        /// As given.
        y: f64,
        /// Why not.
        reason: String,
    },
}

const ACCEPTED: &str = "give an EPSG code such as \"EPSG:26915\", or a proj string such as \"+proj=utm +zone=15 \
                        +datum=NAD83\" (for ESRI codes and county systems, whose proj strings are on epsg.io or \
                        in the county's documentation)";
const WGS84: &str = "+proj=longlat +datum=WGS84 +no_defs";

impl Crs {
    /// WGS 84 in degrees, as GeoJSON has it.
    pub fn wgs84() -> Self {
        let degrees = Proj::from_proj_string(WGS84).expect("the definition is a constant that proj4rs knows");
        Self { name: "EPSG:4326".to_owned(), from: degrees.clone(), degrees }
    }

    /// Takes `EPSG:26915` (also as a URN or a URL of OGC), `OGC:CRS84`, or a proj string.
    ///
    /// # Errors
    /// An unknown code, another authority, a malformed proj string, a system that needs a datum grid.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let text = text.trim();
        let unknown = |reason: &str| CrsError::Unknown { name: text.to_owned(), reason: reason.to_owned() };
        let definition = if text.starts_with('+') {
            text
        } else {
            let (authority, code) =
                authority_and_code(text).ok_or_else(|| unknown("it is neither a code nor a proj string"))?;
            match authority.to_ascii_uppercase().as_str() {
                "EPSG" => definition(code).ok_or_else(|| unknown("there is no such EPSG code"))?,
                "OGC" if code.eq_ignore_ascii_case("CRS84") => WGS84,
                _ => return Err(unknown("only EPSG codes are known by number")),
            }
        };
        let from = Proj::from_proj_string(definition).map_err(|error| unknown(&error.to_string()))?;
        if !from.is_latlong() && !from.has_inverse() {
            return Err(unknown("this projection has no way back to degrees"));
        }
        Ok(Self { name: text.to_owned(), from, ..Self::wgs84() })
    }

    /// The system as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Longitude and latitude in degrees of WGS 84.
    ///
    /// # Errors
    /// A number that is not finite, or a point outside of the projection or of the Earth.
    pub fn to_lon_lat(&self, x: f64, y: f64) -> Result<(f64, f64), CrsError> {
        let outside =
            |reason: &str| CrsError::Outside { name: self.name.clone(), x, y, reason: reason.to_owned() };
        if !x.is_finite() || !y.is_finite() {
            return Err(outside("it is not a finite number"));
        }
        let (lon, lat) = if self.from.is_latlong() {
            if !in_range(x, y) {
                return Err(outside("longitude is -180 to 180, latitude -90 to 90"));
            }
            (x.to_radians(), y.to_radians())
        } else {
            (x, y)
        };
        // proj4rs counts degrees in radians.
        let mut point = (lon, lat, 0.0);
        transform(&self.from, &self.degrees, &mut point).map_err(|error| outside(&error.to_string()))?;
        let (lon, lat) = (point.0.to_degrees(), point.1.to_degrees());
        if in_range(lon, lat) { Ok((lon, lat)) } else { Err(outside("the result is not on the Earth")) }
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crs({})", self.name)
    }
}

/// Whether longitude and latitude in degrees are places on the Earth at all; false for NaN.
pub fn in_range(lon: f64, lat: f64) -> bool {
    (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat)
}

/// The proj string of an EPSG code.
fn definition(code: &str) -> Option<&'static str> {
    crs_definitions::from_code(code.parse().ok()?).map(|definition| definition.proj4)
}

/// The authority and the code of `EPSG:4326`, `urn:ogc:def:crs:EPSG::4326` or
/// `http://www.opengis.net/def/crs/EPSG/0/4326`.
fn authority_and_code(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("urn:ogc:def:crs:") {
        let mut parts = text["urn:ogc:def:crs:".len()..].split(':');
        return Some((parts.next()?, parts.next_back()?));
    }
    if let Some(at) = lower.find("/def/crs/") {
        let mut parts = text[at + "/def/crs/".len()..].split('/');
        return Some((parts.next()?, parts.next_back()?));
    }
    let (authority, code) = text.split_once(':')?;
    (!authority.contains(['/', ' ']) && !code.contains([':', '/', ' '])).then_some((authority, code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn degrees(crs: &str, x: f64, y: f64) -> (f64, f64) {
        Crs::parse(crs).unwrap().to_lon_lat(x, y).unwrap()
    }

    fn near((lon, lat): (f64, f64), wanted: (f64, f64), tolerance: f64) -> bool {
        (lon - wanted.0).abs() < tolerance && (lat - wanted.1).abs() < tolerance
    }

    #[test]
    fn degrees_stay_degrees_however_they_are_named() {
        for name in [
            "EPSG:4326",
            "epsg:4269",
            "OGC:CRS84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
        ] {
            assert!(near(degrees(name, -93.265, 44.9778), (-93.265, 44.9778), 1e-9), "{name}");
        }
    }

    #[test]
    fn web_mercator_becomes_degrees() {
        let x = -93.265_f64.to_radians() * 6_378_137.0;
        let y = (44.9778_f64.to_radians() / 2.0 + std::f64::consts::FRAC_PI_4).tan().ln() * 6_378_137.0;

        assert!(near(degrees("EPSG:3857", x, y), (-93.265, 44.9778), 1e-9));
    }

    #[test]
    fn us_survey_feet_are_not_international_feet() {
        // The false origin of Minnesota South (EPSG:26993, in meters; EPSG:26851 is the same in US survey feet).
        let meters = degrees("EPSG:26993", 800_000.0, 100_000.0);
        let feet = degrees("EPSG:26851", 800_000.0 * 3937.0 / 1200.0, 100_000.0 * 3937.0 / 1200.0);

        assert!(near(meters, (-94.0, 43.0), 1e-9));
        assert!(near(feet, (-94.0, 43.0), 1e-6), "{feet:?}");
    }

    #[test]
    fn a_wrong_name_is_refused_with_what_is_accepted() {
        for name in ["EPSG:99999", "ESRI:103734", "UTM 15N", "+proj=nothing", "", "EPSG:", "+", "4326"] {
            let error = Crs::parse(name).unwrap_err().to_string();

            assert!(error.contains(&format!("`{name}`")) && error.contains("EPSG:26915"), "{error}");
        }
    }

    #[test]
    fn a_point_off_the_earth_is_refused() {
        let error = |crs: &str, x, y| Crs::parse(crs).unwrap().to_lon_lat(x, y).unwrap_err().to_string();

        assert!(error("EPSG:4326", -93.0, 4498.0).contains("latitude -90 to 90"));
        assert!(error("EPSG:26915", f64::NAN, 0.0).contains("finite"));
        assert!(Crs::parse("EPSG:26915").unwrap().to_lon_lat(1e300, -1e300).is_err());
    }

    proptest! {
        #[test]
        fn any_number_gives_a_place_on_the_earth_or_an_error(x: f64, y: f64, n in 0..4usize) {
            let crs = Crs::parse(["EPSG:4326", "EPSG:3857", "EPSG:26915", "EPSG:26851"][n]).unwrap();
            if let Ok((lon, lat)) = crs.to_lon_lat(x, y) {
                prop_assert!(in_range(lon, lat));
            }
        }

        #[test]
        fn any_name_is_parsed_without_a_panic(name in "\\PC{0,20}", code in "[0-9:/a-z+= ]{0,12}") {
            let _ = Crs::parse(&name);
            let _ = Crs::parse(&format!("EPSG:{code}"));
            let _ = Crs::parse(&format!("+proj={code}"));
        }
    }
}
