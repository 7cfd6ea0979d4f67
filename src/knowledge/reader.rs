//! Takes checked values out of a TOML file and notes, with line and key, all that is wrong with them: what is missing, of
//! another sort, out of range or not known.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One thing wrong in a file, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, with its tables: `family.complaints.cap`.
    pub key: String,
    /// What is wrong and what would be right.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: `{}` {}", self.file, self.line, self.key, self.what)
    }
}

/// All that is wrong in a file, one problem a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// A table, where it stands, and how its keys are called.
#[derive(Debug)]
pub struct Node<'a> {
    /// Its values.
    pub table: &'a DeTable<'a>,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// Its own name with those of the tables around it; empty for the file itself.
    pub path: String,
}

impl<'a> Node<'a> {
    /// How a key of it is called.
    pub fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// Its keys, and where they stand.
    pub fn keys(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> + use<'a> {
        self.table.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span()))
    }
}

/// Takes values out of tables, and notes what is wrong with them.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The file as the caller named it.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What was wrong so far.
    pub problems: Vec<Problem>,
    /// Why a key that is not known here may not be at all, where there is such a reason.
    pub forbidden: fn(&str) -> Option<&'static str>,
}

impl Reader<'_> {
    /// Notes something wrong at `span`.
    pub fn problem(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
        let before = self.text.get(..span.start.min(self.text.len())).unwrap_or_default();
        let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line,
            key: key.to_owned(),
            what: what.into(),
        });
    }

    /// Names the keys that do not belong here.
    pub fn only(&mut self, node: &Node<'_>, known: &[&str]) {
        for (key, span) in node.keys().filter(|it| !known.contains(&it.0)) {
            let what = match (self.forbidden)(key) {
                Some(why) => format!("is forbidden: {why}; take it out"),
                None if known.is_empty() => {
                    "is not known: nothing is counted here yet; take it out".to_owned()
                }
                None => format!("is not known; known here: {}", known.join(", ")),
            };
            self.problem(span, &node.name(key), what);
        }
    }

    /// The table of a key; one that is missing is noted, and empty.
    pub fn table<'n>(&mut self, node: &Node<'n>, key: &str) -> Node<'n> {
        let path = node.name(key);
        match node.get(key).map(|it| (it, it.get_ref())) {
            Some((it, DeValue::Table(table))) => Node { table, span: it.span(), path },
            Some((it, _)) => {
                self.problem(it.span(), &path, format!("must be a table; write [{path}]"));
                Node { table: empty(), span: it.span(), path }
            }
            None => {
                self.problem(node.span.clone(), &path, format!("is missing; write [{path}]"));
                Node { table: empty(), span: node.span.clone(), path }
            }
        }
    }

    /// The value of a key, noted if it is missing.
    pub fn value<'n>(&mut self, node: &Node<'n>, key: &str) -> Option<&'n Spanned<DeValue<'n>>> {
        let found = node.get(key);
        if found.is_none() && !node.table.is_empty() {
            self.problem(node.span.clone(), &node.name(key), "is missing");
        }
        found
    }

    /// A number within `range`; its lower end in place of what is none.
    pub fn number(&mut self, node: &Node<'_>, key: &str, range: RangeInclusive<f64>) -> f64 {
        let Some(value) = self.value(node, key) else { return *range.start() };
        match as_number(value.get_ref()) {
            Some(number) if range.contains(&number) => number,
            _ => {
                let given = self.text.get(value.span()).unwrap_or_default();
                let (low, high) = range.clone().into_inner();
                self.problem(
                    value.span(),
                    &node.name(key),
                    format!("= {given} must be a number from {low} to {high}"),
                );
                low
            }
        }
    }

    /// A whole number within `range`.
    pub fn whole(&mut self, node: &Node<'_>, key: &str, range: RangeInclusive<i64>) -> i64 {
        let n_before = self.problems.len();
        let number = self.number(node, key, *range.start() as f64..=*range.end() as f64);
        if libm::trunc(number) != number && self.problems.len() == n_before {
            let span = node.get(key).map_or(node.span.clone(), Spanned::span);
            self.problem(span, &node.name(key), format!("= {number} must be a whole number"));
        }
        number as i64
    }

    /// A text that is not empty.
    pub fn word(&mut self, node: &Node<'_>, key: &str) -> String {
        match self.value(node, key).map(|it| (it.span(), it.get_ref())) {
            Some((_, DeValue::String(word))) if !word.trim().is_empty() => word.trim().to_owned(),
            Some((span, _)) => {
                self.problem(span, &node.name(key), "must be a text in quotes");
                String::new()
            }
            None => String::new(),
        }
    }

    /// The same, where it may be missing.
    pub fn text(&mut self, node: &Node<'_>, key: &str) -> Option<String> {
        node.get(key)?;
        Some(self.word(node, key)).filter(|it| !it.is_empty())
    }

    /// The text of a key, nothing noted; empty where there is none.
    pub fn text_of(&self, node: &Node<'_>, key: &str) -> String {
        node.get(key).and_then(|it| it.get_ref().as_str()).unwrap_or_default().to_owned()
    }

    /// One of the words that `parse` knows; `known` names them.
    pub fn choice<T>(
        &mut self,
        node: &Node<'_>,
        key: &str,
        known: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.text(node, key)?;
        let parsed = parse(&word);
        if parsed.is_none() {
            let span = node.get(key).map_or(node.span.clone(), Spanned::span);
            self.problem(span, &node.name(key), format!("= \"{word}\" is none of: {}", known.join(", ")));
        }
        parsed
    }

    /// A day, written as `"2026-11-27"` or as a TOML date, where it may be missing.
    pub fn day(&mut self, node: &Node<'_>, key: &str) -> Option<chrono::NaiveDate> {
        let value = node.get(key)?;
        let text = match value.get_ref() {
            DeValue::String(it) => it.to_string(),
            DeValue::Datetime(it) => it.to_string(),
            _ => String::new(),
        };
        let day = text.parse().ok();
        if day.is_none() {
            let given = self.text.get(value.span()).unwrap_or_default();
            let what = format!("= {given} is no day of the calendar; write it as \"2026-11-27\"");
            self.problem(value.span(), &node.name(key), what);
        }
        day
    }

    /// Yes or no; no where it is missing.
    pub fn flag(&mut self, node: &Node<'_>, key: &str) -> bool {
        match node.get(key).map(|it| (it.span(), it.get_ref().as_bool())) {
            Some((_, Some(flag))) => flag,
            Some((span, None)) => {
                self.problem(span, &node.name(key), "must be true or false");
                false
            }
            None => false,
        }
    }

    /// The tables of a list of tables; none where it is missing.
    pub fn tables<'n>(&mut self, node: &Node<'n>, key: &str) -> Vec<Node<'n>> {
        let Some(value) = node.get(key) else { return Vec::new() };
        let DeValue::Array(all) = value.get_ref() else {
            let what = format!("must be a list of tables; write [[{key}]] above each");
            self.problem(value.span(), &node.name(key), what);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(all.len());
        for (n, it) in all.iter().enumerate() {
            let path = format!("{}[{n}]", node.name(key));
            match it.get_ref() {
                DeValue::Table(table) => tables.push(Node { table, span: it.span(), path }),
                _ => self.problem(it.span(), &path, "must be a table"),
            }
        }
        tables
    }

    /// A list of words.
    pub fn words(&mut self, node: &Node<'_>, key: &str) -> Vec<String> {
        let Some(value) = self.value(node, key) else { return Vec::new() };
        let words = match value.get_ref() {
            DeValue::Array(all) => all.iter().map(|it| it.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        words.unwrap_or_else(|| {
            self.problem(
                value.span(),
                &node.name(key),
                "must be a list of words, such as [\"massage_parlor\"]",
            );
            Vec::new()
        })
    }
}

fn as_number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(it) => i64::from_str_radix(it.as_str(), it.radix()).ok().map(|it| it as f64),
        DeValue::Float(it) => it.as_str().parse().ok(),
        _ => None,
    }
}

/// Stands in for a table that is missing, so that the rest of the file is checked too.
fn empty<'a>() -> &'a DeTable<'a> {
    static EMPTY: std::sync::OnceLock<DeTable<'static>> = std::sync::OnceLock::new();
    EMPTY.get_or_init(DeTable::new)
}

/// Reads a word of an enum; a word that is none of it is noted with those that are.
macro_rules! word {
    ($reader:expr, $node:expr, $key:expr, $enum:ty) => {{
        let known: Vec<&str> = <$enum>::ALL.iter().map(|it| it.as_str()).collect();
        $reader.choice($node, $key, &known, |word| word.parse::<$enum>().ok())
    }};
}
pub(crate) use word;
