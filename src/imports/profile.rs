//! An import profile: what a file is, which record its rows yield, and which columns feed which fields.
//!
//! `docs/profiles.md` explains each key to whoever writes one; a test holds the two together.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::field::FieldSpec;
use super::fields::{SITE_FIELDS, Yields, fields_of, needed_by, unknown_field};
use crate::formats::source::Source;
use crate::knowledge::{Document, Flaw};

/// A profile as its TOML file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the profile is for, in a few words.
    pub title: String,
    /// The register or feed: the namespace of its keys. Profiles for several files of one source share it.
    pub source: String,
    /// What a row becomes.
    pub record: Yields,
    /// Whether rows open sites: for registers of premises. Otherwise rows only link to sites that are known.
    #[serde(default)]
    pub opens_site: bool,
    /// The time zone of times without an offset.
    #[serde(default = "chicago")]
    pub zone: Tz,
    /// Whom to name for the data, and under which license.
    #[serde(default)]
    pub attribution: Option<String>,
    /// The file.
    pub file: Source,
    /// How a row is told from others.
    pub key: Key,
    /// Which rows count.
    #[serde(default)]
    pub rows: Rows,
    /// Where the row's point is.
    #[serde(default)]
    pub position: Option<Position>,
    /// The record's fields.
    pub fields: BTreeMap<String, FieldSpec>,
    /// The site's own fields, where rows open sites.
    #[serde(default)]
    pub site: BTreeMap<String, FieldSpec>,
    /// For an inspection: its violations, as a list inside the row.
    #[serde(default)]
    pub violations: Option<Nested>,
    /// The file is history: a row could have been known so many days after it happened.
    #[serde(default)]
    pub backfill: Option<Backfill>,
    /// Columns of free text that may be stored. What is not listed here is never kept.
    #[serde(default)]
    pub free_text: Vec<String>,
}

/// What makes a row the same row in the next delivery.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// These columns together.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Everything in the row, for files without a key: a changed row is then a new one.
    #[serde(default)]
    pub whole_row: bool,
}

/// Which rows count, and how one line becomes several.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Only rows that fit all of these.
    #[serde(default)]
    pub keep: Vec<Condition>,
    /// No row that fits one of these.
    #[serde(default)]
    pub drop: Vec<Condition>,
    /// A column that holds a list: the row counts once for each item.
    #[serde(default)]
    pub split: Option<Split>,
}

/// A condition on one column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// It says one of these, letter case aside; `""` stands for an empty value.
    #[serde(default)]
    pub is: Vec<String>,
    /// It contains one of these, letter case aside.
    #[serde(default)]
    pub contains: Vec<String>,
}

/// A list inside one column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The column.
    pub column: String,
    /// What stands between the items.
    pub by: String,
}

/// Where a row's point is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The column of the longitude, or of the easting.
    #[serde(default)]
    pub x: Option<String>,
    /// The column of the latitude, or of the northing.
    #[serde(default)]
    pub y: Option<String>,
    /// A column that holds both, such as `44.97, -93.26`.
    #[serde(default)]
    pub both: Option<Both>,
    /// The row's own geometry.
    #[serde(default)]
    pub geometry: bool,
    /// `EPSG:` and a number, or a proj string. Without it: what the file says, else longitude and latitude.
    #[serde(default)]
    pub crs: Option<String>,
    /// West, south, east, north in degrees. Without it: the box around all imported areas.
    #[serde(default)]
    pub bounds: Option<[f64; 4]>,
    /// What becomes of a row whose point lies outside.
    #[serde(default)]
    pub outside: Outside,
    /// How far off a point may be, in meters.
    #[serde(default)]
    pub meters: Option<f64>,
}

/// One column with both numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// The column.
    pub column: String,
    /// Whether the latitude comes first.
    #[serde(default)]
    pub latitude_first: bool,
}

/// What becomes of a row whose point cannot be right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// It goes to the reject report.
    #[default]
    Reject,
    /// It is stored without its point, and the report says so.
    KeepWithoutPoint,
}

/// Rows inside a row.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nested {
    /// The path of the list.
    pub each: String,
    /// The violation's fields.
    pub fields: BTreeMap<String, FieldSpec>,
}

/// For files of history.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backfill {
    /// Days from the event until it could have been known.
    pub lag_days: u32,
}

