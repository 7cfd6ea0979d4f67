//! An outline as a person types or pastes it: a point, GeoJSON or well-known text. Pure.

use std::str::FromStr;

use geo::Geometry;
use geojson::GeoJson;
use wkt::Wkt;

use crate::geo::shape::Shape;
use crate::geo::{NotAPoint, Point};
use crate::web::format::sentence;

/// The longest text that is read: 100,000 corners of two numbers with nine digits fit in it.
pub const LONGEST: usize = 2_500_000;
// The reader of well-known text calls itself at each bracket: deeper ones are an attack on the stack.
const MOST_NESTING: usize = 8;

/// Why a text is no outline; each says what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotAnOutline {
    /// Latitude came first, as map sites give it.
    #[error(
        "Latitude came first here, as map sites give it. It is turned round to longitude, latitude: look at it on the map, then save again."
    )]
    Swapped(
        /// The point, the right way round.
        Point,
    ),
    /// Two numbers that are no point.
    #[error("This is no point on the earth: {0}. Write longitude, latitude, such as -93.2650, 44.9778.")]
    NoPoint(NotAPoint),
    /// It begins as GeoJSON and is none.
    #[error(
        "This is not GeoJSON: {0}. Paste one geometry, such as {{\"type\": \"Point\", \"coordinates\": [-93.2650, 44.9778]}}."
    )]
    NoGeoJson(String),
    /// It begins as well-known text and is none.
    #[error(
        "This is not well-known text: {0}. Write it as POLYGON((-93.27 44.97, -93.26 44.97, -93.26 44.98, -93.27 44.97))."
    )]
    NoWkt(String),
    /// It is nothing that can be read.
    #[error(
        "Write longitude, latitude, such as -93.2650, 44.9778; or paste a GeoJSON geometry or well-known text."
    )]
    Unreadable,
    /// A geometry, but none that a place can have.
    #[error("{0}")]
    NoShape(String),
}

/// Reads `-93.2650, 44.9778`, a GeoJSON geometry or feature, or well-known text, in degrees with longitude first.
///
/// # Errors
/// See [`NotAnOutline`].
pub fn read(text: &str) -> Result<Shape, NotAnOutline> {
    let text = text.trim();
    let geometry = match text.chars().next() {
        None => return Err(NotAnOutline::Unreadable),
        Some('{') => geojson(text)?,
        Some(it) if it.is_ascii_alphabetic() => well_known(text)?,
        Some(_) => return point(text).map(Shape::from),
    };
    Shape::parse(geometry).map_err(|error| NotAnOutline::NoShape(sentence(&error.to_string())))
}

/// The outline as the form shows it: a point as two numbers, all else as GeoJSON.
pub fn written(shape: &Shape) -> String {
    if let Geometry::Point(it) = shape.geometry() {
        return format!("{}, {}", it.x(), it.y());
    }
    geojson::Geometry::from(shape.geometry()).to_string()
}

fn point(text: &str) -> Result<Point, NotAnOutline> {
    let bare = text.trim_matches(|it: char| "()[]".contains(it) || it.is_whitespace());
    let split = |it: char| it == ',' || it == ';' || it.is_whitespace();
    let numbers: Result<Vec<f64>, _> =
        bare.split(split).filter(|it| !it.is_empty()).map(f64::from_str).collect();
    let Ok([lon, lat]) = numbers.as_deref() else { return Err(NotAnOutline::Unreadable) };
    Point::parse(*lon, *lat).map_err(|error| match (error, Point::parse(*lat, *lon)) {
        (NotAPoint::Swapped { .. }, Ok(turned)) => NotAnOutline::Swapped(turned),
        (error, _) => NotAnOutline::NoPoint(error),
    })
}

fn geojson(text: &str) -> Result<Geometry<f64>, NotAnOutline> {
    let wrong = |reason: &str| NotAnOutline::NoGeoJson(reason.to_owned());
    let read: GeoJson = text.parse().map_err(|error: geojson::Error| wrong(&error.to_string()))?;
    let geometry = match read {
        GeoJson::Geometry(it) => it,
        GeoJson::Feature(it) => it.geometry.ok_or_else(|| wrong("the feature has no geometry"))?,
        GeoJson::FeatureCollection(it) => match <[_; 1]>::try_from(it.features) {
            Ok([feature]) => feature.geometry.ok_or_else(|| wrong("the feature has no geometry"))?,
            Err(all) => {
                return Err(wrong(&format!("it holds {} features, and a place has one outline", all.len())));
            }
        },
    };
    Geometry::try_from(geometry).map_err(|error| wrong(&error.to_string()))
}

fn well_known(text: &str) -> Result<Geometry<f64>, NotAnOutline> {
    let wrong = |reason: &str| NotAnOutline::NoWkt(reason.to_owned());
    let mut depth = 0_usize;
    for letter in text.chars() {
        depth = match letter {
            '(' => depth + 1,
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        if depth > MOST_NESTING {
            return Err(wrong("its brackets are nested too deep"));
        }
    }
    let text = text.strip_prefix("SRID=4326;").unwrap_or(text);
    let read = Wkt::<f64>::from_str(text).map_err(wrong)?;
    Geometry::try_from(read).map_err(|error| wrong(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_point_is_two_numbers_longitude_first() {
        for text in ["-93.265, 44.9778", "  -93.265 44.9778 ", "(-93.265,44.9778)", "[-93.265; 44.9778]"] {
            assert_eq!(written(&read(text).unwrap()), "-93.265, 44.9778", "{text}");
        }
    }

    #[test]
    fn what_a_map_site_gives_is_turned_round_and_said() {
        let turned = Point::parse(-93.265, 44.9778).unwrap();

        assert_eq!(read("44.9778, -93.265").unwrap_err(), NotAnOutline::Swapped(turned));
        assert!(NotAnOutline::Swapped(turned).to_string().contains("save again"));
    }

    #[test]
    fn geojson_and_well_known_text_say_the_same() {
        let wkt = read("POLYGON((-93.27 44.97, -93.26 44.97, -93.26 44.98, -93.27 44.97))").unwrap();
        let geometry = r#"{"type":"Polygon","coordinates":[[[-93.27,44.97],[-93.26,44.97],[-93.26,44.98],[-93.27,44.97]]]}"#;
        let feature = format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);

        for text in [geometry, &feature, &collection, &written(&wkt)] {
            assert_eq!(read(text).unwrap().geometry(), wkt.geometry(), "{text}");
        }
    }

    #[test]
    fn each_flaw_says_what_would_be_right() {
        let reason = |text: &str| read(text).unwrap_err().to_string();

        assert!(reason("Main Street").contains("well-known text"));
        assert!(reason("12").contains("-93.2650, 44.9778"));
        assert!(reason("480000, 4980000").contains("no point on the earth"));
        assert!(reason("{\"type\":\"Polygon\"").contains("not GeoJSON"));
        assert!(reason(r#"{"type":"FeatureCollection","features":[]}"#).contains("0 features"));
        assert!(reason("POLYGON EMPTY").ends_with('.'));
        assert!(
            reason(&format!("GEOMETRYCOLLECTION{}", "(GEOMETRYCOLLECTION".repeat(90_000)))
                .contains("too deep")
        );
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in ".{0,80}", word in "(POINT|POLYGON|MULTIPOINT|LINESTRING|\\{\"type\":)[ ()0-9,.eE-]{0,40}") {
            let _ = (read(&text), read(&word));
        }
    }
}
