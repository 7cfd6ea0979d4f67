//! How well the detector does on invented states: precision, recall and whether its probabilities come true.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::state::{Sort, State};
use crate::successions::detect::{Candidate, detect};

/// Proposals and what they were.
#[derive(Default)]
pub(super) struct Measured {
    /// Probability in thousandths, weight, and whether it was one.
    pub(super) proposed: Vec<(u16, i32, bool)>,
    /// How many there are to find.
    n_true: usize,
    /// The likeliest proposals of sites that have a successor: how many, and how many of them were right.
    first: (usize, usize),
    /// By sort: found, or proposed for a decoy, and all of the sort.
    sorts: BTreeMap<Sort, (usize, usize)>,
}

/// Proposals about as likely.
#[derive(Debug)]
pub(super) struct Bin {
    pub(super) n: usize,
    pub(super) said: f64,
    pub(super) came_true: f64,
}

/// Runs the detector on each state.
pub(super) fn measure(states: &[State]) -> Measured {
    let mut measured = Measured::default();
    states.iter().for_each(|it| measured.add(it, &detect(&it.sites).candidates));
    measured
}

impl Measured {
    fn add(&mut self, state: &State, candidates: &[Candidate]) {
        let is_true = |from, to| state.pairs.get(&(from, to)).is_some_and(|it| Sort::TRUE.contains(it));
        let proposed: HashSet<(usize, usize)> = candidates.iter().map(|it| (it.from, it.to)).collect();
        for (pair, sort) in &state.pairs {
            let of_sort = self.sorts.entry(*sort).or_default();
            of_sort.0 += usize::from(proposed.contains(pair));
            of_sort.1 += 1;
            self.n_true += usize::from(Sort::TRUE.contains(sort));
        }
        let mut last = None;
        for it in candidates {
            let right = is_true(it.from, it.to);
            self.proposed.push((it.probability, it.evidence.weight(), right));
            if last != Some(it.from)
                && state.pairs.iter().any(|(pair, sort)| pair.0 == it.from && Sort::TRUE.contains(sort))
            {
                self.first.0 += 1;
                self.first.1 += usize::from(right);
            }
            last = Some(it.from);
        }
    }

    /// The share of proposals at least so likely, in thousandths, that were successions.
    pub(super) fn precision(&self, least: u16) -> f64 {
        let proposed = self.proposed.iter().filter(|it| it.0 >= least).count();
        self.right(least) as f64 / proposed.max(1) as f64
    }

    /// The share of successions that were proposed as at least so likely; those that nothing on record shows among them.
    pub(super) fn recall(&self, least: u16) -> f64 {
        self.right(least) as f64 / self.n_true.max(1) as f64
    }

    /// Of the sites with a successor and a proposal, the share whose likeliest proposal is it.
    pub(super) fn first_right(&self) -> f64 {
        self.first.1 as f64 / self.first.0.max(1) as f64
    }

    /// How many pairs of a decoy were proposed, and how many there are.
    pub(super) fn decoy(&self, sort: Sort) -> (usize, usize) {
        self.sorts.get(&sort).copied().unwrap_or_default()
    }

    /// Proposals by tenths of probability.
    pub(super) fn bins(&self) -> Vec<Bin> {
        let bin = |tenth: u16| {
            let of: Vec<_> = self.proposed.iter().filter(|it| it.0 / 100 == tenth).collect();
            let n = of.len().max(1) as f64;
            Bin {
                n: of.len(),
                said: of.iter().map(|it| f64::from(it.0)).sum::<f64>() / 1_000.0 / n,
                came_true: of.iter().filter(|it| it.2).count() as f64 / n,
            }
        };
        (3..10).map(bin).collect()
    }

    fn right(&self, least: u16) -> usize {
        self.proposed.iter().filter(|it| it.0 >= least && it.2).count()
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} successions, {} proposals", self.n_true, self.proposed.len())?;
        for least in [300, 500, 700, 900] {
            let (precision, recall) = (self.precision(least), self.recall(least));
            writeln!(f, "at {least}: precision {precision:.3} recall {recall:.3}")?;
        }
        writeln!(f, "likeliest is right: {:.3} of {}", self.first_right(), self.first.0)?;
        for it in self.bins() {
            writeln!(f, "said {:.3} came true {:.3} ({})", it.said, it.came_true, it.n)?;
        }
        self.sorts.iter().try_for_each(|(sort, it)| writeln!(f, "{sort:?}: {} of {}", it.0, it.1))
    }
}
