//! Handlers: the form of a step, and the step itself. A form sent twice takes it once; one that another step has overtaken
//! takes none.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::acts::Office;
use super::parts::StepId;
use super::workflow::Transition;
use super::{Application, ApplicationId, desk, form, part_store, step_form, store};
use crate::audit::{self, Act, Entry};
use crate::rights::{Resource, Viewer};
use crate::sites::keeping::begin;
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Flaws, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::guarded;
use crate::web::layout::Nav;
use crate::web::ui::{Note, card, field_date, note, page_head, primary, quiet_link};
use crate::web::{self, OrNotFound};

/// The step of that word, wherever it leads on from.
fn step_of<'a>(office: &'a Office, it: &Application, word: &str) -> web::Result<&'a Transition> {
    let procedure = office.workflow.procedures.get(&it.procedure).ok_or_not_found("procedure")?;
    let here = procedure.step(&it.state, word);
    here.or_else(|| procedure.steps.iter().find(|it| it.word == word)).ok_or_not_found("step")
}

/// The form of a step.
pub async fn ask(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
) -> web::Result<Markup> {
    let it = store::find(&office.db, &viewer, id).await?.ok_or_not_found("application")?;
    let step = step_of(&office, &it, &word)?;
    let license = office.license(&viewer, &it).await?;
    let days = (StepId(office.clock.id()), office.today(frame.zone));
    let values = step_form::begins(&office.workflow, &it, step, license.as_ref(), days);
    let rights = (&viewer, &*office.workflow);
    let missing = desk::missing((&office.db).into(), rights, &it, step).await?;
    Ok(show(&office, &frame, &it, step, (Typed { values: &values, flaws: &Flaws::default() }, &missing)))
}

/// Takes a step.
pub async fn take(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path((id, word)): Path<(ApplicationId, String)>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = begin(&office.db).await?;
    let it = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("application")?;
    let step = step_of(&office, &it, &word)?;
    let step_id =
        params.get("id").and_then(|it| it.parse().ok()).unwrap_or_else(|| StepId(office.clock.id()));
    // The same form sent twice is one step.
    if part_store::step(&mut tx, &viewer, step_id).await?.is_some() {
        return Ok(Redirect::to(&it.href()).into_response());
    }
    if !step.is_open_to(viewer.role()) {
        return Err(web::Error::Forbidden);
    }
    let again = |status: StatusCode, params: &Params, flaws: &Flaws| {
        let state = Typed { values: params, flaws };
        shown_again(status, show(&office, &frame, &it, step, (state, &Flaws::default())))
    };
    let desk = office.desk(&viewer, frame.zone);
    if let Some(flaws) = overtaken(&office, &it, step, &params) {
        let typed = params.replaced("version", &it.version.to_string());
        return Ok(again(StatusCode::CONFLICT, &typed, &flaws));
    }
    let said = match step_form::read(&params, &it, step, (step_id, desk.today)) {
        Ok(said) => said,
        Err(flaws) => return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &params, &flaws)),
    };
    match desk::take(&mut tx, &desk, &it, step, said).await? {
        Ok(next) => {
            audit::store::commit(tx, office.clock, &viewer, &logged(&it, &next, step, &params)).await?;
            Ok(Redirect::to(&next.href()).into_response())
        }
        Err(flaws) => Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &params, &flaws)),
    }
}

/// Why a step cannot be taken with this form, where somebody was faster.
fn overtaken(office: &Office, it: &Application, step: &Transition, params: &Params) -> Option<Flaws> {
    let mut flaws = Flaws::default();
    let state = office.workflow.state_label(&it.state);
    if !step.from.contains(&it.state) {
        flaws.add("step", format!("It is “{state}” now, and this step does not lead on from there."));
    } else if params.get("version") != Some(it.version.to_string().as_str()) {
        let why = format!("{} saved meanwhile; it is “{state}” now. Look, then go on.", it.noted_by);
        flaws.add("step", why);
    }
    (!flaws.is_empty()).then_some(flaws)
}

/// The reason is guarded and not repeated in the log.
fn logged(before: &Application, after: &Application, step: &Transition, params: &Params) -> Entry {
    Entry::new(Act::Change)
        .on(Resource::Application)
        .about(after.id.0)
        .with("step", &step.word)
        .with("effect", step.effect)
        .with("version", after.version)
        .changed(&form::logged(before), &form::logged(after))
        .with_all("confirmed", guarded::confirmations(params))
}

fn show(
    office: &Office,
    frame: &Frame,
    it: &Application,
    step: &Transition,
    (state, missing): (Typed<'_>, &Flaws),
) -> Markup {
    let crumbs = vec![
        ("Desk".to_owned(), "/desk".to_owned()),
        (it.code(), it.href()),
        (step.label.clone(), String::new()),
    ];
    let today = office.today(frame.zone);
    let late = step_form::is_late(it, today) && step_form::needs_reason(step, it, today);
    let about = html! {
        p { b { (it.title()) } @if let Some(address) = it.address() { ", " (address) } }
        p.meta { (it.code()) " · " (office.workflow.procedure_label(&it.procedure)) " · " (office.workflow.state_label(&it.state)) }
    };
    frame.page(&step.label).nav(Nav::Desk).crumbs(crumbs).show(html! {
        (page_head(&step.label, &html! {}, &html! {}))
        (state.summary())
        @if state.flaws.is_empty() {
            @for (_, why) in missing.pairs() { (note(Note::Due, &html! { (why) })) }
        }
        form.stack method="post" {
            (state.carried(&["id", "version"]))
            (card("About", &html! {
                (about)
                @if late { p { "The time for an appeal is over. It can be taken all the same, with a reason." } }
                @if step_form::asks_term(step) {
                    div.field-row {
                        (field_date(state.field("starts_on", "Term begins")))
                        (field_date(state.field("expires_on", "Term ends")))
                    }
                }
                @if step.ends { (field_date(state.field("ends_on", "Ends on").hint("Leave it empty if it lasts until it is lifted."))) }
                @let field = state.field("reason", "Reason").hint("It stands in the letter. No names of workers or guests, no telephone numbers, no birth dates.");
                (state.free_text(if step_form::needs_reason(step, it, today) { field.required() } else { field }))
                @if step.hold { p.meta { "The address is put on hold: no new license there until someone decides." } }
                @if step.letter.is_some() { p.meta { "A letter is ready to print afterwards." } }
            }))
            div.form-actions { (primary(&step.label)) (quiet_link(&it.href(), "Cancel")) }
        }
    })
}
