//! Handlers: the page of a site, of each kind of record, and of a building.

use std::sync::Arc;

use axum::extract::State;
use maud::Markup;

use super::building_views::{self, Building};
use super::read::{self, Asked};
use super::record_views::{self, Sheet, Why};
use super::{Records, Scope, Timeline, store, views};
use crate::clock::Clock;
use crate::complaints::{self, Complaint};
use crate::compliance::job::Rules;
use crate::db::Db;
use crate::incidents::Incident;
use crate::incidents::offenses::Offenses;
use crate::inspections::{self, Inspection};
use crate::licenses::License;
use crate::records::{BuildingId, Linked, RecordId, RecordKind, SiteId};
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::{Kinds, Site};
use crate::standing::watch::Snapshots;
use crate::web::extract::{Params, Path};
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};
use crate::{records, review, sites};

/// The dossier of a site.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn site(
    State(db): State<Db>,
    State(offenses): State<Arc<Offenses>>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    State(rules): State<Rules>,
    State(snapshots): State<Snapshots>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<SiteId>,
    params: Params,
) -> web::Result<Markup> {
    let asked = Asked::parse(&params)?;
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let snapshot = snapshots.seen_by(&viewer);
    let dossier = read::dossier(&db, &viewer, site, asked, &snapshot, clock).await?;
    let page = frame.page(&dossier.site.name).nav(Nav::Sites).scores();
    let page = page.printed(viewer.name(), &format::day_and_time(dossier.now, &frame.zone));
    let page = page.crumbs(vec![
        ("Map".to_owned(), "/map".to_owned()),
        ("Sites".to_owned(), "/sites".to_owned()),
        (dossier.site.code(), String::new()),
    ]);
    Ok(page.show(views::show(&dossier, &viewer, (&kinds, &offenses, &rules.packs), frame.zone)))
}

/// The page of a license.
pub async fn license(
    State(db): State<Db>,
    State(kinds): State<Arc<Kinds>>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let it = records::store::find::<License>(&db, &viewer, id).await?.ok_or_not_found("license")?;
    let mut sheet = Sheet::license(&it, &kinds, frame.zone);
    if viewer.may_see(Resource::Application) {
        sheet = sheet.at_the_desk();
    }
    record(&db, &viewer, &frame, RecordKind::License, &it.linked, sheet).await
}

/// The page of an inspection.
pub async fn inspection(
    State(db): State<Db>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let it = records::store::find::<Inspection>(&db, &viewer, id).await?.ok_or_not_found("inspection")?;
    let found = inspections::store::violations_of(&db, &viewer, &[id]).await?;
    let sheet = Sheet::inspection(&it, &found, frame.zone);
    record(&db, &viewer, &frame, RecordKind::Inspection, &it.linked, sheet).await
}

/// The page of a complaint.
pub async fn complaint(
    State(db): State<Db>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let it = records::store::find::<Complaint>(&db, &viewer, id).await?.ok_or_not_found("complaint")?;
    record(&db, &viewer, &frame, RecordKind::Complaint, &it.linked, Sheet::complaint(&it, &viewer)).await
}

/// The page that says who made a complaint: opening it is a read of its own in the log.
pub async fn complainant(
    State(db): State<Db>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let it = records::store::find::<Complaint>(&db, &viewer, id).await?.ok_or_not_found("complaint")?;
    let who = complaints::store::complainant(&db, &viewer, id).await?.ok_or_not_found("complainant")?;
    let title = Sheet::complaint(&it, &viewer).title;
    let crumbs = vec![
        ("Complaints".to_owned(), "/records/complaints".to_owned()),
        (title, format!("/complaints/{id}")),
        ("Who complained".to_owned(), String::new()),
    ];
    Ok(frame.page("Who complained").nav(Nav::Records).crumbs(crumbs).show(record_views::complainant(&who)))
}

/// The page of an incident.
pub async fn incident(
    State(db): State<Db>,
    State(offenses): State<Arc<Offenses>>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let it = records::store::find::<Incident>(&db, &viewer, id).await?.ok_or_not_found("incident")?;
    record(&db, &viewer, &frame, RecordKind::Incident, &it.linked, Sheet::incident(&it, &offenses)).await
}

async fn record(
    db: &Db,
    viewer: &Viewer,
    frame: &Frame,
    kind: RecordKind,
    linked: &Linked,
    sheet: Sheet<'_>,
) -> web::Result<Markup> {
    let site = read::find(db, viewer, linked.site_id).await?;
    let why = why(db, viewer, kind, sheet.id()).await?;
    let list = (super::words::kind(kind).to_owned(), format!("/records/{}", kind.plural()));
    let page =
        frame.page(&sheet.title).nav(Nav::Records).crumbs(vec![list, (sheet.title.clone(), String::new())]);
    Ok(page.show(sheet.show(site.as_ref(), &why, frame.zone)))
}

/// What made the link of a record, and whether the viewer may change it.
async fn why(db: &Db, viewer: &Viewer, kind: RecordKind, id: RecordId) -> web::Result<Why> {
    let link = review::store::link(db, viewer, kind, id).await?;
    let decision = match link.as_ref().and_then(|it| it.cause) {
        Some(cause) => review::store::decision(db, viewer, cause).await?,
        None => None,
    };
    Ok(Why { link, decision, may_change: viewer.is_permitted(Permission::Change(Resource::Link)) })
}

/// The page of a building.
#[expect(clippy::too_many_arguments, reason = "each is an extractor")]
pub async fn building(
    State(db): State<Db>,
    State(offenses): State<Arc<Offenses>>,
    State(kinds): State<Arc<Kinds>>,
    State(snapshots): State<Snapshots>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<BuildingId>,
    params: Params,
) -> web::Result<Markup> {
    let asked = Asked::parse(&params)?;
    let sites: Vec<Site> =
        snapshots.seen_by(&viewer).sites.in_building(&viewer, id).into_iter().cloned().collect();
    let (counts, entries) = tokio::try_join!(
        store::counts_of_building(&db, &viewer, id),
        store::entries(&db, &viewer, Scope::Building(id), &asked.show, asked.stretch()),
    )?;
    let wanted: Vec<(RecordKind, RecordId)> = entries.iter().map(|it| (it.kind, it.id)).collect();
    let records = store::records(&db, &viewer, &wanted).await?;
    let written = sites.first().map(|it| it.address.clone()).or_else(|| any_address(&records));
    let is_empty = counts.iter().all(|it| it.n == 0);
    if sites.is_empty() && is_empty {
        return Err(web::Error::NotFound("building"));
    }
    let address = written.unwrap_or_else(|| "Building".to_owned());
    let of_kind = counts.iter().map(|it| (it.kind, it.n)).collect();
    let timeline = Timeline { show: asked.show, page: asked.page, counts: of_kind, n_ends: 0, entries };
    let building = Building { id, address, sites, counts, timeline, records };
    let page = frame.page(&building.address).nav(Nav::Sites);
    let page =
        page.crumbs(vec![("Sites".to_owned(), "/sites".to_owned()), ("Building".to_owned(), String::new())]);
    Ok(page.show(building_views::show(&building, &viewer, &kinds, &offenses, frame.zone)))
}

fn any_address(records: &Records) -> Option<String> {
    let licenses = records.licenses.values().map(|it| &it.place);
    let visits = records.inspections.values().map(|it| &it.place);
    let places = licenses.chain(visits).chain(records.complaints.values().map(|it| &it.place));
    let mut places = places.chain(records.incidents.values().map(|it| &it.place));
    places.find_map(|it| it.address.clone())
}
