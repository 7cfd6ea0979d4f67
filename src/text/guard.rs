//! What must not be kept in free text: likely names of persons beside words of victimhood, telephone numbers, social
//! security numbers, dates of birth. Whoever writes is shown the words and told why.
//!
//! Names are found by how a sentence treats them, not by lists, so that no origin is found less than another; what the
//! guard finds and misses is measured in `tests/foca/guard.rs`.

mod context;
mod flat;
mod patterns;
mod person;
mod phrases;
mod plain;
mod roles;
#[cfg(test)]
mod tests;
mod token;
mod words;

use std::ops::Range;

use serde::Serialize;

use context::Context;
use patterns::Shaped;
use plain::Plain;
use token::{Reading, Shape, Token};

/// What a text holds that must not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Private {
    /// A likely name of a person beside words of victimhood.
    Name,
    /// A date or year of birth, or the age of a child beside a name.
    Birth,
    /// A telephone number.
    Phone,
    /// A social security number.
    SocialSecurity,
    /// An address of e-mail beside words of victimhood.
    Email,
}

impl Private {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Name, Self::Birth, Self::Phone, Self::SocialSecurity, Self::Email];

    /// What it is, as a form says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "likely a person's name",
            Self::Birth => "an age or date of birth",
            Self::Phone => "a telephone number",
            Self::SocialSecurity => "likely a social security number",
            Self::Email => "an e-mail address",
        }
    }
}

/// Words that must not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What they are.
    pub what: Private,
    /// The words as typed.
    pub words: String,
}

/// All that the text holds of what must not be kept, in order and without overlaps. Any text can be looked through, in
/// time that grows with its length only.
pub fn find(text: &str) -> Vec<Found> {
    let plain = Plain::of(text);
    let found = spans(&plain.text);
    found.into_iter().map(|(what, range)| Found { what, words: plain.typed(&range).to_owned() }).collect()
}

/// The same as ranges of a plain text.
fn spans(text: &str) -> Vec<(Private, Range<usize>)> {
    let shaped = patterns::find(text);
    let tokens = token::tokens(text);
    let context = Context::of(&tokens);
    let reading = Reading { text, tokens: &tokens };
    let taken = |it: &Token| {
        let at = shaped.partition_point(|shape| shape.range.end <= it.range.start);
        shaped.get(at).is_some_and(|shape| shape.range.start < it.range.end)
    };
    let mut names = person::find(reading, &context, &taken);
    names.extend(flat::find(reading, &context, &taken));
    names.sort_by_key(|it| it.start);
    let ages = names.iter().filter_map(|it| age_after(reading, it.end)).filter(|it| !taken(&tokens[*it]));
    let mut found: Vec<_> = ages.map(|it| (Private::Birth, tokens[it].range.clone())).collect();
    let names: Vec<Range<usize>> =
        names.into_iter().map(|it| tokens[it.start].range.start..tokens[it.end - 1].range.end).collect();
    let kept = shaped.into_iter().filter(|it| is_private(it, &names, &tokens, &context));
    found.extend(kept.map(|it| (it.what, it.range)));
    found.extend(names.into_iter().map(|it| (Private::Name, it)));
    found.sort_by_key(|it| (it.1.start, it.1.end));
    found.dedup_by(|next, last| next.1.start < last.1.end);
    found
}

// An age tells who someone is when it stands in the same breath as the name.
const BESIDE: usize = 60;

/// Whether what has such a shape must not be kept here: an age only beside a name, an address of e-mail only beside words
/// of victimhood.
fn is_private(it: &Shaped, names: &[Range<usize>], tokens: &[Token], context: &Context) -> bool {
    if it.is_age {
        let at = names.partition_point(|name| name.end <= it.range.start);
        let near = |name: &Range<usize>| {
            name.start.saturating_sub(it.range.end).max(it.range.start.saturating_sub(name.end)) <= BESIDE
        };
        return names[at.saturating_sub(1)..].iter().take(2).any(near);
    }
    if it.what == Private::Email {
        let at = tokens.partition_point(|token| token.range.end <= it.range.start);
        return tokens.get(at).is_some_and(|token| context.is_near(it.range.start, token.sentence));
    }
    true
}

/// The number after a name that is a child's age: "Nou, 16," or "Nou is 16 and", but not "Nou was 15 minutes late".
fn age_after(text: Reading<'_>, end: usize) -> Option<usize> {
    let linked = matches!(text.word(end), "is" | "was" | "tiene" | "just" | "turned");
    let at = if linked { end + 1 } else { end };
    let gap_fits = linked || matches!(text.gap_before(end), ", " | " (" | "/");
    let age: u32 = text.tokens.get(at).filter(|it| it.shape == Shape::Number)?.folded.parse().ok()?;
    let ends = text.gap_before(at + 1) != " "
        || ["when", "and", "or", "but", "then", "now", "at", "y", "anos"].contains(&text.word(at + 1));
    (gap_fits && ends && (1..18).contains(&age)).then_some(at)
}
