//! Reads a layer of a shapefile row by row: the shapes of the .shp beside the records of the .dbf, each row the same
//! place in both.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use geo::Geometry;

use crate::formats::dbf::{Dbf, Record};
use crate::formats::fault::Fault;
use crate::formats::input::Meter;
use crate::formats::row::{Row, RowError, RowResult};
use crate::formats::source::Source;
use crate::formats::{MAX_FEATURE_BYTES, shp_shape, zipped};
use crate::geo::prj;

/// Bytes of the header of a .shp, and of a .shx.
const HEADER_BYTES: u64 = 100;
// Reads of 128 KiB, as of texts.
const BUFFER_BYTES: usize = 128 << 10;

/// The rows of a layer.
pub struct ShapefileReader {
    shapes: Shapes,
    table: Dbf,
    row: u64,
    meter: Meter,
    crs: Result<String, String>,
    definition: Option<String>,
}

/// The shapes of a .shp, from the first.
struct Shapes {
    input: BufReader<File>,
    /// Where the next shape begins, where the shapes end, and where the file does.
    at: u64,
    end: u64,
    size: u64,
    /// Where each shape lies, two numbers of 4 bytes each: a .shp may have gaps.
    index: Option<BufReader<File>>,
    number_of_first: u32,
    bytes: Vec<u8>,
}

/// What stands in the place of the next shape.
enum Place {
    End,
    Shape(Result<Option<Geometry<f64>>, String>),
}

impl ShapefileReader {
    /// Opens a zip file, or a .shp beside its .dbf.
    pub(super) fn open(path: &Path, source: &Source) -> Result<(Self, Meter), Fault> {
        let size = path.metadata().map_err(Fault::Open)?;
        if size.is_dir() {
            return Err(Fault::Open(io::Error::other("this is a folder")));
        }
        let parts = zipped::open(path, source.layer.as_deref())?;
        let encoding = match (source.encoding, &parts.cpg) {
            (Some(encoding), _) => encoding.inner(),
            (None, Some(cpg)) => code_page(cpg).ok_or_else(|| unknown_code_page(cpg))?,
            (None, None) => WINDOWS_1252,
        };
        let table = Dbf::open(parts.dbf, encoding)?;
        let shapes = Shapes::open(parts.shp, parts.shx, table.n_records)?;
        let crs = match &parts.prj {
            Some(text) => prj::parse(text).map_err(|error| format!("the .prj cannot be used: {error}")),
            None => Err("the shapefile has no .prj, which would tell its coordinate system".to_owned()),
        };
        let meter = Meter::of_size(size.len());
        Ok((Self { shapes, table, row: 0, meter: meter.clone(), crs, definition: parts.prj }, meter))
    }

    pub(super) fn columns(&self) -> &[String] {
        self.table.columns()
    }

    /// The system of the .prj, or why there is none.
    pub(super) fn crs(&self) -> Result<&str, &str> {
        self.crs.as_deref().map_err(String::as_str)
    }

    pub(super) fn crs_definition(&self) -> Option<&str> {
        self.definition.as_deref()
    }

    pub(super) fn next(&mut self) -> Result<Option<RowResult>, Fault> {
        loop {
            let (record, place) = (self.table.next()?, self.shapes.next(self.row)?);
            let (record, geometry) = match (record, place) {
                (None, Place::End) => return Ok(None),
                (Some(record), Place::Shape(geometry)) => (record, geometry),
                (record, _) => {
                    let shorter = if record.is_none() { "dbf" } else { "shp" };
                    let row = self.row;
                    let reason = format!("has {row} rows, which were read, and the other part goes on");
                    return Err(damaged(shorter, &reason));
                }
            };
            self.row += 1;
            self.tell();
            if let Some(row) = self.row(record, geometry) {
                return Ok(Some(row));
            }
        }
    }

    /// How far the file is: as far as its rows, for the parts are unpacked before the first.
    fn tell(&self) {
        let size = self.meter.size().unwrap_or(0);
        let share = size as f64 * self.row as f64 / self.table.n_records.max(1) as f64;
        self.meter.add((share as u64).min(size).saturating_sub(self.meter.read()));
    }

    /// None for a record that was deleted.
    fn row(&self, record: Record, geometry: Result<Option<Geometry<f64>>, String>) -> Option<RowResult> {
        let columns = self.table.columns();
        let cells = match record {
            Record::Deleted => return None,
            Record::Cells(cells) => cells,
            Record::Bad(it) => {
                let column = columns.get(it.column).map(String::as_str);
                return Some(Err(RowError::new(self.row, column, &it.value, it.reason)));
            }
        };
        Some(match geometry {
            Ok(geometry) => Ok(Row::of_cells(self.row, Arc::clone(columns), cells, geometry)),
            Err(reason) => Err(RowError::new(self.row, Some("geometry"), "", reason)),
        })
    }
}

fn damaged(part: &str, reason: &str) -> Fault {
    Fault::Shapefile(format!("the .{part} of the shapefile {reason}. Fetch it again"))
}

/// The encoding of a .cpg, which holds a label, a number of Windows or one of ISO 8859.
fn code_page(text: &str) -> Option<&'static Encoding> {
    let label = text.trim_matches(['\u{feff}', '\0', ' ', '\r', '\n', '\t']).to_ascii_lowercase();
    let number = label.trim_start_matches(['a', 'n', 's', 'i', 'c', 'p', ' ', '-']);
    let name = match number.parse::<u32>() {
        Ok(65_001) => return Some(UTF_8),
        Ok(it @ 1_250..=1_258) => format!("windows-{it}"),
        Ok(it @ 28_591..=28_606) => format!("iso-8859-{}", it - 28_590),
        Ok(it @ 88_591..=88_599) => format!("iso-8859-{}", it - 88_590),
        _ => label.replace("iso 8859", "iso-8859"),
    };
    Encoding::for_label(name.as_bytes())
}

