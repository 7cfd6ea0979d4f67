//! The list of applications: for whom they wait as toggles with counts, the other filters, and a row of each.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::deadlines::Standing;
use super::filter::{ANY, Filter};
use super::license_store::Overruled;
use super::workflow::Workflow;
use super::{Holder, Listed, Waits, tags};
use crate::sites::Kinds;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, Icon, Note, Toggle, empty_state, field_checkbox, field_hidden, field_select,
    field_text, note, page_head, paging, quiet_link, secondary_link, table, toggles,
};

/// How many applications a page of the list has.
pub const PAGE: u32 = 50;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The applications of this page.
    pub rows: Vec<Listed>,
    /// How many fit, by for whom they wait.
    pub counts: Vec<(Waits, i64)>,
    /// This page, from 1.
    pub page: u32,
    /// The workflow.
    pub workflow: &'a Workflow,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// The day.
    pub today: NaiveDate,
    /// How many holds nobody has decided.
    pub n_holds: usize,
    /// Licenses of which a register has said otherwise since.
    pub overruled: Vec<Overruled>,
    /// Whether whoever looks may add an application.
    pub may_change: bool,
    /// Whether whoever looks may take the list out.
    pub may_export: bool,
}

impl List<'_> {
    fn is_on(&self, waits: Waits) -> bool {
        self.filter.waits.contains(&waits)
    }

    fn count(&self, waits: Waits) -> i64 {
        self.counts.iter().find(|it| it.0 == waits).map_or(0, |it| it.1)
    }

    fn total(&self) -> i64 {
        let shown = |it: &&(Waits, i64)| self.filter.waits.is_empty() || self.is_on(it.0);
        self.counts.iter().filter(shown).map(|it| it.1).sum()
    }
}

/// The list.
pub fn list(list: &List<'_>) -> Markup {
    let total = list.total();
    let query = list.params.with("page", None);
    let holds = format!("Holds ({})", format::count(list.n_holds as i64));
    let actions = html! {
        (secondary_link("/desk/expiring", "Expiring licenses", Some(Icon::Calendar)))
        (secondary_link("/desk/holds", &holds, Some(Icon::Lock)))
        @if list.may_export { (secondary_link(&format!("/desk.csv{query}"), "CSV", Some(Icon::Download))) }
        @if list.may_change { (ui::link_button("/desk/new", "New application")) }
    };
    html! {
        (page_head("Desk", &html! { span.meta { (format::count(total)) } }, &actions))
        (said_otherwise(&list.overruled))
        (waits(list))
        (filter(list))
        @if list.rows.is_empty() { (none(list)) } @else {
            (table("Applications", &COLUMNS.map(Column::new), &html! { @for it in &list.rows { (row(it, list)) } }))
            (paging(total.unsigned_abs(), list.page.into(), PAGE.into(), |n| list.params.with("page", Some(&n.to_string()))))
        }
    }
}

const COLUMNS: [&str; 6] = ["Application", "What", "State", "Clock", "Reviews", "Received"];

/// Registers that say something else of a license than the desk did, and said so later.
fn said_otherwise(overruled: &[Overruled]) -> Markup {
    html! {
        @if !overruled.is_empty() {
            (note(Note::Due, &html! {
                b { "A register has said otherwise since." }
                @for it in overruled.iter().take(5) {
                    p {
                        a href={ "/desk/licenses/" (it.id) } { (it.number) } ", " (it.name) ": the desk said "
                        (it.desk_status) ", the register says " (it.status) " since " (format::day(it.recorded_at.day())) "."
                    }
                }
                @if overruled.len() > 5 { p { "And " (overruled.len() - 5) " more." } }
            }))
        }
    }
}

