//! Tiers by capacity: who comes first among the open sites of a kind, as many as the teams can take.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Centipoints;
use super::card::Capacity;
use crate::clock::Moment;
use crate::db::text_enum;

text_enum! {
    /// Where a site stands in the order of visits.
    Tier {
        /// As many as one period's capacity.
        First = "first",
        /// As many again.
        Second = "second",
        /// All others that are open and scored.
        Third = "third",
        /// Nothing is known of it, or it is not open.
        NotScored = "not_scored",
    }
}

/// An open site's place in the order: more points come first, ties by SHA-256 of `site id|as of`, which nobody
/// can choose.
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
    /// The tier that a standing would have had in the run; make it as of the run's moment, else ties differ.
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

/// Ranks the open, scored sites of one kind, given as (site, points), in any order; `n_open` is the number of all
/// its open sites. Returns them in order, and where the tiers end.
pub fn rank(
    capacity: Capacity,
    n_open: usize,
    sites: impl IntoIterator<Item = (Uuid, Centipoints)>,
    as_of: Moment,
) -> (Vec<Ranked>, Cutoffs) {
    let mut order: Vec<(Standing, Uuid)> =
        sites.into_iter().map(|(site, points)| (Standing::of(site, points, as_of), site)).collect();
    order.sort_unstable();
    let k = capacity.sites(n_open);
    let tier = |place: usize| match place {
        it if it <= k => Tier::First,
        it if it <= 2 * k => Tier::Second,
        _ => Tier::Third,
    };
    let ranked =
        order.iter().zip(1..).map(|((_, site), place)| Ranked { site: *site, place, tier: tier(place) });
    let last = |place: usize| order.get(place.wrapping_sub(1)).map(|it| it.0);
    let cutoffs = Cutoffs { first: last(k), second: last(2 * k) };
    (ranked.collect(), cutoffs)
}
