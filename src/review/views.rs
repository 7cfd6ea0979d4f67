//! The queue at the left, one record beside the site that it may belong to at the right, and what can be decided below. No
//! score is shown here, and nothing that is made of one.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use maud::{Markup, html};

use super::compare::{self, Row};
use super::differences::Piece;
use super::{Case, Choice, Decision, Progress, QueueRow, drawing, href, likelihood, title};
use crate::linking::evidence::Level;
use crate::records::SiteId;
use crate::records::decisions::Verdict;
use crate::sites::{Kinds, Site, Status};
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{self, Icon, Note, field_hidden};

/// What of the candidates is chosen.
#[derive(Clone, Copy, Debug)]
pub enum Chosen<'a> {
    /// There is nothing to choose from.
    Nothing,
    /// A site.
    Site(&'a Choice),
    /// The building alone.
    Building,
}

/// All that the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The first of the queue.
    pub queue: &'a [QueueRow],
    /// How far the queue is.
    pub progress: Progress,
    /// The record that is open; none when nothing waits.
    pub case: Option<&'a Case>,
    /// The candidate that it is compared with.
    pub chosen: Chosen<'a>,
    /// Whether the viewer may decide.
    pub may_decide: bool,
    /// What the viewer decided last today.
    pub last: Option<&'a Decision>,
    /// What was decided just now.
    pub done: Option<&'a Decision>,
    /// What was undone just now.
    pub undone: Option<&'a Decision>,
    /// Whether a record was put off just now.
    pub put_off: bool,
    /// Whether somebody else decided meanwhile.
    pub is_overtaken: bool,
    /// The names of the sites that decisions are about.
    pub names: &'a HashMap<SiteId, String>,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// What was typed.
    pub form: Typed<'a>,
    /// The agency's zone.
    pub zone: Tz,
    /// The day there.
    pub today: NaiveDate,
}

impl<'a> Chosen<'a> {
    /// The one that an address names, else the first that is open.
    pub fn of(case: &'a Case, asked: Option<&str>) -> Self {
        if asked == Some("building") && case.building().is_some() {
            return Self::Building;
        }
        let named = asked.and_then(|it| case.choices.iter().find(|choice| choice.site.id.to_string() == it));
        match named.or_else(|| case.open_choices().next()) {
            Some(it) => Self::Site(it),
            None if case.building().is_some() => Self::Building,
            None => Self::Nothing,
        }
    }

    fn is(&self, choice: &Choice) -> bool {
        matches!(self, Self::Site(it) if it.site.id == choice.site.id)
    }
}

/// The whole content of the page.
pub fn desk(desk: &Desk<'_>) -> Markup {
    html! {
        div.review {
            (queue(desk))
            div.review-main {
                @match desk.case {
                    Some(case) => (record(desk, case)),
                    None => div.review-record {
                        (ui::empty_state("No link waits for you", "Every record that you may see is linked, or was decided by a person.", &html! {
                            (ui::secondary_link("/records", "All records", None))
                        }))
                        @if let Some(last) = desk.last { (undo_form(desk, last)) }
                    },
                }
            }
            (toast(desk))
        }
    }
}

fn queue(desk: &Desk<'_>) -> Markup {
    let it = desk.progress;
    let days = it.oldest.map(|at| (desk.today - at.day_in(&desk.zone)).num_days().max(0));
    html! {
        aside.review-queue aria-label="Waiting links" {
            header {
                h2 { "Unsure links" }
                p.meta {
                    (format::counted(it.n_waiting, "waits", "wait")) " for a person"
                    @if let Some(days) = days { ", oldest " (format::counted(days, "day", "days")) }
                }
                @let all = it.n_decided + it.n_waiting;
                @if all > 0 { progress aria-label="Decided today, of all" max=(all) value=(it.n_decided) {} }
                p.meta { (format::count(it.n_decided)) " decided today, " (format::count(it.n_undone)) " undone" }
            }
            ol {
                @for row in desk.queue { li { (queue_row(desk, row)) } }
            }
            @if it.n_waiting > desk.queue.len() as i64 {
                p.meta.more-waiting { "The first " (desk.queue.len()) " of them; the others follow." }
            }
        }
    }
}

