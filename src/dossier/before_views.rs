//! Before and after: the dated path of a site, and what was established at the sites before it.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::timeline::{moment, record_address};
use super::{Dossier, words};
use crate::records::{RecordKind, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::Site;
use crate::successions::{Adjudicated, Succession};
use crate::web::{format, ui};

/// The cards; nothing where nothing is known, or for who may not see it.
pub(super) fn card(dossier: &Dossier, viewer: &Viewer, zone: Tz) -> Markup {
    let before = &dossier.before;
    if !viewer.may_see(Resource::Succession) || before.path.is_empty() && before.proposed.is_empty() {
        return html! {};
    }
    let steps = |steps: &[Succession]| {
        html! { @for it in steps { (step(it, dossier, zone)) } }
    };
    let body = html! {
        ol.plain.path { (steps(&before.path)) (steps(&before.proposed)) }
        @if !before.proposed.is_empty() {
            p.meta { "What is proposed is not decided: two sites, two histories, until a person confirms it." }
        }
    };
    html! {
        (ui::card_with("Before and after", &ui::quiet_link("/reopenings", "All reopenings"), &body))
        (established(dossier, zone))
    }
}

fn step(it: &Succession, dossier: &Dossier, zone: Tz) -> Markup {
    let (from, to) = (dossier.before.sites.get(&it.from_site), dossier.before.sites.get(&it.to_site));
    let (Some(from), Some(to)) = (from, to) else { return html! {} };
    html! {
        li {
            (end(from, dossier.site.id)) span.meta { " " (until(from, zone)) }
            " → "
            (end(to, dossier.site.id)) span.meta { " " (since(to, zone)) }
            @if let Some(days) = it.days.filter(|it| *it >= 0) {
                span.meta { " · " (format::counted(days, "day", "days")) " later" }
            }
            " "
            a href={ "/reopenings/" (it.id) } { (ui::tag(it.state.label(), "line", None)) }
        }
    }
}

fn end(site: &Site, own: SiteId) -> Markup {
    html! {
        @if site.id == own { b { "this site" } } @else {
            a href={ "/sites/" (site.id) } { (site.name) }
            ", " (site.city.as_deref().map_or("city not known".to_owned(), format::place))
        }
    }
}

fn until(site: &Site, zone: Tz) -> String {
    let ended = site.closed_on.or(site.status_on.filter(|_| site.status != crate::sites::Status::Open));
    ended.map_or_else(String::new, |it| format!("until {}", moment(it, zone)))
}

fn since(site: &Site, zone: Tz) -> String {
    site.opened_on.map_or_else(String::new, |it| format!("from {}", moment(it, zone)))
}

/// What was established at the sites before: no complaint, no incident.
fn established(dossier: &Dossier, zone: Tz) -> Markup {
    let before = &dossier.before;
    let columns = ["What was established", "When", "Record"].map(ui::Column::new);
    let at: Vec<&str> = {
        let mut ids: Vec<SiteId> = before.established.iter().map(|it| it.site_id).collect();
        ids.dedup();
        ids.iter().filter_map(|it| before.sites.get(it)).map(|it| it.name.as_str()).collect()
    };
    let rows = html! { @for it in &before.established { (row(it, dossier, zone)) } };
    let beside = html! { span.meta { "by an authority; complaints do not go with a reopening" } };
    html! {
        @if !at.is_empty() {
            (ui::card_with(&format!("From before, at {}", at.join(", ")), &beside, &ui::table("From before", &columns, &rows)))
        }
    }
}

fn row(it: &Adjudicated, dossier: &Dossier, zone: Tz) -> Markup {
    let site = dossier.before.sites.get(&it.site_id);
    let kind = match it.kind {
        RecordKind::License => "License",
        _ => "Inspection",
    };
    html! {
        tr {
            th.name scope="row" { (words::capitalized(&it.what)) }
            td data-label="When" { (moment(it.on, zone)) }
            td data-label="Record" {
                a href=(record_address(it.kind, it.id)) { (kind) }
                @if let Some(site) = site { div.meta { (site.name) } }
            }
        }
    }
}
