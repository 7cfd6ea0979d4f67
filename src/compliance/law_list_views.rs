//! The list of packs, by whose law they are.

use maud::{Markup, html};

use super::law_views::{COUNTED, Counts, door, legal};
use super::law_words as said;
use super::pack::{Legal, Level, Pack};
use crate::web::extract::Params;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, card, empty_state, field_select, field_text, page_head, quiet_link, secondary_link,
};

/// The list of packs.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The packs that fit.
    pub packs: Vec<&'a Pack>,
    /// What they find now.
    pub counts: Counts,
}

/// All packs, by whose law they are.
pub fn list(list: &List<'_>) -> Markup {
    let n_rules: usize = list.packs.iter().map(|it| it.rules.len()).sum();
    let packs = format::counted(list.packs.len() as u64, "pack", "packs");
    let beside = html! {
        span.meta { (packs) ", " (format::counted(n_rules as u64, "rule", "rules")) }
    };
    let levels = [Level::State, Level::County, Level::City];
    html! {
        (page_head("Rules", &beside, &secondary_link("/findings", "Findings", None)))
        p.lead { "The law that sites are held against, as data: what each rule says, where it stands, how sure we are. Only law in force that was read at its source makes a violation; all else is referred to an attorney." }
        (filter(list.params))
        @if list.packs.is_empty() { (none(list.params)) }
        div.stack {
            @for level in levels {
                @let packs: Vec<&Pack> = list.packs.iter().copied().filter(|it| it.jurisdiction.level == level).collect();
                @if !packs.is_empty() { (group(level, &packs, &list.counts)) }
            }
        }
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::State => "State",
        Level::County => "Counties",
        Level::City => "Cities",
    }
}

fn filter(params: &Params) -> Markup {
    let field = |name, label| Field::new(name, label).value(params.get(name).unwrap_or_default());
    let levels = [Level::State, Level::County, Level::City].map(|it| (it.as_str(), level_name(it)));
    let levels: Vec<(&str, &str)> = std::iter::once(("", "Any")).chain(levels).collect();
    let statuses = Legal::ALL.iter().map(|it| (it.as_str(), it.label()));
    let statuses: Vec<(&str, &str)> = std::iter::once(("", "Any")).chain(statuses).collect();
    html! {
        form.filter method="get" role="search" {
            (field_text(field("q", "Words, citation or city")))
            (field_select(field("level", "Whose law"), &levels))
            (field_select(field("status", "Standing in law"), &statuses))
            (ui::button("Filter"))
            @if !params.pairs().is_empty() { (quiet_link("?", "Clear")) }
        }
    }
}

fn none(params: &Params) -> Markup {
    if params.pairs().is_empty() {
        return empty_state(
            "There are no rules.",
            "Put rule packs into data/rules and start FOCA again.",
            &html! {},
        );
    }
    let all = quiet_link("?", "Show all");
    empty_state("No rule fits.", "Drop one of the filters, or all of them.", &all)
}

fn group(level: Level, packs: &[&Pack], counts: &Counts) -> Markup {
    let columns = [
        Column::new("Law"),
        Column::new("Standing"),
        Column::new("Confidence"),
        Column::new("Verified"),
        Column::new("Rules").number(),
        Column::new("Violation").number(),
        Column::new("Refer").number(),
        Column::new("Unknown").number(),
    ];
    let rows = html! { @for it in packs { (row(it, counts)) } };
    card(level_name(level), &ui::table(level_name(level), &columns, &rows))
}

fn row(it: &Pack, counts: &Counts) -> Markup {
    html! {
        tr {
            th.name scope="row" {
                a href={ "/rules/" (it.id) } { (it.title) }
                div.meta { (it.citation) }
            }
            td data-label="Standing" { (legal(it.status)) }
            td data-label="Confidence" { (said::confidence(it)) }
            td data-label="Verified" {
                (format::day(it.verified_on))
                div.meta { (it.verified_by) }
            }
            td.num data-label="Rules" { (it.rules.len()) }
            @for status in COUNTED {
                td.num data-label=(status.label()) {
                    (door(counts.of_pack(&it.id, status), &format!("/findings?pack={}&status={status}", it.id)))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::packs::Packs;
    use crate::incidents::offenses::Offenses;
    use crate::knowledge::Library;
    use crate::sites::Kinds;

    #[test]
    fn packs_stand_by_whose_law_they_are_and_an_empty_list_says_what_to_drop() {
        let library = Library::open(None).unwrap();
        let (kinds, offenses) = (Kinds::read(&library).unwrap(), Offenses::read(&library).unwrap());
        let packs = Packs::read(&library, &kinds, &offenses).unwrap();
        let params = Params::default();
        let all = List { params: &params, packs: packs.iter().collect(), counts: Counts::default() };
        let narrowed = Params::parse(b"q=xyz");
        let nothing = List { params: &narrowed, packs: Vec::new(), counts: Counts::default() };

        let page = list(&all).into_string();

        assert!(page.find(">State<").unwrap() < page.find(">Cities<").unwrap());
        assert!(!page.contains(">Counties<h"), "{page}");
        assert!(list(&nothing).into_string().contains("Drop one of the filters"));
    }
}