fn queue_row(desk: &Desk<'_>, row: &QueueRow) -> Markup {
    let is_open = desk.case.is_some_and(|it| it.subject.key() == (row.kind, row.id));
    let what = if row.name.is_empty() { row.address.as_deref() } else { Some(row.name.as_str()) };
    let city = row.city.as_deref().map(format::place);
    let where_ = [what, city.as_deref()].into_iter().flatten().collect::<Vec<&str>>().join(" · ");
    html! {
        a href=(href(row.kind, row.id)) aria-current=[is_open.then_some("true")] {
            b { (title(row.kind, &row.label)) }
            span.probability { @if let Some(best) = row.candidates.first() { (share(best.probability)) } }
            span.meta { (where_) }
        }
    }
}

/// `.88`: of thousandths.
pub fn share(probability: i64) -> String {
    format::coverage(probability as f64 / 1_000.0)
}

fn record(desk: &Desk<'_>, case: &Case) -> Markup {
    html! {
        div.review-record {
            @if desk.is_overtaken { (overtaken(desk, case)) }
            (desk.form.summary())
            p.meta { (place_in_queue(desk, case)) }
            h1 { (question(desk, case)) }
            (answer(desk, case))
            @if let Chosen::Site(choice) = desk.chosen { (table(desk, case, choice)) }
            (candidates(desk, case))
            @if desk.may_decide { (ui::note(Note::Info, &consequences(case))) }
            div.review-below {
                (drawing::card(case))
                (history(desk, case))
            }
        }
        (acts(desk, case))
    }
}

fn place_in_queue(desk: &Desk<'_>, case: &Case) -> String {
    let at = desk.queue.iter().position(|it| (it.kind, it.id) == case.subject.key());
    let arrived = format::day(case.subject.head.recorded_at.day_in(&desk.zone));
    let source = &case.subject.head.source;
    match at {
        Some(at) => format!(
            "Record {} of {} · recorded {arrived} by {source}",
            at + 1,
            format::count(desk.progress.n_waiting)
        ),
        None if case.waits() => format!("Waiting · recorded {arrived} by {source}"),
        None => format!("Not in the queue · recorded {arrived} by {source}"),
    }
}

fn question(desk: &Desk<'_>, case: &Case) -> String {
    let title = case.subject.title();
    let title = format!("{}{}", title[..1].to_lowercase(), &title[1..]);
    match desk.chosen {
        Chosen::Site(it) => format!("Does {title} belong to {}?", it.site.name),
        Chosen::Building => format!("Does {title} belong to the building only?"),
        Chosen::Nothing => format!("Where does {title} belong?"),
    }
}

fn answer(desk: &Desk<'_>, case: &Case) -> Markup {
    html! {
        p.answer {
            @match desk.chosen {
                Chosen::Site(it) => {
                    @if let Some(probability) = it.probability { b { (likelihood(probability)) ", " (share(probability)) ". " } }
                    @match &it.evidence {
                        Some(evidence) => { (evidence.sentence()) " " }
                        None => "No model weighed the two; below is what both say. ",
                    }
                    @if case.waits() { "Such a pair FOCA does not link without a person." }
                }
                Chosen::Building => {
                    (format::counted(case.n_tenants as i64, "site", "sites")) " of the catalog " (if case.n_tenants == 1 { "stands" } else { "stand" }) " there. The record would count for none of them."
                }
                Chosen::Nothing => "No site of the catalog comes into question, and its address names no building.",
            }
        }
    }
}

fn table(desk: &Desk<'_>, case: &Case, choice: &Choice) -> Markup {
    let site = &choice.site;
    let rows = compare::rows(&case.subject, choice, desk.kinds);
    let known = &choice.known;
    html! {
        div.table-wrap.compare {
            table.usa-table."usa-table--borderless" {
                caption.usa-sr-only { "The record beside the site, field by field" }
                thead {
                    tr {
                        td {}
                        th scope="col" { "New record" span.meta { (case.subject.title()) ", " (case.subject.head.source) } }
                        th scope="col" { span.usa-sr-only { "How far they agree" } }
                        th scope="col" {
                            "Site " (site.code()) " " a href={ "/sites/" (site.id) } { "open" }
                            span.meta {
                                (format::counted(known.n_links, "link", "links"))
                                @if let Some(last) = known.last { ", last " (format::day(last.day_in(&desk.zone))) }
                            }
                        }
                        th.num scope="col" { "Weight" span.meta { "bits" } }
                        th scope="col" { "In words" }
                    }
                }
                tbody { @for row in &rows { (compared(row)) } }
            }
        }
    }
}

fn compared(row: &Row) -> Markup {
    let differs = row.level == Some(Level::Differs);
    html! {
        tr.differs[differs] {
            th scope="row" { (row.label) }
            td.value data-label="Record" { (marked(&row.record)) }
            td.level { (level(row.level)) }
            td.value data-label="Site" { (marked(&row.site)) }
            td.num.weight data-label="Bits" { (row.weight.map_or("–".to_owned(), bits)) }
            td.why { (row.words) }
        }
    }
}

