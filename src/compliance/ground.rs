//! What surrounds a site: sensitive places, and the other regulated sites, in memory.

use std::collections::{BTreeMap, HashMap};

use super::facts::FactKinds;
use super::kind::{Kind, Per};
use super::known::is_open;
use super::measuring::Body;
use super::packs::Packs;
use crate::geo::Point;
use crate::geo::chord::Chords;
use crate::geo::distance::{self, Feet, Meters};
use crate::geo::grid::Grid;
use crate::geo::shape::Shape;
use crate::places::classes::Classes;
use crate::places::snapshot::Snapshot;
use crate::places::{Part, Place};
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::sites::Site;
use crate::text::address::city_key;

/// What stands for the name of another site in a finding that is kept.
pub const ANOTHER: &str = "Another such business";
/// The reach of the index over other sites.
const REACH: Meters = Meters(500.0);
/// Over farther limits every other site is looked at, by its chord.
const FAR: Meters = Meters(5_000.0);
/// Chords tell a distance this exactly.
const CHORD_ERROR: f64 = 0.05;

/// What a judge looks at beside the site itself.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// On whose behalf.
    pub viewer: &'a Viewer,
    /// The sensitive places.
    pub places: &'a Snapshot,
    /// How far their outlines may reach.
    pub classes: &'a Classes,
    /// The other regulated sites.
    pub regulated: &'a Regulated,
    /// What can be noted of a site.
    pub facts: &'a FactKinds,
}

/// Another regulated site.
#[derive(Clone, Debug)]
pub struct Other {
    /// Which.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// A word of `data/kinds.toml`.
    pub kind: String,
    /// Where it stands.
    pub shape: Shape,
    /// How far off that may be.
    pub error: Meters,
}

/// The open sites of the kinds that some rule of separation or some cap speaks of.
#[derive(Debug, Default)]
pub struct Regulated {
    groups: HashMap<Vec<String>, Group>,
    counts: HashMap<(Vec<String>, Per), BTreeMap<String, usize>>,
}

#[derive(Debug)]
struct Group {
    grid: Grid,
    chords: Chords,
    sites: Vec<Other>,
}

impl Regulated {
    /// Takes in those of `sites` that are open, without their names: a finding that is kept is read by people of one area, and
    /// must not tell what stands in another. Who shows a measurement asks for the name by the viewer's right.
    pub fn unnamed(packs: &Packs, sites: &[Site]) -> Self {
        let mut it = Self::new(packs, sites);
        for other in it.groups.values_mut().flat_map(|it| &mut it.sites) {
            ANOTHER.clone_into(&mut other.name);
        }
        it
    }

    /// Takes in those of `sites` that are open.
    pub fn new(packs: &Packs, sites: &[Site]) -> Self {
        let mut it = Self::default();
        for (pack, rule) in packs.rules() {
            match &rule.kind {
                Kind::Separation { from_kinds, .. } => {
                    for kinds in [from_kinds, &pack.applies_to.kinds] {
                        it.groups.entry(kinds.clone()).or_insert_with(|| Group::of(kinds, sites));
                    }
                }
                Kind::Cap { per, .. } => {
                    let kinds = pack.applies_to.kinds.clone();
                    it.counts.entry((kinds, *per)).or_insert_with_key(|key| counts(key, sites));
                }
                _ => {}
            }
        }
        it
    }

    /// The `most` nearest of the sites of these kinds that lie at most `reach` from a point, `own` aside, nearest first; and
    /// how many of all others lie at most `sure` from it, decided exactly.
    pub fn nearest(
        &self,
        kinds: &[String],
        (from, own): (Point, SiteId),
        most: usize,
        (reach, sure): (Meters, Meters),
    ) -> (Vec<&Other>, usize) {
        let Some(group) = self.groups.get(kinds) else { return (Vec::new(), 0) };
        let mut found = Vec::new();
        let mut keep = |n: u32, meters: Meters| {
            let other = &group.sites[n as usize];
            if other.id != own {
                found.push((meters.0, other));
            }
        };
        if reach.0 > FAR.0 {
            group.chords.within(from, reach, &mut keep);
        } else {
            group.grid.within(from, reach, &mut keep);
        }
        let nearer = |a: &(f64, &Other), b: &(f64, &Other)| a.0.total_cmp(&b.0).then(a.1.id.cmp(&b.1.id));
        let mut farther = Vec::new();
        if found.len() > most {
            found.select_nth_unstable_by(most, nearer);
            farther = found.split_off(most);
        }
        found.sort_by(nearer);
        let is_sure = |(meters, other): &&(f64, &Other)| match (meters - sure.0).abs() < CHORD_ERROR {
            true => distance::within(from, other.shape.middle(), sure),
            false => *meters <= sure.0,
        };
        let n_sure = farther.iter().filter(is_sure).count();
        (found.into_iter().map(|it| it.1).collect(), n_sure)
    }