fn unknown_code_page(text: &str) -> Fault {
    let text = super::row::shorten(text.trim());
    Fault::Shapefile(format!(
        "the .cpg of the shapefile names the encoding `{text}`, which is not known: give `encoding` in the profile, such \
         as \"windows-1252\""
    ))
}

impl Shapes {
    fn open(mut shp: File, shx: Option<File>, n_rows: u64) -> Result<Self, Fault> {
        let size = shp.metadata().map_err(Fault::Read)?.len();
        let mut header = [0; HEADER_BYTES as usize];
        let whole = shp.read_exact(&mut header);
        if whole.is_err() || header[..4] != [0, 0, 0x27, 0x0a] {
            return Err(damaged("shp", "does not begin as one"));
        }
        // The length counts words of 2 bytes; some programs never fill it in.
        let said = 2 * u64::from(u32::from_be_bytes([header[24], header[25], header[26], header[27]]));
        let end = if said < HEADER_BYTES { size } else { said };
        let index = shx.and_then(|it| index(it, n_rows));
        let input = BufReader::with_capacity(BUFFER_BYTES, shp);
        Ok(Self { input, at: HEADER_BYTES, end, size, index, number_of_first: 0, bytes: Vec::new() })
    }

    /// The shape of the row after `n_before`.
    fn next(&mut self, n_before: u64) -> Result<Place, Fault> {
        let cut_off = || damaged("shp", &format!("is cut off or damaged after row {n_before}"));
        let indexed = match &mut self.index {
            Some(index) => match offset(index).map_err(Fault::Read)? {
                Some(at) => Some(at),
                None => return Ok(Place::End),
            },
            None => None,
        };
        let at = indexed.unwrap_or(self.at);
        if indexed.is_none() && at >= self.end {
            return Ok(Place::End);
        }
        if at < HEADER_BYTES || at + 8 > self.size {
            return lost(indexed).ok_or_else(cut_off);
        }
        let (number, length) = self.header(at).map_err(Fault::Read)?;
        if n_before == 0 {
            self.number_of_first = number;
        }
        // Without an index only the number tells that this is where a shape begins.
        let expected = u64::from(self.number_of_first) + n_before;
        if at + 8 + length > self.size || (indexed.is_none() && u64::from(number) != expected) {
            return lost(indexed).ok_or_else(cut_off);
        }
        self.at = at + 8 + length;
        if length > MAX_FEATURE_BYTES as u64 {
            return Ok(Place::Shape(Err("The shape is larger than 64 MiB".to_owned())));
        }
        self.bytes.resize(length as usize, 0);
        self.input.read_exact(&mut self.bytes).map_err(Fault::Read)?;
        Ok(Place::Shape(shp_shape::decode(&self.bytes)))
    }

    /// Goes to a shape; its number, and the bytes after these two.
    fn header(&mut self, at: u64) -> io::Result<(u32, u64)> {
        let here = self.input.stream_position()?;
        match i64::try_from(at).ok().zip(i64::try_from(here).ok()) {
            // Within the buffer nothing is read again.
            Some((at, here)) => self.input.seek_relative(at - here)?,
            None => drop(self.input.seek(SeekFrom::Start(at))?),
        }
        let mut bytes = [0; 8];
        self.input.read_exact(&mut bytes)?;
        let [a, b, c, d, e, f, g, h] = bytes;
        Ok((u32::from_be_bytes([a, b, c, d]), 2 * u64::from(u32::from_be_bytes([e, f, g, h]))))
    }
}

/// A shape that is not where the index says costs its row only; without an index all after it are lost.
fn lost(indexed: Option<u64>) -> Option<Place> {
    indexed.map(|_| Place::Shape(Err("The shape lies outside of the .shp".to_owned())))
}

/// The .shx behind its header, if it is one and speaks of as many rows as the table; another is of no use.
fn index(mut shx: File, n_rows: u64) -> Option<BufReader<File>> {
    let size = shx.metadata().ok()?.len();
    let mut header = [0; HEADER_BYTES as usize];
    shx.read_exact(&mut header).ok()?;
    let fits = header[..4] == [0, 0, 0x27, 0x0a] && size - HEADER_BYTES == 8 * n_rows;
    fits.then(|| BufReader::with_capacity(BUFFER_BYTES, shx))
}

/// Where the next shape of the index begins; none after the last.
fn offset(index: &mut BufReader<File>) -> io::Result<Option<u64>> {
    let mut bytes = [0; 8];
    match index.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(2 * u64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_page_is_known_however_it_is_written() {
        for (text, name) in [
            ("UTF-8", "UTF-8"),
            ("65001\r\n", "UTF-8"),
            ("1252", "windows-1252"),
            ("ANSI 1252", "windows-1252"),
            ("CP1250", "windows-1250"),
            ("ISO-8859-2", "ISO-8859-2"),
            ("ISO 8859-15", "ISO-8859-15"),
            ("88592", "ISO-8859-2"),
            ("28605", "ISO-8859-15"),
        ] {
            assert_eq!(code_page(text).unwrap().name(), name, "{text}");
        }
        assert!(code_page("OEM 437").is_none() && code_page("").is_none());
    }
}