fn marked(pieces: &[Piece]) -> Markup {
    html! {
        @if pieces.is_empty() { span.meta { "–" } }
        @for it in pieces {
            @if it.differs && it.text.is_empty() { mark.gap {} }
            @else if it.differs { mark { (it.text) } }
            @else { (it.text) }
        }
    }
}

fn level(level: Option<Level>) -> Markup {
    html! {
        @match level {
            Some(Level::Same) => span.agrees.same { (ui::icon(Icon::Check)) "Same" },
            Some(Level::Close) => span.agrees { span aria-hidden="true" { "≈" } "Close" },
            Some(Level::Partly) => span.agrees { span aria-hidden="true" { "≈" } "In part" },
            Some(Level::Differs) => span.agrees.other { span aria-hidden="true" { "≠" } "Differs" },
            Some(Level::Missing) | None => span.meta { "–" },
        }
    }
}

/// `+5.1`: of hundredths.
fn bits(weight: i32) -> String {
    format!("{:+.1}", f64::from(weight) / 100.0).replace('-', "−")
}

fn candidates(desk: &Desk<'_>, case: &Case) -> Markup {
    let base = case.subject.href();
    let open: Vec<&Choice> = case.open_choices().collect();
    let is_building = matches!(desk.chosen, Chosen::Building);
    html! {
        nav.candidates aria-label="Candidates" {
            @for (n, it) in open.iter().enumerate() {
                a.candidate href={ (base) "?site=" (it.site.id) } aria-current=[desk.chosen.is(it).then_some("true")]
                    data-key=[(n < 9).then_some(n + 1)] {
                    b { (it.site.name) }
                    span.probability { (it.probability.map_or("–".to_owned(), share)) }
                    span.meta { (whereabouts(&it.site)) }
                }
            }
            @if case.building().is_some() {
                a.candidate href={ (base) "?site=building" } aria-current=[is_building.then_some("true")]
                    data-key=[(open.len() < 9).then_some(open.len() + 1)] {
                    b { "Only the building" }
                    span.probability { "–" }
                    span.meta { (format::counted(case.n_tenants as i64, "tenant", "tenants")) "; then it counts for none" }
                }
            }
            @for it in case.choices.iter().filter(|it| it.is_out) {
                div.candidate.out { s { (it.site.name) } span.meta { "Ruled out by a person" } }
            }
        }
    }
}

fn whereabouts(site: &Site) -> String {
    let unit = site.unit.as_ref().filter(|it| !site.address.contains(it.as_str()));
    let unit = unit.map(|it| format!(", {it}")).unwrap_or_default();
    let closed = match (site.status, site.closed_on) {
        (Status::Closed, Some(day)) => format!(" · closed {}", day.day().format("%Y")),
        (Status::Closed, None) => " · closed".to_owned(),
        (Status::Moved, _) => " · moved".to_owned(),
        _ => String::new(),
    };
    format!("{}{unit}{closed}", site.address)
}

fn consequences(case: &Case) -> Markup {
    html! {
        b { "What happens then. " }
        "The " (case.subject.kind.as_str()) " joins the timeline of the site that you choose, and what follows from it is worked out again. "
        "What that changes is not shown here, so that it cannot sway you. You can undo at any time; both decisions stay in the log."
    }
}

