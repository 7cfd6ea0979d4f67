//! The list of incidents, and the landing page of all records.

use std::sync::Arc;

use axum::extract::State;
use maud::Markup;

use super::Incident;
use super::offenses::Offenses;
use crate::complaints::Complaint;
use crate::db::{self, Db};
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::records::listing::{self, Row};
use crate::records::recorded::Recorded;
use crate::records::store::count;
use crate::records::{Filter, LinkState, RecordKind};
use crate::rights::{Resource, Viewer};
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::{places, sites};

/// The incidents that fit the filter in the URL.
pub async fn list(
    State(db): State<Db>,
    State(offenses): State<Arc<Offenses>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let facets = offenses.in_order().into_iter().map(|(word, label)| (word.to_owned(), label.to_owned()));
    let row = |it, frame: &Frame| row(it, &offenses, frame);
    sites::listing::page(&db, &viewer, frame, &params, facets.collect(), row).await
}

/// How many records of each kind there are, and how many link to nothing.
pub async fn landing(State(db): State<Db>, viewer: Viewer, frame: Frame) -> web::Result<Markup> {
    let mut counts = vec![
        counts::<License>(&db, &viewer).await?,
        counts::<Inspection>(&db, &viewer).await?,
        counts::<Complaint>(&db, &viewer).await?,
        counts::<Incident>(&db, &viewer).await?,
    ];
    counts.retain(|it| viewer.may_see(it.0.resource()));
    let n_places = match viewer.may_see(Resource::Place) {
        true => Some(places::store::count(&db, &viewer, &places::Filter::default()).await?),
        false => None,
    };
    Ok(frame.page("Records").nav(Nav::Records).show(listing::landing(&counts, n_places)))
}

async fn counts<R: Recorded>(db: &Db, viewer: &Viewer) -> db::Result<(RecordKind, i64, i64)> {
    let loose = Filter { linked: Some(LinkState::None), ..Filter::default() };
    let all = count::<R>(db, viewer, &Filter::default()).await?;
    Ok((R::KIND, all, count::<R>(db, viewer, &loose).await?))
}

fn row(it: Incident, offenses: &Offenses, frame: &Frame) -> Row {
    Row {
        title: offenses.label(&it.offense).to_owned(),
        name: it.offense_as_written,
        state: None,
        ..Row::of(&it.head, it.place, it.linked, frame)
    }
}
