//! Reads newline-delimited JSON: one object a line; RFC 8142 record separators are passed over.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::formats::MAX_ROW_BYTES;
use crate::formats::fault::Fault;
use crate::formats::input::Input;
use crate::formats::row::{Row, RowError, RowResult};

/// The rows of an NDJSON file.
pub struct NdjsonReader {
    input: Input,
    line: u64,
    bytes: u64,
    buffer: Vec<u8>,
    columns: Option<Arc<[String]>>,
}

impl NdjsonReader {
    pub(super) fn new(input: Input) -> Self {
        Self { input, line: 0, bytes: 0, buffer: Vec::new(), columns: None }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes
    }

    pub(super) fn next(&mut self) -> Result<Option<RowResult>, Fault> {
        while let Some(whole) = self.read_line()? {
            let bytes = self.buffer.strip_prefix(b"\x1e").unwrap_or(&self.buffer).trim_ascii();
            if !whole {
                let value = String::from_utf8_lossy(&bytes[..1000.min(bytes.len())]);
                return Ok(Some(Err(RowError::new(self.line, None, &value, "A line of more than 16 MiB"))));
            }
            if !bytes.is_empty() {
                return Ok(Some(parse(self.line, bytes, &mut self.columns)));
            }
        }
        Ok(None)
    }

    /// Puts the next line into the buffer; false if it is longer than a line may be, none at the end.
    fn read_line(&mut self) -> Result<Option<bool>, Fault> {
        self.buffer.clear();
        self.buffer.shrink_to(1 << 20);
        let (mut whole, mut any) = (true, false);
        loop {
            let more = self.input.fill()?;
            if more.is_empty() {
                self.line += u64::from(any);
                return Ok(any.then_some(whole));
            }
            any = true;
            let end = more.iter().position(|byte| *byte == b'\n');
            let taken = &more[..end.unwrap_or(more.len())];
            whole &= self.buffer.len() + taken.len() <= MAX_ROW_BYTES;
            if whole {
                self.buffer.extend_from_slice(taken);
            }
            let consumed = taken.len() + usize::from(end.is_some());
            self.input.consume(consumed);
            self.bytes += consumed as u64;
            if end.is_some() {
                self.line += 1;
                return Ok(Some(whole));
            }
        }
    }
}

fn parse(line: u64, bytes: &[u8], columns: &mut Option<Arc<[String]>>) -> RowResult {
    let error = |reason: String| RowError::new(line, None, &String::from_utf8_lossy(bytes), reason);
    let object: Map<String, Value> = super::json_scan::parse(bytes).map_err(error)?;
    let columns = columns.get_or_insert_with(|| object.keys().cloned().collect());
    Ok(Row::of_json(line, Arc::clone(columns), object))
}
