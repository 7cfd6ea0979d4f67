//! An inspection: a visit to premises and what came of it; its violations are rows of their own.

use crate::clock::Moment;
use crate::db::{Table, Value, text_enum};
use crate::records::recorded::recorded;
use crate::records::{Head, Linked, Place, RecordId};
use crate::rights::held::Held;

pub mod form;
pub mod pages;
pub mod store;
pub mod views;

text_enum! {
    /// What came of a visit.
    Outcome {
        /// All that was looked at was in order.
        Compliant = "compliant",
        /// Something must be put right by a day.
        CorrectBy = "correct_by",
        /// Not passed.
        NotPassed = "not_passed",
        /// Entry was refused, which is no crime.
        Refused = "refused",
        /// Nobody was there, or the business was closed.
        NoEntry = "no_entry",
        /// Handed on to another agency.
        Referred = "referred",
        /// The source does not say, or its word is not mapped.
        Unknown = "unknown",
    }
}

text_enum! {
    /// How grave a violation is.
    Severity {
        /// A danger to people, or the core of the license.
        Critical = "critical",
        /// Serious.
        Major = "major",
        /// Slight.
        Minor = "minor",
        /// The source does not say.
        Unknown = "unknown",
    }
}

text_enum! {
    /// Whether a violation has been put right.
    ViolationState {
        /// Not yet.
        Open = "open",
        /// Put right.
        Closed = "closed",
        /// The source does not say.
        Unknown = "unknown",
    }
}

/// One thing that an inspection found out of order.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Violation {
    /// The inspection that found it.
    pub inspection_id: RecordId,
    /// Its place in that inspection, from 0.
    pub n: i64,
    /// The code of the rule, as the source gives it.
    pub code: Option<String>,
    /// What was found, in the words of the code.
    pub title: String,
    /// How grave.
    pub severity: Severity,
    /// Whether it has been put right.
    pub state: ViolationState,
    /// When it was put right.
    pub closed_on: Option<Moment>,
    /// When it must be put right.
    pub due_on: Option<Moment>,
}

/// One inspection, in its current version unless said otherwise, with the site it counts for.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Inspection {
    /// Who, when, from where.
    #[sqlx(flatten)]
    pub head: Head,
    /// The business as the source names it.
    pub name: String,
    /// Where.
    #[sqlx(flatten)]
    pub place: Place,
    /// Why it was made, in the words of the source.
    pub reason: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The same in the words of the source.
    pub outcome_as_written: Option<String>,
    /// The score that the source gives, in its own scale.
    pub points: Option<f64>,
    /// When a reinspection is due.
    pub due_on: Option<Moment>,
    /// Free text, kept only where a profile lists its column or a person wrote it.
    pub note: Held,
    /// The site it counts for.
    #[sqlx(flatten)]
    pub linked: Linked,
}

recorded! {
    Inspection in "inspection";
    columns: "name"; place; "reason", "outcome", "outcome_as_written", "points", "due_on";
    held: "note";
    searched: "name", "address", "source_key";
    facet: "outcome";
}

impl Inspection {
    /// The cells after those of the head, in the order of the table.
    pub fn cells(self) -> Vec<Value> {
        let mut cells = Vec::with_capacity(14);
        cells.extend([self.name.into()]);
        cells.extend(self.place.values());
        cells.extend([
            self.reason.into(),
            self.outcome.into(),
            self.outcome_as_written.into(),
            self.points.into(),
            self.due_on.into(),
            self.note.into(),
        ]);
        cells
    }
}

/// The table that holds violations.
pub const VIOLATION_TABLE: Table = Table {
    name: "violation",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "inspection_id",
        "n",
        "code",
        "title",
        "severity",
        "state",
        "closed_on",
        "due_on",
    ],
};
