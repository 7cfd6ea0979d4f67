//! The panel of the selected site.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::paths::{self, Leg};
use super::words::{address, status_words, tier_mark, tier_number};
use crate::records::SiteId;
use crate::scoring::input::RecordKind;
use crate::scoring::rank::Tier;
use crate::scoring::reason::Reason;
use crate::scoring::score::Score;
use crate::sites::{Site, Status};
use crate::standing::Standing;
use crate::web::format;
use crate::web::ui::{self, Icon, icon};

/// The reasons that the panel shows; the dossier has all.
const MOST_REASONS: usize = 4;

/// What the panel shows.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    /// The site.
    pub site: &'a Site,
    /// What people call its kind.
    pub kind: &'a str,
    /// None where the viewer may not see standings.
    pub tier: Option<Tier>,
    /// None where the viewer may not see it, or there was no run yet.
    pub standing: Option<&'a Standing>,
    /// What led to it.
    pub score: Option<&'a Score>,
    /// Where it came from and where it goes on.
    pub legs: &'a [Leg],
    /// The past day that is shown; none for the present.
    pub as_of: Option<NaiveDate>,
}

/// The panel of one site.
pub fn panel(it: &Panel<'_>) -> Markup {
    let site = it.site;
    let at = site.point().map(|(lon, lat)| format!("{lon:.6},{lat:.6}"));
    html! {
        article.site-panel data-id=(site.id) data-at=[at] data-name=(site.name) data-tier=[it.tier.map(tier_number)] data-paths=[paths::geojson(it.legs)] {
            header {
                div.top {
                    @if let Some(tier) = it.tier { (ui::tier_tag(tier_mark(tier))) }
                    span.meta { (place(it)) }
                    button.usa-button.quiet.icon.close type="button" data-close aria-label="Close the panel" { (icon(Icon::Close)) }
                }
                h2 tabindex="-1" { (site.name) }
                p.meta { (it.kind) " · " (status_words(site.status).to_lowercase()) " · " (site.code()) }
                p.meta { (address(site)) }
                @if let Some(day) = it.as_of {
                    p.meta { b { "As known at the end of " (format::day(day)) "." } " The dossier shows the site as it stands today." }
                }
                div.row { a.usa-button href={ "/sites/" (site.id) } { "Open dossier " kbd { "↵" } } }
            }
            @if !it.legs.is_empty() { (path(it)) }
            @if it.tier.is_some() { (scored(it)) }
        }
    }
}

/// Before and after, in words: the map draws the same as lines, the proposed ones dashed.
fn path(it: &Panel<'_>) -> Markup {
    let name = |site: &Site| {
        html! {
            @if site.id == it.site.id { "this site" } @else { a href={ "/sites/" (site.id) } { (site.name) } @if let Some(city) = &site.city { ", " (format::place(city)) } }
        }
    };
    html! {
        section {
            h3 { "Before and after" }
            ol.plain {
                @for leg in it.legs {
                    li {
                        (name(&leg.from)) " → " (name(&leg.to))
                        div.meta { (leg.days()) " · " @if leg.is_confirmed { "confirmed" } @else { "proposed, not decided" } }
                    }
                }
            }
        }
    }
}

fn scored(it: &Panel<'_>) -> Markup {
    let shown = it.standing.and_then(|it| Some((it.points?, it.low?, it.high?, it.coverage)));
    html! {
        section {
            @if let Some((points, low, high, coverage)) = shown {
                (ui::score_block(points.points(), low.points(), high.points(), coverage as f64 / 1_000.0, None))
            } @else {
                p { b { "Not scored." } " " (why_not_scored(it.site.status)) }
            }
        }
        @if let (Some(score), Some(_)) = (it.score, shown) { (reasons(it.site.id, score)) }
        @if let Some(score) = it.score { (unknown(score)) }
    }
}

fn reasons(site: SiteId, score: &Score) -> Markup {
    let mut counted: Vec<&Reason> = score.reasons.iter().filter(|it| it.counted.0 > 0).collect();
    counted.sort_by_key(|it| std::cmp::Reverse(it.counted));
    html! {
        section {
            h3 { "Why" @if counted.len() > MOST_REASONS { a href={ "/sites/" (site) "#why" } { "All " (counted.len()) " reasons" } } }
            @if counted.is_empty() { p.meta { "Nothing on record adds points; what is typical of the kind stands in for what is not known." } }
            ul.reasons { @for it in counted.iter().take(MOST_REASONS) {
                li.reason {
                    span.points { (format::points(it.counted.points())) }
                    span.what { (it.title()) }
                    span.meta { (record_link(site, it)) " · " (format::day(it.occurred.day())) }
                }
            } }
        }
    }
}

/// The record that a reason stands on; what is missing leads to the site itself.
fn record_link(site: SiteId, reason: &Reason) -> Markup {
    let id = reason.record.id;
    let (path, word) = match reason.record.kind {
        RecordKind::License => ("licenses", "License"),
        RecordKind::Inspection => ("inspections", "Inspection"),
        RecordKind::Complaint => ("complaints", "Complaint"),
        RecordKind::Incident => ("incidents", "Incident"),
        RecordKind::Site | RecordKind::Adjudication => {
            return html! { a href={ "/sites/" (site) } { "Site" } };
        }
    };
    html! { a href={ "/" (path) "/" (id) } { (word) } }
}

fn unknown(score: &Score) -> Markup {
    let up = (score.high.points() - score.points.points()).max(score.points.points() - score.low.points());
    html! {
        @if !score.gaps.is_empty() {
            section {
                h3 { "Not known" }
                ul.gaps { @for it in &score.gaps { li { (it.sentence()) } } }
                @if score.scored { p.meta { "Knowing all of it could move the score by up to " b { (format::score(up)) } "." } }
            }
        }
    }
}

fn place(it: &Panel<'_>) -> Markup {
    let place = it.standing.filter(|it| it.points.is_some()).and_then(|it| it.place);
    html! {
        @if let Some(place) = place { (ordinal(place)) " of its kind" }
        @if it.standing.is_some_and(|it| it.borderline) { " · " span.borderline { "borderline" } }
    }
}

fn why_not_scored(status: Status) -> &'static str {
    match status {
        Status::Open => "Nothing is known yet that would count.",
        Status::Closed | Status::Moved | Status::Merged => "Only open sites are ranked.",
        Status::Unknown => "Nobody has said whether it is open.",
    }
}

fn ordinal(n: i64) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}
