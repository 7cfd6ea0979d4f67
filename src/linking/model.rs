//! Fellegi and Sunter's model (A theory for record linkage, JASA 64, 1969): how often each level of each field is seen in
//! pairs that belong together (m) and in pairs that do not (u), learned without labels by expectation and maximization.

use std::collections::BTreeMap;

use anyhow::Context;

use super::compare::Pattern;
use super::evidence::{Compared, Evidence, Field, Level};

/// Levels that are compared; [`Level::Missing`] says nothing.
const LEVELS: usize = Level::ALL.len() - 1;
const FIELDS: usize = Field::ALL.len();

/// What the fields of a pair weigh.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How often each level is seen in pairs that belong together, by field.
    m: [[f64; LEVELS]; FIELDS],
    /// The same in pairs that do not.
    u: [[f64; LEVELS]; FIELDS],
    /// The share of rows that have a counterpart in the register.
    matched: f64,
    /// How many rows the register has.
    n_rows: f64,
}

/// The candidates of one row, compared.
pub(super) type Compares = Vec<Pattern>;

const ROUNDS: usize = 50;

/// The file of a model.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    matched: f64,
    m: BTreeMap<Field, [f64; LEVELS]>,
    u: BTreeMap<Field, [f64; LEVELS]>,
}

/// A number that never was seen counts as seldom as this, so that no level weighs infinitely.
const SELDOM: f64 = 1e-6;

impl Model {
    /// Reads a model from TOML, for a register of `n_rows`.
    ///
    /// # Errors
    /// A field is missing or unknown, or the shares of its levels do not add up to one.
    pub fn parse(text: &str, n_rows: usize) -> anyhow::Result<Self> {
        let written: Written = toml::from_str(text)?;
        let table = |which: &str, shares: &BTreeMap<Field, [f64; LEVELS]>| {
            let mut table = [[SELDOM; LEVELS]; FIELDS];
            for field in Field::ALL {
                let levels = shares.get(field).with_context(|| format!("[{which}] has no {field}"))?;
                let all: f64 = levels.iter().sum();
                anyhow::ensure!(
                    (all - 1.0).abs() < 1e-6,
                    "[{which}] {field}: the levels add up to {all}, not to 1"
                );
                table[*field as usize] = levels.map(|it| it.max(SELDOM));
            }
            Ok(table)
        };
        anyhow::ensure!(0.0 < written.matched && written.matched < 1.0, "matched: a share between 0 and 1");
        let (m, u) = (table("m", &written.m)?, table("u", &written.u)?);
        Ok(Self { m, u, matched: written.matched, ..Self::expected(n_rows) })
    }

    /// The same model for a register that has `n_rows` now.
    pub(super) fn of_size(&mut self, n_rows: usize) {
        self.n_rows = Self::expected(n_rows).n_rows;
    }

    /// Before anything is learned: what pairs that belong together look like in registers at large.
    fn expected(n_rows: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 rows")]
        let n_rows = n_rows.max(1) as f64;
        let m = [
            [0.75, 0.19, 0.05, 0.01],
            [0.95, 0.02, 0.01, 0.02],
            [0.94, 0.02, 0.02, 0.02],
            [0.70, 0.02, 0.20, 0.08],
            [0.80, 0.10, 0.05, 0.05],
            [0.80, 0.08, 0.01, 0.11],
            [0.60, 0.20, 0.15, 0.05],
        ];
        let u = [[0.05, 0.05, 0.10, 0.80]; FIELDS];
        Self { m, u, matched: 0.5, n_rows }
    }

    /// Learns from the candidates of a sample of rows, and from pairs drawn at random, which hardly ever belong together.
    pub(super) fn learn(n_rows: usize, sample: &[Compares], random: &[Pattern]) -> Self {
        let mut model = Self::expected(n_rows);
        for _ in 0..ROUNDS {
            let before = model.matched;
            // A stranger drawn at random may be the counterpart after all, in small registers not even seldom.
            let strange = |it: &Pattern| 1.0 / (1.0 + model.odds(it));
            model.u = shares(random.iter().map(|it| (it, strange(it))), &[[0.5; LEVELS]; FIELDS]);
            model.step(sample);
            if (model.matched - before).abs() < 1e-6 {
                break;
            }
        }
        model
    }

