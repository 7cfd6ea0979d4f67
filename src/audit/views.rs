//! What the pages of the log show: entries with their details, the chain, and its proof.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use maud::{Markup, html};
use serde_json::{Map, Value as Json};

use super::verify::Proof;
use super::{Act, Logged, NO_HASH, Outcome, words};
use crate::records::listing::{self, PAGE, page_link};
use crate::rights::Resource;
use crate::web::extract::Params;
use crate::web::format::{count, counted};
use crate::web::ui::{
    self, Column, Field, Icon, Note, button, card, card_with, empty_state, facts, field_date, field_select,
    field_text, note, page_head, paging, quiet_link, secondary_link, tag,
};

/// A page of the log.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The entries of this page.
    pub rows: Vec<Logged>,
    /// How many fit the filter.
    pub total: i64,
    /// This page, from 1.
    pub page: u32,
    /// Number and hash of the last entry of all.
    pub head: Option<(i64, String)>,
    /// Whether the viewer may take the log out of FOCA.
    pub may_export: bool,
    /// The zone in which times are told.
    pub zone: Tz,
}

/// The parts of the filter, by their names in the URL, and what they are called.
const FILTER: [(&str, &str); 7] = [
    ("who", "the name"),
    ("act", "the act"),
    ("resource", "the kind of row"),
    ("outcome", "the outcome"),
    ("object", "the row"),
    ("from", "the first day"),
    ("to", "the last day"),
];

/// The log.
pub fn list(list: &List<'_>) -> Markup {
    let export = format!("/log/export.csv{}", list.params.with("page", None));
    let actions = html! { @if list.may_export { (secondary_link(&export, "CSV", Some(Icon::Download))) } };
    html! {
        (page_head("Log", &html! { span.meta { (count(list.total)) } }, &actions))
        (filter(list.params))
        div.split.narrow {
            div {
                @if list.rows.is_empty() { (empty(list)) } @else {
                    (table(list))
                    (paging(list.total.unsigned_abs(), list.page.into(), PAGE.into(), |n| page_link(list.params, n)))
                }
            }
            (chain(list))
        }
    }
}

fn filter(params: &Params) -> Markup {
    let field = |name, label| Field::new(name, label).value(params.get(name).unwrap_or_default());
    let choice = |name, label, all: Vec<(String, String)>| {
        let any = [(String::new(), "Any".to_owned())];
        field_select(field(name, label), &any.into_iter().chain(all).collect::<Vec<_>>())
    };
    let outcomes = Outcome::ALL.iter().map(|it| (it.to_string(), outcome_words(*it).to_owned())).collect();
    let is_active = FILTER.iter().any(|(name, _)| params.get(name).is_some());
    html! {
        form.filter method="get" role="search" aria-label="The log" {
            (field_text(field("who", "Who")))
            (choice("act", "Act", listing::facets(Act::ALL)))
            (choice("resource", "Kind of row", listing::facets(Resource::ALL)))
            (choice("outcome", "Outcome", outcomes))
            (field_text(field("object", "Row, by its id")))
            (field_date(field("from", "From")))
            (field_date(field("to", "To")))
            (button("Filter"))
            @if is_active { (quiet_link("?", "Clear")) }
        }
    }
}

fn table(list: &List<'_>) -> Markup {
    let columns = ["What", "Time", "Who", "Outcome", "Entry"].map(Column::new);
    ui::table("Log", &columns, &html! { @for it in &list.rows { (row(it, list.zone)) } })
}

fn row(it: &Logged, zone: Tz) -> Markup {
    html! {
        tr {
            th.name scope="row" { (words::what(it)) (details(it)) }
            td.tabular data-label="Time" { time datetime=(it.at) { (words::moment(it.at, zone)) } }
            td data-label="Who" { b { (it.actor) } div.meta { (whence(it)) } }
            td data-label="Outcome" { (outcome(it.outcome)) }
            td data-label="Entry" { (count(it.n)) div.meta { code { (it.hash.chars().take(12).collect::<String>()) } } }
        }
    }
}

/// Role, agency, address and session, as far as there are any.
fn whence(it: &Logged) -> String {
    let mut parts = vec![listing::words(&it.role), it.agency.clone()];
    parts.extend(it.address.clone());
    parts.extend(it.session.as_deref().map(short));
    parts.retain(|it| !it.is_empty());
    parts.join(" · ")
}

