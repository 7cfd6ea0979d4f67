//! Decides what each word of an address is: the tail (state, ZIP) from the right, then from the house number rightward
//! the street, its units and the place. Every pass is linear in the number of words.

use super::token::Token;
use super::words::{self, Route};

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

/// The labels of all words, one each.
pub(super) fn tag(tokens: &[Token<'_>]) -> Vec<Label> {
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

    /// Country, ZIP and state at the end; or a state and ZIP further left, with other words behind.
    fn tail(&mut self) {
        if let Some(at) = self.state_and_zip_inside() {
            self.end = at;
        }
        if self.end > 1 && matches!(self.text(self.end - 1), "USA" | "AMERICA") {
            self.end -= 1 + 2 * usize::from(self.end > 4 && self.text(self.end - 1) == "AMERICA");
        }
        self.zip();
        self.state();
    }

    /// The end of the last "MN 55401" that is followed by more words (which are then no part of the address).
    fn state_and_zip_inside(&self) -> Option<usize> {
        let zip = (2..self.end)
            .rev()
            .find(|&at| is_zip(self.text(at)) && self.tokens[at - 1].word.state.is_some())?;
        let plus_four = self.tokens.get(zip + 1).is_some_and(|next| next.is_number() && next.text.len() == 4);
        Some(zip + 1 + usize::from(plus_four))
    }

    fn zip(&mut self) {
        let last = self.end.saturating_sub(1);
        if self.end >= 3
            && self.tokens[last].is_number()
            && self.text(last).len() == 4
            && is_zip(self.text(last - 1))
        {
            self.take_zip(last - 1);
        } else if self.end >= 2 && is_zip(self.text(last)) && !self.numbered_by(last - 1) {
            self.take_zip(last);
        }
    }

    fn take_zip(&mut self, at: usize) {
        self.fill(at..self.end, Label::Zip);
        self.end = at;
        self.closed = true;
    }

    /// Whether the word wants a number behind it, so that five digits there are no ZIP.
    fn numbered_by(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        !token.gap
            && (token.text == "BOX"
                || token.word.unit.is_some()
                || matches!(token.word.route, Some(Route::Kind(_) | Route::Both(_))))
    }

    fn state(&mut self) {
        let Some(last) = self.end.checked_sub(1).filter(|last| *last > 0) else { return };
        if last > 1 && words::two_word_state(self.text(last - 1), self.text(last)).is_some() {
            if self.closed || self.gap_before(last - 1) || self.place_before(last - 1) {
                self.take_state(last - 1);
            }
        } else if self.tokens[last].word.state.is_some() && self.is_state(last) {
            self.take_state(last);
        }
    }

    fn is_state(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let otherwise =
            token.word.suffix.is_some() || token.word.direction.is_some() || token.word.unit.is_some();
        if self.closed {
            return !(otherwise && self.tokens[at - 1].starts_with_digit() && !self.gap_before(at));
        }
        let before = &self.tokens[at - 1];
        if token.word.unit.is_some()
            && (before.word.ordinal.is_some() || before.is_ordinal() || before.is_number())
        {
            return false;
        }
        let code = token.text.len() == 2;
        if otherwise || !code { self.gap_before(at) && at > 2 || self.place_before(at) } else { true }
    }

    /// Whether words of a place stand between a street's end and `at`.
    fn place_before(&self, at: usize) -> bool {
        let before = &self.tokens[..at];
        let street_end =
            before.iter().rposition(|token| token.word.strong && token.word.suffix.is_some() || token.gap);
        street_end.is_some_and(|end| {
            end > 0
                && before[end + 1..].iter().any(|token| {
                    !token.starts_with_digit() && token.word.direction.is_none() && token.word.unit.is_none()
                })
        })
    }

    fn take_state(&mut self, at: usize) {
        self.fill(at..self.end, Label::State);
        self.end = at;
        self.closed = true;
    }

    /// Post-office and rural-route boxes, wherever they stand.
    fn boxes(&mut self) -> bool {
        let mut found = false;
        let mut at = 0;
        while at < self.end {
            let length = self.box_at(at);
            if length > 0 && self.labels[at] == Label::Other {
                self.fill(at..(at + length).min(self.end), Label::Box);
                found = true;
            }
            at += length.max(1);
        }
        found
    }

    /// How many words a box takes that starts here; 0 when none does.
    fn box_at(&self, at: usize) -> usize {
        let words = [self.text(at), self.text(at + 1), self.text(at + 2)];
        let (head, numbered) = match words {
            ["P", "O", "BOX" | "DRAWER"] | ["POST", "OFFICE", "BOX"] => (3, true),
            ["PO" | "P0" | "POST", "BOX" | "BX" | "DRAWER", _] => (2, true),
            ["POB" | "POBOX" | "PO" | "BOX" | "BX" | "DRAWER" | "CALLER", _, _] => (1, false),
            ["RR" | "HC" | "HCR" | "RFD" | "RD" | "RT" | "RTE" | "ROUTE" | "R", _, "BOX"]
                if self.digits(at + 1) =>
            {
                (2, true)
            }
            ["R", "R", _] if self.digits(at + 2) => (2, true),
            ["RR" | "RFD", _, _] if self.digits(at + 1) => (1, true),
            _ => return 0,
        };
        let id = at + head;
        let has_id = id < self.end
            && (self.digits(id) || self.tokens[id].is_letter() && !self.gap_before(id))
            && !self.gap_before(id);
        match (numbered, has_id) {
            (_, true) => head + 1,
            (true, false) => head,
            (false, false) => 0,
        }
    }

    fn digits(&self, at: usize) -> bool {
        at < self.end && self.tokens[at].text.bytes().any(|b| b.is_ascii_digit())
    }

    /// Where the two streets of an intersection part; `None` for an address with a house number.
    fn separator(&self) -> Option<usize> {
        let is_separator = |at: &usize| matches!(self.text(*at), "/" | "&" | "@" | "AND" | "AT");
        let at = (1..self.end.saturating_sub(1)).find(is_separator)?;
        let first = &self.tokens[0];
        let numbered =
            first.starts_with_digit() && !first.is_ordinal() && self.tokens[1].word.suffix.is_none();
        let streets = first.is_ordinal()
            || self.tokens[..self.end].iter().any(|token| token.word.suffix.is_some() || token.is_ordinal());
        let later_number = self.tokens[..at].iter().skip(1).any(Token::is_number) && !self.has_route(at);
        (!numbered && streets && !later_number).then_some(at)
    }

    fn has_route(&self, before: usize) -> bool {
        self.tokens[..before].iter().any(|token| token.word.route.is_some())
    }

    fn intersection(&mut self, at: usize) {
        let from = if self.text(0) == "CORNER" { 1 + usize::from(self.text(1) == "OF") } else { 0 };
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
            if self.labels[at] != Label::Other || (at > 0 && self.numbered_by(at - 1)) {
                return false;
            }
            let followed = at + 1 < self.end && self.labels[at + 1] == Label::Other;
            let named_follows = followed && !(at > 0 && token.gap);
            let digits =
                token.starts_with_digit() && !token.is_ordinal() && (named_follows || at == 0 && followed);
            let spelled = at == 0 && token.word.cardinal.is_some() && self.suffix_within(at + 2);
            digits || spelled || (is_grid(token.text) && named_follows)
        })
    }

    fn suffix_within(&self, from: usize) -> bool {
        (from..self.end.min(from + 4)).any(|at| self.tokens[at].word.suffix.is_some())
    }

    /// "UNIT 4, 12 MAIN ST": a unit may stand before the number.
    fn units_before(&mut self, number: usize) {
        let mut at = 0;
        while at < number {
            at += if self.labels[at] == Label::Other { self.unit_at(at, number).max(1) } else { 1 };
        }
    }

    /// Labels the house number with its fraction or letter; returns where the street starts.
    fn house(&mut self, number: usize) -> usize {
        self.labels[number] = Label::Number;
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
        if self.house_letter(at) {
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
            && !next.word.strong
            && next.word.unit.is_none()
            && (next.word.route.is_none() || !self.digits(at + 2))
    }

    /// The street that starts at `from`, then its units and the place.
    fn street_and_rest(&mut self, from: usize) {
        let limit = self.segment_end(from);
        let name = self.pre_direction(from, limit);
        let after = match self.route_at(name, limit) {
            0 => self.named_street(name, limit),
            length => self.route_end(name, name + length, limit),
        };
        let after = self.post_direction(after);
        self.rest_after_street(after);
    }

    /// The first comma, unit, box or tail from `from` on.
    fn segment_end(&self, from: usize) -> usize {
        (from..self.end)
            .find(|&at| {
                at > from
                    && (self.gap_before(at) || self.labels[at] != Label::Other || self.is_unit_start(at))
            })
            .unwrap_or(self.end)
            .max(from.min(self.end))
    }

    /// A unit word that is followed by its identifier, or "#".
    fn is_unit_start(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if token.text == "#" {
            return true;
        }
        if token.word.unit.is_none() || token.word.state.is_some() && at + 1 >= self.end {
            return false;
        }
        if token.word.alone {
            return at + 1 == self.end || token.gap || self.is_unit_level(at + 1);
        }
        at + 1 < self.end
            && (self.digits(at + 1) || self.tokens[at + 1].is_letter() || self.text(at + 1) == "#")
            && !token.gap
            || matches!(token.text, "STE" | "SUITE" | "APT" | "UNIT")
    }

    fn is_unit_level(&self, at: usize) -> bool {
        at < self.end && matches!(self.text(at), "FLOOR" | "FL" | "FLR" | "LEVEL" | "UNIT" | "APT")
    }

    /// Labels a direction before the name; it is the name itself when a suffix ends the street right behind it ("NORTH ST").
    fn pre_direction(&mut self, from: usize, limit: usize) -> usize {
        if from >= limit || self.tokens[from].word.direction.is_none() || from + 1 >= limit {
            return from;
        }
        let next = &self.tokens[from + 1];
        if next.word.suffix.is_some() && next.word.strong && self.street_ends(from + 2, limit) {
            return from;
        }
        self.labels[from] = Label::PreDirection;
        let pair = matches!(self.text(from), "N" | "S" | "NORTH" | "SOUTH")
            && matches!(next.text, "E" | "W" | "EAST" | "WEST");
        if pair
            && from + 2 < limit
            && !(self.tokens[from + 2].word.strong && self.street_ends(from + 3, limit))
        {
            self.labels[from + 1] = Label::PreDirection;
            return from + 2;
        }
        from + 1
    }

    /// Whether nothing of the street's name can follow at `at`.
    fn street_ends(&self, at: usize, limit: usize) -> bool {
        at >= limit || self.tokens[at].word.direction.is_some() || self.closed && !self.suffix_within(at)
    }

    /// How many words a numbered route takes: "COUNTY ROAD B2", "CR 10", "US HWY 10", "AVENUE H"; 0 when none starts here.
    fn route_at(&self, from: usize, limit: usize) -> usize {
        let mut at = from + usize::from(self.text(from) == "OLD");
        let mut seen = 0;
        let mut kind = None;
        while at < limit {
            match self.tokens[at].word.route {
                Some(Route::Qualifier(_)) if kind.is_none() => seen += 1,
                Some(Route::Kind(name)) if kind.is_none() => kind = Some(name),
                Some(Route::Both(name)) if seen == 0 && kind.is_none() => kind = Some(name),
                _ if matches!(self.text(at), "BUS" | "BUSINESS" | "SCENIC") => {}
                _ if kind.is_none() && self.tokens[at].word.state.is_some() => seen += 1,
                _ => break,
            }
            at += 1;
        }
        let Some(id) = self.tokens.get(at).filter(|_| at < limit) else { return 0 };
        let numbered = id.starts_with_digit() && !id.is_ordinal();
        let lettered = id.text.len() <= 2
            && id.first.is_ascii_alphabetic()
            && (id.word.direction.is_none() || id.is_letter())
            && id.word.suffix.is_none();
        let whole = match kind {
            Some("ROAD") => seen > 0 && (numbered || lettered),
            Some("AVENUE") => seen == 0 && lettered && at == from + 1 && !self.suffix_within(at + 1),
            Some("INTERSTATE" | "LOOP" | "SPUR") => numbered,
            Some(_) => numbered || lettered,
            None => seen == 1 && numbered && matches!(self.text(from), "US" | "MN" | "INTERSTATE"),
        };
        if whole { at + 1 - from } else { 0 }
    }

    fn route_end(&mut self, from: usize, mut to: usize, limit: usize) -> usize {
        while to < limit && matches!(self.text(to), "BUS" | "BUSINESS" | "ALT" | "BYP" | "BYPASS") {
            to += 1;
        }
        self.fill(from..to, Label::Street);
        to
    }

    /// A street with a name; returns where it ends, its suffix included.
    fn named_street(&mut self, from: usize, limit: usize) -> usize {
        if from >= limit {
            return from;
        }
        let last_part = limit == self.end && self.closed;
        let suffix =
            if last_part { self.suffix_from_left(from, limit) } else { self.suffix_from_right(from, limit) };
        if let Some(at) = suffix {
            self.fill(from..at, Label::Street);
            self.labels[at] = Label::Suffix;
            return at + 1;
        }
        let mut to = if last_part { from + self.bare_name(from, limit) } else { limit };
        while to > from + 1 && self.tokens[to - 1].word.direction.is_some() {
            to -= 1;
        }
        self.fill(from..to, Label::Street);
        to
    }

    /// How many words of a street without suffix and comma are its name, the rest being the place.
    fn bare_name(&self, from: usize, limit: usize) -> usize {
        let first = self.text(from);
        let two = matches!(
            first,
            "ST" | "SAINT"
                | "SAN"
                | "SANTA"
                | "LA"
                | "LAS"
                | "LOS"
                | "EL"
                | "DEL"
                | "MC"
                | "VAN"
                | "LE"
                | "DE"
                | "MT"
                | "OLD"
        );
        (1 + usize::from(two)).min(limit - from)
    }

    /// The suffix of a street that a comma, a unit or the end follows.
    fn suffix_from_right(&self, from: usize, limit: usize) -> Option<usize> {
        let mut last = limit;
        while last > from + 1
            && (self.tokens[last - 1].word.direction.is_some() || self.is_bare_unit(last - 1))
        {
            last -= 1;
        }
        let ends = |at: usize| at > from && self.tokens[at].word.suffix.is_some();
        if ends(last - 1) {
            return Some(last - 1);
        }
        self.suffix_from_left(from, limit)
    }

    /// The first plain suffix behind a name; of two in a row the second ("PARK AVE", "AVENUE RD").
    fn suffix_from_left(&self, from: usize, limit: usize) -> Option<usize> {
        let is_strong = |at: usize| {
            let word = self.tokens[at].word;
            word.strong && word.suffix.is_some() && !self.is_saint(at, limit)
        };
        if let Some(at) = (from + 1..limit).find(|&at| is_strong(at)) {
            let doubled = at + 1 < limit && is_strong(at + 1) && !self.tokens[at].gap;
            return Some(at + usize::from(doubled));
        }
        let weak = |at: &usize| {
            self.tokens[*at].word.suffix.is_some()
                && !self.tokens[*at].word.strong
                && !self.is_saint(*at, limit)
        };
        (from + 1..limit).find(weak).filter(|at| at + 1 < limit || !self.closed || limit < self.end)
    }

    /// "ST LOUIS" behind a street: the place, unless the street would then have no suffix at all.
    fn is_saint(&self, at: usize, limit: usize) -> bool {
        matches!(self.text(at), "ST") && at + 1 < limit && words::saint(self.text(at + 1)) && self.closed
    }

    /// "12 MAIN ST 3B": a word with a digit, or one letter, that ends the segment behind a suffix.
    fn is_bare_unit(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        at > 1
            && (self.digits(at) && !token.is_ordinal() || token.is_letter())
            && (self.tokens[at - 1].word.suffix.is_some() || self.tokens[at - 1].word.direction.is_some())
    }

    /// A direction behind the street.
    fn post_direction(&mut self, at: usize) -> usize {
        if at >= self.end || at == 0 || self.gap_before(at) || self.labels[at] != Label::Other {
            return at;
        }
        let Some(_) = self.tokens[at].word.direction else { return at };
        if words::directed_city(self.text(at), self.text(at + 1)) && at + 1 < self.end && !self.tokens[at].gap
        {
            return at;
        }
        self.labels[at] = Label::PostDirection;
        let pair = matches!(self.text(at), "N" | "S")
            && matches!(self.text(at + 1), "E" | "W")
            && at + 1 < self.end
            && !self.tokens[at].gap;
        if pair {
            self.labels[at + 1] = Label::PostDirection;
        }
        at + 1 + usize::from(pair)
    }

    fn rest_after_street(&mut self, from: usize) {
        let mut at = from;
        if at < self.end && self.labels[at] == Label::Other && self.unit_at(at, self.end) == 0 {
            let token = &self.tokens[at];
            let single = self.digits(at) && !self.is_unit_level(at + 1)
                || token.is_letter() && (token.gap || at + 1 == self.end || !self.gap_before(at));
            if single && !token.is_ordinal() {
                self.labels[at] = Label::Unit;
                at += 1;
            }
        }
        self.rest(at);
    }

    /// Units and the place; what stands between commas and is neither is a building or a recipient.
    fn rest(&mut self, from: usize) {
        let place = self.place_start(from);
        let mut at = from;
        while at < self.end {
            if self.labels[at] != Label::Other {
                at += 1;
                continue;
            }
            match self.unit_at(at, self.end) {
                0 => {
                    if at >= place {
                        self.labels[at] = Label::City;
                    }
                    at += 1;
                }
                length => at += length,
            }
        }
    }

    /// The place is what follows the last comma, or all of it when there is none.
    fn place_start(&self, from: usize) -> usize {
        (from + 1..self.end).rev().find(|&at| self.gap_before(at)).unwrap_or(from)
    }

    /// Labels a unit that starts here and says how many words it takes; 0 when none does.
    fn unit_at(&mut self, at: usize, end: usize) -> usize {
        let token = self.tokens[at];
        if at + 1 < end && !token.gap && self.is_unit_level(at + 1) {
            let level =
                token.is_ordinal() || token.word.ordinal.is_some() || token.word.alone || token.is_number();
            let own_id = token.is_number() && self.digits(at + 2);
            if level && !own_id {
                self.labels[at] = Label::Unit;
                self.labels[at + 1] = Label::UnitType;
                return 2;
            }
        }
        if token.word.unit.is_none() || !self.is_unit_start(at) {
            return 0;
        }
        self.labels[at] = Label::UnitType;
        if token.word.alone || token.gap || at + 1 >= end {
            return 1;
        }
        let mark = usize::from(token.text != "#" && self.text(at + 1) == "#");
        if mark == 1 {
            self.labels[at + 1] = Label::UnitType;
        }
        let id = at + 1 + mark;
        if id >= end || self.labels[id] != Label::Other {
            return 1 + mark;
        }
        self.labels[id] = Label::Unit;
        2 + mark
    }

    fn without_number(&mut self) {
        let limit = self.segment_end(0);
        let street =
            (1..limit).any(|at| self.tokens[at].word.suffix.is_some()) || self.route_at(0, limit) > 0;
        if street {
            self.street_and_rest(0);
        } else if self.closed {
            let place = if limit == self.end { 0 } else { self.place_start(0) };
            self.rest_from(place);
        }
    }

    fn rest_from(&mut self, place: usize) {
        let mut at = 0;
        while at < self.end {
            match self.unit_at(at, self.end) {
                0 => {
                    if at >= place && self.labels[at] == Label::Other {
                        self.labels[at] = Label::City;
                    }
                    at += 1;
                }
                length => at += length,
            }
        }
    }
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
