//! Reads delimited text (RFC 4180 and what people really write) over csv-core, with bounds that the csv crate
//! does not offer: on the length of a field, on an unclosed quote, and on rows of other encodings.

use std::sync::Arc;

use csv_core::ReadRecordResult;

use crate::formats::input::Input;
use crate::formats::reader::{Fault, RowResult};
use crate::formats::row::{Row, RowError, shorten};
use crate::formats::source::Source;
use crate::formats::{MAX_COLUMNS, MAX_FIELD_BYTES, MAX_PREAMBLE_ROWS, MAX_ROW_BYTES};

// After a quote that is never closed the rest is read again from the next line; each time costs a pass over at
// most MAX_ROW_BYTES, so it is done this many times in a file.
const MAX_RECOVERIES: u32 = 100;

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
const TOO_LONG: &str = "A field of more than 1 MiB; a quote may be missing";

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

/// Cuts the text into records; holds one record at a time.
struct Records {
    input: Input,
    core: csv_core::Reader,
    core_of: Box<dyn Fn() -> csv_core::Reader + Send>,
    /// The text from `start` (the record) over `at` (what is parsed) to its end.
    raw: Vec<u8>,
    start: usize,
    at: usize,
    ended: bool,
    /// Whether `raw` still holds the record from its first byte.
    retained: bool,
    out: Vec<u8>,
    n_out: usize,
    ends: Vec<usize>,
    n_ends: usize,
    /// The line on which the record begins, and the line at `at`.
    line: u64,
    line_at: u64,
    after_cr: bool,
    recoveries: u32,
}

impl Records {
    fn new(input: Input, source: &Source) -> Self {
        let (delimiter, quote) = (source.delimiter.byte(), source.quote.byte());
        let core_of = move || {
            let mut core = csv_core::ReaderBuilder::new();
            core.delimiter(delimiter).quoting(quote.is_some()).quote(quote.unwrap_or(b'"'));
            core.build()
        };
        Self {
            input,
            core: core_of(),
            core_of: Box::new(core_of),
            raw: Vec::new(),
            start: 0,
            at: 0,
            ended: false,
            retained: true,
            out: vec![0; 4096],
            n_out: 0,
            ends: vec![0; 64],
            n_ends: 0,
            line: 1,
            line_at: 1,
            after_cr: false,
            recoveries: 0,
        }
    }

    fn len(&self) -> usize {
        self.n_ends
    }

    /// The text of all fields.
    fn bytes(&self) -> &[u8] {
        &self.out[..self.n_out]
    }

    fn field(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.out[start..self.ends[index]]
    }

    fn trimmed(&self, index: usize) -> &[u8] {
        self.field(index).trim_ascii()
    }

    fn names(&self) -> Vec<String> {
        (0..self.len()).map(|index| String::from_utf8_lossy(self.trimmed(index)).into_owned()).collect()
    }

