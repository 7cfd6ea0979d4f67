//! Reads the records that link to no site, and keeps what people dismissed.

use super::{Dismissal, DismissalId, Loose};
use crate::clock::Stamp;
use crate::db::{self, Query, Target, Tx, query};
use crate::records::{BuildingId, RecordKind};
use crate::rights::{Resource, Viewer};

/// So many loose records of a kind are looked at, the newest: no page and no person takes more in.
pub const MOST: u32 = 5_000;

/// The newest licenses of regulated kinds and inspections that name a business at a house and link to no site, newest
/// first. What a person linked to a building, or what waits for a person's review, is not among them.
pub async fn loose(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Loose>> {
    let mut on = on.into();
    let mut found: Vec<Loose> = of_kind(viewer, RecordKind::License).fetch_all(on.again()).await?;
    found.extend(of_kind(viewer, RecordKind::Inspection).fetch_all::<Loose>(on).await?);
    found.sort_by(|a, b| b.occurred_at.cmp(&a.occurred_at).then(a.id.cmp(&b.id)));
    Ok(found)
}

fn of_kind(viewer: &Viewer, kind: RecordKind) -> Query {
    let statement = match kind {
        RecordKind::License => include_str!("loose_licenses.sql"),
        _ => include_str!("loose_inspections.sql"),
    };
    query(statement)
        .limited(viewer, kind.resource())
        .then("ORDER BY r.occurred_at DESC, r.id LIMIT")
        .value(i64::from(MOST))
}

/// The dismissals in force, newest first.
pub async fn dismissed(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Dismissal>> {
    query(
        "SELECT r.id, r.building_id, r.name_key, r.name, r.city, r.dismissed_at, r.dismissed_name, r.why \
         FROM unlisted_dismissal r WHERE r.undone_at IS NULL",
    )
    // It stands where the records stood that no site stood for.
    .limited(viewer, Resource::License)
    .then("ORDER BY r.dismissed_at DESC, r.id")
    .fetch_all(on)
    .await
}

/// Dismisses premises. The name and key of `of` say which, the rest who and why.
pub async fn dismiss(tx: &mut Tx, of: &Dismissal, by: &Viewer) -> db::Result<()> {
    query(
        "INSERT INTO unlisted_dismissal (id, building_id, name_key, name, city, dismissed_at, dismissed_by, dismissed_name, why) \
         VALUES",
    )
    .list([
        of.id.into(),
        of.building_id.into(),
        of.name_key.clone().into(),
        of.name.clone().into(),
        of.city.clone().into(),
        of.dismissed_at.into(),
        by.actor().account.into(),
        of.dismissed_name.clone().into(),
        of.why.clone().into(),
    ])
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a dismissal back; whether it was in force.
pub async fn propose_again(tx: &mut Tx, id: DismissalId, at: Stamp, by: &Viewer) -> db::Result<bool> {
    let n = query(
        "UPDATE unlisted_dismissal SET undone_at = $1, undone_by = $2 WHERE id = $3 AND undone_at IS NULL",
    )
    .bind(at)
    .bind(by.actor().account)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(n > 0)
}

/// How many sites stand in each of these buildings.
pub async fn sites_in(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    buildings: &[BuildingId],
) -> db::Result<std::collections::HashMap<BuildingId, i64>> {
    let rows: Vec<(BuildingId, i64)> =
        query("SELECT building_id, count(*) FROM site s WHERE superseded_at IS NULL")
            .limited(viewer, Resource::Site)
            .then("AND building_id IN")
            .list(buildings.iter().map(|it| (*it).into()))
            .then("GROUP BY building_id")
            .fetch_all(on)
            .await?;
    Ok(rows.into_iter().collect())
}
