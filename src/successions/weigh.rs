//! What two sites have in common weighs, in hundredths of a bit: much when only these two share it, nothing when many do.
//! The numbers are chosen, not learned; how likely a sum makes a succession is fitted on invented states
//! (`synthetic`) and stands in [`FIT`].

use super::evidence::{Evidence, Reason, Weighed};
use super::index::Index;
use super::premises::{Ending, Tie};
use crate::geo::distance::{self, Meters};

/// Names the weights and the fit; stored with each proposal. Other weights have another.
pub const MODEL: &str = "reopening-1";

/// The days between that can be a succession at all: one that opened two years before the other closed is none.
const POSSIBLE: std::ops::RangeInclusive<i64> = -730..=1_825;

/// What is shared weighs `full` when two sites share it, `slope` less for each doubling of their number, and never less than nothing.
struct Rarity {
    full: f64,
    slope: f64,
}

const PRINCIPAL: Rarity = Rarity { full: 700.0, slope: 180.0 };
const MANAGER: Rarity = Rarity { full: 450.0, slope: 110.0 };
const PHONE: Rarity = Rarity { full: 750.0, slope: 170.0 };
const LANDLORD: Rarity = Rarity { full: 260.0, slope: 55.0 };
const NAME: Rarity = Rarity { full: 560.0, slope: 100.0 };
const SAME_PREMISES: Rarity = Rarity { full: 260.0, slope: 40.0 };
const SAME_BUILDING: Rarity = Rarity { full: 170.0, slope: 40.0 };
const NEXT_DOOR: i32 = 150;
const OTHER_KIND: i32 = -120;
/// A name that only sounds the same weighs so many hundredths of one that is spelled the same.
const BY_SOUND: f64 = 0.8;
/// And one with rare words left over so many.
const LEFTOVER: f64 = 0.45;

impl Rarity {
    fn of(&self, sites: f64) -> i32 {
        let doublings = libm::log2((sites / 2.0).max(1.0));
        libm::round((self.full - self.slope * doublings).max(0.0)) as i32
    }
}

/// Days from the end of one site to the opening of another; none where either is not known.
pub(super) fn days(index: &Index<'_>, from: u32, to: u32) -> Option<i64> {
    let closed = index.sites[from as usize].closed_on?;
    let opened = index.sites[to as usize].opened_on?;
    Some(opened.signed_duration_since(closed).num_days())
}

/// All that speaks for and against the second site being the first one's successor; none if it cannot be.
pub(super) fn weigh(index: &Index<'_>, from: u32, to: u32) -> Option<Evidence> {
    let (one, other) = (&index.sites[from as usize], &index.sites[to as usize]);
    let same_kind = one.kind == other.kind;
    if !same_kind && (one.group.is_none() || one.group != other.group) {
        return None;
    }
    let days = days(index, from, to);
    if days.is_some_and(|it| !POSSIBLE.contains(&it)) {
        return None;
    }
    let place = place(index, from, to);
    let shared = [
        party(index, from, to, Reason::Principal),
        party(index, from, to, Reason::Manager),
        phone(index, from, to),
        name(index, from, to),
        // The landlord of one place is no further reason.
        if place.is_some() { None } else { party(index, from, to, Reason::Landlord) },
        place,
    ];
    let mut evidence: Vec<Weighed> = shared.into_iter().flatten().filter(|it| it.weight > 0).collect();
    if evidence.is_empty() {
        return None;
    }
    let bare = |reason, weight| Weighed { reason, weight, sites: 0 };
    evidence.push(bare(Reason::Days, gap(days)));
    if !same_kind {
        evidence.push(bare(Reason::OtherKind, OTHER_KIND));
    }
    if let Some(weight) = one.ending.and_then(ending) {
        evidence.push(bare(Reason::Ending, weight));
    }
    Some(Evidence(evidence))
}

