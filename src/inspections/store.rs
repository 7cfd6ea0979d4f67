//! Reads and saves violations; the inspections themselves are of [`crate::records::store`].

use std::collections::HashMap;

use super::{VIOLATION_TABLE, Violation};
use crate::clock::Moment;
use crate::db::{self, Target, Tx, Value, query};
use crate::records::RecordId;
use crate::records::store::Saved;
use crate::rights::{Resource, Viewer};

/// The current violations of these inspections, in the order in which they were noted.
pub async fn violations_of(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    inspections: &[RecordId],
) -> db::Result<Vec<Violation>> {
    query(include_str!("violations.sql"))
        .limited(viewer, Resource::Inspection)
        .then("AND v.inspection_id IN")
        .list(inspections.iter().map(|it| Value::from(*it)))
        .then("ORDER BY v.inspection_id, v.n")
        .fetch_all(on)
        .await
}

/// Puts `violations` in the place of those known of this inspection, as of `recorded_at`; earlier ones are kept as
/// superseded.
pub async fn replace_violations(
    tx: &mut Tx,
    inspection: RecordId,
    recorded_at: Moment,
    violations: Vec<Violation>,
) -> db::Result<()> {
    let version: Option<i64> = query("SELECT max(version) FROM violation WHERE inspection_id = $1")
        .bind(inspection)
        .fetch_scalar(&mut *tx)
        .await?;
    query("UPDATE violation SET superseded_at = $1 WHERE inspection_id = $2 AND superseded_at IS NULL")
        .bind(recorded_at)
        .bind(inspection)
        .execute(&mut *tx)
        .await?;
    save_violations(tx, version.unwrap_or(0) + 1, recorded_at, violations).await
}

/// Saves the violations of inspections that are stored for the first time.
pub async fn save_violations(
    tx: &mut Tx,
    version: i64,
    recorded_at: Moment,
    violations: Vec<Violation>,
) -> db::Result<()> {
    let rows = violations.into_iter().map(|it| violation_row(version, recorded_at, it));
    tx.insert(&VIOLATION_TABLE, rows).await?;
    Ok(())
}

/// Adds violations that come as rows of their own, each with when it could first have been known. One that says
/// what any version of it said before changes nothing.
pub async fn add_violations(tx: &mut Tx, violations: Vec<(Moment, Violation)>) -> db::Result<Vec<Saved>> {
    let mut known: HashMap<RecordId, Vec<Violation>> = HashMap::new();
    let versions: Vec<Violation> = query(
        "SELECT inspection_id, n, code, title, severity, state, closed_on, due_on FROM violation WHERE id IN",
    )
    .list(violations.iter().map(|(_, it)| Value::from(violation_id(it))))
    .then("ORDER BY version")
    .fetch_all(&mut *tx)
    .await?;
    for it in versions {
        known.entry(violation_id(&it)).or_default().push(it);
    }
    let mut rows = Vec::new();
    let mut outcome = Vec::with_capacity(violations.len());
    for (recorded_at, violation) in violations {
        let id = violation_id(&violation);
        let versions = known.entry(id).or_default();
        if versions.contains(&violation) {
            outcome.push(Saved::Unchanged);
            continue;
        }
        if !versions.is_empty() {
            tx.insert(&VIOLATION_TABLE, std::mem::take(&mut rows)).await?;
            end_violation(tx, id, recorded_at).await?;
        }
        outcome.push(if versions.is_empty() { Saved::New } else { Saved::Changed });
        versions.push(violation.clone());
        rows.push(violation_row(versions.len() as i64, recorded_at, violation));
    }
    tx.insert(&VIOLATION_TABLE, rows).await?;
    Ok(outcome)
}

async fn end_violation(tx: &mut Tx, id: RecordId, at: Moment) -> db::Result<u64> {
    query("UPDATE violation SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(at)
        .bind(id)
        .execute(tx)
        .await
}

/// When these inspections could first have been known; those not known are absent.
pub async fn recorded(
    tx: &mut Tx,
    ids: impl IntoIterator<Item = RecordId>,
) -> db::Result<Vec<(RecordId, Moment)>> {
    query("SELECT id, recorded_at FROM inspection WHERE version = 1 AND id IN")
        .list(ids.into_iter().map(Value::from))
        .fetch_all(tx)
        .await
}

fn violation_id(it: &Violation) -> RecordId {
    RecordId::of_source(&it.inspection_id.to_string(), &it.n.to_string())
}

fn violation_row(version: i64, recorded_at: Moment, it: Violation) -> Vec<Value> {
    let mut row = vec![violation_id(&it).into(), version.into(), recorded_at.into(), Value::Text(None)];
    row.extend([it.inspection_id.into(), it.n.into(), it.code.into(), it.title.into()]);
    row.extend([it.severity.into(), it.state.into(), it.closed_on.into(), it.due_on.into()]);
    row
}
