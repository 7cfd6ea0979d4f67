//! A text in words, each with how it is written and where its sentence is.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::words::{Class, Classes, classes, place};
use crate::text::fold::fold;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// With a capital, in a sentence that has small letters, too: it may be a name.
    Capital,
    /// Without a capital, or all in capitals like its whole sentence: the letters tell nothing.
    Flat,
    /// In a script that has no capitals.
    Uncased,
    /// Digits.
    Number,
}

/// A word or a number.
#[derive(Clone, Debug)]
pub struct Token {
    /// Where it stands in the plain text, without a possessive ending.
    pub range: Range<usize>,
    /// In small letters without accents.
    pub folded: String,
    /// What it may be.
    pub classes: Classes,
    /// How it is written.
    pub shape: Shape,
    /// Whether it ended in 's.
    pub possessive: bool,
    /// The number of its sentence.
    pub sentence: usize,
    /// Whether it begins a sentence, a line, or what stands after a colon.
    pub first: bool,
    /// How many words the place has that it belongs to; 0 if it belongs to none.
    pub place: usize,
}

impl Token {
    /// Whether it may be that.
    pub fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// Whether it is a single letter.
    pub fn is_letter(&self) -> bool {
        self.shape != Shape::Number && self.folded.chars().count() == 1
    }
}

/// A text and its words.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The plain text.
    pub text: &'a str,
    /// Its words in order.
    pub tokens: &'a [Token],
}

impl<'a> Reading<'a> {
    /// What stands between a word and the one before it; what stands before the first.
    pub fn gap_before(&self, at: usize) -> &'a str {
        let start = self.tokens.get(at).map_or(self.text.len(), |it| it.range.start);
        match at.checked_sub(1).and_then(|it| self.tokens.get(it)) {
            Some(before) => gap(self.text, before, start),
            None => &self.text[..start],
        }
    }

    /// The word that many places before.
    pub fn before(&self, at: usize, back: usize) -> Option<&'a Token> {
        at.checked_sub(back).and_then(|it| self.tokens.get(it))
    }

    /// Whether the word there may be that.
    pub fn is(&self, at: usize, class: Class) -> bool {
        self.tokens.get(at).is_some_and(|it| it.is(class))
    }

    /// Whether digits stand there.
    pub fn is_number(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|it| it.shape == Shape::Number)
    }

    /// The word there, folded; empty beyond the end.
    pub fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |it| it.folded.as_str())
    }
}

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{M}]+(?:['-][\p{L}\p{M}]+)*|\d+(?:[.,:/-]\d+)*").expect("the pattern is constant")
});

/// The words of a text in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for word in WORD.find_iter(text) {
        let token = token(text, tokens.last(), word.range());
        tokens.push(token);
    }
    flatten_capitals(text, &mut tokens);
    mark_places(text, &mut tokens);
    tokens
}

fn token(text: &str, before: Option<&Token>, mut range: Range<usize>) -> Token {
    let written = &text[range.clone()];
    let possessive = written.ends_with("'s") || written.ends_with("'S");
    if possessive {
        range.end -= 2;
    }
    let written = &text[range.clone()];
    let folded = fold(written);
    let (ends, colon) = match before {
        Some(before) => {
            let gap = gap(text, before, range.start);
            (ends_sentence(before, gap), gap.contains([':', '\n']))
        }
        None => (true, false),
    };
    Token {
        classes: classes(&folded),
        folded,
        shape: shape(written),
        possessive,
        sentence: before.map_or(0, |it| it.sentence + usize::from(ends)),
        first: ends || colon,
        place: 0,
        range,
    }
}

fn shape(written: &str) -> Shape {
    match written.chars().next() {
        Some(it) if it.is_ascii_digit() || it.is_numeric() => Shape::Number,
        Some(it) if it.is_uppercase() => Shape::Capital,
        Some(it) if it.is_lowercase() => Shape::Flat,
        _ => Shape::Uncased,
    }
}

/// What stands between a token and a later place.
pub fn gap<'a>(text: &'a str, before: &Token, start: usize) -> &'a str {
    let gap = &text[before.range.end..start];
    gap.strip_prefix("'s").or_else(|| gap.strip_prefix("'S")).unwrap_or(gap)
}

fn ends_sentence(before: &Token, gap: &str) -> bool {
    let shortened = before.is_letter()
        || before.folded.len() <= 4
            && [Class::Title, Class::Official, Class::Street].iter().any(|it| before.is(*it));
    gap.contains(['!', '?', '\n'])
        || gap.contains('.') && !(shortened && gap.starts_with('.') && !gap.contains('"'))
}

/// Where a whole sentence is in capitals, capitals say nothing.
fn flatten_capitals(text: &str, tokens: &mut [Token]) {
    let all = !text.contains(char::is_lowercase);
    for sentence in tokens.chunk_by_mut(|one, other| one.sentence == other.sentence) {
        let words = || sentence.iter().filter(|it| it.shape != Shape::Number);
        let small = words().any(|it| text[it.range.clone()].contains(char::is_lowercase));
        if all || !small && words().count() > 2 {
            sentence.iter_mut().filter(|it| it.shape == Shape::Capital).for_each(|it| it.shape = Shape::Flat);
        }
    }
}

fn mark_places(text: &str, tokens: &mut [Token]) {
    // The longest place has four words.
    const MOST: usize = 4;
    let mut at = 0;
    while at < tokens.len() {
        let joined = |next: &usize| {
            let gap = gap(text, &tokens[next - 1], tokens[*next].range.start);
            [" ", ". ", "-"].contains(&gap)
        };
        let more = (at + 1..tokens.len()).take(MOST - 1).take_while(joined).count();
        let words: Vec<&str> = tokens[at..=at + more].iter().map(|it| it.folded.as_str()).collect();
        let n = if tokens[at].shape == Shape::Capital { place(&words) } else { 0 };
        tokens[at..at + n].iter_mut().for_each(|it| it.place = n);
        at += n.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_sentence_and_how_they_are_written() {
        let tokens = tokens("Ofc. Dahl's car left St. Paul. SHE WAS THERE. At 21:40 王 left");

        let shown: Vec<_> = tokens.iter().map(|it| (it.folded.as_str(), it.shape, it.sentence)).collect();
        assert_eq!(shown[1], ("dahl", Shape::Capital, 0));
        assert_eq!(shown[6], ("she", Shape::Flat, 1));
        assert_eq!((shown[10].1, shown[11].1), (Shape::Number, Shape::Uncased));
        assert!(tokens[1].possessive && !tokens[1].first && tokens[9].first);
        assert_eq!((tokens[4].place, tokens[5].place), (2, 2));
    }
}
