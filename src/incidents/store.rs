//! What is read of incidents alone; all else is of [`crate::records::store`].

use crate::clock::Moment;
use crate::db::{self, Target, query};
use crate::geo::cell::cells_covering;
use crate::geo::{Bounds, Point};
use crate::records::RecordId;
use crate::rights::{Resource, Viewer};

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
