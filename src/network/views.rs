//! The page of a network: a table for each step, and the lines as a picture.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::picture::picture;
use super::walk::MOST_SHARING;
use super::{Line, Network};
use crate::clock::Moment;
use crate::sites::Site;
use crate::web::{format, ui};

/// The whole content.
pub fn show(network: &Network, may_export: bool, zone: Tz) -> Markup {
    let site = &network.center;
    let actions = html! {
        @if may_export {
            (ui::secondary_link(&format!("/export/network/{}/lines.geojson", site.id), "GeoJSON", Some(ui::Icon::Download)))
            (ui::secondary_link(&format!("/export/network/{}/lines.csv", site.id), "CSV", Some(ui::Icon::Download)))
        }
    };
    html! {
        (ui::page_head(&format!("Network of {}", site.name), &html! { span.meta { (site.code()) } }, &actions))
        (ui::note(ui::Note::Info, &html! { "That two sites share a party, a number or an address proves nothing of either. It says where to look next." }))
        @if network.lines.is_empty() {
            (ui::empty_state("It shares nothing that is on record", "Parties, phone numbers, addresses and reopenings that it shares with other sites will stand here.", &ui::link_button(&format!("/sites/{}", site.id), "To the dossier")))
        } @else {
            @let drawn = picture(network);
            div.stack {
                @if !drawn.0.is_empty() { (ui::card("Where they stand", &drawn)) }
                (step(network, 1, "One step out", zone))
                (step(network, 2, "Two steps out", zone))
            }
            @if network.n_unfollowed > 0 {
                p.meta { (format::counted(network.n_unfollowed as u64, "further site", "further sites")) " of the first step were not followed." }
            }
        }
    }
}

fn step(network: &Network, step: u8, title: &str, zone: Tz) -> Markup {
    let lines: Vec<&Line> = network.lines.iter().filter(|it| it.step == step).collect();
    let columns = ["With", "From", "What is shared", "Since", "Until", "Source"].map(ui::Column::new);
    let rows = html! { @for it in &lines { (row(network, it, zone)) } };
    let count = html! { span.meta { (format::counted(lines.len() as u64, "line", "lines")) } };
    html! { @if !lines.is_empty() { (ui::card_with(title, &count, &ui::table(title, &columns, &rows))) } }
}

fn row(network: &Network, line: &Line, zone: Tz) -> Markup {
    let day = |it: Option<Moment>| it.map(|it| format::day(it.day_in(&zone)));
    html! {
        tr {
            th.name scope="row" {
                @match network.to(line) {
                    Some(site) => (named(site)),
                    None => {
                        (format::counted(line.n_sites as u64, "site", "sites"))
                        div.meta { "more than " (MOST_SHARING) ": told as a number, and not followed" }
                    }
                }
            }
            td data-label="From" {
                @if line.from == network.center.id { "this site" } @else if let Some(site) = network.from(line) { (site.name) }
            }
            td data-label="What is shared" {
                (ui::tag(line.what.label(), "line", None)) " "
                @match line.party { Some(party) => a href={ "/parties/" (party) } { (line.words) }, None => (line.words) }
            }
            td data-label="Since" { (day(line.since).unwrap_or_default()) }
            td data-label="Until" { (day(line.until).unwrap_or_default()) }
            td.meta data-label="Source" { (line.source) }
        }
    }
}

fn named(site: &Site) -> Markup {
    html! {
        a href={ "/sites/" (site.id) } { (site.name) }
        div.meta { (site.city.as_deref().map_or("city not known".to_owned(), format::place)) " · " (site.status.label().to_lowercase()) }
    }
}
