//! Tiers by capacity: who comes first among the open sites of a kind, as many as the teams can take; and nobody
//! without a reason, even where there is room.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Centipoints;
use super::card::Capacity;
use crate::clock::Moment;
use crate::db::text_enum;

text_enum! {
    /// Where a site stands in the order of visits.
    Tier {
        /// As many as one period's capacity, or as have points of their own.
        First = "first",
        /// As many again.
        Second = "second",
        /// All others that are open and scored, and all to which no record gave points.
        Third = "third",
        /// Nothing is known of it, or it is not open.
        NotScored = "not_scored",
    }
}

/// Where an open site stands by its points: more come first, ties by SHA-256 of `site id|as of`, which nobody can
/// choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standing {
    /// Its points.
    pub points: Centipoints,
    /// The first half of the tie-breaking hash.
    pub tie: u64,
}

impl Standing {
    /// The standing of a site as of a moment.
    pub fn of(site: Uuid, points: Centipoints, as_of: Moment) -> Self {
        let hash = Sha256::digest(format!("{site}|{as_of}"));
        let first = hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        Self { points, tie: first }
    }
}

impl PartialOrd for Standing {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// First is less.
impl Ord for Standing {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.points.cmp(&self.points).then(self.tie.cmp(&other.tie))
    }
}

/// Where the tiers of a kind end: the last standing of each, for sites recomputed after a full run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cutoffs {
    /// The last of tier 1; none where there was room left.
    pub first: Option<Standing>,
    /// The last of tier 2; none where there was room left.
    pub second: Option<Standing>,
}

impl Cutoffs {
    /// The tier that a site with points of its own would have had in the run; make its standing as of the run's
    /// moment, else ties differ.
    pub fn tier(&self, it: Standing) -> Tier {
        // Where the run left room in a tier, whoever comes now fits in.
        let fits = |last: Option<Standing>| last.is_none_or(|last| it <= last);
        if fits(self.first) {
            Tier::First
        } else if fits(self.second) {
            Tier::Second
        } else {
            Tier::Third
        }
    }
}

/// An open, scored site before it is ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The site.
    pub site: Uuid,
    /// Its points, with what is typical in place of the unknown.
    pub points: Centipoints,
    /// Whether a record gave it any of them. What is only typical of the kind is no reason for a visit.
    pub has_reason: bool,
}

/// One site's place among the open, scored sites of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The site.
    pub site: Uuid,
    /// Its place, from 1.
    pub place: usize,
    /// Its tier.
    pub tier: Tier,
}

/// Ranks the open, scored sites of one kind, given in any order; `n_open` is the number of all its open sites. Those
/// with a reason come before those without, and only they fill the tiers. Returns them in order, and where the tiers
/// end.
pub fn rank(
    capacity: Capacity,
    n_open: usize,
    sites: impl IntoIterator<Item = Candidate>,
    as_of: Moment,
) -> (Vec<Ranked>, Cutoffs) {
    let (mut order, mut others) = (Vec::new(), Vec::new());
    for it in sites {
        let among = if it.has_reason { &mut order } else { &mut others };
        among.push((Standing::of(it.site, it.points, as_of), it.site));
    }
    order.sort_unstable();
    others.sort_unstable();
    let (k, n_with_reason) = (capacity.sites(n_open), order.len());
    let last = |place: usize| order.get(place.wrapping_sub(1)).map(|it| it.0);
    let cutoffs = Cutoffs { first: last(k), second: last(2 * k) };
    let tier = |place: usize| match place {
        it if it > n_with_reason => Tier::Third,
        it if it <= k => Tier::First,
        it if it <= 2 * k => Tier::Second,
        _ => Tier::Third,
    };
    let all = order.iter().chain(&others).zip(1..);
    let ranked = all.map(|((_, site), place)| Ranked { site: *site, place, tier: tier(place) }).collect();
    (ranked, cutoffs)
}
