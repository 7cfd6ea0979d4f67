//! What a person's form says of a visit: read, checked, and turned into a record with its violations. Pure.

use super::{Inspection, Outcome, Severity, Violation, ViolationState};
use crate::clock::Moment;
use crate::records::{Linked, RecordId};
use crate::sites::entry::Entry;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// How many violations a form offers at first, and how many more each time someone asks.
const ROWS: usize = 3;
/// More than this many violations of one visit come by import.
const MOST_ROWS: usize = 30;

/// How many rows for violations the form shows: as many as asked for, and three more when more are wanted.
pub fn n_rows(params: &Params) -> usize {
    let asked = params.get("rows").and_then(|it| it.parse().ok()).unwrap_or(ROWS);
    let more = if params.get("more").is_some() { ROWS } else { 0 };
    asked.clamp(ROWS, MOST_ROWS).saturating_add(more).min(MOST_ROWS)
}

/// Reads the visit and its violations.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params, entry: &Entry) -> Result<(Inspection, Vec<Violation>), Flaws> {
    let mut form = Filled::new(params);
    let on = entry.past_day(&mut form, "occurred_on", "Give the day of the visit.");
    let reason = form.free_line("reason");
    let outcome = form.chosen("outcome", "Choose what came of the visit.").unwrap_or(Outcome::Unknown);
    let due_on = form.day("due_on").map(Moment::Day);
    if outcome == Outcome::CorrectBy && due_on.is_none() && form.flaws.get("due_on").is_none() {
        form.flaws.add("due_on", "Give the day by which it must be put right.");
    }
    if due_on.zip(on).is_some_and(|(due, on)| due < Moment::Day(on)) {
        form.flaws.add("due_on", "It cannot be due before the visit.");
    }
    let note = form.free_text("note");
    let violations = (0..n_rows(params)).filter_map(|n| read_violation(&mut form, n, entry.id)).collect();
    let (Some(on), true) = (on, form.flaws.is_empty()) else { return Err(form.flaws) };
    let inspection = Inspection {
        head: entry.head(on),
        name: entry.site.name.clone(),
        place: entry.place(),
        reason,
        outcome,
        outcome_as_written: None,
        points: None,
        due_on,
        note: note.into(),
        linked: Linked::none(),
    };
    Ok((inspection, numbered(violations)))
}

fn read_violation(form: &mut Filled<'_>, n: usize, inspection: RecordId) -> Option<Violation> {
    let name = |part: &str| format!("violation_{n}_{part}");
    let code = form.text(&name("code"), LINE);
    let title = form.free_line(&name("title"));
    let due_on = form.day(&name("due_on")).map(Moment::Day);
    let severity: Option<Severity> = form.parsed(&name("severity"), "Choose one of the list.");
    let state: Option<ViolationState> = form.parsed(&name("state"), "Choose one of the list.");
    if title.is_none() {
        if code.is_some() || due_on.is_some() || severity.is_some() {
            form.flaws.add(name("title"), "Say what was found, or empty the row.");
        }
        return None;
    }
    Some(Violation {
        inspection_id: inspection,
        n: 0,
        code,
        title: title.unwrap_or_default(),
        severity: severity.unwrap_or(Severity::Unknown),
        state: state.unwrap_or(ViolationState::Open),
        closed_on: None,
        due_on,
    })
}

fn numbered(violations: Vec<Violation>) -> Vec<Violation> {
    (0..).zip(violations).map(|(n, it)| Violation { n, ..it }).collect()
}
