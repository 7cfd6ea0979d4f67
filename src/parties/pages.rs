//! Handlers: the list, the page of a party, and the forms that add, correct, end, join and part. Each save is a new
//! version; a form that another save has overtaken saves nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::form::{self, Entry, Term};
use super::same::{Facts, Sameness, same};
use super::views::{self, List, Shown};
use super::{Filter, HoldingId, Kind, Party, PartyId, Stands, store};
use crate::audit::{self, Act};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Target, Tx};
use crate::denied;
use crate::records::SiteId;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::form::DESK;
use crate::sites::{self, Kinds, Site};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

/// So many parties that it may be one of are offered.
const MOST_ALIKE: usize = 12;

/// The parties that fit the filter in the URL.
pub async fn list(State(db): State<Db>, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    let filter = Filter { text: params.get("q").map(str::to_owned), kind: params.parsed::<Kind>("kind")? };
    let page = params.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1);
    let parties = store::list(&db, &viewer, &filter, (page - 1, views::PAGE)).await?;
    let total = store::count(&db, &viewer, &filter).await?;
    let list = List { params: &params, filter: &filter, parties, total, page };
    Ok(frame.page("Parties").nav(Nav::Parties).show(views::list(&list)))
}

/// The page of a party.
pub async fn show(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
) -> web::Result<Markup> {
    let party = store::find(&db, &viewer, id).await?.ok_or_not_found("party")?;
    let into = match party.joined_into {
        Some(into) => store::find(&db, &viewer, into).await?,
        None => None,
    };
    let (joined, holdings, sharing, versions) = tokio::try_join!(
        store::joined_into(&db, &viewer, id),
        store::of_party(&db, &viewer, id),
        store::sharing(&db, &viewer, &party),
        store::versions(&db, &viewer, id),
    )?;
    let may_change = viewer.is_permitted(Permission::Change(Resource::Party));
    let today = Moment::from(clock.now()).day_in(&frame.zone);
    let shown = Shown { party, into, joined, holdings, sharing, versions, may_change };
    let fragment = views::show(&shown, &kinds, today, frame.zone);
    Ok(within(&frame, &shown.party.name, None, fragment))
}

/// The empty form that adds who stands behind a site.
pub async fn new(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let values: Params = [("id", clock.id().to_string())].into_iter().collect();
    Ok(show_add(&frame, &site, (&values, &Flaws::default()), &[]))
}

/// Adds a role, and the party unless it is a known one. Where it may be a known one, that is asked first.
pub async fn add(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let site = sites::store::find(&mut tx, &viewer, id).await?.ok_or_not_found("site")?;
    let (entry, term) = match form::read_both(&params) {
        Ok(read) => read,
        Err(flaws) => return Ok(again(show_add(&frame, &site, (&params, &flaws), &[]))),
    };
    let holding = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| HoldingId(clock.id()));
    // The same form sent twice adds one role.
    if store::holding(&mut tx, &viewer, holding).await?.is_some() {
        return Ok(to_site(site.id));
    }
    let now = Moment::from(clock.now());
    let fresh = entry.apply(form::blank(PartyId::of_source(DESK, &holding.to_string()), 0, now));
    if is_denied(&mut tx, &fresh).await? {
        return Ok(again(show_add(&frame, &site, (&params, &not_kept()), &[])));
    }
    let alike = alike(&mut tx, &viewer, &fresh).await?;
    let known = match chosen(&params, &alike) {
        Chosen::New => None,
        Chosen::Known(it) => Some(it.root()),
        Chosen::Open => {
            let mut flaws = Flaws::default();
            flaws.add("party", "Say whether it is one of these, or a new one.");
            return Ok(again(show_add(&frame, &site, (&params, &flaws), &alike)));
        }
    };
    save_new(tx, clock, &viewer, &site, (fresh, known), (holding, term), &params).await?;
    Ok(to_site(site.id))
}

/// What was answered to "is it one of these?".
enum Chosen<'a> {
    New,
    Known(&'a Party),
    Open,
}

