//! The list of licenses.

use axum::extract::State;
use maud::Markup;

use super::{License, Status};
use crate::db::Db;
use crate::records::listing::{Row, facets, words};
use crate::rights::Viewer;
use crate::sites;
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;

/// The licenses that fit the filter in the URL.
pub async fn list(State(db): State<Db>, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    sites::listing::page(&db, &viewer, frame, &params, facets(Status::ALL), row).await
}

fn row(it: License, frame: &Frame) -> Row {
    Row {
        title: format!("{} {}", it.type_as_written, it.number),
        name: Some(it.name),
        state: Some(words(it.status.as_str())),
        ..Row::of(&it.head, it.place, it.linked, frame)
    }
}
