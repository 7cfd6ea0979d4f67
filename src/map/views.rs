//! The map page as markup: the frame of map, filter and list; its canvas and its legend.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::form_views::{self, Choices};
use super::list_views::{self, List};
use super::tool_views::{self, Layers};
use super::words::{plain_mark, sign, tier_mark};
use crate::scoring::rank::Tier;
use crate::web::ui::{self, Mark};

/// What the map's frame needs beside the list.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// West, south, east, north of all sites, in degrees.
    pub home: Option<[f64; 4]>,
    /// The last day that can be asked for.
    pub today: NaiveDate,
    /// What is drawn.
    pub layers: &'a Layers,
    /// Whether the viewer may ask what rules say of a spot.
    pub what_if: bool,
}

/// The page's whole content.
pub fn map(choices: &Choices, list: &List<'_>, stage: &Stage<'_>) -> Markup {
    let streets = stage.layers.streets;
    html! {
        div.map-app #map-app data-tab="map" data-sheet="peek" {
            div.map-tabs role="group" aria-label="Show" {
                button type="button" data-tab-to="map" aria-pressed="true" { "Map" }
                button type="button" data-tab-to="list" aria-pressed="false" { "List" }
            }
            section.map-side aria-label="Filter and list" {
                button.sheet-handle type="button" aria-expanded="false" aria-controls="list" { span.usa-sr-only { "Show or hide the list" } }
                (form_views::form(choices, list))
                div.map-list #list aria-live="off" { (list_views::list(list)) }
            }
            section.map-stage aria-label="Map" {
                (ui::map_canvas("map", "map-canvas", stage.home, streets))
                (tool_views::tools(list, stage.today, stage.layers, stage.what_if))
                div.map-nothing #map-nothing hidden {}
                (legend(!list.tiers.is_empty(), stage.layers.places))
                div.map-foot {
                    span.scale #scale {} span #scale-words {}
                    span.credit { "Counties: Census · Waters: Natural Earth · Places: GeoNames" @if streets.is_some() { span data-credit-streets {} } }
                }
                p.map-message #map-message role="status" hidden {}
            }
            aside.map-panel #panel aria-label="Selected site" hidden {}
        }
    }
}

fn legend(tiers: bool, places: bool) -> Markup {
    html! {
        div.map-legend {
            h3 { @if tiers { "Next hours" } @else { "Marks" } }
            ul {
                @if tiers {
                    @for it in Tier::ALL { li.tier { (sign(*it)) b { (ui::tier_name(tier_mark(*it))) } } }
                    li.minor { (ui::tier_mark(Mark::Next, true, false)) "Borderline" }
                } @else {
                    li { (plain_mark(false)) b { "Site" } }
                }
                li.minor { (plain_mark(true)) "Closed" }
                li.minor { (group_mark(tiers)) "Group" }
                @if places { li.minor #place-key hidden { (place_mark()) "Sensitive place" } }
                li.minor #incident-key hidden { (cross()) "Incident" }
            }
        }
    }
}

fn group_mark(tiers: bool) -> Markup {
    html! {
        svg.m width="22" height="18" viewBox="-9.5 -10.5 25 21" aria-hidden="true" {
            circle r="8" fill="#fff" stroke="#3d4551" stroke-width="1.5" {}
            @if tiers { path d="M8-9.5 13-4.5 8 .5 3-4.5z" fill="#54278f" stroke="#fff" {} }
        }
    }
}

fn place_mark() -> Markup {
    html! {
        svg.m width="14" height="12" viewBox="-7 -6 14 12" aria-hidden="true" {
            rect x="-5" y="-4" width="10" height="8" rx="1" fill="#c4e4e0" stroke="#376462" stroke-width="1.2" {}
        }
    }
}

fn cross() -> Markup {
    html! {
        svg.m width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true" {
            path d="M-4 0H4M0-4V4" stroke="#fff" stroke-width="4" {}
            path d="M-4 0H4M0-4V4" stroke="#1c1d1f" stroke-width="1.6" {}
        }
    }
}
