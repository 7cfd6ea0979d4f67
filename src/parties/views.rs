//! The pages of parties: the list, who one is and what it stands behind, and the forms. They tell no score, no finding
//! and no rank.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use maud::{Markup, html};

use super::{Filter, Holding, Kind, Party, PartyId, Role, Stands, words};
use crate::records::SiteId;
use crate::sites::{Kinds, Site, Status};
use crate::text::phone::Phone;
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    self, Column, Field, Icon, Note, card, card_with, empty_state, facts, field_checkbox, field_date,
    field_radios, field_select, field_text, field_textarea, note, page_head, paging, primary, quiet_link,
    secondary_link,
};

/// How many parties a page of the list has.
pub const PAGE: u32 = 50;

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// The same, read.
    pub filter: &'a Filter,
    /// The parties of this page.
    pub parties: Vec<Party>,
    /// How many fit.
    pub total: i64,
    /// This page, from 1.
    pub page: u32,
}

/// All that the page of a party shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The party.
    pub party: Party,
    /// The one that it was joined into.
    pub into: Option<Party>,
    /// Those that were joined into it.
    pub joined: Vec<Party>,
    /// What it, and those, hold and held.
    pub holdings: Vec<Stands>,
    /// Other parties that share a telephone, premises or the state's number with it.
    pub sharing: Vec<Party>,
    /// Its versions, newest first.
    pub versions: Vec<Party>,
    /// Whether whoever looks may change it.
    pub may_change: bool,
}

/// The list.
pub fn list(list: &List<'_>) -> Markup {
    let count = html! { span.meta { (format::count(list.total)) } };
    let columns = ["Name", "What", "City", "Number of the state", "Source"].map(Column::new);
    html! {
        (page_head("Parties", &count, &html! {}))
        p.lead { "Who holds, owns, operates, manages or lets the sites on record. Parties carry no score." }
        (filter(list))
        @if list.parties.is_empty() { (none(list)) } @else {
            (ui::table("Parties", &columns, &html! { @for it in &list.parties { (row(it)) } }))
            (paging(list.total.unsigned_abs(), list.page.into(), PAGE.into(), |n| list.params.with("page", Some(&n.to_string()))))
        }
    }
}

fn filter(list: &List<'_>) -> Markup {
    let field = |name, label| Field::new(name, label).value(list.params.get(name).unwrap_or_default());
    let kinds: Vec<(&str, &str)> = std::iter::once(("", "Any")).chain(kinds()).collect();
    html! {
        form.filter method="get" role="search" {
            (field_text(field("q", "Name or number")))
            (field_select(field("kind", "What"), &kinds))
            (ui::button("Filter"))
            @if *list.filter != Filter::default() { (quiet_link("?", "Clear")) }
        }
    }
}

fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    Kind::ALL.iter().map(|it| (it.as_str(), it.label()))
}

fn none(list: &List<'_>) -> Markup {
    if *list.filter == Filter::default() {
        return empty_state(
            "There are no parties yet.",
            "They come with an import, or are added on the page of a site.",
            &html! {},
        );
    }
    empty_state("No party fits.", "Drop one of the filters, or all of them.", &quiet_link("?", "Show all"))
}

fn row(it: &Party) -> Markup {
    html! {
        tr {
            th.name scope="row" {
                (link(it.id, &it.name))
                div.meta { (it.code()) @for name in &it.other_names { " · " (name) } }
            }
            td data-label="What" { (it.kind.label()) }
            td data-label="City" { (or_unknown(it.city.as_deref())) }
            td.tabular data-label="Number of the state" { (or_unknown(it.registered_number.as_deref())) }
            td.meta data-label="Source" { (it.source) }
        }
    }
}

fn or_unknown(text: Option<&str>) -> Markup {
    html! { @match text { Some(text) => (text), None => (ui::unknown()) } }
}

fn link(id: PartyId, name: &str) -> Markup {
    html! { a href={ "/parties/" (id) } { (name) } }
}

/// The page of a party.
pub fn show(it: &Shown, kinds: &Kinds, today: chrono::NaiveDate, zone: Tz) -> Markup {
    let party = &it.party;
    let at = |act: &str| format!("/parties/{}/{act}", party.id);
    let actions = html! {
        @if it.may_change {
            (secondary_link(&at("edit"), "Edit", Some(Icon::Edit)))
            @if party.joined_into.is_none() { (quiet_link(&at("join"), "Join with another")) }
        }
    };
    let beside = html! { span.meta { (party.kind.label()) " · " (party.code()) } };
    html! {
        (page_head(&party.name, &beside, &actions))
        p.lead { (if party.kind == Kind::Person { words::NO_SUSPECT } else { words::NO_SCORE }) }
        (joined(it))
        div.split {
            div.stack {
                (stands_behind(it, kinds, today, zone))
                (roll_up(&it.holdings, today))
            }
            div.stack {
                (who(party))
                (shares_with(party, &it.sharing))
                (versions(&it.versions, zone))
            }
        }
    }
}

