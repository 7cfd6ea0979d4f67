//! The forms of a site: add, edit, close, move, and what is shown when two people changed it at once.

use maud::{Markup, html};

use super::form::FIELDS;
use super::{Kinds, Site, Status};
use crate::text::address::Address;
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::ui::{
    self, Note, card, field_date, field_select, field_text, field_textarea, note, page_head, primary,
    quiet_link,
};

/// The form for a new site (`site` is none) or for a site as it stands.
pub fn edit(
    site: Option<&Site>,
    state: Typed<'_>,
    kinds: &Kinds,
    reading: Option<&Address>,
    streets: Option<&str>,
) -> Markup {
    let title = site.map_or("Add a site".to_owned(), |it| format!("Edit {}", it.name));
    html! {
        (page_head(&title, &code(site), &html! {}))
        (form(site, state, kinds, reading, streets))
    }
}

fn code(site: Option<&Site>) -> Markup {
    html! { @if let Some(site) = site { span.meta { (site.code()) } } }
}

fn form(
    site: Option<&Site>,
    state: Typed<'_>,
    kinds: &Kinds,
    reading: Option<&Address>,
    streets: Option<&str>,
) -> Markup {
    let back = site.map_or("/sites".to_owned(), |it| format!("/sites/{}", it.id));
    html! {
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id", "version"]))
            (what(state, kinds))
            (place(state, reading, streets))
            (business(state))
            div.form-actions {
                (primary(if site.is_some() { "Save the site" } else { "Add the site" }))
                button.usa-button.neutral type="submit" name="check" value="address" { "Check the address" }
                (quiet_link(&back, "Cancel"))
            }
        }
    }
}

fn what(state: Typed<'_>, kinds: &Kinds) -> Markup {
    let mut options = vec![("", "Choose")];
    options.extend(kinds.in_order());
    card(
        "What it is",
        &html! {
            (field_select(state.field("kind", "Kind").required(), &options))
            (field_text(state.field("name", "Name").required()))
            (field_textarea(state.field("other_names", "Other names").hint("Former names too, one a line.")))
        },
    )
}

/// Where it stands: the fields of address and point, and how FOCA reads the address.
fn place(state: Typed<'_>, reading: Option<&Address>, streets: Option<&str>) -> Markup {
    card(
        "Where it stands",
        &html! {
            (field_text(state.field("address", "Address").hint("Number and street on one line, as 2417 Tollgrave Ave S.").required()))
            div.field-row {
                (field_text(state.field("unit", "Unit")))
                (field_text(state.field("city", "City")))
                (field_text(state.field("state", "State")))
                (field_text(state.field("zip", "ZIP code")))
            }
            @if let Some(address) = reading { (read_as(address)) }
            div.field-row {
                (field_text(state.field("lat", "Latitude").hint("Degrees, or latitude and longitude with a comma.")))
                (field_text(state.field("lon", "Longitude").hint("Degrees; west of Greenwich is negative.")))
            }
            (pin(streets))
            p.meta { "Without a point FOCA takes that of an imported address point, if one fits; else the site is listed without a point." }
        },
    )
}

/// A map for the pin, shown where scripts run; it fills the two fields, which work without it.
fn pin(streets: Option<&str>) -> Markup {
    html! {
        div.pin-map data-pin-map data-lat="lat" data-lon="lon" {
            (ui::map_canvas("pin-canvas", "pin-canvas", None, streets))
            div.row {
                button.usa-button.neutral.small type="button" data-pin-here { "Put the pin in the middle" }
                button.usa-button.neutral.small.icon type="button" data-pin-zoom="1" aria-label="Zoom in" { (ui::icon(ui::Icon::Add)) }
                button.usa-button.neutral.small.icon type="button" data-pin-zoom="-1" aria-label="Zoom out" { span aria-hidden="true" { "−" } }
                span.meta role="status" { "A click sets the pin; arrow keys move it." }
            }
        }
    }
}

