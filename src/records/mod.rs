//! What the four kinds of record share: an id, versions in time, a source, a place as the source wrote it, and
//! the site they link to. Here too are the ids that they refer to each other by.

use crate::clock::Moment;
use crate::db::{Value, id, text_enum};
use crate::rights::Resource;
use crate::text::address::{Address, city_key};

pub mod decisions;
pub mod filter;
pub mod links;
pub mod listing;
pub mod recorded;
pub mod store;

id! {
    /// A license, inspection, complaint or incident.
    RecordId
}
id! {
    /// A street address within its city: sites with the same one share premises.
    BuildingId
}
id! {
    /// One run of an import.
    BatchId
}
id! {
    /// A site: premises of one business.
    SiteId
}

text_enum! {
    /// The four kinds of record that link to sites.
    RecordKind {
        /// Permission to run a business on premises, for a term.
        License = "license",
        /// A visit by an inspector, with what was found.
        Inspection = "inspection",
        /// What a citizen or an agency complained of.
        Complaint = "complaint",
        /// A criminal incident as police recorded it.
        Incident = "incident",
    }
}

text_enum! {
    /// How a row came by its point.
    PointMethod {
        /// The source gave it.
        Source = "source",
        /// The site at the same address lends it.
        Site = "site",
        /// An imported address point at the same address lends it.
        AddressPoint = "address_point",
        /// A person put a pin on the map.
        Pin = "pin",
        /// There is none.
        None = "none",
    }
}

impl LinkState {
    /// How lists call records so linked.
    pub fn label(self) -> &'static str {
        match self {
            Self::Site => "Linked to a site",
            Self::Building => "Building only",
            Self::None => "Not linked",
            Self::NoPoint => "Without a point",
        }
    }
}

impl RecordKind {
    /// The right that reading records of this kind needs.
    pub fn resource(self) -> Resource {
        match self {
            Self::License => Resource::License,
            Self::Inspection => Resource::Inspection,
            Self::Complaint => Resource::Complaint,
            Self::Incident => Resource::Incident,
        }
    }

    /// The plural, as URLs and pages say it.
    pub fn plural(self) -> &'static str {
        match self {
            Self::License => "licenses",
            Self::Inspection => "inspections",
            Self::Complaint => "complaints",
            Self::Incident => "incidents",
        }
    }
}

/// Which record, which version, when, and from where.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Head {
    /// The same for all versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: i64,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it could first have been known to the agency.
    pub recorded_at: Moment,
    /// Whether `recorded_at` was reckoned from `occurred_at`, for a file of history.
    pub backfilled: bool,
    /// The register, feed or desk that gave it.
    pub source: String,
    /// Its key there.
    pub source_key: String,
    /// The import that brought this version; none for what a person entered.
    pub batch_id: Option<BatchId>,
}

/// Where, as the source wrote it and as far as it could be understood.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Place {
    /// The address as written, in one line.
    pub address: Option<String>,
    /// The unit within the building, normalized.
    pub unit: Option<String>,
    /// The city as written.
    pub city: Option<String>,
    /// The address understood; none for blocks, intersections and what could not be parsed.
    pub building_id: Option<BuildingId>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Who gave the point.
    pub point_method: PointMethod,
}

impl BuildingId {
    /// The building of an address; none unless it has a number and a street, and its city is known.
    pub fn of(address: &Address) -> Option<Self> {
        let key = address.key()?;
        let city = address.city.as_deref().map(city_key)?;
        Some(Self::of_source(&city, &key))
    }
}

impl Place {
    /// Nowhere.
    pub fn unknown() -> Self {
        Self {
            address: None,
            unit: None,
            city: None,
            building_id: None,
            lon: None,
            lat: None,
            point_method: PointMethod::None,
        }
    }

    /// The cells of its columns, in the order of its fields.
    pub fn values(self) -> [Value; 7] {
        [
            self.address.into(),
            self.unit.into(),
            self.city.into(),
            self.building_id.into(),
            self.lon.into(),
            self.lat.into(),
            self.point_method.into(),
        ]
    }
}

/// The site a record counts for, and how sure that is.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Linked {
    /// The site; none when the record links to no site, or only to a building with several tenants.
    pub site_id: Option<SiteId>,
    /// How the link was found; none when there is no link at all.
    pub link_method: Option<String>,
    /// How certain the link is, in thousandths.
    pub certainty: Option<i64>,
}

impl Linked {
    /// To nothing.
    pub fn none() -> Self {
        Self { site_id: None, link_method: None, certainty: None }
    }
}

/// Which records a list or an export shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Part of a name, an address or the source's key.
    pub text: Option<String>,
    /// The city as written.
    pub city: Option<String>,
    /// The kind's own word: a license's status, an inspection's outcome, a complaint's category, an offense class.
    pub facet: Vec<String>,
    /// Not before this day.
    pub from: Option<Moment>,
    /// Not after this day.
    pub to: Option<Moment>,
    /// Only those linked to this site.
    pub site: Option<SiteId>,
    /// Only those linked so.
    pub linked: Option<LinkState>,
    /// Only those inside: west, south, east, north in degrees.
    pub bounds: Option<[f64; 4]>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

text_enum! {
    /// How far a record is linked.
    LinkState {
        /// To one site.
        Site = "site",
        /// To a building with several tenants: counted for none of them.
        Building = "building",
        /// To nothing.
        None = "none",
        /// It has no point on the map.
        NoPoint = "no_point",
    }
}

/// A record on its way into the database: who it is, when it was, and its other cells in the table's order.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who, when, from where; its `version` is given at saving.
    pub head: Head,
    /// The cells after those of the head, in the order of the table's columns.
    pub cells: Vec<Value>,
    /// That no version of it can be stored yet, so that none need be looked up.
    pub first: bool,
    /// How many of the last cells are of columns that came to the table later: they count only where they say something,
    /// so that what was stored before says the same still.
    pub later: usize,
}

impl Draft {
    /// A draft that may be a further version of a stored record.
    pub fn new(head: Head, cells: Vec<Value>) -> Self {
        Self { head, cells, first: false, later: 0 }
    }

    /// Of a whole record.
    pub fn of<R: recorded::Recorded>(record: R) -> Self {
        Self::new(record.head().clone(), record.into_cells())
    }

    /// A hash of what the record says: equal for two deliveries that say the same.
    pub fn content_hash(&self) -> i64 {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        let mut buffer = Vec::with_capacity(160);
        Value::from(self.head.occurred_at).copy_text(&mut buffer);
        let (first, later) = self.cells.split_at(self.cells.len().saturating_sub(self.later));
        for cell in first {
            buffer.push(b'\t');
            cell.copy_text(&mut buffer);
        }
        for (n, cell) in later.iter().enumerate() {
            match cell {
                Value::Text(None) | Value::Int(None) => continue,
                // A text tells by itself which column it is of; of two numbers one would be taken for the other.
                Value::Int(Some(_)) => buffer.extend_from_slice(format!("\t{n}=").as_bytes()),
                _ => buffer.push(b'\t'),
            }
            cell.copy_text(&mut buffer);
        }
        hash.update(&buffer);
        let digest = hash.finalize();
        i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl From<Moment> for Value {
    fn from(at: Moment) -> Self {
        Self::Text(Some(at.to_string()))
    }
}

impl From<Option<Moment>> for Value {
    fn from(at: Option<Moment>) -> Self {
        Self::Text(at.map(|it| it.to_string()))
    }
}
