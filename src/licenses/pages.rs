//! The list of licenses.

use axum::extract::State;
use maud::Markup;

use super::{License, Status, store};
use crate::db::Db;
use crate::records::listing::{self, List, PAGE, Row, words};
use crate::records::{Filter, RecordKind};
use crate::rights::Viewer;
use crate::sites;
use crate::web;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// The licenses that fit the filter in the URL.
pub async fn list(State(db): State<Db>, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    let (filter, page) = (Filter::parse(&params)?, listing::page_of(&params));
    let found = store::list(&db, &viewer, &filter, (page - 1, PAGE)).await?;
    let total = store::count(&db, &viewer, &filter).await?;
    let all = if total > 0 { total } else { store::count(&db, &viewer, &Filter::default()).await? };
    let names = sites::store::names(&db, &viewer, found.iter().filter_map(|it| it.linked.site_id)).await?;
    let with_site = |mut row: Row| {
        row.site = row.linked.site_id.and_then(|id| Some((id, names.get(&id)?.clone())));
        row
    };
    let list = List {
        kind: RecordKind::License,
        params: &params,
        filter: &filter,
        facets: Status::ALL.iter().map(|it| (it.to_string(), words(it.as_str()))).collect(),
        rows: found.into_iter().map(|it| with_site(row(it, frame))).collect(),
        total,
        all,
        page,
    };
    let crumbs = vec![("Records".to_owned(), "/records".to_owned())];
    Ok(frame.page(listing::heading(list.kind)).nav(Nav::Records).crumbs(crumbs).show(listing::list(&list)))
}

fn row(it: License, frame: Frame) -> Row {
    Row {
        day: format::day(it.head.occurred_at.day_in(&frame.zone)),
        title: format!("{} {}", it.type_as_written, it.number),
        name: Some(it.name),
        state: Some(words(it.status.as_str())),
        place: it.place,
        source: format!("{} {}", it.head.source, it.head.source_key),
        linked: it.linked,
        site: None,
    }
}
