//! Letters: texts of the workflow with words in braces that are filled in. Pure.

use std::collections::BTreeMap;

/// The letter that goes out before a license ends.
pub const REMINDER: &str = "reminder";
/// The letter about a reinspection that did not take place.
pub const REINSPECTION: &str = "reinspection";

/// The words that letters may fill in.
pub const WORDS: [&str; 15] = [
    "applicant",
    "business",
    "address",
    "application",
    "license",
    "procedure",
    "received_on",
    "decided_on",
    "reason",
    "appeal_by",
    "starts_on",
    "expires_on",
    "ends_on",
    "conditions",
    "state",
];

/// The text of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// What it is about.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// What is known for the words.
pub type Known = BTreeMap<&'static str, String>;

/// A letter, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Its word in the workflow.
    pub word: String,
    /// What it is about.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// To whom, a line each.
    pub to: Vec<String>,
}

/// A piece of a text: words as they stand, or the name of one that is filled in.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    Word(&'a str),
    Broken,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        found.push(Piece::Plain(&rest[..at]));
        let end = rest[at..].find('}');
        match end.filter(|_| rest[at..].starts_with('{')) {
            Some(end) => {
                found.push(Piece::Word(&rest[at + 1..at + end]));
                rest = &rest[at + end + 1..];
            }
            None => {
                found.push(Piece::Broken);
                rest = &rest[at + 1..];
            }
        }
    }
    found.push(Piece::Plain(rest));
    found
}

/// What is wrong with a letter's text.
pub fn flaws(letter: &Letter) -> Vec<String> {
    let mut found = Vec::new();
    for text in letter.paragraphs.iter().chain([&letter.title]) {
        for piece in pieces(text) {
            match piece {
                Piece::Word(word) if !WORDS.contains(&word) => {
                    found.push(format!("has {{{word}}}, which nobody fills in; known: {}", WORDS.join(", ")));
                }
                Piece::Broken => found.push(format!("has a brace without its other half in \"{text}\"")),
                Piece::Word(_) | Piece::Plain(_) => {}
            }
        }
    }
    found
}

/// Fills a text in; none where a word of it is not known.
fn fill(text: &str, known: &Known) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Plain(text) => filled.push_str(text),
            Piece::Word(word) => filled.push_str(known.get(word).filter(|it| !it.is_empty())?),
            Piece::Broken => {}
        }
    }
    Some(filled)
}

/// Fills a letter in: a paragraph of which a word is not known is left out, and a title without it falls back to `plain`.
pub fn write(word: &str, letter: &Letter, known: &Known, plain: &str) -> Filled {
    let address = ["applicant", "business", "address"];
    let mut to: Vec<String> = address.iter().filter_map(|it| known.get(it).cloned()).collect();
    to.retain(|it| !it.is_empty());
    to.dedup();
    Filled {
        word: word.to_owned(),
        title: fill(&letter.title, known).unwrap_or_else(|| plain.to_owned()),
        paragraphs: letter.paragraphs.iter().filter_map(|it| fill(it, known)).collect(),
        to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(paragraphs: &[&str]) -> Letter {
        Letter {
            title: "About {license}".to_owned(),
            paragraphs: paragraphs.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn words_are_filled_in_and_a_paragraph_without_its_word_is_left_out() {
        let known: Known = [("license", "L-1".to_owned()), ("reason", String::new())].into();

        let filled = write(
            "x",
            &letter(&["{license} ends.", "Because {reason}.", "Until {appeal_by}.", "Bye"]),
            &known,
            "",
        );

        assert_eq!(filled.title, "About L-1");
        assert_eq!(filled.paragraphs, ["L-1 ends.", "Bye"]);
    }

    #[test]
    fn a_word_that_nobody_fills_in_and_half_a_brace_are_flaws() {
        assert_eq!(flaws(&letter(&["{applicant} and {business}"])), Vec::<String>::new());
        assert!(flaws(&letter(&["{victim}"]))[0].contains("{victim}"));
        assert!(flaws(&letter(&["half { open"]))[0].contains("other half"));
        assert!(flaws(&letter(&["} half"]))[0].contains("other half"));
    }

    #[test]
    fn what_somebody_typed_is_never_read_as_a_word() {
        let known: Known = [("reason", "{license}".to_owned()), ("license", "L-1".to_owned())].into();

        assert_eq!(write("x", &letter(&["{reason}"]), &known, "").paragraphs, ["{license}"]);
    }
}
