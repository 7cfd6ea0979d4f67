//! Appends to the log and reads it. Nothing here changes an entry, and triggers refuse whoever tries.

use std::collections::BTreeSet;

use futures_util::stream::BoxStream;
use uuid::Uuid;

use super::{Act, Entry, Logged, Outcome};
use crate::clock::Clock;
use crate::db::{self, Db, Query, Table, Target, Tx, query};
use crate::rights::{AccountId, Resource, Viewer};

const TABLE: Table = Table {
    name: "audit_entry",
    columns: &[
        "n",
        "at",
        "account_id",
        "actor",
        "agency",
        "role",
        "session",
        "address",
        "act",
        "resource",
        "object_id",
        "outcome",
        "detail",
        "previous",
        "hash",
    ],
};

const LIST: &str = "SELECT n, at, account_id, actor, agency, role, session, address, act, resource, object_id, outcome, \
    detail, previous, hash FROM audit_entry WHERE true";

/// Which entries; what is empty does not limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Part of the name of who did it, in any case.
    pub actor: Option<String>,
    /// By this account.
    pub account: Option<AccountId>,
    /// What was done.
    pub act: Option<Act>,
    /// To this kind of row.
    pub resource: Option<Resource>,
    /// To this row.
    pub object: Option<Uuid>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// From this day or instant on, as text that sorts.
    pub from: Option<String>,
    /// Before this day or instant.
    pub before: Option<String>,
}

/// Logs an act as the last statement of its transaction, and commits: neither is without the other.
///
/// # Errors
/// The log cannot be written; then nothing of the transaction is kept.
pub async fn commit(mut tx: Tx, clock: Clock, viewer: &Viewer, entry: &Entry) -> db::Result<()> {
    append(&mut tx, clock, viewer, entry).await?;
    tx.commit().await
}

/// Logs an act that changes nothing else, such as a read.
///
/// # Errors
/// The log cannot be written; then the act must not happen.
pub async fn record(db: &Db, clock: Clock, viewer: &Viewer, entry: &Entry) -> db::Result<()> {
    commit(db.begin().await?, clock, viewer, entry).await
}

/// Appends an entry. Whatever else the transaction writes comes before: on PostgreSQL others wait from here to its end.
///
/// # Errors
/// The log cannot be written; then the transaction must not be committed.
pub async fn append(tx: &mut Tx, clock: Clock, viewer: &Viewer, entry: &Entry) -> db::Result<()> {
    tx.one_at_a_time("audit").await?;
    let last = head(&mut *tx).await?;
    let it = Logged::next(last, clock.stamp(), viewer.actor(), viewer.role(), entry);
    let row = vec![
        it.n.into(),
        it.at.into(),
        it.account_id.into(),
        it.actor.into(),
        it.agency.into(),
        it.role.into(),
        it.session.into(),
        it.address.into(),
        it.act.into(),
        it.resource.into(),
        it.object_id.into(),
        it.outcome.into(),
        it.detail.into(),
        it.previous.into(),
        it.hash.into(),
    ];
    tx.insert(&TABLE, [row]).await?;
    Ok(())
}

/// Number and hash of the last entry.
pub async fn head(on: impl Into<Target<'_>>) -> db::Result<Option<(i64, String)>> {
    query("SELECT n, hash FROM audit_entry ORDER BY n DESC LIMIT 1").fetch_optional(on).await
}

/// One page of the entries that fit, the newest first; `page` is its number from 0 and its size.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<Logged>> {
    fitting(query(LIST).limited(viewer, Resource::Audit), filter)
        .then("ORDER BY n DESC LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// How many entries fit.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, filter: &Filter) -> db::Result<i64> {
    let all = query("SELECT count(*) FROM audit_entry WHERE true").limited(viewer, Resource::Audit);
    fitting(all, filter).fetch_scalar(on).await
}

/// All entries that fit, the oldest first, in flat memory.
pub fn stream<'c>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
) -> BoxStream<'c, db::Result<Logged>> {
    fitting(query(LIST).limited(viewer, Resource::Audit), filter).then("ORDER BY n").stream(on)
}

/// What the viewer did, the newest first: everyone may see that much of the log.
pub async fn own(on: impl Into<Target<'_>>, viewer: &Viewer, most: u32) -> db::Result<Vec<Logged>> {
    let Some(account) = viewer.actor().account else { return Ok(Vec::new()) };
    query(LIST)
        .and("account_id = ?", Some(account))
        .then("ORDER BY n DESC LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

/// Who looked at a site, at its records or at its building, the newest first.
pub async fn looks(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    objects: &BTreeSet<Uuid>,
    most: u32,
) -> db::Result<Vec<Logged>> {
    query(LIST)
        .limited(viewer, Resource::Look)
        .then("AND object_id IN")
        .list(objects.iter().map(|it| (*it).into()))
        .then("ORDER BY n DESC LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

fn fitting(query: Query, filter: &Filter) -> Query {
    query
        .and("lower(actor) LIKE ? ESCAPE '\\'", filter.actor.as_ref().map(|it| db::like(it)))
        .and("account_id = ?", filter.account)
        .and("act = ?", filter.act)
        .and("resource = ?", filter.resource)
        .and("object_id = ?", filter.object)
        .and("outcome = ?", filter.outcome)
        .and("at >= ?", filter.from.as_ref())
        .and("at < ?", filter.before.as_ref())
}
