//! The page of the protected places: what the list is for, how long it is, and the form that adds to it and takes away.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::Kept;
use crate::rights::Resource;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{Note, card, facts, field_text, note, page_head, primary};

/// What was just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A place was added; of each kind, how much of what is stored lies there.
    Added(Vec<(Resource, usize)>),
    /// A place was taken off.
    Removed,
}

/// The page.
pub fn page(kept: Kept, state: Typed<'_>, said: Option<&Said>, zone: Tz) -> Markup {
    html! {
        (page_head("Protected places", &html! {}, &html! {}))
        p.lead { "A shelter or a place of recovery must never stand in FOCA. What lies at a place on this list cannot come in." }
        @match said {
            Some(Said::Added(found)) => { (added(found)) }
            Some(Said::Removed) => { (note(Note::Ok, &html! { "The place is off the list. It can come into FOCA again." })) }
            None => {}
        }
        (state.summary())
        (form(state))
        (list(kept, zone))
    }
}

fn list(kept: Kept, zone: Tz) -> Markup {
    card(
        "The list",
        &html! {
            p {
                "The list is protected itself. FOCA keeps no address and no point of it, only marks by which it knows a \
                 place again. Nobody can read the list, and there is no copy of it to take away."
            }
            (facts(&[
                ("Places on it", html! { (format::count(kept.places)) }),
                ("Last added", html! {
                    @match kept.last {
                        Some(at) => { (format::day_and_time(at.at(), &zone)) }
                        None => { "never" }
                    }
                }),
            ]))
        },
    )
}

fn form(state: Typed<'_>) -> Markup {
    let field = |name, label| state.field(name, label).autocomplete("off");
    html! {
        form.stack method="post" action="/protected-places" autocomplete="off" {
            (card("A place", &html! {
                (field_text(field("address", "Address").hint("Number and street. It covers the whole building, whatever the unit.")))
                div.field-row {
                    (field_text(field("unit", "Unit")))
                    (field_text(field("city", "City")))
                    (field_text(field("state", "State")))
                    (field_text(field("zip", "ZIP code")))
                }
                div.field-row {
                    (field_text(field("lat", "Latitude").hint("Degrees, or latitude and longitude with a comma.")))
                    (field_text(field("lon", "Longitude").hint("Degrees; west of Greenwich is negative.")))
                }
                p.meta {
                    "Give the address with its city, the point, or best both. A point covers all within 40 m of it, and \
                     nothing beyond 130 m. To take a place off, type its address; only if it was added without one, its point."
                }
            }))
            div.form-actions {
                (primary("Add the place"))
                button.usa-button.neutral type="submit" formaction="/protected-places/remove" { "Take the place off the list" }
            }
        }
    }
}

fn added(found: &[(Resource, usize)]) -> Markup {
    let there: Vec<String> = found.iter().filter(|it| it.1 > 0).map(|(of, n)| counted(*of, *n)).collect();
    if there.is_empty() {
        return note(
            Note::Ok,
            &html! { "The place is on the list. Of what you may see in FOCA, nothing lies there." },
        );
    }
    note(
        Note::Due,
        &html! {
            b { "The place is on the list. In FOCA there lie already: " (there.join(", ")) "." }
            p {
                "Ask whoever runs FOCA to purge them. To close a site is not enough: it stays in the catalog with its \
                 address, and so do its records."
            }
        },
    )
}

fn counted(of: Resource, n: usize) -> String {
    let (one, many) = match of {
        Resource::Site => ("site", "sites"),
        Resource::Party => ("party", "parties"),
        Resource::License => ("license", "licenses"),
        Resource::Inspection => ("inspection", "inspections"),
        Resource::Complaint => ("complaint", "complaints"),
        Resource::Incident => ("incident", "incidents"),
        Resource::Area => ("imported address point", "imported address points"),
        _ => ("row", "rows"),
    };
    format::counted(n as u64, one, many)
}
