//! What must not be kept in free text: telephone numbers, social security numbers, dates of birth. Patterns only;
//! whoever writes is told which words to leave out.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// What a text holds that must not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Private {
    /// A telephone number.
    Phone,
    /// A social security number.
    SocialSecurity,
    /// A date, age or year of birth.
    Birth,
}

impl Private {
    /// What is wrong and what to do, as a form says it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Phone => "A telephone number stands here. Leave it out: FOCA keeps none in free text.",
            Self::SocialSecurity => {
                "What looks like a social security number stands here. Leave it out: FOCA keeps none."
            }
            Self::Birth => "A date of birth stands here. Leave it out: FOCA keeps none in free text.",
        }
    }
}

// North American numbers: neither area code nor exchange begins with 0 or 1 (NANPA), so most case numbers pass.
// Seven digits count only beside a word that says what they are, and so do nine without hyphens.
const PATTERNS: [(Private, &str); 6] = [
    (Private::SocialSecurity, r"\b\d{3}[- ]\d{2}[- ]\d{4}\b"),
    (Private::SocialSecurity, r"(?i)\b(?:ssn|social security)\D{0,20}\d{9}\b"),
    (Private::Phone, r"(?:\b1[-. ]?)?(?:\([2-9]\d{2}\)|\b[2-9]\d{2})[-./ ]{0,2}[2-9]\d{2}[-. ]?\d{4}\b"),
    (Private::Phone, r"\+\d(?:[-(). ]{0,2}\d){7,14}\b"),
    (
        Private::Phone,
        r"(?i)\b(?:phone|telephone|tel|cell|mobile|call|called|text|texted|ph|tel[eé]fono)\b[^\d]{0,20}\d{3}[-. ]?\d{4}\b",
    ),
    (
        Private::Birth,
        r"(?i)(?:\bd\.?\s?o\.?\s?b\b|\bborn\b|\b(?:date|day|year) of birth|\bbirth\s?(?:date|day|year)|\bnacid[oa]\b|\bfecha de nacimiento)[^\d\n]{0,20}\d",
    ),
];

static COMPILED: LazyLock<Vec<(Private, Regex)>> = LazyLock::new(|| {
    let compile = |pattern| Regex::new(pattern).expect("the patterns are constant, and a test compiles them");
    PATTERNS.map(|(private, pattern)| (private, compile(pattern))).to_vec()
});

/// The first kind of private detail that the text holds; full-width digits and odd hyphens are read as plain ones.
pub fn find(text: &str) -> Option<Private> {
    let plain: String = text.nfkc().map(|it| if "‐‑‒–—−".contains(it) { '-' } else { it }).collect();
    COMPILED.iter().find(|(_, pattern)| pattern.is_match(&plain)).map(|(private, _)| *private)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn telephone_numbers_are_found_however_they_are_written() {
        let texts = [
            "call (612) 555-0199 after six",
            "612-555-0199",
            "612.555.0199",
            "612 555 0199",
            "6125550199",
            "1-612-555-0199",
            "+49 30 901820",
            "612–555–0199",
            "６１２-５５５-０１９９",
            "phone is 555-0199",
        ];

        for text in texts {
            assert_eq!(find(text), Some(Private::Phone), "{text}");
        }
    }

    #[test]
    fn social_security_numbers_and_births_are_found() {
        assert_eq!(find("SSN 078-05-1120"), Some(Private::SocialSecurity));
        assert_eq!(find("ssn: 078051120"), Some(Private::SocialSecurity));

        for text in [
            "DOB 3/4/1990",
            "d.o.b.: 1990-03-04",
            "born in 1990",
            "date of birth: 03/04/90",
            "Birthday 4 March",
        ] {
            assert_eq!(find(text), Some(Private::Birth), "{text}");
        }
    }

    #[test]
    fn what_notes_are_made_of_passes() {
        let texts = [
            "Door locked at 21:40 on 2026-11-23, sign says 10-22.",
            "License 2026-004417, case 26-018833, statute 617.2411, code 5-25-110.",
            "ZIP 55401-1234, suite 300, $1,250 fine, 3,200 sq ft.",
            "Two massage rooms; hours 9-21; born of a complaint.",
            "Record 0190a1b2-5c3d-7e4f-8a9b-0c1d2e3f4a5b",
            "",
        ];

        for text in texts {
            assert_eq!(find(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_looked_through(text in ".{0,400}") {
            let _ = find(&text);
        }
    }
}
