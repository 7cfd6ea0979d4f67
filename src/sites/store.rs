//! Reads and saves sites, and marks them stale for whoever computes from them.

use std::collections::HashMap;

use super::Site;
use crate::clock::Moment;
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::records::{BuildingId, SiteId};
use crate::rights::{Resource, Viewer};

/// The table that holds them.
pub const TABLE: Table = Table {
    name: "site",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "loaded_at",
        "source",
        "source_key",
        "batch_id",
        "number",
        "kind",
        "name",
        "other_names",
        "address",
        "house_number",
        "pre_direction",
        "street",
        "suffix",
        "post_direction",
        "unit_type",
        "unit",
        "city",
        "state",
        "zip",
        "building_id",
        "lon",
        "lat",
        "point_method",
        "point_meters",
        "city_area",
        "county",
        "status",
        "status_on",
        "opened_on",
        "closed_on",
        "moved_to",
        "note",
        "phone",
    ],
};

/// Sites, in all versions, that `viewer` may see.
fn seen(viewer: &Viewer) -> Query {
    query(include_str!("list.sql"))
        .held(viewer, Resource::Site, "note")
        .then("FROM site s WHERE true")
        .limited(viewer, Resource::Site)
}

/// The current version of one site.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: SiteId) -> db::Result<Option<Site>> {
    seen(viewer).and("id = ?", Some(id)).then("AND superseded_at IS NULL").fetch_optional(on).await
}

/// The site that people call by this code, as `S-00417` or `417`, in its current version.
pub async fn by_code(on: impl Into<Target<'_>>, viewer: &Viewer, code: &str) -> db::Result<Option<Site>> {
    let digits = code.trim().trim_start_matches(['S', 's']).trim_start_matches('-');
    let Ok(number) = digits.parse::<i64>() else { return Ok(None) };
    seen(viewer).and("number = ?", Some(number)).then("AND superseded_at IS NULL").fetch_optional(on).await
}

/// Every site in its current version, by number; those merged into another are not among them.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Site>> {
    seen(viewer).then("AND superseded_at IS NULL AND status <> 'merged' ORDER BY number").fetch_all(on).await
}

