//! Units and the place, before and behind the street; and texts without a house number.

use super::super::words::Route;
use super::{Label, Tagger, is_complex};

impl Tagger<'_, '_> {
    /// "UNIT 4, 12 MAIN ST": a unit may stand before the number.
    pub(super) fn units_before(&mut self, number: usize) {
        let mut at = 0;
        while at < number {
            at += if self.labels[at] == Label::Other { self.unit_at(at, number).max(1) } else { 1 };
        }
    }

    /// A unit word that is followed by its identifier, or "#".
    pub(super) fn is_unit_start(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        if matches!(token.text, "#" | "NO" | "NUMBER") && self.is_route_mark(at) || self.is_sault(at) {
            return false;
        }
        if token.text == "#" {
            return !self.is_account_mark(at);
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

    /// "SAULT STE MARIE" is a city.
    fn is_sault(&self, at: usize) -> bool {
        self.text(at) == "STE" && self.text(at + 1) == "MARIE"
    }

    /// The "#" of "CUSTOMER # 55": a number in some book, not on a door.
    fn is_account_mark(&self, at: usize) -> bool {
        at > 0 && matches!(self.text(at - 1), "CUSTOMER" | "CLIENT" | "ACCT" | "ACCOUNT" | "REF" | "INVOICE")
    }

    /// The "#" of "STATE HIGHWAY #50", but not of "DIXIE HIGHWAY #50".
    pub(super) fn is_route_mark(&self, at: usize) -> bool {
        let kind = at.checked_sub(1).and_then(|before| self.tokens[before].word.route);
        let bare = at < 2 || {
            let before = &self.tokens[at - 2];
            before.starts_with_digit() || before.word.direction.is_some() || before.word.route.is_some()
        };
        bare && !self.gap_before(at)
            && matches!(kind, Some(Route::Kind("HIGHWAY" | "ROUTE") | Route::Both(_)))
    }

    /// "SECOND FLOOR" starts here.
    pub(super) fn is_level(&self, at: usize) -> bool {
        self.is_unit_level(at + 1) && self.is_level_name(at) && !self.tokens[at].word.alone
    }

    pub(super) fn is_unit_level(&self, at: usize) -> bool {
        at < self.end && matches!(self.text(at), "FLOOR" | "FL" | "FLR" | "LEVEL" | "LVL" | "UNIT" | "APT")
    }

    pub(super) fn rest_after_street(&mut self, from: usize) {
        let mut at = from;
        if at < self.end && self.labels[at] == Label::Other && self.unit_at(at, self.end) == 0 {
            let token = &self.tokens[at];
            let wind = token.word.direction.is_some() && at + 1 < self.end && !token.gap;
            let single = !wind && (token.is_letter() || self.digits(at) && !self.is_unit_level(at + 1));
            if single && (!token.is_ordinal() || token.gap || at + 1 == self.end) {
                self.labels[at] = Label::Unit;
                at += 1;
                at += self.unit_tail(at);
            }
        }
        self.rest(at);
    }

    /// Units and the place; what stands between commas and is neither is a building or a recipient.
    pub(super) fn rest(&mut self, from: usize) {
        let place = self.place_start(from);
        let mut at = from;
        let mut attention = false;
        while at < self.end {
            attention = matches!(self.text(at), "ATTN" | "ATTENTION") || attention && !self.gap_before(at);
            if self.labels[at] != Label::Other {
                at += 1;
                continue;
            }
            match self.unit_at(at, self.end) {
                0 => {
                    if at >= place && !attention {
                        self.labels[at] = Label::City;
                    }
                    at += 1;
                }
                length => at += length,
            }
        }
    }

    /// The place is what follows the last comma, or all of it when there is none.
    pub(super) fn place_start(&self, from: usize) -> usize {
        (from + 1..self.end).rev().find(|&at| self.gap_before(at)).unwrap_or(from)
    }

    /// Labels a unit that starts here and says how many words it takes; 0 when none does.
    pub(super) fn unit_at(&mut self, at: usize, end: usize) -> usize {
        let token = self.tokens[at];
        if token.text == "MAIL" && at + 1 < end && matches!(self.text(at + 1), "CODE" | "STOP") {
            self.labels[at] = Label::UnitType;
            return 1;
        }
        if self.is_named_wing(at, end) {
            self.labels[at] = Label::Unit;
            self.labels[at + 1] = Label::UnitType;
            return 2;
        }
        if at + 1 < end && !token.gap && self.is_unit_level(at + 1) {
            let level = self.is_level_name(at);
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
        if token.word.alone || token.gap || at + 1 >= end || token.text == "#" && self.is_unit_start(at + 1) {
            return 1;
        }
        let mark = usize::from(token.text != "#" && self.text(at + 1) == "#");
        if mark == 1 {
            self.labels[at + 1] = Label::UnitType;
        }
        let id = at + 1 + mark;
        if id >= end || self.labels[id] != Label::Other || self.is_place_behind_unit(id) {
            return 1 + mark;
        }
        self.labels[id] = Label::Unit;
        let length = 2 + mark + self.unit_tail(id + 1);
        length + self.unit_list(at + length, end)
    }

    /// The further units of "ROOMS 103 & 105", "APTS 1 THRU 300", "STE 1, 2, 3": how many words they take.
    fn unit_list(&mut self, from: usize, end: usize) -> usize {
        let mut at = from;
        loop {
            let joined = at < end && matches!(self.text(at), "&" | "AND" | "THRU" | "THROUGH" | "TO");
            let id = at + usize::from(joined);
            let listed = id < end
                && (joined || self.gap_before(id))
                && self.digits(id)
                && self.labels[id] == Label::Other
                && (id + 1 >= end || self.tokens[id].gap || matches!(self.text(id + 1), "&" | "AND"))
                && !self.is_unit_level(id + 1);
            if !listed {
                return at - from;
            }
            self.fill(at..id + 1, Label::Unit);
            at = id + 1;
        }
    }

    /// "UNIT CEDAR RAPIDS": what follows the kind is the place, and the identifier was left out.
    fn is_place_behind_unit(&self, id: usize) -> bool {
        let token = &self.tokens[id];
        let word =
            token.text.len() > 3 && !self.digits(id) && !token.word.alone && token.word.direction.is_none();
        word && self.closed && !token.gap && id + 1 < self.end && self.unit_free(id + 1)
    }

    fn unit_free(&self, at: usize) -> bool {
        !self.digits(at) && self.tokens[at].word.unit.is_none()
    }

    /// The second half of "APT 13 C", "UNIT 2 EAST", "# 23 SE", where nothing but a comma or the end follows.
    pub(super) fn unit_tail(&mut self, at: usize) -> usize {
        if at >= self.end || self.gap_before(at) || self.labels[at] != Label::Other || !self.digits(at - 1) {
            return 0;
        }
        let token = &self.tokens[at];
        let ends = token.gap || at + 1 == self.end && !self.closed;
        let part = token.is_letter() || token.word.direction.is_some();
        if part && ends {
            self.labels[at] = Label::Unit;
        }
        usize::from(part && ends)
    }

    /// "NORTH TOWER", "WEST WING", "S BLDG".
    fn is_named_wing(&self, at: usize, end: usize) -> bool {
        let token = &self.tokens[at];
        at + 1 < end
            && token.word.direction.is_some()
            && !token.gap
            && self.tokens[at + 1].word.outer
            && !self.digits(at + 2)
            && (at == 0 || self.gap_before(at) || self.labels[at - 1] != Label::Other)
    }

    pub(super) fn without_number(&mut self) {
        let limit = self.segment_end(0);
        let ends_street = |at: usize| {
            let word = self.tokens[at].word;
            let shops = word.suffix == Some("MALL") || self.text(at - 1) == "SHOPPING";
            word.suffix.is_some_and(|suffix| !is_complex(suffix)) && word.strong || shops
        };
        let lone_name = self.closed && limit == 1 && limit < self.end;
        let street = (1..limit).any(ends_street) || self.route_at(0, limit) > 0 || lone_name;
        if street {
            self.street_and_rest(0);
        } else if self.closed {
            let place = if limit == self.end { 0 } else { self.place_start(0) };
            self.rest_from(place);
        }
    }

    pub(super) fn rest_from(&mut self, place: usize) {
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