fn chosen<'a>(params: &Params, alike: &'a [Party]) -> Chosen<'a> {
    match params.get("party") {
        Some("new") => Chosen::New,
        Some(id) => alike.iter().find(|it| it.id.to_string() == id).map_or(Chosen::Open, Chosen::Known),
        None if alike.is_empty() => Chosen::New,
        None => Chosen::Open,
    }
}

async fn save_new(
    mut tx: Tx,
    clock: Clock,
    viewer: &Viewer,
    site: &Site,
    (fresh, known): (Party, Option<PartyId>),
    (id, term): (HoldingId, Term),
    params: &Params,
) -> web::Result<()> {
    let now = fresh.recorded_at;
    let party = known.unwrap_or(fresh.id);
    let holding = term.begin(id, party, site, now);
    let mut logged = audit::Entry::new(Act::Change)
        .on(Resource::Party)
        .about(party.0)
        .with("recorded_for", site.id)
        .with("role", form::logged_holding(&holding));
    if known.is_none() {
        let number = store::next_number(&mut tx).await?;
        let fresh = Party { number, ..fresh };
        logged = logged.changed(&serde_json::Value::default(), &form::logged(&fresh));
        store::save(&mut tx, vec![fresh], now).await?;
    }
    store::save_holdings(&mut tx, vec![holding], now).await?;
    let logged = logged.with_all("confirmed", guarded::confirmations(params));
    Ok(audit::store::commit(tx, clock, viewer, &logged).await?)
}

/// The form for a party as it stands.
pub async fn edit(
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
) -> web::Result<Markup> {
    let party = store::find(&db, &viewer, id).await?.ok_or_not_found("party")?;
    Ok(show_edit(&frame, &party, (&form::values(&party), &Flaws::default()), false))
}

/// Saves the next version of a party.
pub async fn save(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let party = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("party")?;
    if is_overtaken(&params, party.version) {
        let typed = params.replaced("version", &party.version.to_string());
        return Ok(overtaken(show_edit(&frame, &party, (&typed, &Flaws::default()), true)));
    }
    let entry: Entry = match form::read(&params) {
        Ok(entry) => entry,
        Err(flaws) => return Ok(again(show_edit(&frame, &party, (&params, &flaws), false))),
    };
    let now = Moment::from(clock.now());
    let next = entry.apply(form::next_version(&party, now));
    if is_denied(&mut tx, &next).await? {
        return Ok(again(show_edit(&frame, &party, (&params, &not_kept()), false)));
    }
    let logged = changed(&party, &next).with_all("confirmed", guarded::confirmations(&params));
    store::save(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_party(id))
}

/// The form for a role as it stands.
pub async fn edit_holding(
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<HoldingId>,
) -> web::Result<Markup> {
    let it = store::holding(&db, &viewer, id).await?.ok_or_not_found("role")?;
    let values = form::values_of_holding(&it.holding);
    Ok(show_holding(&frame, &it, (&values, &Flaws::default()), false))
}

/// Changes or ends a role.
pub async fn save_holding(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<HoldingId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let it = store::holding(&mut tx, &viewer, id).await?.ok_or_not_found("role")?;
    if is_overtaken(&params, it.holding.version) {
        let typed = params.replaced("version", &it.holding.version.to_string());
        return Ok(overtaken(show_holding(&frame, &it, (&typed, &Flaws::default()), true)));
    }
    let term = match form::read_term(&params) {
        Ok(term) => term,
        Err(flaws) => return Ok(again(show_holding(&frame, &it, (&params, &flaws), false))),
    };
    let now = Moment::from(clock.now());
    let next = term.apply(form::next_holding(&it.holding, now));
    let logged = audit::Entry::new(Act::Change)
        .on(Resource::Party)
        .about(it.root.0)
        .with("version", next.version)
        .with("holding", next.id)
        .changed(&form::logged_holding(&it.holding), &form::logged_holding(&next))
        .with_all("confirmed", guarded::confirmations(&params));
    store::save_holdings(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_party(it.root))
}

