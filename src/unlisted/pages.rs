//! Handlers: the premises that nobody listed; a person adds one as a site by the site's own form, or dismisses it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::views::{self, Page};
use super::{Dismissal, DismissalId, Proposal, proposals, store};
use crate::audit::{self, Act, Entry};
use crate::clock::Clock;
use crate::db::Db;
use crate::records::BuildingId;
use crate::records::listing::page_of;
use crate::rights::{Resource, Viewer};
use crate::sites::Kinds;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// Proposals on a page.
const PAGE: usize = 20;

/// What is proposed, and below it what was dismissed.
pub async fn list(
    State(db): State<Db>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    show(&db, &kinds, &viewer, &frame, (&params, &Flaws::default())).await
}

/// Dismisses what is proposed for a building under a name.
pub async fn dismiss(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(building): Path<BuildingId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    let wanted = params.get("name_key").unwrap_or_default();
    let dismissed = store::dismissed(&mut tx, &viewer).await?;
    let proposals = proposals(store::loose(&mut tx, &viewer).await?, &dismissed);
    let of = proposals.into_iter().find(|it| it.building == building && it.name_key == wanted);
    let of = of.ok_or_not_found("proposal")?;
    let mut form = Filled::new(&params);
    let why = form.free_text("why");
    if params.get("why").is_none() {
        form.flaws.add("why", "Say why this is no site; it will not be proposed again.");
    }
    let Some(why) = why.filter(|_| form.flaws.is_empty()) else {
        drop(tx);
        let page = show(&db, &kinds, &viewer, &frame, (&params, &form.flaws)).await?;
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let dismissal = Dismissal {
        id: DismissalId(clock.id()),
        building_id: building,
        name: of.newest().name.clone(),
        city: of.newest().city.clone(),
        name_key: of.name_key,
        dismissed_at: clock.stamp(),
        dismissed_name: viewer.name().to_owned(),
        why,
    };
    store::dismiss(&mut tx, &dismissal, &viewer).await?;
    let entry =
        Entry::new(Act::Change).on(Resource::Site).about(dismissal.id.0).with("unlisted", "dismissed");
    let entry = entry.with("name", &dismissal.name).with_all("confirmed", guarded::confirmations(&params));
    audit::store::commit(tx, clock, &viewer, &entry).await?;
    Ok(Redirect::to("/unlisted").into_response())
}

/// Takes a dismissal back.
pub async fn propose_again(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    Path(id): Path<DismissalId>,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    let known = store::dismissed(&mut tx, &viewer).await?.into_iter().any(|it| it.id == id);
    (known && store::propose_again(&mut tx, id, clock.stamp(), &viewer).await?)
        .then_some(())
        .ok_or_not_found("dismissal")?;
    let entry = Entry::new(Act::Change).on(Resource::Site).about(id.0).with("unlisted", "proposed again");
    audit::store::commit(tx, clock, &viewer, &entry).await?;
    Ok(Redirect::to("/unlisted").into_response())
}

async fn show(
    db: &Db,
    kinds: &Kinds,
    viewer: &Viewer,
    frame: &Frame,
    (values, flaws): (&Params, &Flaws),
) -> web::Result<Markup> {
    let dismissed = store::dismissed(db, viewer).await?;
    let all = proposals(store::loose(db, viewer).await?, &dismissed);
    let at = page_of(values);
    let first = (at as usize - 1).saturating_mul(PAGE).min(all.len());
    let shown: Vec<Proposal> = all[first..].iter().take(PAGE).cloned().collect();
    let buildings: Vec<BuildingId> = shown.iter().map(|it| it.building).collect();
    let page = Page {
        proposals: shown,
        total: all.len(),
        at,
        size: PAGE,
        sites_in: store::sites_in(db, viewer, &buildings).await?,
        dismissed,
        form: Typed { values, flaws },
    };
    let crumbs = vec![("Sites".to_owned(), "/sites".to_owned()), ("Not listed".to_owned(), String::new())];
    Ok(frame
        .page("Premises that nobody listed")
        .nav(Nav::Sites)
        .crumbs(crumbs)
        .show(views::list(&page, kinds, frame.zone)))
}
