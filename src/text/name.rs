//! Business names: one spelling for the many that registers hold, and how far two of them agree.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::fold::fold;

/// How far two names agree; the better of two is the greater.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Agreement {
    /// They plainly name different businesses.
    Different,
    /// Nothing can be concluded: only trade words are left ("Massage Spa"), or some of the words agree.
    Unclear,
    /// The same but for typing errors or left-out words.
    Alike,
    /// Equal once case, accents, punctuation and legal forms are gone.
    Same,
}

/// A name made ready for comparing; make it once and compare it often.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Name {
    words: Vec<String>,
    joined: String,
}

// Names above this length are some other text; the bound keeps comparing cheap, which is quadratic in the words.
const LONGEST: usize = 200;
const MOST_WORDS: usize = 16;

impl Name {
    /// Reads a name as written: "The Joe's Spa, L.L.C." is `joes spa`. Of "A Inc. dba B" it keeps B, the name on the door.
    pub fn new(written: &str) -> Self {
        let words = strip_legal(on_the_door(split(written)));
        let joined = words.concat();
        Self { words, joined }
    }

    /// Whether nothing comparable was written (empty, or punctuation only).
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty()
    }

    /// Whether more than words of the trade are left, so that the name tells one business from another.
    pub fn is_telling(&self) -> bool {
        !self.telling().is_empty()
    }

    /// The words joined without spaces: equal for "Joe's Spa" and "JOES-SPA LLC". Empty for an empty name.
    pub fn key(&self) -> &str {
        &self.joined
    }

    /// Its words, in order.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// How far two names agree. An empty name is [`Agreement::Unclear`] to all.
    pub fn compare(&self, other: &Self) -> Agreement {
        if self.is_empty() || other.is_empty() {
            return Agreement::Unclear;
        }
        if self.joined == other.joined {
            return Agreement::Same;
        }
        let (mine, theirs) = (self.telling(), other.telling());
        if mine.is_empty() || theirs.is_empty() {
            return Agreement::Unclear;
        }
        let (fewer, more) = if mine.len() <= theirs.len() { (&mine, &theirs) } else { (&theirs, &mine) };
        let shared = fewer.iter().filter(|word| more.iter().any(|other| same_word(word, other))).count();
        if shared == fewer.len() || strsim::jaro_winkler(&mine.concat(), &theirs.concat()) >= ALIKE {
            return Agreement::Alike;
        }
        if shared > 0 || strsim::jaro_winkler(&self.joined, &other.joined) >= UNCLEAR {
            Agreement::Unclear
        } else {
            Agreement::Different
        }
    }

    /// From 0 (nothing in common) to 1 (same): the best of Jaro-Winkler on the words in order, sorted, and joined.
    pub fn similarity(&self, other: &Self) -> f64 {
        if self.is_empty() || other.is_empty() {
            return 0.0;
        }
        let sorted = |name: &Self| {
            let mut words = name.words.clone();
            words.sort_unstable();
            words.join(" ")
        };
        [
            strsim::jaro_winkler(&self.words.join(" "), &other.words.join(" ")),
            strsim::jaro_winkler(&sorted(self), &sorted(other)),
            strsim::jaro_winkler(&self.joined, &other.joined),
        ]
        .into_iter()
        .fold(0.0, f64::max)
    }

    /// The words that tell one business of this trade from another.
    fn telling(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).filter(|word| !COMMON.contains(*word)).collect()
    }
}

// Chosen to be cautious: two words of one business differ by a letter or two. A later model learns its weights instead.
const ALIKE: f64 = 0.93;
const UNCLEAR: f64 = 0.86;
const SAME_WORD: f64 = 0.93;

/// The spelling under which a name is kept for equality: words in lowercase, parted by one space, without legal forms.
pub fn normalize(written: &str) -> String {
    Name::new(written).words.join(" ")
}

/// How far two names as written agree.
pub fn compare(one: &str, other: &str) -> Agreement {
    Name::new(one).compare(&Name::new(other))
}

/// Whether two names as written are [`Agreement::Alike`] or [`Agreement::Same`].
pub fn agree(one: &str, other: &str) -> bool {
    compare(one, other) >= Agreement::Alike
}

/// From 0 (nothing in common) to 1 (same), for ordering candidates; [`compare`] decides.
pub fn similarity(one: &str, other: &str) -> f64 {
    Name::new(one).similarity(&Name::new(other))
}

/// Whether half the businesses of a kind bear this word (in lowercase), so that it tells none from another.
pub fn is_trade_word(word: &str) -> bool {
    COMMON.contains(word)
}

