//! The page of a finding: what the rule says, why, by which records and measurements, what is missing, what to do next, how
//! it changed, and what was said against it.

use chrono::NaiveDate;
use chrono_tz::Tz;
use maud::{Markup, html};

use super::dispute::{Dispute, Outcome};
use super::finding::Stored;
use super::finding::{Finding, Measurement};
use super::finding_views::{evidence, tag};
use super::measuring::{Distance, Within};
use super::pack::{Pack, Rule, Status};
use crate::clock::Moment;
use crate::sites::Site;
use crate::web::{format, ui};

/// What the page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// The site.
    pub site: &'a Site,
    /// None when no rule speaks of it on that day.
    pub finding: Option<&'a Finding>,
    /// The ids of pack and rule.
    pub key: (&'a str, &'a str),
    /// None when the rule is not in use any more.
    pub law: Option<(&'a Pack, &'a Rule)>,
    /// All versions, the newest first.
    pub history: &'a [Stored],
    /// All versions of its disputes, the newest first.
    pub disputes: &'a [Dispute],
    /// The past day that was asked for.
    pub as_of: Option<NaiveDate>,
    /// The exhibit.
    pub drawn: Option<Markup>,
    /// Whether the viewer may note facts and disputes.
    pub may_change: bool,
    /// The zone of days.
    pub zone: Tz,
}

impl Page<'_> {
    /// What the rule is called.
    pub fn title(&self) -> &str {
        self.law.map_or(self.key.1, |it| &it.1.title)
    }

    fn href(&self) -> String {
        format!("/sites/{}/findings/{}/{}", self.site.id, self.key.0, self.key.1)
    }

    /// The newest version of each dispute.
    fn current(&self) -> Vec<&Dispute> {
        let is_newest =
            |it: &&Dispute| !self.disputes.iter().any(|of| of.id == it.id && of.version > it.version);
        self.disputes.iter().filter(is_newest).collect()
    }
}

/// The whole content of the page.
pub fn show(page: &Page<'_>) -> Markup {
    let tags = html! {
        @if let Some(it) = page.finding { (tag(it.status)) }
        @for it in page.current() { (dispute_tag(it)) }
    };
    let actions = html! {
        @if page.may_change { (ui::secondary_link(&format!("{}/dispute", page.href()), "Dispute the finding", None)) }
        button.usa-button.neutral type="button" data-print hidden { "Print" }
    };
    html! {
        (ui::page_head(page.title(), &tags, &actions))
        p.lead { a href={ "/sites/" (page.site.id) } { (page.site.name) } " · " (page.site.code()) " · " (page.site.address) }
        @if let Some(day) = page.as_of { (ui::note(ui::Note::Info, &as_of(page, day))) }
        div.stack.one-finding {
            @match page.finding {
                Some(it) => { (said(page, it)) (missing(page, it)) (dated(it)) (measured(page, it)) }
                None => (ui::card("What is found", &html! { p { "No rule in use speaks of this site on that day." } })),
            }
            (law(page))
            (disputes(page))
            (history(page))
            (other_day(page))
        }
    }
}

fn dispute_tag(it: &Dispute) -> Markup {
    match it.outcome {
        Outcome::Open => {
            ui::tag(&format!("Disputed since {}", format::day(it.raised_on.day())), "line", None)
        }
        Outcome::SetAside => ui::tag("Set aside", "line", None),
        _ => html! {},
    }
}

fn as_of(page: &Page<'_>, day: NaiveDate) -> Markup {
    html! {
        p { b { "As of " (format::day(day)) "." } " What was known then, held against the rules of today; nothing of it is stored. " a href=(page.href()) { "As it stands now" } }
    }
}

fn said(page: &Page<'_>, it: &Finding) -> Markup {
    let rule = page.law.map(|law| law.1);
    let acts = matches!(it.status, Status::Violation | Status::Refer);
    ui::card(
        "What is found",
        &html! {
            p { (it.says) }
            @if let Some(since) = it.since { p.meta { "Since " (format::day(since)) } }
            @if !it.because.is_empty() {
                h3 { "Why an attorney is asked" }
                ul.points { @for why in &it.because { li { (why) } } }
            }
            @if let Some(rule) = rule.filter(|_| acts) {
                h3 { "Next" }
                p { (rule.next.as_deref().unwrap_or("Decide what to do")) span.meta { " · " (rule.by.label()) } }
            }
        },
    )
}

fn missing(page: &Page<'_>, it: &Finding) -> Markup {
    if it.missing.is_empty() {
        return html! {};
    }
    ui::card(
        "What is missing",
        &html! {
            p { "Nothing more can be said without:" }
            ul.points { @for piece in &it.missing { li { (piece) } } }
            @if page.may_change { p { a href={ "/sites/" (page.site.id) "/facts" } { "Note what rules ask for" } } }
        },
    )
}

/// The dated list that a notice needs, oldest first.
fn dated(it: &Finding) -> Markup {
    if it.evidence.is_empty() {
        return html! {};
    }
    let mut all: Vec<_> = it.evidence.iter().collect();
    all.sort_by_key(|it| it.on);
    let columns = ["Day", "What"].map(ui::Column::new);
    let rows = html! {
        @for piece in all {
            tr {
                th.name scope="row" { @match piece.on { Some(on) => (format::day(on)), None => "Not dated" } }
                td data-label="What" { (evidence(piece)) }
            }
        }
    };
    ui::card("Evidence by date", &ui::table("Evidence by date", &columns, &rows))
}