/// The rarest party of both in such a tie.
fn party(index: &Index<'_>, from: u32, to: u32, reason: Reason) -> Option<Weighed> {
    let (tie, rarity) = match reason {
        Reason::Principal => (Tie::Principal, PRINCIPAL),
        Reason::Manager => (Tie::Manager, MANAGER),
        _ => (Tie::Landlord, LANDLORD),
    };
    let (one, other) = (&index.sites[from as usize], &index.sites[to as usize]);
    let is = |it: Tie| match reason {
        // Who managed and now owns has only changed the paper.
        Reason::Manager => matches!(it, Tie::Manager | Tie::Principal),
        _ => it == tie,
    };
    let own = one.parties.iter().filter(|it| is(it.1));
    let both = own.filter(|mine| {
        other.parties.iter().any(|it| {
            let both_principals = mine.1 == Tie::Principal && it.1 == Tie::Principal;
            it.0 == mine.0 && is(it.1) && !(reason == Reason::Manager && both_principals)
        })
    });
    let sites = both.map(|it| index.behind(it.0)).min()?;
    Some(shared(reason, &rarity, sites))
}

fn phone(index: &Index<'_>, from: u32, to: u32) -> Option<Weighed> {
    let (one, other) = (&index.sites[from as usize], &index.sites[to as usize]);
    let both = one.phones.iter().filter(|it| other.phones.contains(it));
    let sites = both.map(|it| index.with_phone(it)).min()?;
    Some(shared(Reason::Phone, &PHONE, sites))
}

fn name(index: &Index<'_>, from: u32, to: u32) -> Option<Weighed> {
    let found = index.naming.compare(from, to)?;
    let mut weight = f64::from(NAME.of(found.sites));
    if found.by_sound {
        weight *= BY_SOUND;
    }
    if found.leftover {
        weight *= LEFTOVER;
    }
    let reason = if found.by_sound || found.leftover { Reason::LookAlike } else { Reason::Name };
    Some(Weighed { reason, weight: libm::round(weight) as i32, sites: found.sites as u32 })
}

fn place(index: &Index<'_>, from: u32, to: u32) -> Option<Weighed> {
    let (one, other) = (&index.sites[from as usize], &index.sites[to as usize]);
    if let Some(building) = one.building.filter(|it| other.building == Some(*it)) {
        let sites = index.in_building(building);
        return Some(if one.unit == other.unit {
            shared(Reason::SamePremises, &SAME_PREMISES, sites)
        } else {
            shared(Reason::SameBuilding, &SAME_BUILDING, sites)
        });
    }
    let near = distance::within(one.point?, other.point?, Meters(50.0));
    near.then_some(Weighed { reason: Reason::NextDoor, weight: NEXT_DOOR, sites: 0 })
}

fn shared(reason: Reason, rarity: &Rarity, sites: usize) -> Weighed {
    Weighed { reason, weight: rarity.of(sites as f64), sites: u32::try_from(sites).unwrap_or(u32::MAX) }
}

/// What the days between weigh: most soon after the one has ended; long before it did counts against.
fn gap(days: Option<i64>) -> i32 {
    match days {
        Some(..=-181) => -600,
        Some(-180..=-91) => -450,
        Some(-90..=-31) => -250,
        Some(0..=90) => 220,
        Some(-30..=-1 | 91..=200) => 120,
        None | Some(201..=400) => -60,
        Some(401..=700) => -200,
        Some(701..) => -400,
    }
}

fn ending(it: Ending) -> Option<i32> {
    match it {
        Ending::Revoked | Ending::Moved => Some(60),
        Ending::Closed | Ending::Lapsed => None,
    }
}

/// Odds that so many hundredths of a bit make a succession.
pub(super) fn odds(weight: i32) -> f64 {
    libm::exp2(FIT.0 * (f64::from(weight) / 100.0) + FIT.1)
}

/// Slope and intercept in bits, by conditional logistic regression on invented states 0 to 9; a test fits them again.
pub(super) const FIT: (f64, f64) = (0.99, -4.12);
