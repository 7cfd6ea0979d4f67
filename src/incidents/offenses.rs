//! The taxonomy of offenses, `data/offenses.toml`: what each class is called, which statutes and codes of NIBRS speak of it,
//! and how sure that is.

use std::collections::BTreeMap;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::Deserialize;

use super::citation::Citation;
use crate::db::text_enum;
use crate::knowledge::labels::Labels;
use crate::knowledge::{Document, Flaw, Library};

const FILE: &str = "offenses.toml";

text_enum! {
    /// Whose codes a column of a source holds.
    Codes {
        /// The National Incident-Based Reporting System.
        Nibrs = "nibrs",
        /// Minnesota's statutes.
        Minnesota = "minnesota",
    }
}

text_enum! {
    /// Whether somebody read the source of what a line says.
    Confidence {
        /// A public source was read.
        Verified = "verified",
        /// From memory: a finding that rests on it says "refer to attorney".
        Unverified = "unverified",
    }
}

/// A class of offense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// What people call it.
    pub label: String,
    /// Its place in lists; no two share one.
    pub order: u32,
    /// The unspecific word for what cannot be told apart from it.
    pub group: String,
    /// Minnesota's statutes that speak of it.
    pub statutes: Vec<Citation>,
    /// The codes of NIBRS under which it is reported.
    pub nibrs: Vec<String>,
    /// Whether statutes and codes were read at a source.
    pub confidence: Confidence,
    /// What whoever maps a source should know.
    pub note: Option<String>,
    /// Whom it concerns was sold: it counts for the place alone, and makes nobody an offender.
    pub person_sold: bool,
    /// What concerns the minor in it stays sealed with the case.
    pub minors_sealed: bool,
}

/// A code of NIBRS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NibrsCode {
    /// What the system calls it.
    pub name: String,
    /// What the code alone comes to where its classes have no group in common.
    pub group: Option<String>,
}

/// The classes of offense, from `data/offenses.toml`.
#[derive(Clone, Debug)]
pub struct Offenses {
    labels: Labels,
    categories: BTreeMap<String, Category>,
    nibrs: Nibrs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    offenses: BTreeMap<String, Written>,
    #[serde(default)]
    nibrs: Nibrs,
}

/// A class as the file writes it. A file of an agency may say label and order alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    label: Option<String>,
    order: Option<u32>,
    group: Option<String>,
    #[serde(default)]
    statutes: Vec<String>,
    #[serde(default)]
    nibrs: Vec<String>,
    confidence: Option<Confidence>,
    note: Option<String>,
    #[serde(default)]
    person_sold: bool,
    #[serde(default)]
    minors_sealed: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nibrs {
    as_of: String,
    codes: BTreeMap<String, NibrsCode>,
}

impl Offenses {
    /// Reads `offenses.toml`.
    ///
    /// # Errors
    /// The file is absent, or the first flaw with its line: a key that is none, a class without a label, an order that
    /// two share, a group, statute or code that is none.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        let document = library.get(FILE).ok_or_else(|| anyhow::anyhow!("data/{FILE} is missing"))?;
        Ok(Self::parse(document)?)
    }

    fn parse(document: &Document) -> Result<Self, Flaw> {
        let File { offenses, nibrs } = document.parse()?;
        let reader = Reader { document, words: offenses.keys().cloned().collect(), nibrs: &nibrs };
        reader.check_words()?;
        reader.check_codes()?;
        let mut all = Self { labels: Labels::default(), categories: BTreeMap::new(), nibrs: nibrs.clone() };
        for (word, written) in offenses {
            let category = reader.category(&word, written)?;
            let twin = all.categories.iter().find(|it| it.1.order == category.order);
            if let Some((other, _)) = twin {
                let reason =
                    format!("`{word}` and `{other}` share the order {}; give each its own", category.order);
                return Err(reader.flaw(&word, "order", reason));
            }
            all.labels.add(&word, &category.label, category.order, &category.group);
            all.categories.insert(word, category);
        }
        for (word, category) in &all.categories {
            let group = all.categories.get(&category.group).map(|it| &it.group);
            if group != Some(&category.group) {
                let reason =
                    format!("the group of `{word}` must be the word of a class that is its own group");
                return Err(reader.flaw(word, "group", reason));
            }
        }
        Ok(all)
    }

    /// All that is known of a class; none for what is no word.
    pub fn category(&self, word: &str) -> Option<&Category> {
        self.categories.get(word)
    }

    /// The words of the classes that are reported under a code of NIBRS, such as `11A`, in the order of lists.
    pub fn by_nibrs(&self, code: &str) -> Vec<&str> {
        let code = nibrs_code(code);
        self.ordered(|it| it.nibrs.contains(&code))
    }

    /// The words of the classes that a citation of Minnesota's statutes speaks of, in the order of lists: those of the
    /// longest part of it that any class names. `609.324.2(a)` finds what `609.324 subd. 2` is.
    pub fn by_statute(&self, citation: &str) -> Vec<&str> {
        let Some(citation) = Citation::parse(citation) else { return Vec::new() };
        let depth = |it: &Category| it.statutes.iter().filter_map(|it| it.covers(&citation)).max();
        let Some(deepest) = self.categories.values().filter_map(depth).max() else { return Vec::new() };
        self.ordered(|it| depth(it) == Some(deepest))
    }

    /// The one word for a code: that of its only class, else the unspecific word of the group in which its classes lie.
    /// None for what is no such code, and where the classes have nothing in common.
    pub fn by_code(&self, codes: Codes, code: &str) -> Option<&str> {
        let words = match codes {
            Codes::Nibrs => self.by_nibrs(code),
            Codes::Minnesota => self.by_statute(code),
        };
        if let [word] = words[..] {
            return Some(word);
        }
        let own = match codes {
            Codes::Nibrs => self.nibrs(code).and_then(|it| it.group.as_deref()),
            Codes::Minnesota => None,
        };
        own.or_else(|| self.common_group(&words))
    }

    /// A code of NIBRS by the table.
    pub fn nibrs(&self, code: &str) -> Option<&NibrsCode> {
        self.nibrs.codes.get(&nibrs_code(code))
    }

    /// The month as of which the table of NIBRS stands, such as `2026-11`; empty where the file has none.
    pub fn nibrs_as_of(&self) -> &str {
        &self.nibrs.as_of
    }

    fn common_group(&self, words: &[&str]) -> Option<&str> {
        let mut groups = words.iter().filter_map(|it| Some(self.category(it)?.group.as_str()));
        let first = groups.next()?;
        groups.all(|it| it == first).then_some(first)
    }

    fn ordered(&self, fits: impl Fn(&Category) -> bool) -> Vec<&str> {
        let mut found: Vec<_> = self.categories.iter().filter(|it| fits(it.1)).collect();
        found.sort_by_key(|it| it.1.order);
        found.into_iter().map(|it| it.0.as_str()).collect()
    }
}

