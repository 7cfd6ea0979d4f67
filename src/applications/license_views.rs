//! A license at the desk, and the forms of its conditions.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::parts::{Condition, Sent};
use super::workflow::{Procedure, Workflow};
use super::{Listed, tags};
use crate::clock::Moment;
use crate::licenses::License;
use crate::records::listing::words;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    Column, Icon, card, card_with, facts, field_date, page_head, primary, quiet_link, secondary_link, table,
    tag, unknown,
};

/// All that the page shows.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The license.
    pub license: &'a License,
    /// Its conditions, ended ones too.
    pub conditions: Vec<Condition>,
    /// The letters that went out.
    pub letters: Vec<Sent>,
    /// What was applied for, or ordered.
    pub applications: Vec<Listed>,
    /// The procedures that can begin.
    pub open: Vec<(&'a str, &'a Procedure)>,
    /// The workflow.
    pub workflow: &'a Workflow,
    /// The day.
    pub today: NaiveDate,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

/// The page.
pub fn show(it: &Shown<'_>) -> Markup {
    let license = it.license;
    let actions = html! { (secondary_link(&format!("/licenses/{}", license.head.id), "The record", Some(Icon::Records))) };
    let title = format!("License {}", license.number);
    html! {
        (page_head(&title, &html! { (tag(&words(license.status.as_str()), "", Some(Icon::License))) }, &actions))
        div.split {
            div.stack {
                (begin(it))
                (applications(it))
            }
            div.stack {
                (card("What it says", &facts(&rows(it))))
                (conditions(it))
                (letters(it))
            }
        }
    }
}

fn rows(it: &Shown<'_>) -> Vec<(&'static str, Markup)> {
    let license = it.license;
    let day =
        |it: Option<Moment>| html! { @match it { Some(it) => (format::day(it.day())), None => (unknown()) } };
    let city = license.place.city.as_deref().map(format::place);
    let place: Vec<&str> =
        [&license.place.address, &city].into_iter().flatten().map(String::as_str).collect();
    let mut rows =
        vec![("Business", html! { (license.name) }), ("Type", html! { (license.type_as_written) })];
    rows.extend(license.licensee.as_ref().map(|it| ("Holder", html! { (it) })));
    if !place.is_empty() {
        rows.push(("Where", html! { (place.join(", ")) }));
    }
    rows.extend([("Term begins", day(license.starts_on)), ("Term ends", day(license.expires_on))]);
    rows.extend(
        license.linked.site_id.map(|id| ("Site", html! { a href={ "/sites/" (id) } { "The site" } })),
    );
    rows
}

fn begin(it: &Shown<'_>) -> Markup {
    if it.open.is_empty() {
        return html! {};
    }
    let href = |word: &str| format!("/desk/new?license={}&procedure={word}", it.license.head.id);
    card(
        "Begin",
        &html! {
            div.row {
                @for (word, procedure) in &it.open { (secondary_link(&href(word), &procedure.label, None)) }
            }
        },
    )
}

fn applications(it: &Shown<'_>) -> Markup {
    let columns = ["Application", "State", "Received"].map(Column::new);
    let rows = html! {
        @for listed in &it.applications {
            @let app = &listed.application;
            tr {
                th.name scope="row" { a href=(app.href()) { (it.workflow.procedure_label(&app.procedure)) } div.meta { (app.code()) } }
                td data-label="State" { (tags::state(it.workflow.state_label(&app.state), app.waits)) }
                td data-label="Received" { (format::day(app.received_on.day())) }
            }
        }
    };
    if it.applications.is_empty() {
        return card("At the desk", &html! { p.meta { "Nothing was applied for or ordered here." } });
    }
    card("At the desk", &table("Applications about this license", &columns, &rows))
}

fn conditions(it: &Shown<'_>) -> Markup {
    let href = format!("/desk/licenses/{}/conditions/new", it.license.head.id);
    let add = html! { @if it.may_change { (quiet_link(&href, "Add a condition")) } };
    card_with(
        "Conditions",
        &add,
        &html! {
            @if it.conditions.is_empty() { p.meta { "None." } }
            @for condition in &it.conditions {
                div.desk-condition {
                    p { (condition.words) }
                    p.meta {
                        "From " (format::day(condition.from_on.day()))
                        @if let Some(to) = condition.to_on { " to " (format::day(to.day())) }
                        @if it.may_change && condition.to_on.is_none() {
                            " · " a href={ "/desk/conditions/" (condition.id) } { "End it" }
                        }
                    }
                }
            }
        },
    )
}

fn letters(it: &Shown<'_>) -> Markup {
    let id = it.license.head.id;
    card(
        "Letters",
        &html! {
            div.row {
                (secondary_link(&format!("/desk/licenses/{id}/letters/reminder"), "Reminder of renewal", Some(Icon::Records)))
                (secondary_link(&format!("/desk/licenses/{id}/letters/reinspection"), "Overdue reinspection", Some(Icon::Records)))
            }
            @for sent in &it.letters {
                p.meta { "“" (words(&sent.letter)) "” sent " (format::day(sent.sent_on.day())) " · " (sent.noted_by) }
            }
        },
    )
}

/// The form of a new condition.
pub fn new_condition(license: &License, state: Typed<'_>) -> Markup {
    let back = format!("/desk/licenses/{}", license.head.id);
    html! {
        (page_head(&format!("A condition of license {}", license.number), &html! {}, &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id"]))
            (card("What is asked", &html! {
                (state.free_text(state.field("words", "The condition").hint("As it stands on the license.").required()))
                div.field-row {
                    (field_date(state.field("from_on", "From").hint("Leave it empty for today.")))
                    (field_date(state.field("to_on", "To").hint("Leave it empty if it lasts.")))
                }
            }))
            div.form-actions { (primary("Add the condition")) (quiet_link(&back, "Cancel")) }
        }
    }
}

/// The form that ends a condition.
pub fn end_condition(it: &Condition, state: Typed<'_>) -> Markup {
    html! {
        (page_head("End a condition", &html! {}, &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["version"]))
            (card("The condition", &html! {
                p { (it.words) }
                (field_date(state.field("to_on", "Last day").required()))
            }))
            div.form-actions { (primary("End the condition")) (quiet_link(&format!("/desk/licenses/{}", it.license_id), "Cancel")) }
        }
    }
}
