//! What differs between two texts, piece by piece, and how far two values agree in plain words. Pure.

use std::collections::HashSet;
use std::ops::Range;

use crate::text::fold::fold;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The letters; empty where the other side has something that is missing here.
    pub text: String,
    /// Whether the other side differs here.
    pub differs: bool,
}

/// Beyond this, a character-by-character comparison would be slow and no easier to read.
const LONGEST: usize = 200;

/// Both texts in pieces; case and accents make no difference. Texts with less than half in common differ as a whole.
pub fn pieces(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let whole = || (one(left, true), one(right, true));
    if a.is_empty() || b.is_empty() {
        return (one(left, false), one(right, false));
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return if fold(left) == fold(right) { (one(left, false), one(right, false)) } else { whole() };
    }
    if let Some(range) = swap(&a, &b) {
        return (cut(&a, &range), cut(&b, &range));
    }
    let (same_a, same_b) = common(&a, &b);
    let n_same = same_a.iter().filter(|it| **it).count();
    if n_same * 2 < a.len().max(b.len()) {
        return whole();
    }
    (grouped(&a, &same_a, &gaps(&same_a, &same_b)), grouped(&b, &same_b, &gaps(&same_b, &same_a)))
}

fn one(text: &str, differs: bool) -> Vec<Piece> {
    if text.is_empty() { Vec::new() } else { vec![Piece { text: text.to_owned(), differs }] }
}

fn cut(text: &[char], range: &Range<usize>) -> Vec<Piece> {
    let part = |range: Range<usize>, differs| Piece { text: text[range].iter().collect(), differs };
    let all = [part(0..range.start, false), part(range.clone(), true), part(range.end..text.len(), false)];
    all.into_iter().filter(|it| !it.text.is_empty()).collect()
}

/// The place at which two characters side by side have changed places, all else being equal.
fn swap(a: &[char], b: &[char]) -> Option<Range<usize>> {
    let at = (a.len() == b.len()).then(|| (0..a.len()).find(|n| !alike(a[*n], b[*n])))??;
    let swapped = at + 1 < a.len() && alike(a[at], b[at + 1]) && alike(a[at + 1], b[at]);
    let rest = (at + 2..a.len()).all(|n| alike(a[n], b[n]));
    (swapped && rest).then_some(at..at + 2)
}

fn alike(one: char, other: char) -> bool {
    one == other || letter(one) == letter(other)
}

/// A letter without case and accent; what folding would leave nothing of stays as it is.
fn letter(it: char) -> String {
    let folded = fold(&it.to_string());
    if folded.is_empty() { it.to_string() } else { folded }
}