fn read_as(address: &Address) -> Markup {
    if address.key().is_none() {
        return note(
            Note::Due,
            &html! {
                "FOCA finds no house number and street in this address, so no record will link to the site by address. "
                "It can be saved so, if no more is known."
            },
        );
    }
    let tail = [&address.city, &address.state, &address.zip];
    let tail: Vec<&str> = tail.into_iter().flatten().map(String::as_str).collect();
    note(
        Note::Info,
        &html! {
            "Read as " b { (address.line()) } @if !tail.is_empty() { ", " (tail.join(" ")) }
            @if address.city.is_none() { ". Without a city no record will link to the site by address." }
        },
    )
}

fn business(state: Typed<'_>) -> Markup {
    let options: Vec<(&str, &str)> = Status::ALL.iter().map(|it| (it.as_str(), it.label())).collect();
    card(
        "Whether it is open",
        &html! {
            div.field-row {
                (field_select(state.field("status", "Status").required(), &options))
                (field_date(state.field("status_on", "Since")))
                (field_date(state.field("opened_on", "Opened on")))
                (field_date(state.field("closed_on", "Closed on")))
            }
            (field_text(state.field("phone", "Telephone of the business").hint("With its area code, as (612) 555-0142.")))
            (note_field(state))
        },
    )
}

fn note_field(state: Typed<'_>) -> Markup {
    state.free_text(
        state
            .field("note", "Note")
            .hint("No names of workers or guests, no telephone numbers, no birth dates."),
    )
}

/// The form that closes a site.
pub fn close(site: &Site, state: Typed<'_>) -> Markup {
    html! {
        (page_head(&format!("Close {}", site.name), &code(Some(site)), &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id", "version"]))
            (card("When and why", &html! {
                p { "The site and its records stay. It leaves the ranking, and can be opened again by editing it." }
                (field_date(state.field("closed_on", "Last day of business").required()))
                (state.free_text(state.field("reason", "Reason").hint("How it is known. It is kept in the note of the site.").required()))
            }))
            div.form-actions {
                (primary("Close the site"))
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

/// The form that moves a site to another address.
pub fn relocate(site: &Site, state: Typed<'_>, reading: Option<&Address>, streets: Option<&str>) -> Markup {
    html! {
        (page_head(&format!("Move {}", site.name), &code(Some(site)), &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id", "version"]))
            (card("When", &html! {
                p { "The site at " b { (site.address) } " becomes moved and keeps its records. A new site is opened at the new address and linked." }
                (field_date(state.field("moved_on", "First day at the new address").required()))
                (note_field(state))
            }))
            (place(state, reading, streets))
            div.form-actions {
                (primary("Move the site"))
                button.usa-button.neutral type="submit" name="check" value="address" { "Check the address" }
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

/// Another version was saved meanwhile: both are shown, and the form again with what was typed. `again` is that form.
pub fn changed_meanwhile(now: &Params, typed: &Params, again: &Markup) -> Markup {
    let shown = |params: &Params, name: &str| params.get(name).unwrap_or("(empty)").to_owned();
    let differs = |name: &str| name != "version" && now.get(name) != typed.get(name);
    let other: Vec<_> = FIELDS.iter().filter(|(name, _)| differs(name)).collect();
    html! {
        (note(Note::Error, &html! {
            b { "Not saved: someone else saved this site meanwhile." }
            p { "Below is what differs. What you typed is still in the form; saving it again puts it over what is stored now." }
        }))
        @if !other.is_empty() { (ui::table("What differs", &["Field", "Stored now", "You typed"].map(ui::Column::new), &html! {
            @for (name, label) in &other {
                tr {
                    th.name scope="row" { (label) }
                    td data-label="Stored now" { (shown(now, name)) }
                    td data-label="You typed" { (shown(typed, name)) }
                }
            }
        })) }
        (again)
    }
}
