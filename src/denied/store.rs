//! Keeps the digests of protected places. Nothing here tells of a row: only whether a place is held, how many there are,
//! and what else lies where somebody has just said that one is.
//!
//! A row is a digest and the entry that it belongs to, as `digest.entry`: two places may share a square, and when one of
//! them is taken off the list the other keeps its own.

use std::collections::HashSet;

use uuid::Uuid;

use super::{Denied, Kept, Key, Marks, Spot};
use crate::clock::Stamp;
use crate::db::{self, Db, Target, Tx, Value, query};
use crate::records::BuildingId;
use crate::rights::{Resource, Viewer};

/// The name of the key in the `meta` table.
const KEY: &str = "denied_key";

/// What may lie at a place, and the right that seeing it takes; an address point is part of the areas.
const LAYERS: [(Resource, &str); 7] = [
    (Resource::Site, "SELECT s.id, s.building_id, s.lon, s.lat FROM site s WHERE true"),
    (
        Resource::Party,
        "SELECT p.id, p.building_id, p.lon, p.lat FROM (SELECT id, building_id, CAST(NULL AS DOUBLE PRECISION) AS lon, CAST(NULL AS DOUBLE PRECISION) AS lat FROM party) p WHERE true",
    ),
    (Resource::License, "SELECT r.id, r.building_id, r.lon, r.lat FROM license r WHERE true"),
    (Resource::Inspection, "SELECT r.id, r.building_id, r.lon, r.lat FROM inspection r WHERE true"),
    (Resource::Complaint, "SELECT r.id, r.building_id, r.lon, r.lat FROM complaint r WHERE true"),
    (Resource::Incident, "SELECT r.id, r.building_id, r.lon, r.lat FROM incident r WHERE true"),
    (Resource::Area, "SELECT id, building_id, lon, lat FROM address_point WHERE true"),
];

const NEAR: &str = "(building_id = ? OR (lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?))";

/// Where a row lies.
#[derive(sqlx::FromRow)]
struct There {
    id: Uuid,
    building_id: Option<BuildingId>,
    lon: Option<f64>,
    lat: Option<f64>,
}

/// The list, to ask whether a place is held. It takes no viewer: what may not be kept may be kept by nobody, and whoever
/// saw an empty list would let everything in.
///
/// # Errors
/// The database refuses; or there are digests and their key is gone, so that no place would be known again.
pub async fn read(mut on: Target<'_>) -> db::Result<Denied> {
    let rows: Vec<(String,)> = query("SELECT digest FROM denied_place WHERE true")
        .limited(&Viewer::system("protected places"), Resource::DeniedPlace)
        .fetch_all(on.again())
        .await?;
    if rows.is_empty() {
        return Ok(Denied::default());
    }
    let key: String = query("SELECT value FROM meta WHERE name = $1").bind(KEY).fetch_scalar(on).await?;
    let digest = |(row,): (String,)| row.split('.').next().unwrap_or_default().to_owned();
    Ok(Denied::new(Key::of(&key), rows.into_iter().map(digest)))
}

/// How many places are on the list, and when the last was added.
pub async fn count(on: impl Into<Target<'_>>) -> db::Result<Kept> {
    let (places, last): (i64, Option<Stamp>) =
        query("SELECT count(DISTINCT entry_id), max(added_at) FROM denied_place").fetch_one(on).await?;
    Ok(Kept { places, last })
}

/// The key of this database; `fresh` from the first use on, if there is none yet.
pub async fn key(tx: &mut Tx, fresh: &str) -> db::Result<Key> {
    query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(KEY)
        .bind(fresh)
        .execute(&mut *tx)
        .await?;
    let key: String = query("SELECT value FROM meta WHERE name = $1").bind(KEY).fetch_scalar(tx).await?;
    Ok(Key::of(&key))
}

/// Puts a place on the list and returns its entry: `fresh`, or the one that it has already, to which a further point is
/// then added. Call it inside [`Tx::one_at_a_time`].
pub async fn add(tx: &mut Tx, fresh: Uuid, marks: &Marks, at: Stamp) -> db::Result<Uuid> {
    let entry = entry_of(tx, marks).await?.unwrap_or(fresh);
    for digest in &marks.all {
        query("INSERT INTO denied_place (digest, entry_id, added_at) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING")
            .bind(format!("{digest}.{}", entry.simple()))
            .bind(entry)
            .bind(at)
            .execute(&mut *tx)
            .await?;
    }
    Ok(entry)
}

/// Takes a place off the list, with all points that were added to it, and returns its entry; none if it is not there.
pub async fn remove(tx: &mut Tx, marks: &Marks) -> db::Result<Option<Uuid>> {
    let Some(entry) = entry_of(tx, marks).await? else { return Ok(None) };
    query("DELETE FROM denied_place WHERE entry_id = $1").bind(entry).execute(tx).await?;
    Ok(Some(entry))
}

/// How much of each kind that `viewer` may see lies at a place, in any version. Imported address points are told as
/// [`Resource::Area`].
pub async fn lying_at(
    db: &Db,
    viewer: &Viewer,
    spot: &Spot,
    there: &Denied,
) -> db::Result<Vec<(Resource, usize)>> {
    let edges = spot.point.map(around);
    let edge = |n: usize| Value::Real(edges.map(|it| it[n]));
    let mut found = Vec::with_capacity(LAYERS.len());
    for (resource, sql) in LAYERS {
        let near = [Value::from(spot.building), edge(0), edge(1), edge(2), edge(3)];
        let rows: Vec<There> = query(sql).limited(viewer, resource).and_all(NEAR, near).fetch_all(db).await?;
        let lie = |it: &&There| there.holds(it.building_id, it.lon.zip(it.lat));
        let ids: HashSet<Uuid> = rows.iter().filter(lie).map(|it| it.id).collect();
        found.push((resource, ids.len()));
    }
    Ok(found)
}

async fn entry_of(tx: &mut Tx, marks: &Marks) -> db::Result<Option<Uuid>> {
    let found: Option<(Uuid,)> =
        query("SELECT entry_id FROM denied_place WHERE substr(digest, 1, 43) = $1 ORDER BY entry_id")
            .bind(&marks.identity)
            .fetch_optional(tx)
            .await?;
    Ok(found.map(|it| it.0))
}

/// West, east, south and north of a box that holds all squares of a point, in degrees: at least 200 m each way.
fn around((lon, lat): (f64, f64)) -> [f64; 4] {
    let north = 0.002;
    let east = north / libm::cos(lat.to_radians()).max(0.01);
    [lon - east, lon + east, lat - north, lat + north]
}
