//! Complaints on pages: the list, and the form that records one.

use axum::extract::State;
use maud::Markup;

use super::{Category, Complainant, Complaint, form, store, views};
use crate::clock::Moment;
use crate::db::{self, Db, Tx};
use crate::records::RecordId;
use crate::records::listing::{Row, facets, words};
use crate::rights::{Permission, Resource, Viewer};
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
    type Parts = Option<(RecordId, Complainant)>;

    fn read(params: &Params, entry: &Entry) -> Result<(Self, Self::Parts), Flaws> {
        let (complaint, who) = form::read(params, entry)?;
        Ok((complaint, who.map(|it| (entry.id, it))))
    }

    fn form(site: &Site, viewer: &Viewer, form: Typed<'_>) -> Markup {
        views::form(site, viewer.is_permitted(Permission::Change(Resource::Complainant)), form)
    }

    async fn save_parts(tx: &mut Tx, now: Moment, parts: Self::Parts) -> db::Result<()> {
        match parts {
            Some((complaint, who)) => store::save_complainant(tx, complaint, &who, now).await,
            None => Ok(()),
        }
    }
}

fn row(it: Complaint, frame: &Frame) -> Row {
    Row {
        title: words(it.category.as_str()),
        name: Some(it.name),
        state: Some(words(it.state.as_str())),
        ..Row::of(&it.head, it.place, it.linked, frame)
    }
}
