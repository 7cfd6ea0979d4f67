//! The pages of reopenings: proposals and decisions in words, without any score.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::form::Decision;
use super::{MOVED, State, Succession};
use crate::clock::Moment;
use crate::sites::{Kinds, Site};
use crate::web::filled::Typed;
use crate::web::{format, ui};

/// What is true of every proposal.
const CAUTION: &str = "A reopening is proposed from what two sites share on record. That proves nothing: it is a reason to \
    look. Only when a person has confirmed it does what was established at the first site stand in the dossier of the \
    second; complaints never do.";

/// A succession with both of its sites.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The succession.
    pub it: &'a Succession,
    /// The site that ended.
    pub from: &'a Site,
    /// Where it goes on.
    pub to: &'a Site,
}

/// What the list shows.
#[derive(Debug)]
pub struct List<'a> {
    /// Not decided.
    pub proposed: Vec<Pair<'a>>,
    /// Decided so.
    pub confirmed: Vec<Pair<'a>>,
    /// Decided so.
    pub rejected: Vec<Pair<'a>>,
    /// Whether the viewer may have the catalog looked through.
    pub may_look: bool,
    /// The day as of which it shows what was known.
    pub as_of: Option<Moment>,
    /// The zone of times.
    pub zone: Tz,
}

/// The list.
pub fn list(list: &List<'_>, kinds: &Kinds) -> Markup {
    let look = html! {
        @if list.may_look {
            form method="post" action="/reopenings/look" { (ui::button("Look for reopenings")) }
        }
    };
    let beside =
        html! { @if let Some(day) = list.as_of { span.meta { "as known on " (format::day(day.day())) } } };
    html! {
        (ui::page_head("Reopenings", &beside, &look))
        (ui::note(ui::Note::Info, &html! { (CAUTION) }))
        @if list.proposed.is_empty() && list.confirmed.is_empty() && list.rejected.is_empty() {
            (ui::empty_state("No reopening is proposed", "Have the catalog looked through when sites have closed, licenses have run out, or parties were added.", &html! {}))
        } @else {
            (table("To decide", &list.proposed, kinds, list.zone))
            (table("Confirmed", &list.confirmed, kinds, list.zone))
            (table("Rejected", &list.rejected, kinds, list.zone))
        }
    }
}

