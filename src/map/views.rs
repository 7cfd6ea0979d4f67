//! The map page as markup: the frame of map, filter and list; its tools and its legend.

use maud::{Markup, html};

use super::form_views::{self, Choices, href, n_active};
use super::list_views::{self, List};
use super::words::{plain_mark, sign, tier_mark};
use crate::scoring::rank::Tier;
use crate::standing::filter::Filter;
use crate::web::assets;
use crate::web::ui::{self, Icon, Mark, icon};

/// Where the map begins when no site has a point: Minnesota.
const MINNESOTA: [f64; 4] = [-97.24, 43.5, -89.5, 49.4];

/// The page's whole content.
pub fn map(
    choices: &Choices,
    filter: &Filter,
    list: &List<'_>,
    home: Option<[f64; 4]>,
    streets: bool,
) -> Markup {
    html! {
        div.map-app #map-app data-tab="map" data-sheet="peek" {
            div.map-tabs role="group" aria-label="Show" {
                button type="button" data-tab-to="map" aria-pressed="true" { "Map" }
                button type="button" data-tab-to="list" aria-pressed="false" { "List" }
            }
            section.map-side aria-label="Filter and list" {
                button.sheet-handle type="button" aria-expanded="false" aria-controls="list" { span.usa-sr-only { "Show or hide the list" } }
                (form_views::form(choices, filter, list))
                div.map-list #list aria-live="off" { (list_views::list(list)) }
            }
            section.map-stage aria-label="Map" {
                (canvas(home, streets))
                (tools(filter))
                (legend(!list.tiers.is_empty()))
                div.map-foot {
                    span.scale #scale {} span #scale-words {}
                    span.credit { "Counties: Census · Places: GeoNames" @if streets { " · Streets: OpenStreetMap" } }
                }
                p.map-message #map-message role="status" hidden {}
            }
            aside.map-panel #panel aria-label="Selected site" hidden {}
        }
    }
}

/// The map itself; what its script must know stands in its data.
fn canvas(home: Option<[f64; 4]>, streets: bool) -> Markup {
    let edges = home.unwrap_or(MINNESOTA).map(|it| it.to_string()).join(",");
    html! {
        div.map-canvas #map data-home=(edges)
            data-maplibre=(assets::url("maplibre-gl.mjs"))
            data-counties=(assets::url("counties.geojson")) data-county-lines=(assets::url("county-lines.geojson"))
            data-county-labels=(assets::url("county-labels.geojson"))
            data-states=(assets::url("states.geojson")) data-towns=(assets::url("towns.geojson"))
            data-font-450=(assets::url("fonts/public-sans.woff2")) data-font-500=(assets::url("fonts/public-sans-500.woff2"))
            data-font-600=(assets::url("fonts/public-sans-600.woff2"))
            data-font-italic=(assets::url("fonts/public-sans-italic.woff2"))
            data-pmtiles-module=[streets.then(|| assets::url("pmtiles.mjs"))]
            data-pmtiles=[streets.then_some("/basemap.pmtiles")] {}
    }
}

fn tools(filter: &Filter) -> Markup {
    html! {
        div.map-tools {
            button.usa-button.neutral.filter-open type="button" aria-expanded="false" aria-controls="filter" {
                "Filter" span.n #filter-count { @if n_active(filter) > 0 { " " (n_active(filter)) } }
            }
            span.push {}
            button.usa-button.neutral #copy-link type="button" aria-label="Copy link to this view" {
                (icon(Icon::Link)) span.words { "Copy link" }
            }
            a.usa-button.neutral #export href=(href("/export/sites.geojson", filter, None)) aria-label="GeoJSON of what you see" {
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

fn legend(tiers: bool) -> Markup {
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
