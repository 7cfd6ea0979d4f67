//! Reads and saves holds on addresses. A statement calls a hold `a`, as an application: it too has a site and a city.

use super::Application;
use super::hold::{Hold, HoldId, HoldState};
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "address_hold",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "application_id",
        "license_id",
        "site_id",
        "building_id",
        "address",
        "city",
        "business",
        "since",
        "hold_state",
        "decided_on",
        "noted_by",
        "reason",
    ],
};

fn seen(viewer: &Viewer) -> Query {
    query("SELECT a.id, a.version, a.recorded_at, a.application_id, a.license_id, a.site_id, a.building_id, a.address, a.city, a.business, a.since, a.hold_state, a.decided_on, a.noted_by,")
        .held(viewer, Resource::Application, "a.reason")
        .then("FROM address_hold a WHERE true")
        .limited(viewer, Resource::Application)
}

/// The holds as they stand, in one state or in any: those that nobody has decided first, then the newest.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    state: Option<HoldState>,
) -> db::Result<Vec<Hold>> {
    seen(viewer)
        .and("a.hold_state = ?", state)
        .then("AND a.superseded_at IS NULL ORDER BY CASE a.hold_state WHEN 'open' THEN 0 WHEN 'kept' THEN 1 ELSE 2 END, a.since DESC, a.id DESC")
        .fetch_all(on)
        .await
}

/// A hold as it stands.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: HoldId) -> db::Result<Option<Hold>> {
    seen(viewer).and("a.id = ?", Some(id)).then("AND a.superseded_at IS NULL").fetch_optional(on).await
}

/// The holds that stop a license for an application: at its site or in its building, not lifted. Its own are not among them.
pub async fn stopping(on: impl Into<Target<'_>>, viewer: &Viewer, of: &Application) -> db::Result<Vec<Hold>> {
    let spot: [Value; 3] = [of.site_id.into(), of.place.building_id.into(), of.id.into()];
    seen(viewer)
        .and_all("(a.site_id = ? OR a.building_id = ?) AND a.application_id <> ?", spot)
        .then("AND a.superseded_at IS NULL AND a.hold_state <> 'lifted' ORDER BY a.since, a.id")
        .fetch_all(on)
        .await
}

/// Saves a version; the one before it ends.
pub async fn save(tx: &mut Tx, it: Hold) -> db::Result<()> {
    query("UPDATE address_hold SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(it.recorded_at)
        .bind(it.id)
        .execute(&mut *tx)
        .await?;
    let mut row: Vec<Value> = vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None)];
    row.extend([it.application_id.into(), it.license_id.into(), it.site_id.into(), it.building_id.into()]);
    row.extend([it.address.into(), it.city.into(), it.business.into(), it.since.into()]);
    row.extend([it.hold_state.into(), it.decided_on.into(), it.noted_by.into(), it.reason.into()]);
    tx.insert(&TABLE, vec![row]).await?;
    Ok(())
}
