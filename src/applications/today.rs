//! What is due at the desk, as typed rows: for the page of today, and for whoever counts.

use chrono::NaiveDate;

use super::filter::Filter;
use super::hold::{Hold, HoldState};
use super::license_store::{self, Expiring, Span};
use super::parts::{DueReview, Waiting};
use super::workflow::Workflow;
use super::{Application, Listed, deadlines, hold_store, store};
use crate::db::{self, Db};
use crate::rights::Viewer;

/// What is due.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Due {
    /// Reviews past their day, the longest due first.
    pub late_reviews: Vec<DueReview>,
    /// Reviews due within seven days.
    pub reviews_this_week: Vec<DueReview>,
    /// Applications whose clock warns or ran out, the most pressing first.
    pub clocks: Vec<Application>,
    /// For whom applications wait.
    pub waiting: Vec<Waiting>,
    /// Holds that nobody has decided.
    pub holds: Vec<Hold>,
    /// Licenses that end within the first reminder of the workflow.
    pub ending: Vec<Expiring>,
    /// Licenses whose term is over.
    pub overdue: Vec<Expiring>,
}

/// The day up to which a clock that ends warns.
pub fn warns(workflow: &Workflow, today: NaiveDate) -> NaiveDate {
    deadlines::after(today, workflow.clock.warnings.first().copied().unwrap_or(0))
}

/// What is due at the desk on that day, as far as `viewer` may see it.
///
/// # Errors
/// The database does not answer.
pub async fn due(db: &Db, viewer: &Viewer, workflow: &Workflow, today: NaiveDate) -> db::Result<Due> {
    let week = deadlines::after(today, 8);
    let days = (today, warns(workflow, today));
    let clocks = Filter { clock: true, ..Filter::default() };
    let soon = workflow.terms.reminders.first().copied().unwrap_or(30);
    let (reviews, listed, waiting, holds, ending, overdue) = tokio::try_join!(
        store::due_reviews(db, viewer, week),
        store::list(db, viewer, &clocks, days, (0, 100)),
        store::waiting(db, viewer),
        hold_store::list(db, viewer, Some(HoldState::Open)),
        license_store::expiring(db, viewer, Span::Within(soon), None, today),
        license_store::expiring(db, viewer, Span::Overdue, None, today),
    )?;
    let (late_reviews, reviews_this_week) = reviews.into_iter().partition(|it| it.due_on.day() < today);
    let clocks = listed.into_iter().map(|it: Listed| it.application).collect();
    Ok(Due { late_reviews, reviews_this_week, clocks, waiting, holds, ending, overdue })
}
