//! A text as the guard reads it, with the way back to what was typed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A text in which full-width digits, odd hyphens and curled apostrophes are plain, and invisible characters are gone.
#[derive(Debug)]
pub struct Plain<'a> {
    typed: &'a str,
    /// The plain text.
    pub text: String,
    /// Where each plain character stands, and where in the typed text the one stands that it came from.
    origins: Vec<(usize, usize)>,
}

impl<'a> Plain<'a> {
    /// Reads a text, one character at a time.
    pub fn of(typed: &'a str) -> Self {
        let mut plain = Self { typed, text: String::with_capacity(typed.len()), origins: Vec::new() };
        for (at, c) in typed.char_indices() {
            for c in std::iter::once(c).nfkc().filter_map(plain_char) {
                plain.origins.push((plain.text.len(), at));
                plain.text.push(c);
            }
        }
        plain
    }

    /// What was typed at that range of the plain text.
    pub fn typed(&self, range: &Range<usize>) -> &'a str {
        let index = |at: usize| self.origins.partition_point(|(plain, _)| *plain < at);
        let Some((_, start)) = self.origins.get(index(range.start)) else { return "" };
        let last = index(range.end).checked_sub(1).map_or(*start, |it| self.origins[it].1.max(*start));
        let end = self.typed[last..].chars().next().map_or(last, |it| last + it.len_utf8());
        self.typed[*start..end].trim()
    }
}

fn plain_char(c: char) -> Option<char> {
    match c {
        '\u{00AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' => Some('\''),
        '\u{201C}' | '\u{201D}' | '«' | '»' => Some('"'),
        '\t' | '\u{00A0}' => Some(' '),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_plain_leads_back_to_what_was_typed() {
        let plain = Plain::of("no. ６１２\u{200B}–55 ﬁn");

        assert_eq!(plain.text, "no. 612-55 fin");
        assert_eq!(plain.typed(&(4..7)), "６１２");
        assert_eq!(plain.typed(&(4..10)), "６１２\u{200B}–55");
        assert_eq!(plain.typed(&(11..12)), "ﬁ");
    }

    proptest! {
        #[test]
        fn every_range_leads_back(text in ".{0,30}") {
            let plain = Plain::of(&text);
            for (start, _) in plain.text.char_indices() {
                for end in (start..=plain.text.len()).filter(|it| plain.text.is_char_boundary(*it)) {
                    let _ = plain.typed(&(start..end));
                }
            }
        }
    }
}
