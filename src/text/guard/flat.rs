//! Likely names where capitals say nothing: in small letters as typed on a phone, in reports all in capitals, in scripts
//! without capitals.

use std::ops::Range;

use super::context::Context;
use super::phrases::{Naming, naming};
use super::token::{Reading, Shape, Token};
use super::words::Class;

/// Where such names stand, as ranges of tokens in the order of the text.
pub fn find(text: Reading<'_>, context: &Context, taken: &dyn Fn(&Token) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let run = name_at(text, context, at).filter(|it| !text.tokens[it.clone()].iter().any(taken));
        at = run.as_ref().map_or(at + 1, |it| it.end);
        found.extend(run);
    }
    found
}

fn name_at(text: Reading<'_>, context: &Context, at: usize) -> Option<Range<usize>> {
    let token = &text.tokens[at];
    if !is_flat(token) || token.is_letter() && token.shape == Shape::Flat {
        return None;
    }
    let phrase = naming(text.text, text.tokens, at);
    let near = context.is_near(token.range.start, token.sentence);
    if phrase == Naming::Sure && is_unknown(token) {
        return Some(at..end_of(text, at + 1, is_unknown));
    }
    if !near || has_role(text, at) {
        return None;
    }
    if token.shape == Shape::Uncased {
        return (phrase != Naming::None || is_after_person(text, at)).then_some(at..at + 1);
    }
    if !token.is(Class::Name) {
        return None;
    }
    let end = end_of(text, at + 1, |it| it.is(Class::Name));
    let sure = text.tokens[at..end].iter().filter(|it| it.classes.is_surely_name()).count();
    let acts = text.is(end, Class::Says) && text.gap_before(end) == " ";
    let taken = text.before(at, 1).is_some_and(|it| it.is(Class::Takes)) && text.gap_before(at) == " ";
    let placed = text.before(at, 1).is_some_and(|it| it.is(Class::Place) || it.is(Class::Determiner));
    let business = text.is(end, Class::Business) || text.is(end, Class::Street);
    let beside = is_after_person(text, at) || phrase != Naming::None || acts || taken;
    // "mai see vue": one that is nothing else, and another beside it; or one, and a person's place in the sentence.
    let named = beside || end - at > 1 && !placed;
    (named && sure > 0 && !business).then(|| at..end_with_surname(text, end, beside))
}

/// A known given name takes the unknown word after it along when the sentence goes on with what a person does.
fn end_with_surname(text: Reading<'_>, end: usize, beside: bool) -> usize {
    let next = text.tokens.get(end).filter(|it| is_flat(it) && is_unknown(it) && text.gap_before(end) == " ");
    let goes_on = text.is(end + 1, Class::Says) || text.is(end + 1, Class::Auxiliary);
    if next.is_some() && beside && goes_on { end + 1 } else { end }
}

fn is_flat(token: &Token) -> bool {
    matches!(token.shape, Shape::Flat | Shape::Uncased)
}

/// A word that is no English or Spanish word by its look.
fn is_unknown(token: &Token) -> bool {
    const ENDINGS: [&str; 12] =
        ["ed", "ing", "tion", "ment", "ness", "ly", "ous", "ive", "ity", "able", "ful", "less"];
    let looks = !ENDINGS.iter().any(|it| token.folded.ends_with(it)) || token.is(Class::Name);
    token.classes.is_no_word() && looks && token.shape != Shape::Number && !token.is_letter()
}

fn end_of(text: Reading<'_>, from: usize, goes_on: impl Fn(&Token) -> bool) -> usize {
    let joined = |at: &usize| text.gap_before(*at) == " " && is_flat(&text.tokens[*at]);
    let more = (from..text.tokens.len()).take(3).take_while(|at| joined(at) && goes_on(&text.tokens[*at]));
    from + more.count()
}

fn is_after_person(text: Reading<'_>, at: usize) -> bool {
    let before = text.before(at, 1);
    let close = [" ", ", ", ": ", " - ", ". "].contains(&text.gap_before(at));
    close && before.is_some_and(|it| it.is(Class::Person) || it.is(Class::Title))
}

fn has_role(text: Reading<'_>, at: usize) -> bool {
    text.before(at, 1).is_some_and(|it| it.is(Class::Official) || it.is(Class::Party))
}
