//! Reads and saves places, and marks the sites near one stale.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Filter, Place, PlaceId};
use crate::clock::Moment;
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::geo::distance::{Feet, Meters};
use crate::records::store::Saved;
use crate::records::{BatchId, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites;

const TABLE: Table = Table {
    name: "place",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "loaded_at",
        "source",
        "source_key",
        "row_hash",
        "batch_id",
        "class",
        "part",
        "name",
        "address",
        "opened_on",
        "closed_on",
        "outline",
        "west",
        "south",
        "east",
        "north",
    ],
};

/// No law's distance is longer; sites farther from a place than this do not depend on it.
pub const FARTHEST: Feet = Feet(5_000.0);

#[derive(sqlx::FromRow)]
struct Known {
    id: PlaceId,
    version: i64,
    recorded_at: Moment,
    row_hash: i64,
    batch_id: Option<BatchId>,
}

/// Places in all versions that `viewer` may see.
fn seen(viewer: &Viewer) -> Query {
    query(include_str!("list.sql")).limited(viewer, Resource::Place)
}

/// Every place in its current version, closed ones too, by id.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Place>> {
    seen(viewer).then("AND superseded_at IS NULL ORDER BY id").fetch_all(on).await
}

/// Every place as it was known at `as_of`, by id; those not known then are absent.
pub async fn all_as_of(on: impl Into<Target<'_>>, viewer: &Viewer, as_of: Moment) -> db::Result<Vec<Place>> {
    seen(viewer)
        .and("recorded_at <= ?", Some(as_of))
        .and("(superseded_at IS NULL OR superseded_at > ?)", Some(as_of))
        .then("ORDER BY id")
        .fetch_all(on)
        .await
}

/// One page of the places that fit `filter`, by name, those without one last. `page` is its number from 0 and its size.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<Place>> {
    fitting(seen(viewer), filter)
        .then("ORDER BY CASE WHEN name = '' THEN 1 ELSE 0 END, lower(name), id LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// How many places fit `filter`.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, filter: &Filter) -> db::Result<i64> {
    let all = query("SELECT count(*) FROM place WHERE true").limited(viewer, Resource::Place);
    fitting(all, filter).fetch_scalar(on).await
}

/// The current version of one place.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: PlaceId) -> db::Result<Option<Place>> {
    seen(viewer).and("id = ?", Some(id)).then("AND superseded_at IS NULL").fetch_optional(on).await
}

/// All versions of one place, newest first.
pub async fn history(on: impl Into<Target<'_>>, viewer: &Viewer, id: PlaceId) -> db::Result<Vec<Place>> {
    seen(viewer).and("id = ?", Some(id)).then("ORDER BY version DESC").fetch_all(on).await
}

/// Saves each place as a further version where it says something else than before, and as the first one where it is
/// new; `version` is set here.
///
/// What a person changed stands until the source says something that it never said before; where one file says two
/// things of a place, the last stands, and the file brought again changes nothing.
pub async fn save(tx: &mut Tx, places: Vec<Place>, loaded_at: Moment) -> db::Result<Vec<Saved>> {
    let mut known = known(tx, &places).await?;
    let mut outcome = Vec::with_capacity(places.len());
    let mut rows = Vec::new();
    for mut place in places {
        let row_hash = hash(&place);
        let versions = known.entry(place.id).or_default();
        let saved = judge(&place, row_hash, versions);
        outcome.push(saved);
        if saved == Saved::Unchanged {
            continue;
        }
        place.version = versions.last().map_or(1, |it| it.version + 1);
        if let Some(last) = versions.last() {
            // Versions follow each other in time, also where a clock was set back.
            place.recorded_at = place.recorded_at.max(last.recorded_at);
            // The version before may be among the rows that are not written yet.
            tx.insert(&TABLE, std::mem::take(&mut rows)).await?;
            supersede(tx, &place).await?;
        }
        let Place { id, version, recorded_at, batch_id, .. } = place;
        versions.push(Known { id, version, recorded_at, row_hash, batch_id });
        rows.push(row(place, row_hash, loaded_at));
    }
    tx.insert(&TABLE, rows).await?;
    if outcome.iter().any(|it| *it != Saved::Unchanged) {
        query("UPDATE revision SET n = n + 1 WHERE name = 'place'").execute(tx).await?;
    }
    Ok(outcome)
}

/// Appends what `filter` asks of a place.
fn fitting(query: Query, filter: &Filter) -> Query {
    let like = filter.text.as_deref().map(db::like);
    query
        .then("AND superseded_at IS NULL")
        .and("class = ?", filter.class.clone())
        .and("(lower(name) LIKE ? ESCAPE '\\' OR lower(address) LIKE ? ESCAPE '\\')", like)
}

