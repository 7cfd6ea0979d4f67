//! The score with its interval, coverage, families, reasons and gaps, and what stands there when there is none.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::timeline::{icon, moment, record_address};
use super::{Dossier, Records, words};
use crate::records::{RecordId, RecordKind};
use crate::rights::{Resource, Viewer};
use crate::scoring::input::{self, RecordRef};
use crate::scoring::reason::Reason;
use crate::scoring::score::Score;
use crate::scoring::{Centipoints, STANDING_SENTENCE};
use crate::sites::{Site, Status};
use crate::standing::Standing;
use crate::web::{format, ui};

/// So many reasons stand in the table; what the others add is told below it.
pub(super) const MOST_REASONS: usize = 40;
/// So many of them are in sight at once.
const FIRST_REASONS: usize = 12;
/// The columns beside the points.
const HEADS: [&str; 4] = ["Reason", "How it counts", "Record", "When"];

/// The card, whatever of a score there is.
pub(super) fn card(dossier: &Dossier, viewer: &Viewer, zone: Tz) -> Markup {
    if !viewer.may_see(Resource::Standing) {
        return ui::card("Score", &withheld(viewer));
    }
    match (&dossier.standing, &dossier.score) {
        (Some(standing), Some(score)) if standing.points.is_some() => scored(dossier, standing, score, zone),
        (_, score) => not_scored(&dossier.site, score.as_ref(), zone),
    }
}

fn withheld(viewer: &Viewer) -> Markup {
    html! {
        p.row { "Score, interval and reasons " (ui::withheld(viewer.class_of_rows(Resource::Standing))) }
        p.meta { "Ask whoever administers FOCA in your agency. The findings below are not part of the score." }
    }
}

fn not_scored(site: &Site, score: Option<&Score>, zone: Tz) -> Markup {
    let since = site.status_on.or(site.closed_on).map(|it| format!(" since {}", moment(it, zone)));
    let why = match (site.status, score) {
        (Status::Closed, _) => {
            format!("Closed{}. Closed sites are not scored; their records stay.", since.unwrap_or_default())
        }
        (Status::Moved, _) => {
            format!("Moved{}. Only open sites are scored; the records stay.", since.unwrap_or_default())
        }
        (Status::Merged, _) => {
            "Merged into another site, which holds its records and is scored in its place.".to_owned()
        }
        (Status::Unknown, _) => {
            "It is not known whether business goes on here. Only sites that are known to be open are scored."
                .to_owned()
        }
        (Status::Open, None) => "Not computed yet: the next run will score it.".to_owned(),
        (Status::Open, Some(_)) => "Too little is known to score it.".to_owned(),
    };
    let gaps = score.filter(|_| site.status == Status::Open).map(gaps);
    let body = html! { p { (why) } @if let Some(gaps) = gaps { (gaps) } };
    ui::card_with("Score", &ui::tier_tag(ui::Mark::NotScored), &body)
}

fn scored(dossier: &Dossier, standing: &Standing, score: &Score, zone: Tz) -> Markup {
    let beside = html! {
        span.meta { "as of " (moment(score.as_of, zone)) " · card " code { (score.card.get(..8).unwrap_or(&score.card)) } }
    };
    let points = |it: Option<Centipoints>| it.unwrap_or_default().points();
    let (low, high) = (points(standing.low), points(standing.high));
    let coverage = score.coverage as f64 / 1000.0;
    let body = html! {
        div.score-top {
            div {
                (ui::score_block(points(standing.points), low, high, coverage, dossier.typical))
                (place(standing))
            }
            (families(score))
        }
        (reasons(&dossier.site, score, &dossier.records, zone))
        (gaps(score))
        p.meta { (STANDING_SENTENCE) }
    };
    ui::card_with("Score", &beside, &body)
}

fn place(standing: &Standing) -> Markup {
    html! {
        p.meta {
            @if let Some(place) = standing.place { "Place " (place) " among the open sites of its kind. " }
            @if standing.headline.is_none() {
                "No record gave points, and what is only typical puts no site into tier 1 or 2."
            } @else if standing.borderline { "One point more or less would change its tier." } @else { "Its tier is firm." }
        }
    }
}

fn families(score: &Score) -> Markup {
    let known: Centipoints = score.families.iter().map(|it| it.points).sum();
    let typical: Centipoints = score.families.iter().map(|it| it.typical).sum();
    html! {
        div.families {
            @for it in &score.families {
                (ui::family_row(it.family.label(), it.points.points(), it.cap.points(), it.known as f64 / 1000.0))
            }
            p.meta {
                "Hatched: not known, counted as typical, never as zero or guilt. "
                (known) " known + " (typical) " typical = " (format::score(score.points.points()))
            }
        }
    }
}

