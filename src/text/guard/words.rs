//! The words that the guard knows: what each may be, and which runs of words are places.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word may be; a word may be several of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(u32);

/// One thing that a word may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A word of victimhood.
    Victim,
    /// A noun that may stand right before a name.
    Person,
    /// A verb of what a person does.
    Says,
    /// A helping verb.
    Auxiliary,
    /// A word after which a person may be named.
    Takes,
    /// What belongs to a person.
    Personal,
    /// A preposition of place.
    Place,
    /// An article or a possessive.
    Determiner,
    /// Who acts for the public.
    Official,
    /// Who is a party to a license or lease.
    Party,
    /// Ms., Mr., Señora.
    Title,
    /// A word of businesses, agencies and institutions.
    Business,
    /// The kind of a street.
    Street,
    /// A word that businesses like in their names.
    Ornament,
    /// A maker, an app, a shop.
    Brand,
    /// Any other word that is no name.
    Common,
    /// Known as a given or a family name.
    Name,
    /// A name that is a word as well.
    Ambiguous,
}

const SECTIONS: [(&str, Class); 17] = [
    ("victim", Class::Victim),
    ("person", Class::Person),
    ("says", Class::Says),
    ("auxiliary", Class::Auxiliary),
    ("takes", Class::Takes),
    ("personal", Class::Personal),
    ("place", Class::Place),
    ("determiner", Class::Determiner),
    ("official", Class::Official),
    ("party", Class::Party),
    ("title", Class::Title),
    ("business", Class::Business),
    ("street", Class::Street),
    ("ornament", Class::Ornament),
    ("brand", Class::Brand),
    ("common", Class::Common),
    ("ambiguous", Class::Ambiguous),
];

impl Classes {
    /// Whether the word may be that.
    pub fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// Whether nothing is known of the word, but perhaps that it is a name or an ornament.
    pub fn is_no_word(self) -> bool {
        let names = [Class::Name, Class::Ornament, Class::Ambiguous];
        self.0 & !names.iter().fold(0, |all, it| all | 1 << *it as u32) == 0
    }

    /// Whether it is known as a name and nothing else.
    pub fn is_surely_name(self) -> bool {
        self.has(Class::Name) && !self.has(Class::Ambiguous) && self.is_no_word()
    }
}

static WORDS: LazyLock<HashMap<&'static str, Classes>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Classes> = HashMap::new();
    let mut add = |word, class: Class| words.entry(word).or_default().0 |= 1 << class as u32;
    let mut class = None;
    for line in lines(include_str!("words.txt")) {
        if let Some(title) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            class = SECTIONS.iter().find(|it| it.0 == title).map(|it| it.1);
        } else if let Some(class) = class {
            line.split_whitespace().for_each(|it| add(it, class));
        }
    }
    lines(include_str!("names.txt")).flat_map(str::split_whitespace).for_each(|it| add(it, Class::Name));
    words
});

/// The places by their first word, each in words.
static PLACES: LazyLock<HashMap<&'static str, Vec<Vec<&'static str>>>> = LazyLock::new(|| {
    let mut places: HashMap<&str, Vec<Vec<&str>>> = HashMap::new();
    let all = lines(include_str!("places.txt")).flat_map(|it| it.split(','));
    for place in all.map(|it| it.split_whitespace().collect::<Vec<_>>()).filter(|it| !it.is_empty()) {
        places.entry(place[0]).or_default().push(place);
    }
    places
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'))
}

/// What a folded word may be.
pub fn classes(word: &str) -> Classes {
    WORDS.get(word).copied().unwrap_or_default()
}

/// How many of the words, from the first, are the longest place that begins there; 0 when none does.
pub fn place(words: &[&str]) -> usize {
    let known = words.first().and_then(|it| PLACES.get(it));
    let fits = |place: &&Vec<&str>| words.starts_with(place);
    known.into_iter().flatten().filter(fits).map(Vec::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    #[test]
    fn every_section_has_its_class_and_every_word_is_folded() {
        for line in lines(include_str!("words.txt")) {
            let title = line.strip_prefix('[').map(|it| it.trim_end_matches(']'));
            assert!(title.is_none_or(|it| SECTIONS.iter().any(|(name, _)| *name == it)), "{line}");
            assert_eq!(fold(line), line);
        }
        for line in lines(include_str!("names.txt")).chain(lines(include_str!("places.txt"))) {
            assert_eq!(fold(line), line);
        }
    }

    #[test]
    fn a_word_may_be_several_things() {
        assert!(classes("victim").has(Class::Victim) && classes("victim").has(Class::Person));
        assert!(classes("her").has(Class::Name) && !classes("her").is_surely_name());
        assert!(classes("vang").is_surely_name() && classes("zebulonia").is_no_word());
    }

    #[test]
    fn the_longest_place_counts() {
        assert_eq!(place(&["albert", "lea", "said"]), 2);
        assert_eq!(place(&["st", "louis", "park"]), 3);
        assert_eq!(place(&["zebulonia"]), 0);
    }
}
