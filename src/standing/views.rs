//! The list of sites as a page.

use maud::{Markup, html};

use super::Standing;
use super::dropped::{self, Dropped};
use super::filter::Filter;
use super::snapshot::Count;
use crate::records::listing::{PAGE, page_link};
use crate::scoring::rank::Tier;
use crate::sites::{Kinds, Site, Status};
use crate::web::extract::Params;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, Icon, Mark, Sort, Toggle, empty_state, field_select, field_text, link_button,
    mini_score, page_head, paging, quiet_link, secondary_link, tag, tier_mark, tier_name, tier_sign, toggles,
    unknown,
};

/// A site and where it stands; no standing without the right to see it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The site.
    pub site: &'a Site,
    /// Where it stands.
    pub standing: Option<&'a Standing>,
}

/// One page of the list.
#[derive(Debug)]
pub struct List<'a> {
    /// Whether the viewer may see which sites go on elsewhere.
    pub reopenings: bool,
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// The tiers among the sites that fit the other filters; empty without the right to see standings.
    pub tiers: Vec<Count<Tier>>,
    /// The kinds that there are.
    pub of_kind: Vec<Count<String>>,
    /// The cities that there are.
    pub cities: Vec<Count<String>>,
    /// The counties that there are.
    pub counties: Vec<Count<String>>,
    /// The rows of this page.
    pub rows: Vec<Row<'a>>,
    /// How many fit.
    pub total: usize,
    /// How many there are.
    pub all: usize,
    /// This page, from 1.
    pub page: usize,
    /// When none fits: what could be dropped.
    pub without: Vec<Dropped>,
}

/// The mark of a tier.
pub fn mark(tier: Tier) -> Mark {
    match tier {
        Tier::First => Mark::First,
        Tier::Second => Mark::Next,
        Tier::Third => Mark::Later,
        Tier::NotScored => Mark::NotScored,
    }
}

/// The page.
pub fn list(list: &List<'_>) -> Markup {
    let beside = html! { span.meta { (format::count(list.total as i64)) } };
    let query = list.params.with("sort", None);
    let actions = html! {
        @if list.reopenings { (secondary_link("/reopenings", "Reopenings", None)) }
        (secondary_link(&format!("/export/sites.csv{query}"), "CSV", Some(Icon::Download)))
        (secondary_link(&format!("/export/sites.geojson{query}"), "GeoJSON", Some(Icon::Download)))
        (secondary_link("/unlisted", "Not listed", None))
        (link_button("/sites/new", "Add a site"))
    };
    html! {
        (page_head("Sites", &beside, &actions))
        (tiers(list))
        (filter(list))
        @if list.rows.is_empty() { (empty(list)) } @else {
            (table(list))
            (paging(list.total as u64, list.page as u64, PAGE.into(), |n| page_link(list.params, n)))
        }
    }
}

/// The tiers as toggles with marks and counts; they teach the legend.
fn tiers(list: &List<'_>) -> Markup {
    let toggle = |(tier, n): &Count<Tier>| {
        let on = list.filter.tiers.contains(tier);
        let mut tiers: Vec<Tier> = list.filter.tiers.iter().copied().filter(|it| it != tier).collect();
        tiers.extend((!on).then_some(*tier));
        let words: Vec<&str> = tiers.iter().map(|it| it.as_str()).collect();
        Toggle {
            href: list.params.with("tier", (!words.is_empty()).then(|| words.join(",")).as_deref()),
            label: tier_name(mark(*tier)).to_owned(),
            sign: Some(tier_sign(mark(*tier))),
            count: Some(*n as i64),
            on,
        }
    };
    let all: Vec<Toggle> = list.tiers.iter().map(toggle).collect();
    html! { @if !all.is_empty() { (toggles("Tiers", &all)) } }
}