fn history(desk: &Desk<'_>, case: &Case) -> Markup {
    html! {
        @if !case.decisions.is_empty() {
            section.card {
                header { h2 { "Decided so far" } }
                ul.decisions {
                    @for it in &case.decisions {
                        li {
                            b { (words(desk, it)) }
                            span.meta { " " (it.decided_name) ", " (when(desk, it.decided_at)) }
                            @if let Some(why) = &it.why { p { "“" (why) "”" } }
                            @if let Some(at) = it.undone_at { p.meta { "Undone " (when(desk, at)) } }
                            @else if desk.may_decide && case.in_force() == Some(it) && it.part_of.is_none() {
                                form method="post" action={ "/review/undo/" (it.id) } { (ui::quiet("Undo this")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn when(desk: &Desk<'_>, at: crate::clock::Moment) -> String {
    match at {
        crate::clock::Moment::Day(day) => format::day(day),
        crate::clock::Moment::Instant(at) => format::day_and_time(at, &desk.zone),
    }
}

fn words(desk: &Desk<'_>, it: &Decision) -> String {
    let name = it.site_id.and_then(|id| desk.names.get(&id)).map(String::as_str);
    it.words(name)
}

fn overtaken(desk: &Desk<'_>, case: &Case) -> Markup {
    let what = match case.in_force() {
        Some(it) => html! {
            p { (it.decided_name) " decided about it on " (when(desk, it.decided_at)) ": " b { (words(desk, it)) } "." }
        },
        None => html! { p { "Its link has changed since you opened it." } },
    };
    ui::note(
        Note::Error,
        &html! {
            b { "Not saved: this record was decided or linked anew meanwhile." }
            (what)
            p { "Below is how it stands now. Decide anew if that is not right." }
        },
    )
}

fn acts(desk: &Desk<'_>, case: &Case) -> Markup {
    let at = desk.queue.iter().position(|it| (it.kind, it.id) == case.subject.key());
    let beside = |step: isize| {
        let to = at.map_or(Some(0), |at| at.checked_add_signed(step))?;
        desk.queue.get(to).map(|it| href(it.kind, it.id))
    };
    html! {
        div.review-acts {
            @if desk.may_decide { (decision_form(desk, case)) }
            @else { p.meta { "You may see this but not decide. Ask whoever administers FOCA in your agency." } }
            div.row.push {
                @if let Some(href) = beside(-1) { a.usa-button.quiet.small href=(href) data-key="k" rel="prev" { "Previous " kbd { "K" } } }
                @if let Some(href) = beside(1) { a.usa-button.quiet.small href=(href) data-key="j" rel="next" { "Next " kbd { "J" } } }
                @if let Some(last) = desk.last.filter(|_| desk.may_decide) { (undo_form(desk, last)) }
            }
        }
    }
}

fn decision_form(desk: &Desk<'_>, case: &Case) -> Markup {
    let base = case.subject.href();
    let site = if let Chosen::Site(it) = desk.chosen { Some(it) } else { None };
    let verdict = |verdict: Verdict, label: &str, key: &str, class: &str| {
        html! {
            button class={ "usa-button " (class) } type="submit" name="verdict" value=(verdict) data-key=[(!key.is_empty()).then_some(key)] {
                (label) @if !key.is_empty() { " " kbd { (key.to_uppercase()) } }
            }
        }
    };
    html! {
        form.decide method="post" action=(base) {
            (field_hidden("seen", &case.seen()))
            @if let Some(it) = site { (field_hidden("site", &it.site.id.to_string())) }
            details.why open[desk.form.values.get("why").is_some() || desk.form.flaws.get("why").is_some()] {
                summary { "Say why" }
                (desk.form.free_line(desk.form.field("why", "Why").hint("Optional. No names of workers or guests.")))
            }
            div.row {
                @match desk.chosen {
                    Chosen::Site(_) => (verdict(Verdict::Link, "Same site", "s", "")),
                    Chosen::Building => (verdict(Verdict::Building, "Only the building", "s", "")),
                    Chosen::Nothing => {}
                }
                @if site.is_some_and(|it| !it.is_out) { (verdict(Verdict::NotThis, "Not this site", "d", "usa-button--outline")) }
                a.usa-button."usa-button--outline" href={ (base) "/new-site" } data-key="n" { "New site " kbd { "N" } }
                @if case.subject.linked.site_id.is_some() {
                    a.usa-button.neutral href={ (base) "/split" } data-key="p" { "Split " kbd { "P" } }
                }
                @if case.waits() {
                    button.usa-button.neutral type="submit" name="verdict" value="later" data-key="l" { "Decide later " kbd { "L" } }
                } @else if case.link.is_some() {
                    (verdict(Verdict::Unlink, "No site at all", "", "neutral"))
                }
            }
        }
    }
}

fn undo_form(desk: &Desk<'_>, last: &Decision) -> Markup {
    html! {
        form method="post" action={ "/review/undo/" (last.id) } {
            button.usa-button.quiet.small type="submit" data-key="u" title=(words(desk, last)) { "Undo my last " kbd { "U" } }
        }
    }
}

fn toast(desk: &Desk<'_>) -> Markup {
    html! {
        @if let Some(it) = desk.done {
            div.toast role="status" data-toast {
                (ui::icon(Icon::Check))
                span { (words(desk, it)) }
                @if desk.may_decide { form method="post" action={ "/review/undo/" (it.id) } { button type="submit" { "Undo" } } }
            }
        } @else if let Some(it) = desk.undone {
            (ui::toast(&format!("Undone: {}", words(desk, it))))
        } @else if desk.put_off {
            (ui::toast("Put off until tomorrow"))
        }
    }
}
