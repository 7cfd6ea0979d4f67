//! Handlers that add, edit, close and move sites. Each save is a new version; a form that another save has overtaken
//! saves nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::form::{self, Location};
use super::keeping::{begin, changed, may_be_kept, place};
use super::{Kinds, Site, Status, store, views};
use crate::areas;
use crate::audit;
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

type Areas = State<Arc<areas::snapshot::Snapshot>>;

/// The empty form; `lat`, `lon` and any other field may stand in the URL.
pub async fn new(
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    frame: Frame,
    params: Params,
) -> Markup {
    let mut values: Vec<(String, String)> = params.pairs().to_vec();
    values.push(("status".to_owned(), Status::Open.to_string()));
    values.push(("id".to_owned(), clock.id().to_string()));
    let values = values.into_iter().collect();
    show(&frame, None, &values, &Flaws::default(), &kinds)
}

/// Adds a site.
pub async fn add(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Form(params): Form,
) -> web::Result<Response> {
    if params.get("check").is_some() {
        return Ok(show(&frame, None, &params, &Flaws::default(), &kinds).into_response());
    }
    let entry = match form::read(&params, &kinds) {
        Ok(entry) => entry,
        Err(flaws) => return Ok(again(show(&frame, None, &params, &flaws, &kinds))),
    };
    let (id, now) = (new_id(&params, clock), Moment::from(clock.now()));
    let mut tx = begin(&db).await?;
    // The same form sent twice adds one site.
    if store::find(&mut tx, &viewer, id).await?.is_none() {
        let blank = form::blank(id, store::next_number(&mut tx).await?, now);
        let placed = place(&mut tx, &viewer, &areas, &entry.location, None).await?;
        let site = entry.apply(blank, placed);
        if let Err(flaws) = may_be_kept(&mut tx, &viewer, &site).await? {
            return Ok(again(show(&frame, None, &params, &flaws, &kinds)));
        }
        let logged = changed(None, &site, &params);
        store::save(&mut tx, vec![site], now).await?;
        audit::store::commit(tx, clock, &viewer, &logged).await?;
    }
    Ok(to_site(id))
}

/// The form for a site as it stands.
pub async fn edit(
    State(db): State<Db>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    Ok(show(&frame, Some(&site), &form::values(&site), &Flaws::default(), &kinds))
}

/// Saves the next version of a site.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn save(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let site = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    if params.get("check").is_some() {
        return Ok(show(&frame, Some(&site), &params, &Flaws::default(), &kinds).into_response());
    }
    if is_overtaken(&params, &site) {
        let (now, typed) = (form::values(&site), params.replaced("version", &site.version.to_string()));
        let form = Typed { values: &typed, flaws: &Flaws::default() };
        let form = views::edit(Some(&site), form, &kinds, form::reading(&typed).as_ref(), frame.streets);
        return Ok(overtaken(&frame, &site, views::changed_meanwhile(&now, &typed, &form)));
    }
    let entry = match form::read(&params, &kinds) {
        Ok(entry) => entry,
        Err(flaws) => return Ok(again(show(&frame, Some(&site), &params, &flaws, &kinds))),
    };
    let now = Moment::from(clock.now());
    let placed = place(&mut tx, &viewer, &areas, &entry.location, Some(&site)).await?;
    let next = entry.apply(form::next_version(&site, now), placed);
    if let Err(flaws) = may_be_kept(&mut tx, &viewer, &next).await? {
        return Ok(again(show(&frame, Some(&site), &params, &flaws, &kinds)));
    }
    let logged = changed(Some(&site), &next, &params);
    store::save(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_site(id))
}

/// The form that closes a site.
pub async fn closing(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let values = dated("closed_on", clock, &frame, &site);
    Ok(show_close(&frame, &site, &values, &Flaws::default()))
}

/// Closes a site.
pub async fn close(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let site = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    if is_overtaken(&params, &site) {
        let typed = params.replaced("version", &site.version.to_string());
        let form = views::close(&site, Typed { values: &typed, flaws: &Flaws::default() });
        return Ok(overtaken_whole(&frame, &site, &form));
    }
    let (day, reason) = match read_close(&params, &site) {
        Ok(read) => read,
        Err(flaws) => return Ok(again(show_close(&frame, &site, &params, &flaws))),
    };
    let now = Moment::from(clock.now());
    let mut next = form::next_version(&site, now);
    (next.status, next.status_on, next.closed_on) = (Status::Closed, Some(day), Some(day));
    next.note = noted(site.note.shown(), &format!("Closed {day}: {reason}")).into();
    let logged = changed(Some(&site), &next, &params);
    store::save(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_site(id))
}

/// The last day of business, and how that is known.
fn read_close(params: &Params, site: &Site) -> Result<(Moment, String), Flaws> {
    let mut form = Filled::new(params);
    let last_day = form.day("closed_on").map(Moment::Day);
    if params.get("closed_on").is_none() {
        form.flaws.add("closed_on", "Give the last day of business.");
    }
    if last_day.zip(site.opened_on).is_some_and(|(closed, opened)| closed < opened) {
        form.flaws.add("closed_on", "It cannot close before it opened.");
    }
    let reason = form.free_text("reason");
    if params.get("reason").is_none() {
        form.flaws.add("reason", "Say how it is known that it closed.");
    }
    match (last_day, reason) {
        (Some(day), Some(reason)) if form.flaws.is_empty() => Ok((day, reason)),
        _ => Err(form.flaws),
    }
}

/// The form that moves a site.
pub async fn moving(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let mut values = dated("moved_on", clock, &frame, &site).pairs().to_vec();
    values.push(("id".to_owned(), clock.id().to_string()));
    values.extend(site.city.clone().map(|it| ("city".to_owned(), it)));
    values.extend(site.state.clone().map(|it| ("state".to_owned(), it)));
    Ok(show_move(&frame, &site, &values.into_iter().collect(), &Flaws::default()))
}

