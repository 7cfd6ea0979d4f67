//! What is known of a site on a day: everything that rules ask about, and nothing about people.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts;
use crate::licenses::Status;
use crate::records::RecordId;
use crate::sites::{self, Site};

/// A license of the kind that the site needs.
#[derive(Clone, Debug, PartialEq)]
pub struct License {
    /// The record.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// Where it stands in its life.
    pub status: Status,
    /// When it was applied for or issued.
    pub on: NaiveDate,
    /// The first day of its term.
    pub starts_on: Option<NaiveDate>,
    /// The last day of its term.
    pub expires_on: Option<NaiveDate>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The record.
    pub id: RecordId,
    /// The day.
    pub on: NaiveDate,
    /// Whether it was passed; none where entry was refused, nobody was there, or the source does not say.
    pub passed: Option<bool>,
}

/// Something that a visit ordered to be put right and that is still open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenItem {
    /// The visit.
    pub inspection: RecordId,
    /// What it is.
    pub title: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// An incident at the site or in its building.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The record.
    pub id: RecordId,
    /// A word of `data/offenses.toml`.
    pub offense: String,
    /// The day.
    pub on: NaiveDate,
    /// Whether it counts for the site itself, not only for its building.
    pub at_site: bool,
    /// Whether somebody was charged or convicted.
    pub charged: bool,
    /// Whether it counts at all: not dismissed, unfounded or expunged.
    pub counts: bool,
    /// The letter of its source's grade.
    pub reliability: Option<String>,
    /// The digit of its source's grade.
    pub credibility: Option<String>,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// As [`facts::FactKind::parse`] gives it.
    pub value: String,
    /// When it was seen.
    pub observed_on: NaiveDate,
}

/// What was known of a site on a day.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// The site.
    pub site: &'a Site,
    /// The day.
    pub on: NaiveDate,
    /// Licenses of the kind that it needs.
    pub licenses: &'a [License],
    /// Whether a register lists licenses of its kind in its city, so that none there means something.
    pub watched: bool,
    /// Its visits, oldest first.
    pub visits: &'a [Visit],
    /// What is still to be put right.
    pub open: &'a [OpenItem],
    /// Incidents of the longest window.
    pub incidents: &'a [Incident],
    /// Facts that were noted.
    pub facts: &'a BTreeMap<String, Fact>,
}

impl Known<'_> {
    /// Since when it has been in business, where somebody knows.
    pub fn established(&self) -> Option<NaiveDate> {
        let noted = self.fact(facts::ESTABLISHED).and_then(|it| it.value.parse().ok());
        noted.or(self.site.opened_on.map(|it| it.day()))
    }

    /// A fact, if it was noted.
    pub fn fact(&self, word: &str) -> Option<&Fact> {
        self.facts.get(word)
    }

    /// A fact that is yes or no.
    pub fn is_noted(&self, word: &str) -> Option<bool> {
        self.fact(word).map(|it| it.value == "yes")
    }

    /// Whether the site is only thought of: no version of it was ever kept.
    pub fn is_planned(&self) -> bool {
        self.site.version == 0
    }

    /// Whether business goes on there, as far as is known.
    pub fn is_open(&self) -> bool {
        is_open(self.site)
    }
}

/// Whether business goes on at a site, as far as is known.
pub fn is_open(site: &Site) -> bool {
    matches!(site.status, sites::Status::Open | sites::Status::Unknown)
}