/// That it is one with others, and how to take that back.
fn joined(it: &Shown) -> Markup {
    html! {
        @if let Some(into) = &it.into {
            (note(Note::Info, &html! {
                "Somebody found it to be one with " (link(into.id, &into.name)) ", where what it holds is shown. "
                @if it.may_change { (quiet_link(&format!("/parties/{}/part", it.party.id), "Take that back")) }
            }))
        }
        @if !it.joined.is_empty() {
            (note(Note::Info, &html! {
                "Joined into it: "
                @for (n, other) in it.joined.iter().enumerate() {
                    @if n > 0 { ", " }
                    (link(other.id, &other.name)) " " span.meta { (other.code()) }
                }
                ". What they hold is listed here."
            }))
        }
    }
}

fn stands_behind(it: &Shown, kinds: &Kinds, today: chrono::NaiveDate, zone: Tz) -> Markup {
    let mut holdings: Vec<&Stands> = it.holdings.iter().collect();
    holdings
        .sort_by_key(|it| (it.holding.role, !it.holding.lasts_on(today), it.city.clone(), it.site.clone()));
    let columns = ["Site", "Role", "Period", "Share", "Source"].map(Column::new);
    let rows = html! { @for one in holdings { (held(one, &it.party, kinds, today, zone, it.may_change)) } };
    let body = html! {
        @if it.holdings.is_empty() {
            p.meta { "No role is on record, or none in your area." }
        } @else { (ui::table("Stands behind", &columns, &rows)) }
    };
    card_with("Stands behind", &html! { span.meta { "current and past, in all cities" } }, &body)
}

fn held(
    it: &Stands,
    of: &Party,
    kinds: &Kinds,
    today: chrono::NaiveDate,
    zone: Tz,
    may_change: bool,
) -> Markup {
    let holding = &it.holding;
    html! {
        tr {
            th.name scope="row" {
                (site(it, kinds))
                @if holding.site_id.is_none() { div.meta { "with the whole building" } }
                @if holding.party_id != of.id { div.meta { "as " (it.party) } }
            }
            td data-label="Role" { (holding.role.label()) }
            td data-label="Period" { (period(holding, today, zone)) }
            td.tabular data-label="Share" { (share(holding)) }
            td.meta data-label="Source" {
                (holding.source)
                @if may_change { br; a href={ "/holdings/" (holding.id) "/edit" } { "Change or end" } }
            }
        }
    }
}

fn site(it: &Stands, kinds: &Kinds) -> Markup {
    let status = it.status.filter(|it| *it != Status::Open).map(Status::label);
    html! {
        @match (it.at_site, &it.site) {
            (Some(id), Some(name)) => {
                a href={ "/sites/" (id) } { (name) }
                div.meta {
                    @if let Some(kind) = &it.site_kind { (kinds.label(kind)) }
                    @if let Some(city) = &it.city { " · " (city) }
                    @if let Some(status) = status { " · " (status) }
                }
            }
            _ => span.meta { "A building without a site" },
        }
    }
}

/// The period, and that it is over.
pub fn period(it: &Holding, today: chrono::NaiveDate, zone: Tz) -> Markup {
    html! {
        (words::period(it, zone))
        @if it.to_on.is_some_and(|to| to.day() < today) { " " (ui::tag("past", "line", None)) }
        @if let Some(why) = &it.ended_why { div.meta { (why) } }
    }
}

fn share(it: &Holding) -> Markup {
    html! { @match it.share { Some(share) => (words::share(share)), None => (ui::unknown()) } }
}

/// How many sites it lets or owns, now and ever, by city. Counts of sites, never of what was found there.
fn roll_up(holdings: &[Stands], today: chrono::NaiveDate) -> Markup {
    let mut cities: BTreeMap<(Role, String), BTreeMap<SiteId, bool>> = BTreeMap::new();
    for it in holdings.iter().filter(|it| matches!(it.holding.role, Role::Landlord | Role::Owner)) {
        let Some(site) = it.at_site else { continue };
        let city = it.city.clone().unwrap_or_else(|| "City not known".to_owned());
        let now = cities.entry((it.holding.role, city)).or_default().entry(site).or_default();
        *now |= it.holding.lasts_on(today);
    }
    if cities.is_empty() {
        return html! {};
    }
    let columns = [
        Column::new("City"),
        Column::new("As"),
        Column::new("Sites now").number(),
        Column::new("Ever").number(),
    ];
    let rows = html! {
        @for ((role, city), sites) in &cities {
            tr {
                th.name scope="row" { (city) }
                td data-label="As" { (role.label()) }
                td.num data-label="Sites now" { (format::count(sites.values().filter(|it| **it).count() as i64)) }
                td.num data-label="Ever" { (format::count(sites.len() as i64)) }
            }
        }
    };
    card("Owns and lets, by city", &ui::table("Owns and lets, by city", &columns, &rows))
}

