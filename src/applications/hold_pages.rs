//! Handlers: the holds on addresses, and what somebody decides about one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::acts::Office;
use super::hold::{Hold, HoldId, HoldState};
use super::{hold_store, hold_views};
use crate::audit::{self, Act, Entry};
use crate::clock::Moment;
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// Every hold, those that nobody has decided first.
pub async fn list(State(office): State<Office>, viewer: Viewer, frame: Frame) -> web::Result<Markup> {
    let holds = hold_store::list(&office.db, &viewer, None).await?;
    let crumbs = vec![("Desk".to_owned(), "/desk".to_owned()), ("Holds".to_owned(), String::new())];
    Ok(frame.page("Holds").nav(Nav::Desk).crumbs(crumbs).show(hold_views::list(&holds)))
}

/// A hold, with the form that decides it for who may.
pub async fn show(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<HoldId>,
) -> web::Result<Markup> {
    let it = hold_store::find(&office.db, &viewer, id).await?.ok_or_not_found("hold")?;
    let values: Params = [("version", it.version.to_string())].into_iter().collect();
    Ok(page(&frame, &viewer, &it, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Says whether a hold stays or is lifted, and why.
pub async fn decide(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<HoldId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = office.db.begin().await?;
    tx.one_at_a_time("applications").await?;
    let it = hold_store::find(&mut tx, &viewer, id).await?.ok_or_not_found("hold")?;
    if params.get("version") != Some(it.version.to_string().as_str()) {
        let typed = params.replaced("version", &it.version.to_string());
        let mut flaws = Flaws::default();
        let how = it.hold_state.label();
        flaws.add("hold_state", format!("{} noted meanwhile: {how}. Look, then save again.", it.noted_by));
        let page = page(&frame, &viewer, &it, Typed { values: &typed, flaws: &flaws });
        return Ok(shown_again(StatusCode::CONFLICT, page));
    }
    let mut form = Filled::new(&params);
    let state = form.chosen::<HoldState>("hold_state", "Say whether the hold stays or is lifted.");
    let before = form.flaws.pairs().len();
    let reason = form.free_text("reason");
    if reason.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("reason", "Say why.");
    }
    let (Some(hold_state), Some(reason), true) = (state, reason, form.flaws.is_empty()) else {
        let page = page(&frame, &viewer, &it, Typed { values: &params, flaws: &form.flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let now = Moment::from(office.clock.now());
    let next = Hold {
        version: it.version + 1,
        recorded_at: now.max(it.recorded_at),
        hold_state,
        decided_on: Some(Moment::Day(office.today(frame.zone))),
        noted_by: viewer.name().to_owned(),
        reason: reason.into(),
        ..it
    };
    hold_store::save(&mut tx, next.clone()).await?;
    audit::store::commit(tx, office.clock, &viewer, &logged(&next, &params)).await?;
    Ok(Redirect::to("/desk/holds").into_response())
}

/// The reason is guarded and not repeated in the log.
fn logged(it: &Hold, params: &Params) -> Entry {
    Entry::new(Act::Change)
        .on(Resource::Application)
        .about(it.id.0)
        .with("hold", it.hold_state)
        .with("application", it.application_id)
        .with("version", it.version)
        .with_all("confirmed", guarded::confirmations(params))
}

fn page(frame: &Frame, viewer: &Viewer, it: &Hold, state: Typed<'_>) -> Markup {
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        ("Holds".to_owned(), "/desk/holds".to_owned()),
        (it.place(), String::new()),
    ];
    let may_change = viewer.is_permitted(Permission::Change(Resource::Application));
    frame.page("A hold").nav(Nav::Desk).crumbs(crumbs).show(hold_views::show(it, may_change, state))
}
