//! Reads and saves reviews, steps and letters of applications, and conditions of licenses. A statement calls the
//! application `a`, a license `r` and the part `v`.

use super::ApplicationId;
use super::parts::{Condition, ConditionId, Review, Sent, Step, StepId};
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::records::RecordId;
use crate::rights::{Resource, Viewer};

const REVIEWS: Table = Table {
    name: "application_review",
    columns: &[
        "application_id",
        "review",
        "version",
        "recorded_at",
        "superseded_at",
        "owner",
        "due_on",
        "review_state",
        "done_on",
        "noted_by",
        "note",
    ],
};
const STEPS: Table = Table {
    name: "application_step",
    columns: &["id", "application_id", "recorded_at", "step", "from_state", "to_state", "noted_by", "reason"],
};
const LETTERS: Table = Table {
    name: "application_letter",
    columns: &["id", "application_id", "license_id", "recorded_at", "letter", "sent_on", "noted_by"],
};
const CONDITIONS: Table = Table {
    name: "license_condition",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "license_id",
        "words",
        "from_on",
        "to_on",
        "noted_by",
    ],
};

fn reviews(viewer: &Viewer) -> Query {
    query("SELECT v.application_id, v.review, v.version, v.recorded_at, v.owner, v.due_on, v.review_state, v.done_on, v.noted_by,")
        .held(viewer, Resource::Application, "v.note")
        .then("FROM application_review v JOIN application a ON a.id = v.application_id AND a.superseded_at IS NULL WHERE true")
        .limited(viewer, Resource::Application)
}

/// The reviews of an application as they stand, by the day on which they are due.
pub async fn reviews_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    of: ApplicationId,
) -> db::Result<Vec<Review>> {
    reviews(viewer)
        .and("v.application_id = ?", Some(of))
        .then("AND v.superseded_at IS NULL ORDER BY v.due_on, v.review")
        .fetch_all(on)
        .await
}

/// One review as it stands.
pub async fn review(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    of: ApplicationId,
    word: &str,
) -> db::Result<Option<Review>> {
    reviews(viewer)
        .and("v.application_id = ?", Some(of))
        .and("v.review = ?", Some(word))
        .then("AND v.superseded_at IS NULL")
        .fetch_optional(on)
        .await
}

/// Saves versions of reviews; those before them end.
pub async fn save_reviews(tx: &mut Tx, reviews: Vec<Review>) -> db::Result<()> {
    let mut rows = Vec::with_capacity(reviews.len());
    for it in reviews {
        query("UPDATE application_review SET superseded_at = $1 WHERE application_id = $2 AND review = $3 AND superseded_at IS NULL")
            .bind(it.recorded_at)
            .bind(it.application_id)
            .bind(&it.review)
            .execute(&mut *tx)
            .await?;
        let mut row: Vec<Value> = vec![it.application_id.into(), it.review.into(), it.version.into()];
        row.extend([it.recorded_at.into(), Value::Text(None), it.owner.into(), it.due_on.into()]);
        row.extend([it.review_state.into(), it.done_on.into(), it.noted_by.into(), it.note.into()]);
        rows.push(row);
    }
    tx.insert(&REVIEWS, rows).await?;
    Ok(())
}

fn steps(viewer: &Viewer) -> Query {
    query("SELECT v.id, v.application_id, v.recorded_at, v.step, v.from_state, v.to_state, v.noted_by,")
        .held(viewer, Resource::Application, "v.reason")
        .then("FROM application_step v JOIN application a ON a.id = v.application_id AND a.superseded_at IS NULL WHERE true")
        .limited(viewer, Resource::Application)
}

/// The steps that were taken with an application, the newest first.
pub async fn steps_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    of: ApplicationId,
) -> db::Result<Vec<Step>> {
    steps(viewer)
        .and("v.application_id = ?", Some(of))
        .then("ORDER BY v.recorded_at DESC, v.id DESC")
        .fetch_all(on)
        .await
}

