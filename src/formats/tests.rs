//! Every reader over small texts and over files that nobody here wrote.

mod crs;
mod csv;
mod geojson;
mod geopackage;
mod ndjson;
mod shapefile;

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;

use crate::formats::reader::{FileError, Reader};
use crate::formats::row::{Row, RowError};
use crate::formats::source::{Format, Source};

/// All that a reader says about a text.
#[derive(Debug, Default)]
struct Outcome {
    columns: Vec<String>,
    rows: Vec<Row>,
    errors: Vec<RowError>,
    fault: Option<FileError>,
    repeated_headers: u64,
    crs: Option<String>,
}

impl Outcome {
    fn of(mut reader: Reader) -> Self {
        let mut outcome = Self::default();
        loop {
            match reader.next() {
                Ok(None) => break,
                Ok(Some(Ok(row))) => outcome.rows.push(row),
                Ok(Some(Err(error))) => outcome.errors.push(error),
                Err(fault) => {
                    outcome.fault = Some(fault);
                    break;
                }
            }
        }
        outcome.columns = reader.columns().to_vec();
        outcome.repeated_headers = reader.repeated_headers();
        outcome.crs = reader.declared_crs().map(str::to_owned);
        outcome
    }

    fn texts(&self) -> Vec<Vec<String>> {
        let text = |row: &Row, index| row.at(index).unwrap_or_default().into_owned();
        self.rows.iter().map(|row| (0..row.columns().len()).map(|index| text(row, index)).collect()).collect()
    }

    fn lines(&self) -> Vec<u64> {
        self.rows.iter().map(|row| row.line).collect()
    }

    fn reasons(&self) -> Vec<(u64, &str)> {
        self.errors.iter().map(|error| (error.line, error.reason.as_str())).collect()
    }

    fn fault(&self) -> String {
        self.fault.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

fn read(bytes: impl AsRef<[u8]>, source: &Source) -> Outcome {
    let bytes = bytes.as_ref().to_vec();
    match Reader::from_read("the file", Cursor::new(bytes), None, source) {
        Ok(reader) => Outcome::of(reader),
        Err(fault) => Outcome { fault: Some(fault), ..Outcome::default() },
    }
}

fn source(toml: &str) -> Source {
    toml::from_str(toml).unwrap()
}

fn csv() -> Source {
    Source::new(Format::Csv)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A file of the shared data, or none (said once) where they are not laid beside the checkout.
#[expect(clippy::disallowed_methods, reason = "only tests ask whether they run in CI")]
fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !root.exists() {
        assert!(std::env::var("CI").is_err(), "../shared is absent");
        println!("skipped: ../shared is absent");
        return None;
    }
    Some(root.join(path))
}

/// The files of a shared `.tar.gz`: name and content.
fn unpack(path: &str) -> Vec<(String, Vec<u8>)> {
    let Some(path) = shared(path) else { return Vec::new() };
    let file = flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap());
    let mut archive = tar::Archive::new(file);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.path().unwrap().display().to_string(), content)
    });
    entries.collect()
}

#[test]
fn a_reader_and_its_rows_may_move_to_another_thread() {
    fn assert_send<T: Send>() {}

    assert_send::<Reader>();
    assert_send::<Row>();
}
