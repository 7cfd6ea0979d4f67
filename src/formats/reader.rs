//! Opens any file that FOCA reads and hands out its rows one after another, in flat memory.

use std::collections::{BTreeSet, VecDeque};
use std::io::Read;
use std::path::Path;

use crate::formats::csv_in::CsvReader;
use crate::formats::fault::Fault;
use crate::formats::geojson_in::GeojsonReader;
use crate::formats::geopackage_in::GeopackageReader;
use crate::formats::input::{Input, Meter};
use crate::formats::ndjson_in::NdjsonReader;
use crate::formats::row::{Column, RowResult};
use crate::formats::shapefile_in::ShapefileReader;
use crate::formats::source::{Format, Source};

/// JSON is read ahead so far, to know which columns there are: to this many rows or bytes of text.
const ROWS_AHEAD: usize = 5_000;
const BYTES_AHEAD: u64 = 4 << 20;
/// So many different paths are kept; a file with more (keys that are data) has its columns unknown.
const PATHS: usize = 10_000;

/// Reads a file row by row. A bad row is an error of its own and the next call goes on after it; an error of the
/// file ends the reading, and the rows before it stand.
pub struct Reader {
    file: String,
    rows: Rows,
    columns: Vec<String>,
    /// JSON: every path that the rows read ahead have.
    paths: BTreeSet<String>,
    /// JSON: paths that most rows lack.
    sparse: Vec<String>,
    each: Option<String>,
    /// Rows read ahead, to learn the columns, or split from a list.
    ahead: VecDeque<RowResult>,
    /// What ended the reading ahead; it is said after the rows before it.
    fault: Option<FileError>,
    meter: Meter,
}

enum Rows {
    Csv(Box<CsvReader>),
    Ndjson(NdjsonReader),
    Geojson(Box<GeojsonReader>),
    Geopackage(Box<GeopackageReader>),
    Shapefile(Box<ShapefileReader>),
}

/// A file that cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {fault}")]
pub struct FileError {
    /// The file as the caller named it.
    pub file: String,
    /// What is wrong with it.
    #[source]
    pub fault: Fault,
}

impl Reader {
    /// Opens a file and reads as far as its columns: the header row of a CSV file, the first good object of a
    /// JSON file.
    pub fn open(path: &Path, source: &Source) -> Result<Self, FileError> {
        let named = |fault| FileError { file: path.display().to_string(), fault };
        source.check().map_err(|error| named(error.into()))?;
        let file = path.display().to_string();
        match source.format {
            Format::Geopackage => {
                let (rows, meter) = GeopackageReader::open(path, source.layer.as_deref()).map_err(named)?;
                Self::with(file, Rows::Geopackage(Box::new(rows)), meter, source)
            }
            Format::Shapefile => {
                let (rows, meter) = ShapefileReader::open(path, source).map_err(named)?;
                Self::with(file, Rows::Shapefile(Box::new(rows)), meter, source)
            }
            Format::Csv | Format::Ndjson | Format::Geojson => {
                let (input, meter) = Input::open(path, source.encoding).map_err(named)?;
                Self::begin(file, input, meter, source)
            }
        }
    }

    /// Reads bytes from anywhere, such as an upload; `file` names them in errors, `size` is for the progress. Not
    /// for a GeoPackage or a shapefile, which must lie in a file.
    pub fn from_read(
        file: &str,
        bytes: impl Read + Send + 'static,
        size: Option<u64>,
        source: &Source,
    ) -> Result<Self, FileError> {
        let named = |fault| FileError { file: file.to_owned(), fault };
        source.check().map_err(|error| named(error.into()))?;
        let (input, meter) = Input::from_read(bytes, size, source.encoding).map_err(named)?;
        Self::begin(file.to_owned(), input, meter, source)
    }

    fn begin(file: String, input: Input, meter: Meter, source: &Source) -> Result<Self, FileError> {
        let named = |fault| FileError { file: file.clone(), fault };
        let rows = match source.format {
            Format::Csv => Rows::Csv(Box::new(CsvReader::new(input, source).map_err(named)?)),
            Format::Ndjson => Rows::Ndjson(NdjsonReader::new(input)),
            Format::Geojson => Rows::Geojson(Box::new(GeojsonReader::new(input).map_err(named)?)),
            Format::Geopackage => {
                return Err(named(Fault::Geopackage(
                    "a GeoPackage must be saved to a file first".to_owned(),
                )));
            }
            Format::Shapefile => {
                return Err(named(Fault::Shapefile("a shapefile must be saved to a file first".to_owned())));
            }
        };
        Self::with(file, rows, meter, source)
    }

    fn with(file: String, rows: Rows, meter: Meter, source: &Source) -> Result<Self, FileError> {
        let (columns, ahead) = (Vec::new(), VecDeque::new());
        let (paths, sparse) = (BTreeSet::new(), source.sparse.clone());
        let mut reader =
            Self { file, rows, columns, paths, sparse, each: source.each.clone(), ahead, fault: None, meter };
        reader.learn_columns()?;
        Ok(reader)
    }

    /// Tables know their columns; JSON is read ahead, to know those of its first rows.
    fn learn_columns(&mut self) -> Result<(), FileError> {
        match &self.rows {
            Rows::Csv(rows) => self.columns = rows.columns().to_vec(),
            Rows::Geopackage(rows) => self.columns = rows.columns().to_vec(),
            Rows::Shapefile(rows) => self.columns = rows.columns().to_vec(),
            Rows::Ndjson(_) | Rows::Geojson(_) => return self.read_ahead(),
        }
        Ok(())
    }

