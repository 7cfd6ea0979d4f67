//! Imports: files that nobody here wrote, read as a profile says, stored in small steps that can be broken off and
//! run again.

use serde::{Deserialize, Serialize};

use crate::areas;
use crate::clock::Moment;
use crate::db::{Json, from_json, text_enum};
use crate::formats::reader::Reader;
use crate::records::BatchId;

mod address_points;
pub mod bodies;
pub mod bound;
mod cells;
mod check_views;
mod checking;
mod directory;
pub mod engine;
pub mod field;
pub mod fields;
pub mod incident_bodies;
mod licensees;
pub mod mapping;
mod opening;
pub mod pages;
mod party_bodies;
mod party_rows;
pub mod place_bodies;
mod place_rows;
pub mod position;
pub mod preview;
pub mod profile;
mod queue;
mod rehearsal;
mod rows;
mod seen;
mod shown;
pub mod store;
mod storing;
pub mod times;
pub mod upload;
pub mod views;
pub mod writer;

text_enum! {
    /// How far a batch has come.
    BatchState {
        /// Rows are coming in.
        Running = "running",
        /// All rows were seen.
        Done = "done",
        /// It broke off; running the same file again goes on where it stopped.
        BrokenOff = "broken_off",
    }
}

/// One run of an import, and its numbers so far.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Batch {
    /// Which.
    pub id: BatchId,
    /// Its number for people, shown as `B-0319`.
    pub number: i64,
    /// The profile's name.
    pub profile: String,
    /// The version of the profile.
    pub profile_hash: String,
    /// The source whose keys the rows have.
    pub source: String,
    /// What the rows became.
    pub record_kind: String,
    /// The file's name without its folder.
    pub file_name: String,
    /// SHA-256 of the file: imports of the same contents know each other by it.
    pub file_hash: Option<String>,
    /// The file's size.
    pub file_bytes: i64,
    /// How far it has come.
    pub state: BatchState,
    /// When it began.
    pub started_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// The numbers.
    #[sqlx(flatten)]
    pub counts: Counts,
    /// Words that the value maps do not know, with how often they came, as JSON.
    #[sqlx(try_from = "Json<Unmapped>")]
    pub unmapped: Unmapped,
    /// Why it broke off.
    pub message: Option<String>,
}

/// By field: each unknown word and how often it came.
pub type Unmapped = std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>>;

from_json!(Unmapped);

/// The numbers of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read, rejected ones too.
    #[sqlx(rename = "n_rows")]
    pub rows: i64,
    /// New records.
    #[sqlx(rename = "n_stored")]
    pub stored: i64,
    /// New versions of known records.
    #[sqlx(rename = "n_updated")]
    pub updated: i64,
    /// Rows that say what is stored already.
    #[sqlx(rename = "n_duplicate")]
    pub duplicate: i64,
    /// Rows that could not be used.
    #[sqlx(rename = "n_rejected")]
    pub rejected: i64,
    /// Rows that the profile leaves out.
    #[sqlx(rename = "n_skipped")]
    pub skipped: i64,
    /// Records that link to a site.
    #[sqlx(rename = "n_linked")]
    pub linked: i64,
    /// Records that link to a building with several sites, and so to none of these.
    #[sqlx(rename = "n_building")]
    pub building: i64,
    /// Sites that were opened.
    #[sqlx(rename = "n_sites")]
    pub sites: i64,
}

/// One row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize, Deserialize)]
pub struct Reject {
    /// The line of the file, or the number of the feature.
    pub line: i64,
    /// The column at fault.
    pub column_name: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong.
    pub reason: String,
}

impl Batch {
    /// The number as people say it.
    pub fn code(&self) -> String {
        format!("B-{:04}", self.number)
    }
}

/// The areas among `drafts`, with their outlines.
fn areas_in(drafts: Vec<mapping::Draft>) -> anyhow::Result<Vec<areas::Area>> {
    let mut found = Vec::new();
    for draft in drafts {
        let bodies::Body::Area(it) = draft.body else { continue };
        let known = areas::Area::new((&draft.head.source, &draft.head.source_key), &it.class, &it.name);
        let area = areas::Area {
            county: it.county,
            code: it.code,
            population: it.population,
            batch_id: draft.head.batch_id,
            ..known
        };
        found.push(match it.outline {
            Some(outline) => areas::store::with_outline(area, &outline)?,
            None => area,
        });
    }
    Ok(found)
}

/// Says that the file lacks a column that the profile names.
fn missing_column(key: &str, column: &str, reader: &Reader) -> String {
    const SHOWN: usize = 60;
    let there = reader.names();
    let mut list = there.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if there.is_empty() {
        list.push_str("none");
    }
    if there.len() > SHOWN {
        list.push_str(&format!(" and {} more", there.len() - SHOWN));
    }
    let more = if reader.is_fixed() {
        ""
    } else {
        ". If only rows further on have it, list it under `sparse` in [file]"
    };
    format!("`{key}` names the column `{column}`, which the file does not have; it has: {list}{more}")
}

/// All that a reject says of a row at a protected place: what stands in the row is kept nowhere.
pub(super) const NOT_KEPT: &str = "The place may not be kept in FOCA.";

/// Whether a word says yes.
pub(super) fn is_yes(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "y" | "true" | "t" | "1" | "x")
}
