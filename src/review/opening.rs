//! Handlers of the two decisions that open a site: a record of a business that is not in the catalog, and a site that held
//! two businesses. Both show what they are about to do first.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;

use super::decide::{self, Said};
use super::opening_views::{self, Split};
use super::pages::{Around, line, next, site_of};
use super::{Case, Companion, read, store};
use crate::areas;
use crate::audit;
use crate::clock::{Clock, Moment};
use crate::db::{Db, Tx};
use crate::records::decisions::{DecisionId, Verdict};
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::sites::{self, Kinds, Site, Status, form, keeping};
use crate::text::address::Address;
use crate::text::name::Name;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

type Areas = State<Arc<areas::snapshot::Snapshot>>;

/// So many records of a site are looked through and can be moved with one split.
const MOST_COMPANIONS: u32 = 200;

/// The form that opens a site for a record, filled in with what the record says.
pub async fn new(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
) -> web::Result<Markup> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let case = read::case(&db, &viewer, kind, id).await?.ok_or_not_found("record")?;
    let neighbors = at_address(&db, &viewer, case.building()).await?;
    Ok(show(&around, &case, &prefilled(&case, clock), &Flaws::default(), &neighbors))
}

/// Opens the site and links the record to it.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn open(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
    Form(params): Form,
) -> web::Result<Response> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let mut tx = keeping::begin(&db).await?;
    let case = read::case(&mut tx, &viewer, kind, id).await?.ok_or_not_found("record")?;
    if is_overtaken(&params, &case) {
        return Ok(overtaken(&around, &case));
    }
    let mut known = vec![case.building()];
    known.extend(params.get("warned").map(|it| it.parse::<BuildingId>().ok()));
    let (entry, why) = match read_form(&params, &kinds) {
        Ok(read) => read,
        Err(flaws) => return Ok(again(show(&around, &case, &params, &flaws, &[]))),
    };
    let building = entry.location.building();
    let neighbors =
        sites::store::in_buildings(&mut tx, &viewer, &building.into_iter().collect::<Vec<_>>()).await?;
    if !neighbors.is_empty() && !known.contains(&building) {
        let mut flaws = Flaws::default();
        flaws.add(
            "address",
            "Sites stand at this address already: see above. Send it again if it is none of them.",
        );
        return Ok(again(show(&around, &case, &params, &flaws, &neighbors)));
    }
    let said = match add(&mut tx, &around, &areas, entry, &params).await? {
        Ok(site) => Said { verdict: Verdict::NewSite, site: Some(site.id), building: site.building_id, why },
        Err(flaws) => return Ok(again(show(&around, &case, &params, &flaws, &neighbors))),
    };
    let decision = decide::decide(&mut tx, clock, &viewer, &case, &said, None).await?;
    finish(tx, &db, &around, &case, &said, decision, &params).await
}

/// What splitting the site of a record would do.
pub async fn splitting(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
) -> web::Result<Markup> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let case = read::case(&db, &viewer, kind, id).await?.ok_or_not_found("record")?;
    let site = site_of(&db, &viewer, &case).await?.ok_or_not_found("site to split")?;
    let others = others(&db, &viewer, &case, &site).await?;
    let values = [
        ("seen", case.seen()),
        ("id", clock.id().to_string()),
        ("name", case.subject.name.clone()),
        ("kind", site.kind.clone()),
    ];
    let values: Params = values.into_iter().collect();
    Ok(show_split(&around, &case, &site, &others, &values, &Flaws::default()))
}

