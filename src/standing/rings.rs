//! The rings of sites: incidents 30 to 150 m around each, counted by class and month, streamed past the sites.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::db::{self, Db, Query, Table, Tx, Value, from_json, query};
use crate::geo::cell::cells_covering;
use crate::geo::ring::{Class, Incident, Month, OUTER, Place, RingCount, Rings};
use crate::geo::{Bounds, Point};
use crate::records::{BuildingId, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::Site;

const TABLE: Table = Table { name: "ring", columns: &["site_id", "counts"] };

/// Ranges of cells that one statement looks through.
const RANGES: usize = 16;

/// Months count from January of year 0; a version that another superseded counts until then. What was expunged, dismissed
/// or unfounded counts nowhere: [`crate::incidents::facets::Disposition::counts`].
const INCIDENTS: &str = "SELECT offense, building_id, lon, lat, \
    CAST(substr(occurred_at, 1, 4) AS BIGINT) * 12 + CAST(substr(occurred_at, 6, 2) AS BIGINT) - 1 AS occurred, \
    CAST(substr(recorded_at, 1, 4) AS BIGINT) * 12 + CAST(substr(recorded_at, 6, 2) AS BIGINT) - 1 AS recorded, \
    CAST(substr(superseded_at, 1, 4) AS BIGINT) * 12 + CAST(substr(superseded_at, 6, 2) AS BIGINT) - 1 AS superseded \
    FROM incident WHERE lon IS NOT NULL AND lat IS NOT NULL \
    AND (disposition IS NULL OR disposition NOT IN ('dismissed', 'unfounded', 'expunged'))";

#[derive(sqlx::FromRow)]
struct Row {
    offense: String,
    building_id: Option<BuildingId>,
    lon: f64,
    lat: f64,
    occurred: i64,
    recorded: i64,
    superseded: Option<i64>,
}

/// Says whether the rings must be counted anew: it changes with the sites' places and with each stored incident.
pub(super) async fn state(db: &Db, sites: &[Site]) -> db::Result<String> {
    let (batches, rows): (i64, i64) = query(
        "SELECT count(*), CAST(coalesce(sum(n_stored + n_updated), 0) AS BIGINT) FROM import_batch \
        WHERE record_kind = 'incident'",
    )
    .fetch_one(db)
    .await?;
    let mut hash = Sha256::new();
    hash.update(format!("{batches} {rows}\n"));
    for it in sites {
        hash.update(format!("{} {:?} {:?}\n", it.id, it.point(), it.building_id));
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The ring of one site, counted by offense and month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Ring {
    counts: BTreeMap<String, Vec<Count>>,
}

from_json!(Ring);

/// Months of occurrence and of recording, since January of year 0, and how many; fewer than none where more were
/// retracted in that month than added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Count(i64, i64, i64);

impl Ring {
    /// How many incidents it holds, of all offenses and times.
    pub fn n_incidents(&self) -> i64 {
        self.counts.values().flatten().map(|it| it.2).sum()
    }
}

#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(try_from = "db::Json<Ring>")]
    counts: Ring,
}

/// The ring of a site as counted last; empty for a site without a point or without incidents around.
pub async fn of(db: &Db, viewer: &Viewer, site: SiteId) -> db::Result<Ring> {
    let stored: Option<Stored> = query("SELECT counts FROM ring l WHERE site_id = $1")
        .bind(site)
        .limited(viewer, Resource::Standing)
        .fetch_optional(db)
        .await?;
    Ok(stored.map(|it| it.counts).unwrap_or_default())
}

/// Counts the rings of all sites and puts the counts in the place of those stored.
pub(super) async fn count_all(db: &Db, sites: &[Site]) -> db::Result<()> {
    let all = query(INCIDENTS).limited(&Viewer::system("rings"), Resource::Incident);
    let rings = count(db, sites, vec![all]).await?;
    let mut tx = db.begin().await?;
    query("DELETE FROM ring").execute(&mut tx).await?;
    tx.insert(&TABLE, rings).await?;
    tx.commit().await
}

/// Counts the rings of some sites through the index of cells, within the transaction that recomputes them.
pub(super) async fn count_some(db: &Db, tx: &mut Tx, sites: &[Site]) -> db::Result<()> {
    query("DELETE FROM ring WHERE site_id IN")
        .list(sites.iter().map(|it| Value::from(it.id)))
        .execute(&mut *tx)
        .await?;
    for site in sites {
        let Some(around) = bounds_around(site) else { continue };
        let near = cells_covering(around, RANGES).into_iter().map(|it| {
            query(INCIDENTS)
                .limited(&Viewer::system("rings"), Resource::Incident)
                .and("cell >= ?", Some(*it.start()))
                .and("cell <= ?", Some(*it.end()))
        });
        let ring = count(db, std::slice::from_ref(site), near.collect()).await?;
        tx.insert(&TABLE, ring).await?;
    }
    Ok(())
}

/// The words behind the numbers of classes.
#[derive(Default)]
struct Offenses(Vec<String>);

impl Offenses {
    /// The class of an offense; a taxonomy has dozens, and past 1,024 words none is counted.
    fn class(&mut self, offense: String) -> Option<Class> {
        let known = self.0.iter().position(|it| *it == offense);
        let n = known.unwrap_or(self.0.len());
        let class = Class::new(u16::try_from(n).ok()?)?;
        if known.is_none() {
            self.0.push(offense);
        }
        Some(class)
    }

    fn ring(&self, counts: &[RingCount]) -> Ring {
        let mut ring = Ring::default();
        for of_class in counts.chunk_by(|a, b| a.class == b.class) {
            let offense = self.0[usize::from(of_class[0].class.number())].clone();
            let counts =
                of_class.iter().map(|it| Count(it.occurred.number(), it.recorded.number(), it.count.into()));
            ring.counts.insert(offense, counts.collect());
        }
        ring
    }
}

/// The rows of [`TABLE`] for those of `sites` that have incidents around them.
async fn count(db: &Db, sites: &[Site], incidents: Vec<Query>) -> db::Result<Vec<Vec<Value>>> {
    let placed = sites.iter().filter_map(|it| Some((it.id, place(it.point()?, it.building_id)?)));
    let (ids, places): (Vec<SiteId>, Vec<Place>) = placed.unzip();
    let mut offenses = Offenses::default();
    let rings = Rings::build(places);
    let mut counter = rings.counter();
    for query in incidents {
        let mut rows = query.stream::<Row>(db);
        while let Some(row) = rows.next().await {
            let row = row?;
            let (Some(place), Some(class)) =
                (place((row.lon, row.lat), row.building_id), offenses.class(row.offense))
            else {
                continue;
            };
            let seen =
                Incident { place, class, occurred: month(row.occurred), recorded: month(row.recorded) };
            counter.add(&seen);
            if let Some(superseded) = row.superseded {
                counter.retract(&Incident { recorded: month(superseded), ..seen });
            }
        }
    }
    let counts = counter.finish();
    let rows = counts.chunk_by(|a, b| a.site == b.site).map(|it| {
        let ring = serde_json::to_string(&offenses.ring(it)).expect("a map of numbers is JSON");
        vec![ids[it[0].site as usize].into(), ring.into()]
    });
    Ok(rows.collect())
}

fn place((lon, lat): (f64, f64), building: Option<BuildingId>) -> Option<Place> {
    Some(Place { point: Point::parse(lon, lat).ok()?, building: building.map(|it| it.0.into()) })
}

fn month(number: i64) -> Month {
    let year = i32::try_from(number.div_euclid(12)).unwrap_or_default();
    let month = u32::try_from(number.rem_euclid(12) + 1).unwrap_or(1);
    Month::of(chrono::NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default())
}

/// A box that holds the ring; a degree of latitude is at least 110,500 m.
fn bounds_around(site: &Site) -> Option<Bounds> {
    let (lon, lat) = site.point()?;
    let north = OUTER.0 / 110_500.0;
    // Near a pole the ring spans all longitudes.
    let east = north / libm::cos(lat.to_radians()).max(1e-6);
    let (south, north) = ((lat - north).max(-90.0), (lat + north).min(90.0));
    let turn = |lon: f64| {
        if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        }
    };
    let edges = if east >= 180.0 {
        [-180.0, south, 180.0, north]
    } else {
        [turn(lon - east), south, turn(lon + east), north]
    };
    Bounds::parse(edges).ok()
}
