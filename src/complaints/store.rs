//! Reads and saves complaints.

use futures_util::stream::BoxStream;

use super::{Complaint, TABLE};
use crate::clock::Moment;
use crate::db::{self, Target, Tx, Value, query};
use crate::records::store::{Saved, Statements, filtered, ordered};
use crate::records::{self, Draft, Filter, RecordId};
use crate::rights::{Resource, Viewer};

const LIST: &str = include_str!("list.sql");
const SEARCHED: &str = "(lower(r.name) LIKE ? ESCAPE '\\' OR lower(r.address) LIKE ? ESCAPE '\\' OR lower(r.source_key) LIKE ? ESCAPE '\\')";
const FACET: &str = "r.category IN (SELECT value FROM json_each(?))";

/// Saves drafts as new records or new versions; see [`records::store::save`].
pub async fn save(tx: &mut Tx, drafts: Vec<Draft>, loaded_at: Moment) -> db::Result<Vec<Saved>> {
    let statements = Statements {
        current: "SELECT id, version, row_hash FROM complaint WHERE superseded_at IS NULL AND id IN",
        supersede: "UPDATE complaint SET superseded_at = $1 WHERE superseded_at IS NULL AND id = $2",
        said: include_str!("said.sql"),
    };
    records::store::save(tx, &TABLE, statements, drafts, loaded_at).await
}

/// The current version of one complaint.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: RecordId) -> db::Result<Option<Complaint>> {
    query(LIST).and("r.id = ?", Some(id)).limited(viewer, Resource::Complaint).fetch_optional(on).await
}

/// The current versions of these complaints, in no order.
pub async fn with_ids(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    ids: &[RecordId],
) -> db::Result<Vec<Complaint>> {
    query(LIST)
        .limited(viewer, Resource::Complaint)
        .then("AND r.id IN")
        .list(ids.iter().map(|it| Value::from(*it)))
        .fetch_all(on)
        .await
}

/// One page of the complaints that fit `filter`; `page` is its number from 0 and its size.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<Complaint>> {
    let list = filtered(query(LIST), filter, SEARCHED, FACET).limited(viewer, Resource::Complaint);
    ordered(list, filter, Some(page)).fetch_all(on).await
}

/// All complaints that fit `filter`, one at a time in flat memory.
pub fn stream<'c>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
) -> BoxStream<'c, db::Result<Complaint>> {
    let list = filtered(query(LIST), filter, SEARCHED, FACET).limited(viewer, Resource::Complaint);
    ordered(list, filter, None).stream(on)
}

/// How many complaints fit `filter`.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, filter: &Filter) -> db::Result<i64> {
    let count = query(include_str!("count.sql"));
    filtered(count, filter, SEARCHED, FACET).limited(viewer, Resource::Complaint).fetch_scalar(on).await
}
