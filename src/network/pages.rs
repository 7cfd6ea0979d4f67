//! Handlers: the network of a site as a page, and as files.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::Markup;

use super::{Network, export, views, walk};
use crate::audit::taken::{Hashed, Taken};
use crate::audit::{Act, Entry, Outcome};
use crate::clock::Clock;
use crate::db::Db;
use crate::exports::Format;
use crate::records::SiteId;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites;
use crate::standing::watch::Snapshots;
use crate::web::extract::Path;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

/// What a site shares with others.
pub async fn show(
    State(db): State<Db>,
    State(snapshots): State<Snapshots>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let network = read(&db, &snapshots, &viewer, id).await?;
    let page = frame.page(&format!("Network of {}", network.center.name)).nav(Nav::Sites).crumbs(vec![
        ("Sites".to_owned(), "/sites".to_owned()),
        (network.center.code(), format!("/sites/{id}")),
        ("Network".to_owned(), String::new()),
    ]);
    let may_export = viewer.is_permitted(Permission::Export(Resource::Site));
    Ok(page.show(views::show(&network, may_export, frame.zone)))
}

/// The same as GeoJSON lines.
pub async fn geojson(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(snapshots): State<Snapshots>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Response> {
    let network = read(&db, &snapshots, &viewer, id).await?;
    send(&network, Format::Geojson, (&db, clock), &viewer, frame.demo).await
}

/// The same as CSV.
pub async fn csv(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(snapshots): State<Snapshots>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SiteId>,
) -> web::Result<Response> {
    let network = read(&db, &snapshots, &viewer, id).await?;
    send(&network, Format::Csv, (&db, clock), &viewer, frame.demo).await
}

async fn read(db: &Db, snapshots: &Snapshots, viewer: &Viewer, id: SiteId) -> web::Result<Network> {
    let center = sites::store::find(db, viewer, id).await?.ok_or_not_found("site")?;
    Ok(walk::walk(db, viewer, &snapshots.seen_by(viewer).sites, center).await?)
}

async fn send(
    network: &Network,
    format: Format,
    (db, clock): (&Db, Clock),
    viewer: &Viewer,
    demo: bool,
) -> web::Result<Response> {
    let entry = Entry::new(Act::Export).on(Resource::Site).about(network.center.id.0);
    let taken = Taken::begin(db, clock, viewer, entry.with("format", format).with("what", "network")).await?;
    let broken = |error| Error::Internal(anyhow::Error::new(error).context("writing a network"));
    let (sink, n_rows) = export::write(network, format, demo, Hashed::new(Vec::new())).map_err(broken)?;
    let (bytes, hash) = sink.finish();
    taken.end(Outcome::Done, n_rows, &hash).await?;
    let (kind, disposition) = match format {
        Format::Geojson => ("application/geo+json", "inline; filename=\"network.geojson\""),
        Format::Csv => ("text/csv; charset=utf-8; header=present", "attachment; filename=\"network.csv\""),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
