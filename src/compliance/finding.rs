//! What a rule says of a site: a status, since when, in one sentence, with the evidence and what is missing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::measuring::Distance;
use super::pack::Status;
use crate::clock::Moment;
use crate::db::{Json, from_json};
use crate::inspections::Severity;
use crate::records::{RecordId, RecordKind, SiteId};

/// One piece of evidence, with the record that it is read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is, in a few words.
    pub text: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on: Option<NaiveDate>,
    /// The record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<(RecordKind, RecordId)>,
}

/// A distance to a place or to another site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The name of the place or site.
    pub name: String,
    /// A word of `data/places.toml` or `data/kinds.toml`.
    pub class: String,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<uuid::Uuid>,
    /// The other site.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub site: Option<uuid::Uuid>,
    /// By each method that the rule is held by.
    pub distances: Vec<Distance>,
    /// The limit, in feet.
    pub limit_feet: f64,
}

/// What a rule says of a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The pack.
    pub pack: String,
    /// The rule.
    pub rule: String,
    /// What holds.
    pub status: Status,
    /// Since when, where a record says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<NaiveDate>,
    /// In one sentence.
    pub says: String,
    /// Why an attorney is asked, though something is certain.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub because: Vec<String>,
    /// The data without which nothing more can be said.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing: Vec<String>,
    /// Records.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<Evidence>,
    /// Distances, nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub measurements: Vec<Measurement>,
    /// The hash of the pack that said so.
    pub pack_hash: String,
}

from_json!(Finding);

/// A finding in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Stored {
    /// The site.
    pub site_id: SiteId,
    /// 1 for the first of that rule at that site.
    pub version: i64,
    /// When it could first have been known.
    pub recorded_at: Moment,
    /// When another took its place; none: it stands.
    pub superseded_at: Option<Moment>,
    /// How grave a breach of the rule is.
    pub severity: Severity,
    /// What it says.
    #[sqlx(try_from = "Json<Finding>", rename = "body")]
    pub finding: Finding,
}

/// A finding beside its site.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// The finding.
    #[sqlx(flatten)]
    pub stored: Stored,
    /// The name of the site.
    pub site_name: String,
    /// A word of `data/kinds.toml`.
    pub site_kind: String,
    /// Its city.
    pub site_city: Option<String>,
    /// Whether somebody disputes it.
    pub disputed: bool,
}

impl Evidence {
    /// Evidence from a record.
    pub fn of(kind: RecordKind, id: RecordId, on: NaiveDate, text: impl Into<String>) -> Self {
        Self { text: text.into(), on: Some(on), record: Some((kind, id)) }
    }

    /// Evidence that no record stands for.
    pub fn plain(text: impl Into<String>, on: Option<NaiveDate>) -> Self {
        Self { text: text.into(), on, record: None }
    }
}