/// Moves a site: the old one becomes moved, a new one is opened at the new address.
pub async fn relocate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let site = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    let to = new_id(&params, clock);
    if site.moved_to == Some(to) {
        return Ok(to_site(to));
    }
    if params.get("check").is_some() {
        return Ok(show_move(&frame, &site, &params, &Flaws::default()).into_response());
    }
    if is_overtaken(&params, &site) || store::find(&mut tx, &viewer, to).await?.is_some() {
        let typed = params.replaced("version", &site.version.to_string());
        let form = Typed { values: &typed, flaws: &Flaws::default() };
        let form = views::relocate(&site, form, form::reading(&typed).as_ref(), frame.streets);
        return Ok(overtaken_whole(&frame, &site, &form));
    }
    let (location, day, note) = match read_move(&params, &site) {
        Ok(read) => read,
        Err(flaws) => return Ok(again(show_move(&frame, &site, &params, &flaws))),
    };
    let now = Moment::from(clock.now());
    let blank = form::blank(to, store::next_number(&mut tx).await?, now);
    let (old, mut new) = moved(&site, blank, day, now);
    new.note = note.into();
    let placed = place(&mut tx, &viewer, &areas, &location, None).await?;
    location.put(&mut new, placed);
    if let Err(flaws) = may_be_kept(&mut tx, &viewer, &new).await? {
        return Ok(again(show_move(&frame, &site, &params, &flaws)));
    }
    let logged = changed(Some(&site), &old, &params).with("moved_to", new.id).with("new", form::logged(&new));
    store::save(&mut tx, vec![old, new], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_site(to))
}

/// What a site is after it moved, and what it is at its new address, which is still to be put in.
fn moved(site: &Site, mut new: Site, day: Moment, now: Moment) -> (Site, Site) {
    let mut old = form::next_version(site, now);
    (old.status, old.status_on, old.closed_on) = (Status::Moved, Some(day), Some(day));
    old.moved_to = Some(new.id);
    (new.kind, new.name, new.other_names) = (site.kind.clone(), site.name.clone(), site.other_names.clone());
    (new.status, new.status_on, new.opened_on) = (Status::Open, Some(day), Some(day));
    (old, new)
}

/// Where to, when, and the note.
fn read_move(params: &Params, site: &Site) -> Result<(Location, Moment, Option<String>), Flaws> {
    let mut form = Filled::new(params);
    if params.get("moved_on").is_none() {
        form.flaws.add("moved_on", "Give the first day at the new address.");
    }
    let day = form.day("moved_on").map(Moment::Day);
    let note = form.free_text("note");
    let location = form::read_location(&mut form);
    if location.building().is_some()
        && location.building() == site.building_id
        && location.unit() == site.unit
    {
        form.flaws.add("address", "That is where it stands already. Edit the site to correct its address.");
    }
    match day {
        Some(day) if form.flaws.is_empty() => Ok((location, day, note)),
        _ => Err(form.flaws),
    }
}

fn is_overtaken(params: &Params, site: &Site) -> bool {
    params.get("version") != Some(site.version.to_string().as_str())
}

/// The id that the form was given when it was shown; sending it twice means the same site.
fn new_id(params: &Params, clock: Clock) -> SiteId {
    params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| SiteId(clock.id()))
}

fn dated(field: &str, clock: Clock, frame: &Frame, site: &Site) -> Params {
    let today = Moment::from(clock.now()).day_in(&frame.zone);
    [(field, today.to_string()), ("version", site.version.to_string())].into_iter().collect()
}

fn noted(before: Option<&str>, line: &str) -> String {
    before.map_or_else(|| line.to_owned(), |it| format!("{it}\n{line}"))
}

fn to_site(id: SiteId) -> Response {
    Redirect::to(&format!("/sites/{id}")).into_response()
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn overtaken(frame: &Frame, site: &Site, fragment: Markup) -> Response {
    shown_again(StatusCode::CONFLICT, within(frame, "Not saved", Some(site), fragment))
}

/// The same for a form that does not change the site's own fields: there is nothing to set side by side.
fn overtaken_whole(frame: &Frame, site: &Site, form: &Markup) -> Response {
    overtaken(frame, site, views::changed_meanwhile(&Params::default(), &Params::default(), form))
}

fn show(frame: &Frame, site: Option<&Site>, values: &Params, flaws: &Flaws, kinds: &Kinds) -> Markup {
    let form = Typed { values, flaws };
    let title = if site.is_some() { "Edit a site" } else { "Add a site" };
    within(frame, title, site, views::edit(site, form, kinds, form::reading(values).as_ref(), frame.streets))
}

fn show_close(frame: &Frame, site: &Site, values: &Params, flaws: &Flaws) -> Markup {
    within(frame, "Close a site", Some(site), views::close(site, Typed { values, flaws }))
}

fn show_move(frame: &Frame, site: &Site, values: &Params, flaws: &Flaws) -> Markup {
    let form = Typed { values, flaws };
    within(
        frame,
        "Move a site",
        Some(site),
        views::relocate(site, form, form::reading(values).as_ref(), frame.streets),
    )
}

fn within(frame: &Frame, title: &str, site: Option<&Site>, fragment: Markup) -> Markup {
    let mut crumbs = vec![("Sites".to_owned(), "/sites".to_owned())];
    crumbs.extend(site.map(|it| (it.name.clone(), format!("/sites/{}", it.id))));
    let page = frame.page(title).nav(Nav::Sites).crumbs(crumbs);
    page.style("maplibre-gl.css").module("map/pin.js").show(fragment)
}
