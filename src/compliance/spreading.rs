//! Sites that rules tie to each other: what stands around a site that is held anew, and whom its change concerns.
//!
//! A change of a site is held against the rules at once. What it means for others near it follows a little later, for within
//! fifty miles there may be thousands: they are marked by themselves, and such marks go no further.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ground::{self, Regulated, reach_to_others};
use super::judge;
use super::kind::{Kind, Per};
use super::packs::Packs;
use crate::clock::Moment;
use crate::db::{self, Db, Tx, Value, query};
use crate::geo::Point;
use crate::geo::distance::Meters;
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::sites::{self, Site};

/// Around so many sites each is looked at by itself; around more, all sites of the kinds are read.
const FEW: usize = 8;
/// Meters a degree of latitude has at least.
const SHORTEST_DEGREE: f64 = 110_574.0;

/// The other sites that the rules measure to, or count, at any of `sites`.
pub(super) async fn surroundings(
    db: &Db,
    viewer: &Viewer,
    packs: &Packs,
    sites: &[Site],
) -> db::Result<Regulated> {
    let found = if sites.len() > FEW {
        sites::store::of_kinds(db, viewer, &tied_kinds(packs)).await?
    } else {
        let mut found = BTreeMap::new();
        for site in sites {
            for (kinds, reach) in looked_for(packs, site) {
                let near = match (reach, ground::point(site)) {
                    (Some(reach), Some(point)) => {
                        sites::store::in_box(db, viewer, &kinds, around(point, reach)).await?
                    }
                    (Some(_), None) => Vec::new(),
                    (None, _) => sites::store::of_kinds(db, viewer, &kinds).await?,
                };
                found.extend(near.into_iter().map(|it| (it.id, it)));
            }
        }
        found.into_values().collect()
    };
    Ok(Regulated::unnamed(packs, &found))
}

/// The kinds of site that rules measure to or count at this one, and how far they look; None for anywhere.
fn looked_for(packs: &Packs, site: &Site) -> HashMap<Vec<String>, Option<Meters>> {
    let mut found: HashMap<Vec<String>, Option<Meters>> = HashMap::new();
    for (pack, rule) in packs.rules().filter(|(pack, _)| judge::concerns(pack, site)) {
        match &rule.kind {
            Kind::Separation { from_kinds, feet, .. } => {
                let reach = reach_to_others(&packs.classes, *feet, ground::error(site));
                let widest = found.entry(from_kinds.clone()).or_insert(Some(reach));
                if let Some(it) = widest {
                    it.0 = it.0.max(reach.0);
                }
            }
            Kind::Cap { .. } => {
                found.insert(pack.applies_to.kinds.clone(), None);
            }
            _ => {}
        }
    }
    found
}

/// West, south, east and north of whatever lies at most `reach` from a point.
fn around(point: Point, reach: Meters) -> [f64; 4] {
    let high = reach.0 / SHORTEST_DEGREE * 1.001;
    let cos = libm::cos((point.lat().abs() + high).min(89.9).to_radians());
    let wide = high / cos * 1.01;
    let (west, east) = (point.lon() - wide, point.lon() + wide);
    let edges = if west < -180.0 || east > 180.0 { (-180.0, 180.0) } else { (west, east) };
    [edges.0, point.lat() - high, edges.1, point.lat() + high]
}

/// Marks the sites that a change of `marked` concerns, in the transaction that takes their own marks away. Those that were
/// held anew since they changed have done so already.
pub(super) async fn spread(
    (db, tx): (&Db, &mut Tx),
    viewer: &Viewer,
    packs: &Packs,
    marked: &[SiteId],
    now: Moment,
) -> db::Result<()> {
    let mut near = BTreeSet::new();
    for id in changed(db, marked).await? {
        let versions = sites::store::versions(db, viewer, id).await?;
        for site in stood(versions) {
            near.extend(concerned(db, viewer, packs, &site).await?);
        }
    }
    let near: Vec<SiteId> = near.into_iter().filter(|it| !marked.contains(it)).collect();
    sites::store::mark_near(tx, &near, now).await
}

/// Those of `marked` of which a version came or ended since they were held last.
async fn changed(db: &Db, marked: &[SiteId]) -> db::Result<Vec<SiteId>> {
    let found: Vec<(SiteId,)> = query(
        "SELECT DISTINCT s.id FROM site s LEFT JOIN finding_digest d ON d.site_id = s.id \
            WHERE (d.found_at IS NULL OR s.loaded_at >= d.found_at OR s.superseded_at >= d.found_at) AND s.id IN",
    )
    .list(marked.iter().map(|it| Value::from(*it)))
    .fetch_all(db)
    .await?;
    Ok(found.into_iter().map(|it| it.0).collect())
}

/// One version for each way in which others ever saw it: several may have come since it was held last. None where later
/// versions never meant anything else to them.
fn stood(mut versions: Vec<Site>) -> Vec<Site> {
    let is_new = versions.len() == 1;
    let seen = |it: &Site| {
        let place = (it.lon, it.lat, it.city_area.clone(), it.city.clone(), it.county.clone());
        (it.kind.clone(), it.status, place)
    };
    versions.dedup_by(|a, b| seen(a) == seen(b));
    if versions.len() == 1 && !is_new { Vec::new() } else { versions }
}

/// The sites whose findings look at this one.
async fn concerned(db: &Db, viewer: &Viewer, packs: &Packs, site: &Site) -> db::Result<Vec<SiteId>> {
    let mut found = Vec::new();
    for (pack, rule) in packs.rules() {
        let kinds = &pack.applies_to.kinds;
        match (&rule.kind, ground::point(site)) {
            (Kind::Separation { from_kinds, feet, .. }, Some(point)) if from_kinds.contains(&site.kind) => {
                let reach = reach_to_others(&packs.classes, *feet, Meters(0.0));
                // Also those that lie where the pack is no law: held anew, they say the same.
                found.extend(sites::store::ids_in_box(db, viewer, kinds, around(point, reach)).await?);
            }
            (Kind::Cap { per, .. }, _) if judge::concerns(pack, site) => {
                found.extend(counted_with(db, viewer, kinds, (site, *per)).await?);
            }
            _ => {}
        }
    }
    Ok(found)
}

async fn counted_with(
    db: &Db,
    viewer: &Viewer,
    kinds: &[String],
    (site, per): (&Site, Per),
) -> db::Result<Vec<SiteId>> {
    let area = ground::area(site, per);
    let all = sites::store::of_kinds(db, viewer, kinds).await?;
    Ok(all.into_iter().filter(|it| ground::area(it, per) == area).map(|it| it.id).collect())
}

/// The kinds of site that one site's findings may look at.
fn tied_kinds(packs: &Packs) -> Vec<String> {
    let mut kinds = BTreeSet::new();
    for (pack, rule) in packs.rules() {
        let tied: &[String] = match &rule.kind {
            Kind::Separation { from_kinds, .. } => from_kinds,
            Kind::Cap { .. } => &pack.applies_to.kinds,
            _ => &[],
        };
        kinds.extend(tied.iter().cloned());
    }
    kinds.into_iter().collect()
}
