//! One line of time for all records, with a filter of kinds that is a row of links.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use maud::{Markup, html};

use super::{Entry, Records, Scope, Timeline, words};
use crate::clock::Moment;
use crate::complaints::Complaint;
use crate::incidents::Incident;
use crate::incidents::offenses::Offenses;
use crate::inspections::{Inspection, Violation};
use crate::licenses::License;
use crate::records::{Head, Linked, RecordId, RecordKind};
use crate::rights::Viewer;
use crate::sites::Site;
use crate::web::{format, ui};

/// So many violations are named in a row; the record's own page has all.
const MOST_VIOLATIONS: usize = 4;

/// What a row takes from its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub records: &'a Records,
    pub offenses: &'a Offenses,
    pub zone: Tz,
    pub scope: Scope,
    /// The day on which the page is read, where ends of terms are shown.
    pub today: Option<NaiveDate>,
    /// The sites that a record of a building may count for.
    pub sites: &'a [Site],
}

/// The card: filter, rows by year, paging.
pub(super) fn card(timeline: &Timeline, viewer: &Viewer, path: &str, context: Context<'_>) -> Markup {
    let link = |page: u64| address(path, &timeline.show, page);
    html! {
        section.card.timeline-card id="timeline" {
            header { h2 { "Timeline" } (toggles(timeline, path)) }
            (withheld(viewer))
            @if timeline.entries.is_empty() {
                p.meta { (nothing(timeline)) }
            } @else {
                (rows(&timeline.entries, context))
            }
            @if timeline.total() > Timeline::SIZE { (ui::paging(timeline.total(), timeline.page, Timeline::SIZE, link)) }
        }
    }
}

fn nothing(timeline: &Timeline) -> &'static str {
    if timeline.show.is_empty() { "No record is known." } else { "No record of these kinds is known." }
}

fn rows(entries: &[Entry], context: Context<'_>) -> Markup {
    let mut year = None;
    html! {
        ol.timeline {
            @for entry in entries {
                @let day = entry.occurred_at.day_in(&context.zone);
                @if year.replace(day.year()) != Some(day.year()) { (ui::timeline_year(day.year())) }
                (row(*entry, context))
            }
        }
    }
}

fn row(entry: Entry, context: Context<'_>) -> Markup {
    let (icon, title, meta) = match entry.kind {
        RecordKind::License if entry.term_end => {
            (ui::RecordIcon::License, context.records.licenses.get(&entry.id).map(|it| term_end(it, context)))
        }
        RecordKind::License => {
            (ui::RecordIcon::License, context.records.licenses.get(&entry.id).map(|it| license(it, context)))
        }
        RecordKind::Inspection => {
            let of = |it| inspection(it, context);
            (ui::RecordIcon::Inspection, context.records.inspections.get(&entry.id).map(of))
        }
        RecordKind::Complaint => (
            ui::RecordIcon::Complaint,
            context.records.complaints.get(&entry.id).map(|it| complaint(it, context)),
        ),
        RecordKind::Incident => (
            ui::RecordIcon::Incident,
            context.records.incidents.get(&entry.id).map(|it| incident(it, context)),
        ),
    }
    .unpack();
    let day = format::day_of_year(entry.occurred_at.day_in(&context.zone));
    html! { (ui::timeline_row(&ui::Event { day, record: icon, title, meta })) }
}

/// A record that vanished between two reads leaves a row without words.
trait Unpack {
    fn unpack(self) -> (ui::RecordIcon, Markup, Markup);
}

impl Unpack for (ui::RecordIcon, Option<(Markup, Markup)>) {
    fn unpack(self) -> (ui::RecordIcon, Markup, Markup) {
        let (title, meta) = self.1.unwrap_or_else(|| (html! { "Changed just now" }, html! {}));
        (self.0, title, meta)
    }
}

fn license(it: &License, context: Context<'_>) -> (Markup, Markup) {
    let title = format!("{}: {}", words::capitalized(&it.type_as_written), words::license(it.status));
    let title =
        if it.type_as_written.is_empty() { format!("License {}", words::license(it.status)) } else { title };
    let until = it.expires_on.map(|it| format!(" · until {}", format::day(it.day_in(&context.zone))));
    let meta =
        html! { (record_link(RecordKind::License, it.head.id, &it.number)) (until.unwrap_or_default()) };
    (title_link(RecordKind::License, it.head.id, &title), with_head(&meta, &it.head, &it.linked, context))
}