/// The step of that id, by which a form sent twice is known.
pub async fn step(on: impl Into<Target<'_>>, viewer: &Viewer, id: StepId) -> db::Result<Option<Step>> {
    steps(viewer).and("v.id = ?", Some(id)).fetch_optional(on).await
}

/// Adds a step.
pub async fn save_step(tx: &mut Tx, it: Step) -> db::Result<()> {
    let mut row: Vec<Value> = vec![it.id.into(), it.application_id.into(), it.recorded_at.into()];
    row.extend([it.step.into(), it.from_state.into(), it.to_state.into(), it.noted_by.into()]);
    row.push(it.reason.into());
    tx.insert(&STEPS, vec![row]).await?;
    Ok(())
}

const SENT: &str = "SELECT v.id, v.application_id, v.license_id, v.recorded_at, v.letter, v.sent_on, v.noted_by FROM application_letter v";

/// The letters that went out with an application, the newest first.
pub async fn letters_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    of: ApplicationId,
) -> db::Result<Vec<Sent>> {
    query(SENT)
        .then("JOIN application a ON a.id = v.application_id AND a.superseded_at IS NULL WHERE true")
        .limited(viewer, Resource::Application)
        .and("v.application_id = ?", Some(of))
        .then("ORDER BY v.sent_on DESC, v.id DESC")
        .fetch_all(on)
        .await
}

/// The letters that went out about a license, the newest first.
pub async fn letters_about(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    license: RecordId,
) -> db::Result<Vec<Sent>> {
    query(SENT)
        .then("JOIN license r ON r.id = v.license_id AND r.superseded_at IS NULL WHERE true")
        .limited(viewer, Resource::License)
        .and("v.license_id = ?", Some(license))
        .then("ORDER BY v.sent_on DESC, v.id DESC")
        .fetch_all(on)
        .await
}

/// Notes that letters went out; one that was noted already stays as it is.
pub async fn save_letters(tx: &mut Tx, letters: Vec<Sent>) -> db::Result<()> {
    let rows = letters.into_iter().map(|it| -> Vec<Value> {
        vec![
            it.id.into(),
            it.application_id.into(),
            it.license_id.into(),
            it.recorded_at.into(),
            it.letter.into(),
            it.sent_on.into(),
            it.noted_by.into(),
        ]
    });
    tx.insert(&LETTERS, rows).await?;
    Ok(())
}

/// How many letters of these ids are noted.
pub async fn n_letters(tx: &mut Tx, id: super::parts::LetterId) -> db::Result<i64> {
    query("SELECT count(*) FROM application_letter WHERE id = $1").bind(id).fetch_scalar(tx).await
}

fn conditions(viewer: &Viewer) -> Query {
    query("SELECT v.id, v.version, v.recorded_at, v.license_id, v.words, v.from_on, v.to_on, v.noted_by FROM license_condition v JOIN license r ON r.id = v.license_id AND r.superseded_at IS NULL WHERE v.superseded_at IS NULL")
        .limited(viewer, Resource::License)
}

/// The conditions of a license as they stand, ended ones too, the oldest first.
pub async fn conditions_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    license: RecordId,
) -> db::Result<Vec<Condition>> {
    conditions(viewer)
        .and("v.license_id = ?", Some(license))
        .then("ORDER BY v.from_on, v.id")
        .fetch_all(on)
        .await
}

/// One condition as it stands.
pub async fn condition(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: ConditionId,
) -> db::Result<Option<Condition>> {
    conditions(viewer).and("v.id = ?", Some(id)).fetch_optional(on).await
}

/// Saves a version of a condition; the one before it ends.
pub async fn save_condition(tx: &mut Tx, it: Condition) -> db::Result<()> {
    query("UPDATE license_condition SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(it.recorded_at)
        .bind(it.id)
        .execute(&mut *tx)
        .await?;
    let mut row: Vec<Value> = vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None)];
    row.extend([it.license_id.into(), it.words.into(), it.from_on.into(), it.to_on.into()]);
    row.push(it.noted_by.into());
    tx.insert(&CONDITIONS, vec![row]).await?;
    Ok(())
}
