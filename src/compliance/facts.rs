//! The facts about a site that rules ask for and no register delivers: a vocabulary, `data/facts.toml`, and their values.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::hours::Opening;
use crate::db::text_enum;
use crate::knowledge::Library;

text_enum! {
    /// What a fact's value is.
    Sort {
        /// Yes or no.
        YesNo = "yes_no",
        /// A number, in the fact's unit.
        Number = "number",
        /// Opening hours.
        Hours = "hours",
        /// A day.
        Date = "date",
        /// United States dollars.
        Money = "money",
    }
}

/// The fact that says since when a site has been in business, where no register does.
pub const ESTABLISHED: &str = "established_on";
/// The fact that says whether it is a lawful nonconforming use.
pub const NONCONFORMING: &str = "nonconforming_use";
/// The fact that holds the opening hours.
pub const HOURS: &str = "opening_hours";
/// The fact that holds the insured sum.
pub const INSURANCE: &str = "insurance";
/// The fact that holds the least hours of training of those who practice.
pub const TRAINING: &str = "training_hours";
/// The fact that holds the age of the youngest who works there.
pub const YOUNGEST: &str = "youngest_staff";
/// The fact that holds the age of the youngest visitor admitted.
pub const YOUNGEST_PATRON: &str = "youngest_patron";
/// The fact that holds the day on which notice was given.
pub const NOTICE: &str = "notice_given_on";
/// The fact that says whether all who practice are licensed.
pub const PRACTITIONERS: &str = "practitioners_licensed";
/// The fact that says whether owners are disclosed.
pub const OWNERSHIP: &str = "owners_disclosed";

/// One fact that can be noted.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct FactKind {
    /// The question, or a few words.
    pub label: String,
    /// What its value is.
    pub sort: Sort,
    /// The unit of a number, as people say it.
    #[serde(default)]
    pub unit: Option<String>,
    /// Its number in the inspection checklist.
    #[serde(default)]
    pub item: Option<u32>,
    /// Its place in lists.
    pub order: u32,
}

/// All facts that can be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactKinds(BTreeMap<String, FactKind>);

impl FactKinds {
    /// Reads `facts.toml`.
    ///
    /// # Errors
    /// The file is absent or does not fit, or lacks a fact that rules of some kind need.
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            facts: BTreeMap<String, FactKind>,
        }
        let file: File = library.parse("facts.toml")?;
        let needed = [
            ESTABLISHED,
            NONCONFORMING,
            HOURS,
            INSURANCE,
            TRAINING,
            YOUNGEST,
            YOUNGEST_PATRON,
            NOTICE,
            PRACTITIONERS,
            OWNERSHIP,
        ];
        for word in needed {
            anyhow::ensure!(
                file.facts.contains_key(word),
                "data/facts.toml: the word `{word}` must be there"
            );
        }
        Ok(Self(file.facts))
    }

    /// The fact of that word.
    pub fn get(&self, word: &str) -> Option<&FactKind> {
        self.0.get(word)
    }

    /// Its label; the word itself if it is none.
    pub fn label<'a>(&'a self, word: &'a str) -> &'a str {
        self.0.get(word).map_or(word, |it| &it.label)
    }

    /// All, in the order of lists.
    pub fn in_order(&self) -> Vec<(&str, &FactKind)> {
        let mut all: Vec<_> = self.0.iter().map(|(word, it)| (word.as_str(), it)).collect();
        all.sort_by_key(|it| it.1.order);
        all
    }
}

impl FactKind {
    /// The value of a form field as it is stored.
    ///
    /// # Errors
    /// What would be right, for the person who typed it.
    pub fn parse(&self, text: &str, today: NaiveDate) -> Result<String, String> {
        let text = text.trim();
        match self.sort {
            Sort::YesNo => match text {
                "yes" | "no" => Ok(text.to_owned()),
                _ => Err("Choose yes or no.".to_owned()),
            },
            Sort::Number | Sort::Money => number(text),
            Sort::Hours => Opening::parse(text).map(|_| text.to_owned()).map_err(|it| format!("{it}.")),
            Sort::Date => match text.parse::<NaiveDate>() {
                Ok(day) if day <= today => Ok(day.to_string()),
                Ok(_) => Err(format!("Give a day up to today, {today}.")),
                Err(_) => Err("Write the day as 2026-11-27.".to_owned()),
            },
        }
    }
}

fn number(text: &str) -> Result<String, String> {
    let plain = text.replace([',', '$', ' '], "");
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() && (0.0..=1e9).contains(&number) => Ok(number.to_string()),
        _ => Err("Give a number from 0 to 1,000,000,000.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(sort: Sort, text: &str) -> Result<String, String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        FactKind { label: String::new(), sort, unit: None, item: None, order: 1 }.parse(text, today)
    }

    #[test]
    fn values_are_stored_in_one_form() {
        assert_eq!(parse(Sort::Money, "$1,000,000").unwrap(), "1000000");
        assert_eq!(parse(Sort::Number, "2.50").unwrap(), "2.5");
        assert_eq!(parse(Sort::Date, "2019-03-01").unwrap(), "2019-03-01");
        assert_eq!(parse(Sort::YesNo, "yes").unwrap(), "yes");
    }

    #[test]
    fn what_does_not_fit_says_what_would() {
        for (sort, text) in [
            (Sort::YesNo, "maybe"),
            (Sort::Number, "-1"),
            (Sort::Number, "NaN"),
            (Sort::Money, "a lot"),
            (Sort::Date, "2026-02-30"),
            (Sort::Date, "2027-01-01"),
            (Sort::Hours, "late"),
        ] {
            assert!(!parse(sort, text).unwrap_err().is_empty(), "{text}");
        }
    }
}
