//! The marks that writes set on sites whose standing no longer fits, and the one that a full run puts in their place.

use chrono::TimeDelta;

use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Tx, Value, query};
use crate::records::SiteId;
use crate::sites;
use crate::sites::store::ALL_SITES;

/// The mark of a full run that is at work.
pub(super) const IN_WORK: SiteId = SiteId(uuid::Uuid::max());
/// After so long without an end, a full run has broken off.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(2);
/// Sites recomputed in one transaction.
const STEP: i64 = 100;

/// The next marked sites.
pub(super) async fn marked(db: &Db) -> db::Result<Vec<SiteId>> {
    let ids: Vec<(SiteId,)> = query("SELECT site_id FROM stale_site WHERE site_id NOT IN")
        .list([ALL_SITES, IN_WORK].map(Value::from))
        .then("ORDER BY site_id LIMIT")
        .value(STEP)
        .fetch_all(db)
        .await?;
    Ok(ids.into_iter().map(|it| it.0).collect())
}

/// Takes marks away, within the transaction that does what they ask for.
pub(super) async fn unmark(tx: &mut Tx, ids: &[SiteId]) -> db::Result<()> {
    query("DELETE FROM stale_site WHERE site_id IN")
        .list(ids.iter().map(|it| Value::from(*it)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts one mark in the place of all: a full run begins.
pub(super) async fn take_all(db: &Db, clock: Clock) -> db::Result<()> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("standing").await?;
    query("DELETE FROM stale_site").execute(&mut tx).await?;
    query("INSERT INTO stale_site (site_id, marked_at) VALUES ($1, $2)")
        .bind(IN_WORK)
        .bind(Moment::from(clock.now()))
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// Takes that mark away; when the run broke off, one for every site takes its place.
pub(super) async fn give_back_all(db: &Db, clock: Clock, done: bool) -> db::Result<()> {
    let mut tx = db.begin().await?;
    unmark(&mut tx, &[IN_WORK]).await?;
    if !done {
        sites::store::touch(&mut tx, &[ALL_SITES], clock.now().into()).await?;
    }
    tx.commit().await
}