/// The last letters of a session's or a token's number; the first tell the time and are alike.
fn short(session: &str) -> String {
    let (what, id) = session.strip_prefix("token ").map_or(("session", session), |it| ("token", it));
    format!("{what} {}", id.chars().skip(id.chars().count().saturating_sub(8)).collect::<String>())
}

fn outcome(outcome: Outcome) -> Markup {
    let (class, sign) = match outcome {
        Outcome::Done => ("line", Icon::Check),
        Outcome::Began => ("act", Icon::Clock),
        Outcome::Refused => ("due", Icon::Lock),
        Outcome::Failed => ("line", Icon::Close),
        Outcome::BrokenOff => ("due", Icon::Warning),
    };
    tag(outcome_words(outcome), class, Some(sign))
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "Done",
        Outcome::Began => "Began",
        Outcome::Refused => "Refused",
        Outcome::Failed => "Not done",
        Outcome::BrokenOff => "Broken off",
    }
}

fn details(it: &Logged) -> Markup {
    let detail = words::detail(it);
    html! {
        details.more {
            summary { "Details" span.usa-sr-only { " of entry " (it.n) } }
            dl.kv {
                (members(&detail))
                @if let Some(object) = it.object_id {
                    dt { "Row" } dd { a href={ "/log?object=" (object) } { code { (object) } } }
                }
                @if let Some(session) = &it.session { dt { "Session" } dd { code { (session) } } }
                dt { "Time, UTC" } dd { code { (it.at) } }
                dt { "Hash before" } dd { code { (it.previous) } }
                dt { "Hash" } dd { code { (it.hash) } }
            }
        }
    }
}

/// The members of the rest of an entry; of a change what stood there before, and what stands there now.
fn members(detail: &Map<String, Json>) -> Markup {
    let object = |name: &str| detail.get(name).and_then(Json::as_object);
    let (before, after) = (object("before"), object("after"));
    let is_change = before.is_some() || after.is_some();
    let names: BTreeSet<&String> = before.into_iter().chain(after).flat_map(Map::keys).collect();
    let value = |of: Option<&Map<String, Json>>, name: &str| said(of.and_then(|it| it.get(name)));
    html! {
        @for name in names {
            dt { (listing::words(name)) }
            dd { del { (value(before, name)) } " → " ins { (value(after, name)) } }
        }
        @for (name, it) in detail {
            @if !(is_change && ["before", "after"].contains(&name.as_str())) {
                dt { (listing::words(name)) } dd { (said(Some(it))) }
            }
        }
    }
}

/// A value in words; what has members of its own stays as JSON writes it.
fn said(value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => "–".to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(Json::Bool(true)) => "yes".to_owned(),
        Some(Json::Bool(false)) => "no".to_owned(),
        Some(other) => other.to_string(),
    }
}

/// Where the chain stands, and how it is checked.
fn chain(list: &List<'_>) -> Markup {
    let n_entries = list.head.as_ref().map_or(0, |it| it.0);
    card(
        "The chain",
        &html! {
            (facts(&[("Entries", html! { (count(n_entries)) }), ("Head", head(list.head.as_ref()))]))
            p.meta {
                "Each entry carries the hash of the one before it: whoever changes or removes one breaks the chain. Keep the head outside of FOCA, and the loss of the newest entries shows, too."
            }
            div.form-actions {
                (secondary_link("/log/check", "Check the chain now", Some(Icon::Link)))
                @if list.may_export { (quiet_link("/log/export.csv", "Export all entries")) }
            }
        },
    )
}

/// A head as it is to be kept.
fn head(head: Option<&(i64, String)>) -> Markup {
    html! {
        @match head {
            Some((n, hash)) => code { (n) ":" (hash) },
            None => span.meta { "nothing was logged yet" },
        }
    }
}

