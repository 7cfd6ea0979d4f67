//! What a file would bring, small enough to keep beside it: the numbers of all rows, the first of them, the first
//! rejects.

use serde::{Deserialize, Serialize};

use super::fields::Yields;
use super::writer::Chunk;
use super::{Counts, Reject, Unmapped, shown};
use crate::clock::Moment;
use crate::formats::row::RowError;

/// Characters of a cell that are kept.
const CELL: usize = 200;
/// Unknown words of a field that are kept.
const WORDS: usize = 50;

/// What a file would bring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The file's columns.
    pub columns: Vec<String>,
    /// The first rows as FOCA would store them.
    pub rows: Vec<Line>,
    /// The first rejects.
    pub rejects: Vec<Reject>,
    /// The numbers that the import would have, with the catalog as it was.
    pub counts: Counts,
    /// Unknown words.
    pub unmapped: Unmapped,
    /// SHA-256 of the file.
    pub file_hash: String,
    /// When it was read.
    pub at: Option<Moment>,
    /// Seconds of wall time that reading took.
    pub seconds: f64,
}

/// One row of a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it stands in the file.
    pub line: u64,
    /// The source's key.
    pub key: String,
    /// Its cells, in the order of [`shown::columns`].
    pub cells: Vec<String>,
}

/// How a check of a file ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Check {
    /// The profile fits.
    Fits(Box<Preview>),
    /// It does not, or the file cannot be read: what would be right.
    Misfit(String),
    /// FOCA did not manage.
    Failed(String),
}

impl Preview {
    /// An empty one for a file with these columns.
    pub fn of(columns: &[String]) -> Self {
        Self { columns: columns.iter().take(1_000).map(|it| short(it)).collect(), ..Self::default() }
    }

    /// Keeps the first `most` rows and rejects.
    pub fn take(&mut self, chunk: &Chunk, most: usize) {
        let room = most.saturating_sub(self.rejects.len());
        self.rejects.extend(chunk.rejects.iter().take(room).map(reject));
        let room = most.saturating_sub(self.rows.len());
        self.rows.extend(chunk.drafts.iter().take(room).map(|it| Line {
            line: it.line,
            key: short(&it.head.source_key),
            cells: shown::cells(it).iter().map(|it| short(it)).collect(),
        }));
    }

    /// Takes the unknown words that came most often.
    pub fn take_words(&mut self, unmapped: &Unmapped) {
        for (field, words) in unmapped {
            let mut words: Vec<_> = words.iter().collect();
            words.sort_by_key(|(word, n)| (std::cmp::Reverse(**n), (*word).clone()));
            let kept = words.into_iter().take(WORDS).map(|(word, n)| (short(word), *n)).collect();
            self.unmapped.insert(field.clone(), kept);
        }
    }
}

/// Whether rows of this kind link to sites.
pub fn links(record: Yields) -> bool {
    matches!(
        record,
        Yields::License | Yields::Inspection | Yields::Complaint | Yields::Incident | Yields::Party
    )
}

fn reject(it: &RowError) -> Reject {
    Reject {
        line: i64::try_from(it.line).unwrap_or(i64::MAX),
        column_name: it.column.as_deref().map(short).unwrap_or_default(),
        value: short(&it.value),
        reason: short(&it.reason),
    }
}

fn short(text: &str) -> String {
    if text.chars().nth(CELL).is_none() {
        return text.to_owned();
    }
    text.chars().take(CELL).chain(['…']).collect()
}
