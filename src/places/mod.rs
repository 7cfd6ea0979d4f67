//! A place: a school, child care, a place of worship, a park, a library, a residence, or a lot or building that a
//! distance is measured from, with its outline.

use chrono::NaiveDate;
use geo::Geometry;

use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::geo::shape::Shape;
use crate::records::BatchId;

pub mod classes;
pub mod drawing;
pub mod form;
pub mod outline;
pub mod pages;
pub mod snapshot;
pub mod store;
pub mod views;

id! {
    /// A place.
    PlaceId
}

text_enum! {
    /// What the outline of a place is.
    Part {
        /// The point of an address.
        Point = "point",
        /// A line, such as a trail.
        Line = "line",
        /// The footprint of a building.
        Building = "building",
        /// A parcel.
        Lot = "lot",
        /// Grounds, such as a park's.
        Area = "area",
    }
}

/// A place in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Place {
    /// The same for all versions.
    pub id: PlaceId,
    /// 1 for the first.
    pub version: i64,
    /// When this version could first have been known.
    pub recorded_at: Moment,
    /// The register or desk that gave it.
    pub source: String,
    /// Its key there.
    pub source_key: String,
    /// The import that brought it; none for what a person entered.
    pub batch_id: Option<BatchId>,
    /// A word of `data/places.toml`.
    pub class: String,
    /// What the outline is.
    pub part: Part,
    /// The name; empty where the source has none.
    pub name: String,
    /// The address as written, in one line.
    pub address: Option<String>,
    /// The first day, where known.
    pub opened_on: Option<Moment>,
    /// The day from which it is gone, where known.
    pub closed_on: Option<Moment>,
    /// The outline as well-known binary in degrees, longitude first; empty in a [`snapshot::Snapshot`].
    pub outline: Vec<u8>,
    /// The box around the outline, in degrees.
    pub west: f64,
    /// The box's south.
    pub south: f64,
    /// The box's east.
    pub east: f64,
    /// The box's north.
    pub north: f64,
}

/// Which places a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of a name or an address.
    pub text: Option<String>,
    /// Only these: a word of `data/places.toml`.
    pub class: Option<String>,
}

impl Part {
    /// What an outline is, as far as its geometry tells: a point, a line, or grounds.
    pub fn of(outline: &Shape) -> Self {
        match outline.geometry() {
            Geometry::Point(_) | Geometry::MultiPoint(_) => Self::Point,
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Self::Line,
            _ => Self::Area,
        }
    }

    /// Whether an outline can be this: a building, a lot and grounds are polygons.
    pub fn suits(self, outline: &Shape) -> bool {
        match Self::of(outline) {
            Self::Area => !matches!(self, Self::Point | Self::Line),
            other => self == other,
        }
    }

    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Point => "Point of an address",
            Self::Line => "Line",
            Self::Building => "Building",
            Self::Lot => "Lot",
            Self::Area => "Grounds",
        }
    }
}

impl Place {
    /// Whether it was there on that day, as far as is known: an unknown first day is long ago, and an unknown last day
    /// lies ahead. On the day of its closing it is gone.
    pub fn was_there(&self, on: NaiveDate) -> bool {
        self.opened_on.is_none_or(|it| it.day() <= on) && self.closed_on.is_none_or(|it| it.day() > on)
    }

    /// The same with that outline and the box around it.
    pub fn with_outline(self, shape: &Shape) -> Self {
        let [west, south, east, north] = shape.bounds().edges();
        let outline = shape.to_wkb().expect("what was checked can be written to memory");
        Self { outline, west, south, east, north, ..self }
    }

    /// The box around its outline: west, south, east, north in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// What pages call it: its name, or else its address, or else what it is.
    pub fn title<'a>(&'a self, classes: &'a classes::Classes) -> &'a str {
        let named = (!self.name.is_empty()).then_some(self.name.as_str());
        named.or(self.address.as_deref()).unwrap_or_else(|| classes.label(&self.class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(opened: Option<&str>, closed: Option<&str>) -> Place {
        let moment = |it: &str| it.parse().unwrap();
        Place {
            id: PlaceId::of_source("schools", "1"),
            version: 1,
            recorded_at: moment("2026-01-01"),
            source: "schools".to_owned(),
            source_key: "1".to_owned(),
            batch_id: None,
            class: "school".to_owned(),
            part: Part::Point,
            name: String::new(),
            address: None,
            opened_on: opened.map(moment),
            closed_on: closed.map(moment),
            outline: Vec::new(),
            west: 0.0,
            south: 0.0,
            east: 0.0,
            north: 0.0,
        }
    }

    #[test]
    fn a_place_is_there_from_its_first_day_until_before_it_closed() {
        let day = |it: &str| it.parse().unwrap();
        let school = place(Some("2020-09-01"), Some("2024-06-10"));

        assert!(school.was_there(day("2020-09-01")) && school.was_there(day("2024-06-09")));
        assert!(!school.was_there(day("2020-08-31")) && !school.was_there(day("2024-06-10")));
        assert!(place(None, None).was_there(day("1900-01-01")), "what is not known does not tell against it");
    }
}
