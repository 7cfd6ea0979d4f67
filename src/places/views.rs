//! The pages of places: the list, what one is and where, and the form.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::classes::Classes;
use super::{Filter, Part, Place, drawing};
use crate::clock::Moment;
use crate::geo::shape::Shape;
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, Icon, Note, card, empty_state, facts, field_date, field_select, field_text,
    field_textarea, note, page_head, paging, primary, quiet_link, secondary_link,
};

/// How many places a page of the list has.
pub const PAGE: u32 = 50;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The places of this page.
    pub places: Vec<Place>,
    /// How many fit.
    pub total: i64,
    /// This page, from 1.
    pub page: u32,
    /// Whether whoever looks may add one.
    pub may_change: bool,
}

/// All that the page of a place shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The place.
    pub place: Place,
    /// Its outline; none where it cannot be read.
    pub outline: Option<Shape>,
    /// Its versions, newest first.
    pub versions: Vec<Place>,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

/// The list.
pub fn list(list: &List<'_>, classes: &Classes, zone: Tz) -> Markup {
    let count = html! { span.meta { (format::count(list.total)) } };
    let columns = ["Name", "What", "Outline", "Since", "Source"].map(Column::new);
    let add =
        html! { @if list.may_change { (secondary_link("/places/new", "Add a place", Some(Icon::Add))) } };
    html! {
        (page_head("Sensitive places", &count, &add))
        p.lead { "Schools, child care, parks and the like, from which laws keep sites away, and the lots and buildings that the distance is measured from." }
        (filter(list, classes))
        @if list.places.is_empty() { (none(list)) } @else {
            (ui::table("Sensitive places", &columns, &html! { @for it in &list.places { (row(it, classes, zone)) } }))
            (paging(list.total.unsigned_abs(), list.page.into(), PAGE.into(), |n| list.params.with("page", Some(&n.to_string()))))
        }
    }
}

fn filter(list: &List<'_>, classes: &Classes) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let options: Vec<(&str, &str)> = std::iter::once(("", "Any")).chain(classes.in_order()).collect();
    html! {
        form.filter method="get" role="search" {
            (field_text(field("q", "Name or address")))
            (field_select(field("class", "What"), &options))
            (ui::button("Filter"))
            @if *list.filter != Filter::default() { (quiet_link("?", "Clear")) }
        }
    }
}

fn none(list: &List<'_>) -> Markup {
    if *list.filter == Filter::default() {
        return empty_state(
            "There are no places yet.",
            "They come with an import of schools, child care centers, parks or parcels, or are added one by one.",
            &html! { @if list.may_change { (secondary_link("/places/new", "Add a place", Some(Icon::Add))) } },
        );
    }
    empty_state("No place fits.", "Drop one of the filters, or all of them.", &quiet_link("?", "Show all"))
}

fn row(it: &Place, classes: &Classes, zone: Tz) -> Markup {
    let address = it.address.as_deref().filter(|_| !it.name.is_empty());
    html! {
        tr {
            th.name scope="row" {
                a href={ "/places/" (it.id) } { (it.title(classes)) }
                @if let Some(address) = address { div.meta { (address) } }
            }
            td data-label="What" { (classes.label(&it.class)) @if it.closed_on.is_some() { " " (closed(it, zone)) } }
            td data-label="Outline" { (it.part.label()) }
            td data-label="Since" { (day(it.opened_on, zone)) }
            td.meta data-label="Source" { (it.source) }
        }
    }
}

fn closed(it: &Place, zone: Tz) -> Markup {
    let words = it.closed_on.map(|it| format!("gone since {}", format::day(it.day_in(&zone))));
    html! { @if let Some(words) = words { (ui::tag(&words, "line", None)) } }
}

fn day(it: Option<Moment>, zone: Tz) -> Markup {
    html! { @match it { Some(it) => (format::day(it.day_in(&zone))), None => (ui::unknown()) } }
}

/// The page of a place.
pub fn show(it: &Shown, classes: &Classes, zone: Tz) -> Markup {
    let place = &it.place;
    let edit = format!("/places/{}/edit", place.id);
    let actions = html! { @if it.may_change { (secondary_link(&edit, "Edit or close", Some(Icon::Edit))) } };
    let beside = html! { span.meta { (classes.label(&place.class)) } @if place.closed_on.is_some() { " " (closed(place, zone)) } };
    html! {
        (page_head(place.title(classes), &beside, &actions))
        (remarks(it.outline.as_ref()))
        div.split {
            div.stack {
                (what(place, classes, zone))
                (versions(&it.versions, classes, zone))
            }
            div.stack { (outline(it, classes)) }
        }
    }
}

fn remarks(outline: Option<&Shape>) -> Markup {
    let Some(outline) = outline else {
        return note(
            Note::Error,
            &html! { "The outline of this place cannot be read, so no distance is measured from it. Draw it anew." },
        );
    };
    html! {
        @for remark in outline.remarks() { (note(Note::Due, &html! { (remark) })) }
    }
}

fn what(it: &Place, classes: &Classes, zone: Tz) -> Markup {
    let key: String = it.source_key.chars().take(60).collect();
    let mut all = vec![("What", html! { (classes.label(&it.class)) })];
    if !it.name.is_empty() {
        all.push(("Name", html! { (it.name) }));
    }
    all.extend(it.address.as_ref().map(|address| ("Address", html! { (address) })));
    all.push(("There since", day(it.opened_on, zone)));
    all.extend(it.closed_on.map(|_| ("Gone since", day(it.closed_on, zone))));
    all.push(("Source", html! { (it.source) " " span.meta { (key) } }));
    all.push(("Known since", html! { (format::day(it.recorded_at.day_in(&zone))) }));
    card("What it is", &facts(&all))
}

