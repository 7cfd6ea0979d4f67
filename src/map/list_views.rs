//! The list beside the map: its head with the counts, its rows, and what to do when nothing is there.

use maud::{Markup, html};

use super::form_views::{href, n_active};
use super::words::{address, coverage, plain_mark, status_words, tier_mark, tier_number, to_i64};
use crate::scoring::rank::Tier;
use crate::sites::Site;
use crate::standing::Standing;
use crate::standing::filter::Filter;
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
    /// The filter, for links.
    pub filter: Filter,
}

/// The list: its head with the counts, its rows, and the way to more.
pub fn list(list: &List<'_>) -> Markup {
    let counts: Vec<String> = list.tiers.iter().map(|(tier, n)| format!("{tier}:{n}")).collect();
    html! {
        div.list-head data-counts=(counts.join(" ")) data-in-view=(list.in_view) data-total=(list.total) {
            p { b { (format::count(to_i64(list.in_view))) } (in_view_words(list)) }
            span.meta { @if list.tiers.is_empty() { "By number" } @else { "By score" } }
        }
        @if list.rows.is_empty() { (nothing(list)) }
        ol.site-rows start=((list.page - 1) * list.rows_a_page + 1) { @for it in &list.rows { (row(it)) } }
        (more(list))
        @if !list.without_point.is_empty() && !list.everywhere { (without_point(&list.without_point)) }
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
                @if list.page > 1 { a.usa-button.neutral data-page=(list.page - 1) href=(href("/map", &list.filter, Some(list.page - 1))) { "Previous" } }
                @if n_shown < list.in_view { a.usa-button.neutral data-page=(list.page + 1) href=(href("/map", &list.filter, Some(list.page + 1))) { "Next " (list.rows_a_page) } }
            }
        }
    }
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
            @if list.total == 0 && n_active(&list.filter) == 0 {
                p { "No site is stored yet." }
                p { a href="/imports" { "Import a register" } " or " a href="/sites/new" { "add a site" } "." }
            } @else if list.total == 0 {
                p { "No site fits this filter." }
                p { a href="/map" { "Clear the filter" } }
            } @else {
                p { "No site that fits lies in this part of the map." }
                p { button.usa-button.neutral type="button" data-zoom="home" { "Show all " (format::count(to_i64(list.total))) } }
            }
        }
    }
}
