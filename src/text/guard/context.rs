//! Where a text speaks of victimhood: words such as "victim", and words such as "sold" where their neighbors make them so.

use super::token::{Shape, Token};
use super::words::{Class, classes};

/// The words of victimhood of a text.
#[derive(Debug)]
pub struct Context {
    /// Where each begins, and in which sentence; in the order of the text.
    words: Vec<(usize, usize)>,
}

// A name further off, or with a whole sentence between, is not beside the word. Half of a usual note is 200 characters.
const NEAR: usize = 220;

// Only where one of these follows does "minor" mean a small thing.
const SMALL_THINGS: &str = "violation violations repair repairs leak leaks damage issue issues correction corrections injury \
    injuries defect defects deficiency deficiencies problem problems change changes item items work plumbing electrical wear \
    amount fix fixes fire cut cuts infraction infractions offense offenses";
const OPENED: &str = "entry air open lock locks door doors heat";
const BE: &str = "is was were are been being be get got gets s";
const PRONOUNS: &str = "she he they i who her him them me we girls women victims";
const AFTER_SOLD: &str = "her him them me by online twice again";
const MISSED: &str = "since person persons indigenous poster posters flyer";
const TELLS: &str =
    "told tells said says stated states disclosed reported cried explained described was is has works sleeps";
const TOLD: &str = "dijo conto cuenta relato dice explico duerme trabaja";
const NOT_WORKERS: &str = "social case city county utility construction";

impl Context {
    /// Looks through a text.
    pub fn of(tokens: &[Token]) -> Self {
        let counts = (0..tokens.len()).filter(|at| tokens[*at].is(Class::Victim) && counts(tokens, *at));
        Self { words: counts.map(|at| (tokens[at].range.start, tokens[at].sentence)).collect() }
    }

    /// Whether a word of victimhood is near a place in that sentence: in the same, the last or the next one.
    pub fn is_near(&self, place: usize, sentence: usize) -> bool {
        let at = self.words.partition_point(|it| it.0 < place);
        let near = |it: &(usize, usize)| it.0.abs_diff(place) <= NEAR && it.1.abs_diff(sentence) <= 1;
        self.words[at.saturating_sub(1)..].iter().take(2).any(near)
    }
}

fn counts(tokens: &[Token], at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|it| tokens.get(it)).map_or("", |it| it.folded.as_str());
    let (next, before) = (word(Some(at + 1)), word(at.checked_sub(1)));
    let one_of = |word: &str, list: &str| list.split_whitespace().any(|it| it == word);
    match tokens[at].folded.as_str() {
        "minor" | "minors" => !one_of(next, SMALL_THINGS),
        "forced" | "forces" => !one_of(next, OPENED),
        "sold" | "sells" | "sell" => {
            one_of(next, AFTER_SOLD)
                || one_of(before, PRONOUNS)
                || next == "for" && word(Some(at + 2)) == "sex"
                || before == "being"
                || one_of(before, BE) && is_of_a_person(tokens, at)
        }
        "missing" => {
            one_of(next, MISSED)
                || classes(next).has(Class::Person)
                || ["reported", "went", "gone", "her", "him", "them"].contains(&before)
                || tokens[at].first && next_is_colon_free_name(tokens, at)
                || one_of(before, BE) && is_of_a_person(tokens, at)
        }
        "told" | "tells" => ["us", "me"].contains(&next) || (1..3).any(|it| hears(tokens, at + it)),
        "she" => one_of(next, TELLS),
        "ella" => one_of(next, TOLD),
        "worker" | "workers" | "employee" | "employees" => !one_of(before, NOT_WORKERS),
        "shelter" => before != "bus",
        _ => true,
    }
}

/// "Told the inspector", "told Officer Dahl": a statement given to who works for the public.
fn hears(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|it| it.is(Class::Official))
}

/// Whether of "X was sold" the X may be a person.
fn is_of_a_person(tokens: &[Token], at: usize) -> bool {
    let Some(who) = at.checked_sub(2).map(|it| &tokens[it]) else { return true };
    let named = who.shape == Shape::Capital && who.place == 0 && who.classes.is_no_word();
    named || who.is(Class::Person) || PRONOUNS.split_whitespace().any(|it| it == who.folded)
}

/// "Missing: Winona", not "Missing: towels".
fn next_is_colon_free_name(tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|it| it.shape == Shape::Capital && it.classes.is_no_word())
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn words_with_a_harmless_sense_are_told_by_their_neighbors() {
        for text in
            ["minor leak", "forced entry", "beer sold to a guest", "the sign is missing", "social worker"]
        {
            assert!(Context::of(&tokens(text)).words.is_empty(), "{text}");
        }
        for text in ["a minor", "forced to", "she was sold to", "missing girl", "a worker", "Olena was sold"]
        {
            assert!(!Context::of(&tokens(text)).words.is_empty(), "{text}");
        }
    }

    #[test]
    fn far_off_and_two_sentences_on_are_not_near() {
        let context = Context::of(&tokens("A victim. One. Two."));

        assert!(context.is_near(10, 1) && !context.is_near(15, 2) && !context.is_near(400, 0));
    }
}
