//! A citation of Minnesota's statutes, as sources write it in many ways: chapter, section, subdivision, paragraphs.

use std::fmt;

/// What may stand before the numbers; `ASLT 1` is a code of somebody's own, and not chapter 1.
const TITLES: [&str; 12] =
    ["minn", "mn", "minnesota", "stat", "stats", "statute", "statutes", "m", "s", "ch", "chapter", "section"];

/// A chapter, or a section with perhaps a subdivision and paragraphs: `152`, `609.324 subd. 2(a)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    chapter: String,
    section: Option<String>,
    subdivision: Option<String>,
    paragraphs: Vec<String>,
}

impl Citation {
    /// Reads `609.324 subd. 2(a)`, `609.324.2(a)`, `Minn. Stat. § 609.324, subd. 2 (a)` and the like; none for what is
    /// no citation.
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.find(|it: char| it.is_ascii_digit())?;
        let (before, rest) = text.split_at(at);
        let mut words = before.split([' ', '.', '§']).filter(|it| !it.is_empty());
        if !words.all(|it| TITLES.contains(&it.to_lowercase().as_str())) {
            return None;
        }
        let (chapter, rest) = number(rest)?;
        let (section, rest) = match rest.strip_prefix('.').and_then(number) {
            Some((section, rest)) => (Some(section), rest),
            None => (None, rest),
        };
        let (subdivision, rest) = subdivision(separated(rest));
        let paragraphs = paragraphs(rest)?;
        let is_whole = section.is_some() || (subdivision.is_none() && paragraphs.is_empty());
        is_whole.then(|| Self {
            chapter: chapter.to_uppercase(),
            section,
            subdivision: subdivision.map(|it| it.to_lowercase()),
            paragraphs,
        })
    }

    /// How many parts it has where `other` is this, or a part of it: so 609.324 covers 609.324 subd. 2. None elsewhere.
    pub fn covers(&self, other: &Self) -> Option<usize> {
        let (own, theirs) = (self.parts(), other.parts());
        theirs.starts_with(&own).then_some(own.len())
    }

    fn parts(&self) -> Vec<String> {
        let paragraphs = self.paragraphs.iter().map(|it| format!("({it})"));
        let subdivision = self.subdivision.iter().map(|it| format!("subd. {it}"));
        let section = self.section.iter().cloned();
        [self.chapter.clone()].into_iter().chain(section).chain(subdivision).chain(paragraphs).collect()
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chapter)?;
        self.section.iter().try_for_each(|it| write!(f, ".{it}"))?;
        self.subdivision.iter().try_for_each(|it| write!(f, " subd. {it}"))?;
        self.paragraphs.iter().try_for_each(|it| write!(f, "({it})"))
    }
}

/// Digits and perhaps a letter, as in `340A`, and what follows; a letter that begins a word is none of it.
fn number(text: &str) -> Option<(String, &str)> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let n_letters = text.bytes().skip(n_digits).take_while(u8::is_ascii_alphabetic).count();
    let end = if n_letters == 1 { n_digits + 1 } else { n_digits };
    (n_digits > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

fn separated(text: &str) -> &str {
    text.trim_start_matches(|it: char| it.is_whitespace() || matches!(it, '.' | ','))
}

/// The subdivision, with the word or bare, and what follows.
fn subdivision(text: &str) -> (Option<String>, &str) {
    let cut = |word: &str| {
        let begins = text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
        begins.then(|| separated(&text[word.len()..]))
    };
    let named = ["subdivision", "subd", "s."].into_iter().find_map(cut);
    match number(named.unwrap_or(text)) {
        Some((subdivision, rest)) => (Some(subdivision), rest),
        None => (None, text),
    }
}

/// Paragraphs in brackets up to the end; none where anything else stands there.
fn paragraphs(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = separated(text);
    while !rest.is_empty() {
        let (inside, after) = rest.strip_prefix('(')?.split_once(')')?;
        let is_mark = !inside.is_empty() && inside.bytes().all(|it| it.is_ascii_alphanumeric());
        found.push(is_mark.then(|| inside.to_lowercase())?);
        rest = separated(after);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_citation_is_read_however_it_is_written() {
        for text in [
            "609.324 subd. 2(a)",
            "609.324.2(a)",
            "609.324.2.(A)",
            "Minn. Stat. § 609.324, Subd. 2 (a)",
            " 609.324 subdivision 2(a) ",
            "609.324 2(a)",
        ] {
            let read = Citation::parse(text).map(|it| it.to_string());

            assert_eq!(read.as_deref(), Some("609.324 subd. 2(a)"), "{text}");
        }
    }

    #[test]
    fn chapters_and_letters_are_kept_apart() {
        let read = |text| Citation::parse(text).unwrap().to_string();

        assert_eq!(read("340a.503"), "340A.503");
        assert_eq!(read("Minn. Stat. 152"), "152");
        assert_eq!(read("609.322 subd. 1A"), "609.322 subd. 1a");
        assert_eq!(Citation::parse("181").unwrap().covers(&Citation::parse("181A.06").unwrap()), None);
    }

    #[test]
    fn what_is_no_citation_is_none() {
        for text in [
            "",
            "ASLT1",
            "ASLT 1",
            "THEFT",
            "609.324 and 609.33",
            "609(a)",
            "609.324 ()",
            "#609.324",
            "subd. 2",
        ] {
            assert_eq!(Citation::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_is_read_again(text in "\\PC{0,24}|[0-9A-Za-z.,() ]{0,24}") {
            if let Some(citation) = Citation::parse(&text) {
                prop_assert_eq!(Citation::parse(&citation.to_string()), Some(citation));
            }
        }
    }
}
