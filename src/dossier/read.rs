//! Gathers all that a dossier shows, in three rounds of reads that run side by side.

use super::{
    Around, BuildingCount, Dossier, Entry, LinkCount, Neighbor, Scope, Timeline, before, inset, score_views,
    store, terms,
};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db};
use crate::geo::Point;
use crate::geo::distance::{Meters, distance};
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::scoring::score::Score;
use crate::sites::Site;
use crate::sites::merging::Merge;
use crate::standing::snapshot::Snapshot;
use crate::web;
use crate::web::extract::Params;
use crate::{compliance, incidents, parties, sites, standing};

/// So many open violations stand in the dossier.
const MOST_FINDINGS: u32 = 20;
/// So many neighbors are drawn and listed.
const MOST_NEIGHBORS: usize = 60;
/// So many incidents are drawn.
const MOST_INCIDENTS: u32 = 600;
/// As far as a neighbor is one.
const NEAR: Meters = Meters(300.0);

/// What the query string of a timeline may say.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The kinds that are to be shown; empty means all.
    pub show: Vec<RecordKind>,
    /// Number of the page, from 1.
    pub page: u64,
}

impl Asked {
    /// Reads `show` (kinds, repeated or with commas) and `page`.
    ///
    /// # Errors
    /// A kind is none, or the page is no number.
    pub fn parse(params: &Params) -> web::Result<Self> {
        let mut show: Vec<RecordKind> = params.parsed_list("show")?;
        show.sort_unstable();
        show.dedup();
        Ok(Self { show, page: params.parsed::<u64>("page")?.unwrap_or(1).max(1) })
    }

    /// The place of the page's first record, from 0, and how many a page has.
    pub fn stretch(&self) -> (u64, u64) {
        (self.page.saturating_sub(1).saturating_mul(Timeline::SIZE), Timeline::SIZE)
    }
}

/// All that is known of `site`, as far as `viewer` may see it.
///
/// # Errors
/// The database does not answer.
pub async fn dossier(
    db: &Db,
    viewer: &Viewer,
    site: Site,
    asked: Asked,
    snapshot: &Snapshot,
    clock: Clock,
) -> db::Result<Dossier> {
    let id = site.id;
    let (versions, standing, score, run, links, (entries, n_ends)) = tokio::try_join!(
        sites::store::versions(db, viewer, id),
        standing::store::find(db, viewer, id),
        standing::store::explanation(db, viewer, id),
        standing::store::last_run(db, viewer),
        store::links(db, viewer, id),
        timeline(db, viewer, id, &asked),
    )?;
    let (findings, building, deliveries, moved_to, around, said, parties, before) = tokio::try_join!(
        store::open_violations(db, viewer, id, MOST_FINDINGS),
        building_counts(db, viewer, site.building_id),
        store::deliveries(db, viewer),
        find(db, viewer, site.moved_to),
        around(db, viewer, &site, snapshot, clock),
        sites::registers::said_of(db, viewer, id),
        parties::store::of_site(db, viewer, id),
        before::read(db, viewer, id),
    )?;
    let mut wanted: Vec<(RecordKind, RecordId)> = entries.iter().map(|it| (it.kind, it.id)).collect();
    wanted.extend(findings.iter().map(|it| (RecordKind::Inspection, it.inspection_id)));
    wanted.extend(score.iter().flat_map(weightiest));
    let records = store::records(db, viewer, &wanted).await?;
    let typical = run.and_then(|it| it.basis.population.kinds.get(&site.kind).map(|it| it.median.points()));
    let (law, disputes) = tokio::try_join!(
        compliance::store::of_site(db, viewer, id, None),
        compliance::dispute_store::open_at(db, viewer, id),
    )?;
    let merges = merges(db, viewer, id).await?;
    let same_building = site.building_id.map(|it| snapshot.sites.in_building(viewer, it)).unwrap_or_default();
    Ok(Dossier {
        same_building: same_building.into_iter().filter(|it| it.id != id).cloned().collect(),
        timeline: Timeline {
            show: asked.show,
            page: asked.page,
            counts: counts(viewer, &links),
            n_ends,
            entries,
        },
        moved_to,
        merges,
        versions,
        said,
        standing,
        score,
        typical,
        links,
        findings,
        law,
        disputes,
        now: clock.now(),
        records,
        around,
        building,
        deliveries,
        parties,
        before,
        site,
    })
}

