//! The side column of a dossier: what the site is, how its records are linked, who shares its building, where all
//! of it comes from.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::timeline::{icon, moment};
use super::{BuildingCount, Delivery, Dossier, LinkCount, words};
use crate::records::{RecordKind, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::registers::Said;
use crate::sites::{Kinds, Site};
use crate::text::address::city_key;
use crate::text::phone::Phone;
use crate::web::{format, ui};

/// Names, days, place and point.
pub(super) fn about(dossier: &Dossier, kinds: &Kinds, zone: Tz) -> Markup {
    let site = &dossier.site;
    let day = |it: Option<crate::clock::Moment>| it.map(|it| moment(it, zone));
    let mut facts = vec![
        ("Code", Some(html! { (site.code()) })),
        ("Kind", Some(html! { (kinds.label(&site.kind)) })),
        ("Other names", (!site.other_names.is_empty()).then(|| html! { (site.other_names.join("; ")) })),
        ("Opened", Some(or_unknown(day(site.opened_on)))),
        ("Status", Some(status(site, zone))),
        ("Closed", day(site.closed_on).map(|it| html! { (it) })),
        (
            "Moved to",
            dossier
                .moved_to
                .as_ref()
                .map(|it| html! { a href={ "/sites/" (it.id) } { (it.name) ", " (it.address) } }),
        ),
        ("Address", Some(html! { (words::address(site)) })),
        ("City", Some(city(site))),
        ("County", Some(or_unknown(site.county.clone()))),
        ("Telephone", site.phone.as_deref().map(|it| html! { (Phone::shown(it)) })),
    ];
    facts.push((
        "Source",
        Some(html! { (site.source) span.meta { " " (words::shortened(&site.source_key)) } }),
    ));
    facts.push(("Note", ui::held(&site.note)));
    let facts: Vec<(&str, Markup)> = facts.into_iter().filter_map(|(name, it)| Some((name, it?))).collect();
    ui::card("The site", &ui::facts(&facts))
}

fn or_unknown(text: Option<String>) -> Markup {
    html! { @match text { Some(text) => (text), None => (ui::unknown()) } }
}

fn status(site: &Site, zone: Tz) -> Markup {
    let since = site.status_on.map(|it| format!(" since {}", moment(it, zone))).unwrap_or_default();
    html! { (words::status(site.status)) (since) }
}

/// The city by polygon; where another one is written, that too.
fn city(site: &Site) -> Markup {
    match (&site.city_area, &site.city) {
        (Some(area), Some(written)) if city_key(area) != city_key(written) => {
            html! { (area) span.meta { " by its point; written " (written) } }
        }
        (Some(area), _) => html! { (area) span.meta { " by its point" } },
        (None, Some(written)) => html! { (written) span.meta { " as written" } },
        (None, None) => ui::unknown(),
    }
}

/// How the records hang together with the site, and what only belongs to its building.
pub(super) fn links(dossier: &Dossier, viewer: &Viewer) -> Markup {
    let only: Vec<&BuildingCount> = dossier.building.iter().filter(|it| it.n_only > 0).collect();
    let body = html! {
        @if !viewer.may_see(Resource::Link) {
            p { (ui::withheld(viewer.class_of_rows(Resource::Link))) }
        } @else if dossier.links.is_empty() && only.is_empty() {
            p.meta { "No record is linked." }
        } @else {
            ul.links {
                @for it in &dossier.links { (link(it, dossier.site.id)) }
                @for it in only { (building_only(it, &dossier.site)) }
            }
        }
    };
    ui::card_with("Links", &html! { span.meta.push { "certainty" } }, &body)
}

fn link(it: &LinkCount, site: SiteId) -> Markup {
    link_row(
        it.kind,
        &html! { a href={ "/records/" (it.kind.plural()) "?site=" (site) } { (words::counted(it.kind, it.n)) } },
        words::method(&it.method),
        &format::coverage(it.certainty as f64 / 1000.0),
    )
}

fn building_only(it: &BuildingCount, site: &Site) -> Markup {
    let count = words::counted(it.kind, it.n_only);
    let count = html! {
        @match site.building_id {
            Some(building) => a href={ "/buildings/" (building) "?show=" (it.kind) } { (count) },
            None => (count),
        }
    };
    link_row(it.kind, &count, words::method("building"), "–")
}

fn link_row(kind: RecordKind, count: &Markup, method: &str, certainty: &str) -> Markup {
    html! {
        li.link-row {
            (ui::icon(icon(kind)))
            span { (count) br; span.meta { (method) } }
            b { (certainty) }
        }
    }
}

/// The other sites of the building, and how many records stand there.
pub(super) fn building(dossier: &Dossier, zone: Tz) -> Markup {
    let Some(building) = dossier.site.building_id else { return html! {} };
    let n_records: i64 = dossier.building.iter().map(|it| it.n).sum();
    let body = html! {
        @if dossier.same_building.is_empty() {
            p { "No other site of the catalog stands here." }
        } @else {
            ul.plain { @for it in &dossier.same_building { li { (neighbor(it, zone)) } } }
        }
        p.meta { a href={ "/buildings/" (building) } { "The building" } " has " (format::counted(n_records, "record", "records")) "." }
    };
    ui::card("Same building", &body)
}

fn neighbor(it: &Site, zone: Tz) -> Markup {
    let unit = it.unit.as_deref().map(|unit| format!(", {}", words::unit_words(it, unit)));
    html! {
        a href={ "/sites/" (it.id) } { (it.name) } (unit.unwrap_or_default())
        span.meta { " (" (status(it, zone)) ")" }
    }
}

/// Who delivers what, and when last.
pub(super) fn sources(deliveries: &[Delivery], viewer: &Viewer, zone: Tz) -> Markup {
    let body = html! {
        @if !viewer.may_see(Resource::Import) {
            p { (ui::withheld(viewer.class_of_rows(Resource::Import))) }
        } @else if deliveries.is_empty() {
            p.meta { "Nothing was delivered: all records were entered by staff." }
        } @else {
            dl.kv {
                @for it in deliveries {
                    dt { (delivered(&it.record_kind)) }
                    dd { (it.source) ", " (format::day(it.last_at.day_in(&zone))) }
                }
            }
        }
    };
    ui::card_with("Sources", &html! { span.meta { "last delivery" } }, &body)
}

fn delivered(kind: &str) -> String {
    match kind.parse::<RecordKind>() {
        Ok(kind) => words::kind(kind).to_owned(),
        Err(_) if kind == "party" => "Parties".to_owned(),
        Err(_) => words::capitalized(&kind.replace('_', " ")) + "s",
    }
}

/// The versions of the site, newest first, each with what it changed; before them, what registers say otherwise.
pub(super) fn versions(versions: &[Site], said: &[Said], zone: Tz) -> Markup {
    let source = versions.first().map(|it| it.source.as_str()).unwrap_or_default();
    let body = html! {
        ol.versions {
            @for it in said.iter().rev() {
                li {
                    b { (moment(it.recorded_at, zone)) }
                    " " (source) " says, as its " (it.part.label()) ": " (says(it))
                    span.meta { " · the entry by hand stands; edit the site and enter this to let the register speak again" }
                }
            }
            @for (n, it) in versions.iter().enumerate() {
                li {
                    b { (moment(it.recorded_at, zone)) }
                    " " (changes(it, versions.get(n + 1)))
                    span.meta { " · version " (it.version) " · " (it.source) }
                }
            }
        }
    };
    html! { div id="versions" { (ui::card_with("History", &html! { span.meta { "as it became known" } }, &body)) } }
}

fn says(it: &Said) -> &str {
    if it.value.is_empty() { "nothing" } else { &it.value }
}

/// What a version says otherwise than the one before.
fn changes(now: &Site, before: Option<&Site>) -> String {
    let Some(before) = before else { return "first known".to_owned() };
    let changed = [
        ("name", now.name != before.name || now.other_names != before.other_names),
        ("kind", now.kind != before.kind),
        ("address", now.address != before.address || now.city != before.city),
        ("point", now.point() != before.point()),
        ("note", now.note != before.note),
    ];
    let mut words: Vec<String> =
        changed.into_iter().filter(|it| it.1).map(|it| format!("{} changed", it.0)).collect();
    if now.status != before.status {
        words.insert(0, format!("now {}", words::status(now.status).to_lowercase()));
    }
    if words.is_empty() { "details changed".to_owned() } else { words.join(", ") }
}
