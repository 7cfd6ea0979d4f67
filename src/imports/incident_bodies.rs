//! The own part of an incident: its class by map, by table or not at all, its facets, and its roles as counts.

use std::borrow::Cow;
use std::str::FromStr;

use super::bound::{Mapper, word};
use super::field::Mapped;
use crate::formats::row::Row;
use crate::incidents::Origin;
use crate::incidents::facets::{Credibility, Disposition, Reliability, Roles};
use crate::knowledge::labels::Labels;
use crate::rights::held::Held;

/// The own part of an incident.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of incidents::Incident")]
pub struct Incident {
    pub offense: String,
    pub offense_code: String,
    pub offense_as_written: Option<String>,
    pub origin: Origin,
    pub disposition: Disposition,
    pub reliability: Option<Reliability>,
    pub credibility: Option<Credibility>,
    pub roles: Roles,
}

type Unmapped = Vec<(&'static str, String)>;

/// The own part of the incident that a row tells of.
pub(super) fn incident(of: &Mapper, row: &Row, unmapped: &mut Unmapped) -> Incident {
    let code = of.text("offense_code", row).or_else(|| of.written("offense", row));
    let mut count = |name| Held::of_number(count(of, row, name, unmapped));
    let roles = Roles {
        n_buyers: count("n_buyers"),
        n_facilitators: count("n_facilitators"),
        n_traffickers: count("n_traffickers"),
        n_people_sold: count("n_people_sold"),
        n_minors: count("n_minors"),
    };
    Incident {
        offense: offense(of, row, unmapped),
        offense_code: code.unwrap_or_default(),
        offense_as_written: of.text("offense_text", row),
        origin: word(of.field("origin"), row, "origin", Origin::Unknown, unmapped),
        disposition: word(of.field("disposition"), row, "disposition", Disposition::Unknown, unmapped),
        reliability: grade(of, row, "reliability", unmapped),
        credibility: grade(of, row, "credibility", unmapped),
        roles,
    }
}

/// The class of offense: the profile's map first, then the table of its codes. What neither knows, and a word that is no
/// class, is `other` and listed.
fn offense(of: &Mapper, row: &Row, unmapped: &mut Unmapped) -> String {
    let offenses = &of.given.offenses;
    let by_code = |codes, code: &str| offenses.by_code(codes, code);
    let unknown = match of.field("offense").map_or(Mapped::Empty, |it| it.mapped_by(row, by_code)) {
        Mapped::Empty => None,
        Mapped::Word(word) if offenses.has(&word) => return word.into_owned(),
        Mapped::Word(value) | Mapped::Unmapped(value) => Some(value),
    };
    unmapped.extend(unknown.map(|it| ("offense", it.into_owned())));
    Labels::OTHER.to_owned()
}

/// A grade of the Admiralty code; what is none is left out and listed.
fn grade<G: FromStr>(of: &Mapper, row: &Row, name: &'static str, unmapped: &mut Unmapped) -> Option<G> {
    let written = of.text(name, row)?;
    let read = written.to_uppercase().parse().ok();
    if read.is_none() {
        unmapped.push((name, written));
    }
    read
}

/// A role as a count. What is no whole number is left out, and is not listed by itself: a name may stand in its place.
fn count(of: &Mapper, row: &Row, name: &'static str, unmapped: &mut Unmapped) -> Option<i64> {
    let written = of.field(name)?.text(row).map(Cow::into_owned)?;
    // Spreadsheets write 2 as 2.0.
    let read = written.strip_suffix(".0").unwrap_or(&written).parse::<u32>().ok();
    if read.is_none() {
        unmapped.push((name, "left out: not a whole number".to_owned()));
    }
    read.map(i64::from)
}
