//! Handlers: conditions of a license are added and ended.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::acts::Office;
use super::parts::{Condition, ConditionId};
use super::{license_views, part_store};
use crate::audit::{self, Act, Entry};
use crate::clock::Moment;
use crate::licenses::License;
use crate::records::RecordId;
use crate::records::store::find as find_record;
use crate::rights::{Resource, Viewer};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The form of a new condition.
pub async fn new(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let license = find_record::<License>(&office.db, &viewer, id).await?.ok_or_not_found("license")?;
    let values: Params = [("id", office.clock.id().to_string())].into_iter().collect();
    Ok(show_new(&frame, &license, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Adds a condition.
pub async fn add(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(license): Path<RecordId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = office.db.begin().await?;
    tx.one_at_a_time("applications").await?;
    let it = find_record::<License>(&mut tx, &viewer, license).await?.ok_or_not_found("license")?;
    let back = format!("/desk/licenses/{license}");
    let id = params.get("id").and_then(|it| it.parse().ok());
    let id = id.unwrap_or_else(|| ConditionId(office.clock.id()));
    // The same form sent twice adds one condition.
    if part_store::condition(&mut tx, &viewer, id).await?.is_some() {
        return Ok(Redirect::to(&back).into_response());
    }
    let today = office.today(frame.zone);
    let mut form = Filled::new(&params);
    let before = form.flaws.pairs().len();
    let words = form.free_text("words");
    if words.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("words", "Say what is asked.");
    }
    let from_on = form.day("from_on").unwrap_or(today);
    let to_on = form.day("to_on");
    if to_on.is_some_and(|it| it < from_on) {
        form.flaws.add("to_on", "It cannot end before it begins.");
    }
    let (Some(words), true) = (words, form.flaws.is_empty()) else {
        let page = show_new(&frame, &it, Typed { values: &params, flaws: &form.flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let condition = Condition {
        id,
        version: 1,
        recorded_at: Moment::from(office.clock.now()),
        license_id: license,
        words,
        from_on: Moment::Day(from_on),
        to_on: to_on.map(Moment::Day),
        noted_by: viewer.name().to_owned(),
    };
    part_store::save_condition(&mut tx, condition.clone()).await?;
    audit::store::commit(tx, office.clock, &viewer, &logged(&condition, &params)).await?;
    Ok(Redirect::to(&back).into_response())
}

/// The form that ends a condition.
pub async fn ending(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ConditionId>,
) -> web::Result<Markup> {
    let it = part_store::condition(&office.db, &viewer, id).await?.ok_or_not_found("condition")?;
    let today = office.today(frame.zone).to_string();
    let values: Params = [("version", it.version.to_string()), ("to_on", today)].into_iter().collect();
    Ok(show_end(&frame, &it, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Ends a condition.
pub async fn end(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ConditionId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = office.db.begin().await?;
    tx.one_at_a_time("applications").await?;
    let it = part_store::condition(&mut tx, &viewer, id).await?.ok_or_not_found("condition")?;
    if params.get("version") != Some(it.version.to_string().as_str()) {
        let typed = params.replaced("version", &it.version.to_string());
        let mut flaws = Flaws::default();
        flaws.add("to_on", format!("{} saved meanwhile. Look, then save again.", it.noted_by));
        let page = show_end(&frame, &it, Typed { values: &typed, flaws: &flaws });
        return Ok(shown_again(StatusCode::CONFLICT, page));
    }
    let mut form = Filled::new(&params);
    let day = form.day("to_on");
    if params.get("to_on").is_none() {
        form.flaws.add("to_on", "Give the last day.");
    }
    if day.is_some_and(|day| day < it.from_on.day()) {
        form.flaws.add("to_on", "It cannot end before it begins.");
    }
    let (Some(day), true) = (day, form.flaws.is_empty()) else {
        let page = show_end(&frame, &it, Typed { values: &params, flaws: &form.flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let next = Condition {
        version: it.version + 1,
        recorded_at: Moment::from(office.clock.now()).max(it.recorded_at),
        to_on: Some(Moment::Day(day)),
        noted_by: viewer.name().to_owned(),
        ..it
    };
    part_store::save_condition(&mut tx, next.clone()).await?;
    audit::store::commit(tx, office.clock, &viewer, &logged(&next, &params)).await?;
    Ok(Redirect::to(&format!("/desk/licenses/{}", next.license_id)).into_response())
}

/// The words are guarded and not repeated in the log.
fn logged(it: &Condition, params: &Params) -> Entry {
    Entry::new(Act::Change)
        .on(Resource::Application)
        .about(it.license_id.0)
        .with("condition", it.id)
        .with("version", it.version)
        .with("from_on", it.from_on)
        .with("to_on", it.to_on)
        .with_all("confirmed", guarded::confirmations(params))
}

fn show_new(frame: &Frame, license: &License, state: Typed<'_>) -> Markup {
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        (format!("License {}", license.number), format!("/desk/licenses/{}", license.head.id)),
        ("New condition".to_owned(), String::new()),
    ];
    let page = frame.page("New condition").nav(Nav::Desk).crumbs(crumbs);
    page.show(license_views::new_condition(license, state))
}

fn show_end(frame: &Frame, it: &Condition, state: Typed<'_>) -> Markup {
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        ("The license".to_owned(), format!("/desk/licenses/{}", it.license_id)),
        ("End a condition".to_owned(), String::new()),
    ];
    frame.page("End a condition").nav(Nav::Desk).crumbs(crumbs).show(license_views::end_condition(it, state))
}