/// Opens a second site at the same premises and moves the record there, with those that were ticked.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn split(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    State(areas): Areas,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
    Form(params): Form,
) -> web::Result<Response> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let mut tx = keeping::begin(&db).await?;
    let case = read::case(&mut tx, &viewer, kind, id).await?.ok_or_not_found("record")?;
    if is_overtaken(&params, &case) {
        return Ok(overtaken(&around, &case));
    }
    let site = site_of(&mut tx, &viewer, &case).await?.ok_or_not_found("site to split")?;
    let others = others(&mut tx, &viewer, &case, &site).await?;
    let again = |flaws: &Flaws| again(show_split(&around, &case, &site, &others, &params, flaws));
    let (entry, why) = match read_form(&at_premises(&params, &site), &kinds) {
        Ok(read) => read,
        Err(flaws) => return Ok(again(&flaws)),
    };
    let said = match add(&mut tx, &around, &areas, entry, &params).await? {
        Ok(new) => Said { verdict: Verdict::Split, site: Some(new.id), building: new.building_id, why },
        Err(flaws) => return Ok(again(&flaws)),
    };
    let decision = decide::decide(&mut tx, clock, &viewer, &case, &said, None).await?;
    for it in others.iter().filter(|it| is_ticked(&params, it)) {
        let Some(other) = read::case(&mut tx, &viewer, it.kind, it.id).await? else { continue };
        decide::decide(&mut tx, clock, &viewer, &other, &said, Some(decision)).await?;
    }
    finish(tx, &db, &around, &case, &said, decision, &params).await
}

async fn finish(
    mut tx: Tx,
    db: &Db,
    around: &Around<'_>,
    case: &Case,
    said: &Said,
    decision: DecisionId,
    params: &Params,
) -> web::Result<Response> {
    let with_it = params.list("with").count();
    let logged = decide::logged(case, said, decision)
        .with("moved_along", with_it)
        .with_all("confirmed", guarded::confirmations(params));
    if let Some(site) = said.site
        && let Some(site) = sites::store::find(&mut tx, around.viewer, site).await?
    {
        let opened = keeping::changed(None, &site, params);
        audit::store::append(&mut tx, around.clock, around.viewer, &opened).await?;
    }
    audit::store::commit(tx, around.clock, around.viewer, &logged).await?;
    next(db, around, case, &format!("done={decision}")).await
}

/// Saves the new site; what is to be mended is the inner error.
async fn add(
    tx: &mut Tx,
    around: &Around<'_>,
    areas: &areas::snapshot::Snapshot,
    entry: form::Entry,
    params: &Params,
) -> web::Result<Result<Site, Flaws>> {
    let now = Moment::from(around.clock.now());
    let id = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| SiteId(around.clock.id()));
    if !sites::store::versions(&mut *tx, around.viewer, id).await?.is_empty() {
        let mut flaws = Flaws::default();
        flaws.add("name", "This form has been sent before. Open it anew.");
        return Ok(Err(flaws));
    }
    let blank = form::blank(id, sites::store::next_number(tx).await?, now);
    let placed = keeping::place(tx, around.viewer, areas, &entry.location, None).await?;
    let site = entry.apply(blank, placed);
    if let Err(flaws) = keeping::may_be_kept(tx, around.viewer, &site).await? {
        return Ok(Err(flaws));
    }
    sites::store::save(tx, vec![site.clone()], now).await?;
    Ok(Ok(site))
}

/// What the form says of the site, and why.
fn read_form(params: &Params, kinds: &Kinds) -> Result<(form::Entry, Option<String>), Flaws> {
    let open = [("status".to_owned(), Status::Open.to_string())];
    let site: Params = params.pairs().iter().filter(|it| it.0 != "note").cloned().chain(open).collect();
    let mut filled = Filled::new(params);
    let why = filled.free_line("why");
    match (form::read(&site, kinds), filled.flaws.is_empty()) {
        (Ok(entry), true) => Ok((entry, why)),
        (Ok(_), false) => Err(filled.flaws),
        (Err(mut flaws), _) => {
            filled.flaws.pairs().into_iter().for_each(|(field, reason)| flaws.add(field, reason));
            Err(flaws)
        }
    }
}

/// Name and kind as typed, all else as the site that is split.
fn at_premises(params: &Params, site: &Site) -> Params {
    let typed = ["name", "kind", "why", "why_confirmed"];
    let place = ["address", "unit", "city", "state", "zip", "lat", "lon"];
    let of_site = form::values(site);
    let kept = of_site.pairs().iter().filter(|it| place.contains(&it.0.as_str()));
    params.pairs().iter().filter(|it| typed.contains(&it.0.as_str())).chain(kept).cloned().collect()
}

