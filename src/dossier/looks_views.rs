//! Who looked at a site; and the tabs between that and its dossier.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use maud::{Markup, html};
use uuid::Uuid;

use crate::audit::{Logged, words};
use crate::records::{RecordKind, SiteId, listing};
use crate::rights::{Resource, Viewer};
use crate::sites::Site;
use crate::web::format;
use crate::web::ui::{self, Column};

/// So many looks stand on the page.
pub const MOST: u32 = 200;

/// The pages of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// All that is known of it.
    Dossier,
    /// Who looked at it.
    Looks,
}

/// The way between the pages of a site, for who may open both.
pub fn tabs(site: SiteId, viewer: &Viewer, at: Tab) -> Markup {
    let current = |it: Tab| (it == at).then_some("page");
    html! {
        @if viewer.may_see(Resource::Look) {
            nav.tabs aria-label="Pages of this site" {
                a href={ "/sites/" (site) } aria-current=[current(Tab::Dossier)] { "Dossier" }
                a href={ "/sites/" (site) "/looks" } aria-current=[current(Tab::Looks)] { "Who looked" }
            }
        }
    }
}

/// The whole content of the page; `records` are those that count for the site.
pub fn show(site: &Site, looks: &[Logged], records: &BTreeSet<Uuid>, viewer: &Viewer, zone: Tz) -> Markup {
    html! {
        (ui::page_head(&format!("Who looked at {}", site.name), &html! {}, &html! {}))
        p.lead { "Who opened or changed the site, its building or one of its records, and who was refused. That you look here is logged, too." }
        (tabs(site.id, viewer, Tab::Looks))
        @if looks.is_empty() {
            (ui::empty_state("Nobody has looked yet.", "Each opening of the dossier, of one of its records or of its building will stand here.", &html! {}))
        } @else {
            (table(looks, records, zone))
            p.meta { (told(looks.len())) }
        }
    }
}

fn told(n_looks: usize) -> String {
    if n_looks >= MOST as usize {
        return format!("The newest {}. The log has all of them.", format::count(MOST));
    }
    format::counted(n_looks as u64, "entry", "entries")
}

fn table(looks: &[Logged], records: &BTreeSet<Uuid>, zone: Tz) -> Markup {
    let columns = ["Who", "Time", "Role", "Agency", "What"].map(Column::new);
    let rows = html! {
        @for it in looks {
            tr {
                th.name scope="row" { (it.actor) }
                td.tabular data-label="Time" { time datetime=(it.at) { (words::moment(it.at, zone)) } }
                td data-label="Role" { (listing::words(&it.role)) }
                td data-label="Agency" { (it.agency) }
                td data-label="What" { (what(it, records)) }
            }
        }
    };
    ui::table("Who looked", &columns, &rows)
}

/// What was done, as a link to the record that it was about.
fn what(it: &Logged, records: &BTreeSet<Uuid>) -> Markup {
    let kind = RecordKind::ALL.iter().find(|kind| Some(kind.resource()) == it.resource);
    let object = it.object_id.filter(|it| records.contains(it));
    html! {
        @match (kind, object) {
            (Some(kind), Some(id)) => a href={ "/" (kind.plural()) "/" (id) } { (words::what(it)) },
            _ => (words::what(it)),
        }
    }
}
