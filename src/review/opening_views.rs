//! The forms that open a site for a record, and that split a site in two.

use std::collections::HashSet;

use maud::{Markup, html};

use super::{Case, Companion};
use crate::records::RecordId;
use crate::sites::{Kinds, Site, Status};
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    Note, card, field_hidden, field_select, field_text, note, page_head, primary, quiet_link,
};

/// A site that is to be split.
#[derive(Debug)]
pub struct Split<'a> {
    /// It.
    pub site: &'a Site,
    /// Its other records.
    pub others: &'a [Companion],
    /// Those that move along.
    pub ticked: HashSet<RecordId>,
}

/// The form that opens a site; `neighbors` stand at the address already.
pub fn new_site(case: &Case, state: Typed<'_>, kinds: &Kinds, neighbors: &[Site]) -> Markup {
    html! {
        (page_head(&format!("New site for {}", case.subject.title()), &html! {}, &html! {}))
        (state.summary())
        (warning(case, neighbors))
        form.stack method="post" {
            (state.carried(&["seen", "id"]))
            @if let Some(building) = neighbors.first().and_then(|it| it.building_id) {
                (field_hidden("warned", &building.to_string()))
            }
            (card("What it is", &html! {
                p.meta { "Filled in from the record. The site is added as open, and the record is linked to it." }
                (what(state, kinds))
            }))
            (card("Where it stands", &html! {
                (field_text(state.field("address", "Address").hint("Number and street on one line, as 2417 Tollgrave Ave S.").required()))
                div.field-row {
                    (field_text(state.field("unit", "Unit")))
                    (field_text(state.field("city", "City")))
                    (field_text(state.field("state", "State")))
                    (field_text(state.field("zip", "ZIP code")))
                }
                div.field-row {
                    (field_text(state.field("lat", "Latitude").hint("Degrees, or latitude and longitude with a comma.")))
                    (field_text(state.field("lon", "Longitude")))
                }
            }))
            (why(state))
            div.form-actions {
                (primary("Add the site and link the record"))
                (quiet_link(&case.subject.href(), "Cancel"))
            }
        }
    }
}

fn what(state: Typed<'_>, kinds: &Kinds) -> Markup {
    let mut options = vec![("", "Choose")];
    options.extend(kinds.in_order());
    html! {
        (field_text(state.field("name", "Name").required()))
        (field_select(state.field("kind", "Kind").required(), &options))
    }
}

fn why(state: Typed<'_>) -> Markup {
    card(
        "Why",
        &state.free_line(
            state
                .field("why", "Why it is a site of its own")
                .hint("Optional. No names of workers or guests."),
        ),
    )
}

fn warning(case: &Case, neighbors: &[Site]) -> Markup {
    if neighbors.is_empty() {
        return html! {};
    }
    let words = html! {
        b { (format::counted(neighbors.len() as i64, "site stands", "sites stand")) " at this address already." }
        " If the record is about one of them, link it instead."
        ul {
            @for it in neighbors {
                li {
                    a href={ (case.subject.href()) "?site=" (it.id) } { (it.name) }
                    " " (it.address) @if let Some(unit) = &it.unit { ", " (unit) }
                    @if it.status == Status::Closed { " · closed" }
                }
            }
        }
    };
    note(Note::Due, &words)
}

/// The form that splits a site.
pub fn split(case: &Case, split: &Split<'_>, name: &str, state: Typed<'_>, kinds: &Kinds) -> Markup {
    let site = split.site;
    html! {
        (page_head(&format!("Split {}", site.name), &html! { span.meta { (site.code()) } }, &html! {}))
        (state.summary())
        p.lead { "Two businesses were taken for one. A second site is added at the same premises, and what is about it moves there." }
        form.stack method="post" {
            (state.carried(&["seen", "id"]))
            (field_hidden("shown", "1"))
            (card("The second business", &html! {
                p.meta { "At " (site.address) @if let Some(unit) = &site.unit { ", " (unit) } ". If it has a unit of its own, edit the new site afterwards." }
                (what(state, kinds))
                @if name.is_empty() { p.meta { "The record names no business: give the name on the door, or how people call it." } }
            }))
            (card("What moves there", &html! {
                p { b { (case.subject.title()) } " moves in any case." }
                @if split.others.is_empty() { p.meta { "The site has no other record." } }
                @else {
                    fieldset.usa-fieldset {
                        legend.usa-legend { "Other records of the site" }
                        @for it in split.others { (companion(it, split.ticked.contains(&it.id))) }
                    }
                }
            }))
            (why(state))
            div.form-actions {
                (primary("Split the site"))
                (quiet_link(&case.subject.href(), "Cancel"))
            }
        }
    }
}

fn companion(it: &Companion, is_ticked: bool) -> Markup {
    let id = format!("with-{}", it.id);
    html! {
        div.usa-checkbox {
            input.usa-checkbox__input type="checkbox" id=(id) name="with" value=(it.id) checked[is_ticked];
            label.usa-checkbox__label for=(id) {
                (super::title(it.kind, &it.label)) ", " (format::day(it.occurred_at.day()))
                @if !it.name.is_empty() { span.meta { " · " (it.name) } }
            }
        }
    }
}

/// Somebody decided meanwhile: nothing was saved.
pub fn overtaken(case: &Case) -> Markup {
    let by = case.in_force().map(|it| format!("{} decided about it.", it.decided_name));
    let words = html! {
        b { "Not saved: this record was decided or linked anew meanwhile." }
        @if let Some(by) = by { p { (by) } }
        p { a href=(case.subject.href()) { "See how it stands now" } }
    };
    note(Note::Error, &words)
}
