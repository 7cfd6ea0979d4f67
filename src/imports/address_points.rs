//! Points of addresses that an operator imports: rows without a point may borrow one.

use std::collections::HashSet;

use super::mapping::Draft;
use crate::db::{self, Table, Tx, Value, query};
use crate::records::RecordId;

const TABLE: Table = Table {
    name: "address_point",
    columns: &["id", "building_id", "unit", "lon", "lat", "source", "source_key", "row_hash", "batch_id"],
};

/// Saves the points of addresses that could be understood; says how many were new and how many known.
pub async fn save(tx: &mut Tx, drafts: Vec<Draft>) -> db::Result<(i64, i64)> {
    let n_drafts = drafts.len() as i64;
    let known: Vec<(RecordId,)> = query("SELECT id FROM address_point WHERE id IN")
        .list(drafts.iter().map(|it| Value::from(it.head.id)))
        .fetch_all(&mut *tx)
        .await?;
    let mut seen: HashSet<RecordId> = known.into_iter().map(|it| it.0).collect();
    let mut rows = Vec::new();
    for draft in drafts {
        let (Some(building), Some(lon), Some(lat)) =
            (draft.place.building_id, draft.place.lon, draft.place.lat)
        else {
            continue;
        };
        if seen.insert(draft.head.id) {
            let head = draft.head;
            let mut row: Vec<Value> = vec![head.id.into(), building.into(), draft.place.unit.into()];
            row.extend([lon.into(), lat.into(), head.source.into(), head.source_key.into()]);
            row.extend([0_i64.into(), head.batch_id.into()]);
            rows.push(row);
        }
    }
    let n_new = tx.insert(&TABLE, rows).await? as i64;
    Ok((n_new, n_drafts - n_new))
}
