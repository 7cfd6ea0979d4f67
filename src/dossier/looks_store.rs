//! Which rows of the log are about a site: those of its records, beside its own.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::store::visible_kinds;
use crate::db::{self, Target, Value, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const LINKED_IDS: &str = "SELECT DISTINCT record_id FROM link l WHERE superseded_at IS NULL";

// PostgreSQL takes 65,535 bound values for each statement, SQLite 32,766.
const MOST: u32 = 20_000;

/// The ids of the records that count for a site, of the kinds that `viewer` may see; at most 20,000.
pub async fn linked_ids(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
) -> db::Result<BTreeSet<Uuid>> {
    let ids: Vec<(Uuid,)> = query(LINKED_IDS)
        .limited(viewer, Resource::Link)
        .and("site_id = ?", Some(site))
        .then("AND record_kind IN")
        .list(visible_kinds(viewer).map(Value::from))
        .then("ORDER BY record_id LIMIT")
        .value(MOST)
        .fetch_all(on)
        .await?;
    Ok(ids.into_iter().map(|it| it.0).collect())
}