fn filter(list: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let counted =
        |(name, n): &Count<String>| (name.clone(), format!("{name} ({})", format::count(*n as i64)));
    let kind = |(word, n): &Count<String>| {
        (word.clone(), format!("{} ({})", list.kinds.label(word), format::count(*n as i64)))
    };
    let with_any = |options: Vec<(String, String)>| {
        let mut all = vec![(String::new(), "Any".to_owned())];
        all.extend(options);
        all
    };
    let status = |it: Status| (it.to_string(), it.label().to_owned());
    html! {
        form.filter method="get" role="search" {
            (field_text(field("q", "Name, address or number")))
            (field_select(field("kind", "Kind"), &with_any(list.of_kind.iter().map(kind).collect())))
            (field_select(field("status", "Status"), &with_any(Status::given().map(status).collect())))
            (field_select(field("city", "City"), &with_any(list.cities.iter().map(counted).collect())))
            (field_select(field("county", "County"), &with_any(list.counties.iter().map(counted).collect())))
            (field_select(field("point", "Point"), &[("", "Any"), ("none", "Without a point")]))
            @for name in ["tier", "sort", "bbox"] {
                @let values: Vec<&str> = list.params.list(name).collect();
                @if !values.is_empty() { (ui::field_hidden(name, &values.join(","))) }
            }
            (ui::button("Filter"))
            @if !list.filter.is_empty() || list.params.get("point").is_some() { (quiet_link("/sites", "Clear")) }
        }
    }
}

fn table(list: &List<'_>) -> Markup {
    let now = list.params.get("sort").unwrap_or("-score");
    let head = |column: Column, by: &str, first_down: bool| {
        let down = format!("-{by}");
        let (sort, next) = match now {
            it if it == by => (Some(Sort::Up), down),
            it if it == down => (Some(Sort::Down), by.to_owned()),
            _ => (None, if first_down { down } else { by.to_owned() }),
        };
        column.sort(list.params.with("sort", Some(&next)), sort)
    };
    let scored = !list.tiers.is_empty();
    let mut columns = vec![
        head(Column::new("Site"), "name", false),
        head(Column::new("Kind"), "kind", false),
        head(Column::new("Where"), "city", false),
        Column::new("Status"),
    ];
    if scored {
        columns.push(head(Column::new("Score").number(), "score", true));
        columns.push(Column::new("Why"));
    }
    ui::table("Sites", &columns, &html! { @for it in &list.rows { (row(it, list.kinds, scored)) } })
}

fn row(it: &Row<'_>, kinds: &Kinds, scored: bool) -> Markup {
    let site = it.site;
    let closed = matches!(site.status, Status::Closed | Status::Moved);
    let tier = it.standing.map_or(Tier::NotScored, |it| it.tier);
    html! {
        tr {
            th.name scope="row" {
                @if scored { (tier_mark(mark(tier), it.standing.is_some_and(|it| it.borderline), closed)) " " }
                a href={ "/sites/" (site.id) } { (site.name) }
                div.meta { (site.code()) }
            }
            td data-label="Kind" { (kinds.label(&site.kind)) }
            td data-label="Where" {
                (site.address)
                div.meta {
                    (site.city_area.as_ref().or(site.city.as_ref()).map_or("city not known", String::as_str))
                    @if site.point().is_none() { " · without a point" }
                }
            }
            td data-label="Status" { (status(site.status)) }
            @if scored {
                td.num data-label="Score" { (score(it.standing)) }
                td data-label="Why" { (it.standing.and_then(|it| it.headline.as_deref()).unwrap_or_default()) }
            }
        }
    }
}

fn status(status: Status) -> Markup {
    match status {
        Status::Unknown => unknown(),
        Status::Open => tag(status.label(), "ok", Some(Icon::Check)),
        Status::Closed | Status::Moved | Status::Merged => tag(status.label(), "line", Some(Icon::Close)),
    }
}

/// The score with its interval; never one without the other.
fn score(standing: Option<&Standing>) -> Markup {
    let known = standing.and_then(|it| Some((it.points?.points(), it.low?.points(), it.high?.points())));
    match known {
        Some((points, low, high)) => html! {
            b { (format::score(points)) } " [" (format::range(low, high)) "] " (mini_score(points, low, high))
        },
        None => html! { span.meta { "not scored" } },
    }
}

/// No site fits: which filter to drop and what comes back.
fn empty(list: &List<'_>) -> Markup {
    if list.all == 0 {
        return empty_state(
            "There are no sites yet.",
            "They come with a register of premises, or are added one by one.",
            &html! { (link_button("/imports/new", "Import a file")) (secondary_link("/sites/new", "Add a site", Some(Icon::Add))) },
        );
    }
    let (title, advice) = dropped::sentences(&list.without);
    empty_state(
        &title,
        &advice,
        &html! {
            @for it in list.without.iter().filter(|it| it.n_sites > 0) {
                (secondary_link(&list.params.with(it.name, None), &format!("Without {} ({})", it.words, it.n_sites), None))
            }
            (quiet_link("/sites", &format!("Show all {}", format::count(list.all as i64))))
        },
    )
}
