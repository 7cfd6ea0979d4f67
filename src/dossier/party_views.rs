//! Who stands behind a site: first who does now, then who did.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::Dossier;
use crate::parties::{Stands, words};
use crate::rights::{Permission, Resource, Viewer};
use crate::web::ui;

/// The card; nothing for who may not see parties.
pub(super) fn card(dossier: &Dossier, viewer: &Viewer, zone: Tz) -> Markup {
    if !viewer.may_see(Resource::Party) {
        return html! {};
    }
    let add = html! {
        @if viewer.is_permitted(Permission::Change(Resource::Party)) {
            (ui::quiet_link(&format!("/sites/{}/parties/new", dossier.site.id), "Add who stands behind it"))
        }
    };
    let today = dossier.now.with_timezone(&zone).date_naive();
    let mut all: Vec<&Stands> = dossier.parties.iter().collect();
    all.sort_by_key(|it| (!it.holding.lasts_on(today), it.holding.role));
    let columns = ["Who", "Role", "Period", "Source"].map(ui::Column::new);
    let rows = html! { @for it in all { (row(it, today, zone)) } };
    let body = html! {
        @if dossier.parties.is_empty() {
            p.meta { "Nobody is on record." }
        } @else { (ui::table("Who stands behind it", &columns, &rows)) }
    };
    ui::card_with("Who stands behind it", &add, &body)
}

fn row(it: &Stands, today: chrono::NaiveDate, zone: Tz) -> Markup {
    let holding = &it.holding;
    html! {
        tr {
            th.name scope="row" {
                a href={ "/parties/" (it.root) } { (it.party) }
                div.meta { (it.party_kind.label()) }
            }
            td data-label="Role" {
                (holding.role.label())
                @if holding.site_id.is_none() { div.meta { "of the building" } }
                @if let Some(share) = holding.share { div.meta { (words::share(share)) } }
            }
            td data-label="Period" {
                (words::period(holding, zone))
                @if holding.to_on.is_some_and(|to| to.day() < today) { " " (ui::tag("past", "line", None)) }
            }
            td.meta data-label="Source" { (holding.source) }
        }
    }
}
