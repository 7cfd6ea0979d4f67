//! The page of premises that nobody listed.

use std::collections::HashMap;

use chrono_tz::Tz;
use maud::{Markup, html};

use super::{Dismissal, Loose, Proposal};
use crate::records::{BuildingId, RecordKind};
use crate::sites::Kinds;
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    self, Column, card, card_with, empty_state, field_hidden, link_button, page_head, paging, quiet_link,
};

/// What the page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// The proposals of this page.
    pub proposals: Vec<Proposal>,
    /// How many there are in all.
    pub total: usize,
    /// This page, from 1.
    pub at: u32,
    /// Proposals on a page.
    pub size: usize,
    /// How many sites stand in each building.
    pub sites_in: HashMap<BuildingId, i64>,
    /// What was dismissed.
    pub dismissed: Vec<Dismissal>,
    /// What was typed into the form of a dismissal.
    pub form: Typed<'a>,
}

/// Records shown of one proposal.
const SHOWN: usize = 5;

/// The page.
pub fn list(page: &Page<'_>, kinds: &Kinds, zone: Tz) -> Markup {
    let count = html! { span.meta { (format::count(page.total as u64)) } };
    html! {
        (page_head("Premises that nobody listed", &count, &html! {}))
        p.lead {
            "Licenses and inspections that name a business at an address where the catalog has no such site. "
            "Add the site, and its records join it; or say that it is none."
        }
        (page.form.summary())
        @if page.proposals.is_empty() {
            (empty_state(
                "Every record has its site",
                "No license of a regulated kind and no inspection waits for premises. New ones appear here after an import.",
                &quiet_link("/imports", "Imports"),
            ))
        }
        div.stack { @for it in &page.proposals { (proposal(it, page, kinds, zone)) } }
        @if !page.proposals.is_empty() {
            (paging(page.total as u64, page.at.into(), page.size as u64, |n| format!("/unlisted?page={n}")))
        }
        @if !page.dismissed.is_empty() { (dismissed(&page.dismissed, zone)) }
    }
}

fn proposal(it: &Proposal, page: &Page<'_>, kinds: &Kinds, zone: Tz) -> Markup {
    let newest = it.newest();
    let others = page.sites_in.get(&it.building).copied().unwrap_or(0);
    let kind = it.kind().map(|word| kinds.label(word));
    card_with(
        &newest.name,
        &html! { span.meta.push { (kind.unwrap_or("Kind not known")) } },
        &html! {
            p {
                a href={ "/buildings/" (it.building) } { (newest.address) @if let Some(unit) = &newest.unit { ", unit " (unit) } }
                @if let Some(city) = &newest.city { ", " (format::place(city)) }
                @if others > 0 {
                    span.meta { " · " (format::counted(others, "other site stands", "other sites stand")) " in the building" }
                }
            }
            (records(&it.records, zone))
            div.form-actions {
                (link_button(&add_url(it), "Add the site"))
                (dismissal_form(it, page))
            }
        },
    )
}

fn records(records: &[Loose], zone: Tz) -> Markup {
    let caption =
        format!("What speaks for it: {}", format::counted(records.len() as u64, "record", "records"));
    let rows = html! {
        @for it in records.iter().take(SHOWN) {
            tr {
                th.name scope="row" { a href={ "/" (it.record_kind.plural()) "/" (it.id) } { (label(it)) } }
                td data-label="Named" { (it.name) }
                td data-label="Day" { (format::day(it.occurred_at.day_in(&zone))) }
            }
        }
    };
    html! {
        (ui::table(&caption, &["Record", "Named", "Day"].map(Column::new), &rows))
        @if records.len() > SHOWN { p.meta { "and " (format::count((records.len() - SHOWN) as u64)) " more" } }
    }
}

fn label(it: &Loose) -> String {
    match it.record_kind {
        RecordKind::License => format!("License {}", it.label),
        _ => format!("Inspection, {}", it.label.replace('_', " ")),
    }
}

fn dismissal_form(it: &Proposal, page: &Page<'_>) -> Markup {
    let own = page.form.values.get("name_key") == Some(it.name_key.as_str());
    html! {
        details.inline open[own] {
            summary { "Not a site" }
            form.stack method="post" action={ "/unlisted/" (it.building) "/dismiss" } {
                (field_hidden("name_key", &it.name_key))
                @let blank = Params::default();
                @let flaws = Default::default();
                @let form = if own { page.form } else { Typed { values: &blank, flaws: &flaws } };
                (form.free_text(form.field("why", "Why it is none").hint("A mailbox, an office without visitors, a site under another name.").required()))
                button.usa-button.neutral type="submit" { "Do not propose " (it.newest().name) " again" }
            }
        }
    }
}

/// The form of a new site, filled in with what the newest record says.
fn add_url(it: &Proposal) -> String {
    let newest = it.newest();
    let mut url = form_urlencoded::Serializer::new(String::new());
    url.append_pair("name", &newest.name).append_pair("address", &newest.address);
    for (name, value) in
        [("kind", it.kind()), ("unit", newest.unit.as_deref()), ("city", newest.city.as_deref())]
    {
        value.into_iter().for_each(|value| {
            url.append_pair(name, value);
        });
    }
    format!("/sites/new?{}", url.finish())
}

fn dismissed(dismissed: &[Dismissal], zone: Tz) -> Markup {
    let rows = html! {
        @for it in dismissed {
            tr {
                th.name scope="row" { a href={ "/buildings/" (it.building_id) } { (it.name) } }
                td data-label="Why" { (it.why) }
                td data-label="By" { (it.dismissed_name) ", " (format::day_and_time(it.dismissed_at.at(), &zone)) }
                td { form method="post" action={ "/unlisted/dismissals/" (it.id) "/undo" } {
                    button.usa-button.neutral.small type="submit" { "Propose again" }
                } }
            }
        }
    };
    card("Dismissed", &ui::table("Dismissed premises", &["Name", "Why", "By", ""].map(Column::new), &rows))
}
