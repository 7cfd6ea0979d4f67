//! A vocabulary of `data/`: words that are stored and stand in URLs, and what people call them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Library;

/// Words with their labels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, Label>);

/// What people call a word.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    label: String,
    /// Its place in lists.
    order: u32,
    /// Words of one group turn into each other easily.
    group: Option<String>,
}

impl Labels {
    /// The word for what nothing better is known of; every vocabulary has it.
    pub const OTHER: &'static str = "other";

    /// Reads the table `name` of the file `name.toml`, which holds nothing else.
    ///
    /// # Errors
    /// The file is absent, does not fit, or lacks the word `other`.
    pub fn read(library: &Library, name: &str) -> anyhow::Result<Self> {
        let file = format!("{name}.toml");
        let mut tables: BTreeMap<String, Self> = library.parse(&file)?;
        let Some(labels) = tables.remove(name).filter(|_| tables.is_empty()) else {
            anyhow::bail!("data/{file}: it must hold one table, `[{name}]`");
        };
        anyhow::ensure!(labels.has(Self::OTHER), "data/{file}: the word `{}` must be there", Self::OTHER);
        Ok(labels)
    }

    /// Of words with their labels and places in lists; who reads more of a vocabulary than labels sees to it that
    /// `other` is among them.
    pub fn of(words: impl IntoIterator<Item = (String, String, u32)>) -> Self {
        let label = |(word, label, order)| (word, Label { label, order, group: None });
        Self(words.into_iter().map(label).collect())
    }

    /// Adds a word, its label, its place in lists and its group.
    pub(crate) fn add(&mut self, word: &str, label: &str, order: u32, group: &str) {
        let label = Label { label: label.to_owned(), order, group: Some(group.to_owned()) };
        self.0.insert(word.to_owned(), label);
    }

    /// Whether the word is one of them.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    /// What people call it; the word itself if it is none of them.
    pub fn label<'a>(&'a self, word: &'a str) -> &'a str {
        self.0.get(word).map_or(word, |it| &it.label)
    }

    /// The group of words that turn into each other, if it belongs to one.
    pub fn group(&self, word: &str) -> Option<&str> {
        self.0.get(word)?.group.as_deref()
    }

    /// Words and labels, in the order of lists.
    pub fn in_order(&self) -> Vec<(&str, &str)> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, it)| it.order);
        all.into_iter().map(|(word, it)| (word.as_str(), it.label.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Document;

    fn read(body: &str) -> anyhow::Result<Labels> {
        let mut library = Library::default();
        library.add(Document::new("crafts.toml", body.to_owned()));
        Labels::read(&library, "crafts")
    }

    #[test]
    fn words_have_labels_in_the_order_of_lists() {
        let labels = read(
            "[crafts]\nother = { label = \"Any other\", order = 9 }\ntanner = { label = \"Tannery\", order = 1 }",
        );

        let labels = labels.unwrap();

        assert_eq!(labels.in_order(), [("tanner", "Tannery"), ("other", "Any other")]);
        assert_eq!((labels.label("tanner"), labels.label("cooper")), ("Tannery", "cooper"));
    }

    #[test]
    fn a_vocabulary_says_what_it_lacks() {
        let reason = |body| read(body).unwrap_err().to_string();

        assert!(reason("[crafts]\n").contains("the word `other` must be there"));
        assert!(
            reason("[arts]\nother = { label = \"Other\", order = 1 }\n").contains("one table, `[crafts]`")
        );
    }
}
