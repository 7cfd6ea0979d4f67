//! One field of a profile: from which columns its value comes, and how it is read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveTime;
use chrono_tz::Tz;
use serde::Deserialize;

use super::times;
use crate::clock::Moment;
use crate::formats::reader::Reader;
use crate::formats::row::{Column, Row, RowError};
use crate::incidents::offenses::Codes;

/// How a profile says where a value comes from. A bare text is a column, or a template when it holds `{…}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Written")]
pub struct FieldSpec {
    from: Origin,
    map: BTreeMap<String, String>,
    codes: Option<Codes>,
    otherwise: Option<String>,
    formats: Vec<String>,
    time: Option<String>,
    time_formats: Vec<String>,
    split_by: Option<String>,
    unless_written: bool,
    flaw: Option<String>,
}

#[derive(Clone, Debug, Default)]
enum Origin {
    #[default]
    Nothing,
    Constant(String),
    Column(String),
    Template(Vec<Piece>),
    First(Vec<String>),
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Column(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Short(String),
    Long(Box<Long>),
}

/// A field in its long form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Long {
    column: Option<String>,
    template: Option<String>,
    first: Option<Vec<String>>,
    constant: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    codes: Option<String>,
    otherwise: Option<String>,
    #[serde(default)]
    formats: Vec<String>,
    time: Option<String>,
    #[serde(default)]
    time_formats: Vec<String>,
    split_by: Option<String>,
    #[serde(default)]
    unless_written: bool,
}

