//! Inspections on pages: the list, and the form that records a visit.

use axum::extract::State;
use maud::Markup;

use super::{Inspection, Outcome, Violation, form, store, views};
use crate::clock::Moment;
use crate::db::{self, Db, Tx};
use crate::records::listing::{Row, facets, words};
use crate::rights::Viewer;
use crate::sites::entry::{Entered, Entry};
use crate::sites::{self, Site};
use crate::web;
use crate::web::extract::Params;
use crate::web::filled::{Flaws, Typed};
use crate::web::frame::Frame;

/// The inspections that fit the filter in the URL.
pub async fn list(State(db): State<Db>, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    sites::listing::page(&db, &viewer, frame, &params, facets(Outcome::ALL), row).await
}

impl Entered for Inspection {
    const TITLE: &'static str = "Record an inspection";
    type Parts = Vec<Violation>;

    fn read(params: &Params, entry: &Entry) -> Result<(Self, Self::Parts), Flaws> {
        form::read(params, entry)
    }

    fn form(site: &Site, _: &Viewer, form: Typed<'_>) -> Markup {
        views::form(site, form, form::n_rows(form.values))
    }

    async fn save_parts(tx: &mut Tx, now: Moment, parts: Self::Parts) -> db::Result<()> {
        store::save_violations(tx, 1, now, parts).await
    }
}

fn row(it: Inspection, frame: &Frame) -> Row {
    Row {
        title: words(it.outcome.as_str()),
        name: Some(it.name),
        state: it.reason.map(|it| it.chars().take(60).collect()),
        ..Row::of(&it.head, it.place, it.linked, frame)
    }
}
