//! Handlers: the list, the page of a place, and the forms that add and correct one. Each save is a new version; a form
//! that another save has overtaken saves nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::classes::Classes;
use super::form::{self, Entry, Refused};
use super::views::{self, List, Shown};
use super::{Filter, Place, PlaceId, store};
use crate::areas;
use crate::audit::{self, Act};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Tx};
use crate::denied;
use crate::geo::shape::Shape;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::keeping::begin;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound, guarded};

type Areas = State<Arc<areas::snapshot::Snapshot>>;

/// The places that fit the filter in the URL.
pub async fn list(
    State(db): State<Db>,
    State(classes): State<Arc<Classes>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let filter =
        Filter { text: params.get("q").map(str::to_owned), class: params.get("class").map(str::to_owned) };
    let page = params.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1);
    let places = store::list(&db, &viewer, &filter, (page - 1, views::PAGE)).await?;
    let total = store::count(&db, &viewer, &filter).await?;
    let may_change = viewer.is_permitted(Permission::Change(Resource::Place));
    let list = List { params: &params, filter: &filter, places, total, page, may_change };
    let crumbs = vec![("Records".to_owned(), "/records".to_owned())];
    let page = frame.page("Sensitive places").nav(Nav::Records).crumbs(crumbs);
    Ok(page.show(views::list(&list, &classes, frame.zone)))
}

/// The page of a place.
pub async fn show(
    State(db): State<Db>,
    State(classes): State<Arc<Classes>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PlaceId>,
) -> web::Result<Markup> {
    let place = store::find(&db, &viewer, id).await?.ok_or_not_found("place")?;
    let versions = store::history(&db, &viewer, id).await?;
    let outline = Shape::from_wkb(&place.outline).ok();
    let may_change = viewer.is_permitted(Permission::Change(Resource::Place));
    let shown = Shown { place, outline, versions, may_change };
    let page = frame.page(shown.place.title(&classes)).nav(Nav::Records).crumbs(crumbs(None, &classes));
    Ok(page.show(views::show(&shown, &classes, frame.zone)))
}

/// The empty form; any field may stand in the URL.
pub async fn new(
    State(clock): State<Clock>,
    State(classes): State<Arc<Classes>>,
    State(areas): Areas,
    frame: Frame,
    params: Params,
) -> Markup {
    let values = params.replaced("id", &clock.id().to_string());
    show_form(&frame, None, (&values, &Flaws::default()), (&classes, &areas), false)
}

/// Adds a place.
pub async fn add(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(classes): State<Arc<Classes>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Form(params): Form,
) -> web::Result<Response> {
    let again =
        |it: &Refused| again(show_form(&frame, None, (&it.values, &it.flaws), (&classes, &areas), false));
    let entry = match form::read(&params, &classes) {
        Ok(entry) => entry,
        Err(refused) => return Ok(again(&refused)),
    };
    let id = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| PlaceId(clock.id()));
    let now = Moment::from(clock.now());
    let mut tx = begin(&db).await?;
    // The same form sent twice adds one place.
    if store::find(&mut tx, &viewer, id).await?.is_none() {
        if let Err(flaws) = may_be_kept(&mut tx, &viewer, &areas, &entry).await? {
            return Ok(again(&Refused { flaws, values: params }));
        }
        let place = entry.apply(form::blank(id, now));
        let logged = changed(None, &place, &params);
        store::save_one(&mut tx, place, now).await?;
        audit::store::commit(tx, clock, &viewer, &logged).await?;
    }
    Ok(to_place(id))
}

/// The form for a place as it stands.
pub async fn edit(
    State(db): State<Db>,
    State(classes): State<Arc<Classes>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PlaceId>,
) -> web::Result<Markup> {
    let place = store::find(&db, &viewer, id).await?.ok_or_not_found("place")?;
    let values = form::values(&place);
    Ok(show_form(&frame, Some(&place), (&values, &Flaws::default()), (&classes, &areas), false))
}

/// Saves the next version of a place.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn save(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(classes): State<Arc<Classes>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PlaceId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let place = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("place")?;
    let shown = |values: &Params, flaws: &Flaws, overtaken: bool| {
        show_form(&frame, Some(&place), (values, flaws), (&classes, &areas), overtaken)
    };
    if params.get("version") != Some(place.version.to_string().as_str()) {
        let typed = params.replaced("version", &place.version.to_string());
        return Ok(shown_again(StatusCode::CONFLICT, shown(&typed, &Flaws::default(), true)));
    }
    let entry = match form::read(&params, &classes) {
        Ok(entry) => entry,
        Err(it) => return Ok(again(shown(&it.values, &it.flaws, false))),
    };
    if let Err(flaws) = may_be_kept(&mut tx, &viewer, &areas, &entry).await? {
        return Ok(again(shown(&params, &flaws, false)));
    }
    let now = Moment::from(clock.now());
    let next = entry.apply(form::next_version(&place, now));
    let logged = changed(Some(&place), &next, &params);
    store::save_one(&mut tx, next, now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_place(id))
}

/// A protected place is kept by nobody, and the page says no more than that. Who answers for a part of the state keeps
/// the places of that part.
async fn may_be_kept(
    tx: &mut Tx,
    viewer: &Viewer,
    areas: &areas::snapshot::Snapshot,
    entry: &Entry,
) -> web::Result<Result<(), Flaws>> {
    let middle = entry.outline.middle();
    let mut flaws = Flaws::default();
    let denied = denied::store::read(tx.into()).await?;
    if denied.holds(entry.building(), Some((middle.lon(), middle.lat()))) {
        flaws.add("outline", "This place may not be kept in FOCA. Nothing was saved.");
        return Ok(Err(flaws));
    }
    let found = areas.locate(middle.lon(), middle.lat());
    if !viewer.covers(found.city.as_deref(), found.county.as_deref()) {
        flaws.add("outline", "This lies outside of your area. Whoever answers for it can save it.");
        return Ok(Err(flaws));
    }
    Ok(Ok(()))
}

fn changed(before: Option<&Place>, after: &Place, params: &Params) -> audit::Entry {
    let before = before.map(form::logged).unwrap_or_default();
    audit::Entry::new(Act::Change)
        .on(Resource::Place)
        .about(after.id.0)
        .with("version", after.version)
        .changed(&before, &form::logged(after))
        .with_all("confirmed", guarded::confirmations(params))
}

fn to_place(id: PlaceId) -> Response {
    Redirect::to(&format!("/places/{id}")).into_response()
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn crumbs(place: Option<&Place>, classes: &Classes) -> Vec<(String, String)> {
    let mut crumbs = vec![
        ("Records".to_owned(), "/records".to_owned()),
        ("Sensitive places".to_owned(), "/places".to_owned()),
    ];
    crumbs.extend(place.map(|it| (it.title(classes).to_owned(), format!("/places/{}", it.id))));
    crumbs
}

fn show_form(
    frame: &Frame,
    place: Option<&Place>,
    (values, flaws): (&Params, &Flaws),
    (classes, areas): (&Classes, &areas::snapshot::Snapshot),
    overtaken: bool,
) -> Markup {
    let title = if place.is_some() { "Edit a place" } else { "Add a place" };
    let map = (areas.bounds(), frame.streets);
    let fragment = views::edit(place, Typed { values, flaws }, classes, map, overtaken);
    let page = frame.page(title).nav(Nav::Records).crumbs(crumbs(place, classes));
    page.style("maplibre-gl.css").module("map/draw.js").show(fragment)
}
