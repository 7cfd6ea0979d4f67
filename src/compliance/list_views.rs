//! The list of findings: the statuses as toggles with counts, the other filters, and a row of each.

use maud::{Markup, html};

use super::filter::ANY;
use super::filter::Filter;
use super::finding::Listed;
use super::finding_views::{row_at, sign};
use super::pack::Status;
use super::packs::Packs;
use crate::sites::Kinds;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::ui::{
    self, Field, Icon, Toggle, chip, empty_state, field_checkbox, field_hidden, field_select, field_text,
    icon, page_head, paging, quiet_link, secondary_link, toggles,
};

/// How many findings a page of the list has.
pub const PAGE: u32 = 50;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The findings of this page.
    pub findings: Vec<Listed>,
    /// How many of each status fit.
    pub counts: Vec<(Status, i64)>,
    /// This page, from 1.
    pub page: u32,
    /// The rules in use.
    pub packs: &'a Packs,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// Whether whoever looks may take the list out.
    pub may_export: bool,
}

impl List<'_> {
    fn is_on(&self, status: Status) -> bool {
        self.filter.statuses.contains(&status)
    }

    fn count(&self, status: Status) -> i64 {
        self.counts.iter().find(|it| it.0 == status).map_or(0, |it| it.1)
    }

    fn total(&self) -> i64 {
        let shown = |it: &&(Status, i64)| self.filter.statuses.is_empty() || self.is_on(it.0);
        self.counts.iter().filter(shown).map(|it| it.1).sum()
    }
}

/// The list.
pub fn list(list: &List<'_>) -> Markup {
    let total = list.total();
    let query = list.params.with("page", None);
    let actions = html! {
        (secondary_link("/rules", "Rules", Some(Icon::Scales)))
        @if list.may_export {
            (secondary_link(&format!("/findings.csv{query}"), "CSV", Some(Icon::Download)))
        }
    };
    html! {
        (page_head("Findings", &html! { span.meta { (format::count(total)) } }, &actions))
        p.lead { "Where records and rules of law do not agree, the gravest and oldest first. A finding is a reason to look, never a judgment." }
        (statuses(list))
        (filter(list))
        (chips(list))
        @if list.findings.is_empty() { (none(list)) } @else {
            section.card.of-findings aria-label="Findings" {
                ul.findings { @for it in &list.findings { (row(it, list)) } }
            }
            (paging(total.unsigned_abs(), list.page.into(), PAGE.into(), |n| list.params.with("page", Some(&n.to_string()))))
        }
    }
}

/// The statuses as toggles; with all of them off, none is left out.
fn statuses(list: &List<'_>) -> Markup {
    let toggle = |status: &Status| {
        let on = list.is_on(*status);
        let mut chosen: Vec<&str> =
            list.filter.statuses.iter().filter(|it| *it != status).map(|it| it.as_str()).collect();
        chosen.extend((!on).then_some(status.as_str()));
        let words = if chosen.is_empty() { ANY.to_owned() } else { chosen.join(",") };
        Toggle {
            href: list.params.with("status", Some(&words)),
            label: status.label().to_owned(),
            sign: sign(*status).map(icon),
            count: Some(list.count(*status)),
            on,
        }
    };
    let all: Vec<Toggle> = Status::ALL.iter().map(toggle).collect();
    toggles("Statuses", &all)
}

fn filter(list: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let mut packs = vec![("", "Any")];
    packs.extend(list.packs.iter().map(|it| (it.id.as_str(), it.title.as_str())));
    let mut kinds = vec![("", "Any")];
    kinds.extend(list.kinds.in_order());
    let mut rules = vec![("", "Any")];
    let pack = list.filter.pack.as_deref().and_then(|it| list.packs.get(it));
    rules.extend(pack.iter().flat_map(|it| &it.rules).map(|it| (it.id.as_str(), it.title.as_str())));
    html! {
        form.filter method="get" role="search" {
            (field_select(field("pack", "Law"), &packs))
            @if pack.is_some() { (field_select(field("rule", "Rule"), &rules)) }
            (field_text(field("city", "City")))
            (field_select(field("kind", "Kind of site"), &kinds))
            (field_checkbox(field("disputed", "Only disputed ones")))
            @if let Some(status) = list.params.get("status") { (field_hidden("status", status)) }
            (ui::button("Filter"))
            @if is_narrowed(list.filter) { (quiet_link("?", "Clear")) }
        }
    }
}

