//! Phrases that name a person: "named", "goes by", "her name is", "se llama".

use super::token::{Token, gap};
use super::words::{Class, classes};

/// How surely what follows a phrase is a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// No phrase names what follows.
    None,
    /// A business or a thing may be named so, too.
    Loose,
    /// Only persons are named so.
    Sure,
}

// Written backwards from the name; `*` is one word of any kind.
const SURE: [&str; 28] = [
    "by goes",
    "by went",
    "by going",
    "herself calls",
    "himself calls",
    "themselves calls",
    "herself calling",
    "himself calling",
    "herself called",
    "himself called",
    "as herself identified",
    "as himself identified",
    "as herself introduced",
    "as himself introduced",
    "as name her gave",
    "as name his gave",
    "as name gave",
    "is name her",
    "is name his",
    "is name my",
    "is name their",
    "was name her",
    "was name his",
    "name her is",
    "llama se",
    "llamarse",
    "es nombre su",
    "name the gave",
];
const LOOSE: [&str; 23] = [
    "named",
    "called",
    "as identified",
    "as known",
    "as knows",
    "as name",
    "is name",
    "was name",
    "of name",
    "name",
    "aka",
    "alias",
    "llamada",
    "llamado",
    "nombre de",
    "es nombre",
    "nombre",
    "como identificada",
    "alguien llama",
    "called is",
    "as shown",
    "as listed",
    "as advertised",
];

/// Whose name is no person's: "business name", "trade name".
const OF_THINGS: &str = "business trade company legal corporate domain brand store shop file street site new old former account user \
    no without comercial negocio same dba registered place salon spa hotel bar wifi wi-fi network server screen device room rooms";

/// How surely the word at that place is a person's name, by the words before it.
pub fn naming(text: &str, tokens: &[Token], at: usize) -> Naming {
    if at == 0 || !is_close(gap(text, &tokens[at - 1], tokens[at].range.start)) {
        return Naming::None;
    }
    let before = |back: usize| at.checked_sub(back).map_or("", |it| tokens[it].folded.as_str());
    let fits = |phrase: &&&str| phrase.split(' ').zip(1..).all(|(word, back)| before(back) == word);
    if let Some(phrase) = SURE.iter().find(fits) {
        let who = before(phrase.split(' ').count() + 1);
        return if is_thing(who) { Naming::Loose } else { Naming::Sure };
    }
    let Some(phrase) = LOOSE.iter().find(fits) else { return Naming::None };
    let n = phrase.split(' ').count();
    let (who, whose) = (before(n + 1), before(n + 2));
    let of_thing = [who, whose].iter().any(|it| is_thing(it));
    let of_person =
        classes(who).has(Class::Person) || (phrase.starts_with("llama") && classes(who).is_no_word());
    match (of_thing, of_person) {
        (true, _) => Naming::None,
        (false, true) => Naming::Sure,
        (false, false) => Naming::Loose,
    }
}

fn is_thing(word: &str) -> bool {
    OF_THINGS.split_whitespace().any(|it| it == word)
}

/// Nothing but blanks, quotes, a colon or a dash between a phrase and the name.
fn is_close(gap: &str) -> bool {
    gap.len() <= 4 && gap.chars().all(|it| " :\"'-,(".contains(it))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn persons_are_named_otherwise_than_businesses() {
        for (text, naming_) in [
            ("she goes by Star", Naming::Sure),
            ("a girl named Yer", Naming::Sure),
            ("her name is \"Mai", Naming::Sure),
            ("dice que se llama Rosa", Naming::Sure),
            ("a place named Lotus", Naming::None),
            ("she was called Lotus", Naming::Loose),
            ("the business name is Lotus", Naming::None),
            ("sitting by Lotus", Naming::None),
        ] {
            let tokens = tokens(text);

            assert_eq!(naming(text, &tokens, tokens.len() - 1), naming_, "{text}");
        }
    }
}
