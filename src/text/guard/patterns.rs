//! What has a shape of its own: numbers, dates, addresses of e-mail.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Private;

// North American numbers: neither area code nor exchange begins with 0 or 1 (NANPA), so most case numbers pass.
// Seven digits count only beside a word that says what they are, and so do nine without hyphens. Of a social security
// number no part is all zeros (SSA, POMS RM 10201.035); the numbers of 900 up are a taxpayer's and just as private.
const PATTERNS: [(Private, &str); 11] = [
    (Private::SocialSecurity, r"\b(\d{3}[- .]\d{2}[- .]\d{4})\b"),
    (Private::SocialSecurity, r"(?:\b|[*])([xX*]{3}-[xX*]{2}-\d{4})\b"),
    (
        Private::SocialSecurity,
        r"(?i)\b(?:ssn|itin|social security|seguro social)\D{0,20}(\d{9}|\d{3}[- ]\d{2}[- ]\d{4})\b",
    ),
    (
        Private::Phone,
        r"(?:^-?|[^\d.-]|[^\d.]-)((?:1[-. ]?)?\(?\b[2-9]\d{2}\)?[-./ ]{0,2}[2-9]\d{2}[-. ]?\d{4})\b",
    ),
    (Private::Phone, r"(\+\d(?:[-(). ]{0,2}\d){7,14})\b"),
    (Private::Phone, r"(?:^|[^\d\w])(\d(?:[-. ]\d){9,10})\b"),
    (
        Private::Phone,
        r"(?i)\b(?:phone|telephone|tel|cell|mobile|call|called|text|texted|whatsapp|ph|tel[eé]fono|celular|cel|llam[ae]r?)\b[^\d]{0,20}(\d{3}[-. ]?\d{4})\b",
    ),
    (
        Private::Birth,
        r"(?i)((?:\bd\.?\s?o\.?\s?b\b|\byob\b|\bborn\b|\b(?:date|day|year) of birth|\bbirth\s?(?:date|day|year)|\bb-?day\b|\bcumplea[nñ]os\b|\bnaci(?:d[oa]|[oó])\b|\bfecha de nacimiento)[^\d\n]{0,20}\d[\d/.-]*(?:,? (?:19|20)\d\d\b)?(?: de \w{3,12}(?: de \d{2,4})?)?)",
    ),
    (Private::Email, EMAIL),
    (Private::Birth, AGE_BEFORE),
    (Private::Birth, AGE_AFTER),
];
const EMAIL: &str = r"\b([A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,12})\b";
const AGE_BEFORE: &str = r"(?i)\b((?:age|aged|edad)(?: de)?:? ?(?:1[0-7]|[1-9]))\b";
const AGE_AFTER: &str =
    r"(?i)\b((?:1[0-7]|[1-9])(?:[- ]?years?[- ]olds?|[- ]?y/?o|[- ]?yrs?\.?(?:[- ]old)?| ?a[nñ]os))\b";

/// What comes before ten digits in a row that are no telephone number.
const NUMBERED: &str = r"(?i)\b(?:case|icr|cfs|licen[cs]e|lic|permit|parcel|pid|report|account|acct|invoice|order|serial|receipt|check|confirmation|tracking|incident|expediente|caso)\W{0,3}(?:(?:no|nos|number|num|id)\b)?\W{0,3}$";

/// What was found at a range of the plain text, and whether it counts only beside other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shaped {
    /// What it is.
    pub what: Private,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it is an age of less than 18 years, which tells who someone is only beside a name.
    pub is_age: bool,
}

struct Pattern {
    what: Private,
    regex: Regex,
    is_age: bool,
}

fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are constant, and a test compiles them")
}

static COMPILED: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let ages = [AGE_BEFORE, AGE_AFTER];
    PATTERNS
        .iter()
        .map(|(what, pattern)| Pattern {
            what: *what,
            regex: compile(pattern),
            is_age: ages.contains(pattern),
        })
        .collect()
});
static NUMBERED_BEFORE: LazyLock<Regex> = LazyLock::new(|| compile(NUMBERED));

/// All that has such a shape, without overlaps; the more telling kind comes first.
pub fn find(text: &str) -> Vec<Shaped> {
    let mut found: Vec<Shaped> = Vec::new();
    for pattern in COMPILED.iter() {
        let mut here = Vec::new();
        for captures in pattern.regex.captures_iter(text) {
            let Some(it) = captures.get(1) else { continue };
            if accepts(pattern.what, text, it.range()) {
                here.push(Shaped { what: pattern.what, range: it.range(), is_age: pattern.is_age });
            }
        }
        add(&mut found, here);
    }
    found
}

/// Takes in what overlaps nothing found before; both are in the order of the text.
fn add(found: &mut Vec<Shaped>, new: Vec<Shaped>) {
    let overlaps = |it: &Shaped| {
        let at = found.partition_point(|known| known.range.end <= it.range.start);
        found.get(at).is_some_and(|known| known.range.start < it.range.end)
    };
    let new: Vec<Shaped> = new.into_iter().filter(|it| !overlaps(it)).collect();
    found.extend(new);
    found.sort_by_key(|it| it.range.start);
}

fn accepts(what: Private, text: &str, range: Range<usize>) -> bool {
    let written = &text[range.clone()];
    match what {
        Private::SocialSecurity => {
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            digits.len() != 9 || digits[..3] != *"000" && digits[3..5] != *"00" && digits[5..] != *"0000"
        }
        Private::Phone if written.bytes().all(|it| it.is_ascii_digit()) => {
            let mut from = range.start.saturating_sub(40);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            !NUMBERED_BEFORE.is_match(&text[from..range.start])
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_from_a_date_of_birth() {
        let found = find("15-year-old, age 16, 14 años, DOB 3/4/2008, aged 45, 30 minutes");

        let ages: Vec<bool> = found.iter().map(|it| it.is_age).collect();
        assert_eq!(ages, [true, true, true, false]);
    }

    #[test]
    fn numbers_of_cases_and_points_are_no_telephone_numbers() {
        for text in
            ["ICR 6125550199", "case no. 6125550199", "44.9777532651, -93.2651234567", "26-6125550199"]
        {
            assert_eq!(find(text), [], "{text}");
        }
    }
}
