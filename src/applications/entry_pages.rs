//! Handlers: an application is received, and its particulars are corrected. A form sent twice saves once, and one that another
//! save has overtaken saves nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::acts::{Desk, Office};
use super::form::{self, Entry};
use super::form_views::{self, Asked};
use super::workflow::Procedure;
use super::{Application, ApplicationId, Fee, Holder, Waits, desk, effects, holders, store};
use crate::audit::{self, Act};
use crate::clock::Moment;
use crate::db::{Target, Tx};
use crate::licenses::License;
use crate::parties;
use crate::records::store::find as find_record;
use crate::records::{Place, RecordId, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::form::blank;
use crate::sites::keeping::begin;
use crate::sites::{self, Kinds};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The license that an address or a form names, if it names one.
async fn license_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    params: &Params,
) -> web::Result<Option<License>> {
    let Some(id) = params.get("license").and_then(|it| it.parse::<RecordId>().ok()) else { return Ok(None) };
    Ok(Some(find_record::<License>(on, viewer, id).await?.ok_or_not_found("license")?))
}

/// The procedure that an address or a form names, or the first that fits.
fn procedure_of<'a>(
    office: &'a Office,
    params: &Params,
    license: Option<&License>,
) -> web::Result<(&'a str, &'a Procedure)> {
    let of = license.map(|it| (form::holder_of(it), it.status));
    form::procedure(&office.workflow, params.get("procedure"), of).ok_or_not_found("procedure")
}

/// The form of a new application, with what the license or the site says already.
pub async fn new(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let license = license_of(&office.db, &viewer, &params).await?;
    let (word, procedure) = procedure_of(&office, &params, license.as_ref())?;
    let mut values = vec![
        ("id".to_owned(), office.clock.id().to_string()),
        ("procedure".to_owned(), word.to_owned()),
        ("received_on".to_owned(), office.today(frame.zone).to_string()),
        ("holder".to_owned(), Holder::Business.to_string()),
        ("fee".to_owned(), Fee::Due.to_string()),
    ];
    if let Some(it) = &license {
        values.push(("license".to_owned(), it.head.id.to_string()));
        values.push(("applicant".to_owned(), it.licensee.clone().unwrap_or_default()));
        values.push(("business".to_owned(), it.name.clone()));
        values.push(("party".to_owned(), licensee(&office, &viewer, it).await?.unwrap_or_default()));
    } else if let Some(id) = params.get("site").and_then(|it| it.parse::<SiteId>().ok()) {
        let site = sites::store::find(&office.db, &viewer, id).await?.ok_or_not_found("site")?;
        values.extend([("site", site.code()), ("business", site.name), ("kind", site.kind)].map(own));
    }
    let values = values.into_iter().collect();
    let asked = Asked { procedure, license: license.as_ref(), application: None, kinds: &office.kinds };
    Ok(show(&frame, &asked, Typed { values: &values, flaws: &Flaws::default() }))
}

fn own((name, value): (&str, String)) -> (String, String) {
    (name.to_owned(), value)
}

/// The party that holds the license of a site, where there is one and no other.
async fn licensee(office: &Office, viewer: &Viewer, license: &License) -> web::Result<Option<String>> {
    let Some(site) = license.linked.site_id else { return Ok(None) };
    let today = Moment::from(office.clock.now()).day();
    let held = parties::store::of_site(&office.db, viewer, site).await?;
    let mut roots: Vec<_> = held
        .iter()
        .filter(|it| it.holding.role == parties::Role::Licensee && it.holding.lasts_on(today))
        .map(|it| it.root)
        .collect();
    roots.dedup();
    let [one] = roots[..] else { return Ok(None) };
    Ok(parties::store::find(&office.db, viewer, one).await?.map(|it| it.code()))
}