impl Profile {
    /// Reads a profile and checks all that can be checked without its file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and what would be right.
    pub fn read(document: &Document) -> Result<Self, Flaw> {
        let profile: Self = document.parse()?;
        let flaw = |key: &str, reason: String| document.flaw_at_key(key, reason);
        profile.file.check().map_err(|error| flaw("format", error.to_string()))?;
        if profile.key.columns.is_empty() != profile.key.whole_row {
            return Err(flaw(
                "columns",
                "give either `columns` or `whole_row = true` under [key]".to_owned(),
            ));
        }
        for (name, spec) in &profile.fields {
            if !fields_of(profile.record).contains(&name.as_str()) {
                return Err(flaw(name, unknown_field(name, profile.record)));
            }
            spec.check(name).map_err(|reason| flaw(name, reason))?;
        }
        for name in needed_by(profile.record) {
            if !profile.fields.contains_key(*name) {
                let reason = format!("[fields] lacks `{name}`, which every {} needs", profile.record);
                return Err(flaw("record", reason));
            }
        }
        profile.check_site(document)?;
        profile.check_free_text(document)?;
        Ok(profile)
    }

    fn check_site(&self, document: &Document) -> Result<(), Flaw> {
        let opens = self.opens_site || self.record == Yields::Site;
        if !opens && !self.site.is_empty() {
            return Err(document.flaw_at_key("record", "[site] needs `opens_site = true`"));
        }
        if opens && !self.fields.contains_key("name") && !self.site.contains_key("name") {
            return Err(document.flaw_at_key("opens_site", "a site needs a `name`, under [fields] or [site]"));
        }
        for (name, spec) in &self.site {
            if !SITE_FIELDS.contains(&name.as_str()) {
                let list = SITE_FIELDS.join(", ");
                return Err(document.flaw_at_key(name, format!("a site has no `{name}`; it has {list}")));
            }
            spec.check(name).map_err(|reason| document.flaw_at_key(name, reason))?;
        }
        if let Some(nested) = &self.violations {
            for (name, spec) in &nested.fields {
                if !fields_of(Yields::Violation).contains(&name.as_str()) {
                    return Err(document.flaw_at_key(name, unknown_field(name, Yields::Violation)));
                }
                spec.check(name).map_err(|reason| document.flaw_at_key(name, reason))?;
            }
        }
        Ok(())
    }

    fn check_free_text(&self, document: &Document) -> Result<(), Flaw> {
        for name in ["note", "summary"] {
            let Some(spec) = self.fields.get(name) else { continue };
            for column in spec.columns() {
                if !self.free_text.contains(&column) {
                    let reason = format!(
                        "`{name}` reads the column `{column}`, which `free_text` does not list; free text is kept only from listed columns"
                    );
                    return Err(document.flaw_at_key(name, reason));
                }
            }
        }
        Ok(())
    }

    /// Every column that the profile names, each once, with the key that names it.
    pub fn columns(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        let mut add = |key: &str, column: &str| all.push((column.to_owned(), key.to_owned()));
        self.key.columns.iter().for_each(|it| add("key.columns", it));
        self.rows.keep.iter().for_each(|it| add("rows.keep", &it.column));
        self.rows.drop.iter().for_each(|it| add("rows.drop", &it.column));
        self.rows.split.iter().for_each(|it| add("rows.split", &it.column));
        if let Some(position) = &self.position {
            position.x.iter().for_each(|it| add("position.x", it));
            position.y.iter().for_each(|it| add("position.y", it));
            position.both.iter().for_each(|it| add("position.both", &it.column));
        }
        for (name, spec) in &self.fields {
            spec.columns().iter().for_each(|it| add(&format!("fields.{name}"), it));
        }
        for (name, spec) in &self.site {
            spec.columns().iter().for_each(|it| add(&format!("site.{name}"), it));
        }
        self.free_text.iter().for_each(|it| add("free_text", it));
        self.file.each.iter().for_each(|it| add("file.each", it));
        if let Some(nested) = &self.violations {
            add("violations.each", &nested.each);
            for (name, spec) in &nested.fields {
                spec.columns().iter().for_each(|it| add(&format!("violations.fields.{name}"), it));
            }
        }
        all
    }
}

fn chicago() -> Tz {
    chrono_tz::America::Chicago
}
