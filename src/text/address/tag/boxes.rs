//! Post-office and rural-route boxes, wherever they stand.

use super::{Label, Tagger};

impl Tagger<'_, '_> {
    /// Post-office and rural-route boxes, wherever they stand.
    pub(super) fn boxes(&mut self) -> bool {
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
    pub(super) fn box_at(&self, at: usize) -> usize {
        let (head, sure) = match [self.text(at), self.text(at + 1), self.text(at + 2)] {
            ["P", "O", "BOX" | "DRAWER"] | ["POST", "OFFICE", "BOX"] => (3, true),
            ["PO" | "P0" | "POST", "BOX" | "BX" | "DRAWER", _] | ["LOCK", "BOX", _] => (2, true),
            ["POB" | "POBOX" | "PO" | "BOX" | "BX" | "CALLER" | "LOCKBOX" | "LBX" | "LB", _, _] => (1, false),
            _ => return self.rural_route_at(at),
        };
        match (sure, self.box_id(at + head)) {
            (_, Some(length)) => head + length,
            (true, None) => head,
            (false, None) => 0,
        }
    }

    /// The length of a box's number that starts here, with a "#" or "NO" before and a letter behind it.
    pub(super) fn box_id(&self, at: usize) -> Option<usize> {
        let id = at + usize::from(matches!(self.text(at), "#" | "NO" | "NUMBER"));
        let found = id < self.end && (self.digits(id) || self.tokens[id].is_letter()) && !self.gap_before(id);
        let letter = id + 1 < self.end && self.tokens[id + 1].is_letter() && !self.tokens[id].gap;
        found.then_some(id + 1 + usize::from(letter) - at)
    }

    /// "RR 2", "HC 1", "STAR RTE 102", or when a box follows "SOUTH ROUTE".
    pub(super) fn rural_route_at(&self, at: usize) -> usize {
        let (mut to, mut named, mut rural) = (at, false, false);
        while to < self.end && to < at + 6 {
            match self.text(to) {
                "ROUTE" | "RTE" | "RT" | "RD" => named = true,
                "RR" | "HC" | "HCR" | "RFD" | "RURAL" | "STAR" | "CONTRACT" | "CMR" | "PSC" => {
                    (named, rural) = (true, true);
                }
                "R" if to == at && self.text(to + 1) == "R" => (named, rural) = (true, true),
                "HIGHWAY" | "HWY" if self.text(to + 1) == "CONTRACT" => {}
                "NORTH" | "SOUTH" | "EAST" | "WEST" if to == at => {}
                "R" | "#" if named => {}
                _ => break,
            }
            to += 1;
        }
        if to < self.end && self.digits(to) && !self.gap_before(to) {
            to += 1;
        } else if to < self.end && rural && self.text(to) != "BOX" {
            return 0;
        }
        let boxed = self.text(to) == "BOX" && self.box_id(to + 1).is_some();
        let left_out =
            rural && !boxed && self.text(to) == "BOX" && (to + 1 >= self.end || self.tokens[to].gap);
        if named && (boxed || rural && self.digits(to - 1)) { to + usize::from(left_out) - at } else { 0 }
    }
}
