//! What belongs to an application: its reviews, its history, the letters that went out; and the conditions of a license.

use super::{ApplicationId, Holder, Waits};
use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::records::RecordId;
use crate::rights::held::Held;

id! {
    /// A step that somebody took.
    StepId
}
id! {
    /// A letter that somebody noted as sent.
    LetterId
}
id! {
    /// A condition of a license.
    ConditionId
}

text_enum! {
    /// How a review stands.
    ReviewState {
        /// Nobody has said yet.
        Waiting = "waiting",
        /// Passed.
        Passed = "passed",
        /// Not passed.
        NotPassed = "not_passed",
        /// Not needed in this case.
        NotNeeded = "not_needed",
    }
}

/// A review in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Review {
    /// The application.
    pub application_id: ApplicationId,
    /// A word of the workflow.
    pub review: String,
    /// 1 for the first.
    pub version: i64,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// Whose it is.
    pub owner: String,
    /// By when.
    pub due_on: Moment,
    /// How it stands.
    pub review_state: ReviewState,
    /// When it was done.
    pub done_on: Option<Moment>,
    /// Who noted this version.
    pub noted_by: String,
    /// What was found.
    pub note: Held,
}

/// A step as it was taken.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Step {
    /// Its id, by which a form sent twice is known.
    pub id: StepId,
    /// The application.
    pub application_id: ApplicationId,
    /// When.
    pub recorded_at: Moment,
    /// A word of the workflow.
    pub step: String,
    /// The state before.
    pub from_state: String,
    /// The state after.
    pub to_state: String,
    /// By whom.
    pub noted_by: String,
    /// Why.
    pub reason: Held,
}

/// A letter that went out.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Sent {
    /// Its id.
    pub id: LetterId,
    /// The application; none for a reminder.
    pub application_id: Option<ApplicationId>,
    /// The license, where there is one.
    pub license_id: Option<RecordId>,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// A word of the workflow.
    pub letter: String,
    /// On which day it went out.
    pub sent_on: Moment,
    /// Who noted it.
    pub noted_by: String,
}

/// A condition of a license in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Condition {
    /// The same for all versions.
    pub id: ConditionId,
    /// 1 for the first.
    pub version: i64,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// The license.
    pub license_id: RecordId,
    /// What is asked.
    pub words: String,
    /// From which day on.
    pub from_on: Moment,
    /// The last day; none while it holds.
    pub to_on: Option<Moment>,
    /// Who noted this version.
    pub noted_by: String,
}

/// A review that is not done.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct DueReview {
    /// Of which application.
    pub application_id: ApplicationId,
    /// Its number.
    pub number: i64,
    /// Whose license.
    pub holder: Holder,
    /// The business.
    pub business: String,
    /// Who applied.
    pub applicant: String,
    /// A word of the workflow.
    pub review: String,
    /// Whose it is.
    pub owner: String,
    /// By when.
    pub due_on: Moment,
}

/// For whom how many applications wait.
#[derive(Clone, Copy, Debug, PartialEq, sqlx::FromRow)]
pub struct Waiting {
    /// For whom.
    pub waits: Waits,
    /// How many.
    pub n: i64,
    /// When the oldest of them was received.
    pub oldest: Moment,
}

impl ReviewState {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Passed => "Passed",
            Self::NotPassed => "Not passed",
            Self::NotNeeded => "Not needed",
        }
    }

    /// Whether a decision need not wait for it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Passed | Self::NotNeeded)
    }
}

impl Review {
    /// Whether its day is past and nobody has said anything.
    pub fn is_late(&self, today: chrono::NaiveDate) -> bool {
        self.review_state == ReviewState::Waiting && self.due_on.day() < today
    }
}

impl Condition {
    /// Whether it holds on that day.
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        self.from_on.day() <= day && self.to_on.is_none_or(|it| day <= it.day())
    }
}
