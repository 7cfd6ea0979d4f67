//! Handlers: the page of an application, and of its reviews.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;

use super::acts::Office;
use super::parts::{Review, ReviewState, StepId};
use super::show_views::{self, Next, Shown};
use super::{Application, ApplicationId, desk, hold_store, part_store, store};
use crate::audit::{self, Act, Entry};
use crate::clock::Moment;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::{self, Site};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, LINE, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// An application: where it stands, what is next, what was done.
pub async fn show(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<ApplicationId>,
) -> web::Result<Markup> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    let db = &office.db;
    let (reviews, steps, letters, holds) = tokio::try_join!(
        part_store::reviews_of(db, &viewer, id),
        part_store::steps_of(db, &viewer, id),
        part_store::letters_of(db, &viewer, id),
        hold_store::stopping(db, &viewer, &it),
    )?;
    let license = office.license(&viewer, &it).await?;
    let conditions = match it.license_id {
        Some(license) => part_store::conditions_of(db, &viewer, license).await?,
        None => Vec::new(),
    };
    let (site, candidates) = sites_of(&office, &viewer, &it).await?;
    let shown = Shown {
        next: next(&office, &viewer, &it).await?,
        application: &it,
        reviews,
        steps,
        letters,
        holds,
        license,
        conditions,
        site,
        candidates,
        workflow: &office.workflow,
        packs: &office.packs,
        kinds: &office.kinds,
        today: office.today(frame.zone),
        zone: frame.zone,
        may_change: viewer.is_permitted(Permission::Change(Resource::Application)),
    };
    let crumbs = vec![("Desk".to_owned(), "/desk".to_owned()), (it.code(), String::new())];
    Ok(frame.page(&it.code()).nav(Nav::Desk).crumbs(crumbs).show(show_views::show(&shown)))
}

/// The site of an application; without one, those of its building.
async fn sites_of(
    office: &Office,
    viewer: &Viewer,
    it: &Application,
) -> web::Result<(Option<Site>, Vec<Site>)> {
    match (it.site_id, it.place.building_id) {
        (Some(site), _) => Ok((sites::store::find(&office.db, viewer, site).await?, Vec::new())),
        (None, Some(building)) => {
            Ok((None, sites::store::in_buildings(&office.db, viewer, &[building]).await?))
        }
        (None, None) => Ok((None, Vec::new())),
    }
}

/// The steps that lead on, each with what must be there first.
async fn next(office: &Office, viewer: &Viewer, it: &Application) -> web::Result<Vec<Next>> {
    let mut found = Vec::new();
    let Some(procedure) = office.workflow.procedures.get(&it.procedure) else { return Ok(found) };
    for step in procedure.steps_from(&it.state) {
        let rights = (viewer, &*office.workflow);
        let missing = desk::missing((&office.db).into(), rights, it, step).await?;
        found.push(Next {
            step: step.clone(),
            id: StepId(office.clock.id()),
            is_open: step.is_open_to(viewer.role()),
            missing: missing.pairs().into_iter().map(|it| it.1.to_owned()).collect(),
        });
    }
    Ok(found)
}

/// The form of a review.
pub async fn review(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
) -> web::Result<Markup> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    let review = part_store::review(&office.db, &viewer, id, &word).await?.ok_or_not_found("review")?;
    let values = show_views::values_of(&review);
    Ok(show_review(&office, &frame, &it, &review, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Says how a review stands, whose it is and by when.
pub async fn save_review(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = office.db.begin().await?;
    tx.one_at_a_time("applications").await?;
    let it = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("application")?;
    let known = part_store::review(&mut tx, &viewer, id, &word).await?.ok_or_not_found("review")?;
    if params.get("version") != Some(known.version.to_string().as_str()) {
        let typed = params.replaced("version", &known.version.to_string());
        let mut flaws = Flaws::default();
        let how = known.review_state.label();
        flaws.add(
            "review_state",
            format!("{} noted meanwhile: {how}. Look, then save again.", known.noted_by),
        );
        let page = show_review(&office, &frame, &it, &known, Typed { values: &typed, flaws: &flaws });
        return Ok(shown_again(StatusCode::CONFLICT, page));
    }
    let desk = office.desk(&viewer, frame.zone);
    match read_review(&params, &known, desk.today) {
        Ok(next) => {
            let next = Review {
                recorded_at: desk.now.max(known.recorded_at),
                noted_by: viewer.name().to_owned(),
                ..next
            };
            part_store::save_reviews(&mut tx, vec![next.clone()]).await?;
            audit::store::commit(tx, office.clock, &viewer, &logged(&next, &params)).await?;
            Ok(Redirect::to(&it.href()).into_response())
        }
        Err(flaws) => {
            let page = show_review(&office, &frame, &it, &known, Typed { values: &params, flaws: &flaws });
            Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// A review as its form says it.
fn read_review(params: &Params, known: &Review, today: chrono::NaiveDate) -> Result<Review, Flaws> {
    let mut form = Filled::new(params);
    let state = form.chosen::<ReviewState>("review_state", "Choose how it stands.");
    let owner = form.text("owner", LINE);
    let due_on = form.day("due_on").map_or(known.due_on, Moment::Day);
    let done_on = form.day("done_on");
    if done_on.is_some_and(|it| it > today) {
        form.flaws.add("done_on", format!("Give a day up to today, {today}."));
    }
    let before = form.flaws.pairs().len();
    let note = form.free_text("note");
    if state == Some(ReviewState::NotPassed) && note.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("note", "Say what was not passed.");
    }
    let (Some(review_state), true) = (state, form.flaws.is_empty()) else { return Err(form.flaws) };
    let is_done = review_state != ReviewState::Waiting;
    Ok(Review {
        version: known.version + 1,
        owner: owner.unwrap_or_else(|| known.owner.clone()),
        due_on,
        review_state,
        done_on: is_done.then(|| Moment::Day(done_on.unwrap_or(today))),
        note: note.into(),
        ..known.clone()
    })
}

/// The note is guarded and not repeated in the log.
fn logged(it: &Review, params: &Params) -> Entry {
    Entry::new(Act::Change)
        .on(Resource::Application)
        .about(it.application_id.0)
        .with("review", &it.review)
        .with("version", it.version)
        .with("state", it.review_state)
        .with("owner", &it.owner)
        .with("due_on", it.due_on)
        .with_all("confirmed", guarded::confirmations(params))
}

fn show_review(
    office: &Office,
    frame: &Frame,
    it: &Application,
    review: &Review,
    state: Typed<'_>,
) -> Markup {
    let label = office.workflow.review_label(&review.review);
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        (it.code(), it.href()),
        (label.to_owned(), String::new()),
    ];
    let title = format!("Review: {}", label.to_lowercase());
    frame.page(&title).nav(Nav::Desk).crumbs(crumbs).show(show_views::review(&title, &it.href(), state))
}
