//! Who is named by right: officials, and the parties to a license. And what is no person at all: businesses, streets.

use std::ops::Range;

use super::token::{Reading, Shape};
use super::words::Class;

/// Whether a run of capital words is named as an official or as a party to a license or lease.
pub fn has_role(text: Reading<'_>, run: &Range<usize>) -> bool {
    role_before(text, run.start) || role_after(text, run.end)
}

/// "Officer Larson", "owner, Tom Hansen", "manager of the license is Tom Hansen", "owned by Tom Hansen".
fn role_before(text: Reading<'_>, at: usize) -> bool {
    const MADE_BY: &str = "owned managed operated licensed leased issued registered signed inspected rented written run reported approved";
    let Some(before) = text.before(at, 1) else { return false };
    let gap = text.gap_before(at);
    let close =
        gap.len() <= 3 && !gap.contains(['\n', ';']) && (!gap.contains('.') || before.folded.len() <= 4);
    if close && (before.is(Class::Official) || before.is(Class::Party)) {
        return true;
    }
    if close && before.is(Class::Title) {
        return role_before(text, at - 1);
    }
    if ["by", "to"].contains(&before.folded.as_str()) {
        return text.before(at, 2).is_some_and(|it| MADE_BY.split_whitespace().any(|made| made == it.folded));
    }
    // "The manager of the license is Tom": back to the role within the clause, past no other person.
    if ["is", "was", "named", "es"].contains(&before.folded.as_str()) {
        let clause =
            (2..=6).map_while(|back| text.before(at, back).filter(|it| it.sentence == before.sentence));
        let mut clause = clause.take_while(|it| !it.is(Class::Victim) && !it.is(Class::Personal));
        return clause.any(|it| it.is(Class::Party) || it.is(Class::Official));
    }
    false
}

/// "Anna Lund (manager)", "Anna Lund, the city inspector,", "Ms. Olson of the clerk's office", "Anna Lund is the licensee".
fn role_after(text: Reading<'_>, end: usize) -> bool {
    const BETWEEN: &str = "the a city county state building fire health night general assistant site property license senior police \
        deputy office el la del";
    const OFFICES: &str =
        "office department dept division bureau agency unit police county mdh bca fbi hsi dhs mpd";
    let role = |from: usize, most: usize| {
        for at in from..from + most {
            let it = text.tokens.get(at)?;
            if it.is(Class::Official) || it.is(Class::Party) {
                return Some(true);
            }
            if !BETWEEN.split_whitespace().any(|word| word == it.folded) {
                break;
            }
        }
        Some(false)
    };
    let gap = text.gap_before(end);
    if gap.starts_with(',') || gap.contains('(') || gap == " - " {
        return role(end, 4) == Some(true);
    }
    match text.word(end) {
        "is" | "was" | "as" | "es" if gap == " " => role(end + 1, 4) == Some(true),
        "of" | "with" if gap == " " => {
            (end + 1..end + 6).any(|it| OFFICES.split_whitespace().any(|word| word == text.word(it)))
        }
        _ => false,
    }
}

/// Whether a run of capital words names a business, an agency, a street or a sign.
pub fn is_no_person(text: Reading<'_>, run: &Range<usize>) -> bool {
    const TRADES: &str =
        "spa massage salon parlor studio motel hotel store shop club restaurant bar sauna masajes";
    let tokens = &text.tokens[run.clone()];
    let (before, next) = (text.before(run.start, 1), text.tokens.get(run.end));
    let ornaments = tokens.len() > 1 && tokens.iter().all(|it| it.is(Class::Ornament));
    let joined = |gap: &str| gap == " " || gap == "-" || gap == " & ";
    let after = next.filter(|_| joined(text.gap_before(run.end)));
    let goes_on = after.is_some_and(|it| {
        let capital = it.shape == Shape::Capital && !it.is_letter();
        let role = it.is(Class::Official) || it.is(Class::Party);
        capital && (it.is(Class::Business) || it.is(Class::Street) || role)
            || TRADES.split_whitespace().any(|trade| trade == it.folded)
    });
    let begins = before.is_some_and(|it| {
        let only_business = it.is(Class::Business) && !it.is(Class::Person) && !it.is(Class::Official);
        joined(text.gap_before(run.start)) && it.shape == Shape::Capital && only_business
    });
    let numbered = before.is_some_and(|it| it.shape == Shape::Number && it.range.len() <= 5)
        && text.before(run.start, 2).is_some_and(|it| it.is(Class::Place) || it.folded == "to")
        && text.gap_before(run.start) == " ";
    let sign = text.gap_before(run.start).contains('"')
        && before.is_some_and(|it| {
            ["reads", "sign", "printed", "marked", "letrero"].contains(&it.folded.as_str())
        });
    ornaments || goes_on || begins || numbered || sign
}