/// What the walk over the chain found.
pub fn proof(proof: &Proof, kept: Option<&(i64, String)>) -> Markup {
    html! {
        (page_head("Proof of the log", &html! {}, &secondary_link("/log/check", "Check again", Some(Icon::Link))))
        div.narrow.stack {
            @match proof {
                Proof::Whole { n_entries, head } => (whole(*n_entries, head, kept)),
                Proof::Broken { n, why } => (broken(*n, why)),
            }
            (card("Against a head that was kept", &html! {
                form.stack method="get" {
                    (field_text(Field::new("head", "Kept head").hint("Number and hash with a colon between them, as this page or the server told them before.").value(&kept.map(|(n, hash)| format!("{n}:{hash}")).unwrap_or_default()).autocomplete("off")))
                    div.form-actions { (button("Check against it")) }
                }
            }))
        }
    }
}

fn whole(n_entries: i64, hash: &str, kept: Option<&(i64, String)>) -> Markup {
    let last = (hash != NO_HASH).then(|| (n_entries, hash.to_owned()));
    html! {
        (note(Note::Ok, &html! {
            p { b { "The chain is whole." } " " (counted(n_entries, "entry", "entries")) ", each as it was written." }
            @if let Some((n, _)) = kept { p { "The kept head of entry " (count(*n)) " stands in it." } }
        }))
        (card_with("Head", &html! {}, &html! {
            (facts(&[("Entries", html! { (count(n_entries)) }), ("Head", head(last.as_ref()))]))
            p.meta { "This check is logged as a further entry, so that the next head is another one." }
        }))
    }
}

fn broken(n: i64, why: &str) -> Markup {
    note(
        Note::Error,
        &html! {
            p { b { "The chain is broken at entry " (count(n)) ": " } (why) "." }
            p { "Entries before it are as they were written. Tell whoever runs FOCA, and keep a copy of the database as it is now." }
        },
    )
}

/// Nothing fits: which part of the filter to drop, and how to get all entries back.
fn empty(list: &List<'_>) -> Markup {
    let all = list.head.as_ref().map_or(0, |it| it.0);
    if all == 0 {
        return empty_state(
            "Nothing was logged yet.",
            "Whatever people open, change or export will stand here.",
            &html! {},
        );
    }
    let active = FILTER.iter().filter(|(name, _)| list.params.get(name).is_some());
    empty_state(
        &format!("None of the {} fits.", counted(all, "entry", "entries")),
        "Drop one part of the filter, or all of it.",
        &html! {
            @for (name, words) in active {
                (secondary_link(&list.params.with(name, None), &format!("Without {words}"), None))
            }
            (quiet_link("?", &format!("Show all {}", count(all))))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Entry;
    use crate::rights::Actor;

    fn shown(query: &[u8], entries: &[Entry]) -> String {
        let at = "2026-11-23T18:00:07.250Z".parse().unwrap();
        let actor = Actor {
            name: "A. <b>".to_owned(),
            session: Some("token 0123456789".to_owned()),
            ..Actor::default()
        };
        let rows: Vec<Logged> =
            entries.iter().map(|it| Logged::next(None, at, &actor, "supervisor", it)).collect();
        let params = Params::parse(query);
        let (total, head) = (rows.len() as i64, Some((12, "a".repeat(64))));
        let zone = chrono_tz::America::Chicago;
        list(&List { params: &params, rows, total, page: 1, head, may_export: false, zone }).into_string()
    }

    #[test]
    fn a_change_shows_what_stood_there_before_and_what_stands_there_now() {
        let (before, after) = (serde_json::json!({"name": "Old"}), serde_json::json!({"name": "<i>New"}));

        let page = shown(b"", &[Entry::new(Act::Change).on(Resource::Site).changed(&before, &after)]);

        assert!(page.contains("<dt>Name</dt><dd><del>Old</del> → <ins>&lt;i&gt;New</ins></dd>"), "{page}");
        assert!(page.contains("A. &lt;b&gt;") && page.contains("token 23456789"), "{page}");
        assert!(page.contains("Nov 23, 2026, 12:00:07.25") && !page.contains("export.csv"), "{page}");
    }

    #[test]
    fn an_empty_log_says_which_part_of_the_filter_to_drop() {
        let page = shown(b"who=nobody&act=see", &[]);

        assert!(page.contains(r#"href="?act=see""#) && page.contains("Without the name"), "{page}");
        assert!(page.contains("None of the 12 entries fits.") && page.contains("Show all 12"), "{page}");
    }
}
