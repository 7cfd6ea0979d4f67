//! Complaints on pages: the list, and the form that records one.

use axum::extract::State;
use maud::Markup;

use super::{Category, Complaint, form, views};
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

/// The complaints that fit the filter in the URL.
pub async fn list(State(db): State<Db>, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    sites::listing::page(&db, &viewer, frame, &params, facets(Category::ALL), row).await
}

impl Entered for Complaint {
    const TITLE: &'static str = "Record a complaint";
    type Parts = ();

    fn read(params: &Params, entry: &Entry) -> Result<(Self, Self::Parts), Flaws> {
        form::read(params, entry).map(|it| (it, ()))
    }

    fn form(site: &Site, form: Typed<'_>) -> Markup {
        views::form(site, form)
    }

    async fn save_parts(_tx: &mut Tx, _now: Moment, _parts: Self::Parts) -> db::Result<()> {
        Ok(())
    }
}

fn row(it: Complaint, frame: Frame) -> Row {
    Row {
        title: words(it.category.as_str()),
        name: Some(it.name),
        state: Some(words(it.state.as_str())),
        ..Row::of(&it.head, it.place, it.linked, frame)
    }
}
