//! Handlers: the queue with its first record open, one record, and what is decided of it. Each decision is one transaction,
//! and a form that another decision has overtaken saves nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveTime, TimeDelta, TimeZone, Utc};
use maud::Markup;

use super::decide::{self, Refusal, Said};
use super::views::{self, Chosen, Desk};
use super::{Case, Decision, LISTED, Progress, QueueRow, href, read, store};
use crate::audit;
use crate::clock::{Clock, Moment};
use crate::db::{Db, Target};
use crate::records::decisions::{DecisionId, Verdict};
use crate::records::{RecordId, RecordKind, SiteId};
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::{self, Kinds, keeping};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, LINE, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

/// Who looks, when, and through which frame: what every page of this slice is made with.
#[derive(Debug)]
pub(super) struct Around<'a> {
    pub(super) clock: Clock,
    pub(super) viewer: &'a Viewer,
    pub(super) frame: &'a Frame,
    pub(super) kinds: &'a Kinds,
}

/// The queue, with its first record open.
pub async fn list(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let first = store::queue(&db, &viewer, clock.now().into(), 1).await?.pop();
    let case = match first {
        Some(it) => read::case(&db, &viewer, it.kind, it.id).await?,
        None => None,
    };
    page(&db, &around, case.as_ref(), &Shown::new(&params)).await
}

/// One record, whether it waits or not.
pub async fn show(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
    params: Params,
) -> web::Result<Markup> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let case = read::case(&db, &viewer, kind, id).await?.ok_or_not_found("record")?;
    page(&db, &around, Some(&case), &Shown::new(&params)).await
}

/// Decides about a record, or puts it off.
pub async fn settle(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    Path((kind, id)): Path<(RecordKind, RecordId)>,
    Form(params): Form,
) -> web::Result<Response> {
    let around = Around { clock, viewer: &viewer, frame: &frame, kinds: &kinds };
    let mut tx = keeping::begin(&db).await?;
    let case = read::case(&mut tx, &viewer, kind, id).await?.ok_or_not_found("record")?;
    if params.get("seen") != Some(case.seen().as_str()) {
        drop(tx);
        return overtaken(&db, &around, &case).await;
    }
    if params.get("verdict") == Some("later") {
        decide::put_off(&mut tx, case.subject.key(), tomorrow(&around)).await?;
        tx.commit().await?;
        return next(&db, &around, &case, "later=1").await;
    }
    let said = match read_form(&params, &case) {
        Ok(said) => said,
        Err(flaws) => {
            drop(tx);
            let shown = Shown { flaws, ..Shown::new(&params) };
            let page = page(&db, &around, Some(&case), &shown).await?;
            return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
        }
    };
    let decision = decide::decide(&mut tx, clock, &viewer, &case, &said, None).await?;
    let logged =
        decide::logged(&case, &said, decision).with_all("confirmed", guarded::confirmations(&params));
    audit::store::commit(tx, clock, &viewer, &logged).await?;
    next(&db, &around, &case, &format!("done={decision}")).await
}

/// Undoes a decision.
pub async fn undo(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    Path(id): Path<DecisionId>,
) -> web::Result<Response> {
    let mut tx = keeping::begin(&db).await?;
    let decision = store::decision(&mut tx, &viewer, id).await?.ok_or_not_found("decision")?;
    match decide::undo(&mut tx, clock, &viewer, &decision).await? {
        Ok(()) => {}
        Err(Refusal::Undone) => return Err(Error::Conflict("It is undone already.".to_owned())),
        Err(Refusal::Overtaken) => {
            let why = "A later decision about the same record stands on it. Undo that one first.";
            return Err(Error::Conflict(why.to_owned()));
        }
    }
    audit::store::commit(tx, clock, &viewer, &decide::logged_undoing(&decision)).await?;
    let record = href(decision.record_kind, decision.record_id);
    Ok(Redirect::to(&format!("{record}?undone={id}")).into_response())
}

/// What somebody says in the form beside a record.
fn read_form(params: &Params, case: &Case) -> Result<Said, Flaws> {
    let mut form = Filled::new(params);
    let verdict: Option<Verdict> = form.chosen("verdict", "Choose one of the buttons.");
    if matches!(verdict, Some(Verdict::NewSite | Verdict::Split)) {
        form.flaws.add("verdict", "A new site has a page of its own: choose “New site” or “Split”.");
    }
    let needs_site = matches!(verdict, Some(Verdict::Link | Verdict::NotThis));
    let site = form.parsed::<SiteId>("site", "Choose one of the candidates.").filter(|_| needs_site);
    let choice = case.choices.iter().find(|it| Some(it.site.id) == site);
    let is_out = verdict == Some(Verdict::NotThis) && choice.is_some_and(|it| it.is_out);
    if needs_site && (choice.is_none() || is_out) && form.flaws.is_empty() {
        form.flaws.add("site", "Choose one of the candidates.");
    }
    if verdict == Some(Verdict::Building) && case.building().is_none() {
        form.flaws.add("verdict", "Its address is no exact one, so there is no building to link it to.");
    }
    let why = form.free_line("why");
    let building = choice.filter(|_| verdict == Some(Verdict::Link)).and_then(|it| it.site.building_id);
    match verdict {
        Some(verdict) if form.flaws.is_empty() => Ok(Said { verdict, site, building, why }),
        _ => Err(form.flaws),
    }
}

