//! The map page as markup: filter, list, frame of the map, and the panel of a site.

use maud::{Markup, html};

use crate::records::SiteId;
use crate::scoring::input::RecordKind;
use crate::scoring::rank::Tier;
use crate::scoring::reason::Reason;
use crate::scoring::score::Score;
use crate::sites::{Site, Status};
use crate::standing::Standing;
use crate::standing::filter::Filter;
use crate::web::assets;
use crate::web::format;
use crate::web::ui::{self, Icon, Mark, icon};

/// Where the map begins when no site has a point: Minnesota.
const MINNESOTA: [f64; 4] = [-97.24, 43.5, -89.5, 49.4];
/// The reasons that the panel shows; the dossier has all.
const MOST_REASONS: usize = 4;
/// Sites without a point that are named below the list.
const MOST_WITHOUT_POINT: usize = 25;

/// What the selects of the filter offer.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Words and labels.
    pub kinds: Vec<(String, String)>,
    /// Names.
    pub cities: Vec<String>,
    /// Names.
    pub counties: Vec<String>,
}

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
}

/// The page's whole content.
pub fn map(
    choices: &Choices,
    filter: &Filter,
    list: &List<'_>,
    home: Option<[f64; 4]>,
    streets: bool,
) -> Markup {
    html! {
        div.map-app #map-app data-tab="map" data-sheet="peek" {
            div.map-tabs role="group" aria-label="Show" {
                button type="button" data-tab-to="map" aria-pressed="true" { "Map" }
                button type="button" data-tab-to="list" aria-pressed="false" { "List" }
            }
            section.map-side aria-label="Filter and list" {
                button.sheet-handle type="button" aria-expanded="false" aria-controls="list" { span.usa-sr-only { "Show or hide the list" } }
                (form(choices, filter, list))
                div.map-list #list aria-live="off" { (self::list(list)) }
            }
            section.map-stage aria-label="Map" {
                (canvas(home, streets))
                (tools(filter))
                (legend(!list.tiers.is_empty()))
                div.map-foot {
                    span.scale #scale {} span #scale-words {}
                    span.credit { "Counties: Census · Places: GeoNames" @if streets { " · Streets: OpenStreetMap" } }
                }
                p.map-message #map-message role="status" hidden {}
            }
            aside.map-panel #panel aria-label="Selected site" hidden {}
        }
    }
}

/// The map itself; what its script must know stands in its data.
fn canvas(home: Option<[f64; 4]>, streets: bool) -> Markup {
    let edges = home.unwrap_or(MINNESOTA).map(|it| it.to_string()).join(",");
    html! {
        div.map-canvas #map data-home=(edges)
            data-maplibre=(assets::url("maplibre-gl.mjs"))
            data-counties=(assets::url("counties.geojson")) data-county-lines=(assets::url("county-lines.geojson"))
            data-county-labels=(assets::url("county-labels.geojson"))
            data-states=(assets::url("states.geojson")) data-towns=(assets::url("towns.geojson"))
            data-font-450=(assets::url("fonts/public-sans.woff2")) data-font-500=(assets::url("fonts/public-sans-500.woff2"))
            data-font-600=(assets::url("fonts/public-sans-600.woff2"))
            data-font-italic=(assets::url("fonts/public-sans-italic.woff2"))
            data-pmtiles-module=[streets.then(|| assets::url("pmtiles.mjs"))]
            data-pmtiles=[streets.then_some("/basemap.pmtiles")] {}
    }
}

fn tools(filter: &Filter) -> Markup {
    html! {
        div.map-tools {
            button.usa-button.neutral.filter-open type="button" aria-expanded="false" aria-controls="filter" {
                "Filter" span.n #filter-count { @if n_active(filter) > 0 { " " (n_active(filter)) } }
            }
            span.push {}
            button.usa-button.neutral #copy-link type="button" aria-label="Copy link to this view" {
                (icon(Icon::Link)) span.words { "Copy link" }
            }
            a.usa-button.neutral #export href=(href("/export/sites.geojson", filter, None)) aria-label="GeoJSON of what you see" {
                (icon(Icon::Download)) span.words { "GeoJSON of what you see" }
            }
        }
        div.map-zoom role="group" aria-label="Zoom" {
            button type="button" data-zoom="1" aria-label="Zoom in" { (icon(Icon::Add)) }
            button type="button" data-zoom="-1" aria-label="Zoom out" { svg.i viewBox="0 0 16 16" aria-hidden="true" { path d="M3 8h10" {} } }
            button type="button" data-zoom="home" aria-label="All sites" { (icon(Icon::Locate)) }
        }
    }
}

