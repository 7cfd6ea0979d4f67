//! Country, ZIP and state, from the right.

use super::super::token::Token;
use super::super::words;
use super::{Label, Tagger, is_zip};

impl Tagger<'_, '_> {
    /// Country, ZIP and state at the end; or a state and ZIP further left, with other words behind.
    pub(super) fn tail(&mut self) {
        if let Some(at) = self.state_and_zip_inside() {
            self.end = at;
        }
        self.end -= self.country();
        self.zip();
        self.state();
    }

    /// How many words at the end name the country.
    pub(super) fn country(&self) -> usize {
        let last = |back: usize| self.end.checked_sub(back).map_or("", |at| self.text(at));
        match (last(4), last(3), last(2), last(1)) {
            (_, _, _, "USA") => 1,
            (_, _, "UNITED", "STATES") => 2,
            ("UNITED", "STATES", "OF", "AMERICA") => 4,
            (_, _, zip, "US") if is_zip(zip) => 1,
            _ => 0,
        }
    }

    /// The end of the last "MN 55401" that is followed by more words (which are then no part of the address).
    pub(super) fn state_and_zip_inside(&self) -> Option<usize> {
        let zip = (2..self.end)
            .rev()
            .find(|&at| is_zip(self.text(at)) && self.tokens[at - 1].word.state.is_some())?;
        let plus_four = self.tokens.get(zip + 1).is_some_and(|next| next.is_number() && next.text.len() == 4);
        Some(zip + 1 + usize::from(plus_four))
    }

    pub(super) fn zip(&mut self) {
        let last = self.end.saturating_sub(1);
        if self.end >= 3
            && self.tokens[last].is_number()
            && self.text(last).len() == 4
            && is_zip(self.text(last - 1))
        {
            self.take_zip(last - 1);
        } else if self.end >= 2 && is_zip(self.text(last)) && !self.numbered_by(last - 1)
            || self.end >= 4 && (self.lost_zero(last) || self.is_broken_zip(last))
        {
            self.take_zip(last);
        }
    }

    /// "NJ 7631": spreadsheets drop the zero in front.
    pub(super) fn lost_zero(&self, at: usize) -> bool {
        self.tokens[at].is_number()
            && self.text(at).len() == 4
            && matches!(self.text(at - 1), "NJ" | "MA" | "RI" | "NH" | "ME" | "VT" | "CT" | "PR")
            && (self.tokens[0].starts_with_digit() || self.tokens[..at].iter().any(|token| token.gap))
    }

    /// "IL 6065460610", "NM 8750", "CA 9151-2100": digits behind a comma or a place and a state, too few or too many.
    fn is_broken_zip(&self, at: usize) -> bool {
        let text = self.text(at);
        let digits = (4..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let state = self.tokens[at - 1];
        let code = state.text.len() == 2
            && state.word.state.is_some()
            && state.word.suffix.is_none()
            && state.word.direction.is_none()
            && (state.word.route.is_none() || self.gap_before(at - 1));
        digits && code && (self.gap_before(at - 1) || self.place_before(at - 1))
    }

    pub(super) fn take_zip(&mut self, at: usize) {
        self.fill(at..self.end, Label::Zip);
        self.end = at;
        self.closed = true;
    }

    pub(super) fn state(&mut self) {
        let Some(last) = self.end.checked_sub(1).filter(|last| *last > 0) else { return };
        if last > 2
            && [self.text(last - 2), self.text(last - 1), self.text(last)] == ["DISTRICT", "OF", "COLUMBIA"]
        {
            self.take_state(last - 2);
        } else if last > 1 && words::two_word_state(self.text(last - 1), self.text(last)).is_some() {
            if self.closed || self.gap_before(last - 1) || self.place_before(last - 1) || self.is_only_place()
            {
                self.take_state(last - 1);
            }
        } else if self.tokens[last].word.state.is_some() && self.is_state(last) {
            self.take_state(last);
        }
    }

    pub(super) fn is_state(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let otherwise = token.word.suffix.is_some() || token.word.direction.is_some();
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
        let wind = token.word.direction.is_some() && before.word.strong;
        !otherwise && code
            || !wind && self.gap_before(at) && at > 2
            || self.place_before(at)
            || self.is_only_place()
    }

    /// "greensboro north carolina": neither a number nor a street.
    fn is_only_place(&self) -> bool {
        let nothing = |token: &Token<'_>| {
            !token.starts_with_digit() && token.word.suffix.is_none() && token.word.unit.is_none()
        };
        self.end <= 4 && self.tokens.iter().all(nothing)
    }

    /// Whether words of a place stand between a street's end and `at`.
    pub(super) fn place_before(&self, at: usize) -> bool {
        let before = &self.tokens[..at];
        let street_end = before.iter().rposition(|token| {
            token.word.strong && token.word.suffix.is_some() || token.gap || token.is_ordinal()
        });
        street_end.is_some_and(|end| {
            end > 0
                && before[end + 1..].iter().any(|token| {
                    !token.starts_with_digit() && token.word.direction.is_none() && token.word.unit.is_none()
                })
        })
    }

    pub(super) fn take_state(&mut self, at: usize) {
        self.fill(at..self.end, Label::State);
        self.end = at;
        self.closed = true;
    }
}