/// The last day of a term that no other follows.
fn term_end(it: &License, context: Context<'_>) -> (Markup, Markup) {
    let to_come = it.expires_on.zip(context.today).is_some_and(|(end, today)| end.day() >= today);
    let title = if to_come { "License runs out" } else { "License ran out" };
    let rest = if to_come { "no later term is known yet" } else { "no term is known that follows it" };
    let meta = html! { (record_link(RecordKind::License, it.head.id, &it.number)) " · " (rest) };
    (title_link(RecordKind::License, it.head.id, title), meta)
}

fn inspection(it: &Inspection, context: Context<'_>) -> (Markup, Markup) {
    let due = it.due_on.map(|it| format!("; reinspection due {}", format::day(it.day_in(&context.zone))));
    let due = due.unwrap_or_default();
    let title = format!("Inspection: {}{due}", words::outcome(it.outcome));
    let found = context.records.violations.get(&it.head.id).map(Vec::as_slice).unwrap_or_default();
    let reason = it.reason.as_deref().map(|it| format!(" · {it}")).unwrap_or_default();
    let meta = html! { (record_link(RecordKind::Inspection, it.head.id, &it.head.source_key)) (reason) };
    let meta = html! { (with_head(&meta, &it.head, &it.linked, context)) (violations(found)) };
    (title_link(RecordKind::Inspection, it.head.id, &title), meta)
}

fn violations(found: &[Violation]) -> Markup {
    html! {
        @for it in found.iter().take(MOST_VIOLATIONS) {
            span.found {
                (words::capitalized(words::severity(it.severity))) ", " (words::violation_state(it.state)) ": " (it.title)
            }
        }
        @if found.len() > MOST_VIOLATIONS { span.found { "and " (found.len() - MOST_VIOLATIONS) " more" } }
    }
}

fn complaint(it: &Complaint, context: Context<'_>) -> (Markup, Markup) {
    let who = if it.anonymous { "Anonymous complaint" } else { "Complaint" };
    let title = format!("{who}: {}", words::category(it.category));
    let meta = html! {
        (record_link(RecordKind::Complaint, it.head.id, &it.head.source_key))
        " · reliability " (ui::held_or_unknown(&it.reliability)) ", credibility " (ui::held_or_unknown(&it.credibility))
        " · " (words::complaint_state(it.state))
    };
    (title_link(RecordKind::Complaint, it.head.id, &title), with_head(&meta, &it.head, &it.linked, context))
}

fn incident(it: &Incident, context: Context<'_>) -> (Markup, Markup) {
    let title = format!("{}, {}", context.offenses.label(&it.offense), words::origin(it.origin));
    let meta = record_link(RecordKind::Incident, it.head.id, &it.head.source_key);
    (title_link(RecordKind::Incident, it.head.id, &title), with_head(&meta, &it.head, &it.linked, context))
}

/// The address of a record's page.
pub(super) fn record_address(kind: RecordKind, id: RecordId) -> String {
    format!("/{}/{id}", kind.plural())
}

fn title_link(kind: RecordKind, id: RecordId, words: &str) -> Markup {
    html! { a href=(record_address(kind, id)) { (words) } }
}

fn record_link(kind: RecordKind, id: RecordId, key: &str) -> Markup {
    // The title already links there; a second link to the same place would only be one more stop for the keyboard.
    html! { span.id data-record=(record_address(kind, id)) { (words::shortened(key)) } }
}

fn with_head(meta: &Markup, head: &Head, linked: &Linked, context: Context<'_>) -> Markup {
    html! {
        (meta)
        (certainty(linked, context))
        @if let Some(day) = recorded(head, context.zone) { " · " em { "recorded " (day) } }
    }
}

/// How the record hangs together with the site; in the timeline of a building also with which.
fn certainty(linked: &Linked, context: Context<'_>) -> Markup {
    let name = |id| context.sites.iter().find(|it| it.id == id).map_or("a site", |it| it.name.as_str());
    let share = |it: i64| format::coverage(it as f64 / 1000.0);
    let method = linked.link_method.as_deref();
    html! {
        @match (linked.site_id, method, context.scope) {
            (Some(_), Some(method), Scope::Site(_)) => {
                " · " (words::method(method)) " " b { (linked.certainty.map(share).unwrap_or_default()) }
            }
            (Some(site), Some(method), Scope::Building(_)) => {
                " · counts for " a href={ "/sites/" (site) } { (name(site)) } ": " (words::method(method)) " "
                b { (linked.certainty.map(share).unwrap_or_default()) }
            }
            (None, Some(_), _) => " · building only: counted 0",
            _ => " · linked to nothing",
        }
    }
}

