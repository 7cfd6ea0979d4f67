//! Reads what the map draws beside the sites: incidents that no site or building has taken.

use crate::clock::Moment;
use crate::db::{self, Target, query};
use crate::geo::cell::cells_covering;
use crate::geo::{Bounds, Point};
use crate::records::RecordId;
use crate::rights::{Resource, Viewer};

/// An incident that is linked to nothing.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Unlinked {
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

/// Incidents inside `bounds` that happened from `since` on and were known at `until`, and that link to nothing: at
/// most `most`, the newest first.
pub async fn unlinked(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    bounds: Bounds,
    (since, until): (Moment, Moment),
    most: u32,
) -> db::Result<Vec<Unlinked>> {
    // Eight ranges cover little beyond the box, and each is one descent of the index.
    let mut found = query(include_str!("unlinked.sql")).limited(viewer, Resource::Incident).then("AND (");
    for (n, cells) in cells_covering(bounds, 8).into_iter().enumerate() {
        found = found.then(if n == 0 { "cell BETWEEN" } else { "OR cell BETWEEN" });
        found = found.value(*cells.start()).then("AND").value(*cells.end());
    }
    let [west, south, east, north] = bounds.edges();
    let found = found
        .then(")) SELECT id, occurred_at, offense, lon, lat FROM found f WHERE occurred_at >=")
        .value(since)
        .and("occurred_at <= ?", Some(until))
        .and("recorded_at <= ?", Some(until))
        .and_all(
            "lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?",
            [west.into(), east.into(), south.into(), north.into()],
        )
        .then("AND NOT EXISTS (SELECT 1 FROM link l WHERE l.record_kind = 'incident' AND l.record_id = f.id")
        .then("AND l.superseded_at IS NULL) ORDER BY occurred_at DESC, id LIMIT")
        .value(most);
    let found: Vec<Unlinked> = found.fetch_all(on).await?;
    Ok(found.into_iter().filter(|it| Point::parse(it.lon, it.lat).is_ok()).collect())
}