fn legend(tiers: bool) -> Markup {
    html! {
        div.map-legend {
            h3 { @if tiers { "Next hours" } @else { "Marks" } }
            ul {
                @if tiers {
                    @for it in Tier::ALL { li.tier { (sign(*it)) b { (ui::tier_name(tier_mark(*it))) } } }
                    li.minor { (ui::tier_mark(Mark::Next, true, false)) "Borderline" }
                } @else {
                    li { (plain_mark(false)) b { "Site" } }
                }
                li.minor { (plain_mark(true)) "Closed" }
                li.minor { (group_mark(tiers)) "Group" }
            }
        }
    }
}

fn form(choices: &Choices, filter: &Filter, list: &List<'_>) -> Markup {
    let it = &filter.sites;
    let statuses: Vec<(String, String)> =
        Status::ALL.iter().map(|it| (it.to_string(), status_words(*it).to_owned())).collect();
    let names = |all: &[String]| all.iter().map(|it| (it.clone(), it.clone())).collect::<Vec<_>>();
    let first = |all: &[String]| all.first().cloned().unwrap_or_default();
    let status = it.statuses.first().map(Status::to_string).unwrap_or_default();
    html! {
        form.map-filter #filter method="get" action="/map" {
            div.head {
                h2 { "Filter" }
                a.clear #clear href="/map" hidden[n_active(filter) == 0] { "Clear filter" }
                button.usa-button.quiet.filter-close type="button" aria-label="Close the filter" { (icon(Icon::Close)) }
            }
            div.find {
                (icon(Icon::Search))
                input.usa-input.active[it.text.is_some()] type="search" name="q" value=[it.text.as_deref()]
                    aria-label="Name, address or number in this list" placeholder="Name, address or number in this list" autocomplete="off";
            }
            (tiers(filter, list))
            div.selects {
                (select("kind", "Kind", "All kinds", &choices.kinds, &first(&it.kinds)))
                (select("status", "Status", "Any status", &statuses, &status))
                (select("city", "City", "All cities", &names(&choices.cities), it.city.as_deref().unwrap_or_default()))
                (select("county", "County", "All counties", &names(&choices.counties), it.county.as_deref().unwrap_or_default()))
            }
            noscript { button.usa-button type="submit" { "Show sites" } }
        }
    }
}

fn tiers(filter: &Filter, list: &List<'_>) -> Markup {
    let on = |tier: Tier| filter.tiers.is_empty() || filter.tiers.contains(&tier);
    html! {
        @if !list.tiers.is_empty() {
            fieldset.tiers {
                legend.usa-sr-only { "Tiers shown" }
                @for (tier, count) in &list.tiers {
                    label.tier {
                        input type="checkbox" name="tier" value=(tier) checked[on(*tier)];
                        (sign(*tier)) b data-count=(tier) { (format::count(to_i64(*count))) }
                        span { (ui::tier_name(tier_mark(*tier))) }
                    }
                }
            }
        }
    }
}

fn select(name: &str, label: &str, all: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        select.usa-select.active[!chosen.is_empty()] name=(name) aria-label=(label) {
            option value="" { (all) }
            @for (value, words) in options {
                option value=(value) selected[value.eq_ignore_ascii_case(chosen)] { (words) }
            }
        }
    }
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