/// Whether anything but the statuses limits the list.
fn is_narrowed(filter: &Filter) -> bool {
    *filter != Filter { statuses: filter.statuses.clone(), ..Filter::default() }
}

/// A rule that is not in use any more stands in no select; its chip takes it away.
fn chips(list: &List<'_>) -> Markup {
    let gone = list.filter.pack.as_deref().filter(|it| list.packs.get(it).is_none());
    html! { @if let Some(pack) = gone { p.row { (chip(&format!("Law: {pack}"), &list.params.with("pack", None))) } } }
}

fn none(list: &List<'_>) -> Markup {
    let elsewhere: i64 = list.counts.iter().map(|it| it.1).sum();
    if elsewhere > 0 {
        let advice = format!("With every status there are {}.", format::count(elsewhere));
        let all = quiet_link(&list.params.with("status", Some(ANY)), "Show every status");
        return empty_state("No finding of these statuses.", &advice, &all);
    }
    if is_narrowed(list.filter) {
        let all = quiet_link("?", "Show all");
        return empty_state("No finding fits.", "Drop one of the filters, or all of them.", &all);
    }
    empty_state(
        "There are no findings.",
        "They are made when sites are held against the rules, which happens by itself when records come in.",
        &quiet_link("/rules", "Read the rules"),
    )
}

fn row(it: &Listed, list: &List<'_>) -> Markup {
    let finding = &it.stored.finding;
    let law = list.packs.rule(&finding.pack, &finding.rule);
    let site = it.stored.site_id;
    let named = html! {
        div.at-site {
            a href={ "/sites/" (site) } { (it.site_name) }
            span.meta {
                " " (list.kinds.label(&it.site_kind)) @if let Some(city) = &it.site_city { " · " (format::place(city)) }
            }
        }
    };
    row_at(finding, law, site, it.disputed, &named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::offenses::Offenses;
    use crate::knowledge::Library;

    fn shown(query: &str, counts: Vec<(Status, i64)>) -> String {
        let library = Library::open(None).unwrap();
        let (kinds, offenses) = (Kinds::read(&library).unwrap(), Offenses::read(&library).unwrap());
        let packs = Packs::read(&library, &kinds, &offenses).unwrap();
        let params = Params::parse(query.as_bytes());
        let filter = crate::compliance::filter::read(&params).unwrap();
        let (findings, page) = (Vec::new(), 1);
        let (packs, kinds, params, filter) = (&packs, &kinds, &params, &filter);
        list(&List { params, filter, findings, counts, page, packs, kinds, may_export: true }).into_string()
    }

    #[test]
    fn a_toggle_turns_its_status_over_and_keeps_the_rest() {
        let page = shown("pack=mn-617-242", vec![(Status::Unknown, 1_204)]);

        let more = "?pack=mn-617-242&amp;status=violation%2Crefer_to_attorney%2Cunknown";
        let less = "?pack=mn-617-242&amp;status=refer_to_attorney";
        assert!(page.contains(&format!(r#"href="{more}""#)), "{page}");
        assert!(page.contains(&format!(r#"href="{less}" aria-current="true""#)), "{page}");
        assert!(page.contains("1,204"), "{page}");
    }

    #[test]
    fn the_last_toggle_turned_off_leaves_nothing_out() {
        assert!(shown("status=violation", Vec::new()).contains(r#"href="?status=any""#));
    }

    #[test]
    fn an_empty_list_says_what_would_bring_something_back() {
        assert!(shown("", vec![(Status::Compliant, 3)]).contains("With every status there are 3."));
        assert!(shown("city=Nowhere", Vec::new()).contains("Drop one of the filters"));
        assert!(shown("", Vec::new()).contains("There are no findings."));
    }

    #[test]
    fn the_file_has_the_filter_of_the_page() {
        assert!(shown("kind=strip_club&page=3", Vec::new()).contains("/findings.csv?kind=strip_club"));
    }
}
