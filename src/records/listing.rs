//! Lists of records of any kind: filter, table, paging, and what to do when nothing fits.

use maud::{Markup, html};

use super::{Filter, Head, LinkState, Linked, Place, RecordId, RecordKind, SiteId};
use crate::web::extract::Params;
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::ui::{
    self, Column, Field, Icon, Sort, empty_state, field_date, field_select, field_text, page_head, paging,
    quiet_link, secondary_link, tag, unknown,
};

/// How many rows a page of a list has.
pub const PAGE: u32 = 50;

/// One record as a list shows it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub id: RecordId,
    /// The day, as shown.
    pub day: String,
    /// What it is, in words: a license's type and number, an outcome, a category, an offense.
    pub title: String,
    /// The business as the record names it; none where the kind has no name.
    pub name: Option<String>,
    /// The state of the record in words: a license's status, a complaint's state; none where the title says it.
    pub state: Option<String>,
    /// Where, as written.
    pub place: Place,
    /// The source and its key.
    pub source: String,
    /// Its link.
    pub linked: Linked,
    /// Code and name of the site that it links to.
    pub site: Option<(SiteId, String)>,
}

impl Row {
    /// When, where and from where; what it is comes from its kind, and the site's name from the list.
    pub fn of(head: &Head, place: Place, linked: Linked, frame: &Frame) -> Self {
        Self {
            id: head.id,
            day: format::day(head.occurred_at.day_in(&frame.zone)),
            title: String::new(),
            name: None,
            state: None,
            place,
            source: format!("{} {}", head.source, head.source_key),
            linked,
            site: None,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Which kind.
    pub kind: RecordKind,
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The words of the facet and what people call them; empty when there is nothing to choose.
    pub facets: Vec<(String, String)>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// How many fit the filter.
    pub total: i64,
    /// How many there are without any filter.
    pub all: i64,
    /// This page, from 1.
    pub page: u32,
}

/// The number of the page that a URL asks for, from 1; what is no number is the first.
pub fn page_of(params: &Params) -> u32 {
    params.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1)
}

/// The list.
pub fn list(list: &List<'_>) -> Markup {
    let count = format::count(list.total);
    let export = format!("/export/{}.csv{}", list.kind.plural(), list.params.with("page", None));
    let actions = html! {
        (secondary_link(&export, "CSV", Some(Icon::Download)))
        (secondary_link(&export.replace(".csv", ".geojson"), "GeoJSON", Some(Icon::Download)))
    };
    html! {
        (page_head(heading(list.kind), &html! { span.meta { (count) } }, &actions))
        (filter(list))
        @if list.rows.is_empty() { (empty(list)) } @else {
            (table(list))
            (paging(list.total.unsigned_abs(), list.page.into(), PAGE.into(), |n| page_link(list.params, n)))
        }
    }
}

/// The address of another page of the same list.
pub fn page_link(params: &Params, n: u64) -> String {
    params.with("page", Some(&n.to_string()))
}

/// The landing page of all records: how many of each kind there are, and how many places; none for who may not see these.
pub fn landing(counts: &[(RecordKind, i64, i64)], n_places: Option<i64>) -> Markup {
    html! {
        (page_head("Records", &html! {}, &html! {}))
        p.lead { "What registers, inspectors, citizens and police recorded. A record counts for a site only where it links to it." }
        div.table-wrap {
            table.usa-table."usa-table--borderless".cards.hover {
                caption.usa-sr-only { "Records by kind" }
                thead { tr { th scope="col" { "Kind" } th.num scope="col" { "Records" } th.num scope="col" { "Not linked" } } }
                tbody {
                    @for (kind, n, loose) in counts {
                        tr {
                            th.name scope="row" { a href={ "/records/" (kind.plural()) } { (heading(*kind)) } }
                            td.num data-label="Records" { (format::count(*n)) }
                            td.num data-label="Not linked" {
                                a href={ "/records/" (kind.plural()) "?linked=none" } { (format::count(*loose)) }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(n) = n_places {
            p {
                "Beside these: " a href="/places" { (format::counted(n, "sensitive place", "sensitive places")) }
                ", such as schools and parks, from which laws keep sites away."
            }
        }
    }
}

/// The kind in the plural, as a title.
pub fn heading(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::License => "Licenses",
        RecordKind::Inspection => "Inspections",
        RecordKind::Complaint => "Complaints",
        RecordKind::Incident => "Incidents",
    }
}

/// A stored word as people read it: `not_passed` is "Not passed".
pub fn words(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Stored words as a choice of the filter.
pub fn facets<W: std::fmt::Display>(all: &[W]) -> Vec<(String, String)> {
    all.iter().map(|it| (it.to_string(), words(&it.to_string()))).collect()
}

fn filter(list: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let mut links = vec![("", "Any")];
    links.extend(LinkState::ALL.iter().map(|it| (it.as_str(), it.label())));
    html! {
        form.filter method="get" role="search" {
            (field_text(field("q", "Name, address or number")))
            @if !list.facets.is_empty() {
                @let any = [(String::new(), "Any".to_owned())];
                (field_select(field("facet", facet_label(list.kind)), &any.into_iter().chain(list.facets.clone()).collect::<Vec<_>>()))
            }
            (field_text(field("city", "City")))
            (field_date(field("from", "From")))
            (field_date(field("to", "To")))
            (field_select(field("linked", "Link"), &links))
            (field_select(field("order", "Order"), &[("", "Newest first"), ("oldest", "Oldest first")]))
            @if let Some(site) = list.params.get("site") { (ui::field_hidden("site", site)) }
            (ui::button("Filter"))
            @if *list.filter != Filter::default() { (quiet_link("?", "Clear")) }
        }
    }
}

fn facet_label(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::License => "Status",
        RecordKind::Inspection => "Outcome",
        RecordKind::Complaint => "Category",
        RecordKind::Incident => "Offense",
    }
}

fn table(list: &List<'_>) -> Markup {
    let newest = list.params.with("order", list.filter.oldest_first.then_some("newest").or(Some("oldest")));
    let sorted = if list.filter.oldest_first { Sort::Up } else { Sort::Down };
    let columns = [
        Column::new("What"),
        Column::new("Day").sort(newest, Some(sorted)),
        Column::new("Where"),
        Column::new("Site"),
        Column::new("Source"),
    ];
    ui::table(heading(list.kind), &columns, &html! { @for it in &list.rows { (row(list.kind, it)) } })
}

fn row(kind: RecordKind, it: &Row) -> Markup {
    let place: Vec<&str> =
        [&it.place.address, &it.place.city].into_iter().flatten().map(String::as_str).collect();
    html! {
        tr {
            th.name scope="row" {
                a href={ "/" (kind.plural()) "/" (it.id) } { @if it.title.is_empty() { (kind.as_str()) } @else { (it.title) } }
                @if let Some(state) = &it.state { " " (tag(state, "line", None)) }
                @if let Some(name) = it.name.as_ref().filter(|it| !it.is_empty()) { div.meta { (name) } }
            }
            td.tabular data-label="Day" { (it.day) }
            td data-label="Where" {
                @if place.is_empty() { (unknown()) } @else { (place.join(", ")) }
                @if it.place.lon.is_none() { div.meta { "no point" } }
            }
            td data-label="Site" { (link(it)) }
            td.meta data-label="Source" { (it.source) }
        }
    }
}

/// The site a record counts for, and how sure that is.
fn link(it: &Row) -> Markup {
    let certainty = it.linked.certainty.map(|it| format::coverage(it as f64 / 1000.0));
    let how = it.linked.link_method.as_deref().map(words).unwrap_or_default();
    html! {
        @match (&it.site, &it.linked.link_method) {
            (Some((id, name)), _) => {
                a href={ "/sites/" (id) } { (name) }
                div.meta { (how) @if let Some(certainty) = certainty { ", " (certainty) } }
            }
            (None, Some(_)) => span.meta { "building only: counted 0" },
            (None, None) => span.meta { "not linked" },
        }
    }
}

/// Nothing fits: which filter to drop, and how to get all of them back.
fn empty(list: &List<'_>) -> Markup {
    let names = ["q", "facet", "city", "from", "to", "linked", "site", "bbox"];
    let kind = list.kind.plural();
    let active: Vec<&str> = names.into_iter().filter(|it| list.params.get(it).is_some()).collect();
    if list.all == 0 {
        return empty_state(
            &format!("There are no {kind} yet."),
            "They come with an import, or are recorded on the page of a site.",
            &ui::link_button("/imports/new", "Import a file"),
        );
    }
    empty_state(
        &format!("None of the {} {kind} fits.", format::count(list.all)),
        "Drop one of the filters, or all of them.",
        &html! {
            @for name in &active {
                (secondary_link(&list.params.with(name, None), &format!("Without {}", dropped(list.kind, name)), None))
            }
            (quiet_link("?", &format!("Show all {}", format::count(list.all))))
        },
    )
}

fn dropped(kind: RecordKind, name: &str) -> String {
    match name {
        "q" => "the search words".to_owned(),
        "facet" => facet_label(kind).to_lowercase(),
        "from" => "the first day".to_owned(),
        "to" => "the last day".to_owned(),
        "bbox" => "the map's view".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(params: &Params, rows: Vec<Row>) -> String {
        let filter = Filter::parse(params).unwrap();
        let (total, kind) = (rows.len() as i64, RecordKind::License);
        list(&List { kind, params, filter: &filter, facets: Vec::new(), rows, total, all: 1_234, page: 1 })
            .into_string()
    }

    #[test]
    fn an_empty_list_says_which_filter_to_drop() {
        let params = Params::parse(b"q=nothing&city=Eagan");

        let page = shown(&params, Vec::new());

        assert!(
            page.contains(r#"href="?city=Eagan""#) && page.contains("Without the search words"),
            "{page}"
        );
        assert!(page.contains("Show all 1,234"));
    }

    #[test]
    fn a_record_without_link_stays_visible_and_what_a_source_wrote_is_escaped() {
        let row = Row {
            id: RecordId::of_source("test", "1"),
            day: "Nov 2, 2026".to_owned(),
            title: "<b>L-1</b>".to_owned(),
            name: Some("A & B".to_owned()),
            state: None,
            place: Place::unknown(),
            source: "register".to_owned(),
            linked: Linked::none(),
            site: None,
        };

        let page = shown(&Params::default(), vec![row]);

        assert!(page.contains("&lt;b&gt;L-1&lt;/b&gt;") && page.contains("A &amp; B"), "{page}");
        assert!(page.contains("not linked") && page.contains("no point"));
    }
}
