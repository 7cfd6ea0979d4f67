//! How far names agree, given how common their words are: "Golden Willow" twice says more than "Asian Massage" twice.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use rapidfuzz::distance::jaro_winkler;

use super::evidence::Level;
use crate::text::name::{Name, is_trade_word};

/// How many rows of a register bear each word and each whole name.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    words: HashMap<u64, u32>,
    whole: HashMap<u64, u32>,
    n_rows: u32,
}

/// A name with the weight of each of its words.
#[derive(Clone, Debug)]
pub(super) struct Weighed {
    /// Without spaces.
    pub joined: String,
    /// Of `joined`.
    pub hash: u64,
    pub words: Vec<Word>,
    letters: Letters,
    /// How much all words together tell.
    tells: f32,
    /// Whether any is more than a word of the trade.
    telling: bool,
    /// How many words have a digit.
    n_numbers: u32,
    /// The share of rows with just this name.
    share: f32,
}

/// A word of a name.
#[derive(Clone, Debug)]
pub(super) struct Word {
    text: String,
    /// The same for equal words.
    pub hash: u64,
    /// How many rows bear it.
    pub n_rows: u32,
    /// How much it tells: the logarithm of how rare it is; little for a word of the trade.
    tells: f32,
    /// Whether it has a digit.
    number: bool,
}

/// How far two sets of names agree at best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Likeness {
    pub level: Level,
    /// The share of rows with the rarest word that both have, or with the whole name; 1 for none.
    pub rarity: f32,
}

const UNKNOWN: Likeness = Likeness { level: Level::Missing, rarity: 1.0 };

/// The same on every machine and in every run.
pub(super) fn hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

impl Vocabulary {
    /// Takes up one row's names.
    pub fn add(&mut self, names: &[Name]) {
        self.n_rows += 1;
        let mut words: Vec<u64> = names.iter().flat_map(Name::words).map(|it| hash(it)).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().for_each(|word| *self.words.entry(word).or_default() += 1);
        names.iter().for_each(|name| *self.whole.entry(hash(name.key())).or_default() += 1);
    }

    pub(super) fn weigh(&self, name: &Name) -> Weighed {
        let words: Vec<Word> = name.words().iter().map(|text| self.word(text)).collect();
        let n_same = self.whole.get(&hash(name.key())).copied().unwrap_or(0);
        Weighed {
            joined: name.key().to_owned(),
            hash: hash(name.key()),
            letters: Letters::of(name.key()),
            tells: words.iter().map(|it| it.tells).sum(),
            telling: words.iter().any(|it| it.tells > TRADE_WORD),
            n_numbers: words.iter().map(|it| u32::from(it.number)).sum(),
            words,
            share: self.share(n_same),
        }
    }

    fn word(&self, text: &str) -> Word {
        let hash = hash(text);
        let n_rows = self.words.get(&hash).copied().unwrap_or(0);
        let rare = if is_article(text) { 0.0 } else { -libm::logf(self.share(n_rows)) };
        // Of two registers of one trade the smaller is no measure of how common its words are.
        let tells = if is_trade_word(text) { rare.min(TRADE_WORD) } else { rare.max(TRADE_WORD + 0.1) };
        Word { text: text.to_owned(), hash, n_rows, tells, number: is_number(text) }
    }

    /// The share of other rows that bear what `n` rows bear, one of them the row itself: few, but never none.
    #[expect(clippy::cast_precision_loss, reason = "counts of rows, where a millionth does not matter")]
    fn share(&self, n: u32) -> f32 {
        let others = n.saturating_sub(1) as f32 + UNSEEN;
        (others / self.n_rows.max(1) as f32).min(1.0)
    }
}

/// What stands for "none yet" among the bearers of a word or name.
const UNSEEN: f32 = 0.1;
/// What a word of the trade tells at most, and any other at least: as much as one that a third of the rows bear.
const TRADE_WORD: f32 = 1.1;

/// Compares each name of one with each of the other; the best pair counts. Whether names that are not close have
/// anything in common is looked at `closely` only where something else speaks for the pair.
pub(super) fn compare(some: &[Weighed], others: &[Weighed], closely: bool) -> Likeness {
    let mut best = UNKNOWN;
    for one in some {
        for other in others {
            let likeness = compare_two(one, other, closely);
            let better = best.level == Level::Missing
                || likeness.level < best.level
                || likeness.level == best.level && likeness.rarity < best.rarity;
            if better {
                best = likeness;
            }
        }
    }
    best
}