fn outline(it: &Shown, classes: &Classes) -> Markup {
    let place = &it.place;
    let [west, south, east, north] = place.bounds();
    let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
    html! {
        section.card.inset aria-label="Outline" {
            @if let Some(shape) = &it.outline {
                (drawing::drawing(shape, &format!("The outline of {}", place.title(classes))))
            }
            p { b { (place.part.label()) } @if let Some(shape) = &it.outline { (size(shape)) } }
            p.meta { "Around " (format!("{lat:.5}, {lon:.5}")) " (latitude, longitude)" }
        }
    }
}

fn size(shape: &Shape) -> Markup {
    let n = shape.n_vertices();
    html! { @if n > 1 { " of " (format::counted(n as u64, "position", "positions")) } }
}

fn versions(all: &[Place], classes: &Classes, zone: Tz) -> Markup {
    if all.len() < 2 {
        return html! {};
    }
    let by = |it: &Place| if it.batch_id.is_some() { "by import" } else { "by a person" };
    card(
        "Versions",
        &html! {
            ul {
                @for it in all {
                    li {
                        (it.version) ": " (it.title(classes)) ", " (classes.label(&it.class)) ", " (it.part.label().to_lowercase())
                        span.meta { ", known since " (format::day(it.recorded_at.day_in(&zone))) ", " (by(it)) }
                    }
                }
            }
        },
    )
}

/// The form for a new place (`place` is none) or for a place as it stands.
pub fn edit(
    place: Option<&Place>,
    state: Typed<'_>,
    classes: &Classes,
    map: (Option<[f64; 4]>, Option<&str>),
    overtaken: bool,
) -> Markup {
    let title = place.map_or("Add a place".to_owned(), |it| format!("Edit {}", it.title(classes)));
    let back = place.map_or("/places".to_owned(), |it| format!("/places/{}", it.id));
    html! {
        (page_head(&title, &html! {}, &html! {}))
        @if overtaken { (changed_meanwhile()) }
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id", "version"]))
            (identity(state, classes))
            (place_of(state, map))
            div.form-actions {
                (primary(if place.is_some() { "Save the place" } else { "Add the place" }))
                (quiet_link(&back, "Cancel"))
            }
        }
    }
}

fn changed_meanwhile() -> Markup {
    note(
        Note::Error,
        &html! {
            b { "Not saved: someone else saved this meanwhile." }
            p { "What you typed is still in the form; saving it again puts it over what is stored now." }
        },
    )
}

fn identity(state: Typed<'_>, classes: &Classes) -> Markup {
    let options: Vec<(&str, &str)> = std::iter::once(("", "Choose")).chain(classes.in_order()).collect();
    card(
        "What it is",
        &html! {
            (field_select(state.field("class", "What").required(), &options))
            (field_text(state.field("name", "Name").hint("As it is known to the public; leave it empty for a home.")))
            (field_text(state.field("address", "Address").hint("On one line with the city, as 100 Elm St, Duluth.")))
            div.field-row {
                (field_date(state.field("opened_on", "There since").hint("Leave it empty where nobody knows.")))
                (field_date(state.field("closed_on", "Gone since").hint("The first day on which it is no longer there. It stays on record.")))
            }
        },
    )
}

/// The outline as text, which works alone, and the map that fills it.
fn place_of(state: Typed<'_>, (home, streets): (Option<[f64; 4]>, Option<&str>)) -> Markup {
    let parts = Part::ALL.iter().map(|it| (it.as_str(), it.label()));
    let options: Vec<(&str, &str)> = std::iter::once(("", "As the outline is")).chain(parts).collect();
    card(
        "Where it is",
        &html! {
            (field_textarea(state.field("outline", "Outline").required()
                .hint("Longitude, latitude, such as -93.2650, 44.9778; or a GeoJSON geometry, or well-known text.")))
            (draw(home, streets))
            (field_select(state.field("part", "What the outline is").hint("A distance is measured from what the law names: the building, the lot, or the grounds."), &options))
        },
    )
}

/// A map to draw on, shown where scripts run; it fills the field, which works without it.
fn draw(home: Option<[f64; 4]>, streets: Option<&str>) -> Markup {
    html! {
        div.pin-map data-draw-map data-outline="outline" {
            (ui::map_canvas("draw-canvas", "pin-canvas", home, streets))
            div.row {
                button.usa-button.neutral.small type="button" data-draw-here { "Add a point in the middle" }
                button.usa-button.neutral.small type="button" data-draw-close { "Close the outline" }
                button.usa-button.neutral.small type="button" data-draw-undo { "Undo the last point" }
                button.usa-button.neutral.small type="button" data-draw-clear { "Begin anew" }
                button.usa-button.neutral.small.icon type="button" data-draw-zoom="1" aria-label="Zoom in" { (ui::icon(Icon::Add)) }
                button.usa-button.neutral.small.icon type="button" data-draw-zoom="-1" aria-label="Zoom out" { span aria-hidden="true" { "−" } }
            }
            p.meta role="status" { "A click adds a point; a click on the first one closes the outline. One point alone is the point of an address." }
        }
    }
}