    fn read_ahead(&mut self) -> Result<(), FileError> {
        for _ in 0..ROWS_AHEAD {
            // A fault further on is met again, after the rows before it were handed out.
            let row = match self.read() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(fault) if self.ahead.is_empty() => return Err(fault),
                Err(fault) => {
                    self.fault = Some(fault);
                    break;
                }
            };
            if let Ok(row) = &row {
                row.add_paths(&mut self.paths, PATHS);
            }
            self.keep(row);
            if self.bytes_read() > BYTES_AHEAD {
                break;
            }
        }
        self.columns = self.paths.iter().filter(|it| !it.contains('.')).cloned().collect();
        Ok(())
    }

    /// Bytes of text read so far, after gunzip; tables are not read ahead.
    fn bytes_read(&self) -> u64 {
        match &self.rows {
            Rows::Ndjson(rows) => rows.bytes_read(),
            Rows::Geojson(rows) => rows.bytes_read(),
            Rows::Csv(_) | Rows::Geopackage(_) | Rows::Shapefile(_) => 0,
        }
    }

    /// The next row; none at the end of the file.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot tell a bad row from a bad file")]
    pub fn next(&mut self) -> Result<Option<RowResult>, FileError> {
        loop {
            if let Some(row) = self.ahead.pop_front() {
                return Ok(Some(row));
            }
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            let Some(row) = self.read()? else { return Ok(None) };
            if self.each.is_none() {
                return Ok(Some(row));
            }
            self.keep(row);
        }
    }

    fn read(&mut self) -> Result<Option<RowResult>, FileError> {
        let row = match &mut self.rows {
            Rows::Csv(rows) => rows.next(),
            Rows::Ndjson(rows) => rows.next(),
            Rows::Geojson(rows) => rows.next(),
            Rows::Geopackage(rows) => rows.next(),
            Rows::Shapefile(rows) => rows.next(),
        };
        row.map_err(|fault| FileError { file: self.file.clone(), fault })
    }

    /// Puts a row ahead, split by the list of the profile if it names one.
    fn keep(&mut self, row: RowResult) {
        match (row, &self.each) {
            (Ok(row), Some(path)) => self.ahead.extend(row.list(path).into_iter().map(Ok)),
            (row, _) => self.ahead.push_back(row),
        }
    }

    /// The names of the columns; for JSON the members of the objects read ahead, in the order of the alphabet.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Every name that [`Reader::column`] knows: for JSON paths too, such as `Inspections.Date`.
    pub fn names(&self) -> Vec<&str> {
        if self.paths.is_empty() {
            return self.columns.iter().map(String::as_str).collect();
        }
        self.paths.iter().map(String::as_str).collect()
    }

    /// Resolves a column once, so that [`crate::formats::row::Row::get`] need not search for it in each row. None if a
    /// file with fixed columns (CSV, GeoPackage, shapefile) lacks it, or if no row of a JSON file that was read ahead has such a
    /// path and `sparse` does not list it.
    pub fn column(&self, name: &str) -> Option<Column> {
        let index = match self.rows {
            Rows::Ndjson(_) | Rows::Geojson(_) => {
                let known = self.paths.is_empty() || self.paths.len() >= PATHS || self.paths.contains(name);
                if !known && name != "@id" && !self.sparse.iter().any(|it| it == name) {
                    return None;
                }
                None
            }
            Rows::Csv(_) | Rows::Geopackage(_) | Rows::Shapefile(_) => {
                Some(self.columns.iter().position(|column| column == name)?)
            }
        };
        Some(Column { name: name.to_owned(), index })
    }

    /// Whether every row has the same columns, as in CSV, a GeoPackage and a shapefile.
    pub fn is_fixed(&self) -> bool {
        matches!(self.rows, Rows::Csv(_) | Rows::Geopackage(_) | Rows::Shapefile(_))
    }

    /// The coordinate system that the file itself declares, as it writes it (`"EPSG:26915"`,
    /// `"urn:ogc:def:crs:OGC:1.3:CRS84"`), or as a proj string from the .prj of a shapefile; known once it has been read that far.
    pub fn declared_crs(&self) -> Option<&str> {
        match &self.rows {
            Rows::Geojson(rows) => rows.declared_crs(),
            Rows::Geopackage(rows) => rows.declared_crs(),
            Rows::Shapefile(rows) => rows.crs().ok(),
            Rows::Csv(_) | Rows::Ndjson(_) => None,
        }
    }

    /// Why the file does not tell its coordinate system, where its format has no usual one: a shapefile without a
    /// .prj, or with one that cannot be used.
    pub fn crs_flaw(&self) -> Option<&str> {
        match &self.rows {
            Rows::Shapefile(rows) => rows.crs().err(),
            Rows::Csv(_) | Rows::Ndjson(_) | Rows::Geojson(_) | Rows::Geopackage(_) => None,
        }
    }

    /// The definition of the declared system in well-known text, which a GeoPackage and a shapefile carry.
    pub fn crs_definition(&self) -> Option<&str> {
        match &self.rows {
            Rows::Geopackage(rows) => rows.crs_definition(),
            Rows::Shapefile(rows) => rows.crs_definition(),
            Rows::Csv(_) | Rows::Ndjson(_) | Rows::Geojson(_) => None,
        }
    }

    /// How many times the header row was met again inside the data, and skipped.
    pub fn repeated_headers(&self) -> u64 {
        match &self.rows {
            Rows::Csv(rows) => rows.repeated_headers(),
            Rows::Ndjson(_) | Rows::Geojson(_) | Rows::Geopackage(_) | Rows::Shapefile(_) => 0,
        }
    }

    /// How far the file has been read; a clone can be watched from elsewhere.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }
}
