//! Reads and saves areas.

use geo::{BoundingRect, Geometry};
use geozero::{CoordDimensions, ToWkb};

use super::{Area, AreaId};
use crate::db::{self, Table, Target, Tx, Value, query};
use crate::rights::{Resource, Viewer};
use crate::text::fold::fold;

const TABLE: Table = Table {
    name: "area",
    columns: &[
        "id",
        "class",
        "name",
        "name_key",
        "county",
        "code",
        "population",
        "west",
        "south",
        "east",
        "north",
        "outline",
        "source",
        "source_key",
        "row_hash",
        "batch_id",
    ],
};

#[derive(sqlx::FromRow)]
struct Known {
    id: AreaId,
    row_hash: i64,
}

/// What became of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Seen for the first time.
    New,
    /// It says something else than before and took its place.
    Changed,
    /// It says what is stored already.
    Unchanged,
}

/// Every area, by class and name.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Area>> {
    query(include_str!("list.sql"))
        .limited(viewer, Resource::Area)
        .then("ORDER BY class, name_key, id")
        .fetch_all(on)
        .await
}

/// Sets the outline and the box around it.
///
/// # Errors
/// The geometry cannot be written as well-known binary.
pub fn with_outline(mut area: Area, outline: &Geometry<f64>) -> Result<Area, geozero::error::GeozeroError> {
    if let Some(around) = outline.bounding_rect() {
        (area.west, area.south) = (Some(around.min().x), Some(around.min().y));
        (area.east, area.north) = (Some(around.max().x), Some(around.max().y));
        area.outline = Some(outline.to_wkb(CoordDimensions::xy())?);
    }
    Ok(area)
}

/// Saves areas by id; what is there already is replaced where it says something else.
pub async fn save(tx: &mut Tx, areas: Vec<Area>) -> db::Result<Vec<Saved>> {
    let ids: Vec<Value> = areas.iter().map(|it| it.id.into()).collect();
    let known: Vec<Known> =
        query("SELECT id, row_hash FROM area WHERE id IN").list(ids).fetch_all(&mut *tx).await?;
    let mut known: std::collections::HashMap<AreaId, i64> =
        known.into_iter().map(|it| (it.id, it.row_hash)).collect();
    let mut outcome = Vec::with_capacity(areas.len());
    for area in areas {
        let id = area.id;
        let row = row(area);
        let hash = match &row[14] {
            Value::Int(Some(hash)) => *hash,
            _ => 0,
        };
        let saved = match known.get(&id) {
            Some(stored) if *stored == hash => Saved::Unchanged,
            Some(_) => Saved::Changed,
            None => Saved::New,
        };
        outcome.push(saved);
        if saved == Saved::Unchanged {
            continue;
        }
        if saved == Saved::Changed {
            query("DELETE FROM area WHERE id = $1").bind(id).execute(&mut *tx).await?;
        }
        known.insert(id, hash);
        tx.insert(&TABLE, vec![row]).await?;
    }
    Ok(outcome)
}

fn row(area: Area) -> Vec<Value> {
    use sha2::{Digest, Sha256};
    let mut row: Vec<Value> = vec![
        area.id.into(),
        area.class.into(),
        Value::from(&area.name),
        fold(&area.name).into(),
        area.county.into(),
        area.code.into(),
        area.population.into(),
    ];
    row.extend([area.west, area.south, area.east, area.north].map(Value::from));
    row.extend([area.outline.into(), area.source.into(), area.source_key.into()]);
    let mut text = Vec::new();
    row.iter().for_each(|it| it.copy_text(&mut text));
    let digest = Sha256::digest(&text);
    row.push(i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes")).into());
    row.push(area.batch_id.into());
    row
}