/// The form that joins a party with another.
pub async fn joining(
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
) -> web::Result<Markup> {
    let party = unjoined(&db, &viewer, id).await?;
    let alike = alike(&db, &viewer, &party).await?;
    Ok(show_join(&frame, &party, (&Params::default(), &Flaws::default()), &alike))
}

/// Says that a party is one with another: it keeps its rows and is shown with that one.
pub async fn join(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let party = unjoined(&mut tx, &viewer, id).await?;
    let mut form = Filled::new(&params);
    let why = why(&mut form);
    let other = match number(&params) {
        Some(number) => store::by_number(&mut tx, &viewer, number).await?,
        None => None,
    };
    let has_joined = !store::joined_into(&mut tx, &viewer, id).await?.is_empty();
    match &other {
        None => form.flaws.add("number", "Give the number of a party on record, such as P-00012."),
        Some(it) if it.root() == id => {
            form.flaws.add("number", "That is the same party already. Give another one.");
        }
        Some(it) if has_joined => form.flaws.add(
            "number",
            format!("Others were joined into this one. Open {} and join that one into this.", it.code()),
        ),
        Some(_) => {}
    }
    let (Some(other), Some(why), true) = (other, why, form.flaws.is_empty()) else {
        let alike = alike(&mut tx, &viewer, &party).await?;
        return Ok(again(show_join(&frame, &party, (&params, &form.flaws), &alike)));
    };
    let now = Moment::from(clock.now());
    let next = Party { joined_into: Some(other.root()), ..form::next_version(&party, now) };
    let logged =
        changed(&party, &next).with("why", why).with_all("confirmed", guarded::confirmations(&params));
    store::save(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_party(other.root()))
}

/// The form that takes a joining back.
pub async fn parting(
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
) -> web::Result<Markup> {
    let (party, into) = joined((&db).into(), &viewer, id).await?;
    Ok(show_part(&frame, &party, &into, (&Params::default(), &Flaws::default())))
}

/// Takes a joining back: the two are two again from now on.
pub async fn part(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<PartyId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&db).await?;
    let (party, into) = joined((&mut tx).into(), &viewer, id).await?;
    let mut form = Filled::new(&params);
    let (Some(why), true) = (why(&mut form), form.flaws.is_empty()) else {
        return Ok(again(show_part(&frame, &party, &into, (&params, &form.flaws))));
    };
    let now = Moment::from(clock.now());
    let next = Party { joined_into: None, ..form::next_version(&party, now) };
    let logged =
        changed(&party, &next).with("why", why).with_all("confirmed", guarded::confirmations(&params));
    store::save(&mut tx, vec![next], now).await?;
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    Ok(to_party(id))
}

fn why(form: &mut Filled<'_>) -> Option<String> {
    let before = form.flaws.pairs().len();
    let why = form.free_line("why");
    if why.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("why", "Say how it is known.");
    }
    why
}

/// The number of the party chosen or typed.
fn number(params: &Params) -> Option<i64> {
    let written = params.get("with").or(params.get("number"))?;
    written.trim().trim_start_matches(['P', 'p']).trim_start_matches('-').parse().ok()
}

async fn unjoined(on: impl Into<Target<'_>>, viewer: &Viewer, id: PartyId) -> web::Result<Party> {
    let party = store::find(on, viewer, id).await?.ok_or_not_found("party")?;
    match party.joined_into {
        Some(_) => {
            Err(Error::Conflict("This party was joined with another already. Part them first.".to_owned()))
        }
        None => Ok(party),
    }
}

async fn joined(mut on: Target<'_>, viewer: &Viewer, id: PartyId) -> web::Result<(Party, Party)> {
    let party = store::find(on.again(), viewer, id).await?.ok_or_not_found("party")?;
    let Some(into) = party.joined_into else {
        return Err(Error::Conflict("This party is joined with no other.".to_owned()));
    };
    let into = store::find(on, viewer, into).await?.ok_or_not_found("party")?;
    Ok((party, into))
}

