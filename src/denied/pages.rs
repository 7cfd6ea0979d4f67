//! Handlers of the protected places. What is typed here is read once and kept nowhere: not in the log, not in an address,
//! and not on the page that answers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use uuid::Uuid;

use super::views::{self, Said};
use super::{Denied, form, store};
use crate::accounts::secret;
use crate::audit::{self, Act, Entry, Outcome};
use crate::clock::Clock;
use crate::db::{self, Db, Tx};
use crate::rights::{Resource, Viewer};
use crate::web;
use crate::web::extract::{Form, Params};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;

/// What is said of a place that is not on the list: its field, and what to do.
const NOT_THERE: (&str, &str) = (
    "address",
    "No such place is on the list. A place that was added with its address is known by that; one that was added with a \
     point alone, by that point.",
);

/// What the list is for, how many places are on it, and the form.
pub async fn show(State(db): State<Db>, frame: Frame) -> web::Result<Markup> {
    page(&db, &frame, None, (&Params::default(), &Flaws::default())).await
}

/// Puts a place on the list, and tells how much of what is stored lies there.
pub async fn add(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Form(params): Form,
) -> web::Result<Response> {
    let spot = match form::read(&params) {
        Ok(spot) => spot,
        Err(flaws) => return again(&db, &frame, (&params, &flaws)).await,
    };
    let mut tx = begin(&db).await?;
    let key = store::key(&mut tx, &secret::token()?).await?;
    let marks = key.marks(&spot);
    let entry = store::add(&mut tx, clock.id(), &marks, clock.stamp()).await?;
    audit::store::commit(tx, clock, &viewer, &logged(Some(entry), "added")).await?;
    let there = Denied::new(key, marks.all);
    let said = Said::Added(store::lying_at(&db, &viewer, &spot, &there).await?);
    Ok(page(&db, &frame, Some(&said), (&Params::default(), &Flaws::default())).await?.into_response())
}

/// Takes a place off the list that is typed as it was added.
pub async fn remove(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Form(params): Form,
) -> web::Result<Response> {
    let spot = match form::read(&params) {
        Ok(spot) => spot,
        Err(flaws) => return again(&db, &frame, (&params, &flaws)).await,
    };
    let mut tx = begin(&db).await?;
    let key = store::key(&mut tx, &secret::token()?).await?;
    let entry = store::remove(&mut tx, &key.marks(&spot)).await?;
    audit::store::commit(tx, clock, &viewer, &logged(entry, "removed")).await?;
    if entry.is_none() {
        let mut flaws = Flaws::default();
        flaws.add(NOT_THERE.0, NOT_THERE.1);
        return again(&db, &frame, (&params, &flaws)).await;
    }
    let said = Said::Removed;
    Ok(page(&db, &frame, Some(&said), (&Params::default(), &Flaws::default())).await?.into_response())
}

/// What the log keeps: which entry, and never where. Without one, somebody asked for a place that is not on the list.
fn logged(entry: Option<Uuid>, change: &str) -> Entry {
    let logged = Entry::new(Act::Change).on(Resource::DeniedPlace).with("change", change);
    match entry {
        Some(entry) => logged.about(entry),
        None => logged.outcome(Outcome::Failed),
    }
}

/// A transaction that no import and no form of a site overtakes: what they store is looked up in the list before or
/// after, and never meanwhile.
async fn begin(db: &Db) -> db::Result<Tx> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    Ok(tx)
}

async fn again(db: &Db, frame: &Frame, form: (&Params, &Flaws)) -> web::Result<Response> {
    Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page(db, frame, None, form).await?))
}

async fn page(
    db: &Db,
    frame: &Frame,
    said: Option<&Said>,
    (values, flaws): (&Params, &Flaws),
) -> web::Result<Markup> {
    let kept = store::count(db).await?;
    let fragment = views::page(kept, Typed { values, flaws }, said, frame.zone);
    Ok(frame.page("Protected places").show(fragment))
}
