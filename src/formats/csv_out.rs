//! Writes CSV (RFC 4180, UTF-8, CRLF) that a spreadsheet opens without running what a stranger typed.

use std::io::{self, Write};

use crate::formats::field::Field;

/// CSV being written to anything that takes bytes.
///
/// Formula guard, after OWASP's "CSV Injection": a text that begins with `=`, `+`, `-`, `@`, tab, carriage return
/// or line feed gets an apostrophe before it, which spreadsheets do not show. A text that is a plain number
/// (`-93.1`) stays as it is. Numbers given as numbers never need it.
pub struct CsvWriter<W: Write> {
    inner: csv::Writer<W>,
    buffer: Vec<u8>,
}

impl<W: Write> CsvWriter<W> {
    /// Writes the header row.
    pub fn new<'a>(out: W, columns: impl IntoIterator<Item = &'a str>) -> io::Result<Self> {
        let inner = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        let mut writer = Self { inner, buffer: Vec::new() };
        writer.row(columns.into_iter().map(Field::Text))?;
        Ok(writer)
    }

    /// Writes one row; it must have as many fields as the header, else the error says so.
    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = Field<'a>>) -> io::Result<()> {
        for field in fields {
            self.buffer.clear();
            match field {
                Field::Text(text) => {
                    if needs_guard(text) {
                        self.buffer.push(b'\'');
                    }
                    self.buffer.extend_from_slice(text.as_bytes());
                }
                Field::Id(id) => write!(self.buffer, "{id}")?,
                Field::Int(number) => write!(self.buffer, "{number}")?,
                Field::Real(number) if number.is_finite() => write!(self.buffer, "{number}")?,
                Field::Bool(yes) => write!(self.buffer, "{yes}")?,
                Field::Real(_) | Field::Null => {}
            }
            self.inner.write_field(&self.buffer)?;
        }
        Ok(self.inner.write_record(None::<&[u8]>)?)
    }

    /// Flushes and gives the sink back.
    pub fn finish(self) -> io::Result<W> {
        self.inner.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Whether a spreadsheet could take the text for a formula.
fn needs_guard(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number(text)
}

/// Whether the text is a plain decimal number, with or without an exponent.
fn is_number(text: &str) -> bool {
    // The parser also takes "inf" and "NaN", hence the look at the letters.
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(rows: &[Vec<Field<'_>>]) -> String {
        let mut writer = CsvWriter::new(Vec::new(), ["a", "b"]).unwrap();
        for row in rows {
            writer.row(row.iter().copied()).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn values_are_written_by_type_with_crlf() {
        let rows = [
            vec![Field::Text("x \"y\", z"), Field::Int(-5)],
            vec![Field::Real(-93.1), Field::Bool(true)],
            vec![Field::Null, Field::Real(f64::NAN)],
        ];

        assert_eq!(written(&rows), "a,b\r\n\"x \"\"y\"\", z\",-5\r\n-93.1,true\r\n,\r\n");
    }

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for formula in
            ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-inf", "=", "-"]
        {
            assert!(needs_guard(formula), "{formula:?}");
        }
        for text in ["-93.1", "+44.9", "-1e5", "1=1", "'=1", "", "a-b", "−5"] {
            assert!(!needs_guard(text), "{text:?}");
        }
    }

    #[test]
    fn a_row_of_the_wrong_length_is_an_error() {
        let mut writer = CsvWriter::new(Vec::new(), ["a", "b"]).unwrap();

        assert!(writer.row([Field::Null]).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_but_for_the_guard(rows in proptest::collection::vec(any::<[String; 2]>(), 0..10)) {
            let fields: Vec<Vec<_>> =
                rows.iter().map(|row| row.iter().map(|text| Field::Text(text)).collect()).collect();
            let text = written(&fields);
            let read: Vec<csv::StringRecord> =
                csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), rows.len());
            for (read, row) in read.iter().zip(&rows) {
                for (read, text) in read.iter().zip(row) {
                    let guarded = if needs_guard(text) { format!("'{text}") } else { text.clone() };
                    prop_assert_eq!(read, guarded);
                }
            }
        }
    }
}
