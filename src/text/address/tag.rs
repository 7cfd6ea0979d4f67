//! Decides what each word of an address is: the tail (state, ZIP) from the right, then from the house number rightward
//! the street, its units and the place. Every pass is linear in the number of words.

mod boxes;
pub(super) mod model;
mod rest;
mod street;
mod tail;

use super::token::Token;
use super::words::Route;

/// What a word of an address is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Label {
    Number,
    PreDirection,
    /// A name of the street, with "HIGHWAY" or "COUNTY ROAD" before a route's number.
    Street,
    Suffix,
    PostDirection,
    UnitType,
    Unit,
    City,
    State,
    Zip,
    /// Words and number of a post-office box or a rural route's box.
    Box,
    /// Between the two streets of an intersection.
    Separator,
    /// Recipients, buildings, countries.
    Other,
}

/// The labels of all words, one each: what the rules say, amended by what people's labels taught.
pub(super) fn tag(tokens: &[Token<'_>]) -> Vec<Label> {
    model::amend(tokens, by_rules(tokens))
}

/// The labels that the rules give.
pub(super) fn by_rules(tokens: &[Token<'_>]) -> Vec<Label> {
    let mut tagger =
        Tagger { tokens, labels: vec![Label::Other; tokens.len()], end: tokens.len(), closed: false };
    tagger.tail();
    let boxed = tagger.boxes();
    if let Some(at) = tagger.separator() {
        tagger.intersection(at);
    } else if let Some(number) = tagger.number() {
        tagger.units_before(number);
        let street = tagger.house(number);
        tagger.street_and_rest(street);
    } else if boxed {
        let from = tagger.labels.iter().rposition(|label| *label == Label::Box).map_or(0, |at| at + 1);
        tagger.units_before(from);
        tagger.rest(from);
    } else {
        tagger.without_number();
    }
    tagger.labels
}

struct Tagger<'t, 'a> {
    tokens: &'t [Token<'a>],
    labels: Vec<Label>,
    /// State, ZIP and country start here.
    end: usize,
    /// Whether a state or ZIP was found, so that a place may stand before it.
    closed: bool,
}

impl Tagger<'_, '_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn gap_before(&self, at: usize) -> bool {
        at > 0 && self.tokens[at - 1].gap
    }

    fn fill(&mut self, range: std::ops::Range<usize>, label: Label) {
        if let Some(labels) = self.labels.get_mut(range) {
            labels.fill(label);
        }
    }

    /// Whether the word wants a number behind it, so that five digits there are no ZIP and others no house number.
    fn numbered_by(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if token.gap {
            return false;
        }
        let of_state = token.word.state.is_some() && is_zip(self.text(at + 1));
        let level = at > 0 && self.is_unit_level(at) && self.is_level_name(at - 1);
        let unit = token.word.unit.is_some() && !of_state && !level;
        let route = match token.word.route {
            Some(Route::Kind("ROAD")) => at > 0 && self.tokens[at - 1].word.route.is_some(),
            Some(Route::Kind(name)) => name != "AVENUE",
            Some(Route::Both(_)) => true,
            Some(Route::Qualifier(_)) | None => false,
        };
        matches!(token.text, "BOX" | "POB" | "POBOX" | "LOCKBOX" | "LBX") || unit || route
    }

    /// "2ND", "SECOND", "LOWER", "2": what may stand before "FLOOR".
    fn is_level_name(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        !token.gap
            && (token.is_ordinal()
                || token.word.ordinal.is_some()
                || token.word.alone
                || token.is_number()
                || is_floor_name(token.text))
    }

    fn digits(&self, at: usize) -> bool {
        at < self.end && self.tokens[at].text.bytes().any(|b| b.is_ascii_digit())
    }

    /// Where the two streets of an intersection part; `None` for an address with a house number.
    fn separator(&self) -> Option<usize> {
        let at = (1..self.end.saturating_sub(1))
            .find(|&at| is_separator(self.text(at)) && self.text(at - 1) != "C")?;
        let houses = (0..self.end).any(|at| self.is_house_like(at));
        let streets =
            self.tokens[..self.end].iter().any(|token| token.word.suffix.is_some() || token.is_ordinal());
        (!houses && (streets || self.is_bare_pair(at))).then_some(at)
    }

    /// "FRANKLIN & PARK": two names and nothing else.
    fn is_bare_pair(&self, at: usize) -> bool {
        let name = |at: usize| self.text(at).len() > 2 && !self.digits(at);
        at == 1 && self.end == 3 && matches!(self.text(at), "/" | "&" | "@") && name(0) && name(2)
    }

    /// A number that is neither a street itself ("38 ST") nor of a route or unit.
    fn is_house_like(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let Some(next) = self.tokens.get(at + 1).filter(|_| at + 1 < self.end) else { return false };
        let street =
            token.is_ordinal() || next.word.suffix.is_some() && next.word.strong || is_separator(next.text);
        let numbered = at > 0 && (self.numbered_by(at - 1) || self.tokens[at - 1].word.route.is_some());
        token.starts_with_digit() && !street && !numbered
    }

    fn intersection(&mut self, at: usize) {
        // "NE CORNER OF …" says where at the crossing.
        let corner = usize::from(self.tokens[0].word.direction.is_some());
        let from = match self.text(corner) {
            "CORNER" => corner + 1 + usize::from(self.text(corner + 1) == "OF"),
            _ => 0,
        };
        let end = self.end;
        self.end = at;
        let closed = std::mem::replace(&mut self.closed, false);
        self.street_and_rest(from);
        self.end = end;
        self.closed = closed;
        self.labels[at] = Label::Separator;
        self.street_and_rest(at + 1);
    }

    /// The first word that can be a house number.
    fn number(&self) -> Option<usize> {
        (0..self.end).find(|&at| {
            let token = &self.tokens[at];
            if self.labels[at] != Label::Other
                || (at > 0 && self.numbered_by(at - 1) && !self.marks_house(at))
            {
                return false;
            }
            let followed = at + 1 < self.end && self.labels[at + 1] == Label::Other;
            let named_follows = followed && !(at > 0 && token.gap);
            let leads = at == 0 || self.marks_house(at);
            let after_box = self.labels[..at].contains(&Label::Box) && !self.suffix_within(at + 1);
            let digits = token.starts_with_digit()
                && !token.is_ordinal()
                && !after_box
                && (named_follows || leads && followed);
            let spelled = at == 0 && token.word.cardinal.is_some() && self.suffix_within(at + 2);
            digits || spelled || (is_grid(token.text) && named_follows)
        })
    }

    /// "#2 TURNER RD": the mark stands for "number", not for a unit.
    fn marks_house(&self, at: usize) -> bool {
        at == 1 && self.text(0) == "#" && at + 2 < self.end && !self.tokens[at].gap && !self.digits(at + 1)
    }

    fn suffix_within(&self, from: usize) -> bool {
        (from..self.end.min(from + 4)).any(|at| self.tokens[at].word.suffix.is_some())
    }

    /// Labels the house number with its fraction or letter; returns where the street starts.
    fn house(&mut self, number: usize) -> usize {
        self.labels[number] = Label::Number;
        if self.marks_house(number) {
            self.labels[0] = Label::Number;
        }
        let mut at = number + 1;
        if is_fraction(self.text(at)) && at < self.end {
            self.labels[at] = Label::Number;
            at += 1;
        }
        if matches!(self.text(at), "BLOCK" | "BLK") && at + 1 < self.end {
            let length = 1 + usize::from(self.text(at + 1) == "OF");
            self.fill(at..at + length, Label::Number);
            return at + length;
        }
        if is_grid(self.text(number)) && at < self.end && is_grid(self.text(at)) || self.house_letter(at) {
            self.labels[at] = Label::Number;
            at += 1;
        }
        at
    }

    /// "214 B SOUTH BLVD": a letter that is no direction, with a whole street behind it.
    fn house_letter(&self, at: usize) -> bool {
        if at + 2 >= self.end || self.tokens[at].gap {
            return false;
        }
        let (token, next) = (&self.tokens[at], &self.tokens[at + 1]);
        token.is_letter()
            && token.word.direction.is_none()
            && token.text != "O"
            && !next.is_letter()
            && next.text != "AND"
            && !(token.text == "I" && self.digits(at + 1) && !self.suffix_within(at + 2))
            && !next.word.strong
            && next.word.unit.is_none()
            && (next.word.route.is_none() || !self.digits(at + 2))
    }
}

