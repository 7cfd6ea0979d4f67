//! Reads delimited text, RFC 4180 and what people really write: finds the header row, checks each record against
//! it, and makes rows of them.

use std::sync::Arc;

use crate::formats::csv_records::{Records, TOO_LONG};
use crate::formats::fault::Fault;
use crate::formats::input::Input;
use crate::formats::row::{Row, RowError, RowResult, shorten};
use crate::formats::source::Source;
use crate::formats::{MAX_FIELD_BYTES, MAX_PREAMBLE_ROWS};

/// The rows of a CSV file.
pub struct CsvReader {
    records: Records,
    columns: Arc<[String]>,
    repeated_headers: u64,
    turned_from: Option<&'static str>,
}

impl CsvReader {
    /// Reads as far as the header row.
    pub(super) fn new(input: Input, source: &Source) -> Result<Self, Fault> {
        let turned_from = input.turned_from;
        let mut records = Records::new(input, source);
        let columns = find_header(&mut records, &source.header)?;
        Ok(Self { records, columns, repeated_headers: 0, turned_from })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn repeated_headers(&self) -> u64 {
        self.repeated_headers
    }

    pub(super) fn next(&mut self) -> Result<Option<RowResult>, Fault> {
        while let Some(end) = self.records.next()? {
            match end {
                Ok(()) if self.is_blank() => {}
                Ok(()) if self.is_header() => self.repeated_headers += 1,
                Ok(()) => return Ok(Some(self.row())),
                Err(error) => return Ok(Some(Err(self.name_column(error)))),
            }
        }
        Ok(None)
    }

    /// A line of nothing but white space, in a file of several columns.
    fn is_blank(&self) -> bool {
        self.records.len() == 1 && self.columns.len() > 1 && self.records.field(0).trim_ascii().is_empty()
    }

    /// The header row again, as concatenated deliveries have it.
    fn is_header(&self) -> bool {
        let same = |(index, column): (usize, &String)| self.records.trimmed(index) == column.as_bytes();
        self.records.len() >= self.columns.len() && self.columns.iter().enumerate().all(same)
    }

    fn row(&self) -> RowResult {
        let (records, wanted) = (&self.records, self.columns.len());
        let error = |column: Option<usize>, value: &[u8], reason: &str| {
            let column = column.and_then(|index| self.columns.get(index)).map(String::as_str);
            Err(RowError::new(records.line, column, &String::from_utf8_lossy(value), reason))
        };
        if records.len() < wanted || (wanted..records.len()).any(|index| !records.field(index).is_empty()) {
            let fields = if records.len() == 1 { "field" } else { "fields" };
            let reason = format!("The row has {} {fields} where the header has {wanted}", records.len());
            return error(None, records.bytes(), &reason);
        }
        if let Some((index, reason)) = self.unreadable() {
            return error(Some(index), records.field(index), reason);
        }
        let ends = &records.ends[..wanted];
        let text = &records.bytes()[..ends.last().copied().unwrap_or(0)];
        match std::str::from_utf8(text) {
            Ok(text) => Ok(Row::of_text(records.line, Arc::clone(&self.columns), text, ends)),
            Err(_) => error(None, text, NOT_UTF8),
        }
    }

    /// The first field that cannot be taken as text, and why.
    fn unreadable(&self) -> Option<(usize, &'static str)> {
        let (records, bytes) = (&self.records, self.records.bytes());
        let clean = self.turned_from.is_none()
            && bytes.len() <= MAX_FIELD_BYTES
            && !bytes.contains(&0)
            && std::str::from_utf8(bytes).is_ok_and(|text| {
                text.is_ascii() || records.ends[..records.len()].iter().all(|end| text.is_char_boundary(*end))
            });
        if clean {
            return None;
        }
        (0..records.len()).find_map(|index| {
            let field = records.field(index);
            let text = std::str::from_utf8(field);
            let reason = match text {
                _ if field.len() > MAX_FIELD_BYTES => TOO_LONG,
                _ if field.contains(&0) => "A zero byte in the text",
                Err(_) => NOT_UTF8,
                Ok(text) if self.turned_from.is_some() && text.contains('\u{fffd}') => {
                    "Bytes that are not valid in the encoding that the profile declares"
                }
                Ok(_) => return None,
            };
            Some((index, reason))
        })
    }

    /// The records count columns by number; the header has their names.
    fn name_column(&self, mut error: RowError) -> RowError {
        let index = error.column.take().and_then(|index| index.parse::<usize>().ok());
        error.column = index.and_then(|index| self.columns.get(index)).cloned();
        error
    }
}

const NOT_UTF8: &str =
    "Bytes that are not UTF-8; if the whole file is in another encoding, name it in the profile's `encoding`";

/// The first row that has all wanted names, or simply the first if none are wanted.
fn find_header(records: &mut Records, wanted: &[String]) -> Result<Arc<[String]>, Fault> {
    let mut closest: Option<(usize, u64, Vec<String>)> = None;
    for _ in 0..MAX_PREAMBLE_ROWS {
        match records.next()? {
            None => break,
            Some(Err(_)) => continue,
            Some(Ok(())) => {}
        }
        let names = records.names();
        let found = wanted.iter().filter(|name| names.contains(name)).count();
        if found == wanted.len() {
            return Ok(distinct(names));
        }
        if closest.as_ref().is_none_or(|(best, ..)| found > *best) {
            closest = Some((found, records.line, names));
        }
    }
    let Some((_, line, names)) = closest else { return Err(Fault::Empty) };
    let quoted =
        |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let missing: Vec<String> = wanted.iter().filter(|name| !names.contains(name)).cloned().collect();
    let shown: Vec<String> = names.iter().take(40).map(|name| shorten(name)).collect();
    Err(Fault::Header(format!(
        "no row has the columns that mark the header: {}. The closest is line {line} with {}; it lacks {}. Check \
         `header`, `delimiter` and `encoding` of the profile",
        quoted(wanted),
        quoted(&shown),
        quoted(&missing),
    )))
}

/// Column names without two alike: `Name`, `Name (2)`; a column without a name is `column 3`.
fn distinct(names: Vec<String>) -> Arc<[String]> {
    let mut seen: Vec<String> = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let name = if name.is_empty() { format!("column {}", index + 1) } else { name };
        let mut candidate = name.clone();
        let mut count = 2;
        while seen.contains(&candidate) {
            candidate = format!("{name} ({count})");
            count += 1;
        }
        seen.push(candidate);
    }
    seen.into()
}