/// The mergings that a site took part in, with the other site of each.
async fn merges(db: &Db, viewer: &Viewer, id: SiteId) -> db::Result<Vec<(Merge, Site)>> {
    let mut found = Vec::new();
    for merge in sites::merging_store::around(db, viewer, id).await? {
        let other = if merge.from_site == id { merge.into_site } else { merge.from_site };
        if let Some(other) = sites::store::find(db, viewer, other).await? {
            found.push((merge, other));
        }
    }
    Ok(found)
}

/// How many records of each kind link to the site.
fn counts(viewer: &Viewer, links: &[LinkCount]) -> Vec<(RecordKind, i64)> {
    let of = |kind| links.iter().filter(|it| it.kind == kind).map(|it| it.n).sum();
    store::visible_kinds(viewer).map(|kind| (kind, of(kind))).collect()
}

/// One page of a site's timeline, ends of terms among the records, and how many ends there are in all.
async fn timeline(db: &Db, viewer: &Viewer, site: SiteId, asked: &Asked) -> db::Result<(Vec<Entry>, u64)> {
    let with_licenses = asked.show.is_empty() || asked.show.contains(&RecordKind::License);
    let terms = if with_licenses { store::terms(db, viewer, site).await? } else { Vec::new() };
    let ends = terms::ends(&terms);
    let n_ends = ends.len() as u64;
    let (begin, size) = asked.stretch();
    let first = begin.saturating_sub(n_ends);
    let stretch = (first, size + n_ends);
    let records = store::entries(db, viewer, Scope::Site(site), &asked.show, stretch).await?;
    Ok((terms::merged(first, &records, &ends, (begin, size)), n_ends))
}

/// The records of the reasons that the table will show.
fn weightiest(score: &Score) -> impl Iterator<Item = (RecordKind, RecordId)> {
    let mut reasons: Vec<_> = score.reasons.iter().collect();
    reasons.sort_by_key(|it| std::cmp::Reverse(it.counted));
    reasons.truncate(score_views::MOST_REASONS);
    let records: Vec<_> = reasons.into_iter().map(|it| it.record).collect();
    records.into_iter().filter_map(|it| Some((score_views::kind_of(it)?, RecordId(it.id))))
}

/// One site, if there is an id.
pub(super) async fn find(db: &Db, viewer: &Viewer, id: Option<SiteId>) -> db::Result<Option<Site>> {
    match id {
        Some(id) => sites::store::find(db, viewer, id).await,
        None => Ok(None),
    }
}

async fn building_counts(db: &Db, viewer: &Viewer, id: Option<BuildingId>) -> db::Result<Vec<BuildingCount>> {
    match id {
        Some(id) => store::counts_of_building(db, viewer, id).await,
        None => Ok(Vec::new()),
    }
}

async fn around(
    db: &Db,
    viewer: &Viewer,
    site: &Site,
    snapshot: &Snapshot,
    clock: Clock,
) -> db::Result<Around> {
    let center = site.point().and_then(|(lon, lat)| Point::parse(lon, lat).ok());
    let Some((center, bounds)) = center.and_then(|it| Some((it, inset::bounds(it)?))) else {
        return Ok(Around::default());
    };
    let since = Moment::from((clock.now() - chrono::Days::new(365)).date_naive());
    let incidents = incidents::store::near(db, viewer, bounds, since, MOST_INCIDENTS).await?;
    Ok(Around {
        neighbors: neighbors(snapshot, viewer, site.id, center),
        more: incidents.len() >= MOST_INCIDENTS as usize,
        incidents,
    })
}

fn neighbors(snapshot: &Snapshot, viewer: &Viewer, own: SiteId, center: Point) -> Vec<Neighbor> {
    // A degree of latitude is never shorter than 110 km: what lies further off by it alone is not measured.
    let far = NEAR.0 / 110_000.0;
    let all = snapshot.sites(viewer);
    let near = |n: usize| {
        let (lon, lat) = all[n].point()?;
        let meters = distance(center, Point::parse(lon, lat).ok()?);
        (meters <= NEAR && all[n].id != own).then_some((n, meters.0))
    };
    let around = snapshot.sites.between(viewer, center.lat() - far, center.lat() + far);
    let mut found: Vec<(usize, f64)> = around.filter_map(near).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.truncate(MOST_NEIGHBORS);
    let neighbor = |(n, meters): (usize, f64)| Neighbor {
        site: all[n].clone(),
        standing: snapshot.standing(viewer, n).cloned(),
        meters,
    };
    found.into_iter().map(neighbor).collect()
}
