//! Telephone numbers of the United States: one spelling for the many that people write.

use std::fmt;

/// A number of ten digits: area code, exchange, line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

// Whoever writes more than this writes several numbers, or something else.
const LONGEST: usize = 60;

impl Phone {
    /// Reads a number as written: `+1 612.555.0142 ext. 7` is `(612) 555-0142`. None for what is no number of ten digits,
    /// and for those that nobody has: an area code or exchange that begins with 0 or 1, a line of one digit seven times.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let text = without_extension(text);
        if text.chars().any(|it| !(it.is_ascii_digit() || is_between(it))) {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = match (digits.len(), digits.strip_prefix('1')) {
            (10, _) => digits.as_str(),
            (11, Some(digits)) => digits,
            _ => return None,
        };
        is_assigned(digits).then(|| Self(digits.to_owned()))
    }

    /// The ten digits, under which it is stored and compared.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// What is stored, as people read it; what is no number stays as it is.
    pub fn shown(stored: &str) -> String {
        Self::parse(stored).map_or_else(|| stored.to_owned(), |it| it.to_string())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}) {}-{}", &self.0[..3], &self.0[3..6], &self.0[6..])
    }
}

/// What stands between the digits of a number.
fn is_between(it: char) -> bool {
    matches!(it, '+' | '-' | '.' | '(' | ')' | '/' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{a0}')
        || it.is_whitespace()
}

/// Without what names a desk behind the number: `x7`, `ext 7`, `extension 7`, `#7`.
fn without_extension(text: &str) -> &str {
    let end = text.find(['x', 'X', 'e', 'E', '#']);
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.to_ascii_lowercase();
    let marks = ["extension", "ext", "ex", "x", "#"];
    let desk = marks.iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(&rest);
    let desk = desk.trim_matches(|it: char| matches!(it, '.' | ':' | ' '));
    let is_desk = desk.len() <= 6 && desk.bytes().all(|it| it.is_ascii_digit());
    if is_desk { number } else { text }
}

/// Whether the North American plan can have given out the number.
fn is_assigned(digits: &str) -> bool {
    let begins = |at: usize| digits.as_bytes().get(at).is_some_and(|it| (b'2'..=b'9').contains(it));
    let line = &digits.as_bytes()[3..];
    begins(0) && begins(3) && line.iter().any(|it| *it != line[0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::Phone;

    #[test]
    fn one_number_has_many_spellings_and_one_key() {
        for text in [
            "6125550142",
            "612-555-0142",
            "(612) 555-0142",
            "+1 612.555.0142",
            "1-612-555-0142",
            "612/555-0142 ext. 12",
            "612 555 0142 x3",
            " 612\u{2011}555\u{2011}0142 ",
            "612-555-0142 #4",
        ] {
            let phone = Phone::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((phone.key(), phone.to_string().as_str()), ("6125550142", "(612) 555-0142"), "{text}");
        }
    }

    #[test]
    fn what_nobody_can_be_called_at_is_no_number() {
        for text in [
            "",
            "none",
            "555-0142",
            "0000000000",
            "612-000-0000",
            "0125550142",
            "612-155-0142",
            "999-999-9999",
            "26125550142",
            "612-555-0142 or 612-555-0143",
            "call 612-555-0142",
            "６１２５５５０１４２",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_what_is_shown_reads_the_same(text in any::<String>()) {
            if let Some(phone) = Phone::parse(&text) {
                assert_eq!(Phone::parse(&phone.to_string()), Some(phone));
            }
        }
    }
}
