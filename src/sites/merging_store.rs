//! Reads and makes the mergings of sites: versions of the merged site, and of the links that move with it.

use super::merging::Merge;
use super::{Site, Status, store};
use crate::clock::Moment;
use crate::db::{self, Target, Tx, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const COLUMNS: &str = "SELECT m.id, m.from_site, m.into_site, m.merged_at, m.merged_name, m.why, m.split_at, m.split_name, \
    m.split_why FROM site_merge m JOIN site s ON s.id = m.into_site AND s.superseded_at IS NULL WHERE true";

/// The merging by which a site gave its records away and has not got them back.
pub async fn of(on: impl Into<Target<'_>>, viewer: &Viewer, from: SiteId) -> db::Result<Option<Merge>> {
    query(COLUMNS)
        .limited(viewer, Resource::Site)
        .and("m.from_site = ?", Some(from))
        .then("AND m.split_at IS NULL ORDER BY m.merged_at DESC LIMIT 1")
        .fetch_optional(on)
        .await
}

/// The mergings that a site took part in, on either side, newest first; those that were split again, too.
pub async fn around(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<Merge>> {
    query(COLUMNS)
        .limited(viewer, Resource::Site)
        .then("AND (m.from_site =")
        .value(site)
        .then("OR m.into_site =")
        .value(site)
        .then(") ORDER BY m.merged_at DESC, m.id")
        .fetch_all(on)
        .await
}

/// Merges: `from` becomes merged, and its links move to `into`, each as a further version with all else that it says.
/// Call it inside [`Tx::one_at_a_time`], after [`super::merging::may_merge`].
pub async fn merge(tx: &mut Tx, merge: &Merge, from: &Site, by: &Viewer) -> db::Result<()> {
    let now = merge.merged_at;
    query("INSERT INTO site_merge (id, from_site, into_site, merged_at, merged_by, merged_name, why) VALUES")
        .list([
            merge.id.into(),
            merge.from_site.into(),
            merge.into_site.into(),
            now.into(),
            by.actor().account.into(),
            merge.merged_name.clone().into(),
            merge.why.clone().into(),
        ])
        .execute(&mut *tx)
        .await?;
    let merged = Site {
        version: from.version + 1,
        recorded_at: now,
        batch_id: None,
        status: Status::Merged,
        status_on: Some(now),
        moved_to: Some(merge.into_site),
        ..from.clone()
    };
    store::save(tx, vec![merged], now).await?;
    move_links(tx, merge.from_site, merge.into_site, now).await?;
    store::touch(tx, &[merge.into_site], now).await
}

/// Splits again: the site is what it was, and the links that moved with it and that nobody changed since come back. A
/// record that a person has linked since stays where the person put it.
pub async fn split(tx: &mut Tx, merge: &Merge, now: Moment, by: &Viewer, why: &str) -> db::Result<()> {
    query(
        "UPDATE site_merge SET split_at = $1, split_by = $2, split_name = $3, split_why = $4 WHERE id = $5",
    )
    .bind(now)
    .bind(by.actor().account)
    .bind(by.name())
    .bind(why)
    .bind(merge.id)
    .execute(&mut *tx)
    .await?;
    let versions = store::versions(&mut *tx, by, merge.from_site).await?;
    let before = versions.iter().find(|it| it.status != Status::Merged);
    if let (Some(current), Some(before)) = (versions.first(), before) {
        let again = Site {
            version: current.version + 1,
            recorded_at: now,
            batch_id: None,
            status: before.status,
            status_on: before.status_on,
            moved_to: before.moved_to,
            ..current.clone()
        };
        store::save(tx, vec![again], now).await?;
    }
    return_links(tx, merge, now).await?;
    store::touch(tx, &[merge.into_site], now).await
}

const NEXT_VERSION: &str = "SELECT l.record_kind, l.record_id, \
    (SELECT max(v.version) FROM link v WHERE v.record_id = l.record_id AND v.record_kind = l.record_kind) + 1,";
const INSERT: &str = "INSERT INTO link (record_kind, record_id, version, recorded_at, site_id, building_id, method, certainty, \
    model, evidence, cause)";

async fn move_links(tx: &mut Tx, from: SiteId, into: SiteId, now: Moment) -> db::Result<()> {
    query(INSERT)
        .then(NEXT_VERSION)
        .value(now)
        .then(",")
        .value(into)
        .then(
            ", l.building_id, l.method, l.certainty, l.model, l.evidence, l.cause FROM link l \
             WHERE l.superseded_at IS NULL AND l.site_id =",
        )
        .value(from)
        .execute(&mut *tx)
        .await?;
    query("UPDATE link SET superseded_at = $1 WHERE superseded_at IS NULL AND site_id = $2")
        .bind(now)
        .bind(from)
        .execute(tx)
        .await?;
    Ok(())
}

async fn return_links(tx: &mut Tx, merge: &Merge, now: Moment) -> db::Result<()> {
    // Those that the merging made: the version before was the merged site's, and ended when this one began.
    let moved = |query: db::Query| {
        query
            .then("l.superseded_at IS NULL AND l.recorded_at =")
            .value(merge.merged_at)
            .then("AND l.site_id =")
            .value(merge.into_site)
            .then(
                "AND EXISTS (SELECT 1 FROM link b WHERE b.record_id = l.record_id AND b.record_kind = l.record_kind \
                 AND b.version = l.version - 1 AND b.site_id =",
            )
            .value(merge.from_site)
            .then(")")
    };
    let insert = query(INSERT)
        .then(NEXT_VERSION)
        .value(now)
        .then(",")
        .value(merge.from_site)
        .then(", l.building_id, l.method, l.certainty, l.model, l.evidence, l.cause FROM link l WHERE");
    moved(insert).execute(&mut *tx).await?;
    // The versions just made stand beside those that they follow: these end.
    query("UPDATE link SET superseded_at = $1 WHERE superseded_at IS NULL AND site_id = $2 AND recorded_at = $3 AND EXISTS (\
           SELECT 1 FROM link n WHERE n.record_id = link.record_id AND n.record_kind = link.record_kind \
           AND n.version = link.version + 1 AND n.site_id = $4)")
        .bind(now)
        .bind(merge.into_site)
        .bind(merge.merged_at)
        .bind(merge.from_site)
        .execute(tx)
        .await?;
    Ok(())
}
