//! What is typical of each kind of site: fixed by a full run, stored with it, and used until the next.

use std::collections::BTreeMap;

use super::Centipoints;
use super::card::Cards;
use super::reason::Assessment;
use crate::clock::Moment;

/// Typical and high scores of each kind, and what a single recompute must know of the last full run.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Population {
    /// The moment as of which the run was made.
    pub as_of: Moment,
    /// By kind, a word of `kinds.toml`.
    pub kinds: BTreeMap<String, Typical>,
    /// Where the tiers of each kind end; see [`super::rank::rank`].
    pub cutoffs: BTreeMap<String, super::rank::Cutoffs>,
}

/// A kind's typical and high score: median and 90th percentile of what is known of its open sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Typical {
    /// Sites of which enough was known to count here.
    pub sites: usize,
    /// Stands in for what is not known.
    pub median: Centipoints,
    /// Stands in for it at the upper end of the interval.
    pub high: Centipoints,
}

impl Population {
    /// The figures of a full run over all open sites, as (kind, assessment), in any order.
    ///
    /// A kind with fewer well-known sites than its card asks for takes the figures of all kinds together; if
    /// those too are few, the card's own.
    pub fn of<'a>(
        cards: &Cards,
        as_of: Moment,
        sites: impl IntoIterator<Item = (&'a str, &'a Assessment)>,
    ) -> Self {
        let mut by_kind: BTreeMap<&str, Vec<Centipoints>> = BTreeMap::new();
        let mut all = Vec::new();
        for (kind, site) in sites {
            let own = by_kind.entry(kind).or_default();
            if site.coverage() >= cards.of_kind(kind).unknown.coverage.max(1) {
                own.extend(site.known_score());
                all.extend(site.known_score());
            }
        }
        all.sort_unstable();
        let kinds = by_kind.into_iter().map(|(kind, mut own)| {
            own.sort_unstable();
            let card = cards.of_kind(kind).unknown;
            let enough = |it: &&Vec<Centipoints>| it.len() >= card.at_least_sites;
            let of = [&own, &all].into_iter().find(enough);
            let figures = of.and_then(|it| Some((percentile(it, 50)?, percentile(it, 90)?)));
            let (median, high) = figures.unwrap_or((card.typical, card.high));
            (kind.to_owned(), Typical { sites: own.len(), median, high })
        });
        Self { as_of, kinds: kinds.collect(), cutoffs: BTreeMap::new() }
    }

    /// Before any full run: the cards' own figures.
    pub fn none(as_of: Moment) -> Self {
        Self { as_of, kinds: BTreeMap::new(), cutoffs: BTreeMap::new() }
    }

    /// A kind's figures; those of its card where no run has seen the kind.
    pub fn typical(&self, cards: &Cards, kind: &str) -> Typical {
        let card = cards.of_kind(kind).unknown;
        self.kinds.get(kind).copied().unwrap_or(Typical { sites: 0, median: card.typical, high: card.high })
    }
}

/// By nearest rank: the smallest value that at least `percent` of all do not exceed.
fn percentile(sorted: &[Centipoints], percent: usize) -> Option<Centipoints> {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied()
}

impl Assessment {
    /// Thousandths of the full score that are known.
    pub fn coverage(&self) -> i64 {
        let known: i64 = self.families.iter().map(|it| it.known * it.cap.0).sum();
        known / Centipoints::FULL.0
    }

    /// The points of the families as far as they are known, out of as much; none if nothing is known.
    pub fn known_score(&self) -> Option<Centipoints> {
        let known: i64 = self.families.iter().map(|it| it.known * it.cap.0).sum();
        let points: i64 = self.families.iter().map(|it| it.known * it.points.0).sum();
        (known > 0).then(|| Centipoints((points * Centipoints::FULL.0 + known / 2) / known))
    }
}
