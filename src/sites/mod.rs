//! A site: premises of one business, where they stand, and whether they are open.

use std::ops::Deref;

use crate::clock::Moment;
use crate::db::{Json, text_enum};
use crate::knowledge::Library;
use crate::knowledge::labels::Labels;
use crate::records::{BatchId, BuildingId, PointMethod, SiteId};
use crate::rights::held::Held;

pub mod entry;
pub mod form;
pub mod listing;
pub mod pages;
pub mod registers;
pub mod snapshot;
pub mod store;
pub mod views;

text_enum! {
    /// Whether business goes on at a site.
    Status {
        /// Open.
        Open = "open",
        /// Closed for good.
        Closed = "closed",
        /// It moved; the site it moved to may be known.
        Moved = "moved",
        /// Nobody has said.
        Unknown = "unknown",
    }
}

/// A site in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Site {
    /// The same for all versions.
    pub id: SiteId,
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
    /// Its number for people, shown as `S-00417`.
    pub number: i64,
    /// A word of `data/kinds.toml`.
    pub kind: String,
    /// The name on the door.
    pub name: String,
    /// Further and former names.
    #[sqlx(try_from = "Json<Vec<String>>")]
    pub other_names: Vec<String>,
    /// The address as written, in one line.
    pub address: String,
    /// House number.
    pub house_number: Option<String>,
    /// Direction before the street's name.
    pub pre_direction: Option<String>,
    /// The street's name.
    pub street: Option<String>,
    /// The street's suffix, as USPS abbreviates it.
    pub suffix: Option<String>,
    /// Direction after the street's name.
    pub post_direction: Option<String>,
    /// The unit's designator, such as `STE`.
    pub unit_type: Option<String>,
    /// The unit's number.
    pub unit: Option<String>,
    /// The city as written.
    pub city: Option<String>,
    /// Two letters.
    pub state: Option<String>,
    /// Five digits.
    pub zip: Option<String>,
    /// The address understood: sites with the same one share a building.
    pub building_id: Option<BuildingId>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Who gave the point.
    pub point_method: PointMethod,
    /// How far off the point may be, in meters, where known.
    pub point_meters: Option<f64>,
    /// The city that it lies in, by polygon; what is written may be another (postal) name.
    pub city_area: Option<String>,
    /// The county by polygon.
    pub county: Option<String>,
    /// Whether business goes on.
    pub status: Status,
    /// Since when.
    pub status_on: Option<Moment>,
    /// The first day of business, where known.
    pub opened_on: Option<Moment>,
    /// The last day of business, where known.
    pub closed_on: Option<Moment>,
    /// Where it moved to.
    pub moved_to: Option<SiteId>,
    /// The telephone of the business, ten digits: see [`crate::text::phone::Phone`].
    pub phone: Option<String>,
    /// What whoever keeps the catalog noted.
    pub note: Held,
}

impl Status {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Moved => "Moved",
            Self::Unknown => "Not known",
        }
    }
}

impl Site {
    /// The point, when there is one.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.lon.zip(self.lat)
    }

    /// The number as people say it.
    pub fn code(&self) -> String {
        format!("S-{:05}", self.number)
    }
}

/// The kinds of site, from `data/kinds.toml`.
#[derive(Clone, Debug)]
pub struct Kinds(Labels);

impl Kinds {
    /// The kind of a site of which nothing better is known.
    pub const OTHER: &'static str = Labels::OTHER;

    /// Reads `kinds.toml`.
    ///
    /// # Errors
    /// See [`Labels::read`].
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        Ok(Self(Labels::read(library, "kinds")?))
    }
}

impl Deref for Kinds {
    type Target = Labels;

    fn deref(&self) -> &Labels {
        &self.0
    }
}
