//! What stands over the map: as of which day, which layers, zoom, the way out of the page.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::list_views::List;
use super::words::{href, n_active, url};
use crate::web::format;
use crate::web::ui::{Icon, icon};

/// The layers that may be drawn: word, words, and whether it is drawn where the address says nothing.
const LAYERS: [(&str, &str, bool); 6] = [
    ("groups", "Groups of close sites", true),
    ("cities", "City limits", true),
    ("counties", "County lines", true),
    ("streets", "Street map", true),
    ("places", "Sensitive places", true),
    ("incidents", "Incidents not linked, 12 months", false),
];

/// Which layers are drawn.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The words that the address names; empty for the usual ones, `none` for none.
    pub on: Vec<String>,
    /// Of which kind the operator's street map is, if one is given.
    pub streets: Option<&'static str>,
    /// Whether the viewer may see sensitive places.
    pub places: bool,
}

impl Layers {
    /// Whether a layer can be drawn for this viewer at all.
    fn offers(&self, word: &str) -> bool {
        match word {
            "streets" => self.streets.is_some(),
            "places" => self.places,
            _ => true,
        }
    }

    fn shows(&self, word: &str, usual: bool) -> bool {
        if self.on.is_empty() { usual } else { self.on.iter().any(|it| it == word) }
    }
}

/// The row of buttons over the map, and the zoom.
pub(super) fn tools(list: &List<'_>, today: NaiveDate, shown: &Layers, what_if: bool) -> Markup {
    let n = n_active(&list.filter);
    html! {
        div.map-tools {
            button.usa-button.neutral.filter-open type="button" aria-expanded="false" aria-controls="filter" {
                "Filter" span.n #filter-count { @if n > 0 { " " (n) } }
            }
            (as_of(list, today))
            (layers(shown))
            @if what_if {
                button.usa-button.neutral #what-if type="button" aria-pressed="false" title="Which rules a new business would break at a spot" {
                    (icon(Icon::Scales)) span.words { "What if" }
                }
                span.usa-sr-only #what-if-said role="status" {}
            }
            span.push {}
            button.usa-button.neutral #copy-link type="button" aria-label="Copy link to this view" {
                (icon(Icon::Link)) span.words { "Copy link" }
            }
            a.usa-button.neutral #export href=(export(list)) aria-label="GeoJSON of what you see" {
                (icon(Icon::Download)) span.words { "GeoJSON of what you see" }
            }
        }
        div.map-zoom role="group" aria-label="Zoom" {
            button type="button" data-zoom="1" aria-label="Zoom in" { (icon(Icon::Add)) }
            button type="button" data-zoom="-1" aria-label="Zoom out" { svg.i viewBox="0 0 16 16" aria-hidden="true" { path d="M3 8h10" {} } }
            button type="button" data-zoom="home" aria-label="All sites" { (icon(Icon::Locate)) }
        }
    }
}

fn export(list: &List<'_>) -> String {
    href(
        "/export/sites.geojson",
        &list.filter,
        list.past.iter().map(|it| ("as_of", it.day.to_string())).collect(),
    )
}

/// As of which day: a date of the filter's form, so that it works without a script too.
fn as_of(list: &List<'_>, today: NaiveDate) -> Markup {
    let day = list.past.map(|it| it.day);
    let present = url("/map", list.filter.pairs().into_iter().filter(|(name, _)| *name != "bbox"));
    html! {
        details.menu.as-of #as-of {
            summary.usa-button.neutral.active[day.is_some()] {
                (icon(Icon::Clock)) span.words { "As of " (day.map_or("today".to_owned(), format::day)) } (expand())
            }
            div.menu-body {
                label.usa-label for="as-of-day" { "As known at the end of" }
                input.usa-input type="date" id="as-of-day" name="as_of" form="filter" max=(today) value=[day];
                p.meta { "Only what was recorded by then counts. Sites, scores and tiers are computed anew for that day." }
                div.row {
                    button.usa-button.small type="submit" form="filter" { "Show that day" }
                    a.usa-button.neutral.small #as-of-today href=(present) hidden[day.is_none()] { "Back to today" }
                }
            }
        }
    }
}

/// Which layers are drawn: for the script, as without one there is no drawn map.
fn layers(shown: &Layers) -> Markup {
    html! {
        details.menu.layers #layers {
            summary.usa-button.neutral aria-label="Layers of the map" { (icon(Icon::Layers)) span.words { "Layers" } (expand()) }
            fieldset.menu-body {
                legend.usa-sr-only { "Layers of the map" }
                @for (word, words, usual) in LAYERS {
                    @if shown.offers(word) {
                        label.layer { input type="checkbox" name="layers" value=(word) data-usual[usual] checked[shown.shows(word, usual)]; (words) }
                    }
                }
                @if shown.places { p.meta #places-note hidden { "Zoom in to streets to see the sensitive places." } }
                p.meta #incidents-note hidden { "Zoom in to see them. " a #incidents-list href="/records/incidents?linked=none" { "List them all" } }
            }
        }
    }
}

/// A sign that something opens.
fn expand() -> Markup {
    html! { svg.i.sm viewBox="0 0 16 16" aria-hidden="true" { path d="m4 6 4 4 4-4" {} } }
}
