//! What is read of licenses alone; all else is of [`crate::records::store`].

use crate::db::{self, Target, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

/// The license numbers of each site, once each.
pub async fn numbers(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<(SiteId, String)>> {
    query(include_str!("numbers.sql"))
        .limited(viewer, Resource::License)
        .then("ORDER BY 1, 2")
        .fetch_all(on)
        .await
}
