//! The names of parties: one spelling to look them up by, who is a person and who a company by the name alone, and the
//! door name that stands behind "dba".

use super::Kind;
use crate::text::name::Name;

/// Words at the end of a name by which the law knows an organization, and words that no person bears.
const LEGAL: &[&str] = &[
    "llc",
    "lc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "pllc",
    "llp",
    "lp",
    "plc",
    "lllp",
    "trust",
    "partnership",
    "foundation",
    "bank",
    "church",
];
const OF_BUSINESS: &[&str] = &[
    "properties",
    "property",
    "holdings",
    "holding",
    "management",
    "enterprises",
    "enterprise",
    "investments",
    "investment",
    "realty",
    "partners",
    "group",
    "associates",
    "services",
    "ventures",
    "development",
    "capital",
    "estates",
    "apartments",
    "hotel",
    "motel",
    "spa",
    "massage",
    "club",
    "lounge",
    "bar",
    "restaurant",
    "city",
    "county",
    "authority",
    "association",
];

/// The spelling under which a party is looked up: lower case without legal forms, joined; a person's "NGUYEN, JOHN Q" as
/// `johnqnguyen`.
pub fn key(written: &str, kind: Kind) -> String {
    Name::new(&in_order(written, kind)).key().to_owned()
}

/// A name in the order in which it is spoken: of a person whose last name stands first, before a comma, turned round.
pub fn in_order(written: &str, kind: Kind) -> String {
    match written.split_once(',') {
        Some((last, first)) if kind == Kind::Person && !first.trim().is_empty() && !is_suffix(first) => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => written.trim().to_owned(),
    }
}

fn is_suffix(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    matches!(text.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
}

/// What a party is, by its name alone: an organization where a legal form or a word of business says so, else a person.
pub fn guess(written: &str) -> Kind {
    let words = words(written);
    let ends_legally = words.iter().rev().take(2).any(|it| LEGAL.contains(&it.as_str()));
    let spelled = words.windows(3).any(|it| it == ["l", "l", "c"]);
    let of_business = words.iter().any(|it| OF_BUSINESS.contains(&it.as_str()) || it == "of" || it == "and");
    let numbered = words.iter().any(|it| it.bytes().any(|it| it.is_ascii_digit()));
    let one_word = words.len() == 1;
    if ends_legally || spelled || of_business || numbered || one_word || written.contains('&') {
        Kind::Organization
    } else {
        Kind::Person
    }
}

/// The registered name and, where the register writes "A LLC dba B", the name on the door.
pub fn parted(written: &str) -> (String, Option<String>) {
    let lower = written.to_ascii_lowercase();
    for mark in [" dba ", " d/b/a ", " d.b.a. ", " doing business as "] {
        if let Some(at) = lower.find(mark) {
            let (name, door) =
                (written[..at].trim_end_matches([',', ' ']), written[at + mark.len()..].trim());
            if !name.is_empty() && !door.is_empty() {
                return (name.to_owned(), Some(door.to_owned()));
            }
        }
    }
    (written.trim().to_owned(), None)
}

/// The legal form at the end of a name in one spelling: `llc`, `inc`, `lp`; none where there is none.
pub fn legal_form(written: &str) -> Option<&'static str> {
    let words = words(written);
    let last: Vec<&str> = words.iter().rev().take(3).map(String::as_str).collect();
    match last.as_slice() {
        ["c", "l", "l"] => Some("llc"),
        [last, ..] => match *last {
            "llc" | "lc" | "pllc" => Some("llc"),
            "inc" | "incorporated" | "corp" | "corporation" | "co" | "company" => Some("inc"),
            "ltd" | "limited" => Some("ltd"),
            "llp" | "lp" | "lllp" | "partnership" => Some("lp"),
            "trust" => Some("trust"),
            _ => None,
        },
        [] => None,
    }
}

fn words(written: &str) -> Vec<String> {
    let plain: String = written
        .to_lowercase()
        .chars()
        .filter(|it| !matches!(it, '.' | '\''))
        .map(|it| if it.is_alphanumeric() { it } else { ' ' })
        .collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[test]
    fn a_last_name_before_a_comma_is_turned_round_and_a_company_is_not() {
        assert_eq!(key("NGUYEN, JOHN", Kind::Person), key("John Nguyen", Kind::Person));
        assert_eq!(
            key("Larkspur Holdings, LLC", Kind::Organization),
            key("LARKSPUR HOLDINGS", Kind::Organization)
        );
        assert_eq!(in_order("Berg, Jr.", Kind::Person), "Berg, Jr.");
    }

    #[test]
    fn a_legal_form_or_a_word_of_business_tells_an_organization() {
        for name in [
            "Larkspur LLC",
            "Larkspur L.L.C.",
            "Larkspur Properties",
            "City of Duluth",
            "Berg & Sons",
            "1200 Elm Inc",
            "Larkspur",
        ] {
            assert_eq!(guess(name), Kind::Organization, "{name}");
        }
        for name in ["John Nguyen", "NGUYEN, JOHN Q", "Mary O'Neil-Berg"] {
            assert_eq!(guess(name), Kind::Person, "{name}");
        }
    }

    #[test]
    fn the_name_on_the_door_is_a_name_of_its_own() {
        assert_eq!(
            parted("Acme LLC, d/b/a Blue Lantern"),
            ("Acme LLC".to_owned(), Some("Blue Lantern".to_owned()))
        );
        assert_eq!(parted("Acme LLC"), ("Acme LLC".to_owned(), None));
    }

    proptest! {
        #[test]
        fn no_name_makes_it_panic(name in any::<String>()) {
            let (one, _) = parted(&name);
            let _ = (guess(&name), legal_form(&one), key(&name, Kind::Person), key(&name, Kind::Organization));
        }
    }
}
