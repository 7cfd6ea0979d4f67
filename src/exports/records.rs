//! The four kinds of record as exports see them. Their rows go from the database to the file cell by cell: a million
//! structs would cost more than the rows.

use std::io::Write;

use futures_util::stream::BoxStream;

use super::Writer;
use super::chosen::Chosen;
use crate::complaints::Complaint;
use crate::db::{self, Db, Row};
use crate::formats::field::Field;
use crate::incidents::Incident;
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::records::recorded::Recorded;
use crate::records::{Filter, store};
use crate::rights::{Resource, Viewer};
use crate::web;
use crate::web::extract::Params;

/// A property: its name, where it stands in a statement (`r` is the record, `l` its link), and how it is read.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    name: &'static str,
    column: &'static str,
    read: for<'r> fn(&'r Row, usize) -> db::Result<Field<'r>>,
}

/// A kind of record that can be exported.
pub trait Exported: Recorded {
    /// What an export says of each.
    const PROPERTIES: &'static [Property];
}

/// What comes before the properties in each row.
const ID_AND_POINT: [&str; 3] = ["r.id", "r.lon", "r.lat"];

/// The properties that somebody asked for, in the order in which exports have them; what is withheld from `viewer` is in
/// no export.
///
/// # Errors
/// See [`Chosen::parse`].
pub fn properties<T: Exported>(params: &Params, viewer: &Viewer) -> web::Result<Vec<Property>> {
    let of_link = |it: &&Property| it.column.contains("l.");
    let has = |it: &&Property| {
        viewer.withheld(T::KIND.resource(), it.name).is_none()
            && (viewer.may_see(Resource::Link) || !of_link(it))
    };
    let chosen = Chosen::parse(params, T::PROPERTIES.iter().filter(has).map(|it| it.name))?;
    Ok(T::PROPERTIES.iter().filter(has).filter(|it| chosen.has(it.name)).copied().collect())
}

/// The names of properties.
pub fn names(properties: &[Property]) -> impl Iterator<Item = &'static str> {
    properties.iter().map(|it| it.name)
}

/// The rows to [`write()`] of the records that fit `filter` and that `viewer` may see.
pub fn rows<'c, T: Exported>(
    db: &'c Db,
    viewer: &Viewer,
    filter: &Filter,
    properties: &[Property],
) -> BoxStream<'c, db::Result<Row>> {
    let columns: Vec<&str> = ID_AND_POINT.into_iter().chain(properties.iter().map(|it| it.column)).collect();
    store::stream::<T>(db, viewer, filter, &columns)
}

/// Writes one of [`rows`] with the same properties.
///
/// # Errors
/// A cell is not what its property says, or the sink fails.
pub fn write(writer: &mut Writer<impl Write>, properties: &[Property], row: &Row) -> anyhow::Result<()> {
    let id = row.id(0)?.ok_or_else(|| anyhow::anyhow!("a record without an id"))?;
    let point = row.real(1)?.zip(row.real(2)?);
    let mut broken = None;
    let properties = properties.iter().zip(ID_AND_POINT.len()..).map(|(property, n)| {
        let field = (property.read)(row, n).unwrap_or_else(|error| {
            broken = Some(error);
            Field::Null
        });
        (property.name, field)
    });
    writer.row(id, point, properties)?;
    broken.map_or(Ok(()), |error| Err(error.into()))
}

macro_rules! exported {
    ($record:ident: $($name:literal $read:ident),* $(,)?) => {
        impl Exported for $record {
            const PROPERTIES: &'static [Property] = &[
                property!("occurred_at" text),
                property!("recorded_at" text),
                property!("backfilled" truth),
                $(property!($name $read),)*
                property!("address" text),
                property!("unit" text),
                property!("city" text),
                property!("point_method" text),
                property!("site_id" id from "l.site_id"),
                property!("link_method" text from "l.method"),
                property!("link_certainty" real from "CAST(l.certainty AS DOUBLE PRECISION) / 1000"),
                property!("source" text),
                property!("source_key" text),
            ];
        }
    };
}

macro_rules! property {
    ($name:literal $read:ident) => {
        property!($name $read from concat!("r.", $name))
    };
    ($name:literal $read:ident from $column:expr) => {
        Property { name: $name, column: $column, read: |row, n| Ok(row.$read(n)?.into()) }
    };
}

exported!(
    License: "number" text, "kind" text, "type" text, "name" text, "status" text,
    "issued_on" text, "starts_on" text, "expires_on" text, "phone" text, "licensee" text,
);
exported!(
    Inspection: "name" text, "reason" text, "outcome" text, "outcome_as_written" text, "points" int, "due_on" text,
);
exported!(
    Complaint: "category" text, "reliability" text, "credibility" text, "anonymous" truth, "state" text,
);
exported!(
    Incident: "offense" text, "offense_code" text, "offense_as_written" text, "origin" text, "disposition" text,
    "reliability" text, "credibility" text, "n_buyers" int, "n_facilitators" int, "n_traffickers" int,
    "n_people_sold" int, "n_minors" int,
);
