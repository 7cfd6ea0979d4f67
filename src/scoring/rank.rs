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

#[cfg(test)]
mod tests {
    use super::*;

    fn as_of() -> Moment {
        "2026-11-23".parse().unwrap()
    }

    /// That of the shipped card.
    fn capacity() -> Capacity {
        Capacity { share: 0.05, at_least: 10 }
    }

    #[test]
    fn tiers_hold_as_many_sites_as_the_teams_can_take() {
        let capacity = Capacity { share: 0.05, at_least: 2 };
        let sites = (0..100).map(|it| candidate(it, (it as i64 % 7) * 100));

        let (ranked, cutoffs) = rank(capacity, 100, sites.clone(), as_of());

        let count = |tier| ranked.iter().filter(|it| it.tier == tier).count();
        assert_eq!([Tier::First, Tier::Second, Tier::Third].map(count), [5, 5, 90]);
        let (other_order, _) = rank(capacity, 100, sites.clone().rev(), as_of());
        assert_eq!(ranked, other_order);
        for it in sites.filter(|it| it.has_reason) {
            let tier = ranked.iter().find(|ranked| ranked.site == it.site).unwrap().tier;
            assert_eq!(cutoffs.tier(Standing::of(it.site, it.points, as_of())), tier);
        }
    }

    #[test]
    fn a_small_kind_fits_into_the_first_tier() {
        let (ranked, cutoffs) = rank(capacity(), 3, (1..4).map(|it| candidate(it, 1)), as_of());

        assert!(ranked.iter().all(|it| it.tier == Tier::First));
        assert_eq!(cutoffs.tier(Standing::of(Uuid::nil(), Centipoints(1), as_of())), Tier::First);
        assert_eq!([200, 201, 10].map(|n_open| capacity().sites(n_open)), [10, 11, 10]);
    }

    #[test]
    fn a_site_without_a_reason_fills_no_tier() {
        let capacity = Capacity { share: 0.05, at_least: 2 };
        // Much is unknown of the others, so that what is typical of their kind lifts them above those with a reason.
        let typical = (5..20).map(|it| Candidate { has_reason: false, ..candidate(it, 900) });

        let (ranked, cutoffs) =
            rank(capacity, 20, (1..4).map(|it| candidate(it, 100)).chain(typical), as_of());

        let tiers: Vec<Tier> = ranked.iter().map(|it| it.tier).collect();
        assert_eq!(tiers[..4], [Tier::First, Tier::First, Tier::Second, Tier::Third]);
        assert!(tiers[4..].iter().all(|it| *it == Tier::Third));
        assert!(ranked[..3].iter().all(|it| it.site < Uuid::from_u128(5)));
        assert_eq!(cutoffs.second, None);
    }

    fn candidate(n: u128, points: i64) -> Candidate {
        Candidate { site: Uuid::from_u128(n), points: Centipoints(points), has_reason: points > 0 }
    }
}
