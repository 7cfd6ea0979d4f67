//! The rows of a file, as its columns are declared.

use std::path::Path;

use anyhow::Context;

use super::{Columns, Flaw, OneOrMany};
use crate::formats::reader::Reader;
use crate::formats::row::{Column, Row};
use crate::formats::source::Source;
use crate::geo::Point;
use crate::linking::entity;

/// One row, as written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    pub line: u64,
    pub id: String,
    name: String,
    other_names: Vec<String>,
    address: String,
    city: String,
    zip: String,
    phone: String,
    point: Option<Point>,
}

impl Written {
    /// Calls `use_it` with the row as the engine takes it.
    pub fn with<T>(&self, use_it: impl FnOnce(&entity::Row<'_>) -> T) -> T {
        let others: Vec<&str> = self.other_names.iter().map(String::as_str).collect();
        use_it(&entity::Row {
            name: &self.name,
            other_names: &others,
            address: &self.address,
            city: &self.city,
            zip: &self.zip,
            phone: &self.phone,
            point: self.point,
        })
    }
}

/// A file being read.
pub(super) struct Rows {
    reader: Reader,
    file: String,
    id: Column,
    name: Option<Column>,
    other_names: Vec<Column>,
    address: Option<Column>,
    city: Option<Column>,
    zip: Option<Column>,
    phone: Option<Column>,
    point: Option<(Column, Column)>,
}

/// A row, or why it is none.
pub(super) enum Next {
    Row(Written),
    Flawed(Flaw),
    /// A row of which a part is left out.
    Partly(Written, Flaw),
}

impl Rows {
    /// Opens a file and looks its columns up.
    ///
    /// # Errors
    /// The file cannot be read, or lacks a column; the message says which columns it has.
    pub fn open(path: &Path, columns: &Columns) -> anyhow::Result<Self> {
        let reader = Reader::open(path, &source(path, columns)?)?;
        let file = path.display().to_string();
        let find = |name: &String| {
            reader.column(name).with_context(|| {
                format!("{file} has no column `{name}`; it has: {}", reader.names().join(", "))
            })
        };
        let maybe = |name: &Option<String>| name.as_ref().map(find).transpose();
        let point = match (maybe(&columns.lon)?, maybe(&columns.lat)?) {
            (Some(lon), Some(lat)) => Some((lon, lat)),
            _ => None,
        };
        Ok(Self {
            id: find(&columns.id)?,
            name: maybe(&columns.name)?,
            other_names: match &columns.other_names {
                OneOrMany::None => Vec::new(),
                OneOrMany::One(name) => vec![find(name)?],
                OneOrMany::Many(names) => names.iter().map(find).collect::<anyhow::Result<_>>()?,
            },
            address: maybe(&columns.address)?,
            city: maybe(&columns.city)?,
            zip: maybe(&columns.zip)?,
            phone: maybe(&columns.phone)?,
            point,
            reader,
            file,
        })
    }

    /// How many bytes were read, and of how many if that is known.
    pub fn progress(&self) -> (u64, Option<u64>) {
        (self.reader.meter().read(), self.reader.meter().size())
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// The file cannot be read on.
    pub fn next(&mut self) -> anyhow::Result<Option<Next>> {
        let flaw = |line: u64, what: String| Flaw { file: self.file.clone(), line, what };
        let row = match self.reader.next()? {
            None => return Ok(None),
            Some(Err(error)) => {
                return Ok(Some(Next::Flawed(flaw(error.line, format!("{}; left out", error.reason)))));
            }
            Some(Ok(row)) => row,
        };
        let text = |column: &Column| row.get(column).map(|it| it.trim().to_owned()).unwrap_or_default();
        let maybe = |column: &Option<Column>| column.as_ref().map(text).unwrap_or_default();
        let id = text(&self.id);
        if id.is_empty() {
            return Ok(Some(Next::Flawed(flaw(row.line, format!("no {}; left out", self.id.name())))));
        }
        let (point, wrong) = self.point(&row);
        let written = Written {
            line: row.line,
            id,
            name: maybe(&self.name),
            other_names: self.other_names.iter().map(text).filter(|it| !it.is_empty()).collect(),
            address: maybe(&self.address),
            city: maybe(&self.city),
            zip: maybe(&self.zip),
            phone: maybe(&self.phone),
            point,
        };
        Ok(Some(match wrong {
            None => Next::Row(written),
            Some(what) => Next::Partly(written, flaw(row.line, what)),
        }))
    }

    /// The point, or what is wrong with it; 0, 0 stands for none.
    fn point(&self, row: &Row) -> (Option<Point>, Option<String>) {
        let Some((lon, lat)) = &self.point else { return (None, None) };
        let text = |column: &Column| row.get(column).map(|it| it.trim().to_owned()).unwrap_or_default();
        let (lon, lat) = (text(lon), text(lat));
        if lon.is_empty() || lat.is_empty() {
            return (None, None);
        }
        let no_number = || format!("the point {lon:?}, {lat:?} is no pair of numbers; matched without");
        let (Ok(x), Ok(y)) = (lon.parse::<f64>(), lat.parse::<f64>()) else {
            return (None, Some(no_number()));
        };
        match Point::parse(x, y) {
            Ok(_) if x == 0.0 && y == 0.0 => (None, None),
            Ok(point) => (Some(point), None),
            Err(error) => (None, Some(format!("{error}; matched without a point"))),
        }
    }
}

/// What the file is, by its name; CSV where that does not say.
fn source(path: &Path, columns: &Columns) -> anyhow::Result<Source> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let format = match name.rsplit('.').next() {
        Some("ndjson" | "jsonl") => "ndjson",
        Some("geojson") => "geojson",
        Some("gpkg") => "geopackage",
        Some("zip" | "shp") => "shapefile",
        _ => "csv",
    };
    let mut table = toml::Table::new();
    table.insert("format".into(), format.into());
    let said = [("delimiter", &columns.delimiter), ("encoding", &columns.encoding)];
    for (name, value) in said {
        if let Some(value) = value {
            table.insert(name.into(), value.as_str().into());
        }
    }
    table.try_into().context("delimiter or encoding")
}
