//! The list of incidents, and the landing page of all records.

use axum::extract::State;
use maud::Markup;

use super::{Incident, store};
use crate::db::Db;
use crate::records::listing::{self, List, PAGE, Row, words};
use crate::records::{Filter, LinkState, RecordKind};
use crate::rights::Viewer;
use crate::web;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::{complaints, incidents, inspections, licenses, sites};

/// The incidents that fit the filter in the URL.
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
        kind: RecordKind::Incident,
        params: &params,
        filter: &filter,
        facets: Vec::new(),
        rows: found.into_iter().map(|it| with_site(row(it, frame))).collect(),
        total,
        all,
        page,
    };
    let crumbs = vec![("Records".to_owned(), "/records".to_owned())];
    Ok(frame.page(listing::heading(list.kind)).nav(Nav::Records).crumbs(crumbs).show(listing::list(&list)))
}

/// How many records of each kind there are, and how many link to nothing.
pub async fn landing(State(db): State<Db>, viewer: Viewer, frame: Frame) -> web::Result<Markup> {
    let (all, loose) = (Filter::default(), Filter { linked: Some(LinkState::None), ..Filter::default() });
    let mut counts = Vec::new();
    macro_rules! count {
        ($($kind:ident: $slice:ident),*) => {$(
            let n = $slice::store::count(&db, &viewer, &all).await?;
            counts.push((RecordKind::$kind, n, $slice::store::count(&db, &viewer, &loose).await?));
        )*};
    }
    count!(License: licenses, Inspection: inspections, Complaint: complaints, Incident: incidents);
    Ok(frame.page("Records").nav(Nav::Records).show(listing::landing(&counts)))
}

fn row(it: Incident, frame: Frame) -> Row {
    Row {
        day: format::day(it.head.occurred_at.day_in(&frame.zone)),
        title: words(&it.offense),
        name: it.offense_as_written,
        state: None,
        place: it.place,
        source: format!("{} {}", it.head.source, it.head.source_key),
        linked: it.linked,
        site: None,
    }
}
