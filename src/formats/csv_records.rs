//! Cuts delimited text into records over csv-core, with bounds that the csv crate does not offer: on the length of
//! a field and of a row, and on what an unclosed quote may swallow.

use csv_core::ReadRecordResult;

use crate::formats::fault::Fault;
use crate::formats::input::Input;
use crate::formats::row::RowError;
use crate::formats::source::Source;
use crate::formats::{MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROW_BYTES};

// After a quote that is never closed the rest is read again from the next line; each time costs a pass over at
// most MAX_ROW_BYTES, so it is done this many times in a file.
const MAX_RECOVERIES: u32 = 100;

pub(super) const TOO_LONG: &str = "A field of more than 1 MiB; a quote may be missing";

/// Cuts the text into records; holds one record at a time.
pub(super) struct Records {
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
    pub(super) ends: Vec<usize>,
    n_ends: usize,
    /// The line on which the record begins, and the line at `at`.
    pub(super) line: u64,
    line_at: u64,
    after_cr: bool,
    recoveries: u32,
}

impl Records {
    pub(super) fn new(input: Input, source: &Source) -> Self {
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

    pub(super) fn len(&self) -> usize {
        self.n_ends
    }

    /// The text of all fields.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.out[..self.n_out]
    }

    pub(super) fn field(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.out[start..self.ends[index]]
    }

    pub(super) fn trimmed(&self, index: usize) -> &[u8] {
        self.field(index).trim_ascii()
    }

    pub(super) fn names(&self) -> Vec<String> {
        (0..self.len()).map(|index| String::from_utf8_lossy(self.trimmed(index)).into_owned()).collect()
    }

    /// Moves to the next record; none at the end. The error's column is the number of the field, as text.
    pub(super) fn next(&mut self) -> Result<Option<Result<(), RowError>>, Fault> {
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
