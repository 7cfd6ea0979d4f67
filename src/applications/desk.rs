//! What the desk does: receives an application, and takes a step with it, with all that follows from that, in one
//! transaction of the caller's.

use super::acts::{Desk, Said};
use super::hold::{Hold, HoldId, HoldState};
use super::parts::{Review, ReviewState, Step};
use super::workflow::{Clock, Need, Transition, Workflow};
use super::{Application, Fee, Holder, Waits, deadlines, effects, hold_store, part_store, store};
use crate::clock::Moment;
use crate::db::{self, Target, Tx};
use crate::rights::Viewer;
use crate::web;
use crate::web::filled::Flaws;

/// The field that says what is missing before a step.
pub const NEEDS: &str = "needs";

/// Saves a new application in the first state of its procedure, with its reviews and, where a new license is asked for at a
/// known site, the license as pending.
///
/// # Errors
/// The database does not answer.
pub async fn receive(tx: &mut Tx, desk: &Desk<'_>, mut it: Application) -> db::Result<Application> {
    let Some(procedure) = desk.workflow.procedures.get(&it.procedure) else { return Ok(it) };
    it.number = store::next_number(tx).await?;
    it.state.clone_from(&procedure.begin);
    it.state_on = Moment::Day(desk.today);
    it.waits = desk.workflow.waits(&it.state);
    let received = it.received_on.day();
    it.decide_by = desk.workflow.clock_runs(&it.state).then(|| deadlines::decide_by(desk.workflow, received));
    if procedure.is_new() {
        effects::note_pending(tx, desk, &mut it).await?;
    }
    let reviews = procedure.reviews_of(it.holder).iter().filter_map(|word| {
        let kind = desk.workflow.reviews.get(word)?;
        Some(Review {
            application_id: it.id,
            review: word.clone(),
            version: 1,
            recorded_at: desk.now,
            owner: kind.owner.clone(),
            due_on: Moment::Day(deadlines::after(received, kind.days)),
            review_state: ReviewState::Waiting,
            done_on: None,
            noted_by: desk.viewer.name().to_owned(),
            note: None.into(),
        })
    });
    part_store::save_reviews(tx, reviews.collect()).await?;
    store::save(tx, it.clone()).await?;
    Ok(it)
}

/// Takes a step. What is to be mended first is the inner error, and then nothing was written.
///
/// # Errors
/// The database does not answer.
pub async fn take(
    tx: &mut Tx,
    desk: &Desk<'_>,
    it: &Application,
    step: &Transition,
    said: Said,
) -> web::Result<Result<Application, Flaws>> {
    let flaws = missing((&mut *tx).into(), (desk.viewer, desk.workflow), it, step).await?;
    if !flaws.is_empty() {
        return Ok(Err(flaws));
    }
    let mut next = it.next(desk.viewer.name(), desk.now);
    move_on(&mut next, desk, step, &said);
    if let Err(flaws) = effects::apply(tx, desk, &mut next, step.effect, &said).await? {
        return Ok(Err(flaws));
    }
    if step.hold {
        hold(tx, desk, &next).await?;
    }
    let taken = Step {
        id: said.id,
        application_id: it.id,
        recorded_at: desk.now,
        step: step.word.clone(),
        from_state: it.state.clone(),
        to_state: step.to.clone(),
        noted_by: desk.viewer.name().to_owned(),
        reason: said.reason.into(),
    };
    part_store::save_step(tx, taken).await?;
    store::save(tx, next.clone()).await?;
    Ok(Ok(next))
}

/// What must be there before a step and is not, each in a sentence.
///
/// # Errors
/// The database does not answer.
pub async fn missing(
    mut on: Target<'_>,
    (viewer, workflow): (&Viewer, &Workflow),
    it: &Application,
    step: &Transition,
) -> db::Result<Flaws> {
    let mut flaws = Flaws::default();
    for need in &step.needs {
        match need {
            Need::Fee if it.fee == Fee::Due => {
                flaws.add(
                    NEEDS,
                    "The fee is to be paid first. Edit the application when it is paid or waived.",
                );
            }
            Need::Reviews => {
                let reviews = part_store::reviews_of(on.again(), viewer, it.id).await?;
                for review in reviews.iter().filter(|it| !it.review_state.is_settled()) {
                    let label = workflow.review_label(&review.review);
                    let how = match review.review_state {
                        ReviewState::NotPassed => "was not passed",
                        _ => "is not done",
                    };
                    flaws.add(NEEDS, format!("The review “{label}” ({}) {how}.", review.owner));
                }
            }
            Need::NoHold if it.holder == Holder::Business => {
                for hold in hold_store::stopping(on.again(), viewer, it).await? {
                    flaws.add(
                        NEEDS,
                        format!(
                            "{} is on hold since {}, because of {}. Someone must lift the hold, with a reason.",
                            hold.place(),
                            web::format::day(hold.since.day()),
                            hold.business
                        ),
                    );
                }
            }
            Need::Fee | Need::NoHold => {}
        }
    }
    Ok(flaws)
}

/// The state after a step, and the days that begin with it.
fn move_on(next: &mut Application, desk: &Desk<'_>, step: &Transition, said: &Said) {
    let today = Moment::Day(desk.today);
    next.decide_by = deadlines::decide_by_after(desk.workflow, next, step, desk.today);
    if next.state != step.to {
        next.state_on = today;
    }
    next.state.clone_from(&step.to);
    next.waits = desk.workflow.waits(&step.to);
    if step.clock == Clock::Restart {
        (next.decided_on, next.appeal_by) = (None, None);
    }
    if next.waits == Waits::Nobody && next.decided_on.is_none() {
        next.decided_on = Some(today);
    }
    if step.appeal {
        next.appeal_by = Some(Moment::Day(deadlines::after(desk.today, desk.workflow.terms.appeal_days)));
    }
    if let Some(day) = said.ends_on {
        next.ends_on = Some(Moment::Day(day));
    }
    if let Some(reason) = &said.reason {
        next.reason = reason.as_str().into();
    }
}

/// Puts the address of an order on hold, until someone decides.
async fn hold(tx: &mut Tx, desk: &Desk<'_>, order: &Application) -> db::Result<()> {
    let hold = Hold {
        id: HoldId(desk.clock.id()),
        version: 1,
        recorded_at: desk.now,
        application_id: order.id,
        license_id: order.license_id,
        site_id: order.site_id,
        building_id: order.place.building_id,
        address: order.place.address.clone().unwrap_or_default(),
        city: order.place.city.clone(),
        business: order.title().to_owned(),
        since: Moment::Day(desk.today),
        hold_state: HoldState::Open,
        decided_on: None,
        noted_by: desk.viewer.name().to_owned(),
        reason: None.into(),
    };
    hold_store::save(tx, hold).await
}
