//! Handlers: the licenses whose term ends soon or is over, and their reminders all at once.

use axum::extract::State;
use maud::Markup;

use super::acts::Office;
use super::expiring_views::{self, List};
use super::license_store::{self, Span};
use super::{Holder, letter_views, letters};
use crate::rights::{Permission, Resource, Viewer};
use crate::web;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// Which licenses an address asks for: `within=30`, or those whose term is over.
fn span(office: &Office, params: &Params) -> Span {
    let reminders = &office.workflow.terms.reminders;
    match params.get("within") {
        Some("overdue") => Span::Overdue,
        within => {
            let asked = within.and_then(|it| it.parse().ok()).filter(|it| reminders.contains(it));
            Span::Within(asked.unwrap_or_else(|| reminders.first().copied().unwrap_or(30)))
        }
    }
}

fn holder(params: &Params) -> Option<Holder> {
    params.get("holder").and_then(|it| it.parse().ok())
}

/// The list.
pub async fn list(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let (today, holder, span) = (office.today(frame.zone), holder(&params), span(&office, &params));
    let mut counts = Vec::new();
    let mut rows = Vec::new();
    let spans = office.workflow.terms.reminders.iter().map(|days| Span::Within(*days));
    for each in spans.chain([Span::Overdue]) {
        let found = license_store::expiring(&office.db, &viewer, each, holder, today).await?;
        counts.push((each, found.len() as i64));
        if each == span {
            rows = found;
        }
    }
    let may_change = viewer.is_permitted(Permission::Change(Resource::Application));
    let list = List { params: &params, span, holder, counts, rows, kinds: &office.kinds, today, may_change };
    let crumbs =
        vec![("Desk".to_owned(), "/desk".to_owned()), ("Expiring licenses".to_owned(), String::new())];
    Ok(frame.page("Expiring licenses").nav(Nav::Desk).crumbs(crumbs).show(expiring_views::list(&list)))
}

/// The reminders of the licenses in the list, one a sheet of paper.
pub async fn reminders(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let today = office.today(frame.zone);
    let rows =
        license_store::expiring(&office.db, &viewer, span(&office, &params), holder(&params), today).await?;
    let letter = office.workflow.letters.get(letters::REMINDER).cloned().unwrap_or_default();
    let all: Vec<letters::Filled> = rows
        .iter()
        .filter(|it| it.open_number.is_none())
        .map(|it| letters::write(letters::REMINDER, &letter, &expiring_views::known(it), "Reminder"))
        .collect();
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        ("Expiring licenses".to_owned(), format!("/desk/expiring{}", params.with("page", None))),
        ("Reminders".to_owned(), String::new()),
    ];
    let page = frame.page("Reminders").nav(Nav::Desk).crumbs(crumbs);
    Ok(page.show(letter_views::sheets(&office.workflow.agency, &all, &format::day(today))))
}
