//! Points of addresses that an operator imports: rows without a point may borrow one. A newer delivery moves them.

use std::collections::{BTreeMap, HashMap};

use super::mapping::Draft;
use super::rehearsal::content_of;
use crate::db::{self, Table, Tx, Value, query};
use crate::records::store::Saved;
use crate::records::{BatchId, BuildingId, RecordId};

const TABLE: Table = Table {
    name: "address_point",
    columns: &["id", "building_id", "unit", "lon", "lat", "source", "source_key", "row_hash", "batch_id"],
};

/// The point of one address.
#[derive(Debug)]
pub struct AddressPoint {
    /// The same at each delivery.
    pub id: RecordId,
    /// A number for all that it says.
    pub content: i64,
    building: BuildingId,
    unit: Option<String>,
    lon: f64,
    lat: f64,
    source: String,
    source_key: String,
    batch: Option<BatchId>,
}

#[derive(sqlx::FromRow)]
struct Known {
    id: RecordId,
    row_hash: i64,
}

/// The points among `drafts`, and the drafts that lack an address or a point.
pub fn points(drafts: Vec<Draft>) -> (Vec<AddressPoint>, Vec<Draft>) {
    let (mut points, mut others) = (Vec::with_capacity(drafts.len()), Vec::new());
    for draft in drafts {
        let place = &draft.place;
        let (Some(building), Some(lon), Some(lat)) = (place.building_id, place.lon, place.lat) else {
            others.push(draft);
            continue;
        };
        points.push(AddressPoint {
            id: draft.head.id,
            content: content_of(&(building, &place.unit, lon, lat)),
            building,
            unit: draft.place.unit,
            lon,
            lat,
            source: draft.head.source,
            source_key: draft.head.source_key,
            batch: draft.head.batch_id,
        });
    }
    (points, others)
}

/// Saves points by id; what is there already is replaced where it says something else.
pub async fn save(tx: &mut Tx, points: Vec<AddressPoint>) -> db::Result<Vec<Saved>> {
    let known: Vec<Known> = query("SELECT id, row_hash FROM address_point WHERE id IN")
        .list(points.iter().map(|it| Value::from(it.id)))
        .fetch_all(&mut *tx)
        .await?;
    let mut known: HashMap<RecordId, i64> = known.into_iter().map(|it| (it.id, it.row_hash)).collect();
    let mut outcome = Vec::with_capacity(points.len());
    let mut rows: BTreeMap<RecordId, Vec<Value>> = BTreeMap::new();
    for point in points {
        let (id, content) = (point.id, point.content);
        let saved = match known.insert(id, content) {
            Some(before) if before == content => Saved::Unchanged,
            Some(_) => Saved::Changed,
            None => Saved::New,
        };
        if saved == Saved::Changed && rows.remove(&id).is_none() {
            query("DELETE FROM address_point WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        if saved != Saved::Unchanged {
            rows.insert(id, row(point));
        }
        outcome.push(saved);
    }
    tx.insert(&TABLE, rows.into_values()).await?;
    Ok(outcome)
}

fn row(it: AddressPoint) -> Vec<Value> {
    let mut row: Vec<Value> = vec![it.id.into(), it.building.into(), it.unit.into()];
    row.extend([it.lon.into(), it.lat.into(), it.source.into(), it.source_key.into()]);
    row.extend([it.content.into(), it.batch.into()]);
    row
}