impl From<Written> for FieldSpec {
    fn from(written: Written) -> Self {
        let long = match written {
            Written::Short(text) if text.contains('{') => {
                return Self { from: Origin::Template(pieces(&text)), ..Self::default() };
            }
            Written::Short(text) => return Self { from: Origin::Column(text), ..Self::default() },
            Written::Long(long) => *long,
        };
        let given =
            [long.column.is_some(), long.template.is_some(), long.first.is_some(), long.constant.is_some()];
        let several = (given.iter().filter(|it| **it).count() != 1)
            .then(|| "give exactly one of `column`, `template`, `first`, `constant`".to_owned());
        let (codes, no_codes) = match long.codes.map(|it| it.parse::<Codes>()).transpose() {
            Ok(codes) => (codes, None),
            Err(reason) => (None, Some(format!("`codes` {reason}"))),
        };
        let from = match (long.column, long.template, long.first, long.constant) {
            (Some(column), ..) => Origin::Column(column),
            (_, Some(template), ..) => Origin::Template(pieces(&template)),
            (_, _, Some(first), _) => Origin::First(first),
            (_, _, _, Some(constant)) => Origin::Constant(constant),
            _ => Origin::Nothing,
        };
        let map = long.map.into_iter().map(|(from, to)| (from.trim().to_lowercase(), to)).collect();
        Self {
            from,
            map,
            codes,
            otherwise: long.otherwise,
            formats: long.formats,
            time: long.time,
            time_formats: long.time_formats,
            split_by: long.split_by,
            unless_written: long.unless_written,
            flaw: several.or(no_codes),
        }
    }
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let (column, tail) = after.split_once('}').unwrap_or((after, ""));
        pieces.push(Piece::Column(column.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

impl FieldSpec {
    /// Checks what can be checked without a file; the reason says what would be right.
    pub fn check(&self, name: &str) -> Result<(), String> {
        if let Some(flaw) = &self.flaw {
            return Err(format!("`{name}`: {flaw}"));
        }
        if self.codes.is_some() && name != "offense" {
            return Err(format!("`{name}`: `codes` stands only under `offense`"));
        }
        for format in &self.formats {
            times::check_format(format).map_err(|reason| format!("`{name}`: {reason}"))?;
        }
        for format in &self.time_formats {
            times::check_format(format).map_err(|reason| format!("`{name}`: {reason}"))?;
        }
        Ok(())
    }

    /// The columns that it reads.
    pub fn columns(&self) -> Vec<String> {
        let mut columns: Vec<String> = match &self.from {
            Origin::Nothing | Origin::Constant(_) => Vec::new(),
            Origin::Column(column) => vec![column.clone()],
            Origin::First(columns) => columns.clone(),
            Origin::Template(pieces) => pieces
                .iter()
                .filter_map(|it| match it {
                    Piece::Column(column) => Some(column.clone()),
                    Piece::Text(_) => None,
                })
                .collect(),
        };
        columns.extend(self.time.clone());
        columns
    }

    /// Binds the columns to their places in `reader`; none when the file lacks one.
    pub fn bind(&self, reader: &Reader) -> Option<Field> {
        let bind = |name: &String| reader.column(name);
        let from = match &self.from {
            Origin::Nothing => Bound::Constant(String::new()),
            Origin::Constant(text) => Bound::Constant(text.clone()),
            Origin::Column(column) => Bound::Column(bind(column)?),
            Origin::First(columns) => Bound::First(columns.iter().map(bind).collect::<Option<_>>()?),
            Origin::Template(pieces) => Bound::Template(
                pieces
                    .iter()
                    .map(|it| match it {
                        Piece::Text(text) => Some(BoundPiece::Text(text.clone())),
                        Piece::Column(column) => bind(column).map(BoundPiece::Column),
                    })
                    .collect::<Option<_>>()?,
            ),
        };
        let time = match &self.time {
            Some(column) => Some(bind(column)?),
            None => None,
        };
        Some(Field { from, time, spec: self.clone() })
    }
}

/// A field bound to the columns of one file.
#[derive(Debug)]
pub struct Field {
    from: Bound,
    time: Option<Column>,
    spec: FieldSpec,
}

#[derive(Debug)]
enum Bound {
    Constant(String),
    Column(Column),
    Template(Vec<BoundPiece>),
    First(Vec<Column>),
}

#[derive(Debug)]
enum BoundPiece {
    Text(String),
    Column(Column),
}

/// A value looked up in a field's value map.
#[derive(Debug, PartialEq, Eq)]
pub enum Mapped<'r> {
    /// The row has no value there.
    Empty,
    /// The map, or `otherwise`, gives this word; or there is no map and this is the value itself.
    Word(Cow<'r, str>),
    /// The map does not know this value, and there is no `otherwise`.
    Unmapped(Cow<'r, str>),
}

impl Field {
    /// The value as text: through the value map, which leaves alone what it does not know; none when empty.
    pub fn text<'r>(&'r self, row: &'r Row) -> Option<Cow<'r, str>> {
        let written = self.written(row);
        if self.spec.map.is_empty() {
            return written;
        }
        match self.known(written.as_deref().unwrap_or_default()) {
            Some(word) => (!word.is_empty()).then_some(Cow::Borrowed(word)),
            None => written,
        }
    }

    /// The value as the source writes it, trimmed, runs of white space folded; none when empty.
    pub fn written<'r>(&'r self, row: &'r Row) -> Option<Cow<'r, str>> {
        let value = match &self.from {
            Bound::Constant(text) => Cow::Borrowed(text.as_str()),
            Bound::Column(column) => row.get(column)?,
            Bound::First(columns) => {
                columns.iter().filter_map(|it| row.get(it)).find(|it| !it.trim().is_empty())?
            }
            Bound::Template(pieces) => {
                let mut text = String::new();
                for piece in pieces {
                    match piece {
                        BoundPiece::Text(it) => text.push_str(it),
                        BoundPiece::Column(it) => text.push_str(row.get(it).unwrap_or_default().trim()),
                    }
                }
                Cow::Owned(text)
            }
        };
        tidy(value)
    }

    /// The value through the value map.
    pub fn mapped<'r>(&'r self, row: &'r Row) -> Mapped<'r> {
        let Some(text) = self.written(row) else {
            return self.known("").map_or(Mapped::Empty, |word| Mapped::Word(Cow::Borrowed(word)));
        };
        if self.spec.map.is_empty() {
            return Mapped::Word(text);
        }
        match self.known(&text).or(self.spec.otherwise.as_deref()) {
            Some(word) => Mapped::Word(Cow::Borrowed(word)),
            None => Mapped::Unmapped(text),
        }
    }

    /// The value through the value map and then, where it holds codes, through their table; `otherwise` comes last.
    pub fn mapped_by<'r>(
        &'r self,
        row: &'r Row,
        table: impl FnOnce(Codes, &str) -> Option<&'r str>,
    ) -> Mapped<'r> {
        let (Some(codes), Some(text)) = (self.spec.codes, self.written(row)) else { return self.mapped(row) };
        let found = self.known(&text).or_else(|| table(codes, &text)).or(self.spec.otherwise.as_deref());
        found.map_or(Mapped::Unmapped(text), |word| Mapped::Word(Cow::Borrowed(word)))
    }

    /// What the value map makes of a value, letter case aside.
    fn known(&self, text: &str) -> Option<&str> {
        let found = self.spec.map.get(text).or_else(|| self.spec.map.get(&text.to_lowercase()));
        found.map(String::as_str)
    }

    /// Whether the value gives way to one that the address line itself holds.
    pub fn gives_way(&self) -> bool {
        self.spec.unless_written
    }

    /// The values of a list: split at `split_by`, else the one value.
    pub fn list(&self, row: &Row) -> Vec<String> {
        let Some(text) = self.text(row) else { return Vec::new() };
        match &self.spec.split_by {
            Some(by) => text
                .split(by.as_str())
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            None => vec![text.into_owned()],
        }
    }

    /// The value as a day or an instant; none when empty.
    ///
    /// # Errors
    /// It fits none of the formats, or cannot be a real day.
    pub fn moment(&self, row: &Row, zone: Tz) -> Result<Option<Moment>, RowError> {
        let Some(text) = self.text(row) else { return Ok(None) };
        let fail = |value: &str, reason: String| row.error(Some(self.name()), value, reason);
        let time = match &self.time {
            Some(column) => self.time_of_day(row, column)?,
            None => None,
        };
        times::parse(&text, time, &self.spec.formats, zone).map(Some).map_err(|reason| fail(&text, reason))
    }

    fn time_of_day(&self, row: &Row, column: &Column) -> Result<Option<NaiveTime>, RowError> {
        let Some(text) = row.get(column).and_then(tidy) else { return Ok(None) };
        let time = times::time_of_day(&text, &self.spec.time_formats);
        time.map(Some).map_err(|reason| row.error(Some(column.name()), &text, reason))
    }

    /// The value as a number; none when empty.
    ///
    /// # Errors
    /// It is no finite number.
    pub fn number(&self, row: &Row) -> Result<Option<f64>, RowError> {
        let Some(text) = self.text(row) else { return Ok(None) };
        match text.replace(',', "").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(row.error(Some(self.name()), &text, "This is not a number.")),
        }
    }

    /// The column to name in a report.
    pub fn name(&self) -> &str {
        match &self.from {
            Bound::Constant(_) => "(constant)",
            Bound::Column(column) => column.name(),
            Bound::First(columns) => columns.first().map_or("", |it| it.name()),
            Bound::Template(pieces) => pieces
                .iter()
                .find_map(|it| match it {
                    BoundPiece::Column(column) => Some(column.name()),
                    BoundPiece::Text(_) => None,
                })
                .unwrap_or_default(),
        }
    }
}

/// Trimmed and with single spaces; none when nothing is left. Invisible characters go too.
pub fn tidy(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let invisible = |it: char| matches!(it, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}');
    let odd = |it: char| it.is_control() || it == '\u{a0}' || invisible(it);
    let plain = !value.contains(odd) && !value.contains("  ");
    if plain {
        let trimmed = value.trim();
        return match trimmed.len() {
            0 => None,
            n if n == value.len() => Some(value),
            _ => Some(Cow::Owned(trimmed.to_owned())),
        };
    }
    let visible: String = value.chars().filter(|it| !invisible(*it)).collect();
    let words: Vec<&str> =
        visible.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty()).collect();
    (!words.is_empty()).then(|| Cow::Owned(words.join(" ")))
}
