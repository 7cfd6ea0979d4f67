//! Exports: sites and records as GeoJSON or CSV, with exactly the filters of map and lists, in flat memory.

use std::io::{self, Write};

use uuid::Uuid;

use crate::audit::{Act, Entry};
use crate::db::text_enum;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::geojson_out::GeojsonWriter;
use crate::formats::{DEMONSTRATION, NOTICE};
use crate::records::RecordKind;
use crate::rights::Resource;
use crate::web::extract::Params;

pub mod chosen;
pub mod file;
pub mod pages;
pub mod records;
pub mod sites;

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
    /// The kind of row that it takes out.
    pub fn resource(self) -> Resource {
        match self {
            Self::Sites => Resource::Site,
            Self::Licenses => Resource::License,
            Self::Inspections => Resource::Inspection,
            Self::Complaints => Resource::Complaint,
            Self::Incidents => Resource::Incident,
        }
    }

    /// What the log says of taking it out.
    pub fn entry(self, format: Format, params: &Params) -> Entry {
        let filter: serde_json::Map<String, serde_json::Value> =
            params.pairs().iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        Entry::new(Act::Export).on(self.resource()).with("format", format).with("filter", filter)
    }

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

/// Writes rows in one of the formats.
pub enum Writer<W: Write> {
    /// A FeatureCollection; whether the data are invented.
    Geojson(GeojsonWriter<W>, bool),
    /// A table; whether the data are invented.
    Csv(Box<CsvWriter<W>>, bool),
}

impl<W: Write> Writer<W> {
    /// Begins a file whose rows have these properties.
    ///
    /// # Errors
    /// `out` fails.
    pub fn new(
        format: Format,
        out: W,
        demo: bool,
        properties: impl Iterator<Item = &'static str>,
    ) -> io::Result<Self> {
        Ok(match format {
            Format::Geojson => Self::Geojson(GeojsonWriter::new(out, demo.then_some(NOTICE))?, demo),
            Format::Csv => {
                let columns = ["id"].into_iter().chain(properties).chain(["lon", "lat", "data_status"]);
                Self::Csv(Box::new(CsvWriter::new(out, columns)?), demo)
            }
        })
    }

    /// Writes one row: an id that stays the same, perhaps a point (longitude, latitude in degrees), and the properties
    /// with their names, in the order of [`Writer::new`].
    ///
    /// # Errors
    /// The sink fails.
    pub fn row<'a>(
        &mut self,
        id: Uuid,
        point: Option<(f64, f64)>,
        properties: impl Iterator<Item = (&'static str, Field<'a>)>,
    ) -> io::Result<()> {
        match self {
            Self::Geojson(out, demo) => {
                let status = demo.then_some(("data_status", Field::Text(DEMONSTRATION)));
                out.feature(id, point, properties.chain(status))
            }
            Self::Csv(out, demo) => {
                let status = if *demo { DEMONSTRATION } else { "real" };
                let (lon, lat) = (point.map(|it| it.0), point.map(|it| it.1));
                let tail = [lon.into(), lat.into(), Field::Text(status)];
                out.row([Field::Id(id)].into_iter().chain(properties.map(|it| it.1)).chain(tail))
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