fn who(it: &Party) -> Markup {
    let text = |it: &Option<String>| it.as_ref().map(|it| html! { (it) });
    let all = [
        ("Code", Some(html! { (it.code()) })),
        ("What", Some(html! { (it.kind.label()) })),
        ("Other names", (!it.other_names.is_empty()).then(|| html! { (it.other_names.join("; ")) })),
        ("Number of the state", text(&it.registered_number)),
        ("Address", words::address(it).map(|line| html! { (line) })),
        ("Telephone", it.phone.as_deref().map(|it| html! { (Phone::shown(it)) })),
        (
            "Source",
            Some(
                html! { (it.source) span.meta { " " (it.source_key.chars().take(40).collect::<String>()) } },
            ),
        ),
        ("Note", ui::held(&it.note)),
    ];
    let all: Vec<(&str, Markup)> = all.into_iter().filter_map(|(name, it)| Some((name, it?))).collect();
    card("Who", &facts(&all))
}

/// Others with the same telephone, premises or number. That proves nothing, and the page says so.
fn shares_with(party: &Party, others: &[Party]) -> Markup {
    if others.is_empty() {
        return html! {};
    }
    let body = html! {
        p.meta { "Sharing an address, a telephone or an agent proves nothing: offices and agents serve many." }
        ul {
            @for it in others {
                li { (link(it.id, &it.name)) span.meta { " " (it.code()) " · " (shared(party, it)) } }
            }
        }
    };
    card("Shares with", &body)
}

fn shared(one: &Party, other: &Party) -> String {
    let mut what = Vec::new();
    if one.registered_number.is_some() && one.registered_number == other.registered_number {
        what.push("the number of the state");
    }
    if one.phone.is_some() && one.phone == other.phone {
        what.push("the telephone");
    }
    if one.building_id.is_some() && one.building_id == other.building_id && one.unit == other.unit {
        what.push("the address");
    }
    what.join(", ")
}

fn versions(all: &[Party], zone: Tz) -> Markup {
    if all.len() < 2 {
        return html! {};
    }
    card(
        "Versions",
        &html! {
            ul {
                @for it in all {
                    li { (it.version) ": " (it.name) span.meta { ", known since " (format::day(it.recorded_at.day_in(&zone))) " from " (it.source) } }
                }
            }
        },
    )
}