/// The parties that this one may be the same as, the likeliest first.
async fn alike(on: impl Into<Target<'_>>, viewer: &Viewer, party: &Party) -> web::Result<Vec<Party>> {
    let facts = Facts::of(party);
    let marks = (party.registered_number.as_deref(), party.phone.as_deref());
    let found = store::alike(on, viewer, &facts.name_keys(), marks).await?;
    let judged =
        found.into_iter().filter(|it| it.id != party.id).map(|it| (same(&facts, &Facts::of(&it)), it));
    let mut judged: Vec<(Sameness, Party)> = judged.filter(|it| it.0 > Sameness::Different).collect();
    judged.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    Ok(judged.into_iter().map(|it| it.1).take(MOST_ALIKE).collect())
}

/// A transaction that no import and no other form overtakes.
async fn begin(db: &Db) -> web::Result<Tx> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    Ok(tx)
}

async fn is_denied(tx: &mut Tx, party: &Party) -> web::Result<bool> {
    Ok(denied::store::read(tx.into()).await?.holds(party.building_id, None))
}

/// A protected place is kept by nobody, and the page says no more than that.
fn not_kept() -> Flaws {
    let mut flaws = Flaws::default();
    flaws.add("address", "This place may not be kept in FOCA. Nothing was saved.");
    flaws
}

fn changed(before: &Party, after: &Party) -> audit::Entry {
    audit::Entry::new(Act::Change)
        .on(Resource::Party)
        .about(after.id.0)
        .with("version", after.version)
        .changed(&form::logged(before), &form::logged(after))
}

fn is_overtaken(params: &Params, version: i64) -> bool {
    params.get("version") != Some(version.to_string().as_str())
}

fn to_site(id: SiteId) -> Response {
    Redirect::to(&format!("/sites/{id}")).into_response()
}

fn to_party(id: PartyId) -> Response {
    Redirect::to(&format!("/parties/{id}")).into_response()
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn overtaken(page: Markup) -> Response {
    shown_again(StatusCode::CONFLICT, page)
}

fn show_add(frame: &Frame, site: &Site, (values, flaws): (&Params, &Flaws), alike: &[Party]) -> Markup {
    let crumbs =
        vec![("Sites".to_owned(), "/sites".to_owned()), (site.name.clone(), format!("/sites/{}", site.id))];
    let page = frame.page("Add who stands behind it").nav(Nav::Sites).crumbs(crumbs);
    page.show(views::add(site, Typed { values, flaws }, alike))
}

fn show_edit(frame: &Frame, party: &Party, (values, flaws): (&Params, &Flaws), is_overtaken: bool) -> Markup {
    within(frame, "Edit a party", Some(party), views::edit(party, Typed { values, flaws }, is_overtaken))
}

fn show_holding(frame: &Frame, it: &Stands, (values, flaws): (&Params, &Flaws), overtaken: bool) -> Markup {
    let fragment = views::edit_holding(it, Typed { values, flaws }, overtaken);
    within(frame, "Change or end a role", None, fragment)
}

fn show_join(frame: &Frame, party: &Party, (values, flaws): (&Params, &Flaws), alike: &[Party]) -> Markup {
    within(frame, "Join parties", Some(party), views::join(party, Typed { values, flaws }, alike))
}

fn show_part(frame: &Frame, party: &Party, into: &Party, (values, flaws): (&Params, &Flaws)) -> Markup {
    within(frame, "Part parties", Some(party), views::part(party, into, Typed { values, flaws }))
}

fn within(frame: &Frame, title: &str, party: Option<&Party>, fragment: Markup) -> Markup {
    let mut crumbs = vec![("Parties".to_owned(), "/parties".to_owned())];
    crumbs.extend(party.map(|it| (it.name.clone(), format!("/parties/{}", it.id))));
    frame.page(title).nav(Nav::Parties).crumbs(crumbs).show(fragment)
}
