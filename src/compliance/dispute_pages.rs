//! Handlers: a dispute of a finding is raised, and later decided. A form sent twice saves once, and one that another save
//! has overtaken saves nothing.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::dispute::{Dispute, DisputeId, Outcome, RaisedBy};
use super::{dispute_store, store};
use crate::audit::{self, Act, Entry};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Target};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::ui::{card, field_date, field_radios, page_head, primary, quiet_link};
use crate::web::{self, OrNotFound};

/// The form that raises a dispute.
pub async fn new(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path((site, pack, rule)): Path<(SiteId, String, String)>,
) -> web::Result<Markup> {
    known(&db, &viewer, site, (&pack, &rule)).await?;
    let values: Params = [("id", clock.id().to_string())].into_iter().collect();
    Ok(show_new(&frame, &href(site, &pack, &rule), Typed { values: &values, flaws: &Flaws::default() }))
}

/// Raises a dispute.
pub async fn raise(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path((site, pack, rule)): Path<(SiteId, String, String)>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("findings").await?;
    known(&mut tx, &viewer, site, (&pack, &rule)).await?;
    let back = href(site, &pack, &rule);
    let id = params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| DisputeId(clock.id()));
    // The same form sent twice raises one dispute.
    if dispute_store::find(&mut tx, &viewer, id).await?.is_some() {
        return Ok(Redirect::to(&back).into_response());
    }
    let now = Moment::from(clock.now());
    let today = now.day_in(&frame.zone);
    let mut form = Filled::new(&params);
    let raised_by = form.chosen::<RaisedBy>("raised_by", "Say who disputes it.");
    let raised_on = form.day("raised_on").unwrap_or(today);
    if raised_on > today {
        form.flaws.add("raised_on", format!("Give a day up to today, {today}."));
    }
    let note = reason(&mut form, "Say what is disputed, and why.");
    let (Some(raised_by), Some(note), true) = (raised_by, note, form.flaws.is_empty()) else {
        let page = show_new(&frame, &back, Typed { values: &params, flaws: &form.flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let dispute = Dispute {
        id,
        version: 1,
        recorded_at: now,
        site_id: site,
        pack,
        rule,
        raised_by,
        raised_on: Moment::Day(raised_on),
        outcome: Outcome::Open,
        noted_by: viewer.name().to_owned(),
        note: Some(note),
    };
    dispute_store::save(&mut tx, &dispute).await?;
    audit::store::commit(tx, clock, &viewer, &logged(&dispute, &params)).await?;
    Ok(Redirect::to(&back).into_response())
}

/// The form that decides a dispute.
pub async fn deciding(
    State(db): State<Db>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<DisputeId>,
) -> web::Result<Markup> {
    let it = found(&db, &viewer, id).await?;
    let values: Params = [("version", it.version.to_string())].into_iter().collect();
    Ok(show_decide(&frame, &it, Typed { values: &values, flaws: &Flaws::default() }))
}

/// Says what came of a dispute.
pub async fn decide(
    State(db): State<Db>,
    State(clock): State<Clock>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<DisputeId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("findings").await?;
    let it = found(&mut tx, &viewer, id).await?;
    if params.get("version") != Some(it.version.to_string().as_str()) {
        return Ok(overtaken(&frame, &it, &params));
    }
    let mut form = Filled::new(&params);
    let outcome = form.chosen::<Outcome>("outcome", "Say what came of it.");
    let note = reason(&mut form, "Say why.");
    let (Some(outcome), Some(note), true) = (outcome, note, form.flaws.is_empty()) else {
        let page = show_decide(&frame, &it, Typed { values: &params, flaws: &form.flaws });
        return Ok(shown_again(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let next = Dispute {
        version: it.version + 1,
        recorded_at: Moment::from(clock.now()),
        outcome,
        noted_by: viewer.name().to_owned(),
        note: Some(note),
        ..it
    };
    dispute_store::save(&mut tx, &next).await?;
    audit::store::commit(tx, clock, &viewer, &logged(&next, &params)).await?;
    Ok(Redirect::to(&href(next.site_id, &next.pack, &next.rule)).into_response())
}

/// The form once more, with what was typed and what somebody else noted meanwhile.
fn overtaken(frame: &Frame, it: &Dispute, params: &Params) -> Response {
    let typed = params.replaced("version", &it.version.to_string());
    let mut flaws = Flaws::default();
    let noted = format!("{} noted meanwhile: {}. Look, then save again.", it.noted_by, it.outcome.label());
    flaws.add("outcome", noted);
    let page = show_decide(frame, it, Typed { values: &typed, flaws: &flaws });
    shown_again(StatusCode::CONFLICT, page)
}

/// The note is guarded and not repeated in the log.
fn logged(it: &Dispute, params: &Params) -> Entry {
    Entry::new(Act::Change)
        .on(Resource::Finding)
        .about(it.site_id.0)
        .with("dispute", it.id)
        .with("rule", format!("{}#{}", it.pack, it.rule))
        .with("version", it.version)
        .with("outcome", it.outcome)
        .with_all("confirmed", guarded::confirmations(params))
}

fn reason(form: &mut Filled<'_>, advice: &str) -> Option<String> {
    let before = form.flaws.pairs().len();
    let note = form.free_text("note");
    if note.is_none() && form.flaws.pairs().len() == before {
        form.flaws.add("note", advice);
    }
    note
}

/// A finding that the viewer may see, now or in an earlier version.
async fn known(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    rule: (&str, &str),
) -> web::Result<()> {
    let history = store::history(on, viewer, site, rule).await?;
    history.first().ok_or_not_found("finding").map(|_| ())
}

async fn found<'a>(on: impl Into<Target<'a>>, viewer: &Viewer, id: DisputeId) -> web::Result<Dispute> {
    let mut on = on.into();
    let it = dispute_store::find(on.again(), viewer, id).await?.ok_or_not_found("dispute")?;
    known(on, viewer, it.site_id, (&it.pack, &it.rule)).await?;
    Ok(it)
}

fn href(site: SiteId, pack: &str, rule: &str) -> String {
    format!("/sites/{site}/findings/{pack}/{rule}")
}

fn show_new(frame: &Frame, back: &str, state: Typed<'_>) -> Markup {
    let by = [RaisedBy::Business, RaisedBy::Staff].map(|it| (it.as_str(), it.label()));
    let fields = html! {
        (state.carried(&["id"]))
        (field_radios(state.field("raised_by", "Who disputes it").required(), &by))
        (field_date(state.field("raised_on", "On").hint("Leave it empty for today.")))
        (state.free_text(state.field("note", "What is disputed, and why").required()))
    };
    page(frame, "Dispute the finding", back, state, &fields, "Save the dispute")
}

fn show_decide(frame: &Frame, it: &Dispute, state: Typed<'_>) -> Markup {
    let outcomes: Vec<(&str, &str)> =
        Outcome::ALL.iter().filter(|it| **it != Outcome::Open).map(|it| (it.as_str(), it.label())).collect();
    let fields = html! {
        (state.carried(&["version"]))
        @if let Some(note) = &it.note { p { (note) } }
        (field_radios(state.field("outcome", "What came of it").required(), &outcomes))
        (state.free_text(state.field("note", "Why").required()))
    };
    page(
        frame,
        "Decide the dispute",
        &href(it.site_id, &it.pack, &it.rule),
        state,
        &fields,
        "Save the outcome",
    )
}

fn page(frame: &Frame, title: &str, back: &str, state: Typed<'_>, fields: &Markup, act: &str) -> Markup {
    let crumbs = vec![("The finding".to_owned(), back.to_owned()), (title.to_owned(), String::new())];
    frame.page(title).nav(Nav::Findings).crumbs(crumbs).show(html! {
        (page_head(title, &html! {}, &html! {}))
        (state.summary())
        form.stack method="post" {
            (card("What is said", fields))
            div.form-actions { (primary(act)) (quiet_link(back, "Cancel")) }
        }
    })
}