impl Deref for Offenses {
    type Target = Labels;

    fn deref(&self) -> &Labels {
        &self.labels
    }
}

/// A code as the table has it: spreadsheets drop the zero of `09A`.
fn nibrs_code(code: &str) -> String {
    format!("{:0>3}", code.trim().to_ascii_uppercase())
}

struct Reader<'a> {
    document: &'a Document,
    words: Vec<String>,
    nibrs: &'a Nibrs,
}

impl Reader<'_> {
    fn check_words(&self) -> Result<(), Flaw> {
        if self.has(Labels::OTHER) {
            return Ok(());
        }
        let reason = format!("the word `{}` must be there: it stands for what no map knows", Labels::OTHER);
        Err(self.document.flaw(0, reason))
    }

    fn check_codes(&self) -> Result<(), Flaw> {
        let Nibrs { as_of, codes } = self.nibrs;
        let is_month = NaiveDate::parse_from_str(&format!("{as_of}-01"), "%Y-%m-%d").is_ok();
        if !codes.is_empty() && !is_month {
            let reason = "the codes need the month as of which they stand, as `as_of = \"2026-11\"`";
            return Err(self.document.flaw_at_key("as_of", reason));
        }
        for (code, it) in codes {
            if code.len() != 3 || *code != nibrs_code(code) {
                let reason =
                    format!("`{code}` is no code of NIBRS: three digits and capital letters, as `11A`");
                return Err(self.document.flaw_at_key(code, reason));
            }
            if let Some(group) = it.group.as_ref().filter(|it| !self.has(it)) {
                return Err(self.document.flaw_at_key(code, format!("`{group}` is no word of [offenses]")));
            }
        }
        Ok(())
    }

    fn category(&self, word: &str, it: Written) -> Result<Category, Flaw> {
        let flaw = |at: &str, reason: String| self.flaw(word, at, reason);
        let Some(label) = it.label.filter(|it| !it.trim().is_empty()) else {
            return Err(flaw("label", format!("`{word}` needs a `label`: what people call it")));
        };
        let Some(order) = it.order else {
            return Err(flaw(
                "order",
                format!("`{word}` needs an `order`: its place in lists, a whole number"),
            ));
        };
        for code in &it.nibrs {
            if !self.nibrs.codes.contains_key(code) {
                let reason = format!(
                    "the code `{code}` of `{word}` is not in [nibrs.codes]: add it there with its name"
                );
                return Err(flaw(&format!("\"{code}\""), reason));
            }
        }
        Ok(Category {
            label,
            order,
            group: it.group.unwrap_or_else(|| word.to_owned()),
            statutes: it.statutes.iter().map(|it| self.statute(word, it)).collect::<Result<_, _>>()?,
            nibrs: it.nibrs,
            confidence: it.confidence.unwrap_or(Confidence::Unverified),
            note: it.note,
            person_sold: it.person_sold,
            minors_sealed: it.minors_sealed,
        })
    }

    fn statute(&self, word: &str, text: &str) -> Result<Citation, Flaw> {
        let read = Citation::parse(text).filter(|it| it.to_string() == text);
        read.ok_or_else(|| {
            let reason = format!(
                "`{text}` is no statute of Minnesota as this file writes them: `152`, `609.33`, `609.324 subd. 2(a)`"
            );
            self.flaw(word, &format!("\"{text}\""), reason)
        })
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|it| it == word)
    }

    /// A flaw at the first `at` of a class, or where the class begins when it has none.
    fn flaw(&self, word: &str, at: &str, reason: String) -> Flaw {
        let body = &self.document.body;
        let heads = [format!("[offenses.{word}]"), format!("{word} ="), format!("{word}=")];
        let mut start = 0;
        let mut lines = body.split_inclusive('\n');
        let begins = lines.find_map(|line| {
            let here = start;
            start += line.len();
            heads.iter().any(|it| line.trim_start().starts_with(it)).then_some(here)
        });
        let begins = begins.unwrap_or_default();
        let ends = body[begins..].find("\n[").map_or(body.len(), |n| begins + n);
        let within = body[begins..ends].find(at).map_or(begins, |n| begins + n);
        self.document.flaw(within, reason)
    }
}

#[cfg(test)]
mod tests;
