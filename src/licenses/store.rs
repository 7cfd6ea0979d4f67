//! What is read of licenses alone; all else is of [`crate::records::store`].

use crate::clock::Moment;
use crate::db::{self, Target, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

/// The kinds and cities of the licenses that registers had delivered by `as_of`; what a person typed in is no register.
pub async fn listed(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    as_of: Moment,
) -> db::Result<Vec<(String, String)>> {
    query("SELECT DISTINCT kind, city FROM license r WHERE city IS NOT NULL AND batch_id IS NOT NULL")
        .limited(viewer, Resource::License)
        .and("recorded_at <= ?", Some(as_of.end()))
        .fetch_all(on)
        .await
}

/// The license numbers of each site, once each.
pub async fn numbers(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<(SiteId, String)>> {
    query(include_str!("numbers.sql"))
        .limited(viewer, Resource::License)
        .then("ORDER BY 1, 2")
        .fetch_all(on)
        .await
}