    fn step(&mut self, sample: &[Compares]) {
        let mut weighed = Vec::new();
        let mut matched = 0.0;
        let mut odds = Vec::new();
        for candidates in sample {
            odds.clear();
            odds.extend(candidates.iter().map(|it| self.odds(it)));
            let all = 1.0 + odds.iter().sum::<f64>();
            for (pattern, odds) in candidates.iter().zip(&odds) {
                let p = odds / all;
                // Where names disagree the model has nothing to learn: it would learn that they may.
                if bar(pattern) == Bar::Person {
                    continue;
                }
                matched += p;
                if p > 1e-4 {
                    weighed.push((pattern, p));
                }
            }
        }
        // The smoothing is what the expectation weighs: as much as a handful of pairs.
        let prior = Self::expected(1).m.map(|levels| levels.map(|it| it * 4.0));
        self.m = shares(weighed.into_iter(), &prior);
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 rows")]
        let n_sample = sample.len().max(1) as f64;
        self.matched = (matched / n_sample).clamp(0.01, 0.99);
    }

    /// The odds that the pair belongs together, before other candidates are thought of; 0 for what a hard rule bars.
    pub(super) fn odds(&self, pattern: &Pattern) -> f64 {
        if bar(pattern) == Bar::Shut {
            return 0.0;
        }
        let prior = self.matched / (1.0 - self.matched) / self.n_rows;
        prior * libm::exp2(self.bits(pattern))
    }

    fn bits(&self, pattern: &Pattern) -> f64 {
        Field::ALL.iter().map(|field| self.weight(*field, pattern)).sum()
    }

    /// The weight of one field, in bits.
    fn weight(&self, field: Field, pattern: &Pattern) -> f64 {
        let level = pattern.of(field);
        if level == Level::Missing {
            return 0.0;
        }
        let (f, l) = (field as usize, level as usize);
        // How often a stranger bears this name is known better than how often strangers bear the same name.
        let named = field == Field::Name && pattern.rarity < 1.0;
        let u = if named { f64::from(pattern.rarity) } else { self.u[f][l] };
        libm::log2(self.m[f][l] / u)
    }

    /// The fields with level and weight, as a link keeps them.
    pub(super) fn evidence(&self, pattern: &Pattern) -> Evidence {
        let compared = Field::ALL.iter().filter(|it| pattern.of(**it) != Level::Missing);
        #[expect(clippy::cast_possible_truncation, reason = "tens of bits, in hundredths")]
        let hundredths = |field: Field| libm::round(self.weight(field, pattern) * 100.0) as i32;
        Evidence(
            compared
                .map(|field| Compared {
                    field: *field,
                    level: pattern.of(*field),
                    weight: hundredths(*field),
                })
                .collect(),
        )
    }
}

/// What no weight outvotes. A person may still decide otherwise, but has nothing to look at where the bar is total.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Bar {
    /// None.
    Open,
    /// Names disagree, or both have a unit and not the same, or the points contradict the address: however much else
    /// agrees, that may be another business, and only a person links it.
    Person,
    /// Nothing but a distance or a city speaks for it.
    Shut,
}

/// The bar for a pair: the same address is not the same business, and distance alone never links.
pub(super) fn bar(pattern: &Pattern) -> Bar {
    let agrees = |field| matches!(pattern.of(field), Level::Same | Level::Close);
    let placed = agrees(Field::Number) && pattern.of(Field::Street) != Level::Differs;
    match pattern.of(Field::Name) {
        _ if placed && [Field::Unit, Field::Distance].map(|it| pattern.of(it)).contains(&Level::Differs) => {
            Bar::Person
        }
        Level::Same | Level::Close => Bar::Open,
        Level::Partly if placed || agrees(Field::Phone) => Bar::Open,
        Level::Differs | Level::Missing if placed || agrees(Field::Phone) => Bar::Person,
        _ => Bar::Shut,
    }
}

/// The share of each level among the pairs, each as heavy as is said, upon `prior` counts.
fn shares<'a>(
    pairs: impl Iterator<Item = (&'a Pattern, f64)>,
    prior: &[[f64; LEVELS]; FIELDS],
) -> [[f64; LEVELS]; FIELDS] {
    let mut counts = *prior;
    for (pattern, heavy) in pairs {
        for (field, level) in pattern.levels.iter().enumerate() {
            if *level != Level::Missing {
                counts[field][*level as usize] += heavy;
            }
        }
    }
    counts.map(|levels| {
        let all: f64 = levels.iter().sum();
        levels.map(|it| it / all)
    })
}
