//! The page that tells who looked at a site.

use axum::extract::State;
use maud::Markup;

use super::{looks_store, looks_views};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::web::extract::Path;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};
use crate::{audit, sites};

/// Who looked at a site, at its records or at its building, newest first.
pub async fn looks(
    State(db): State<Db>,
    frame: Frame,
    viewer: Viewer,
    Path(id): Path<SiteId>,
) -> web::Result<Markup> {
    let site = sites::store::find(&db, &viewer, id).await?.ok_or_not_found("site")?;
    let records = looks_store::linked_ids(&db, &viewer, id).await?;
    let mut objects = records.clone();
    objects.insert(site.id.0);
    objects.extend(site.building_id.map(|it| it.0));
    let looks = audit::store::looks(&db, &viewer, &objects, looks_views::MOST).await?;
    let page = frame.page(&format!("Who looked at {}", site.name)).nav(Nav::Sites).crumbs(vec![
        ("Map".to_owned(), "/map".to_owned()),
        ("Sites".to_owned(), "/sites".to_owned()),
        (site.code(), format!("/sites/{id}")),
        ("Who looked".to_owned(), String::new()),
    ]);
    Ok(page.show(looks_views::show(&site, &looks, &records, &viewer, frame.zone)))
}
