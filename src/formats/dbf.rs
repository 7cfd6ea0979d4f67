//! Reads a dBASE table, the .dbf of a shapefile, record by record as text. Numbers keep all their digits: a parcel's
//! number of 17 digits would not survive as a 64-bit float.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use chrono::NaiveDate;
use encoding_rs::{Encoding, UTF_8};

use crate::formats::fault::Fault;

/// The records of a table, from the first.
pub(super) struct Dbf {
    input: BufReader<File>,
    columns: Arc<[String]>,
    fields: Vec<Field>,
    record: Vec<u8>,
    encoding: &'static Encoding,
    /// What the header promises.
    pub(super) n_records: u64,
    n_read: u64,
}

/// One record of a table.
pub(super) enum Record {
    /// It was deleted, and its bytes still stand there.
    Deleted,
    /// Its cells.
    Cells(Vec<Cell>),
    /// A cell that cannot be read.
    Bad(BadCell),
}

/// A text, or none where the table has only blanks.
pub(super) type Cell = Option<Box<str>>;

/// What is wrong with a cell.
#[derive(Debug)]
pub(super) struct BadCell {
    /// From 0.
    pub(super) column: usize,
    pub(super) value: String,
    pub(super) reason: &'static str,
}

struct Field {
    kind: Kind,
    bytes: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Logical,
    Date,
    Integer,
    Double,
    /// Memos, pictures and times, which shapefiles do not have; always empty.
    Unread,
}

impl Dbf {
    /// Reads the header.
    ///
    /// # Errors
    /// It is cut off, or contradicts itself.
    pub(super) fn open(file: File, encoding: &'static Encoding) -> Result<Self, Fault> {
        let mut input = BufReader::with_capacity(128 << 10, file);
        let mut head = [0; 32];
        read_whole(&mut input, &mut head, || damaged("its header is cut off"))?;
        let word = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
        let n_records = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        let (header_bytes, record_bytes) = (word(8), word(10));
        let mut about = vec![0; header_bytes.saturating_sub(32)];
        read_whole(&mut input, &mut about, || damaged("its header is cut off"))?;
        let (fields, columns) = fields(&about, encoding);
        let bytes = 1 + fields.iter().map(|it| it.bytes).sum::<usize>();
        if fields.is_empty() || bytes > record_bytes {
            return Err(damaged("its header is not that of a dBASE table"));
        }
        let record = vec![0; record_bytes];
        Ok(Self { input, columns: columns.into(), fields, record, encoding, n_records, n_read: 0 })
    }

    pub(super) fn columns(&self) -> &Arc<[String]> {
        &self.columns
    }

    /// The next record; none after the last.
    ///
    /// # Errors
    /// The table is cut off before the records that its header promises.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Fault> {
        if self.n_read == self.n_records {
            return Ok(None);
        }
        let (n_read, n_records) = (self.n_read, self.n_records);
        read_whole(&mut self.input, &mut self.record, || {
            damaged(&format!("it is cut off: it has {n_read} of {n_records} rows, which were read"))
        })?;
        self.n_read += 1;
        if self.record[0] == b'*' {
            return Ok(Some(Record::Deleted));
        }
        Ok(Some(self.cells().map_or_else(Record::Bad, Record::Cells)))
    }

    fn cells(&self) -> Result<Vec<Cell>, BadCell> {
        let mut rest = &self.record[1..];
        let mut cells = Vec::with_capacity(self.fields.len());
        for (column, field) in self.fields.iter().enumerate() {
            let (bytes, after) = rest.split_at(field.bytes);
            rest = after;
            let cell = cell(field.kind, bytes, self.encoding);
            cells.push(cell.map_err(|reason| BadCell {
                column,
                value: String::from_utf8_lossy(bytes).trim().to_owned(),
                reason,
            })?);
        }
        Ok(cells)
    }
}

fn damaged(reason: &str) -> Fault {
    Fault::Shapefile(format!("the .dbf of the shapefile is damaged: {reason}"))
}

/// Fills `into`; where the file ends too early the fault is `cut_off`.
fn read_whole(input: &mut impl Read, into: &mut [u8], cut_off: impl Fn() -> Fault) -> Result<(), Fault> {
    input.read_exact(into).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => cut_off(),
        _ => Fault::Read(error),
    })
}

