//! A register that rows are matched against: its rows made ready, in blocks, with the model learned for it.

use super::blocks::Blocks;
use super::compare::{Pattern, compare, compare_blocked};
use super::entity::{Entity, Row};
use super::evidence::Evidence;
use super::model::{Bar, Model, bar};
use super::names::Vocabulary;
use crate::text::address::Address;

/// The rows of a register, ready to be matched against.
#[derive(Debug, Default)]
pub struct Register {
    pub(super) rows: Vec<Entity>,
    words: Vocabulary,
    blocks: Blocks,
}

/// A row of the register that another row may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its place in the register.
    pub at: u32,
    /// The odds that it is the same, without thought of the others.
    pub odds: f64,
    pub(super) pattern: Pattern,
}

impl Register {
    /// Takes up rows; [`Vocabulary`] must have seen all of them before.
    pub fn new(rows: Vec<Entity>, words: Vocabulary) -> Self {
        let mut blocks = Blocks::default();
        for (at, row) in (0..).zip(&rows) {
            blocks.add(at, row);
        }
        Self { rows, words, blocks }
    }

    /// Takes up one more row; those before keep what their words weighed.
    pub fn insert(&mut self, row: &Row<'_>, address: &Address) {
        self.words.add(&row.names());
        let row = Entity::with_address(row, address, &self.words);
        self.blocks.add(u32::try_from(self.rows.len()).expect("far fewer than four billion rows"), &row);
        self.rows.push(row);
    }

    /// The row at a place, compared with another: for a pair that was found in another way.
    pub(super) fn compared(&self, row: &Entity, at: u32) -> Pattern {
        compare(row, &self.rows[at as usize])
    }

    /// The words of its names.
    pub(super) fn words(&self) -> &Vocabulary {
        &self.words
    }

    /// Reads a row to be matched.
    pub fn read(&self, row: &Row<'_>) -> Entity {
        Entity::new(row, &self.words)
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The places of the rows that share a block with `row`.
    pub fn blocked(&self, row: &Entity, found: &mut Vec<u32>) {
        self.blocks.candidates(row, found);
    }

    /// Learns what the fields weigh from a sample of the rows to be matched: without labels, always the same. A row of the
    /// register itself comes with its place, and is not compared with itself.
    pub fn learn(&self, sample: &[(Option<u32>, Entity)]) -> Model {
        let mut found = Vec::new();
        let compares: Vec<Vec<Pattern>> = sample
            .iter()
            .map(|(own, row)| {
                self.blocked(row, &mut found);
                let others = found.iter().filter(|at| Some(**at) != *own);
                others.filter_map(|at| compare_blocked(row, &self.rows[*at as usize])).collect()
            })
            .collect();
        Model::learn(self.rows.len(), &compares, &self.strangers(sample))
    }

    /// Pairs drawn at random, by a fixed sequence.
    fn strangers(&self, sample: &[(Option<u32>, Entity)]) -> Vec<Pattern> {
        if sample.is_empty() || self.rows.is_empty() {
            return Vec::new();
        }
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut draw = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % n as u64).unwrap_or(0)
        };
        let n_pairs = STRANGERS.min(sample.len().saturating_mul(self.rows.len()));
        let pairs = (0..n_pairs).map(|_| (draw(sample.len()), draw(self.rows.len())));
        pairs
            .filter(|(row, at)| sample[*row].0.is_none_or(|own| own as usize != *at))
            .map(|(row, at)| compare(&sample[row].1, &self.rows[at]))
            .collect()
    }

    /// What `row` may be, by the model, in the order of the register; `found` is room for the rows of its blocks.
    pub fn candidates(&self, row: &Entity, model: &Model, found: &mut Vec<u32>) -> Vec<Candidate> {
        self.blocked(row, found);
        let candidate = |at: &u32| {
            let pattern = compare_blocked(row, &self.rows[*at as usize])?;
            let odds = model.odds(&pattern);
            (odds > LEAST).then_some(Candidate { at: *at, odds, pattern })
        };
        found.iter().filter_map(candidate).collect()
    }
}

impl Candidate {
    /// Whether only a person may link it, however probable it is.
    pub fn needs_person(&self) -> bool {
        bar(&self.pattern) == Bar::Person
    }

    /// What was compared, and what it weighs.
    pub fn evidence(&self, model: &Model) -> Evidence {
        model.evidence(&self.pattern)
    }
}

/// Pairs drawn at random, at most, for learning how strangers look.
const STRANGERS: usize = 200_000;
/// Odds below which a candidate is not worth keeping.
const LEAST: f64 = 1e-3;