/// What the record says of its business.
fn prefilled(case: &Case, clock: Clock) -> Params {
    let it = &case.subject;
    let text = |it: Option<&String>| it.cloned().unwrap_or_default();
    let address = it.place.address.as_deref().map(Address::parse).unwrap_or_default();
    let point = it.place.lat.zip(it.place.lon).map(|(lat, lon)| format!("{lat}, {lon}"));
    let values = [
        ("seen", case.seen()),
        ("id", clock.id().to_string()),
        ("name", it.name.clone()),
        ("kind", it.site_kind.clone().unwrap_or_default()),
        ("address", text(it.place.address.as_ref())),
        ("unit", if address.unit.is_some() { String::new() } else { text(it.place.unit.as_ref()) }),
        ("city", text(it.place.city.as_ref())),
        ("state", text(address.state.as_ref())),
        ("zip", text(address.zip.as_ref())),
        ("lat", point.unwrap_or_default()),
    ];
    values.into_iter().collect()
}

async fn at_address(db: &Db, viewer: &Viewer, building: Option<BuildingId>) -> web::Result<Vec<Site>> {
    let buildings: Vec<BuildingId> = building.into_iter().collect();
    Ok(sites::store::in_buildings(db, viewer, &buildings).await?)
}

/// The other records of the site; those that name the same business as this one come first.
async fn others(
    on: impl Into<crate::db::Target<'_>>,
    viewer: &Viewer,
    case: &Case,
    site: &Site,
) -> web::Result<Vec<Companion>> {
    let mut all = store::companions(on, viewer, site.id, MOST_COMPANIONS).await?;
    all.retain(|it| (it.kind, it.id) != case.subject.key());
    all.sort_by_key(|it| !is_alike(case, it));
    Ok(all)
}

/// Whether a record names the same business as the one that is decided about.
pub(super) fn is_alike(case: &Case, other: &Companion) -> bool {
    let own = Name::new(&case.subject.name);
    !own.is_empty() && own.key() == Name::new(&other.name).key()
}

fn is_ticked(params: &Params, it: &Companion) -> bool {
    params.list("with").any(|ticked| ticked == it.id.to_string())
}

fn is_overtaken(params: &Params, case: &Case) -> bool {
    params.get("seen") != Some(case.seen().as_str())
}

fn overtaken(around: &Around<'_>, case: &Case) -> Response {
    let page = within(around, case, "Not saved", opening_views::overtaken(case));
    shown_again(StatusCode::CONFLICT, page)
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn show(around: &Around<'_>, case: &Case, values: &Params, flaws: &Flaws, neighbors: &[Site]) -> Markup {
    let fragment = opening_views::new_site(case, Typed { values, flaws }, around.kinds, neighbors);
    within(around, case, "New site", fragment)
}

fn show_split(
    around: &Around<'_>,
    case: &Case,
    site: &Site,
    others: &[Companion],
    values: &Params,
    flaws: &Flaws,
) -> Markup {
    let is_first = values.get("shown").is_none();
    let ticked = others.iter().filter(|it| if is_first { is_alike(case, it) } else { is_ticked(values, it) });
    let split = Split { site, others, ticked: ticked.map(|it| it.id).collect() };
    let name = line(values, "name");
    let fragment = opening_views::split(case, &split, &name, Typed { values, flaws }, around.kinds);
    within(around, case, "Split a site", fragment)
}

fn within(around: &Around<'_>, case: &Case, title: &str, fragment: Markup) -> Markup {
    let crumbs = vec![
        ("Review".to_owned(), "/review".to_owned()),
        (case.subject.title(), case.subject.href()),
        (title.to_owned(), String::new()),
    ];
    around.frame.page(title).nav(Nav::Review).crumbs(crumbs).show(fragment)
}