/// Of each side, which characters belong to the longest common sequence.
fn common(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let letters = |text: &[char]| text.iter().map(|it| letter(*it)).collect::<Vec<String>>();
    let (x, y) = (letters(a), letters(b));
    let mut longest = vec![vec![0_u16; y.len() + 1]; x.len() + 1];
    for i in (0..x.len()).rev() {
        for j in (0..y.len()).rev() {
            longest[i][j] = if x[i] == y[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut same_a, mut same_b) = (vec![false; x.len()], vec![false; y.len()]);
    let (mut i, mut j) = (0, 0);
    while i < x.len() && j < y.len() {
        if x[i] == y[j] {
            (same_a[i], same_b[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (same_a, same_b)
}

/// The places between two common characters of `own` where only the other side has something.
fn gaps(own: &[bool], other: &[bool]) -> HashSet<usize> {
    let runs = |side: &[bool]| -> Vec<usize> {
        let mut runs = vec![0];
        for same in side {
            if *same {
                runs.push(0);
            } else if let Some(last) = runs.last_mut() {
                *last += 1;
            }
        }
        runs
    };
    let (mine, theirs) = (runs(own), runs(other));
    let inner = 1..mine.len().saturating_sub(1);
    inner.filter(|n| mine[*n] == 0 && theirs.get(*n).is_some_and(|it| *it > 0)).collect()
}

/// `gaps` count common characters from the start.
fn grouped(text: &[char], same: &[bool], gaps: &HashSet<usize>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut n_same = 0;
    for (letter, same) in text.iter().zip(same) {
        if *same && n_same > 0 && gaps.contains(&n_same) {
            all.push(Piece { text: String::new(), differs: true });
        }
        n_same += usize::from(*same);
        match all.last_mut() {
            Some(last) if last.differs != *same && !last.text.is_empty() => last.text.push(*letter),
            _ => all.push(Piece { text: letter.to_string(), differs: !*same }),
        }
    }
    all
}

/// How two numbers or telephone numbers differ, by their digits.
pub fn digits(left: &str, right: &str) -> &'static str {
    let of = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<Vec<char>>();
    let (a, b) = (of(left), of(right));
    if a.is_empty() || b.is_empty() {
        return "Not given on one side";
    }
    if a == b {
        return if left == right { "Same" } else { "Same after normalizing" };
    }
    if swap(&a, &b).is_some() {
        return "Two digits change places";
    }
    let n_other = a.iter().zip(&b).filter(|(one, other)| one != other).count();
    if a.len() == b.len() && n_other == 1 { "One digit differs" } else { "Another number" }
}

/// How two names differ, word by word.
pub fn names(left: &str, right: &str) -> String {
    if left == right {
        return "Same".to_owned();
    }
    let words = |text: &str| {
        fold(text)
            .split(|it: char| !it.is_alphanumeric())
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let (a, b) = (words(left), words(right));
    if a == b {
        return "Same after spelling".to_owned();
    }
    let only = |own: &[String], other: &[String]| {
        own.iter().filter(|it| !other.contains(it)).cloned().collect::<Vec<String>>()
    };
    let (more, less) = (only(&a, &b), only(&b, &a));
    let legal = |it: &String| matches!(it.as_str(), "llc" | "inc" | "ltd" | "co" | "corp" | "company");
    let plain = |all: &[String]| all.iter().filter(|it| !legal(it)).cloned().collect::<String>();
    let form = a.iter().chain(&b).find(|it| legal(it) && a.contains(it) != b.contains(it));
    if plain(&a) == plain(&b) {
        let form = form.map(|it| format!(", without {}", it.to_uppercase())).unwrap_or_default();
        return format!("Same after spelling{form}");
    }
    let told =
        |all: &[String]| all.iter().take(3).map(|it| format!("“{it}”")).collect::<Vec<String>>().join(", ");
    match (more.is_empty(), less.is_empty()) {
        (true, true) => "The same words in another order".to_owned(),
        (false, true) => format!("The record adds {}", told(&more)),
        (true, false) => format!("The site adds {}", told(&less)),
        (false, false) if more.len() == a.len() => "Another name".to_owned(),
        (false, false) => format!("{} against {}", told(&more), told(&less)),
    }
}

/// How two texts agree that are equal once they are normalized.
pub fn normalized(left: &str, right: &str) -> &'static str {
    if fold(left) == fold(right) { "Same" } else { "Same after normalizing" }
}

/// A distance in words: of meters.
pub fn distance(meters: f64) -> String {
    match meters {
        m if m < 1.0 => "At the same point; distance alone never links".to_owned(),
        m if m < 1_000.0 => format!("{m:.0} m apart; distance alone never links"),
        m => format!("{:.1} km apart; distance alone never links", m / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{Piece, digits, distance, names, pieces};

    /// `BODY[ ]WORK[ LLC]`: what differs in brackets.
    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|it| if it.differs { format!("[{}]", it.text) } else { it.text.clone() }).collect()
    }

    fn both(left: &str, right: &str) -> [String; 2] {
        let (left, right) = pieces(left, right);
        [shown(&left), shown(&right)]
    }

    #[test]
    fn only_what_differs_is_marked() {
        assert_eq!(
            both("LARKFIELD BODY WORK LLC", "Larkfield Bodywork"),
            ["LARKFIELD BODY[ ]WORK[ LLC]", "Larkfield Body[]work"]
        );
        assert_eq!(both("Joe's", "JOE'S"), ["Joe's", "JOE'S"]);
        assert_eq!(both("L-9042", "L-7731"), ["[L-9042]", "[L-7731]"]);
        assert_eq!(both("", "x"), ["", "x"]);
    }

    #[test]
    fn two_digits_that_change_places_are_marked_together() {
        assert_eq!(both("(651) 555-0142", "(651) 555-0124"), ["(651) 555-01[42]", "(651) 555-01[24]"]);
    }

    #[test]
    fn numbers_are_compared_by_their_digits() {
        assert_eq!(digits("(651) 555-0142", "651.555.0124"), "Two digits change places");
        assert_eq!(digits("2417", "2411"), "One digit differs");
        assert_eq!(digits("2417", "90"), "Another number");
        assert_eq!(digits("(651) 555-0142", "651-555-0142"), "Same after normalizing");
        assert_eq!(digits("", "1"), "Not given on one side");
    }

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(
            names("LARKFIELD BODY WORK LLC", "Larkfield Bodywork"),
            "Same after spelling, without LLC"
        );
        assert_eq!(names("JOE'S", "Joe's"), "Same after spelling");
        assert_eq!(names("Larkfield Spa", "Larkfield"), "The record adds “spa”");
        assert_eq!(names("Sable Day Spa", "Larkfield Bodywork"), "Another name");
        assert_eq!(names("Day Spa Sable", "Sable Day Spa"), "The same words in another order");
    }

    #[test]
    fn a_distance_says_that_it_never_links() {
        assert_eq!(distance(15.2), "15 m apart; distance alone never links");
        assert!(distance(5_230.0).starts_with("5.2 km"));
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_whatever_is_compared(left in "\\PC{0,40}", right in "\\PC{0,40}") {
            let (a, b) = pieces(&left, &right);

            let text = |pieces: &[Piece]| pieces.iter().map(|it| it.text.as_str()).collect::<String>();
            assert_eq!((text(&a), text(&b)), (left, right));
        }
    }
}