fn table(title: &str, pairs: &[Pair<'_>], kinds: &Kinds, zone: Tz) -> Markup {
    let columns = ["Ended", "Goes on as", "Days between", "Why", "Decision"].map(ui::Column::new);
    let rows = html! { @for it in pairs { (row(it, kinds, zone)) } };
    let count = html! { span.meta { (format::counted(pairs.len() as i64, "reopening", "reopenings")) } };
    html! {
        @if !pairs.is_empty() { (ui::card_with(title, &count, &ui::table(title, &columns, &rows))) }
    }
}

fn row(pair: &Pair<'_>, kinds: &Kinds, zone: Tz) -> Markup {
    html! {
        tr {
            th.name scope="row" { (site(pair.from, kinds)) }
            td data-label="Goes on as" { (site(pair.to, kinds)) }
            td data-label="Days between" { (days(pair.it)) }
            td data-label="Why" { (reasons(pair.it)) }
            td data-label="Decision" {
                a href={ "/reopenings/" (pair.it.id) } {
                    @if pair.it.state == State::Proposed { "Decide" } @else { "See the decision" }
                }
                div.meta { (decided(pair.it, zone)) }
            }
        }
    }
}

fn site(it: &Site, kinds: &Kinds) -> Markup {
    html! {
        a href={ "/sites/" (it.id) } { (it.name) }
        div.meta { (it.city.as_deref().map_or("city not known".to_owned(), format::place)) " · " (kinds.label(&it.kind)) " · " (it.status.label().to_lowercase()) }
    }
}

/// The time between, in words.
pub fn days(it: &Succession) -> Markup {
    html! {
        @match it.days {
            Some(days @ 0..) => (format::counted(days, "day", "days")),
            Some(days) => { "opened " (format::counted(-days, "day", "days")) " before the other ended" },
            None => (ui::unknown()),
        }
    }
}

fn reasons(it: &Succession) -> Markup {
    let told = it.evidence().sentences();
    html! {
        @if it.model == MOVED { "the catalog says that it moved there" }
        @if !told.is_empty() { ul.plain { @for it in &told { li { (it) } } } }
    }
}

/// Who decided, when and what; how likely it is where nobody has.
fn decided(it: &Succession, zone: Tz) -> Markup {
    let when = it.decided_at.map(|it| format::day(it.day_in(&zone)));
    html! {
        @match (it.state, &it.decided_name, when) {
            (State::Proposed, None, _) => { (it.likelihood()) },
            (State::Proposed, Some(name), Some(when)) => { "taken back by " (name) ", " (when) },
            (state, Some(name), Some(when)) => { (state.label()) " by " (name) ", " (when) },
            (state, _, _) => (state.label()),
        }
    }
}

/// One succession; with the form for who may decide.
pub fn show(
    pair: &Pair<'_>,
    versions: &[Succession],
    form: Option<Typed<'_>>,
    kinds: &Kinds,
    zone: Tz,
) -> Markup {
    let title = format!("{} → {}", pair.from.name, pair.to.name);
    html! {
        (ui::page_head(&title, &ui::tag(pair.it.state.label(), "line", None), &html! {}))
        (ui::note(ui::Note::Info, &html! { (CAUTION) }))
        div.split {
            div.stack {
                (ui::card("Side by side", &side_by_side(pair, kinds)))
                (ui::card("Why it is proposed", &html! { (reasons(pair.it)) p.meta { "Time between: " (days(pair.it)) } }))
            }
            div.stack {
                @if let Some(form) = form { (decide(pair.it, form)) }
                (ui::card("What was decided", &history(versions, zone)))
            }
        }
    }
}

fn side_by_side(pair: &Pair<'_>, kinds: &Kinds) -> Markup {
    let columns = ["", "Ended", "Goes on as"].map(ui::Column::new);
    let unknown = || "not known".to_owned();
    let day = |it: Option<Moment>| it.map_or_else(unknown, |it| format::day(it.day()));
    let both = |of: &dyn Fn(&Site) -> String| (of(pair.from), of(pair.to));
    let rows = [
        ("Kind", both(&|it| kinds.label(&it.kind).to_owned())),
        ("Address", both(&|it| it.address.clone())),
        ("City", both(&|it| it.city.as_deref().map_or_else(unknown, format::place))),
        ("Status", both(&|it| it.status.label().to_owned())),
        ("Opened", both(&|it| day(it.opened_on))),
        (
            "Ended",
            both(&|it| {
                day(it.closed_on.or(it.status_on.filter(|_| it.status != crate::sites::Status::Open)))
            }),
        ),
    ];
    let body = html! {
        tr {
            th.name scope="row" { "Name" }
            td data-label="Ended" { (site(pair.from, kinds)) }
            td data-label="Goes on as" { (site(pair.to, kinds)) }
        }
        @for (name, (from, to)) in rows {
            tr {
                th.name scope="row" { (name) }
                td data-label="Ended" { (from) }
                td data-label="Goes on as" { (to) }
            }
        }
    };
    ui::table("Side by side", &columns, &body)
}

fn decide(it: &Succession, form: Typed<'_>) -> Markup {
    let open = Decision::open_to(it);
    let body = html! {
        @if open.is_empty() {
            p { "The catalog says that the site moved, and where to. If that is wrong, edit the site." }
        } @else {
            (form.summary())
            form.stack method="post" action={ "/reopenings/" (it.id) } {
                (ui::field_hidden("version", &it.version.to_string()))
                @let options: Vec<(&str, &str)> = open.iter().map(|it| (it.as_str(), it.label())).collect();
                (ui::field_radios(form.field("decision", "Your decision").required(), &options))
                (form.free_text(form.field("why", "Why").hint("What you saw or know that decides it.").required()))
                div.form-actions { (ui::primary("Save the decision")) }
            }
        }
    };
    ui::card("Decide", &body)
}

fn history(versions: &[Succession], zone: Tz) -> Markup {
    html! {
        ol.versions {
            @for it in versions {
                li {
                    b { (format::day(it.recorded_at.day_in(&zone))) } " "
                    @match &it.decided_name {
                        Some(name) => { (it.state.label()) " by " (name) },
                        None if it.model == MOVED => { "confirmed by the catalog" },
                        None => { "proposed as " (it.likelihood()) },
                    }
                    @if let Some(why) = ui::held(&it.why) { ": " (why) }
                    span.meta { " · version " (it.version) }
                }
            }
        }
    }
}