/// The fields with their names, 32 bytes each, until the mark that ends them.
fn fields(about: &[u8], encoding: &'static Encoding) -> (Vec<Field>, Vec<String>) {
    let all = about.as_chunks::<32>().0.iter().take_while(|it| it[0] != b'\r');
    let of = |it: &[u8; 32]| {
        let kind = match it[11] {
            b'C' => Kind::Text,
            b'N' | b'F' => Kind::Number,
            b'L' => Kind::Logical,
            b'D' => Kind::Date,
            b'I' if it[16] == 4 => Kind::Integer,
            b'O' | b'B' if it[16] == 8 => Kind::Double,
            _ => Kind::Unread,
        };
        let name = it[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = encoding.decode_without_bom_handling(name).0.trim().to_owned();
        (Field { kind, bytes: usize::from(it[16]) }, name)
    };
    all.map(of).unzip()
}

/// A cell as text; the error is a reason for a reject report.
fn cell(kind: Kind, bytes: &[u8], encoding: &'static Encoding) -> Result<Cell, &'static str> {
    let text = match kind {
        Kind::Text => text(bytes, encoding)?,
        Kind::Number => plain(bytes).map_or(Ok(None), number)?,
        Kind::Date => plain(bytes).filter(|it| *it != "00000000").map(date).transpose()?,
        Kind::Logical => match bytes {
            [b'T' | b't' | b'Y' | b'y'] => Some("true".to_owned()),
            [b'F' | b'f' | b'N' | b'n'] => Some("false".to_owned()),
            _ => None,
        },
        Kind::Integer => bytes.try_into().ok().map(|it| i32::from_le_bytes(it).to_string()),
        Kind::Double => bytes.try_into().ok().map(|it| shortest(f64::from_le_bytes(it))),
        Kind::Unread => None,
    };
    Ok(text.map(String::into_boxed_str))
}

/// The text of a number or date without its padding; none if it is only that.
fn plain(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).unwrap_or("?").trim_matches([' ', '\0', '\t']);
    (!text.is_empty()).then_some(text)
}

fn text(bytes: &[u8], encoding: &'static Encoding) -> Result<Option<String>, &'static str> {
    let end = bytes.iter().rposition(|it| !matches!(it, b' ' | 0)).map_or(0, |it| it + 1);
    let mut kept = &bytes[..end];
    // A text that fills its field may have been cut inside of its last letter.
    if encoding == UTF_8
        && end == bytes.len()
        && let Err(error) = std::str::from_utf8(kept)
        && error.error_len().is_none()
    {
        kept = &kept[..error.valid_up_to()];
    }
    let (text, wrong) = encoding.decode_without_bom_handling(kept);
    match (wrong, text.contains('\0')) {
        (true, _) => Err("Bytes that are not of the encoding of the .dbf: give `encoding` in the profile"),
        (_, true) => Err("A zero byte in the text"),
        _ => Ok((!text.is_empty()).then(|| text.into_owned())),
    }
}

/// A number without padding zeros; none for the stars of one that was too wide for its field.
fn number(text: &str) -> Result<Option<String>, &'static str> {
    if text.bytes().all(|it| it == b'*') {
        return Ok(None);
    }
    if let Ok(whole) = text.parse::<i128>() {
        return Ok(Some(whole.to_string()));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(shortest(number))),
        _ => Err("This is no number"),
    }
}

fn shortest(number: f64) -> String {
    // Zero has a sign in a float, and none in a table.
    (if number == 0.0 { 0.0 } else { number }).to_string()
}

fn date(text: &str) -> Result<String, &'static str> {
    let date = NaiveDate::parse_from_str(text, "%Y%m%d").map_err(|_| "This is no date")?;
    Ok(date.to_string())
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;
    use proptest::prelude::*;

    use super::*;

    fn read(kind: Kind, bytes: &[u8]) -> Option<String> {
        cell(kind, bytes, UTF_8).unwrap().map(String::from)
    }

    #[test]
    fn numbers_are_short_and_keep_their_digits() {
        for (bytes, wanted) in [
            ("   007", "7"),
            ("12.5000", "12.5"),
            ("-0.000", "0"),
            (" 1.50000000000e+002", "150"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(read(Kind::Number, bytes.as_bytes()).unwrap(), wanted);
        }
        assert_eq!(read(Kind::Number, b"******"), None);
        assert_eq!(read(Kind::Number, b"      "), None);
        assert!(["1,5", "inf", "x"].iter().all(|it| cell(Kind::Number, it.as_bytes(), UTF_8).is_err()));
        assert_eq!(read(Kind::Integer, &(-7_i32).to_le_bytes()).unwrap(), "-7");
        assert_eq!(read(Kind::Double, &2.5_f64.to_le_bytes()).unwrap(), "2.5");
    }

    #[test]
    fn dates_and_truths_are_written_as_elsewhere() {
        assert_eq!(read(Kind::Date, b"20260131").unwrap(), "2026-01-31");
        assert_eq!((read(Kind::Date, b"        "), read(Kind::Date, b"00000000")), (None, None));
        assert!(cell(Kind::Date, b"20260230", UTF_8).is_err());
        assert_eq!(read(Kind::Logical, b"T").unwrap(), "true");
        assert_eq!(read(Kind::Logical, b"n").unwrap(), "false");
        assert_eq!(read(Kind::Logical, b"?"), None);
    }

    #[test]
    fn a_text_is_read_in_its_encoding_without_its_padding() {
        assert_eq!(read(Kind::Text, b" Caf\xc3\xa9  \0\0").unwrap(), " Café");
        assert_eq!(cell(Kind::Text, b"Caf\xe9 ", WINDOWS_1252).unwrap().unwrap().as_ref(), "Café");
        assert_eq!(read(Kind::Text, b"Caf\xc3").unwrap(), "Caf");
        assert!(cell(Kind::Text, b"Caf\xe9 bar", UTF_8).is_err());
        assert_eq!(read(Kind::Text, b"    "), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, kind in 0..7usize) {
            use Kind::{Date, Double, Integer, Logical, Number, Text, Unread};
            let _ = cell([Text, Number, Logical, Date, Integer, Double, Unread][kind], &bytes, UTF_8);
            let _ = fields(&bytes, WINDOWS_1252);
        }
    }
}
