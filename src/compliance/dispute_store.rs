//! Reads and saves disputes of findings. A statement calls a dispute `l`.

use super::dispute::{Dispute, DisputeId};
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "finding_dispute",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "site_id",
        "pack",
        "rule",
        "raised_by",
        "raised_on",
        "outcome",
        "noted_by",
        "note",
    ],
};

fn seen(viewer: &Viewer) -> Query {
    query("SELECT l.id, l.version, l.recorded_at, l.site_id, l.pack, l.rule, l.raised_by, l.raised_on, l.outcome, l.noted_by, l.note FROM finding_dispute l WHERE true")
        .limited(viewer, Resource::Finding)
}

/// All versions of the disputes of a finding, the newest first. Whether the viewer may see the finding itself is for the
/// caller to know: read it first.
pub async fn of_finding(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    (pack, rule): (&str, &str),
) -> db::Result<Vec<Dispute>> {
    seen(viewer)
        .and("l.site_id = ?", Some(site))
        .and("l.pack = ?", Some(pack))
        .and("l.rule = ?", Some(rule))
        .then("ORDER BY l.recorded_at DESC, l.id DESC, l.version DESC")
        .fetch_all(on)
        .await
}

/// The current version of the open disputes at a site.
pub async fn open_at(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<Dispute>> {
    seen(viewer)
        .and("l.site_id = ?", Some(site))
        .then("AND l.superseded_at IS NULL AND l.outcome = 'open' ORDER BY l.id")
        .fetch_all(on)
        .await
}

/// A dispute in its current version.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: DisputeId) -> db::Result<Option<Dispute>> {
    seen(viewer).and("l.id = ?", Some(id)).then("AND l.superseded_at IS NULL").fetch_optional(on).await
}

/// Saves a version; the one before it ends.
pub async fn save(tx: &mut Tx, it: &Dispute) -> db::Result<()> {
    query("UPDATE finding_dispute SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(it.recorded_at)
        .bind(it.id)
        .execute(&mut *tx)
        .await?;
    let mut row: Vec<Value> = vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None)];
    row.extend([it.site_id.into(), Value::from(&it.pack), Value::from(&it.rule), it.raised_by.into()]);
    row.extend([it.raised_on.into(), it.outcome.into(), Value::from(&it.noted_by)]);
    row.push(Value::Text(it.note.clone()));
    tx.insert(&TABLE, vec![row]).await?;
    query("UPDATE revision SET n = n + 1 WHERE name = 'finding'").execute(tx).await?;
    Ok(())
}