/// The form that adds who stands behind a site. `alike` are parties that it may be one of.
pub fn add(site: &Site, state: Typed<'_>, alike: &[Party]) -> Markup {
    html! {
        (page_head("Add who stands behind it", &html! { span.meta { (site.name) " · " (site.code()) } }, &html! {}))
        (state.summary())
        form.stack method="post" {
            (state.carried(&["id"]))
            @if !alike.is_empty() { (one_of_these(state, alike)) }
            (identity(state))
            (term(state, site.building_id.is_some()))
            div.form-actions {
                (primary("Add"))
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

/// The question that comes before a second party of a name.
fn one_of_these(state: Typed<'_>, alike: &[Party]) -> Markup {
    let mut options: Vec<(String, String)> =
        alike.iter().map(|it| (it.id.to_string(), described(it))).collect();
    options.push(("new".to_owned(), "None of these: add it as a new party".to_owned()));
    card(
        "Is it one of these?",
        &html! {
            p { "FOCA knows parties that it could be. If it is one of them, only the role is added, and the party stays as it stands." }
            (field_radios(state.field("party", "It is").required(), &options))
        },
    )
}

fn described(it: &Party) -> String {
    let mut parts = vec![it.name.clone(), it.code(), it.kind.label().to_owned()];
    parts.extend(words::address(it));
    parts.extend(it.phone.as_deref().map(Phone::shown));
    parts.extend(it.registered_number.clone());
    parts.join(" · ")
}

fn identity(state: Typed<'_>) -> Markup {
    let kinds: Vec<(&str, &str)> = std::iter::once(("", "Choose")).chain(kinds()).collect();
    card(
        "Who it is",
        &html! {
            (field_text(state.field("name", "Name").hint("As it is registered, with its legal form.").required()))
            (field_select(state.field("party_kind", "What").required(), &kinds))
            (field_textarea(state.field("other_names", "Other names").hint("Former names too, one a line.")))
            (field_text(state.field("registered_number", "Number of the state").hint("Such as the file number of the Secretary of State.")))
            (field_text(state.field("address", "Its own address")))
            div.field-row {
                (field_text(state.field("unit", "Unit")))
                (field_text(state.field("city", "City")))
                (field_text(state.field("state", "State")))
                (field_text(state.field("zip", "ZIP code")))
            }
            (field_text(state.field("phone", "Telephone").hint("With its area code, as (612) 555-0142.")))
            (state.free_text(state.field("note", "Note").hint("About its business only. No suspicion of a person belongs here.")))
        },
    )
}

fn term(state: Typed<'_>, has_building: bool) -> Markup {
    let roles: Vec<(&str, &str)> =
        std::iter::once(("", "Choose")).chain(Role::ALL.iter().map(|it| (it.as_str(), it.label()))).collect();
    card(
        "In which role",
        &html! {
            (field_select(state.field("role", "Role").required(), &roles))
            @if has_building {
                (field_checkbox(state.field("whole_building", "At the whole building, with all of its tenants").hint("For who lets the premises.")))
            }
            div.field-row {
                (field_date(state.field("from_on", "From")))
                (field_date(state.field("to_on", "To").hint("Leave it empty while it lasts.")))
                (field_text(state.field("share", "Share in percent")))
            }
            (state.free_line(state.field("ended_why", "Why it ended")))
        },
    )
}

/// The form that corrects a party.
pub fn edit(party: &Party, state: Typed<'_>, overtaken: bool) -> Markup {
    html! {
        (page_head(&format!("Edit {}", party.name), &html! { span.meta { (party.code()) } }, &html! {}))
        @if overtaken { (changed_meanwhile()) }
        (state.summary())
        form.stack method="post" {
            (state.carried(&["version"]))
            (identity(state))
            div.form-actions {
                (primary("Save the party"))
                (quiet_link(&format!("/parties/{}", party.id), "Cancel"))
            }
        }
    }
}

fn changed_meanwhile() -> Markup {
    note(
        Note::Error,
        &html! {
            b { "Not saved: someone else saved this meanwhile." }
            p { "What you typed is still in the form; saving it again puts it over what is stored now." }
        },
    )
}

/// The form that changes or ends a role.
pub fn edit_holding(it: &Stands, state: Typed<'_>, overtaken: bool) -> Markup {
    let at = it.site.as_deref().unwrap_or("a building");
    html! {
        (page_head("Change or end a role", &html! { span.meta { (it.party) " · " (at) } }, &html! {}))
        @if overtaken { (changed_meanwhile()) }
        (state.summary())
        form.stack method="post" {
            (state.carried(&["version"]))
            p { "To end the role, give its last day and why. It stays on record as past." }
            (term(state, false))
            div.form-actions {
                (primary("Save the role"))
                (quiet_link(&format!("/parties/{}", it.root), "Cancel"))
            }
        }
    }
}

/// The form that says that two parties are one.
pub fn join(party: &Party, state: Typed<'_>, alike: &[Party]) -> Markup {
    let mut options: Vec<(String, String)> = alike.iter().map(|it| (it.code(), described(it))).collect();
    options.push((String::new(), "Another one, by its number".to_owned()));
    html! {
        (page_head(&format!("Join {} with another", party.name), &html! { span.meta { (party.code()) } }, &html! {}))
        (state.summary())
        form.stack method="post" {
            (card("Which party is it?", &html! {
                p { "Both stay on record. What " b { (party.name) } " holds is then shown with the other one, until somebody takes that back." }
                @if !alike.is_empty() { (field_radios(state.field("with", "It is one with"), &options)) }
                (field_text(state.field("number", "Number of the other party").hint("Such as P-00012.")))
                (state.free_line(state.field("why", "How it is known").required()))
            }))
            div.form-actions {
                (primary("Join them"))
                (quiet_link(&format!("/parties/{}", party.id), "Cancel"))
            }
        }
    }
}

/// The form that takes a joining back.
pub fn part(party: &Party, into: &Party, state: Typed<'_>) -> Markup {
    html! {
        (page_head(&format!("Part {} again", party.name), &html! { span.meta { (party.code()) } }, &html! {}))
        (state.summary())
        form.stack method="post" {
            (card("They are two", &html! {
                p { "What " b { (party.name) } " holds is no longer shown with " (link(into.id, &into.name)) "." }
                (state.free_line(state.field("why", "How it is known").required()))
            }))
            div.form-actions {
                (primary("Part them"))
                (quiet_link(&format!("/parties/{}", party.id), "Cancel"))
            }
        }
    }
}