fn compare_two(one: &Weighed, other: &Weighed, closely: bool) -> Likeness {
    if one.hash == other.hash {
        return Likeness { level: Level::Same, rarity: one.share.max(other.share) };
    }
    let shared = Shared::of(one, other);
    let level = shared.level(one, other, closely);
    // What two branches of a chain share says nothing of which of them is meant.
    let rarity = if level == Level::Differs || shared.other_number { 1.0 } else { shared.rarest };
    Likeness { level, rarity }
}

/// What two names have in common.
struct Shared {
    tells: f32,
    rarest: f32,
    n: usize,
    /// Both have a number, "#4519", and not the same: two branches of a chain.
    other_number: bool,
}

impl Shared {
    fn of(one: &Weighed, other: &Weighed) -> Self {
        let (fewer, more) = if one.words.len() <= other.words.len() { (one, other) } else { (other, one) };
        let mut shared = Self { tells: 0.0, rarest: 1.0, n: 0, other_number: false };
        let mut taken = 0_u32;
        for word in &fewer.words {
            let found =
                more.words.iter().enumerate().position(|(at, it)| taken & (1 << at) == 0 && same(word, it));
            if let Some(at) = found {
                taken |= 1 << at;
                shared.n += 1;
                let tells = word.tells.min(more.words[at].tells);
                shared.tells += tells;
                shared.rarest = shared.rarest.min(libm::expf(-tells));
            }
        }
        let numbered = one.n_numbers > 0 && other.n_numbers > 0;
        shared.other_number = numbered
            && !one.words.iter().any(|it| it.number && other.words.iter().any(|also| also.hash == it.hash));
        shared
    }

    fn level(&self, one: &Weighed, other: &Weighed, closely: bool) -> Level {
        let (less, most) = (one.tells.min(other.tells), one.tells.max(other.tells));
        if self.other_number {
            return if self.tells > 0.0 { Level::Partly } else { Level::Differs };
        }
        if self.n == one.words.len().max(other.words.len()) {
            return Level::Same;
        }
        let covered = self.tells > TRADE_WORD && (self.tells >= 0.85 * less || self.tells >= 0.6 * most);
        let spelled =
            |least| one.letters.allow(&other.letters, least) && spelled(&one.joined, &other.joined, least);
        if covered || spelled(ALIKE) {
            return Level::Close;
        }
        // Where only words of the trade are left of one, nothing can be concluded from what the other has beyond.
        let unclear = !one.telling || !other.telling || self.tells > 0.25 * less;
        if unclear || closely && spelled(UNCLEAR) { Level::Partly } else { Level::Differs }
    }
}

/// How often each letter stands in a name: bounds from above how similar two names can be, at a fraction of the price.
#[derive(Clone, Copy, Debug)]
struct Letters {
    counts: [u8; 32],
    n: u32,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self { counts: [0; 32], n: 0 };
        for c in text.chars() {
            let at = (u32::from(c) & 31) as usize;
            letters.counts[at] = letters.counts[at].saturating_add(1);
            letters.n += 1;
        }
        letters
    }

    /// Whether a Jaro-Winkler similarity of `least` can be reached: with all common letters in place and order, and a
    /// common prefix of the four letters that count.
    fn allow(&self, other: &Self, least: f64) -> bool {
        let common: u32 = self.counts.iter().zip(&other.counts).map(|(a, b)| u32::from(*a.min(b))).sum();
        let (common, a, b) = (f64::from(common), f64::from(self.n.max(1)), f64::from(other.n.max(1)));
        let jaro = (common / a + common / b + 1.0) / 3.0;
        jaro + 0.4 * (1.0 - jaro) >= least
    }
}

/// Jaro-Winkler similarity of two whole names above which they are close, or not clearly different.
const ALIKE: f64 = 0.94;
const UNCLEAR: f64 = 0.86;
/// The same of two words.
const SAME_WORD: f64 = 0.93;

fn spelled(one: &str, other: &str, least: f64) -> bool {
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    // With a third of the letters missing it cannot be reached.
    let args = jaro_winkler::Args::default().score_cutoff(least);
    10 * short >= 6 * long && jaro_winkler::similarity_with_args(one.chars(), other.chars(), &args).is_some()
}

/// Equal, or a typing error apart; short words and numbers must be equal.
fn same(one: &Word, other: &Word) -> bool {
    one.hash == other.hash || {
        let (a, b) = (one.text.as_bytes(), other.text.as_bytes());
        a.len() >= 5
            && b.len() >= 5
            && a.len().abs_diff(b.len()) <= 2
            && a[0] == b[0]
            && !a.iter().chain(b).any(u8::is_ascii_digit)
            && spelled(&one.text, &other.text, SAME_WORD)
    }
}

fn is_article(text: &str) -> bool {
    matches!(text, "the" | "of" | "and" | "at" | "on" | "in" | "by" | "a" | "an" | "no" | "number")
}

fn is_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}