    /// Moves to the next record; none at the end. The error's column is the number of the field, as text.
    fn next(&mut self) -> Result<Option<Result<(), RowError>>, Fault> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        (self.n_out, self.n_ends) = (0, 0);
        self.line = self.line_at;
        let mut fault: Option<RowError> = None;
        loop {
            if self.at == self.raw.len() && !self.fill()? {
                if !self.close() {
                    return Ok(Some(Err(self.unclosed())));
                }
                return Ok(Some(fault.map_or(Ok(()), Err)));
            }
            let step = self.core.read_record(
                &self.raw[self.at..],
                &mut self.out[self.n_out..],
                &mut self.ends[self.n_ends..],
            );
            let (result, n_in, n_out, n_ends) = step;
            self.count_lines(n_in);
            self.at += n_in;
            self.n_out += n_out;
            self.n_ends += n_ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.widen(&mut fault),
                ReadRecordResult::OutputEndsFull => self.widen_ends(&mut fault),
                ReadRecordResult::Record => return Ok(Some(fault.map_or(Ok(()), Err))),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Passes over line ends between records; false at the end of the file.
    fn skip_line_ends(&mut self) -> Result<bool, Fault> {
        loop {
            self.start = self.at;
            self.retained = true;
            if self.at == self.raw.len() && !self.fill()? {
                return Ok(false);
            }
            if !matches!(self.raw[self.at], b'\r' | b'\n') {
                return Ok(true);
            }
            self.count_lines(1);
            self.at += 1;
        }
    }

    /// Reads more text behind `raw`, dropping what is not needed; false at the end of the file.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.ended {
            return Ok(false);
        }
        if self.at - self.start > MAX_ROW_BYTES {
            self.retained = false;
            self.start = self.at;
        }
        self.raw.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        let more = self.input.fill()?;
        let bytes = more.len();
        self.raw.extend_from_slice(more);
        self.input.consume(bytes);
        self.ended = bytes == 0;
        Ok(bytes > 0)
    }

    /// Ends the last record at the end of the file; false if a quote is still open.
    fn close(&mut self) -> bool {
        loop {
            // A line end closes every record but one inside quotes.
            let (result, n_in, n_out, n_ends) =
                self.core.read_record(b"\n", &mut self.out[self.n_out..], &mut self.ends[self.n_ends..]);
            self.n_out += n_out;
            self.n_ends += n_ends;
            match result {
                ReadRecordResult::Record => return true,
                ReadRecordResult::OutputFull if n_in == 0 => self.out.resize(self.out.len() + 16, 0),
                ReadRecordResult::OutputEndsFull if n_in == 0 => self.ends.resize(self.ends.len() + 16, 0),
                _ => return false,
            }
        }
    }

    /// Gives up the record with the open quote and goes on with the next line, if that can still be had.
    fn unclosed(&mut self) -> RowError {
        let raw = &self.raw[self.start..];
        let next = raw.iter().position(|byte| *byte == b'\n').map_or(raw.len(), |at| at + 1);
        let value = String::from_utf8_lossy(&raw[..next.min(1000)]).into_owned();
        let column = self.n_ends.to_string();
        self.recoveries += 1;
        self.core = (self.core_of)();
        let reason = if self.retained && self.recoveries <= MAX_RECOVERIES {
            self.at = self.start + next;
            self.line_at = self.line + 1;
            self.after_cr = false;
            "A quote in this line is never closed; reading went on with the next line".to_owned()
        } else {
            self.at = self.raw.len();
            format!(
                "A quote in this line is never closed; it swallowed the lines to {}, the last",
                self.line_at
            )
        };
        RowError::new(self.line, Some(&column), &value, reason)
    }

    /// Makes room for a longer record, or begins to throw the record away if it is too long.
    fn widen(&mut self, fault: &mut Option<RowError>) {
        let field_start = if self.n_ends == 0 { 0 } else { self.ends[self.n_ends - 1] };
        if fault.is_none() && self.n_out.saturating_sub(field_start) > MAX_FIELD_BYTES {
            let value = String::from_utf8_lossy(&self.out[field_start..field_start + 1000]).into_owned();
            *fault = Some(RowError::new(self.line, Some(&self.n_ends.to_string()), &value, TOO_LONG));
        }
        if fault.is_none() && self.out.len() >= MAX_ROW_BYTES {
            *fault =
                Some(RowError::new(self.line, None, "", "A row of more than 16 MiB; a quote may be missing"));
        }
        if fault.is_some() {
            self.n_out = 0;
        } else {
            self.out.resize(self.out.len() * 2, 0);
        }
    }

    fn widen_ends(&mut self, fault: &mut Option<RowError>) {
        if self.ends.len() < MAX_COLUMNS {
            self.ends.resize(self.ends.len() * 2, 0);
            return;
        }
        let reason = format!("A row of more than {MAX_COLUMNS} fields");
        fault.get_or_insert_with(|| RowError::new(self.line, None, "", reason));
        self.n_ends = 0;
    }

    /// Advances the line over the next bytes; LF, CRLF and CR each end one line.
    fn count_lines(&mut self, bytes: usize) {
        let passed = &self.raw[self.at..self.at + bytes];
        if !self.after_cr && !passed.contains(&b'\r') {
            self.line_at += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
            return;
        }
        for byte in passed {
            self.line_at += u64::from(*byte == b'\r' || (*byte == b'\n' && !self.after_cr));
            self.after_cr = *byte == b'\r';
        }
    }
}