/// For whom they wait, as toggles; with all of them off, none is left out.
fn waits(list: &List<'_>) -> Markup {
    let toggle = |waits: &Waits| {
        let on = list.is_on(*waits);
        let mut chosen: Vec<&str> =
            list.filter.waits.iter().filter(|it| *it != waits).map(|it| it.as_str()).collect();
        chosen.extend((!on).then_some(waits.as_str()));
        let words = if chosen.is_empty() { ANY.to_owned() } else { chosen.join(",") };
        Toggle {
            href: list.params.with("waits", Some(&words)),
            label: waits.label().to_owned(),
            sign: None,
            count: Some(list.count(*waits)),
            on,
        }
    };
    let all: Vec<Toggle> = Waits::ALL.iter().map(toggle).collect();
    toggles("Waiting for whom", &all)
}

fn filter(list: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let mut procedures = vec![("", "Any")];
    procedures.extend(list.workflow.in_order().into_iter().map(|(word, it)| (word, it.label.as_str())));
    let mut states = vec![("", "Any")];
    states.extend(list.workflow.states.iter().map(|(word, it)| (word.as_str(), it.label.as_str())));
    let mut holders = vec![("", "Any")];
    holders.extend(Holder::ALL.iter().map(|it| (it.as_str(), it.label())));
    html! {
        form.filter method="get" role="search" aria-label="Applications" {
            (field_text(field("q", "Business, applicant, address or number")))
            (field_select(field("procedure", "What"), &procedures))
            (field_select(field("state", "State"), &states))
            (field_select(field("holder", "License of a"), &holders))
            (field_checkbox(field("late", "A review is late")))
            (field_checkbox(field("clock", "The clock presses")))
            @if let Some(waits) = list.params.get("waits") { (field_hidden("waits", waits)) }
            @if let Some(license) = list.filter.license { (field_hidden("license", &license.to_string())) }
            (ui::button("Filter"))
            @if list.filter.is_narrowed() { (quiet_link("?", "Clear")) }
        }
    }
}

fn none(list: &List<'_>) -> Markup {
    let elsewhere: i64 = list.counts.iter().map(|it| it.1).sum();
    if elsewhere > 0 {
        let advice = format!("With decided ones there are {}.", format::count(elsewhere));
        let all = quiet_link(&list.params.with("waits", Some(ANY)), "Show all of them");
        return empty_state("No application waits.", &advice, &all);
    }
    if list.filter.is_narrowed() {
        let all = quiet_link("?waits=any", "Show all");
        return empty_state("No application fits.", "Drop one of the filters, or all of them.", &all);
    }
    let add = html! { @if list.may_change { (ui::link_button("/desk/new", "New application")) } };
    empty_state("There are no applications.", "They begin here, or from the page of a license.", &add)
}

fn row(listed: &Listed, list: &List<'_>) -> Markup {
    let it = &listed.application;
    let standing = Standing::of(it, list.workflow, list.today);
    let kind = match it.holder {
        Holder::Business => list.kinds.label(&it.kind),
        Holder::Practitioner => "Practitioner",
    };
    html! {
        tr {
            th.name scope="row" {
                a href=(it.href()) { (it.title()) }
                div.meta { (it.code()) @if let Some(address) = it.address() { " · " (address) } }
            }
            td data-label="What" { (list.workflow.procedure_label(&it.procedure)) div.meta { (kind) } }
            td data-label="State" { (tags::state(list.workflow.state_label(&it.state), it.waits)) }
            td data-label="Clock" { (tags::clock(standing)) }
            td data-label="Reviews" { (reviews(listed, list.today)) }
            td data-label="Received" { (format::day(it.received_on.day())) }
        }
    }
}

fn reviews(listed: &Listed, today: NaiveDate) -> Markup {
    html! {
        @if listed.n_late > 0 {
            (ui::tag(&format!("{} late", listed.n_late), "due", Some(Icon::Clock)))
        } @else if let Some(next) = listed.next_due.filter(|_| listed.application.is_open()) {
            "next due " (tags::distance(super::days_until(next, today)))
        }
    }
}
