//! Handlers: what the detector proposes, one proposal, and the decision.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State as Of;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::views::{self, List, Pair};
use super::{State, Succession, SuccessionId, form, job, store};
use crate::audit::{self, Act, Entry};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db};
use crate::records::SiteId;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::{self, Kinds, Site};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// So many of each are shown.
pub const MOST: u32 = 200;

/// What is proposed and what was decided, now or (`as_of`) at the end of a past day.
pub async fn list(
    Of(db): Of<Db>,
    Of(kinds): Of<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let as_of = params.parsed::<Moment>("as_of")?;
    let (proposed, confirmed, rejected) = tokio::try_join!(
        store::list(&db, &viewer, State::Proposed, as_of, MOST),
        store::list(&db, &viewer, State::Confirmed, as_of, MOST),
        store::list(&db, &viewer, State::Rejected, as_of, MOST),
    )?;
    let sites = ends(&db, &viewer, proposed.iter().chain(&confirmed).chain(&rejected)).await?;
    let list = List {
        proposed: pairs(&proposed, &sites),
        confirmed: pairs(&confirmed, &sites),
        rejected: pairs(&rejected, &sites),
        may_look: viewer.is_permitted(Permission::Change(Resource::Succession)) && as_of.is_none(),
        as_of,
        zone: frame.zone,
    };
    Ok(frame.page("Reopenings").nav(Nav::Sites).crumbs(crumbs("Reopenings")).show(views::list(&list, &kinds)))
}

/// Looks through the whole catalog.
pub async fn look(
    Of(db): Of<Db>,
    Of(clock): Of<Clock>,
    Of(kinds): Of<Arc<Kinds>>,
    viewer: Viewer,
) -> web::Result<Response> {
    job::look(&db, clock, &viewer, &kinds).await?;
    Ok(Redirect::to("/reopenings").into_response())
}

/// One succession: both sites side by side, the reasons, the decision.
pub async fn show(
    Of(db): Of<Db>,
    Of(kinds): Of<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SuccessionId>,
) -> web::Result<Markup> {
    page(&db, &viewer, &frame, &kinds, id, (&Params::default(), &Flaws::default())).await
}

/// Decides.
pub async fn decide(
    Of(db): Of<Db>,
    Of(clock): Of<Clock>,
    Of(kinds): Of<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<SuccessionId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("successions").await?;
    let it = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("reopening")?;
    if params.get("version").is_some_and(|version| version != it.version.to_string()) {
        let why = "Somebody has decided meanwhile. Open the reopening again and see what stands there now.";
        return Err(web::Error::Conflict(why.to_owned()));
    }
    let decided = match form::read(&params, &it) {
        Ok(decided) => decided,
        Err(flaws) => {
            drop(tx);
            let again = page(&db, &viewer, &frame, &kinds, id, (&params, &flaws)).await?;
            return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, again));
        }
    };
    let next = decided.apply(&it, &viewer, clock.now().into());
    let entry = Entry::new(Act::Change).on(Resource::Succession).about(id.0);
    let entry = entry.with("before", it.state).with("after", next.state);
    let entry = entry.with("from", it.from_site).with("to", it.to_site);
    // What is confirmed counts in the score of the second site, and what is taken back no longer does.
    sites::store::touch(&mut tx, &[it.to_site], next.recorded_at).await?;
    store::save(&mut tx, vec![next]).await?;
    audit::store::commit(tx, clock, &viewer, &entry).await?;
    Ok(Redirect::to(&format!("/reopenings/{id}")).into_response())
}

async fn page(
    db: &Db,
    viewer: &Viewer,
    frame: &Frame,
    kinds: &Kinds,
    id: SuccessionId,
    (values, flaws): (&Params, &Flaws),
) -> web::Result<Markup> {
    let versions = store::versions(db, viewer, id).await?;
    let it = store::find(db, viewer, id).await?.ok_or_not_found("reopening")?;
    let sites = ends(db, viewer, std::iter::once(&it)).await?;
    let pairs = pairs(std::slice::from_ref(&it), &sites);
    let pair = pairs.first().ok_or(web::Error::NotFound("reopening"))?;
    let may_decide = viewer.is_permitted(Permission::Change(Resource::Succession));
    let fragment =
        views::show(pair, &versions, may_decide.then_some(Typed { values, flaws }), kinds, frame.zone);
    let crumbs = vec![
        ("Sites".to_owned(), "/sites".to_owned()),
        ("Reopenings".to_owned(), "/reopenings".to_owned()),
        (pair.from.name.clone(), String::new()),
    ];
    Ok(frame.page("Reopening").nav(Nav::Sites).crumbs(crumbs).show(fragment))
}

fn crumbs(here: &str) -> Vec<(String, String)> {
    vec![("Sites".to_owned(), "/sites".to_owned()), (here.to_owned(), String::new())]
}

/// The sites at both ends, by id.
async fn ends(
    db: &Db,
    viewer: &Viewer,
    successions: impl Iterator<Item = &Succession>,
) -> db::Result<HashMap<SiteId, Site>> {
    let mut ids: Vec<SiteId> = successions.flat_map(|it| [it.from_site, it.to_site]).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let sites = sites::store::some(db, viewer, &ids).await?;
    Ok(sites.into_iter().map(|it| (it.id, it)).collect())
}

/// Those of which both ends can be seen.
fn pairs<'a>(successions: &'a [Succession], sites: &'a HashMap<SiteId, Site>) -> Vec<Pair<'a>> {
    let pair =
        |it: &'a Succession| Some(Pair { it, from: sites.get(&it.from_site)?, to: sites.get(&it.to_site)? });
    successions.iter().filter_map(pair).collect()
}