    /// How many sites of these kinds a city or county has.
    pub fn count(&self, kinds: &[String], per: Per, area: &str) -> usize {
        let counts = self.counts.get(&(kinds.to_vec(), per));
        counts.and_then(|it| it.get(&city_key(area))).copied().unwrap_or(0)
    }
}

impl Group {
    fn of(kinds: &[String], sites: &[Site]) -> Self {
        let mut points = Vec::new();
        let mut others = Vec::new();
        for site in sites.iter().filter(|it| kinds.contains(&it.kind) && is_open(it)) {
            let Some(point) = point(site) else { continue };
            points.push(point);
            others.push(Other {
                id: site.id,
                name: site.name.clone(),
                kind: site.kind.clone(),
                shape: point.into(),
                error: error(site),
            });
        }
        Self { grid: Grid::build(&points, REACH), chords: Chords::build(&points), sites: others }
    }
}

fn counts((kinds, per): &(Vec<String>, Per), sites: &[Site]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for site in sites.iter().filter(|it| kinds.contains(&it.kind) && is_open(it)) {
        if let Some(area) = area(site, *per) {
            *counts.entry(city_key(area)).or_insert(0) += 1;
        }
    }
    counts
}

/// The city or county in which a site is counted.
pub fn area(site: &Site, per: Per) -> Option<&str> {
    match per {
        Per::City => site.city_area.as_deref().or(site.city.as_deref()),
        Per::County => site.county.as_deref(),
    }
}

/// The point of a site.
pub fn point(site: &Site) -> Option<Point> {
    let (lon, lat) = site.point()?;
    Point::parse(lon, lat).ok()
}

/// How far off the point of a site may be; taken as exact where nobody says.
pub fn error(site: &Site) -> Meters {
    Meters(site.point_meters.unwrap_or(0.0))
}

impl<'a> Ground<'a> {
    /// A site, or a spot where one might stand, with the outlines that hold its point.
    pub fn site(&self, anchor: &'a Shape, point: Point, error: Meters) -> Body<'a> {
        Body {
            anchor,
            part: Part::Point,
            building: self.places.building_at(self.viewer, point).map(|it| it.1),
            lot: self.places.lot_at(self.viewer, point).map(|it| it.1),
            building_reach: self.classes.site_building_reach(),
            lot_reach: self.classes.site_lot_reach(),
            error,
        }
    }

    /// Another regulated site.
    pub fn other(&self, other: &'a Other) -> Body<'a> {
        self.site(&other.shape, other.shape.middle(), other.error)
    }

    /// A sensitive place, with the outlines that hold its middle.
    pub fn place(&self, place: &Place, shape: &'a Shape) -> Body<'a> {
        let middle = shape.middle();
        let building =
            (place.part == Part::Point).then(|| self.places.building_at(self.viewer, middle)).flatten();
        let lot = matches!(place.part, Part::Point | Part::Building)
            .then(|| self.places.lot_at(self.viewer, middle))
            .flatten();
        Body {
            anchor: shape,
            part: place.part,
            building: building.map(|it| it.1),
            lot: lot.map(|it| it.1),
            building_reach: self.classes.building_reach(&place.class),
            lot_reach: self.classes.lot_reach(&place.class),
            error: Meters(0.0),
        }
    }

    /// As far as something of a class must be looked for, so that none is missed whose lot reaches within `limit`.
    pub fn reach(&self, class: &str, limit: Feet, error: Meters) -> Meters {
        let site = self.classes.site_lot_reach().0.max(self.classes.site_building_reach().0);
        let place = self.classes.lot_reach(class).0.max(self.classes.building_reach(class).0);
        Meters(Meters::from(Feet(limit.0 + site + place)).0 + error.0)
    }
}

/// As far as other sites must be looked for, so that none is missed whose lot reaches within `limit`.
pub fn reach_to_others(classes: &Classes, limit: Feet, error: Meters) -> Meters {
    Meters(Meters::from(Feet(2.0f64.mul_add(classes.site_lot_reach().0, limit.0))).0 + error.0)
}
