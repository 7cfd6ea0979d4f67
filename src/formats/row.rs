//! One row of any file: its fields by name or position, its geometry, and the error of a row that cannot be read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use geo::Geometry;
use serde_json::{Map, Value};

use crate::formats::MAX_SHOWN_CHARACTERS;

/// A row of a file: a CSV record, a JSON object or an item of a list in it, a GeoJSON feature, a row of a
/// GeoPackage or shapefile.
#[derive(Clone, Debug)]
pub struct Row {
    /// CSV and NDJSON: the line of the file on which the row begins, from 1. Otherwise: the number of the
    /// feature, from 1.
    pub line: u64,
    columns: Arc<[String]>,
    cells: Cells,
    id: Option<Arc<str>>,
    geometry: Option<Arc<Geometry<f64>>>,
}

#[derive(Clone, Debug)]
enum Cells {
    /// All fields in one text, and the end of each in it.
    Text { text: Box<str>, ends: Box<[u32]> },
    /// Fields that may be null.
    Sparse(Arc<[Option<Box<str>>]>),
    /// A JSON object, and for a row split from lists the item of each that this row stands for.
    Json { root: Arc<Map<String, Value>>, items: Vec<(String, usize)> },
}

/// A column resolved once per file with [`crate::formats::reader::Reader::column`], for speed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(super) name: String,
    pub(super) index: Option<usize>,
}

/// One row that cannot be used, and why; the rows after it can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {reason}{}", in_column(.column), shown(.value))]
pub struct RowError {
    /// As [`Row::line`].
    pub line: u64,
    /// The column at fault, if it is one.
    pub column: Option<String>,
    /// The offending value, shortened; empty if there is none to show.
    pub value: String,
    /// What is wrong, as a sentence without its period.
    pub reason: String,
}

/// The next row of a file, or the error of that one row.
pub type RowResult = Result<Row, RowError>;

impl Row {
    pub(super) fn of_text(line: u64, columns: Arc<[String]>, text: &str, ends: &[usize]) -> Self {
        // A row is at most MAX_ROW_BYTES (16 MiB) long, so its positions fit 32 bits.
        let ends = ends.iter().map(|end| *end as u32).collect();
        Self { line, columns, cells: Cells::Text { text: text.into(), ends }, id: None, geometry: None }
    }

    pub(super) fn of_cells(
        line: u64,
        columns: Arc<[String]>,
        cells: Vec<Option<Box<str>>>,
        geometry: Option<Geometry<f64>>,
    ) -> Self {
        Self { line, columns, cells: Cells::Sparse(cells.into()), id: None, geometry: geometry.map(Arc::new) }
    }

    pub(super) fn of_json(line: u64, columns: Arc<[String]>, root: Map<String, Value>) -> Self {
        Self {
            line,
            columns,
            cells: Cells::Json { root: Arc::new(root), items: Vec::new() },
            id: None,
            geometry: None,
        }
    }

    pub(super) fn with_feature(mut self, id: Option<Arc<str>>, geometry: Option<Geometry<f64>>) -> Self {
        self.id = id;
        self.geometry = geometry.map(Arc::new);
        self
    }