fn split(written: &str) -> Vec<String> {
    let end = (0..=written.len().min(LONGEST)).rev().find(|at| written.is_char_boundary(*at)).unwrap_or(0);
    let mut words = vec![String::new()];
    for c in fold(&written[..end]).chars() {
        match c {
            '\'' | '`' | '.' => {}
            '&' | '+' => words.extend(["and".to_owned(), String::new()]),
            _ if c.is_alphanumeric() => words.last_mut().expect("starts with one word").push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words.truncate(MOST_WORDS);
    words
}

/// What follows "dba" or "d b a", if anything does.
fn on_the_door(mut words: Vec<String>) -> Vec<String> {
    let one = words.iter().rposition(|word| matches!(word.as_str(), "dba" | "aka")).map(|at| at + 1);
    let three = words.windows(3).rposition(|three| three == ["d", "b", "a"]).map(|at| at + 3);
    match one.max(three) {
        Some(from) if from < words.len() => words.split_off(from),
        _ => words,
    }
}

/// Without "the" in front, "and" between, and legal forms at the end; but never nothing.
fn strip_legal(mut words: Vec<String>) -> Vec<String> {
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|word| is_legal(word)) {
        words.pop();
    }
    if words.len() > 3 && words[words.len() - 3..] == ["l", "l", "c"] {
        words.truncate(words.len() - 3);
    }
    if words.len() > 2 {
        words.retain(|word| word != "and");
    }
    words
}

/// Equal, or a typing error apart; short words and numbers must be equal.
fn same_word(one: &str, other: &str) -> bool {
    let long = one.len() >= 5 && other.len() >= 5 && !one.bytes().any(|b| b.is_ascii_digit());
    one == other || long && strsim::jaro_winkler(one, other) >= SAME_WORD
}

fn is_legal(word: &str) -> bool {
    matches!(
        word,
        "llc"
            | "lc"
            | "inc"
            | "incorporated"
            | "corp"
            | "corporation"
            | "co"
            | "company"
            | "ltd"
            | "limited"
            | "pllc"
            | "llp"
            | "lp"
            | "pc"
            | "pa"
            | "plc"
            | "lllp"
            | "dba"
    )
}

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON_WORDS.split_whitespace().collect());

/// Words that half the businesses of a kind bear: that two names share them says nothing.
const COMMON_WORDS: &str = "massage spa therapy therapeutic studio health healing wellness center centre salon bodywork body \
    foot feet reflexology asian oriental relax relaxation day nail nails beauty skin care club lounge bar grill restaurant \
    cafe pub cabaret gentlemens showgirls adult book books bookstore video store shop theater theatre sauna hotel motel inn \
    suites lodge lodging escort escorts modeling services service entertainment enterprise enterprises group holdings \
    management international of and the at on in by a an llc inc no number licensed professional";

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Agreement, agree, compare, normalize, similarity};

    #[test]
    fn spelling_and_legal_form_do_not_part_a_name() {
        for (one, other) in [
            ("Joe's Spa, L.L.C.", "JOES SPA LLC"),
            ("The Velvet Heron Inc", "Velvet Heron"),
            ("Smith & Sons Co.", "SMITH AND SONS"),
            ("Café Zoë", "cafe zoe"),
            ("GOLDEN-WILLOW", "Golden Willow"),
            ("Acme Holdings LLC d/b/a Blue Lantern", "Blue Lantern"),
            ("Blue Lantern PLLC.", "BLUE LANTERN, P.L.L.C."),
            ("Goldenwillow Spa", "Golden Willow Spa"),
        ] {
            assert_eq!(
                compare(one, other),
                Agreement::Same,
                "{one} {other} {} {}",
                normalize(one),
                normalize(other)
            );
        }
    }

    #[test]
    fn a_typing_error_or_a_left_out_word_still_agrees() {
        assert!(agree("Golden Wilow Massage", "Golden Willow Spa"));
        assert!(agree("Velvet Heron", "Velvet Heron Gentlemen's Club"));
        assert!(similarity("Golden Wilow", "Golden Willow") > 0.9);
    }

    #[test]
    fn trade_words_alone_prove_nothing_and_disprove_nothing() {
        assert_eq!(compare("Massage Spa", "Golden Willow Massage"), Agreement::Unclear);
        assert_eq!(compare("Golden Willow Massage", "Silver Birch Massage"), Agreement::Different);
        assert_eq!(compare("", "Golden Willow"), Agreement::Unclear);
    }

    #[test]
    fn a_name_of_legal_words_only_is_kept() {
        assert_eq!(normalize("The Company"), "company");
        assert_eq!(normalize("LLC"), "llc");
    }

    proptest! {
        #[test]
        fn comparing_is_symmetric_reflexive_and_never_panics(one in any::<String>(), other in any::<String>()) {
            assert_eq!(compare(&one, &other), compare(&other, &one));
            assert!((0.0..=1.0).contains(&similarity(&one, &other)));
            let itself = compare(&one, &one);
            assert!(itself == Agreement::Same || normalize(&one).is_empty());
        }
    }
}
