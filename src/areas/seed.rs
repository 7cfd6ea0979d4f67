//! The counties that come with FOCA, so that a site has a county before anybody has imported an outline.

use geo::Geometry;
use geojson::GeoJson;

use super::{Area, COUNTY, store};
use crate::clock::Clock;
use crate::db::{Db, query};

/// The source of the outlines: U.S. Census Bureau cartographic boundaries, generalized.
pub const SOURCE: &str = "census-2023-counties";

/// Stores the counties of a GeoJSON file with `name` and `fips`, unless some county is stored already.
///
/// # Errors
/// The text is no such file, or the database does not answer.
pub async fn counties(db: &Db, clock: Clock, geojson: &str) -> anyhow::Result<usize> {
    let n_known: i64 =
        query("SELECT count(*) FROM area WHERE class = $1").bind(COUNTY).fetch_scalar(db).await?;
    if n_known > 0 {
        return Ok(0);
    }
    let areas = read(geojson)?;
    let n_areas = areas.len();
    let mut tx = db.begin().await?;
    tx.one_at_a_time("areas").await?;
    store::save(&mut tx, areas).await?;
    tx.commit().await?;
    tracing::info!(at = %clock.now(), "stored the outlines of {n_areas} counties");
    Ok(n_areas)
}

fn read(geojson: &str) -> anyhow::Result<Vec<Area>> {
    let GeoJson::FeatureCollection(collection) = geojson.parse::<GeoJson>()? else {
        anyhow::bail!("the counties are not a FeatureCollection");
    };
    let mut areas = Vec::new();
    for feature in collection.features {
        let text = |name: &str| feature.property(name).and_then(|it| it.as_str()).map(str::to_owned);
        let (Some(name), Some(fips)) = (text("name"), text("fips")) else { continue };
        let Some(outline) = feature.geometry.clone() else { continue };
        let outline = Geometry::<f64>::try_from(outline)?;
        areas.push(store::with_outline(
            Area { code: Some(fips.clone()), ..Area::new((SOURCE, &fips), COUNTY, &name) },
            &outline,
        )?);
    }
    Ok(areas)
}