/// Suffixes that without a house number name a building or a mall rather than a street.
fn is_complex(suffix: &str) -> bool {
    matches!(suffix, "MALL" | "CTR" | "STA" | "PLZ" | "UN" | "VLG" | "CTS" | "MNR")
}

fn is_floor_name(text: &str) -> bool {
    matches!(text, "GROUND" | "MEZZANINE")
}

fn is_separator(text: &str) -> bool {
    matches!(text, "/" | "&" | "@" | "AND" | "AT")
}

fn is_zip(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    match bytes.len() {
        5 => digits(0..5),
        9 => digits(0..9),
        10 => digits(0..5) && bytes[5] == b'-' && digits(6..10),
        _ => false,
    }
}

fn is_fraction(text: &str) -> bool {
    text.split_once('/').is_some_and(|(over, under)| {
        let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        short(over) && short(under)
    })
}

/// Grid numbers of Wisconsin and Illinois: "N6W23001", "W1234", "1N123" (the last begins with a digit anyway).
fn is_grid(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() >= 4
        && matches!(bytes.next(), Some(b'N' | b'S' | b'E' | b'W'))
        && bytes.clone().next().is_some_and(|b| b.is_ascii_digit())
        && bytes.all(|b| b.is_ascii_digit() || matches!(b, b'N' | b'S' | b'E' | b'W'))
}
