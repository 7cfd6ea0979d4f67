//! Sites, areas and standings in memory, read-only: what the map, the lists and the exports look through.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::filter::Filter;
use super::{Standing, store};
use crate::areas;
use crate::db::{self, Db};
use crate::records::SiteId;
use crate::rights::{Reach, Resource, Viewer};
use crate::scoring::rank::Tier;
use crate::sites::{self, Site};

/// All at one revision. Shared, never changed: a new one takes its place.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The sites.
    pub sites: Arc<sites::snapshot::Snapshot>,
    /// The areas.
    pub areas: Arc<areas::snapshot::Snapshot>,
    /// The revision at which the standings were read.
    pub revision: i64,
    // Aligned to the sites.
    standings: Vec<Option<Standing>>,
    // Made when somebody of that part first asks.
    parts: Mutex<HashMap<Reach, Arc<Self>>>,
}

/// A value and how many sites have it.
pub type Count<T> = (T, usize);

impl Snapshot {
    /// Puts standings beside the sites; those of sites that are not there are left out.
    pub fn new(
        sites: Arc<sites::snapshot::Snapshot>,
        areas: Arc<areas::snapshot::Snapshot>,
        revision: i64,
        standings: Vec<Standing>,
    ) -> Self {
        let viewer = Viewer::system("snapshot");
        let mut by_site: HashMap<SiteId, Standing> =
            standings.into_iter().map(|it| (it.site_id, it)).collect();
        let sites_seen = sites.sites(&viewer);
        let mut standings: Vec<Option<Standing>> =
            sites_seen.iter().map(|it| by_site.remove(&it.id)).collect();
        place(sites_seen, &mut standings);
        Self { sites, areas, revision, standings, parts: Mutex::default() }
    }

    /// What a viewer of a part of the state looks through: the same, without the sites elsewhere.
    pub fn seen_by(self: &Arc<Self>, viewer: &Viewer) -> Arc<Self> {
        if *viewer.reach() == Reach::State {
            return Arc::clone(self);
        }
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let part =
            parts.entry(viewer.reach().clone()).or_insert_with(|| Arc::new(self.within(viewer.reach())));
        Arc::clone(part)
    }

    /// Places and tiers stay those that the whole state gave.
    fn within(&self, reach: &Reach) -> Self {
        let (sites, places) = self.sites.within(reach);
        let standings = places.into_iter().map(|n| self.standings[n].clone()).collect();
        Self {
            sites,
            areas: Arc::clone(&self.areas),
            revision: self.revision,
            standings,
            parts: Mutex::default(),
        }
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(db: &Db) -> db::Result<Self> {
        let viewer = Viewer::system("snapshot");
        // Revisions first: what changes while the rows are read makes the next look read again.
        let catalog = sites::store::revision(db).await?;
        let revision = store::revision(db).await?;
        let sites = sites::snapshot::Snapshot::new(catalog, sites::store::all(db, &viewer).await?);
        let areas = areas::snapshot::Snapshot::new(areas::store::all(db, &viewer).await?);
        Ok(Self::new(sites, areas, revision, store::all(db, &viewer).await?))
    }

    /// All sites that `viewer` may see, by number; other functions name a site by its place here.
    pub fn sites(&self, viewer: &Viewer) -> &[Site] {
        self.sites.sites(viewer)
    }

    /// The standing of the site at that place; none without the right to see standings, or before the first run.
    pub fn standing(&self, viewer: &Viewer, index: usize) -> Option<&Standing> {
        self.standings.get(index).filter(|_| self.shows_standings_to(viewer))?.as_ref()
    }

    /// The tier of the site at that place; none without the right to see standings.
    pub fn tier(&self, viewer: &Viewer, index: usize) -> Option<Tier> {
        self.shows_standings_to(viewer).then(|| self.tier_of(index))
    }

    fn shows_standings_to(&self, viewer: &Viewer) -> bool {
        viewer.may_see(Resource::Standing) && self.sites.is_open_to(viewer)
    }

    fn tier_of(&self, index: usize) -> Tier {
        let standing = self.standings.get(index).and_then(Option::as_ref);
        standing.map_or(Tier::NotScored, |it| it.tier)
    }

    /// The places of the sites that fit `filter`, by number. Without the right to see standings the filter's tiers
    /// are left aside, for what they leave out would tell them.
    pub fn matching(&self, viewer: &Viewer, filter: &Filter) -> Vec<usize> {
        let limited = !filter.tiers.is_empty() && viewer.may_see(Resource::Standing);
        let fits = |n: &usize| !limited || filter.tiers.contains(&self.tier_of(*n));
        self.sites.matching(viewer, &filter.sites).filter(fits).collect()
    }

    /// How many sites of each tier fit the filter apart from its tiers; empty without the right to see standings.
    pub fn tiers(&self, viewer: &Viewer, filter: &Filter) -> Vec<Count<Tier>> {
        if !viewer.may_see(Resource::Standing) {
            return Vec::new();
        }
        let mut counts = vec![0; Tier::ALL.len()];
        for n in self.sites.matching(viewer, &filter.sites) {
            counts[self.tier_of(n) as usize] += 1;
        }
        Tier::ALL.iter().copied().zip(counts).collect()
    }

    /// The cities of the sites, by polygon or else as written; by name.
    pub fn cities(&self, viewer: &Viewer) -> Vec<Count<String>> {
        count(self.sites(viewer).iter().filter_map(|it| it.city_area.as_ref().or(it.city.as_ref())))
    }

    /// The counties of the sites, by name.
    pub fn counties(&self, viewer: &Viewer) -> Vec<Count<String>> {
        count(self.sites(viewer).iter().filter_map(|it| it.county.as_ref()))
    }

    /// The kinds of the sites, as words.
    pub fn kinds(&self, viewer: &Viewer) -> Vec<Count<String>> {
        count(self.sites(viewer).iter().map(|it| &it.kind))
    }
}

/// Gives each ranked site its place within its kind anew: those recomputed since the last run have none, or an old one.
/// Equal points stay in the order of the run.
fn place(sites: &[Site], standings: &mut [Option<Standing>]) {
    let mut order: BTreeMap<&str, Vec<&mut Standing>> = BTreeMap::new();
    for (site, standing) in sites.iter().zip(standings.iter_mut()) {
        let ranked = standing.as_mut().filter(|it| it.points.is_some());
        order.entry(&site.kind).or_default().extend(ranked);
    }
    for of_kind in order.values_mut() {
        of_kind.sort_by_key(|it| (std::cmp::Reverse(it.points), it.place.unwrap_or(i64::MAX), it.site_id));
        for (place, it) in (1..).zip(of_kind) {
            it.place = Some(place);
        }
    }
}

/// Counts names that differ in case only as one, in the spelling that sorts last: `Duluth`, not `DULUTH`.
fn count<'a>(names: impl Iterator<Item = &'a String>) -> Vec<Count<String>> {
    let mut counts: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for name in names {
        let entry = counts.entry(name.to_lowercase()).or_insert((name, 0));
        entry.0 = entry.0.max(name);
        entry.1 += 1;
    }
    counts.into_values().map(|(name, n)| (name.to_owned(), n)).collect()
}
