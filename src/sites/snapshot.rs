//! All sites in memory, read-only, for what must be fast: search, map, linking.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Site, Status};
use crate::records::{BuildingId, SiteId};
use crate::rights::held::Held;
use crate::rights::{Reach, Resource, Viewer};
use crate::text::fold::fold;

/// The sites at one revision of the catalog, of the whole state or of a part. Shared, never changed: a new one takes its
/// place. It shows itself to viewers of just its part; texts that may be withheld from some are not in it.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The revision it was read at.
    pub revision: i64,
    reach: Reach,
    sites: Vec<Site>,
    folded: Vec<String>,
    by_id: HashMap<SiteId, usize>,
    by_building: HashMap<BuildingId, Vec<usize>>,
    /// The latitudes of the sites with a point, from south to north, each with its place.
    by_latitude: Vec<(f64, usize)>,
}

/// Which sites; what is empty does not limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Part of a name, an address or a site's code, in any case and without accents.
    pub text: Option<String>,
    /// One of these kinds.
    pub kinds: Vec<String>,
    /// One of these.
    pub statuses: Vec<Status>,
    /// In this city.
    pub city: Option<String>,
    /// In this county.
    pub county: Option<String>,
    /// Inside west, south, east, north, in degrees; sites without a point are outside.
    pub bounds: Option<[f64; 4]>,
}

impl Snapshot {
    /// Takes in all `sites` of the state.
    pub fn new(revision: i64, sites: Vec<Site>) -> Arc<Self> {
        Self::of(revision, Reach::State, sites)
    }

    /// The sites of a part of the state, and for each of them its place here.
    pub fn within(&self, reach: &Reach) -> (Arc<Self>, Vec<usize>) {
        let inside = |site: &Site| {
            reach.covers(site.city_area.as_deref().or(site.city.as_deref()), site.county.as_deref())
        };
        let places: Vec<usize> = (0..self.sites.len()).filter(|n| inside(&self.sites[*n])).collect();
        let sites = places.iter().map(|n| self.sites[*n].clone()).collect();
        (Self::of(self.revision, reach.clone(), sites), places)
    }

    fn of(revision: i64, reach: Reach, mut sites: Vec<Site>) -> Arc<Self> {
        sites.iter_mut().for_each(|it| it.note = Held::Empty);
        let mut by_building: HashMap<BuildingId, Vec<usize>> = HashMap::new();
        for (n, site) in sites.iter().enumerate() {
            if let Some(building) = site.building_id {
                by_building.entry(building).or_default().push(n);
            }
        }
        let latitude = |(n, site): (usize, &Site)| Some((site.lat?, n));
        let mut by_latitude: Vec<(f64, usize)> = sites.iter().enumerate().filter_map(latitude).collect();
        by_latitude.sort_by(|a, b| a.0.total_cmp(&b.0));
        Arc::new(Self {
            revision,
            reach,
            folded: sites.iter().map(searchable).collect(),
            by_id: sites.iter().enumerate().map(|(n, site)| (site.id, n)).collect(),
            by_building,
            by_latitude,
            sites,
        })
    }

    /// Whether it shows itself to `viewer`.
    pub fn is_open_to(&self, viewer: &Viewer) -> bool {
        viewer.may_see(Resource::Site) && *viewer.reach() == self.reach
    }

    /// All sites that `viewer` may see, by number.
    pub fn sites(&self, viewer: &Viewer) -> &[Site] {
        if self.is_open_to(viewer) { &self.sites } else { &[] }
    }

    /// The place of a site in [`Snapshot::sites`].
    pub fn index(&self, viewer: &Viewer, id: SiteId) -> Option<usize> {
        self.by_id.get(&id).copied().filter(|_| self.is_open_to(viewer))
    }

    /// One site.
    pub fn find(&self, viewer: &Viewer, id: SiteId) -> Option<&Site> {
        self.index(viewer, id).map(|n| &self.sites[n])
    }

    /// The sites that share a building, by number.
    pub fn in_building(&self, viewer: &Viewer, building: BuildingId) -> Vec<&Site> {
        let places = self.by_building.get(&building).filter(|_| self.is_open_to(viewer));
        places.into_iter().flatten().map(|n| &self.sites[*n]).collect()
    }

    /// The places, in [`Snapshot::sites`], of the sites between two latitudes in degrees.
    pub fn between(&self, viewer: &Viewer, south: f64, north: f64) -> impl Iterator<Item = usize> + '_ {
        let first = self.by_latitude.partition_point(|it| it.0 < south);
        let visible = if self.is_open_to(viewer) { &self.by_latitude[first..] } else { &[] };
        visible.iter().take_while(move |it| it.0 <= north).map(|it| it.1)
    }

    /// The places, in [`Snapshot::sites`], of the sites that fit `filter`.
    pub fn matching<'a>(&'a self, viewer: &Viewer, filter: &'a Filter) -> impl Iterator<Item = usize> + 'a {
        let words: Vec<String> = filter
            .text
            .iter()
            .flat_map(|it| fold(it).split(' ').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        (0..self.sites(viewer).len()).filter(move |n| {
            filter.fits(&self.sites[*n]) && words.iter().all(|word| self.folded[*n].contains(word.as_str()))
        })
    }
}

impl Filter {
    fn fits(&self, site: &Site) -> bool {
        let among = |list: &[String], word: &str| list.is_empty() || list.iter().any(|it| it == word);
        let is = |wanted: &Option<String>, known: Option<&String>| match (wanted, known) {
            (None, _) => true,
            (Some(wanted), Some(known)) => wanted.eq_ignore_ascii_case(known),
            (Some(_), None) => false,
        };
        among(&self.kinds, &site.kind)
            && (self.statuses.is_empty() || self.statuses.contains(&site.status))
            && is(&self.city, site.city_area.as_ref().or(site.city.as_ref()))
            && is(&self.county, site.county.as_ref())
            && self.bounds.is_none_or(|bounds| site.point().is_some_and(|point| inside(bounds, point)))
    }
}

/// Whether a point lies within west, south, east, north; a box that crosses the date line has west above east.
pub fn inside([west, south, east, north]: [f64; 4], (lon, lat): (f64, f64)) -> bool {
    let across = if west <= east { lon >= west && lon <= east } else { lon >= west || lon <= east };
    across && lat >= south && lat <= north
}

fn searchable(site: &Site) -> String {
    let city = site.city.as_deref().unwrap_or_default();
    let zip = site.zip.as_deref().unwrap_or_default();
    let names = site.other_names.join(" ");
    fold(&format!("{} {names} {} {city} {zip} {}", site.name, site.address, site.code()))
}
