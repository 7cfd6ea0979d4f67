//! The detector: for each site that ended, those that may be its successor, in any city. Pure; a person confirms.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use super::index::{Index, LeftOut};
use super::premises::Premises;
use super::weigh;

/// At least so likely is a candidate, in thousandths.
pub const LEAST: u16 = 300;
/// A site has no more candidates than this.
pub const MOST_CANDIDATES: usize = 5;

/// One proposal, by the places of the two sites in the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The site that ended.
    pub from: usize,
    /// The one that may be its successor.
    pub to: usize,
    /// How likely, in thousandths; a site has one successor at most, so that its candidates share what is likely.
    pub probability: u16,
    /// Why.
    pub evidence: Evidence,
    /// From the end of the one to the opening of the other; less than nothing if they overlap.
    pub days: Option<i64>,
}

/// What was found, and what could not be looked through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// By the site that ended, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// Parties, numbers, words and places that too many sites share to tell any two of them apart, the longest first.
    pub left_out: Vec<LeftOut>,
}

/// Looks for the successor of each site that ended. Takes time in the number of sites, whatever they share.
pub fn detect(sites: &[Premises]) -> Found {
    detect_from(sites, LEAST)
}

/// As [`detect`], with candidates from another probability on.
pub(super) fn detect_from(sites: &[Premises], least: u16) -> Found {
    let index = Index::new(sites);
    let mut found = Found::default();
    let mut left_out = BTreeSet::new();
    for (n, site) in (0u32..).zip(sites) {
        if site.ending.is_some() {
            found.candidates.extend(successors(&index, n, least, &mut left_out));
        }
    }
    found.left_out = left_out.into_iter().collect();
    found.left_out.sort_by(|a, b| b.sites.cmp(&a.sites).then(a.what.cmp(&b.what)));
    found
}

fn successors(index: &Index<'_>, from: u32, least: u16, left_out: &mut BTreeSet<LeftOut>) -> Vec<Candidate> {
    let mut around = Vec::new();
    index.around(
        from,
        |it| around.push(it),
        |it| {
            left_out.insert(it);
        },
    );
    around.sort_unstable();
    around.dedup();
    let weighed = around.into_iter().filter_map(|to| Some((to, weigh::weigh(index, from, to)?)));
    let mut weighed: Vec<(u32, Evidence)> = weighed.filter(|it| it.1.is_enough()).collect();
    weighed.sort_by_key(|(to, evidence)| (std::cmp::Reverse(evidence.weight()), *to));
    let all: f64 = weighed.iter().map(|it| weigh::odds(it.1.weight())).sum();
    let candidate = |(to, evidence): (u32, Evidence)| Candidate {
        from: from as usize,
        to: to as usize,
        probability: libm::round(1_000.0 * weigh::odds(evidence.weight()) / (1.0 + all)).min(999.0) as u16,
        days: weigh::days(index, from, to),
        evidence,
    };
    let likely = weighed.into_iter().map(candidate).filter(|it| it.probability >= least);
    likely.take(MOST_CANDIDATES).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Found, detect};
    use crate::successions::evidence::Reason;
    use crate::successions::index::Sharing;
    use crate::successions::premises::{Ending, Premises, Tie};

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n)
    }

    /// One that ran from the first of the year until day 100.
    fn closed(name: &str) -> Premises {
        Premises {
            names: vec![name.to_owned()],
            kind: "massage_parlor".to_owned(),
            opened_on: Some(day(0)),
            closed_on: Some(day(100)),
            ending: Some(Ending::Closed),
            ..Premises::default()
        }
    }

    fn open(name: &str, from: u64) -> Premises {
        Premises { opened_on: Some(day(from)), closed_on: None, ending: None, ..closed(name) }
    }

    fn pairs(found: &Found) -> Vec<(usize, usize)> {
        found.candidates.iter().map(|it| (it.from, it.to)).collect()
    }

    #[test]
    fn the_same_owner_in_another_city_is_a_successor_and_why_is_said() {
        let mut sites = [closed("Lotus Spa"), open("Ivy Massage", 130)];
        sites.iter_mut().for_each(|it| it.parties = vec![(7, Tie::Principal)]);

        let found = detect(&sites);

        assert_eq!(pairs(&found), [(0, 1)]);
        assert_eq!(found.candidates[0].days, Some(30));
        assert_eq!(found.candidates[0].evidence.0[0].reason, Reason::Principal);
    }

    #[test]
    fn a_new_tenant_a_landlord_an_agent_or_a_name_alone_is_none() {
        let tenant = || (Some(5), Some("2".to_owned()));
        for share in ["premises", "landlord", "agent", "name", "manager"] {
            let mut sites = [closed("Lotus Spa"), open("Ivy Massage", 130)];
            for site in &mut sites {
                match share {
                    "premises" => (site.building, site.unit) = tenant(),
                    "landlord" => site.parties = vec![(7, Tie::Landlord)],
                    "agent" => site.parties = vec![(7, Tie::Agent)],
                    "manager" => site.parties = vec![(7, Tie::Manager)],
                    _ => site.names = vec!["Lotus Spa".to_owned()],
                }
            }

            assert!(detect(&sites).candidates.is_empty(), "{share}");
        }
    }

    #[test]
    fn two_of_them_together_are_one() {
        let mut sites = [closed("Lotus Spa"), open("Lotos Massage", 130)];
        sites.iter_mut().for_each(|it| it.phones = vec!["6125550142".to_owned()]);

        assert_eq!(pairs(&detect(&sites)), [(0, 1)]);
    }

    #[test]
    fn another_kind_or_long_before_is_none() {
        for (kind, opened) in [("lodging", 130), ("massage_parlor", 0)] {
            let mut sites = [closed("Lotus Spa"), open("Ivy Massage", opened)];
            sites[0].closed_on = Some(day(400));
            sites[1].kind = kind.to_owned();
            sites.iter_mut().for_each(|it| it.parties = vec![(7, Tie::Principal)]);

            assert!(detect(&sites).candidates.is_empty(), "{kind}");
        }
    }

    #[test]
    fn one_site_is_not_its_own_successor_and_nothing_known_is_nothing_found() {
        let nothing = Premises { ending: Some(Ending::Closed), ..Premises::default() };

        assert_eq!(detect(&[]), Found::default());
        assert!(detect(&[nothing.clone(), nothing]).candidates.is_empty());
        assert!(detect(&[closed("Lotus Spa")]).candidates.is_empty());
    }

    #[test]
    fn what_too_many_share_is_left_out_and_said() {
        let sites: Vec<Premises> = (0..10_000)
            .map(|n| {
                let mut it = if n % 2 == 0 { closed("Asian Massage") } else { open("Asian Massage", 130) };
                it.parties = vec![(1, Tie::Landlord), (2, Tie::Agent)];
                it.building = Some(9);
                it
            })
            .collect();

        let found = detect(&sites);

        assert!(found.candidates.is_empty());
        let told: Vec<_> = found.left_out.iter().map(|it| (it.what, it.sites)).collect();
        assert_eq!(told[0], (Sharing::Party, 10_000));
        assert!(told.iter().any(|it| it.0 == Sharing::Building));
    }
}