/// Receives an application.
pub async fn add(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&office.db).await?;
    let license = license_of(&mut tx, &viewer, &params).await?;
    let id = params.get("id").and_then(|it| it.parse().ok());
    let id = id.unwrap_or_else(|| ApplicationId(office.clock.id()));
    // The same form sent twice is one application.
    if let Some(known) = store::find(&mut tx, &viewer, id).await? {
        return Ok(Redirect::to(&known.href()).into_response());
    }
    let (word, procedure) = procedure_of(&office, &params, license.as_ref())?;
    let asked = Asked { procedure, license: license.as_ref(), application: None, kinds: &office.kinds };
    let desk = office.desk(&viewer, frame.zone);
    let read = form::read(&params, procedure, (&office.kinds, license.as_ref()), desk.today);
    let made = match read {
        Ok(entry) => made(&mut tx, &desk, entry, (id, word), license.as_ref()).await?,
        Err(flaws) => Err(flaws),
    };
    match made {
        Ok(it) => {
            let it = desk::receive(&mut tx, &desk, it).await?;
            audit::store::commit(tx, office.clock, &viewer, &logged(None, &it, &params)).await?;
            Ok(Redirect::to(&it.href()).into_response())
        }
        Err(flaws) => {
            let page = show(&frame, &asked, Typed { values: &params, flaws: &flaws });
            Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// The application as its form says it, with its site and its party. What is to be mended is the inner error.
async fn made(
    tx: &mut Tx,
    desk: &Desk<'_>,
    entry: Entry,
    (id, procedure): (ApplicationId, &str),
    license: Option<&License>,
) -> web::Result<Result<Application, Flaws>> {
    let mut it = Application {
        id,
        version: 1,
        recorded_at: desk.now,
        number: 0,
        procedure: procedure.to_owned(),
        holder: entry.holder,
        kind: entry.kind.clone().unwrap_or_else(|| Kinds::OTHER.to_owned()),
        business: String::new(),
        applicant: String::new(),
        party_id: None,
        site_id: None,
        place: Place::unknown(),
        license_id: license.map(|it| it.head.id),
        received_on: Moment::Day(entry.received_on),
        state: String::new(),
        state_on: Moment::Day(desk.today),
        waits: Waits::Agency,
        decide_by: None,
        decided_on: None,
        appeal_by: None,
        ends_on: None,
        fee: entry.fee,
        noted_by: desk.viewer.name().to_owned(),
        note: None.into(),
        reason: None.into(),
    };
    if let Some(license) = license {
        (it.site_id, it.place) = (license.linked.site_id, license.place.clone());
        it.kind = if license.kind == crate::licenses::PRACTITIONER { it.kind } else { license.kind.clone() };
    }
    filled(tx, desk, it, entry).await
}

/// Puts what the form says into an application; where it stands too, unless a license says that.
async fn filled(
    tx: &mut Tx,
    desk: &Desk<'_>,
    mut it: Application,
    entry: Entry,
) -> web::Result<Result<Application, Flaws>> {
    let mut flaws = Flaws::default();
    if let Some(number) = entry.party {
        match parties::store::by_number(&mut *tx, desk.viewer, number).await? {
            Some(party) => it.party_id = Some(party.root()),
            None => flaws.add("party", "No party has that number, or it lies outside of your area."),
        }
    } else {
        it.party_id = None;
    }
    if let Some(code) = &entry.site {
        match sites::store::by_code(&mut *tx, desk.viewer, code).await? {
            Some(site) => {
                (it.site_id, it.place) = (Some(site.id), holders::place_of(&site));
                it.kind = site.kind;
            }
            None => flaws.add("site", "No site has that number, or it lies outside of your area."),
        }
    } else if let Some(location) = entry.location {
        let site = blank(SiteId(desk.clock.id()), 0, desk.now);
        match holders::placed(tx, desk, location, site).await? {
            Ok(site) => (it.site_id, it.place) = (None, holders::place_of(&site)),
            Err(found) => found.pairs().into_iter().for_each(|(field, why)| flaws.add(field, why)),
        }
    } else if let Some(city) = entry.city {
        (it.site_id, it.place) = (None, Place { city: Some(city), ..Place::unknown() });
    }
    if let Some(kind) = entry.kind.filter(|_| it.site_id.is_none()) {
        it.kind = kind;
    }
    (it.business, it.applicant, it.fee) = (entry.business, entry.applicant, entry.fee);
    it.received_on = Moment::Day(entry.received_on);
    it.note = entry.note.into();
    Ok(if flaws.is_empty() { Ok(it) } else { Err(flaws) })
}

/// The form of an application as it stands.
pub async fn edit(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ApplicationId>,
) -> web::Result<Markup> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    let license = at_license(&office.db, &office, &viewer, &it).await?;
    let values = values(&office, &viewer, &it).await?;
    let procedure = office.workflow.procedures.get(&it.procedure).ok_or_not_found("procedure")?;
    let asked = Asked { procedure, license: license.as_ref(), application: Some(&it), kinds: &office.kinds };
    Ok(show(&frame, &asked, Typed { values: &values, flaws: &Flaws::default() }))
}

/// The license that an application is about, where it asks for no new one.
async fn at_license(
    on: impl Into<Target<'_>>,
    office: &Office,
    viewer: &Viewer,
    it: &Application,
) -> web::Result<Option<License>> {
    let is_new = office.workflow.procedures.get(&it.procedure).is_some_and(Procedure::is_new);
    match it.license_id.filter(|_| !is_new) {
        Some(id) => Ok(find_record::<License>(on, viewer, id).await?),
        None => Ok(None),
    }
}

async fn values(office: &Office, viewer: &Viewer, it: &Application) -> web::Result<Params> {
    let party = match it.party_id {
        Some(id) => parties::store::find(&office.db, viewer, id).await?.map(|it| it.code()),
        None => None,
    };
    let site = match it.site_id {
        Some(id) => sites::store::find(&office.db, viewer, id).await?.map(|it| it.code()),
        None => None,
    };
    Ok(form::values(it, party, site))
}

/// Saves the particulars of an application as a further version.
pub async fn save(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ApplicationId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&office.db).await?;
    let it = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("application")?;
    let license = at_license(&mut tx, &office, &viewer, &it).await?;
    let procedure = office.workflow.procedures.get(&it.procedure).ok_or_not_found("procedure")?;
    let asked = Asked { procedure, license: license.as_ref(), application: Some(&it), kinds: &office.kinds };
    if params.get("version") != Some(it.version.to_string().as_str()) {
        let typed = params.replaced("version", &it.version.to_string());
        let mut flaws = Flaws::default();
        flaws.add("applicant", format!("{} saved meanwhile. Look, then save again.", it.noted_by));
        return Ok(shown_again(
            StatusCode::CONFLICT,
            show(&frame, &asked, Typed { values: &typed, flaws: &flaws }),
        ));
    }
    let desk = office.desk(&viewer, frame.zone);
    let read = form::read(&params, procedure, (&office.kinds, license.as_ref()), desk.today);
    let saved = match read {
        Ok(entry) => filled(&mut tx, &desk, it.next(viewer.name(), desk.now), entry).await?,
        Err(flaws) => Err(flaws),
    };
    match saved {
        Ok(next) => {
            let next = keep(&mut tx, &desk, next).await?;
            audit::store::commit(tx, office.clock, &viewer, &logged(Some(&it), &next, &params)).await?;
            Ok(Redirect::to(&next.href()).into_response())
        }
        Err(flaws) => {
            let page = show(&frame, &asked, Typed { values: &params, flaws: &flaws });
            Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// Saves a version; a new license that got its site by it is noted as pending.
async fn keep(tx: &mut Tx, desk: &Desk<'_>, mut next: Application) -> web::Result<Application> {
    let is_new = desk.workflow.procedures.get(&next.procedure).is_some_and(Procedure::is_new);
    if is_new && next.license_id.is_none() && next.is_open() {
        effects::note_pending(tx, desk, &mut next).await?;
    }
    store::save(tx, next.clone()).await?;
    Ok(next)
}

/// Says that a site of the catalog is the one that an application is about.
pub async fn at_site(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ApplicationId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&office.db).await?;
    let it = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("application")?;
    let site = params.get("site").and_then(|it| it.parse().ok()).ok_or_not_found("site")?;
    let site = sites::store::find(&mut tx, &viewer, site).await?.ok_or_not_found("site")?;
    if it.site_id == Some(site.id) {
        return Ok(Redirect::to(&it.href()).into_response());
    }
    if params.get("version") != Some(it.version.to_string().as_str()) || it.site_id.is_some() {
        return Err(web::Error::Conflict(format!("{} saved meanwhile. Look at it again.", it.noted_by)));
    }
    let desk = office.desk(&viewer, frame.zone);
    let mut next = it.next(viewer.name(), desk.now);
    (next.site_id, next.place) = (Some(site.id), holders::place_of(&site));
    next.kind = site.kind;
    let next = keep(&mut tx, &desk, next).await?;
    audit::store::commit(tx, office.clock, &viewer, &logged(Some(&it), &next, &params)).await?;
    Ok(Redirect::to(&next.href()).into_response())
}

fn logged(before: Option<&Application>, after: &Application, params: &Params) -> audit::Entry {
    let before = before.map(form::logged).unwrap_or_default();
    audit::Entry::new(Act::Change)
        .on(Resource::Application)
        .about(after.id.0)
        .with("version", after.version)
        .changed(&before, &form::logged(after))
        .with_all("confirmed", guarded::confirmations(params))
}

fn show(frame: &Frame, asked: &Asked<'_>, state: Typed<'_>) -> Markup {
    let mut crumbs = vec![("Desk".to_owned(), "/desk".to_owned())];
    crumbs.extend(asked.application.map(|it| (it.code(), it.href())));
    frame.page(&asked.title()).nav(Nav::Desk).crumbs(crumbs).show(form_views::form(asked, state))
}