/// What a page shows beside its record.
#[derive(Debug, Default)]
struct Shown {
    params: Params,
    flaws: Flaws,
    is_overtaken: bool,
}

impl Shown {
    fn new(params: &Params) -> Self {
        Self { params: params.clone(), ..Self::default() }
    }
}

/// The page; without a case the queue is empty.
async fn page(db: &Db, around: &Around<'_>, case: Option<&Case>, shown: &Shown) -> web::Result<Markup> {
    let (viewer, now) = (around.viewer, Moment::from(around.clock.now()));
    let queue = store::queue(db, viewer, now, LISTED).await?;
    let progress = progress(db, around).await?;
    let last = store::last_own(db, viewer, midnight(around, 0)).await?;
    let done = told(db, viewer, &shown.params, "done").await?;
    let undone = told(db, viewer, &shown.params, "undone").await?;
    let decisions: Vec<&Decision> =
        case.iter().flat_map(|it| &it.decisions).chain(&last).chain(&done).chain(&undone).collect();
    let names = read::names(db, viewer, &decisions).await?;
    let chosen = case.map_or(Chosen::Nothing, |it| Chosen::of(it, shown.params.get("site")));
    let desk = Desk {
        queue: &queue,
        progress,
        case,
        chosen,
        may_decide: viewer.is_permitted(Permission::Change(Resource::Link)),
        last: last.as_ref(),
        done: done.as_ref(),
        undone: undone.as_ref(),
        put_off: shown.params.get("later").is_some(),
        is_overtaken: shown.is_overtaken,
        names: &names,
        kinds: around.kinds,
        form: Typed { values: &shown.params, flaws: &shown.flaws },
        zone: around.frame.zone,
        today: now.day_in(&around.frame.zone),
    };
    let title = case.map_or("Review".to_owned(), |it| format!("Review {}", it.subject.title()));
    let page = around.frame.page(&title).nav(Nav::Review).full().module("review.js");
    Ok(page.show(views::desk(&desk)))
}

/// The decision that an address tells of.
async fn told(db: &Db, viewer: &Viewer, params: &Params, name: &str) -> web::Result<Option<Decision>> {
    let Some(id) = params.get(name).and_then(|it| it.parse::<DecisionId>().ok()) else { return Ok(None) };
    let found = store::decision(db, viewer, id).await?;
    Ok(found.filter(|it| it.undone_at.is_some() == (name == "undone")))
}

async fn progress(db: &Db, around: &Around<'_>) -> web::Result<Progress> {
    let waiting = store::waiting(db, around.viewer).await?;
    let tally = store::tally(db, around.viewer, midnight(around, 0)).await?;
    Ok(Progress {
        n_waiting: waiting.n,
        oldest: waiting.oldest,
        n_decided: tally.n_decided,
        n_undone: tally.n_undone,
    })
}

/// The instant at which a day begins where the agency is, so many days from today.
fn midnight(around: &Around<'_>, days: i64) -> Moment {
    let zone = around.frame.zone;
    let day = Moment::from(around.clock.now()).day_in(&zone) + TimeDelta::days(days);
    let local = day.and_time(NaiveTime::MIN);
    // Where clocks go forward at midnight, the day begins later.
    let first = (0..3).find_map(|n| zone.from_local_datetime(&(local + TimeDelta::hours(n))).earliest());
    first.map_or_else(|| local.and_utc(), |it| it.with_timezone(&Utc)).into()
}

fn tomorrow(around: &Around<'_>) -> Moment {
    midnight(around, 1)
}

/// Where to go after a decision: on with the same record while it has candidates left, else to the next of the queue; a
/// record that was no part of the queue stays open.
pub(super) async fn next(db: &Db, around: &Around<'_>, case: &Case, told: &str) -> web::Result<Response> {
    let (kind, id) = case.subject.key();
    let waits = |it: Option<Case>| it.is_some_and(|it| it.waits());
    let still = told.starts_with("done=") && waits(read::case(db, around.viewer, kind, id).await?);
    let to = if !case.waits() || still {
        case.subject.href()
    } else {
        let queue = store::queue(db, around.viewer, around.clock.now().into(), 2).await?;
        let next = queue.iter().find(|it| it.id != id);
        next.map_or("/review".to_owned(), |it: &QueueRow| href(it.kind, it.id))
    };
    Ok(Redirect::to(&format!("{to}?{told}")).into_response())
}

/// Somebody decided meanwhile: nothing is saved, and the page says who decided what.
async fn overtaken(db: &Db, around: &Around<'_>, case: &Case) -> web::Result<Response> {
    let shown = Shown { is_overtaken: true, ..Shown::default() };
    let page = page(db, around, Some(case), &shown).await?;
    Ok(shown_again(StatusCode::CONFLICT, page))
}

/// A short text that stands in a form as it was sent, cut to what can be shown.
pub(super) fn line(params: &Params, name: &str) -> String {
    params.get(name).unwrap_or_default().chars().take(LINE).collect()
}

/// The site that a record links to now, where the viewer may see it.
pub(super) async fn site_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    case: &Case,
) -> web::Result<Option<sites::Site>> {
    let Some(id) = case.subject.linked.site_id else { return Ok(None) };
    Ok(sites::store::find(on, viewer, id).await?)
}
