//! The page of a building: the sites that share it and all records at its address.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::timeline::{self, Context};
use super::{BuildingCount, Records, Scope, Timeline, words};
use crate::incidents::offenses::Offenses;
use crate::records::BuildingId;
use crate::rights::Viewer;
use crate::sites::{Kinds, Site};
use crate::web::ui;

/// All that the page shows.
#[derive(Debug)]
pub struct Building {
    /// Which.
    pub id: BuildingId,
    /// Its address, as one of its sites or records writes it.
    pub address: String,
    /// The sites in it, by number.
    pub sites: Vec<Site>,
    /// How many records stand there.
    pub counts: Vec<BuildingCount>,
    /// One line of time.
    pub timeline: Timeline,
    /// Its records.
    pub records: Records,
}

/// The whole content of the page.
pub fn show(building: &Building, viewer: &Viewer, kinds: &Kinds, offenses: &Offenses, zone: Tz) -> Markup {
    let context = Context {
        records: &building.records,
        offenses,
        zone,
        today: None,
        scope: Scope::Building(building.id),
        sites: &building.sites,
    };
    html! {
        (ui::page_head(&building.address, &html! {}, &html! {}))
        div.split {
            div.stack {
                (sites(&building.sites, kinds))
                (timeline::card(&building.timeline, viewer, &format!("/buildings/{}", building.id), context))
            }
            div.stack { (counted(building)) }
        }
    }
}

fn sites(sites: &[Site], kinds: &Kinds) -> Markup {
    let columns = ["Site", "Kind", "Unit", "Status"].map(ui::Column::new);
    let rows = html! {
        @for it in sites {
            tr {
                th.name scope="row" { a href={ "/sites/" (it.id) } { (it.name) } span.meta { " " (it.code()) } }
                td data-label="Kind" { (kinds.label(&it.kind)) }
                td data-label="Unit" { (it.unit.as_deref().unwrap_or("–")) }
                td data-label="Status" { (words::status(it.status)) }
            }
        }
    };
    if sites.is_empty() {
        return ui::card("Sites", &html! { p.meta { "No site of the catalog stands here." } });
    }
    ui::card("Sites", &ui::table("Sites in the building", &columns, &rows))
}

fn counted(building: &Building) -> Markup {
    let body = html! {
        dl.kv {
            @for it in &building.counts {
                dt { (words::kind(it.kind)) }
                dd { (it.n) @if it.n_only > 0 { span.meta { " · " (it.n_only) " building only: counted 0" } } }
            }
        }
        p.meta {
            "A record whose address does not tell which of several sites it is about belongs to the building and counts for none of them."
        }
    };
    ui::card("Records at the address", &body)
}
