//! What the form of a step asks and says. Pure.

use chrono::NaiveDate;

use super::acts::Said;
use super::parts::StepId;
use super::workflow::{Asks, Effect, Transition, Workflow};
use super::{Application, deadlines};
use crate::licenses::License;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws};

/// Whether a step asks for nothing, so that one button takes it.
pub fn is_plain(step: &Transition) -> bool {
    step.reason == Asks::Never && !step.ends && !asks_term(step)
}

/// Whether a step asks for a term.
pub fn asks_term(step: &Transition) -> bool {
    matches!(step.effect, Effect::Issue | Effect::Renew)
}

/// Whether a step must be given a reason on that day.
pub fn needs_reason(step: &Transition, it: &Application, today: NaiveDate) -> bool {
    match step.reason {
        Asks::Never => false,
        Asks::Always => true,
        Asks::IfLate => is_late(it, today),
    }
}

/// Whether the time for an appeal is over.
pub fn is_late(it: &Application, today: NaiveDate) -> bool {
    it.appeal_by.is_some_and(|by| by.day() < today)
}

/// What the form begins with.
pub fn begins(
    workflow: &Workflow,
    it: &Application,
    step: &Transition,
    license: Option<&License>,
    (id, today): (StepId, NaiveDate),
) -> Params {
    let mut values = vec![("id", id.to_string()), ("version", it.version.to_string())];
    if asks_term(step) {
        let months = workflow.months(it.holder);
        let ended = license.and_then(|it| it.expires_on).map(|it| it.day());
        let (start, end) = match step.effect {
            Effect::Renew => deadlines::next_term(ended, today, months),
            _ => (today, deadlines::term_end(today, months)),
        };
        values.extend([("starts_on", start.to_string()), ("expires_on", end.to_string())]);
    }
    values.into_iter().collect()
}

/// Reads the form.
///
/// # Errors
/// All that is to be mended.
pub fn read(
    params: &Params,
    it: &Application,
    step: &Transition,
    (id, today): (StepId, NaiveDate),
) -> Result<Said, Flaws> {
    let mut form = Filled::new(params);
    let mut said = Said::nothing(id);
    let before = form.flaws.pairs().len();
    said.reason = form.free_text("reason");
    if needs_reason(step, it, today) && said.reason.is_none() && form.flaws.pairs().len() == before {
        let late = step.reason == Asks::IfLate;
        form.flaws.add(
            "reason",
            if late { "The time for it is over. Say why it is taken all the same." } else { "Say why." },
        );
    }
    if asks_term(step) {
        (said.starts_on, said.expires_on) = (form.day("starts_on"), form.day("expires_on"));
        if said.starts_on.zip(said.expires_on).is_some_and(|(start, end)| end < start) {
            form.flaws.add("expires_on", "The term cannot end before it begins.");
        }
    }
    if step.ends {
        said.ends_on = form.day("ends_on");
        if said.ends_on.is_some_and(|it| it < today) {
            form.flaws.add("ends_on", format!("Give a day from today on, {today}, or leave it empty."));
        }
    }
    if form.flaws.is_empty() { Ok(said) } else { Err(form.flaws) }
}
