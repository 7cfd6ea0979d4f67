//! Likely names of persons: runs of words with capitals, weighed by what stands around them. No name needs to be known:
//! lists of names only add evidence, so that a name of any origin is found.

use std::collections::HashSet;
use std::ops::Range;

use super::context::Context;
use super::phrases::{Naming, naming};
use super::roles::{has_role, is_no_person};
use super::token::{Reading, Shape, Token};
use super::words::Class;

/// Where likely names stand, as ranges of tokens in the order of the text; `taken` tells which tokens belong to
/// something else.
pub fn find(text: Reading<'_>, context: &Context, taken: &dyn Fn(&Token) -> bool) -> Vec<Range<usize>> {
    let runs: Vec<Range<usize>> =
        runs(text).into_iter().filter(|it| !text.tokens[it.clone()].iter().any(taken)).collect();
    let mut official: HashSet<&str> = HashSet::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut after_officials = false;
    for run in &runs {
        let shared =
            after_officials && text.gap_before(run.start).len() <= 2 || is_listed(text, run, after_officials);
        if has_role(text, run) || shared {
            official.extend(words(text, run));
            after_officials = shared || is_plural_role(text, run.start);
            continue;
        }
        after_officials = false;
        let known = words(text, run).all(|it| official.contains(it));
        if !known && is_name(text, context, run, found.last()) {
            found.push(run.clone());
        }
    }
    add_repeats(text, &runs, &official, &mut found);
    found
}

/// "Officers Larson and Velden": the second shares the role of the first.
fn is_listed(text: Reading<'_>, run: &Range<usize>, after_officials: bool) -> bool {
    after_officials && text.before(run.start, 1).is_some_and(|it| ["and", "y"].contains(&it.folded.as_str()))
}

fn is_plural_role(text: Reading<'_>, at: usize) -> bool {
    text.before(at, 1).is_some_and(|it| it.is(Class::Official) && it.folded.ends_with('s'))
}

/// The same words again, wherever they stand, are the same person.
fn add_repeats<'a>(
    text: Reading<'a>,
    runs: &[Range<usize>],
    official: &HashSet<&'a str>,
    found: &mut Vec<Range<usize>>,
) {
    let known: HashSet<usize> = found.iter().map(|it| it.start).collect();
    let names: HashSet<&str> = found.iter().flat_map(|it| words(text, it)).collect();
    let mut all = Vec::new();
    for run in runs {
        let mut again = words(text, run).filter(|it| !official.contains(it)).peekable();
        let is_again =
            again.peek().is_some() && again.all(|it| names.contains(it)) && !is_no_person(text, run);
        if known.contains(&run.start) || is_again && !has_role(text, run) {
            all.push(run.clone());
        }
    }
    *found = all;
}

fn words<'a>(text: Reading<'a>, run: &Range<usize>) -> impl Iterator<Item = &'a str> {
    text.tokens[run.clone()].iter().filter(|it| !it.is_letter()).map(|it| it.folded.as_str())
}

/// The runs of words that may be names.
fn runs(text: Reading<'_>) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let mut end = at + usize::from(may_be_name(text, at));
        while end > at {
            let Some(next) = next_of_run(text, end) else { break };
            end = next;
        }
        // A run ends without particles, and letters alone are nobody.
        if end > at && text.tokens[at..end].iter().any(|it| !it.is_letter()) {
            runs.push(at..end);
        }
        at = end.max(at + 1);
    }
    runs
}