/// The panel of one site.
pub fn panel(it: &Panel<'_>) -> Markup {
    let site = it.site;
    let at = site.point().map(|(lon, lat)| format!("{lon:.6},{lat:.6}"));
    html! {
        article.site-panel data-id=(site.id) data-at=[at] data-name=(site.name) data-tier=[it.tier.map(tier_number)] {
            header {
                div.top {
                    @if let Some(tier) = it.tier { (ui::tier_tag(tier_mark(tier))) }
                    span.meta { (place(it)) }
                    button.usa-button.quiet.icon.close type="button" data-close aria-label="Close the panel" { (icon(Icon::Close)) }
                }
                h2 tabindex="-1" { (site.name) }
                p.meta { (it.kind) " · " (status_words(site.status).to_lowercase()) " · " (site.code()) }
                p.meta { (address(site)) }
                div.row { a.usa-button href={ "/sites/" (site.id) } { "Open dossier " kbd { "↵" } } }
            }
            @if it.tier.is_some() { (scored(it)) }
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
        Status::Closed | Status::Moved => "Only open sites are ranked.",
        Status::Unknown => "Nobody has said whether it is open.",
    }
}

fn address(site: &Site) -> String {
    let written = plain(&site.address);
    let city = city(site).filter(|it| !written.contains(&plain(it)));
    match city {
        Some(city) if site.address.is_empty() => city.to_owned(),
        Some(city) => format!("{}, {city}", site.address),
        None if site.address.is_empty() => "Address not known".to_owned(),
        None => site.address.clone(),
    }
}

/// The city as written; where a source shouts `ST PAUL`, as the area is called.
fn city(site: &Site) -> Option<&str> {
    let area = site.city_area.as_deref();
    match site.city.as_deref() {
        Some(written) if area.is_some_and(|it| plain(it) == plain(written)) => area,
        Some(written) => Some(written),
        None => area,
    }
}

/// Letters and digits in lower case, to compare by.
fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn status_words(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::Closed => "Closed",
        Status::Moved => "Moved",
        Status::Unknown => "Status not known",
    }
}

fn tier_mark(tier: Tier) -> Mark {
    match tier {
        Tier::First => Mark::First,
        Tier::Second => Mark::Next,
        Tier::Third => Mark::Later,
        Tier::NotScored => Mark::NotScored,
    }
}

/// The tier as the script knows it; see [`super::json::marks`].
fn tier_number(tier: Tier) -> &'static str {
    super::json::tier(Some(tier))
}

/// The mark beside its word.
fn sign(tier: Tier) -> Markup {
    html! { span aria-hidden="true" { (ui::tier_mark(tier_mark(tier), false, false)) } }
}

/// The mark of a site whose tier is withheld, or of a closed one in the legend.
fn plain_mark(closed: bool) -> Markup {
    html! {
        svg.m width="18" height="18" viewBox="-10.5 -10.5 21 21" aria-hidden="true" {
            circle r="4.6" fill="#fff" stroke=(if closed { "#71767a" } else { "#3d4551" }) stroke-width="1.5" {}
            @if closed { path d="M-3.3 3.3 3.3-3.3" stroke="#71767a" stroke-width="1.5" {} }
        }
    }
}

fn group_mark(tiers: bool) -> Markup {
    html! {
        svg.m width="22" height="18" viewBox="-9.5 -10.5 25 21" aria-hidden="true" {
            circle r="8" fill="#fff" stroke="#3d4551" stroke-width="1.5" {}
            @if tiers { path d="M8-9.5 13-4.5 8 .5 3-4.5z" fill="#54278f" stroke="#fff" {} }
        }
    }
}

/// How many filters are active; the box of the view is none.
fn n_active(filter: &Filter) -> usize {
    let it = &filter.sites;
    let on = [
        it.text.is_some(),
        !it.kinds.is_empty(),
        !filter.tiers.is_empty(),
        !it.statuses.is_empty(),
        it.city.is_some(),
        it.county.is_some(),
    ];
    on.into_iter().filter(|it| *it).count()
}

fn href(path: &str, filter: &Filter, page: Option<usize>) -> String {
    let page = page.map(|it| ("page", it.to_string()));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(filter.pairs())
        .extend_pairs(page)
        .finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn coverage(thousandths: i64) -> String {
    format::coverage(thousandths as f64 / 1_000.0)
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

fn to_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