fn reasons(site: &Site, score: &Score, records: &Records, zone: Tz) -> Markup {
    let mut counted: Vec<&Reason> =
        score.reasons.iter().filter(|it| it.counted > Centipoints::ZERO).collect();
    counted.sort_by_key(|it| std::cmp::Reverse(it.counted));
    let (shown, rest) = counted.split_at(counted.len().min(MOST_REASONS));
    // A short tail is no longer than the line that would fold it.
    let n_first = if shown.len() > FIRST_REASONS + 2 { FIRST_REASONS } else { shown.len() };
    let (first, folded) = shown.split_at(n_first);
    let sum = |of: &[&Reason]| of.iter().map(|it| it.counted).sum::<Centipoints>();
    let table = |caption: &str, reasons: &[&Reason]| {
        html! {
            table.reasons {
                caption.usa-sr-only { (caption) }
                thead { tr { th.num scope="col" { "Points" } @for it in HEADS { th scope="col" { (it) } } } }
                tbody { @for it in reasons { (ui::reason_row(&row(site, it, records, zone))) } }
            }
        }
    };
    html! {
        @if shown.is_empty() {
            p { "No record adds a point: what is known speaks for the site." }
        } @else {
            (table("Reasons, the weightiest first", first))
            @if !folded.is_empty() {
                details.more-reasons {
                    summary { (folded.len()) " lighter reasons add " (sum(folded)) " points together" }
                    (table("Lighter reasons", folded))
                }
            }
        }
        @if !rest.is_empty() { p.meta { "Another " (rest.len()) " records add " (sum(rest)) " points together." } }
    }
}

fn row(site: &Site, reason: &Reason, records: &Records, zone: Tz) -> ui::Reason {
    let what = match violation(reason.record, records) {
        Some(found) => format!("{}: {found}", reason.title()),
        None => reason.title(),
    };
    ui::Reason {
        points: reason.counted.points(),
        what,
        how: reason.how(),
        record: record(site, reason.record, records),
        day: format::day(reason.occurred.day_in(&zone)),
    }
}

/// What an inspection found, in the words of the code, where the reason is about one finding.
fn violation(of: RecordRef, records: &Records) -> Option<&str> {
    let n = i64::from(of.part.checked_sub(1)?);
    let found = records.violations.get(&RecordId(of.id))?;
    found.iter().find(|it| it.n == n).map(|it| it.title.as_str())
}

/// A link to the record of a reason; what is missing has the site itself as its record.
fn record(site: &Site, of: RecordRef, records: &Records) -> Markup {
    let Some(kind) = kind_of(of) else {
        return html! { (ui::icon(ui::Icon::Site)) " " a href="#versions" { (site.code()) } };
    };
    let id = RecordId(of.id);
    let label = label(kind, id, records).unwrap_or_else(|| kind.as_str().to_owned());
    html! { (ui::icon(icon(kind))) " " a href=(record_address(kind, id)) { (words::shortened(&label)) } }
}

/// The kind of record that a reason or a gap leads to; none for the site itself.
pub(super) fn kind_of(of: RecordRef) -> Option<RecordKind> {
    match of.kind {
        input::RecordKind::License => Some(RecordKind::License),
        input::RecordKind::Inspection => Some(RecordKind::Inspection),
        input::RecordKind::Complaint => Some(RecordKind::Complaint),
        input::RecordKind::Incident => Some(RecordKind::Incident),
        input::RecordKind::Site | input::RecordKind::Adjudication => None,
    }
}

fn label(kind: RecordKind, id: RecordId, records: &Records) -> Option<String> {
    match kind {
        RecordKind::License => records.licenses.get(&id).map(|it| it.number.clone()),
        RecordKind::Inspection => records.inspections.get(&id).map(|it| it.head.source_key.clone()),
        RecordKind::Complaint => records.complaints.get(&id).map(|it| it.head.source_key.clone()),
        RecordKind::Incident => records.incidents.get(&id).map(|it| it.head.source_key.clone()),
    }
}

fn gaps(score: &Score) -> Markup {
    html! {
        @if !score.gaps.is_empty() {
            h3 { "Not known" }
            ul.gaps { @for it in &score.gaps { li { (it.sentence()) } } }
        }
    }
}

/// The tier as the kit draws it.
pub fn mark(standing: Option<&Standing>) -> ui::Mark {
    use crate::scoring::rank::Tier;
    match standing.map(|it| it.tier) {
        Some(Tier::First) => ui::Mark::First,
        Some(Tier::Second) => ui::Mark::Next,
        Some(Tier::Third) => ui::Mark::Later,
        Some(Tier::NotScored) | None => ui::Mark::NotScored,
    }
}