/// The end of the run when it goes on with the word at `at`, perhaps over particles.
fn next_of_run(text: Reading<'_>, at: usize) -> Option<usize> {
    const PARTICLES: [&str; 16] = [
        "de", "la", "del", "los", "las", "y", "van", "von", "bin", "al", "el", "da", "dos", "le", "ibn",
        "ould",
    ];
    let mut next = at;
    while text.tokens.get(next)?.shape == Shape::Flat && PARTICLES.contains(&text.word(next)) && next < at + 3
    {
        next += 1;
    }
    let joined = (at..=next).all(|it| match text.gap_before(it) {
        " " => true,
        // After an initial, or between initials.
        ". " | "." => text.tokens[it - 1].is_letter(),
        _ => false,
    });
    let spanish = next == at || !["y", "el"].contains(&text.word(at)) || text.tokens[at - 1].is(Class::Name);
    let same = text.tokens[at - 1].sentence == text.tokens[next].sentence && !text.tokens[at - 1].possessive;
    (joined && spanish && same && may_be_name(text, next)).then_some(next + 1)
}

fn may_be_name(text: Reading<'_>, at: usize) -> bool {
    let Some(token) = text.tokens.get(at) else { return false };
    if token.shape != Shape::Capital {
        return false;
    }
    let next = text.tokens.get(at + 1).filter(|_| [" ", ". "].contains(&text.gap_before(at + 1)));
    let next_is_name = next.is_some_and(|it| {
        it.shape == Shape::Capital
            && it.place == 0
            && (it.classes.is_no_word() || it.is(Class::Name))
            && !it.is_letter()
    });
    if token.is_letter() {
        let stop = text.gap_before(at + 1).starts_with('.');
        return stop || next_is_name && !["i", "a", "y", "o"].contains(&token.folded.as_str());
    }
    if token.place > 0 {
        let titled = text.before(at, 1).is_some_and(|it| it.is(Class::Title));
        let named = token.is(Class::Name) && (next_is_name || stands_for_person(text, at));
        return token.place == 1 && (named || titled);
    }
    if token.is(Class::Brand) || is_camel(&text.text[token.range.clone()]) {
        return false;
    }
    let acts = text.is(at + 1, Class::Says) && !text.is(at + 1, Class::Personal);
    if token.classes.is_no_word() && (acts || !token.first || !is_verb_form(token)) {
        return true;
    }
    // "Her Xiong", "An Nguyen", "Tan said": words that are names, too.
    token.is(Class::Name) && (!token.first || next_is_name || acts && !token.is(Class::Determiner))
        || acts && is_surname(text, at)
}

/// "Dawb Lo said": a word of another tongue that ends a name.
fn is_surname(text: Reading<'_>, at: usize) -> bool {
    const NEVER: [Class; 5] = [Class::Business, Class::Official, Class::Party, Class::Person, Class::Title];
    let given = text
        .before(at, 1)
        .is_some_and(|it| it.shape == Shape::Capital && it.place == 0 && it.classes.is_no_word());
    given && text.gap_before(at) == " " && !NEVER.iter().any(|it| text.is(at, *it))
}

/// "AirPods", "CornerHouse"; but "McKenna" and "LaDuke" are names.
fn is_camel(written: &str) -> bool {
    const PARTICLES: [&str; 12] = ["Mc", "Mac", "La", "Le", "De", "Du", "Di", "Da", "Van", "Fitz", "O", "D"];
    let inner = written.char_indices().skip(1).find(|(_, it)| it.is_uppercase());
    let small = written.contains(char::is_lowercase);
    inner.is_some_and(|(at, _)| {
        let start = written[..at].trim_end_matches('\'');
        small && !start.ends_with('-') && !PARTICLES.contains(&start)
    })
}

/// "Interviewed", "Standing": how notes begin that leave out who.
fn is_verb_form(token: &Token) -> bool {
    !token.is(Class::Name)
        && ["ed", "ing", "ly"].iter().any(|it| token.folded.len() > 4 && token.folded.ends_with(it))
}

/// A noun of a person or a title right before.
fn stands_for_person(text: Reading<'_>, at: usize) -> bool {
    let Some(before) = text.before(at, 1) else { return false };
    let gap = text.gap_before(at);
    let close = gap.len() <= 4 && gap.chars().all(|it| " :,(\"'-".contains(it)) && !gap.is_empty();
    let title = before.is(Class::Title) && (gap == " " || gap == ". ");
    title || close && before.is(Class::Person) || naming(text.text, text.tokens, at) != Naming::None
}

