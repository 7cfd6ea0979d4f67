//! Takes checked values out of a TOML file and notes, with line and key, what is wrong with them: what is missing, of
//! another sort, out of range, not known or forbidden.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scoring::Centipoints;
use crate::scoring::card::Problem;

/// Words of which no feature may be made: the score's input is closed to them.
const FORBIDDEN: &[&str] = &[
    "name",
    "names",
    "owner",
    "owners",
    "nationality",
    "language",
    "languages",
    "ethnicity",
    "ethnic",
    "race",
    "birthplace",
    "religion",
    "gender",
    "immigrant",
    "immigration",
    "citizenship",
    "neighborhood",
    "tract",
    "census",
    "income",
    "poverty",
    "demographics",
    "review",
    "reviews",
    "rating",
    "ratings",
    "inspector",
    "team",
    "badge",
    "sex",
];

/// A table, where it stands, and how its keys are called.
pub(super) struct Node<'a> {
    pub(super) table: &'a DeTable<'a>,
    pub(super) span: Range<usize>,
    pub(super) path: String,
}

impl<'a> Node<'a> {
    pub(super) fn name(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = (&'a str, Range<usize>)> + use<'a> {
        self.table.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span()))
    }
}

/// Takes values out of tables, and notes what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    pub(super) fn problem(&mut self, span: Range<usize>, key: &str, what: impl Into<String>) {
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
    pub(super) fn only(&mut self, node: &Node<'_>, known: &[&str]) {
        for (key, span) in node.keys().filter(|it| !known.contains(&it.0)) {
            let forbidden = key.to_lowercase().split(['_', '-', ' ']).any(|it| FORBIDDEN.contains(&it));
            let what = if forbidden {
                "is forbidden: a score may not see who people are, what is written about them, who they live among, or who inspected; take it out".to_owned()
            } else if known.is_empty() {
                "is not known: nothing is counted here yet; take it out".to_owned()
            } else {
                format!("is not known; known here: {}", known.join(", "))
            };
            self.problem(span, &node.name(key), what);
        }
    }

    pub(super) fn table<'n>(&mut self, node: &Node<'n>, key: &str) -> Node<'n> {
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

    pub(super) fn value<'n>(&mut self, node: &Node<'n>, key: &str) -> Option<&'n Spanned<DeValue<'n>>> {
        let found = node.get(key);
        if found.is_none() && !node.table.is_empty() {
            self.problem(node.span.clone(), &node.name(key), "is missing");
        }
        found
    }

    pub(super) fn number(&mut self, node: &Node<'_>, key: &str, range: RangeInclusive<f64>) -> f64 {
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

    pub(super) fn whole(&mut self, node: &Node<'_>, key: &str, range: RangeInclusive<i64>) -> i64 {
        let n_before = self.problems.len();
        let number = self.number(node, key, *range.start() as f64..=*range.end() as f64);
        if libm::trunc(number) != number && self.problems.len() == n_before {
            let span = node.get(key).map_or(node.span.clone(), Spanned::span);
            self.problem(span, &node.name(key), format!("= {number} must be a whole number"));
        }
        number as i64
    }

    pub(super) fn points(&mut self, node: &Node<'_>, key: &str) -> Centipoints {
        Centipoints(libm::round(self.number(node, key, 0.0..=100.0) * 100.0) as i64)
    }

    pub(super) fn word(&mut self, node: &Node<'_>, key: &str) -> String {
        match self.value(node, key).map(|it| (it.span(), it.get_ref())) {
            Some((_, DeValue::String(word))) if !word.trim().is_empty() => word.trim().to_owned(),
            Some((span, _)) => {
                self.problem(span, &node.name(key), "must be a text in quotes");
                String::new()
            }
            None => String::new(),
        }
    }

    pub(super) fn words(&mut self, node: &Node<'_>, key: &str) -> Vec<String> {
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
