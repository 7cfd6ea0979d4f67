//! The list beside the map: its head with the counts, its rows, and what to do when nothing is there.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::words::{address, coverage, href, plain_mark, status_words, tier_mark, tier_number, to_i64, url};
use crate::scoring::rank::Tier;
use crate::sites::Site;
use crate::standing::Standing;
use crate::standing::dropped::{self, Dropped};
use crate::standing::filter::Filter;
use crate::standing::order::CHOICES;
use crate::web::format;
use crate::web::ui;

/// Sites without a point that are named below the list.
const MOST_WITHOUT_POINT: usize = 25;

/// A site as a row of the list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The site.
    pub site: &'a Site,
    /// What people call its kind.
    pub kind: &'a str,
    /// None where the viewer may not see standings.
    pub tier: Option<Tier>,
    /// None where the viewer may not see it, or there was no run yet.
    pub standing: Option<&'a Standing>,
    /// Whether business there has ended.
    pub closed: bool,
}

/// A past day, and how much of what counts then was reckoned from files of history.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    /// The day, at its end.
    pub day: NaiveDate,
    /// How many events counted.
    pub n_events: i64,
    /// How many of them came with a file of history.
    pub n_backfilled: i64,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Sites that fit the filter, wherever they are.
    pub total: usize,
    /// Of these, the ones without a point.
    pub without_point: Vec<Row<'a>>,
    /// How many of each tier fit the other filters; empty where the viewer may not see standings.
    pub tiers: Vec<(Tier, usize)>,
    /// Sites that fit and lie in the box.
    pub in_view: usize,
    /// The rows of this page.
    pub rows: Vec<Row<'a>>,
    /// Which page, from 1.
    pub page: usize,
    /// How many rows a page has.
    pub rows_a_page: usize,
    /// Whether there is no box.
    pub everywhere: bool,
    /// The word of the order, where one is chosen.
    pub sort: Option<String>,
    /// The past day that is shown.
    pub past: Option<AsOf>,
    /// When none fits anywhere: what could be dropped.
    pub dropped: Vec<Dropped>,
    /// How many sites there are, whatever the filter.
    pub stored: usize,
    /// The filter, for links.
    pub filter: Filter,
}

/// The list: its head with the counts, its rows, and the way to more.
pub fn list(list: &List<'_>) -> Markup {
    let counts: Vec<String> = list.tiers.iter().map(|(tier, n)| format!("{tier}:{n}")).collect();
    html! {
        div.list-head data-counts=(counts.join(" ")) data-in-view=(list.in_view) data-total=(list.total) {
            p { b { (format::count(to_i64(list.in_view))) } (in_view_words(list)) }
            (order(list))
        }
        @if let Some(past) = list.past { (as_of(past)) }
        @if list.rows.is_empty() { (nothing(list)) }
        ol.site-rows start=((list.page - 1) * list.rows_a_page + 1) { @for it in &list.rows { (row(it)) } }
        (more(list))
        @if !list.without_point.is_empty() && !list.everywhere { (without_point(&list.without_point)) }
    }
}

/// The select of the order belongs to the filter's form, so that it works without a script too.
fn order(list: &List<'_>) -> Markup {
    let chosen = list.sort.as_deref().unwrap_or_default();
    let choices = CHOICES.iter().filter(|(word, _)| *word != "-score" || !list.tiers.is_empty());
    html! {
        label.sort {
            span.meta { "Sort" } " "
            select.usa-select name="sort" form="filter" {
                @for (n, (word, words)) in choices.enumerate() {
                    option value=(if n == 0 { "" } else { word }) selected[*word == chosen] { (words) }
                }
            }
        }
    }
}

fn as_of(past: AsOf) -> Markup {
    let share = if past.n_events > 0 { past.n_backfilled as f64 / past.n_events as f64 } else { 0.0 };
    html! {
        p.as-of-note {
            b { "As known at the end of " (format::day(past.day)) "." } " "
            @if past.n_backfilled > 0 {
                (format::percent(share)) " of the records that count came with files of history: when they were known is reckoned."
            } @else {
                "Every record that counts says itself when it was recorded."
            }
        }
    }
}

fn in_view_words(list: &List<'_>) -> Markup {
    let noun = if list.in_view == 1 { " site" } else { " sites" };
    html! {
        (noun)
        @if !list.everywhere { " in view " span.meta { "of " (format::count(to_i64(list.total))) } }
    }
}

fn row(it: &Row<'_>) -> Markup {
    let at = it.site.point().map(|(lon, lat)| format!("{lon:.6},{lat:.6}"));
    html! {
        li.site-row data-id=(it.site.id) data-at=[at] data-tier=[it.tier.map(tier_number)] {
            span.mark aria-hidden="true" { (row_mark(it)) }
            div.text {
                p.line { a.name href={ "/sites/" (it.site.id) } aria-label=(spoken(it)) { (it.site.name) } " " span.kind { (it.kind) } }
                p.line.address { (address(it.site)) }
                p.line.why { (why(it)) }
            }
            div.figures { (figures(it.standing, it.tier.is_some())) }
        }
    }
}

