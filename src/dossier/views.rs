//! The page of a site: head, score, findings, timeline; beside them surroundings, links, building, sources.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::before_views;
use super::timeline::{Context, moment, record_address};
use super::{Dossier, Scope, inset, law_views, party_views, score_views, side_views, timeline, words};
use crate::compliance::packs::Packs;
use crate::incidents::offenses::Offenses;
use crate::inspections::Violation;
use crate::records::RecordKind;
use crate::rights::{Permission, Resource, Viewer};
use crate::scoring::{Centipoints, Feature};
use crate::sites::{Kinds, Site, Status};
use crate::web::{format, ui};

/// The whole content of the page.
pub fn show(
    dossier: &Dossier,
    viewer: &Viewer,
    (kinds, offenses, packs): (&Kinds, &Offenses, &Packs),
    zone: Tz,
) -> Markup {
    let site = &dossier.site;
    let context = Context {
        records: &dossier.records,
        offenses,
        zone,
        scope: Scope::Site(site.id),
        today: Some(dossier.now.with_timezone(&zone).date_naive()),
        sites: &[],
    };
    html! {
        header.page-head {
            div.title {
                h1 { (site.name) }
                (tags(dossier, zone))
                div.actions { (actions(site, viewer)) }
            }
            p.lead { (lead(site, kinds, zone)) }
        }
        (side_views::merged_note(dossier, viewer, zone))
        (super::looks_views::tabs(site.id, viewer, super::looks_views::Tab::Dossier))
        div.split.dossier {
            div.stack {
                (score_views::card(dossier, viewer, zone))
                (law_views::card(dossier, packs, viewer))
                (findings(dossier, zone))
                (before_views::card(dossier, viewer, zone))
                (party_views::card(dossier, viewer, zone))
                (timeline::card(&dossier.timeline, viewer, &format!("/sites/{}", site.id), context))
                (side_views::versions(&dossier.versions, &dossier.said, zone))
            }
            div.stack {
                (inset::card(site, &dossier.around, viewer, score_views::mark(dossier.standing.as_ref())))
                (side_views::about(dossier, kinds, zone))
                (side_views::merges(dossier, zone))
                (side_views::links(dossier, viewer))
                (side_views::building(dossier, zone))
                (side_views::sources(&dossier.deliveries, viewer, zone))
            }
        }
    }
}

fn tags(dossier: &Dossier, zone: Tz) -> Markup {
    let site = &dossier.site;
    let since = site.status_on.or(site.closed_on).filter(|_| site.status != Status::Open);
    let since = since.map(|it| format!(" since {}", moment(it, zone))).unwrap_or_default();
    html! {
        @if let Some(standing) = dossier.standing.as_ref().filter(|it| it.points.is_some()) {
            (ui::tier_tag(score_views::mark(Some(standing))))
        }
        (ui::tag(&format!("{}{since}", words::status(site.status)), "line", None))
        @if counts(dossier, Feature::LicenseLapsed) { (ui::tag("License lapsed", "due", Some(ui::Icon::Clock))) }
        @if counts(dossier, Feature::ReinspectionOverdue) { (ui::tag("Reinspection overdue", "due", Some(ui::Icon::Clock))) }
    }
}

fn counts(dossier: &Dossier, feature: Feature) -> bool {
    let scored = dossier.standing.as_ref().is_some_and(|it| it.points.is_some());
    let reasons = dossier.score.iter().filter(|_| scored).flat_map(|it| &it.reasons);
    reasons.into_iter().any(|it| it.feature == feature && it.counted > Centipoints::ZERO)
}

fn actions(site: &Site, viewer: &Viewer) -> Markup {
    let may = |resource| viewer.is_permitted(Permission::Change(resource));
    let at = |act: &str| format!("/sites/{}/{act}", site.id);
    html! {
        @if may(Resource::Inspection) { (ui::link_button(&at("inspections/new"), "Add inspection")) }
        @if may(Resource::Complaint) { (ui::secondary_link(&at("complaints/new"), "Add complaint", Some(ui::Icon::Add))) }
        @if viewer.may_see(Resource::Party) { (ui::secondary_link(&at("network"), "Network", None)) }
        @if may(Resource::Site) { (ui::secondary_link(&at("edit"), "Edit", Some(ui::Icon::Edit))) }
        @if may(Resource::Site) && site.status != Status::Merged { (ui::secondary_link(&at("merge"), "Merge", None)) }
        button.usa-button.neutral type="button" data-print hidden { "Print" }
    }
}

fn lead(site: &Site, kinds: &Kinds, zone: Tz) -> String {
    let mut words = vec![kinds.label(&site.kind).to_owned()];
    words.extend(site.opened_on.map(|it| format!("since {}", moment(it, zone))));
    let mut place = vec![words::address(site)];
    let city =
        site.city_area.as_ref().or(site.city.as_ref()).filter(|it| !words::contains(&site.address, it));
    let zip = site.zip.as_deref().filter(|it| !site.address.contains(*it)).unwrap_or_default();
    place.extend(city.map(|it| format!("{it} {zip}").trim_end().to_owned()));
    let county = |it: &String| if it.ends_with("County") { it.clone() } else { format!("{it} County") };
    place.extend(site.county.as_ref().map(county));
    words.push(place.join(", "));
    words.push(site.code());
    words.join(" · ")
}

/// What inspections found and nobody has put right: facts, whoever may see a score or not.
fn findings(dossier: &Dossier, zone: Tz) -> Markup {
    if dossier.findings.is_empty() {
        return html! {};
    }
    let columns = ["Status", "What was found", "Record", "Next"].map(ui::Column::new);
    let rows = html! { @for it in &dossier.findings { (finding(it, dossier, zone)) } };
    let beside = html! { span.meta { "found at visits and not put right" } };
    ui::card_with("From visits", &beside, &ui::table("Findings", &columns, &rows))
}

fn finding(it: &Violation, dossier: &Dossier, zone: Tz) -> Markup {
    let visit = dossier.records.inspections.get(&it.inspection_id);
    let key = visit.map_or("inspection", |it| it.head.source_key.as_str());
    html! {
        tr {
            td data-label="Status" { (ui::finding_tag(ui::Finding::Violation)) }
            th.name scope="row" {
                (it.title)
                div.meta { (words::severity(it.severity)) @if let Some(code) = &it.code { " · " (code) } }
            }
            td data-label="Record" {
                a href=(record_address(RecordKind::Inspection, it.inspection_id)) { (words::shortened(key)) }
                @if let Some(visit) = visit { div.meta { (format::day(visit.head.occurred_at.day_in(&zone))) } }
            }
            td data-label="Next" {
                @match it.due_on {
                    Some(due) => { "Put right by " (moment(due, zone)) }
                    None => { "Look again at the next visit" }
                }
            }
        }
    }
}
