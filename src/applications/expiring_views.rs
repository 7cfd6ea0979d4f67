//! The licenses whose term ends soon or is over.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::letters::Known;
use super::license_store::{Expiring, Span};
use super::{Holder, days_until, tags};
use crate::sites::Kinds;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::ui::{
    Column, Icon, Toggle, empty_state, page_head, quiet_link, secondary_link, table, tag, toggles,
};

/// A page of the list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The filter as the URL says it.
    pub params: &'a Params,
    /// Which licenses it shows.
    pub span: Span,
    /// Whose.
    pub holder: Option<Holder>,
    /// How many each span has.
    pub counts: Vec<(Span, i64)>,
    /// The licenses.
    pub rows: Vec<Expiring>,
    /// The kinds of site.
    pub kinds: &'a Kinds,
    /// The day.
    pub today: NaiveDate,
    /// Whether whoever looks may begin something.
    pub may_change: bool,
}

/// The words of a span in an address, and for people.
fn words(span: Span) -> (String, String) {
    match span {
        Span::Within(days) => (days.to_string(), format!("Within {days} days")),
        Span::Overdue => ("overdue".to_owned(), "Overdue".to_owned()),
    }
}

/// The list.
pub fn list(list: &List<'_>) -> Markup {
    let n_silent = list.rows.iter().filter(|it| it.open_number.is_none()).count();
    let actions = html! {
        @if n_silent > 0 {
            (secondary_link(&format!("/desk/expiring/reminders{}", list.params.with("page", None)), &format!("Print {}", format::counted(n_silent as i64, "reminder", "reminders")), Some(Icon::Records)))
        }
    };
    html! {
        (page_head("Expiring licenses", &html! { span.meta { (format::count(list.rows.len() as i64)) } }, &actions))
        (toggles("Term", &spans(list)))
        (toggles("License of a", &holders(list)))
        @if list.rows.is_empty() {
            (empty_state("No license ends then.", "Look further ahead, or at those whose term is over.", &quiet_link("?within=overdue", "Overdue")))
        } @else {
            (table("Expiring licenses", &COLUMNS.map(Column::new), &html! { @for it in &list.rows { (row(it, list)) } }))
        }
    }
}

const COLUMNS: [&str; 6] = ["Holder", "License", "Term ends", "Renewal", "Reminder", "Act"];

fn spans(list: &List<'_>) -> Vec<Toggle> {
    let toggle = |(span, count): &(Span, i64)| {
        let (word, label) = words(*span);
        let href = list.params.with("within", Some(&word));
        Toggle { href, label, sign: None, count: Some(*count), on: *span == list.span }
    };
    list.counts.iter().map(toggle).collect()
}

fn holders(list: &List<'_>) -> Vec<Toggle> {
    let toggle = |it: &Holder| {
        let on = list.holder == Some(*it);
        let href = list.params.with("holder", (!on).then_some(it.as_str()));
        Toggle { href, label: it.label().to_owned(), sign: None, count: None, on }
    };
    Holder::ALL.iter().map(toggle).collect()
}

fn row(it: &Expiring, list: &List<'_>) -> Markup {
    let left = days_until(it.expires_on, list.today);
    let kind = match it.holder() {
        Holder::Business => list.kinds.label(&it.kind),
        Holder::Practitioner => "Practitioner",
    };
    let city = it.city.as_deref().map(format::place);
    let place: Vec<&str> = [&it.address, &city].into_iter().flatten().map(String::as_str).collect();
    html! {
        tr {
            th.name scope="row" {
                @match it.site_id { Some(site) => a href={ "/sites/" (site) } { (it.name) }, None => (it.name) }
                div.meta { (place.join(", ")) }
            }
            td data-label="License" { a href={ "/desk/licenses/" (it.id) } { (it.number) } div.meta { (kind) } }
            td data-label="Term ends" {
                (format::day(it.expires_on.day())) " "
                @if left < 0 { (tag(&format!("{} over", format::counted(-left, "day", "days")), "due", Some(Icon::Clock))) }
                @else { div.meta { (tags::distance(left)) } }
            }
            td data-label="Renewal" {
                @match it.open_number {
                    Some(number) => a href={ "/desk?waits=any&license=" (it.id) } { (format!("A-{number:05}")) },
                    None => span.meta { "none applied for" },
                }
            }
            td data-label="Reminder" {
                @match it.reminded_on {
                    Some(day) => { "sent " (format::day(day.day())) },
                    None => span.meta { "none sent" },
                }
            }
            td data-label="Act" {
                a href={ "/desk/licenses/" (it.id) "/letters/reminder" } { "Letter" }
                @if list.may_change && it.open_number.is_none() {
                    " · " a href={ "/desk/new?license=" (it.id) "&procedure=renewal" } { "Renew" }
                }
            }
        }
    }
}

/// What a letter may say of it.
pub fn known(it: &Expiring) -> Known {
    let unit = it.unit.as_ref().map(|it| format!("Unit {it}"));
    let city = it.city.as_deref().map(format::place);
    let place: Vec<&str> = [&it.address, &unit, &city].into_iter().flatten().map(String::as_str).collect();
    [
        ("applicant", it.licensee.clone().unwrap_or_default()),
        ("business", it.name.clone()),
        ("address", place.join(", ")),
        ("license", it.number.clone()),
        ("expires_on", format::day(it.expires_on.day())),
    ]
    .into()
}
