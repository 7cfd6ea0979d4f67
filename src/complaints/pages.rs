//! Handlers of complaints: the list, and the form that records one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::{Category, Complaint, form, store, views};
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::listing::{self, List, PAGE, Row, words};
use crate::records::store::{by_hand, save_links};
use crate::records::{Draft, Filter, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::sites::{self, Site};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The complaints that fit the filter in the URL.
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
        kind: RecordKind::Complaint,
        params: &params,
        filter: &filter,
        facets: Category::ALL.iter().map(|it| (it.to_string(), words(it.as_str()))).collect(),
        rows: found.into_iter().map(|it| with_site(row(it, frame))).collect(),
        total,
        all,
        page,
    };
    let crumbs = vec![("Records".to_owned(), "/records".to_owned())];
    Ok(frame.page(listing::heading(list.kind)).nav(Nav::Records).crumbs(crumbs).show(listing::list(&list)))
}

/// The empty form for a complaint of a site.
pub async fn new(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let today = Moment::from(clock.now()).day_in(&frame.zone).to_string();
    let values = [("id", clock.id().to_string()), ("occurred_on", today)].into_iter().collect();
    Ok(show(frame, &site, &values, &Flaws::default()))
}

/// Records it, with a link to its site.
pub async fn add(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let now = Moment::from(clock.now());
    let record = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| RecordId(clock.id()));
    let complaint = match form::read(&params, record, &site, now, now.day_in(&frame.zone)) {
        Ok(read) => read,
        Err(flaws) => {
            return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, show(frame, &site, &params, &flaws)));
        }
    };
    let done = Redirect::to(&format!("/sites/{id}")).into_response();
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    // The same form sent twice is one record.
    if store::find(&mut tx, &viewer, record).await?.is_some() {
        return Ok(done);
    }
    let head = complaint.head.clone();
    let draft = Draft::new(head.clone(), complaint.cells());
    store::save(&mut tx, vec![draft], now).await?;
    let link = by_hand(RecordKind::Complaint, &head, site.id, site.building_id);
    save_links(&mut tx, vec![link]).await?;
    sites::store::touch(&mut tx, &[site.id], now).await?;
    tx.commit().await?;
    Ok(done)
}

fn show(frame: Frame, site: &Site, values: &Params, flaws: &Flaws) -> Markup {
    let crumbs =
        vec![("Sites".to_owned(), "/sites".to_owned()), (site.name.clone(), format!("/sites/{}", site.id))];
    let form = views::form(site, Typed { values, flaws });
    frame.page("Record a complaint").nav(Nav::Sites).crumbs(crumbs).show(form)
}

fn row(it: Complaint, frame: Frame) -> Row {
    Row {
        day: format::day(it.head.occurred_at.day_in(&frame.zone)),
        title: words(it.category.as_str()),
        name: Some(it.name),
        state: Some(words(it.state.as_str())),
        place: it.place,
        source: format!("{} {}", it.head.source, it.head.source_key),
        linked: it.linked,
        site: None,
    }
}
