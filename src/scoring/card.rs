//! The score card: what each kind of record is worth, read from `data/models/*.toml` and checked.

use std::collections::BTreeMap;

use super::input::{Grade, Origin};
use super::{Centipoints, Family, Feature};

/// A checked card; `data/models/expert.toml` explains each number.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its word, unique among the cards.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// SHA-256 of the file's bytes, in hex: every score names it.
    pub hash: String,
    /// The file's whole text, to be kept with what the card produced.
    pub text: String,
    /// The site kinds that it is for; none: every kind without a card of its own.
    pub kinds: Vec<String>,
    /// How many sites the teams can take.
    pub capacity: Capacity,
    /// What stands in for what is not known.
    pub unknown: Unknown,
    /// Each family's numbers.
    pub families: BTreeMap<Family, FamilyCard>,
    /// Base points of each feature.
    pub points: BTreeMap<Feature, Centipoints>,
    /// Weights of the letters A to F.
    pub reliability: [f64; 6],
    /// Weights of the digits 1 to 6.
    pub credibility: [f64; 6],
    /// Grades of records that carry none.
    pub grade: DefaultGrades,
    /// Weights of who brought a matter up.
    pub origin: BTreeMap<Origin, f64>,
}

/// How many sites of a kind the teams can take in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Of the kind's open sites, 0 to 1.
    pub share: f64,
    /// And no fewer than this.
    pub at_least: usize,
}

impl Capacity {
    /// Sites in tier 1 (and again in tier 2) of a kind with so many open sites; a part of a site is a site.
    pub fn sites(self, n_open: usize) -> usize {
        // Thousandths, so that 5 % of 200 is 10 and not 11 by a rounding error.
        let thousandths = libm::round(self.share * 1000.0) as usize;
        (n_open * thousandths).div_ceil(1000).max(self.at_least)
    }
}

/// What stands in for what is not known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unknown {
    /// Days for which a visit tells what a site is like.
    pub visit_days: i64,
    /// Thousandths of a site that must be known for it to shape what is typical.
    pub coverage: i64,
    /// Kinds with fewer such sites take what is typical of all kinds.
    pub at_least_sites: usize,
    /// Typical score before any full run.
    pub typical: Centipoints,
    /// High score before any full run.
    pub high: Centipoints,
}

/// A family's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FamilyCard {
    /// Its points stop here; the caps add to 100.
    pub cap: Centipoints,
    /// Days in which a record's weight halves.
    pub half_life_days: f64,
    /// Records older than this count for nothing.
    pub stop_days: Option<i64>,
    /// Anonymous records that nothing confirms count for so much together.
    pub anonymous_cap: Option<Centipoints>,
}

/// Grades of records that carry none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DefaultGrades {
    /// The agency's own records and registers.
    pub agency: Grade,
    /// A complainant whom the agency knows.
    pub complainant: Grade,
    /// One whom it does not know.
    pub anonymous: Grade,
    /// Anonymous at first, confirmed by another source.
    pub confirmed: Grade,
}

impl Card {
    /// The family's numbers.
    pub fn family(&self, family: Family) -> FamilyCard {
        *self.families.get(&family).expect("a checked card has every family")
    }

    /// Base points of a feature.
    pub fn base(&self, feature: Feature) -> Centipoints {
        self.points.get(&feature).copied().unwrap_or_default()
    }

    /// The weight of a grade.
    pub fn source_weight(&self, grade: Grade) -> f64 {
        self.reliability[grade.reliability()] * self.credibility[grade.credibility()]
    }

    /// The weight of an origin.
    pub fn origin_weight(&self, origin: Origin) -> f64 {
        self.origin.get(&origin).copied().unwrap_or_default()
    }
}

/// The cards in force, one for each kind and one for all others.
#[derive(Clone, Debug)]
pub struct Cards(Vec<Card>);

impl Cards {
    /// Checks that exactly one card is for all other kinds, that no kind has two, and that ids are unique.
    pub fn new(cards: Vec<Card>) -> Result<Self, String> {
        let general: Vec<&str> =
            cards.iter().filter(|it| it.kinds.is_empty()).map(|it| it.id.as_str()).collect();
        if general.len() != 1 {
            return Err(format!(
                "exactly one card must have `kinds = []`, to serve every kind without a card of its own; found: {general:?}"
            ));
        }
        let mut kinds: Vec<&String> = cards.iter().flat_map(|it| &it.kinds).collect();
        kinds.sort();
        if let Some(twice) = kinds.windows(2).find(|it| it[0] == it[1]) {
            return Err(format!("two cards are for `{}`; take it out of the `kinds` of one", twice[0]));
        }
        let mut ids: Vec<&String> = cards.iter().map(|it| &it.id).collect();
        ids.sort();
        if let Some(twice) = ids.windows(2).find(|it| it[0] == it[1]) {
            return Err(format!("two cards have the id `{}`; give one another", twice[0]));
        }
        Ok(Self(cards))
    }

    /// The card for a site kind (a word of `kinds.toml`).
    pub fn of_kind(&self, kind: &str) -> &Card {
        let own = self.0.iter().find(|it| it.kinds.iter().any(|own| own == kind));
        own.or_else(|| self.0.iter().find(|it| it.kinds.is_empty())).expect("one card is for all other kinds")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Card> {
        self.0.iter()
    }
}