/// Weighs what speaks for a person's name.
fn is_name(text: Reading<'_>, context: &Context, run: &Range<usize>, last: Option<&Range<usize>>) -> bool {
    let first = &text.tokens[run.start];
    let phrase = naming(text.text, text.tokens, run.start);
    let near = context.is_near(first.range.start, first.sentence);
    if !(near || phrase == Naming::Sure) || is_no_person(text, run) {
        return false;
    }
    let strong = stands_for_person(text, run.start);
    let around = weight_after(text, run.end) + weight_before(text, run.start, strong);
    let linked = if is_linked(text, run, last) { 2 } else { 0 };
    weight_of(text, run, strong) + around + linked >= ENOUGH
}

// Tuned on `tests/data/guard/dev.tsv`: two words with capitals are enough where nothing speaks against them.
const ENOUGH: i32 = 2;

/// What the words themselves say; `strong` is whether a noun, a title or a phrase names a person here.
fn weight_of(text: Reading<'_>, run: &Range<usize>, strong: bool) -> i32 {
    let tokens = &text.tokens[run.clone()];
    let known = tokens.iter().any(|it| it.classes.is_surely_name());
    let mut weight = if strong { 3 } else { 0 } + if known { 2 } else { 0 };
    let [only] = tokens else { return weight + 2 };
    if only.is(Class::Ornament) && !only.is(Class::Name) {
        weight -= 1;
    }
    if strong {
        return weight;
    }
    // "Super 8", "formerly Ming's": a business, or a thing with a number.
    let counted = text.is_number(run.end) && text.gap_before(run.end) == " ";
    if counted || only.possessive && !text.is(run.end, Class::Personal) {
        weight -= 3;
    }
    // "For Karen": as likely the tongue as the name.
    if !only.classes.is_no_word() {
        weight -= 2;
    }
    // A sentence begins with a capital whatever its first word is.
    if only.first && !known {
        weight -= 2;
    }
    weight
}

fn weight_before(text: Reading<'_>, at: usize, strong: bool) -> i32 {
    let Some(before) = text.before(at, 1).filter(|_| !strong) else { return 0 };
    let gap = text.gap_before(at);
    if gap == " " && before.is(Class::Determiner) {
        -5
    } else if gap == " " && before.is(Class::Place) {
        -3
    } else if before.is(Class::Takes) && [" ", " \"", " (", ", "].contains(&gap) {
        2
    } else {
        0
    }
}

fn weight_after(text: Reading<'_>, end: usize) -> i32 {
    let Some(next) = text.tokens.get(end) else { return 0 };
    let then_victim = text.is(end + 1, Class::Victim) || text.is(end + 2, Class::Victim);
    if text.tokens[end - 1].possessive && next.is(Class::Personal) {
        3
    } else if ![" ", "\" ", ") ", ", "].contains(&text.gap_before(end)) || next.shape == Shape::Capital {
        0
    } else if next.is(Class::Says) {
        4
    } else if next.is(Class::Auxiliary) {
        if then_victim { 3 } else { 1 }
    } else if next.shape == Shape::Number && next.folded.len() == 2 {
        2
    } else {
        0
    }
}

/// "Xu Lihua and Sun Yan", "Tina (true name Do Thi Kim)": beside another name.
fn is_linked(text: Reading<'_>, run: &Range<usize>, last: Option<&Range<usize>>) -> bool {
    let Some(last) = last.filter(|it| text.tokens[it.start].sentence == text.tokens[run.start].sentence)
    else {
        return false;
    };
    let between = last.end..run.start;
    between.is_empty() && text.gap_before(run.start) != " "
        || between.len() == 1 && ["and", "or", "y", "aka", "alias", "with"].contains(&text.word(last.end))
}
