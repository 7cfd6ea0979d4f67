//! Reads and saves incidents.

use futures_util::stream::BoxStream;

use super::{Incident, TABLE};
use crate::clock::Moment;
use crate::db::{self, Target, Tx, Value, query};
use crate::geo::cell::cells_covering;
use crate::geo::{Bounds, Point};
use crate::records::store::{Saved, Statements, filtered, ordered};
use crate::records::{self, Draft, Filter, RecordId};
use crate::rights::{Resource, Viewer};

const LIST: &str = include_str!("list.sql");
const SEARCHED: &str = "(lower(r.address) LIKE ? ESCAPE '\\' OR lower(r.offense_as_written) LIKE ? ESCAPE '\\' OR lower(r.source_key) LIKE ? ESCAPE '\\')";
const FACET: &str = "r.offense IN (SELECT value FROM json_each(?))";

/// Saves drafts as new records or new versions; see [`records::store::save`].
pub async fn save(tx: &mut Tx, drafts: Vec<Draft>, loaded_at: Moment) -> db::Result<Vec<Saved>> {
    let statements = Statements {
        current: "SELECT id, version, row_hash FROM incident WHERE superseded_at IS NULL AND id IN",
        supersede: "UPDATE incident SET superseded_at = $1 WHERE superseded_at IS NULL AND id = $2",
        said: include_str!("said.sql"),
    };
    records::store::save(tx, &TABLE, statements, drafts, loaded_at).await
}

/// The current version of one incident.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: RecordId) -> db::Result<Option<Incident>> {
    query(LIST).and("r.id = ?", Some(id)).limited(viewer, Resource::Incident).fetch_optional(on).await
}

/// The current versions of these incidents, in no order.
pub async fn with_ids(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    ids: &[RecordId],
) -> db::Result<Vec<Incident>> {
    query(LIST)
        .limited(viewer, Resource::Incident)
        .then("AND r.id IN")
        .list(ids.iter().map(|it| Value::from(*it)))
        .fetch_all(on)
        .await
}

/// One page of the incidents that fit `filter`; `page` is its number from 0 and its size.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<Incident>> {
    let list = filtered(query(LIST), filter, SEARCHED, FACET).limited(viewer, Resource::Incident);
    ordered(list, filter, Some(page)).fetch_all(on).await
}

/// All incidents that fit `filter`, one at a time in flat memory.
pub fn stream<'c>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
) -> BoxStream<'c, db::Result<Incident>> {
    let list = filtered(query(LIST), filter, SEARCHED, FACET).limited(viewer, Resource::Incident);
    ordered(list, filter, None).stream(on)
}

/// How many incidents fit `filter`.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, filter: &Filter) -> db::Result<i64> {
    let count = query(include_str!("count.sql"));
    filtered(count, filter, SEARCHED, FACET).limited(viewer, Resource::Incident).fetch_scalar(on).await
}

/// An incident as a point of a drawing.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Near {
    /// Which.
    pub id: RecordId,
    /// When it happened.
    pub occurred_at: Moment,
    /// The class of offense.
    pub offense: String,
    /// Degrees east, WGS 84.
    pub lon: f64,
    /// Degrees north, WGS 84.
    pub lat: f64,
}

/// Incidents inside `bounds` that happened at `since` or later: at most `most`, in no order.
pub async fn near(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    bounds: Bounds,
    since: Moment,
    most: u32,
) -> db::Result<Vec<Near>> {
    // Eight ranges cover little beyond the box, and each is one descent of the index.
    let mut near = query(include_str!("near.sql")).limited(viewer, Resource::Incident).then("AND (");
    for (n, cells) in cells_covering(bounds, 8).into_iter().enumerate() {
        near = near.then(if n == 0 { "cell BETWEEN" } else { "OR cell BETWEEN" });
        near = near.value(*cells.start()).then("AND").value(*cells.end());
    }
    let near = near.then(")) SELECT * FROM found WHERE occurred_at >=").value(since);
    let found: Vec<Near> = near.then("LIMIT").value(most).fetch_all(on).await?;
    let inside = |it: &Near| Point::parse(it.lon, it.lat).is_ok_and(|it| bounds.contains(it));
    Ok(found.into_iter().filter(inside).collect())
}
