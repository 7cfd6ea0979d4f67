//! The other regulated sites as a viewer may know them, indexed once for each revision of the catalog.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::ground::Regulated;
use super::packs::Packs;
use crate::rights::{Reach, Resource, Viewer};
use crate::sites::Site;
use crate::sites::snapshot::Snapshot;

/// What stands for the name of a site that the viewer may not see; its distance decides all the same.
pub const ELSEWHERE: &str = "A business outside of your area";
/// The whole state and some parts of it; older ones leave.
const MOST_KEPT: usize = 16;

/// What was made last, for whoever asks next. Cloning it clones a handle.
#[derive(Clone, Debug, Default)]
pub struct Neighbors(Arc<Mutex<Vec<Kept>>>);

#[derive(Debug)]
struct Kept {
    // Weak: a snapshot that nobody else holds has been replaced.
    sites: Weak<Snapshot>,
    packs: String,
    // None for who may see no sites.
    reach: Option<Reach>,
    regulated: Arc<Regulated>,
}

impl Neighbors {
    /// The open sites that rules of separation and caps speak of, among those of the whole state.
    pub fn regulated(&self, packs: &Packs, sites: &Arc<Snapshot>, viewer: &Viewer) -> Arc<Regulated> {
        let reach = viewer.may_see(Resource::Site).then(|| viewer.reach().clone());
        let same = |it: &Kept| {
            it.sites.as_ptr() == Arc::as_ptr(sites) && it.packs == packs.hash && it.reach == reach
        };
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().iter().find(|it| same(it)) {
            return Arc::clone(&found.regulated);
        }
        // Made outside the lock: two may make the same, none waits for another's.
        let regulated = Arc::new(made(packs, sites, viewer));
        let mut list = lock();
        list.retain(|it| it.sites.strong_count() > 0);
        if list.len() >= MOST_KEPT {
            list.remove(0);
        }
        let kept = Arc::clone(&regulated);
        list.push(Kept { sites: Arc::downgrade(sites), packs: packs.hash.clone(), reach, regulated: kept });
        regulated
    }
}

fn made(packs: &Packs, sites: &Snapshot, viewer: &Viewer) -> Regulated {
    let all = sites.sites(&Viewer::system("what-if"));
    if *viewer.reach() == Reach::State && viewer.may_see(Resource::Site) {
        return Regulated::new(packs, all);
    }
    let named = |site: &Site| {
        let name = if may_know(viewer, site) { site.name.clone() } else { ELSEWHERE.to_owned() };
        Site { name, ..site.clone() }
    };
    Regulated::new(packs, &all.iter().map(named).collect::<Vec<_>>())
}

/// Whether the viewer may see that site.
pub fn may_know(viewer: &Viewer, site: &Site) -> bool {
    let city = site.city_area.as_deref().or(site.city.as_deref());
    viewer.may_see(Resource::Site) && viewer.covers(city, site.county.as_deref())
}