    /// The names of the fields; for JSON those of the first object in the file, so a row may lack some or have
    /// more.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The field of this name as text, or none if it is absent or null; an empty CSV field is an empty text.
    ///
    /// In JSON a name is a path from the top of the object (`"Inspections.Date"`), also in a row split from a
    /// list; numbers and booleans are as JSON writes them, lists and objects are compact JSON. `"@id"` is the id
    /// of a GeoJSON feature.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        if name == "@id" && self.id.is_some() {
            return self.id().map(Cow::Borrowed);
        }
        match &self.cells {
            Cells::Json { root, items } => Some(as_text(lookup(root, items, name)?)?),
            _ => self.at(self.columns.iter().position(|column| column == name)?),
        }
    }

    /// The field at this position of [`Row::columns`], as [`Row::text`] gives it.
    pub fn at(&self, index: usize) -> Option<Cow<'_, str>> {
        match &self.cells {
            Cells::Text { text, ends } => {
                let end = *ends.get(index)? as usize;
                let start = if index == 0 { 0 } else { ends[index - 1] as usize };
                Some(Cow::Borrowed(&text[start..end]))
            }
            Cells::Sparse(cells) => cells.get(index)?.as_deref().map(Cow::Borrowed),
            Cells::Json { .. } => self.text(self.columns.get(index)?),
        }
    }

    /// The field of a column that was resolved once for the file.
    pub fn get(&self, column: &Column) -> Option<Cow<'_, str>> {
        match column.index {
            Some(index) => self.at(index),
            None => self.text(&column.name),
        }
    }

    /// One row for each item of the list at this path, which still sees the fields around the list; a list
    /// within lists (`"Inspections.Violations"`) yields the items of all of them. Empty if there is no list.
    pub fn list(&self, path: &str) -> Vec<Self> {
        let Cells::Json { root, items } = &self.cells else { return Vec::new() };
        let mut found = Vec::new();
        collect_items(root, items, path, &mut found);
        found
            .into_iter()
            .map(|items| Self { cells: Cells::Json { root: Arc::clone(root), items }, ..self.clone() })
            .collect()
    }

    /// Adds the paths of all members of a JSON row to `into`, those within objects and lists too, until there are
    /// `most`.
    pub(super) fn add_paths(&self, into: &mut BTreeSet<String>, most: usize) {
        if let Cells::Json { root, .. } = &self.cells {
            add_members(root, "", into, most);
        }
    }

    /// The id of a GeoJSON feature.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The geometry of a feature, in the coordinates of the file; none for CSV and NDJSON, or if it is null.
    pub fn geometry(&self) -> Option<&Geometry<f64>> {
        self.geometry.as_deref()
    }

    /// Everything the row holds as one text, the same for the same row: for keys made of a whole row.
    pub fn whole(&self) -> String {
        let mut whole = match &self.cells {
            Cells::Json { root, items } => {
                let places: Vec<String> =
                    items.iter().map(|(path, index)| format!("{path}[{index}]")).collect();
                format!("{}{}", serde_json::to_string(root.as_ref()).unwrap_or_default(), places.join("/"))
            }
            _ => {
                let cells = (0..self.columns.len()).map(|index| self.at(index));
                // The unit separator cannot be mistaken for data, nor null for an empty text.
                cells.map(|cell| cell.unwrap_or(Cow::Borrowed("\u{0}"))).collect::<Vec<_>>().join("\u{1f}")
            }
        };
        if let Some(geometry) = self.geometry() {
            whole.push_str(&format!("\u{1f}{geometry:?}"));
        }
        whole
    }

    /// An error about this row.
    pub fn error(&self, column: Option<&str>, value: &str, reason: impl Into<String>) -> RowError {
        RowError::new(self.line, column, value, reason)
    }
}

fn add_members(object: &Map<String, Value>, before: &str, into: &mut BTreeSet<String>, most: usize) {
    for (name, value) in object {
        if into.len() >= most {
            return;
        }
        let path = format!("{before}{name}");
        let items = match value {
            Value::Array(items) => items.as_slice(),
            value => std::slice::from_ref(value),
        };
        for inner in items.iter().filter_map(Value::as_object) {
            add_members(inner, &format!("{path}."), into, most);
        }
        into.insert(path);
    }
}

impl Column {
    /// The name or path as the profile writes it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl RowError {
    /// An error in a line; the value is shortened to what a report can show.
    pub fn new(line: u64, column: Option<&str>, value: &str, reason: impl Into<String>) -> Self {
        Self { line, column: column.map(str::to_owned), value: shorten(value), reason: reason.into() }
    }
}

