//! An area: a city, a county or any other jurisdiction, with its outline.

use crate::db::id;
use crate::records::BatchId;

pub mod seed;
pub mod snapshot;
pub mod store;

id! {
    /// A jurisdiction.
    AreaId
}

/// The class of cities, which gives a site its city by polygon.
pub const CITY: &str = "city";
/// The class of counties, which gives a site its county by polygon.
pub const COUNTY: &str = "county";

/// Sources whose outlines tell only which city a point lies in: too rough to be drawn as limits. The demonstration's
/// are circles around a town's middle.
pub const ROUGH_SOURCES: &[&str] = &["demonstration-areas"];

/// A jurisdiction. Its outline is well-known binary in degrees; an area that is known by name only has none.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Area {
    /// The same at each delivery.
    pub id: AreaId,
    /// `city`, `county`, or any other word of the profile's.
    pub class: String,
    /// The name.
    pub name: String,
    /// The county that it lies in, for cities.
    pub county: Option<String>,
    /// A code of the source, such as GNIS or FIPS.
    pub code: Option<String>,
    /// How many people live there.
    pub population: Option<i64>,
    /// The box around the outline, in degrees.
    pub west: Option<f64>,
    /// The box's south.
    pub south: Option<f64>,
    /// The box's east.
    pub east: Option<f64>,
    /// The box's north.
    pub north: Option<f64>,
    /// The outline.
    pub outline: Option<Vec<u8>>,
    /// The register that gave it.
    pub source: String,
    /// Its key there.
    pub source_key: String,
    /// The import that brought it.
    pub batch_id: Option<BatchId>,
}

impl Area {
    /// An area of which a source gives its key, its class and its name, and so far nothing else.
    pub fn new((source, key): (&str, &str), class: &str, name: &str) -> Self {
        Self {
            id: AreaId::of_source(source, key),
            class: class.to_owned(),
            name: name.to_owned(),
            county: None,
            code: None,
            population: None,
            west: None,
            south: None,
            east: None,
            north: None,
            outline: None,
            source: source.to_owned(),
            source_key: key.to_owned(),
            batch_id: None,
        }
    }

    /// Whether its outline may be drawn as a limit.
    pub fn is_exact(&self) -> bool {
        !ROUGH_SOURCES.contains(&self.source.as_str())
    }
}