fn measured(page: &Page<'_>, it: &Finding) -> Markup {
    if it.measurements.is_empty() {
        return html! {};
    }
    let columns = [
        ui::Column::new("Place"),
        ui::Column::new("Method"),
        ui::Column::new("Distance").number(),
        ui::Column::new("At least").number(),
        ui::Column::new("Measured"),
        ui::Column::new("Within the limit"),
    ];
    let rows = html! {
        @for of in &it.measurements { @for distance in &of.distances { (measurement(of, distance)) } }
    };
    let exhibit = format!("{}/exhibit", page.href());
    ui::card(
        "Measurements",
        &html! {
            (ui::table("Measurements", &columns, &rows))
            @if let Some(drawn) = &page.drawn {
                figure.exhibit-figure { (drawn) }
                p { a href=(exhibit) { "Print the exhibit" } " · " a href={ (exhibit) ".svg" } { "Save it as a file (SVG)" } }
            }
        },
    )
}

fn measurement(of: &Measurement, it: &Distance) -> Markup {
    let within = match it.within {
        Within::Yes => "Within",
        Within::Open => "Not decided",
        Within::No => "Not within",
    };
    html! {
        tr {
            th.name scope="row" {
                @if let Some(place) = of.place { a href={ "/places/" (place) } { (of.name) } }
                @else if let Some(site) = of.site { a href={ "/sites/" (site) } { (of.name) } }
                @else { (of.name) }
            }
            td data-label="Method" { (it.method.label()) }
            td.number data-label="Distance" { (format::feet(it.feet)) }
            td.number data-label="At least" { (format::feet(it.least_feet)) }
            td data-label="Measured" { "from " (it.from.label()) " to " (it.to.label()) }
            td data-label="Within the limit" { (within) " " (format::feet(of.limit_feet)) }
        }
    }
}

fn law(page: &Page<'_>) -> Markup {
    let Some((pack, rule)) = page.law else {
        return ui::card("The rule", &html! { p { "This rule is no longer among the rules in use." } });
    };
    ui::card(
        "The rule",
        &html! {
            blockquote.law-text { (rule.words) }
            p { a href={ "/rules/" (pack.id) "#" (rule.id) } { (pack.cite(rule)) } span.meta { " · " (pack.title) " · " (pack.status.label()) } }
            @for doubt in &rule.doubts { p.meta { (doubt) } }
        },
    )
}

fn disputes(page: &Page<'_>) -> Markup {
    if page.disputes.is_empty() {
        return html! {};
    }
    let columns = ["Day", "What", "Noted by"].map(ui::Column::new);
    let newest: Vec<_> = page.current();
    let rows = html! {
        @for it in page.disputes {
            tr {
                th.name scope="row" { (day(if it.version == 1 { it.raised_on } else { it.recorded_at }, page.zone)) }
                td data-label="What" {
                    @if it.version == 1 { "Raised by: " (it.raised_by.label()) } @else { (it.outcome.label()) }
                    @if let Some(note) = &it.note { p { (note) } }
                    @if page.may_change && newest.iter().any(|of| of.id == it.id && of.version == it.version) {
                        p { a href={ "/disputes/" (it.id) } { @if it.outcome == Outcome::Open { "Decide the dispute" } @else { "Change the outcome" } } }
                    }
                }
                td data-label="Noted by" { (it.noted_by) }
            }
        }
    };
    ui::card("Disputes", &ui::table("Disputes", &columns, &rows))
}

fn history(page: &Page<'_>) -> Markup {
    let columns = ["Known since", "Status", "What was found", "Rule pack"].map(ui::Column::new);
    let rows = html! {
        @for it in page.history {
            tr {
                th.name scope="row" {
                    (day(it.recorded_at, page.zone))
                    @if let Some(until) = it.superseded_at { span.meta { " until " (day(until, page.zone)) } }
                }
                td data-label="Status" { (tag(it.finding.status)) }
                td data-label="What was found" { (it.finding.says) }
                td data-label="Rule pack" { code { (it.finding.pack_hash.chars().take(12).collect::<String>()) } }
            }
        }
    };
    ui::card("Versions", &ui::table("Versions", &columns, &rows))
}

fn other_day(page: &Page<'_>) -> Markup {
    let value = page.as_of.map(|it| it.to_string()).unwrap_or_default();
    html! {
        form.as-of method="get" action=(page.href()) {
            (ui::field_date(ui::Field::new("as_of", "As of a past day").value(&value)))
            (ui::button("Show that day"))
        }
    }
}

fn day(it: Moment, zone: Tz) -> String {
    format::day(it.day_in(&zone))
}

/// The exhibit alone, to print.
pub fn exhibit(back: &str, drawn: &Markup) -> Markup {
    let actions = html! {
        (ui::secondary_link(&format!("{back}/exhibit.svg"), "Save as a file (SVG)", None))
        button.usa-button.neutral type="button" data-print hidden { "Print" }
    };
    html! {
        (ui::page_head("Exhibit", &html! {}, &actions))
        figure.exhibit-figure { (drawn) }
    }
}