/// The beginning of a value, without line ends and control characters, for a report.
pub(super) fn shorten(value: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = value.chars().take(MAX_SHOWN_CHARACTERS).map(plain).collect();
    if value.chars().nth(MAX_SHOWN_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

fn in_column(column: &Option<String>) -> String {
    column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default()
}

fn shown(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(": `{value}`") }
}

/// The value at a path from the top; a list on the way is passed through only at the item this row stands for.
fn lookup<'a>(root: &'a Map<String, Value>, items: &[(String, usize)], path: &str) -> Option<&'a Value> {
    let (mut object, mut start) = (root, 0);
    loop {
        let rest = &path[start..];
        if let Some(value) = object.get(rest) {
            return Some(through(value, items, path));
        }
        let segment = rest.split_once('.')?.0;
        let walked = &path[..start + segment.len()];
        object = through(object.get(segment)?, items, walked).as_object()?;
        start += segment.len() + 1;
    }
}

/// The item of a list that this row stands for, or the value itself.
fn through<'a>(value: &'a Value, items: &[(String, usize)], walked: &str) -> &'a Value {
    let Value::Array(list) = value else { return value };
    let item = items.iter().find(|(path, _)| path == walked);
    item.and_then(|(_, index)| list.get(*index)).unwrap_or(value)
}

/// Adds, for each item of the list at `path`, the items that lead to it.
fn collect_items(
    root: &Map<String, Value>,
    items: &[(String, usize)],
    path: &str,
    into: &mut Vec<Vec<(String, usize)>>,
) {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    for prefix in ends.map(|end| &path[..end]) {
        if items.iter().any(|(known, _)| known == prefix) {
            continue;
        }
        let Some(Value::Array(list)) = lookup(root, items, prefix) else { continue };
        for index in 0..list.len() {
            let mut longer = items.to_vec();
            longer.push((prefix.to_owned(), index));
            if prefix == path {
                into.push(longer);
            } else {
                collect_items(root, &longer, path, into);
            }
        }
        return;
    }
}

/// A JSON value as the text of a field; none for null.
fn as_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Array(_) | Value::Object(_) => Some(Cow::Owned(value.to_string())),
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facility() -> Row {
        let json = r#"{"Id":"PR1","a.b":7,"Address":{"City":"Duluth"},"Inspections":[
            {"Date":"2017-03-23","Result":1,"Violations":[{"Code":"01b"},{"Code":"23"}]},
            {"Date":"2016-01-02","Result":null,"Violations":[{"Code":"33"}]}]}"#;
        Row::of_json(3, Arc::from([]), serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_path_leads_into_nested_objects() {
        let row = facility();

        assert_eq!(row.text("Address.City").unwrap(), "Duluth");
        assert_eq!(row.text("a.b").unwrap(), "7");
        assert_eq!(row.text("Address.Zip"), None);
        assert_eq!(row.text("Inspections.Date"), None);
    }

    #[test]
    fn a_list_becomes_rows_that_see_their_parents() {
        let inspections = facility().list("Inspections");

        assert_eq!(inspections.len(), 2);
        assert_eq!(inspections[1].text("Inspections.Date").unwrap(), "2016-01-02");
        assert_eq!(inspections[1].text("Inspections.Result"), None);
        assert_eq!(inspections[1].text("Id").unwrap(), "PR1");
        assert_ne!(inspections[0].whole(), inspections[1].whole());
    }

    #[test]
    fn lists_within_lists_are_split_at_once_or_step_by_step() {
        let codes = |rows: Vec<Row>| -> Vec<String> {
            rows.iter().map(|row| row.text("Inspections.Violations.Code").unwrap().into_owned()).collect()
        };

        let at_once = facility().list("Inspections.Violations");
        let of_first = facility().list("Inspections")[0].list("Inspections.Violations");

        assert_eq!(codes(at_once), ["01b", "23", "33"]);
        assert_eq!(codes(of_first.clone()), ["01b", "23"]);
        assert_eq!(of_first[1].text("Inspections.Date").unwrap(), "2017-03-23");
        assert!(facility().list("Complaints").is_empty());
    }

    #[test]
    fn an_error_reads_as_a_sentence_and_shows_little_of_a_long_value() {
        let error = RowError::new(7, Some("Date"), &"9".repeat(500), "This is no date");

        assert!(error.to_string().starts_with("line 7, column `Date`: This is no date: `999"));
        assert_eq!(error.value.chars().count(), MAX_SHOWN_CHARACTERS + 1);
    }
}