/// The day on which it became known, where that is another than the day on which it happened.
pub(super) fn recorded(head: &Head, zone: Tz) -> Option<String> {
    let (occurred, recorded) = (head.occurred_at.day_in(&zone), head.recorded_at.day_in(&zone));
    (occurred != recorded).then(|| format::day(recorded))
}

/// A moment as people say it, with the time where it is known.
pub(super) fn moment(at: Moment, zone: Tz) -> String {
    match at {
        Moment::Day(day) => format::day(day),
        Moment::Instant(at) => format::day_and_time(at, &zone),
    }
}

fn toggles(timeline: &Timeline, path: &str) -> Markup {
    let toggles: Vec<ui::Toggle> = timeline
        .counts
        .iter()
        .map(|(kind, n)| ui::Toggle {
            href: address(path, &turned(timeline, *kind), 1),
            label: words::kind(*kind).to_owned(),
            sign: Some(ui::icon(icon(*kind))),
            count: Some(*n),
            on: timeline.show.is_empty() || timeline.show.contains(kind),
        })
        .collect();
    html! { div.push { (ui::toggles("Kinds of record", &toggles)) } }
}

/// The kinds that are shown after a click on one: it alone while all are shown, else it goes or comes.
fn turned(timeline: &Timeline, kind: RecordKind) -> Vec<RecordKind> {
    if timeline.show.is_empty() {
        return vec![kind];
    }
    let mut show: Vec<RecordKind> = timeline.show.iter().copied().filter(|it| *it != kind).collect();
    if show.len() == timeline.show.len() {
        show.push(kind);
    }
    show.sort_unstable();
    if timeline.counts.iter().all(|it| show.contains(&it.0)) { Vec::new() } else { show }
}

pub(super) fn icon(kind: RecordKind) -> ui::Icon {
    match kind {
        RecordKind::License => ui::Icon::License,
        RecordKind::Inspection => ui::Icon::Inspection,
        RecordKind::Complaint => ui::Icon::Complaint,
        RecordKind::Incident => ui::Icon::Incident,
    }
}

fn address(path: &str, show: &[RecordKind], page: u64) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !show.is_empty() {
        let kinds: Vec<&str> = show.iter().map(|it| it.as_str()).collect();
        query.append_pair("show", &kinds.join(","));
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { format!("{path}#timeline") } else { format!("{path}?{query}#timeline") }
}

/// The kinds that this viewer may not see: never silently missing.
fn withheld(viewer: &Viewer) -> Markup {
    let missing: Vec<RecordKind> =
        RecordKind::ALL.iter().copied().filter(|it| !viewer.may_see(it.resource())).collect();
    html! {
        @for kind in missing { p.row { (words::kind(kind)) " " (ui::withheld(viewer.class_of_rows(kind.resource()))) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(show: &[RecordKind]) -> Timeline {
        let counts = RecordKind::ALL.iter().map(|it| (*it, 3)).collect();
        Timeline { show: show.to_vec(), page: 1, counts, n_ends: 0, entries: Vec::new() }
    }

    #[test]
    fn a_click_on_a_kind_shows_it_alone_and_a_further_click_adds_another() {
        use RecordKind::{Complaint, Incident, Inspection, License};

        assert_eq!(turned(&timeline(&[]), Incident), [Incident]);
        assert_eq!(turned(&timeline(&[Incident]), License), [License, Incident]);
        assert_eq!(turned(&timeline(&[Incident]), Incident), []);
        assert_eq!(turned(&timeline(&[License, Inspection, Complaint]), Incident), []);
    }

    #[test]
    fn the_filter_is_all_in_the_address() {
        let show = [RecordKind::License, RecordKind::Incident];

        assert_eq!(address("/sites/x", &show, 2), "/sites/x?show=license%2Cincident&page=2#timeline");
        assert_eq!(timeline(&show).total(), 6);
    }
}
