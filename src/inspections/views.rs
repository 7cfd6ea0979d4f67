//! The form that records a visit to a site.

use maud::{Markup, html};

use super::{Outcome, Severity, ViolationState};
use crate::records::listing::words;
use crate::sites::Site;
use crate::web::filled::Typed;
use crate::web::ui::{
    Field, card, field_date, field_hidden, field_select, field_text, page_head, primary, quiet_link,
};

/// The form, with room for so many violations.
pub fn form(site: &Site, form: Typed<'_>, n_rows: usize) -> Markup {
    html! {
        (page_head("Record an inspection", &html! { span.meta { (site.name) ", " (site.address) } }, &html! {}))
        (form.summary())
        form.stack method="post" {
            (form.carried(&["id"]))
            (field_hidden("rows", &n_rows.to_string()))
            (card("The visit", &visit(form)))
            (card("Violations", &html! {
                p.meta { "One a row; a row without a title is left out. Write what was found in the words of the code, without names." }
                @for n in 0..n_rows { (violation(form, n)) }
                button.usa-button.neutral type="submit" name="more" value="rows" formnovalidate { "More rows" }
            }))
            div.form-actions {
                (primary("Record the inspection"))
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

fn visit(form: Typed<'_>) -> Markup {
    let mut outcomes = vec![("", "Choose".to_owned())];
    outcomes.extend(Outcome::ALL.iter().map(|it| (it.as_str(), outcome_words(*it).to_owned())));
    html! {
        div.field-row {
            (field_date(form.field("occurred_on", "Day").required()))
            (field_select(form.field("outcome", "Outcome").required(), &outcomes))
            (field_date(form.field("due_on", "To be put right by")))
        }
        (form.free_line(form.field("reason", "Reason of the visit").hint("Routine, complaint, reinspection.")))
        (form.free_text(form.field("note", "Note").hint("No names of workers or guests, no telephone numbers, no birth dates.")))
    }
}

fn violation(form: Typed<'_>, n: usize) -> Markup {
    let names = ["code", "title", "severity", "state", "due_on"].map(|it| format!("violation_{n}_{it}"));
    let field = |at: usize, label| {
        let name = names[at].as_str();
        Field::new(name, label).value(form.values.get(name).unwrap_or_default()).error(form.flaws.get(name))
    };
    let choice = |words: Vec<(&'static str, String)>| {
        let mut all = vec![("", "Choose".to_owned())];
        all.extend(words);
        all
    };
    let severities = choice(Severity::ALL.iter().map(|it| (it.as_str(), words(it.as_str()))).collect());
    let states = choice(ViolationState::ALL.iter().map(|it| (it.as_str(), words(it.as_str()))).collect());
    html! {
        fieldset.usa-fieldset {
            legend.usa-legend { "Violation " (n + 1) }
            div.field-row {
                (field_text(field(0, "Code")))
                (form.free_line(field(1, "What was found")))
                (field_select(field(2, "Severity"), &severities))
                (field_select(field(3, "State"), &states))
                (field_date(field(4, "Due")))
            }
        }
    }
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Compliant => "In order",
        Outcome::CorrectBy => "To be put right by a day",
        Outcome::NotPassed => "Not passed",
        Outcome::Refused => "Entry refused; review offered",
        Outcome::NoEntry => "No entry: closed or nobody there",
        Outcome::Referred => "Handed on to another agency",
        Outcome::Unknown => "Not known",
    }
}
