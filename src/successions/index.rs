//! Who shares what among many sites: lists by party, phone, building and sound of a word, and the neighbors of each site.

use std::collections::HashMap;
use std::hash::Hash;

use super::naming::Naming;
use super::premises::{Premises, Tie};
use crate::geo::Point;
use crate::geo::distance::Meters;
use crate::geo::grid::Grid;

/// As far as the next premises.
const NEXT_DOOR: Meters = Meters(50.0);

/// Longer lists bring no candidates: a landlord of ten thousand sites or an agent of five thousand says nothing of any two
/// of them, and comparing all of them with all would never end. What they share still weighs once another list brings them.
pub(super) const MOST: usize = 120;

/// Sites with what they share.
#[derive(Debug)]
pub(super) struct Index<'a> {
    pub(super) sites: &'a [Premises],
    pub(super) naming: Naming,
    parties: HashMap<u128, Vec<u32>>,
    phones: HashMap<&'a str, Vec<u32>>,
    buildings: HashMap<u128, Vec<u32>>,
    grid: Grid,
    /// The site of each point in the grid.
    of_point: Vec<u32>,
}

/// A list that was too long to bring candidates.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct LeftOut {
    /// What the sites share.
    pub what: Sharing,
    /// How many share it.
    pub sites: usize,
}

/// What a list of sites shares.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Sharing {
    /// One party.
    Party,
    /// One phone number.
    Phone,
    /// One building.
    Building,
    /// A word that sounds the same.
    Word,
    /// Standing within 50 m.
    Place,
}

impl<'a> Index<'a> {
    pub(super) fn new(sites: &'a [Premises]) -> Self {
        let points: Vec<(u32, Point)> = numbered(sites).filter_map(|(n, it)| Some((n, it.point?))).collect();
        let (of_point, points): (Vec<u32>, Vec<Point>) = points.into_iter().unzip();
        Self {
            sites,
            naming: Naming::new(sites.iter().map(|it| it.names.as_slice())),
            parties: lists(sites, |it| it.parties.iter().map(|it| it.0).collect()),
            phones: lists(sites, |it| it.phones.iter().map(String::as_str).collect()),
            buildings: lists(sites, |it| it.building.into_iter().collect()),
            grid: Grid::build(&points, NEXT_DOOR),
            of_point,
        }
    }

    /// Calls `found` with each site, other than itself, that shares something with this one; often more than once. Lists
    /// that are too long go to `left_out`.
    pub(super) fn around(&self, site: u32, mut found: impl FnMut(u32), mut left_out: impl FnMut(LeftOut)) {
        let own = &self.sites[site as usize];
        let mut take = |what, list: &[u32]| {
            if list.len() > MOST {
                left_out(LeftOut { what, sites: list.len() });
            } else {
                list.iter().filter(|it| **it != site).for_each(|it| found(*it));
            }
        };
        // An agent brings nobody: it says nothing of whose business it is.
        for (party, _) in own.parties.iter().filter(|it| it.1 != Tie::Agent) {
            take(Sharing::Party, self.parties.get(party).map_or(&[], Vec::as_slice));
        }
        for phone in &own.phones {
            take(Sharing::Phone, self.phones.get(phone.as_str()).map_or(&[], Vec::as_slice));
        }
        if let Some(building) = own.building {
            take(Sharing::Building, self.buildings.get(&building).map_or(&[], Vec::as_slice));
        }
        for list in self.naming.sounding_like(site) {
            take(Sharing::Word, list);
        }
        if let Some(point) = own.point {
            let mut near = Vec::new();
            self.grid.within(point, NEXT_DOOR, |it, _| {
                // One more than the most is enough to know that it is too many.
                if near.len() <= MOST {
                    near.push(self.of_point[it as usize]);
                }
            });
            take(Sharing::Place, &near);
        }
    }

    /// How many sites this party stands behind, in whatever role.
    pub(super) fn behind(&self, party: u128) -> usize {
        self.parties.get(&party).map_or(0, Vec::len)
    }

    /// How many sites have this phone number.
    pub(super) fn with_phone(&self, phone: &str) -> usize {
        self.phones.get(phone).map_or(0, Vec::len)
    }

    /// How many sites stand or stood in this building.
    pub(super) fn in_building(&self, building: u128) -> usize {
        self.buildings.get(&building).map_or(0, Vec::len)
    }
}

fn numbered(sites: &[Premises]) -> impl Iterator<Item = (u32, &Premises)> {
    (0u32..).zip(sites)
}

fn lists<'a, K: Hash + Eq>(
    sites: &'a [Premises],
    keys: impl Fn(&'a Premises) -> Vec<K>,
) -> HashMap<K, Vec<u32>> {
    let mut lists: HashMap<K, Vec<u32>> = HashMap::new();
    for (n, site) in numbered(sites) {
        for key in keys(site) {
            let list = lists.entry(key).or_default();
            // A party in two roles at a site stands there once.
            if list.last() != Some(&n) {
                list.push(n);
            }
        }
    }
    lists
}