/// A person's word is held against what stands, a source's against all that it said.
fn judge(place: &Place, row_hash: i64, versions: &[Known]) -> Saved {
    let said = |it: &Known| it.row_hash == row_hash && it.batch_id.is_some();
    match versions.last() {
        None => Saved::New,
        Some(it) if it.row_hash == row_hash => Saved::Unchanged,
        Some(_) if place.batch_id.is_some() && versions.iter().any(said) => Saved::Unchanged,
        Some(_) => Saved::Changed,
    }
}

/// The revision of the places: it moves with every commit that adds or changes one.
pub async fn revision(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT n FROM revision WHERE name = 'place'").fetch_scalar(on).await
}

/// The sites within [`FARTHEST`] of that box of west, south, east and north, and perhaps some beyond.
async fn sites_near(tx: &mut Tx, [west, south, east, north]: [f64; 4]) -> db::Result<Vec<SiteId>> {
    // Over the date line east lies west of west.
    let east = if east < west { east + 360.0 } else { east };
    // No degree of latitude is shorter than this, on the ellipsoid.
    let lat = Meters::from(FARTHEST).0 / 110_500.0;
    let cosine = (south.abs().max(north.abs()) + lat).min(89.0).to_radians().cos();
    let lon = lat / cosine;
    let ids: Vec<(SiteId,)> =
        query("SELECT id FROM site WHERE superseded_at IS NULL AND lat BETWEEN $1 AND $2 AND (lon BETWEEN $3 AND $4")
            .bind(south - lat)
            .bind(north + lat)
            .bind(west - lon)
            .bind(east + lon)
            // The same box seen from beyond the date line.
            .then("OR lon + 360 BETWEEN $3 AND $4 OR lon - 360 BETWEEN $3 AND $4) ORDER BY id")
            .fetch_all(tx)
            .await?;
    Ok(ids.into_iter().map(|it| it.0).collect())
}

/// Saves one place that a person entered or changed, and marks the sites near its old and its new outline stale.
pub async fn save_one(tx: &mut Tx, place: Place, loaded_at: Moment) -> db::Result<Saved> {
    let mut near = sites_near(tx, place.bounds()).await?;
    let before: Option<(f64, f64, f64, f64)> =
        query("SELECT west, south, east, north FROM place WHERE superseded_at IS NULL AND id = $1")
            .bind(place.id)
            .fetch_optional(&mut *tx)
            .await?;
    if let Some((west, south, east, north)) = before {
        near.extend(sites_near(tx, [west, south, east, north]).await?);
    }
    near.sort_unstable();
    near.dedup();
    let saved = save(tx, vec![place], loaded_at).await?;
    sites::store::touch(tx, &near, loaded_at).await?;
    Ok(saved.first().copied().unwrap_or(Saved::Unchanged))
}

/// What is known of these places, each in the order of its versions.
async fn known(tx: &mut Tx, places: &[Place]) -> db::Result<HashMap<PlaceId, Vec<Known>>> {
    let mut known: HashMap<PlaceId, Vec<Known>> = HashMap::new();
    // The bind limit of SQLite is 32,766.
    for chunk in places.chunks(10_000) {
        let rows: Vec<Known> =
            query("SELECT id, version, recorded_at, row_hash, batch_id FROM place WHERE id IN")
                .list(chunk.iter().map(|it| it.id.into()))
                .then("ORDER BY version")
                .fetch_all(&mut *tx)
                .await?;
        rows.into_iter().for_each(|it| known.entry(it.id).or_default().push(it));
    }
    Ok(known)
}

async fn supersede(tx: &mut Tx, place: &Place) -> db::Result<()> {
    query("UPDATE place SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(place.recorded_at)
        .bind(place.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// A number that changes with anything that a place says of itself.
fn hash(place: &Place) -> i64 {
    let mut text = Vec::new();
    for value in said(place.clone()) {
        value.copy_text(&mut text);
        text.push(b'\t');
    }
    let digest = Sha256::digest(&text);
    i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
}

fn said(it: Place) -> Vec<Value> {
    let mut row: Vec<Value> = vec![it.class.into(), it.part.into(), it.name.into(), it.address.into()];
    row.extend([it.opened_on.into(), it.closed_on.into(), it.outline.into()]);
    row.extend([it.west, it.south, it.east, it.north].map(Value::from));
    row
}

fn row(it: Place, row_hash: i64, loaded_at: Moment) -> Vec<Value> {
    let mut row: Vec<Value> =
        vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None), loaded_at.into()];
    row.extend([it.source.as_str(), it.source_key.as_str()].map(Value::from));
    row.extend([row_hash.into(), it.batch_id.into()]);
    row.extend(said(it));
    row
}
