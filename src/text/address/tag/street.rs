//! The street: its directions, its name or its number as a route, its suffix.

use super::super::words::{self, Route};
use super::{Label, Tagger, is_complex};

impl Tagger<'_, '_> {
    /// The street that starts at `from`, then its units and the place.
    pub(super) fn street_and_rest(&mut self, from: usize) {
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
    pub(super) fn segment_end(&self, from: usize) -> usize {
        (from..self.end)
            .find(|&at| {
                at > from
                    && (self.gap_before(at)
                        || self.labels[at] != Label::Other
                        || self.is_unit_start(at)
                        || self.is_level(at))
            })
            .unwrap_or(self.end)
            .max(from.min(self.end))
    }

    /// Labels a direction before the name; it is the name itself when a suffix ends the street right behind it ("NORTH ST").
    pub(super) fn pre_direction(&mut self, from: usize, limit: usize) -> usize {
        if from >= limit || self.tokens[from].word.direction.is_none() || from + 1 >= limit {
            return from;
        }
        let next = &self.tokens[from + 1];
        if self.is_opposite(from) && self.suffix_within(from + 2) {
            return from;
        }
        let routed = self.route_at(from + 1, limit) > 0;
        if !routed && next.word.suffix.is_some() && next.word.strong && self.street_ends(from + 2, limit) {
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

    /// "EAST WEST HIGHWAY": no direction, but a name.
    fn is_opposite(&self, at: usize) -> bool {
        let pair = (self.tokens[at].word.direction, self.tokens[at + 1].word.direction);
        matches!(pair, (Some("E"), Some("W")) | (Some("N"), Some("S")))
    }

    /// Whether nothing of the street's name can follow at `at`.
    pub(super) fn street_ends(&self, at: usize, limit: usize) -> bool {
        at >= limit || self.tokens[at].word.direction.is_some() || self.closed && !self.suffix_within(at)
    }

    /// How many words a numbered route takes: "COUNTY ROAD B2", "CR 10", "US HWY 10", "AVENUE H"; 0 when none starts here.
    pub(super) fn route_at(&self, from: usize, limit: usize) -> usize {
        let (mut at, qualifiers, kind) = self.route_words(from, limit);
        if at > from && matches!(self.text(at), "#" | "NO") {
            at += 1;
        }
        let Some(id) = self.tokens.get(at).filter(|_| at < limit) else { return 0 };
        let numbered = id.starts_with_digit() && !id.is_ordinal();
        let lettered = id.text.len() <= 2
            && id.text != "OF"
            && id.first.is_ascii_alphabetic()
            && (id.word.direction.is_none() || id.is_letter())
            && (id.word.suffix.is_none() || qualifiers > 0 && at + 1 == limit);
        let plain = from == 0 || self.tokens[from - 1].word.direction.is_none();
        let whole = match kind {
            Some("ROAD") => qualifiers > 0 && (numbered || lettered),
            Some("AVENUE") => plain && lettered && at == from + 1 && !self.suffix_within(at + 1),
            Some("INTERSTATE" | "LOOP" | "SPUR") => numbered,
            Some(_) => numbered || lettered,
            None => {
                qualifiers == 1
                    && numbered
                    && matches!(self.text(from), "US" | "MN" | "INTERSTATE" | "BUSINESS")
            }
        };
        if whole { at + 1 - from } else { 0 }
    }

    /// The words before a route's number: where they end, how many qualifiers there are, and the kind.
    fn route_words(&self, from: usize, limit: usize) -> (usize, usize, Option<&'static str>) {
        let mut at = from + usize::from(self.text(from) == "OLD");
        let mut qualifiers = 0;
        let mut kind = None;
        while at < limit && kind.is_none() {
            let word = self.tokens[at].word;
            let loose =
                matches!(self.text(at), "BUS" | "BUSINESS" | "SCENIC" | "FARM" | "CITY" | "PRIVATE" | "AID");
            match word.route {
                Some(Route::Kind(name)) => kind = Some(name),
                Some(Route::Both(name)) if qualifiers == 0 => kind = Some(name),
                Some(Route::Qualifier(_)) => qualifiers += 1,
                _ if loose || word.state.is_some() => qualifiers += 1,
                _ => break,
            }
            at += 1;
        }
        (at, qualifiers, kind)
    }

    pub(super) fn route_end(&mut self, from: usize, mut to: usize, limit: usize) -> usize {
        while to < limit && matches!(self.text(to), "BUS" | "BUSINESS" | "ALT" | "BYP" | "BYPASS") {
            to += 1;
        }
        self.fill(from..to, Label::Street);
        to
    }

    /// A street with a name; returns where it ends, its suffix included.
    pub(super) fn named_street(&mut self, from: usize, limit: usize) -> usize {
        if from >= limit {
            return from;
        }
        let last_part = limit == self.end && self.closed;
        if let Some(to) = self.avenue_of(from, limit, last_part) {
            self.fill(from..to, Label::Street);
            return to;
        }
        let route = (from + 1..limit).find(|&at| self.text(at) == "COUNTY" && self.route_at(at, limit) > 0);
        if let Some(at) = route {
            let to = at + self.route_at(at, limit);
            self.fill(from..to, Label::Street);
            return to;
        }
        let suffix =
            if last_part { self.suffix_from_left(from, limit) } else { self.suffix_from_right(from, limit) };
        if let Some(at) = suffix {
            self.fill(from..at, Label::Street);
            self.labels[at] = Label::Suffix;
            if self.is_wind_before_suffix(from, at) {
                self.labels[at - 1] = Label::PostDirection;
            }
            return at + 1;
        }
        let mut to = if last_part { from + self.bare_name(from, limit) } else { limit };
        if to > from + 1 && to == limit && self.digits(to - 1) {
            to -= 1;
        }
        while to > from + 1 && self.tokens[to - 1].word.direction.is_some() {
            to -= 1;
        }
        self.fill(from..to, Label::Street);
        to
    }

    /// "SAINT JOHN W ST", "AVALON PARK SOUTH BLVD": a direction that registers put before the suffix; but "OLD WEST RD" and
    /// "PARK CIRCLE EAST RD" are names.
    fn is_wind_before_suffix(&self, from: usize, suffix: usize) -> bool {
        let wind = &self.tokens[suffix - 1];
        let named = suffix - 1 - from;
        wind.word.direction.is_some()
            && wind.text != "NO"
            && named > 0
            && (wind.text.len() <= 2 || named > 1)
            && !self.tokens[suffix - 2].starts_with_digit()
            && !self.tokens[suffix - 2].word.strong
            && self.tokens[suffix - 2].word.direction.is_none()
            && self.tokens[suffix - 2].word.route.is_none()
    }

    /// "AVENUE OF THE AMERICAS": the suffix stands in front and belongs to the name.
    pub(super) fn avenue_of(&self, from: usize, limit: usize, last_part: bool) -> Option<usize> {
        let of = self.tokens[from].word.strong && self.text(from + 1) == "OF" && from + 2 < limit;
        let words = 3 + usize::from(self.text(from + 2) == "THE");
        of.then(|| if last_part { (from + words).min(limit) } else { limit })
    }

    /// How many words of a street without suffix and comma are its name, the rest being the place.
    pub(super) fn bare_name(&self, from: usize, limit: usize) -> usize {
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
    pub(super) fn suffix_from_right(&self, from: usize, limit: usize) -> Option<usize> {
        let mut last = limit;
        while last > from + 1
            && (self.tokens[last - 1].word.direction.is_some() || self.is_bare_unit(last - 1))
        {
            last -= 1;
        }
        let ends = |at: usize| at > from && self.tokens[at].word.suffix.is_some();
        if ends(last - 1) {
            return Some(self.before_complex(from, last - 1).unwrap_or(last - 1));
        }
        self.suffix_from_left(from, limit)
    }

    /// "ASHBOURNE RD LYNNEWOOD GARDENS": the street has ended before the name of what stands there.
    fn before_complex(&self, from: usize, last: usize) -> Option<usize> {
        let strong = |at: &usize| self.tokens[*at].word.strong && self.tokens[*at].word.suffix.is_some();
        let of_complex = self.tokens[last].word.suffix.is_some_and(is_complex);
        if strong(&last) && !of_complex && !matches!(self.text(last), "SQUARE" | "PLACE" | "GARDENS") {
            return None;
        }
        (from + 1..last.saturating_sub(1)).find(strong)
    }

    /// The first plain suffix behind a name; of two in a row the second ("PARK AVE", "AVENUE RD").
    pub(super) fn suffix_from_left(&self, from: usize, limit: usize) -> Option<usize> {
        let is_strong = |at: usize| {
            let word = self.tokens[at].word;
            word.strong && word.suffix.is_some() && !self.is_saint(at, limit)
        };
        if let Some(at) = (from + 1..limit).find(|&at| is_strong(at)) {
            let doubled = at + 1 < limit && is_strong(at + 1) && !self.tokens[at].gap;
            // "PARK CIRCLE EAST RD", "21ST ST NW LN".
            let parted = at + 2 < limit && self.tokens[at + 1].word.direction.is_some() && is_strong(at + 2);
            return Some(at + if parted { 2 } else { usize::from(doubled) });
        }
        // "NW 55TH FORT LAUDERDALE".
        if self.tokens[from].is_ordinal() && self.closed {
            return None;
        }
        let weak = |at: &usize| {
            self.tokens[*at].word.suffix.is_some()
                && !self.tokens[*at].word.strong
                && !self.is_saint(*at, limit)
        };
        (from + 1..limit).find(weak).filter(|at| at + 1 < limit || !self.closed || limit < self.end)
    }

    /// "ST LOUIS" behind a street: the place, unless the street would then have no suffix at all.
    pub(super) fn is_saint(&self, at: usize, limit: usize) -> bool {
        matches!(self.text(at), "ST") && at + 1 < limit && words::saint(self.text(at + 1)) && self.closed
    }

    /// "12 MAIN ST 3B": a word with a digit, or one letter, that ends the segment behind a suffix.
    pub(super) fn is_bare_unit(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        at > 1
            && (self.digits(at) || token.is_letter())
            && (self.tokens[at - 1].word.suffix.is_some() || self.tokens[at - 1].word.direction.is_some())
    }

    /// A direction behind the street.
    pub(super) fn post_direction(&mut self, at: usize) -> usize {
        if at >= self.end || at == 0 || self.labels[at] != Label::Other {
            return at;
        }
        let ends = self.text(at).len() == 2 || self.tokens[at].gap || at + 1 == self.end;
        let ends = ends || self.is_split_pair(at);
        let listed = self.labels[at - 1] == Label::Suffix && self.text(at).len() <= 2 && ends;
        if self.gap_before(at) && !listed {
            return at;
        }
        if self.tokens[at].word.direction.is_none() || self.text(at) == "NO" && self.is_unit_start(at) {
            return at;
        }
        let grid = self.tokens[at - 1].is_number() && self.labels[at - 1] == Label::Street;
        let city = words::directed_city(self.text(at), self.text(at + 1)) && !grid;
        if city && at + 1 < self.end && !self.tokens[at].gap {
            return at;
        }
        self.labels[at] = Label::PostDirection;
        let pair = self.is_split_pair(at);
        if pair {
            self.labels[at + 1] = Label::PostDirection;
        }
        at + 1 + usize::from(pair)
    }

    /// "S W" for "SW".
    fn is_split_pair(&self, at: usize) -> bool {
        matches!(self.text(at), "N" | "S")
            && matches!(self.text(at + 1), "E" | "W")
            && at + 1 < self.end
            && !self.tokens[at].gap
    }
}