/// `First, Larkfield Bodywork, 62 of 100, between 48 and 71`.
fn spoken(it: &Row<'_>) -> String {
    let name = &it.site.name;
    let Some(tier) = it.tier else { return name.clone() };
    let tier = ui::tier_name(tier_mark(tier));
    match it.standing.and_then(|it| Some((it.points?, it.low?, it.high?))) {
        Some((points, low, high)) => {
            let [points, low, high] = [points, low, high].map(|it| format::score(it.points()));
            format!("{tier}, {name}, {points} of 100, between {low} and {high}")
        }
        None => format!("{tier}, {name}"),
    }
}

fn row_mark(it: &Row<'_>) -> Markup {
    match it.tier {
        Some(tier) => ui::tier_mark(tier_mark(tier), it.standing.is_some_and(|it| it.borderline), it.closed),
        None => plain_mark(it.closed),
    }
}

fn why(it: &Row<'_>) -> Markup {
    let borderline = it.standing.is_some_and(|it| it.borderline);
    let headline = it.standing.and_then(|it| it.headline.as_deref());
    html! {
        @if borderline { span.borderline { "Borderline" } " · " }
        @match (headline, it.closed) {
            (_, true) => (status_words(it.site.status)),
            (Some(words), _) => (words),
            (None, _) if it.tier.is_none() => (status_words(it.site.status)),
            (None, _) => @match it.standing {
                Some(standing) if standing.points.is_some() => { "No reason on record: coverage " (coverage(standing.coverage)) }
                _ => "Nothing known yet that counts",
            }
        }
    }
}

fn figures(standing: Option<&Standing>, scores: bool) -> Markup {
    match standing.and_then(|it| Some((it.points?, it.low?, it.high?))) {
        Some((points, low, high)) => {
            let [points, low, high] = [points, low, high].map(crate::scoring::Centipoints::points);
            html! {
                b { (format::score(points)) }
                span.meta { (format::range(low, high)) }
                (ui::mini_score(points, low, high))
            }
        }
        None => html! { @if scores { b.none { "–" } span.meta { "not scored" } } },
    }
}

fn more(list: &List<'_>) -> Markup {
    let n_shown = (list.page - 1) * list.rows_a_page + list.rows.len();
    html! {
        @if list.page > 1 || n_shown < list.in_view {
            p.list-more {
                span { (format::count(to_i64(n_shown))) " of " (format::count(to_i64(list.in_view))) }
                @if list.page > 1 { a.usa-button.neutral data-page=(list.page - 1) href=(page_href(list, list.page - 1)) { "Previous" } }
                @if n_shown < list.in_view { a.usa-button.neutral data-page=(list.page + 1) href=(page_href(list, list.page + 1)) { "Next " (list.rows_a_page) } }
            }
        }
    }
}

/// Another page of the same list, in the same order and as of the same day.
fn page_href(list: &List<'_>, page: usize) -> String {
    let mut more = vec![("page", page.to_string())];
    more.extend(list.sort.iter().map(|it| ("sort", it.clone())));
    more.extend(list.past.iter().map(|it| ("as_of", it.day.to_string())));
    href("/map", &list.filter, more)
}

fn without_point(rows: &[Row<'_>]) -> Markup {
    let n = rows.len();
    html! {
        details.without-point {
            summary { (format::counted(to_i64(n), "site has", "sites have")) " no point on the map" }
            ul { @for it in rows.iter().take(MOST_WITHOUT_POINT) {
                li { a href={ "/sites/" (it.site.id) } { (it.site.name) } span.meta { " · " (address(it.site)) } }
            } }
            @if n > MOST_WITHOUT_POINT { p.meta { "and " (format::count(to_i64(n - MOST_WITHOUT_POINT))) " more" } }
        }
    }
}

/// Why nothing is there, and what to drop so that something comes back.
fn nothing(list: &List<'_>) -> Markup {
    html! {
        div.list-empty {
            @if list.stored == 0 && list.past.is_some() {
                p { "No site was known by then." }
            } @else if list.stored == 0 {
                p { "No site is stored yet." }
                p { a href="/imports/new" { "Import a register" } " or " a href="/sites/new" { "add a site" } "." }
            } @else if list.total == 0 {
                (drop_one(list))
            } @else {
                p { "No site that fits lies in this part of the map." }
                p { button.usa-button.neutral type="button" data-zoom="home" { "Show all " (format::count(to_i64(list.total))) } }
            }
        }
    }
}

/// Which filter to drop, and what comes back; the script takes the filter away in place, else the link does.
fn drop_one(list: &List<'_>) -> Markup {
    let (title, advice) = dropped::sentences(&list.dropped);
    html! {
        p { b { (title) } }
        p.meta { (advice) }
        div.row {
            @for it in list.dropped.iter().filter(|it| it.n_sites > 0) {
                a.usa-button.neutral data-drop=(it.name) href=(without(list, it.name)) {
                    "Without " (it.words) " (" (format::count(to_i64(it.n_sites))) ")"
                }
            }
            a.usa-button.quiet data-drop="all" href="/map" { "Show all " (format::count(to_i64(list.stored))) }
        }
    }
}

fn without(list: &List<'_>, name: &str) -> String {
    let fewer: Vec<_> =
        list.filter.pairs().into_iter().filter(|(it, _)| *it != name && *it != "bbox").collect();
    url("/map", fewer.into_iter().chain(list.past.iter().map(|it| ("as_of", it.day.to_string()))))
}
