//! Exports: sites and records as GeoJSON or CSV, with exactly the filters of map and lists, in flat memory.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::clock::Moment;
use crate::complaints::Complaint;
use crate::db::text_enum;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::geojson_out::GeojsonWriter;
use crate::incidents::Incident;
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::records::{Head, Linked, Place, RecordKind};

pub mod file;
pub mod pages;
pub mod sites;

/// What demonstration data say of themselves, in every export.
pub const NOTICE: &str = "Demonstration data. Every business, person and event in this file is invented.";
/// The same in one word, as a property and a column.
pub const DEMONSTRATION: &str = "demonstration";

text_enum! {
    /// A file format of exports.
    Format {
        /// RFC 7946.
        Geojson = "geojson",
        /// RFC 4180, UTF-8, guarded against formulas.
        Csv = "csv",
    }
}

text_enum! {
    /// What can be exported.
    Subject {
        /// Sites.
        Sites = "sites",
        /// Licenses.
        Licenses = "licenses",
        /// Inspections.
        Inspections = "inspections",
        /// Complaints.
        Complaints = "complaints",
        /// Incidents.
        Incidents = "incidents",
    }
}

impl Subject {
    /// The records of one kind.
    pub fn of(kind: RecordKind) -> Self {
        match kind {
            RecordKind::License => Self::Licenses,
            RecordKind::Inspection => Self::Inspections,
            RecordKind::Complaint => Self::Complaints,
            RecordKind::Incident => Self::Incidents,
        }
    }
}

/// One cell of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// A text, a day, an id.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Bool(bool),
    /// Not known.
    Null,
}

/// A row as exports see it: an id that stays the same, perhaps a point, and flat properties.
pub trait Exported {
    /// The names of the properties, in order.
    const COLUMNS: &'static [&'static str];

    /// The id.
    fn id(&self) -> String;

    /// Longitude and latitude in degrees.
    fn point(&self) -> Option<(f64, f64)>;

    /// The properties, in the order of [`Exported::COLUMNS`].
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// Writes rows in one of the formats.
pub enum Writer<W: Write> {
    /// A FeatureCollection; whether the data are invented.
    Geojson(GeojsonWriter<W>, bool),
    /// A table; whether the data are invented.
    Csv(Box<CsvWriter<W>>, bool),
}

impl<W: Write> Writer<W> {
    /// Begins a file of `T`s.
    ///
    /// # Errors
    /// `out` fails.
    pub fn new<T: Exported>(format: Format, out: W, demo: bool) -> io::Result<Self> {
        Ok(match format {
            Format::Geojson => Self::Geojson(GeojsonWriter::new(out, demo.then_some(NOTICE))?, demo),
            Format::Csv => {
                let columns = ["id"].into_iter().chain(T::COLUMNS.iter().copied());
                let columns = columns.chain(["lon", "lat", "data_status"]);
                Self::Csv(Box::new(CsvWriter::new(out, columns)?), demo)
            }
        })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The sink fails.
    pub fn row<T: Exported>(&mut self, row: &T) -> io::Result<()> {
        let (id, point, cells) = (row.id(), row.point(), row.cells());
        let fields = cells.iter().map(Cell::field);
        match self {
            Self::Geojson(out, demo) => {
                let status = demo.then_some(("data_status", Field::Text(DEMONSTRATION)));
                out.feature(&id, point, T::COLUMNS.iter().copied().zip(fields).chain(status))
            }
            Self::Csv(out, demo) => {
                let status = if *demo { DEMONSTRATION } else { "real" };
                let (lon, lat) = (point.map(|it| it.0), point.map(|it| it.1));
                let tail = [lon.into(), lat.into(), Field::Text(status)];
                out.row([Field::Text(&id)].into_iter().chain(fields).chain(tail))
            }
        }
    }

    /// Ends the file and gives the sink back.
    ///
    /// # Errors
    /// The sink fails.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Geojson(out, _) => out.finish(),
            Self::Csv(out, _) => out.finish(),
        }
    }
}

impl Cell<'_> {
    fn field(&self) -> Field<'_> {
        match self {
            Self::Text(text) => Field::Text(text),
            Self::Int(number) => Field::Int(*number),
            Self::Real(number) => Field::Real(*number),
            Self::Bool(yes) => Field::Bool(*yes),
            Self::Null => Field::Null,
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<Moment> for Cell<'_> {
    fn from(at: Moment) -> Self {
        Self::Text(Cow::Owned(at.to_string()))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Cell<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

/// The cells that records of every kind have, in the order in which each `COLUMNS` begins and ends.
fn about<'a>(head: &'a Head, own: Vec<Cell<'a>>, place: &'a Place, linked: &'a Linked) -> Vec<Cell<'a>> {
    let mut cells = Vec::with_capacity(own.len() + 14);
    cells.extend([head.occurred_at.into(), head.recorded_at.into(), head.backfilled.into()]);
    cells.extend(own);
    cells.extend([
        place.address.as_ref().into(),
        place.unit.as_ref().into(),
        place.city.as_ref().into(),
        place.point_method.as_str().into(),
        linked.site_id.map(|it| it.to_string()).into(),
        linked.link_method.as_ref().into(),
        linked.certainty.map(|it| it as f64 / 1000.0).into(),
        (&head.source).into(),
        (&head.source_key).into(),
    ]);
    cells
}

macro_rules! exported {
    ($row:ident, [$($name:literal = $cell:expr),* $(,)?]) => {
        impl Exported for $row {
            const COLUMNS: &'static [&'static str] = &[
                "occurred_at", "recorded_at", "backfilled", $($name,)* "address", "unit", "city", "point_method",
                "site_id", "link_method", "link_certainty", "source", "source_key",
            ];

            fn id(&self) -> String {
                self.head.id.to_string()
            }

            fn point(&self) -> Option<(f64, f64)> {
                self.place.lon.zip(self.place.lat)
            }

            fn cells(&self) -> Vec<Cell<'_>> {
                let own: Vec<Cell<'_>> = vec![$({ let cell: fn(&Self) -> Cell<'_> = $cell; cell(self) }),*];
                about(&self.head, own, &self.place, &self.linked)
            }
        }
    };
}

exported!(
    License,
    [
        "number" = |it| (&it.number).into(),
        "kind" = |it| (&it.kind).into(),
        "type" = |it| (&it.type_as_written).into(),
        "name" = |it| (&it.name).into(),
        "status" = |it| it.status.as_str().into(),
        "issued_on" = |it| it.issued_on.into(),
        "starts_on" = |it| it.starts_on.into(),
        "expires_on" = |it| it.expires_on.into(),
    ]
);
exported!(
    Inspection,
    [
        "name" = |it| (&it.name).into(),
        "reason" = |it| it.reason.as_ref().into(),
        "outcome" = |it| it.outcome.as_str().into(),
        "outcome_as_written" = |it| it.outcome_as_written.as_ref().into(),
        "points" = |it| it.points.into(),
        "due_on" = |it| it.due_on.into(),
    ]
);
exported!(
    Complaint,
    [
        "category" = |it| it.category.as_str().into(),
        "reliability" = |it| (&it.reliability).into(),
        "credibility" = |it| (&it.credibility).into(),
        "anonymous" = |it| it.anonymous.into(),
        "state" = |it| it.state.as_str().into(),
    ]
);
exported!(
    Incident,
    [
        "offense" = |it| (&it.offense).into(),
        "offense_code" = |it| (&it.offense_code).into(),
        "offense_as_written" = |it| it.offense_as_written.as_ref().into(),
        "origin" = |it| it.origin.as_str().into(),
    ]
);