/// The sites that are merged into others, in their current version, by number.
pub async fn merged(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Site>> {
    seen(viewer).then("AND superseded_at IS NULL AND status = 'merged' ORDER BY number").fetch_all(on).await
}

/// These sites in their current version, by number.
pub async fn some(on: impl Into<Target<'_>>, viewer: &Viewer, ids: &[SiteId]) -> db::Result<Vec<Site>> {
    seen(viewer)
        .then("AND superseded_at IS NULL AND id IN")
        .list(ids.iter().map(|it| Value::from(*it)))
        .then("ORDER BY number")
        .fetch_all(on)
        .await
}

/// The sites of these kinds in their current version, by number.
pub async fn of_kinds(on: impl Into<Target<'_>>, viewer: &Viewer, kinds: &[String]) -> db::Result<Vec<Site>> {
    seen(viewer)
        .then("AND superseded_at IS NULL AND status <> 'merged' AND kind IN")
        .list(kinds.iter().map(Value::from))
        .then("ORDER BY number")
        .fetch_all(on)
        .await
}

/// The sites of these kinds in a box of degrees (west, south, east, north) in their current version, by number.
pub async fn in_box(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kinds: &[String],
    edges: [f64; 4],
) -> db::Result<Vec<Site>> {
    boxed(seen(viewer), kinds, edges).then("ORDER BY number").fetch_all(on).await
}

/// Which these are, in no order: for thousands of them, from an index alone.
pub async fn ids_in_box(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kinds: &[String],
    edges: [f64; 4],
) -> db::Result<Vec<SiteId>> {
    let ids = query("SELECT s.id FROM site s WHERE true").limited(viewer, Resource::Site);
    let found: Vec<(SiteId,)> = boxed(ids, kinds, edges).fetch_all(on).await?;
    Ok(found.into_iter().map(|it| it.0).collect())
}

fn boxed(query: Query, kinds: &[String], [west, south, east, north]: [f64; 4]) -> Query {
    query
        .then("AND superseded_at IS NULL AND status <> 'merged' AND kind IN")
        .list(kinds.iter().map(Value::from))
        .and("lat >= ?", Some(south))
        .and("lat <= ?", Some(north))
        .and("lon >= ?", Some(west))
        .and("lon <= ?", Some(east))
}

/// The sites of these buildings in their current version, by number.
pub async fn in_buildings(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    buildings: &[BuildingId],
) -> db::Result<Vec<Site>> {
    seen(viewer)
        .then("AND superseded_at IS NULL AND status <> 'merged' AND building_id IN")
        .list(buildings.iter().map(|it| Value::from(*it)))
        .then("ORDER BY number")
        .fetch_all(on)
        .await
}

/// Every site as it was known at `as_of`, by number; sites not known or merged then are absent.
pub async fn all_as_of(on: impl Into<Target<'_>>, viewer: &Viewer, as_of: Moment) -> db::Result<Vec<Site>> {
    seen(viewer)
        .and("recorded_at <= ?", Some(as_of))
        .and("(superseded_at IS NULL OR superseded_at > ?)", Some(as_of))
        .then("AND status <> 'merged' ORDER BY number")
        .fetch_all(on)
        .await
}

/// All versions of one site, newest first.
pub async fn versions(on: impl Into<Target<'_>>, viewer: &Viewer, id: SiteId) -> db::Result<Vec<Site>> {
    seen(viewer).and("id = ?", Some(id)).then("ORDER BY version DESC").fetch_all(on).await
}

/// All versions of the sites of `source` that a person has changed, site by site, oldest first.
pub async fn corrected(on: impl Into<Target<'_>>, viewer: &Viewer, source: &str) -> db::Result<Vec<Site>> {
    seen(viewer).and("source = ?", Some(source)).then(include_str!("corrected.sql")).fetch_all(on).await
}

/// Longitude and latitude of an imported address point in that building, of the same unit rather than of another.
pub async fn address_point(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    building: BuildingId,
    unit: Option<&str>,
) -> db::Result<Option<(f64, f64)>> {
    query("SELECT lon, lat FROM address_point WHERE true")
        .limited(viewer, Resource::Area)
        .and("building_id = ?", Some(building))
        .then("ORDER BY CASE WHEN coalesce(unit, '') =")
        .value(unit.unwrap_or_default())
        .then("THEN 0 ELSE 1 END, source_key LIMIT 1")
        .fetch_optional(on)
        .await
}

/// The names of these sites.
pub async fn names(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    ids: impl IntoIterator<Item = SiteId>,
) -> db::Result<HashMap<SiteId, String>> {
    let names: Vec<(SiteId, String)> = query("SELECT id, name FROM site s WHERE superseded_at IS NULL")
        .limited(viewer, Resource::Site)
        .then("AND id IN")
        .list(ids.into_iter().map(Value::from))
        .fetch_all(on)
        .await?;
    Ok(names.into_iter().collect())
}

/// The number that the next new site gets. Call it inside [`Tx::one_at_a_time`].
pub async fn next_number(tx: &mut Tx) -> db::Result<i64> {
    query("SELECT coalesce(max(number), 0) + 1 FROM site").fetch_scalar(tx).await
}

/// How many versions of sites there are: it moves whenever somebody adds or changes one.
pub async fn n_versions(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT count(*) FROM site").fetch_scalar(on).await
}

/// Notes that a site could have been known since `since`: its first version, if that is later, begins then.
pub async fn known_since(tx: &mut Tx, id: SiteId, since: Moment) -> db::Result<()> {
    query("UPDATE site SET recorded_at = $1 WHERE id = $2 AND version = 1 AND recorded_at > $1")
        .bind(since)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes back a site that was opened by mistake: nobody has changed it since and no record links to it. Its version stays, as
/// one that was known until then.
pub async fn withdraw(tx: &mut Tx, id: SiteId, at: Moment) -> db::Result<()> {
    let n_withdrawn = query(
        "UPDATE site SET superseded_at = $1 WHERE superseded_at IS NULL AND version = 1 AND id = $2",
    )
    .bind(at)
    .bind(id)
    .then("AND NOT EXISTS (SELECT 1 FROM link WHERE link.site_id = site.id AND link.superseded_at IS NULL)")
    .execute(&mut *tx)
    .await?;
    if n_withdrawn > 0 { touch(tx, &[id], at).await } else { Ok(()) }
}

/// Saves each site as the version that its `version` says: 1 is new, a higher one supersedes the one before.
/// Marks them stale.
pub async fn save(tx: &mut Tx, sites: Vec<Site>, loaded_at: Moment) -> db::Result<()> {
    let ids: Vec<SiteId> = sites.iter().map(|it| it.id).collect();
    for site in sites.iter().filter(|it| it.version > 1) {
        query("UPDATE site SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
            .bind(site.recorded_at)
            .bind(site.id)
            .execute(&mut *tx)
            .await?;
    }
    tx.insert(&TABLE, sites.into_iter().map(|it| row(it, loaded_at))).await?;
    touch(tx, &ids, loaded_at).await
}

/// The mark that stands for every site: whoever changes very much sets it instead of thousands.
pub const ALL_SITES: SiteId = SiteId(uuid::Uuid::nil());

/// What is computed from sites, each with its marks: standings and findings.
const MARKS: [&str; 2] = [
    "INSERT INTO stale_site (site_id, marked_at) VALUES",
    "INSERT INTO stale_finding (site_id, marked_at) VALUES",
];

/// Marks sites stale, in the transaction that changes what is known of them.
pub async fn touch(tx: &mut Tx, sites: &[SiteId], at: Moment) -> db::Result<()> {
    for into in MARKS {
        mark(tx, into, sites, at).await?;
    }
    if !sites.is_empty() {
        query("UPDATE revision SET n = n + 1 WHERE name = 'catalog'").execute(tx).await?;
    }
    Ok(())
}

/// Marks sites whose findings alone no longer fit: what changed is a place, a fact or a rule, and not the site.
pub async fn touch_findings(tx: &mut Tx, sites: &[SiteId], at: Moment) -> db::Result<()> {
    mark(tx, MARKS[1], sites, at).await
}

/// Marks sites near others that changed: their findings may look at those. Such a mark goes no further.
pub async fn mark_near(tx: &mut Tx, sites: &[SiteId], at: Moment) -> db::Result<()> {
    mark(tx, "INSERT INTO stale_near (site_id, marked_at) VALUES", sites, at).await
}

async fn mark(tx: &mut Tx, into: &'static str, sites: &[SiteId], at: Moment) -> db::Result<()> {
    // The bind limit of SQLite is 32,766; two values a row and room to spare.
    for chunk in sites.chunks(5_000) {
        let mut rows = query(into);
        for (n, id) in chunk.iter().enumerate() {
            rows = rows.then(if n == 0 { "" } else { "," }).list([Value::from(*id), at.into()]);
        }
        rows.then("ON CONFLICT (site_id) DO UPDATE SET marked_at = excluded.marked_at")
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// The revision of the catalog: it moves with every commit that changes a site or what is known of one.
pub async fn revision(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT n FROM revision WHERE name = 'catalog'").fetch_scalar(on).await
}

fn row(site: Site, loaded_at: Moment) -> Vec<Value> {
    let names = serde_json::Value::from(site.other_names).to_string();
    let mut row = vec![
        site.id.into(),
        site.version.into(),
        site.recorded_at.into(),
        Value::Text(None),
        loaded_at.into(),
        site.source.into(),
        site.source_key.into(),
        site.batch_id.into(),
        site.number.into(),
    ];
    row.extend([
        site.kind.into(),
        site.name.into(),
        names.into(),
        site.address.into(),
        site.house_number.into(),
    ]);
    row.extend([site.pre_direction, site.street, site.suffix, site.post_direction].map(Value::from));
    row.extend([site.unit_type, site.unit, site.city, site.state, site.zip].map(Value::from));
    row.extend([site.building_id.into(), site.lon.into(), site.lat.into(), site.point_method.into()]);
    row.extend([site.point_meters.into(), site.city_area.into(), site.county.into(), site.status.into()]);
    row.extend([site.status_on, site.opened_on, site.closed_on].map(Value::from));
    row.extend([site.moved_to.into(), site.note.into(), site.phone.into()]);
    row
}
