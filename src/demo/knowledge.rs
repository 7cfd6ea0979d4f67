//! The files of `data/demo/`: cities, parts of names, stories and the profiles of the invented registers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::knowledge::{Document, Flaw};

/// A file of `data/demo/`, which is part of the program: nobody lays another over it.
macro_rules! document {
    ($name:literal) => {
        Document::new(concat!("demo/", $name), include_str!(concat!("../../data/demo/", $name)).to_owned())
    };
}

/// All that is invented from.
#[derive(Clone, Debug)]
pub struct Knowledge {
    /// Where.
    pub cities: Vec<City>,
    /// Of what.
    pub names: Names,
    /// What must be told.
    pub stories: Stories,
}

impl Knowledge {
    /// Reads the files.
    ///
    /// # Errors
    /// One has a flaw.
    pub fn read() -> Result<Self, Flaw> {
        let Cities { city } = document!("cities.toml").parse()?;
        Ok(Self {
            cities: city,
            names: document!("names.toml").parse()?,
            stories: document!("stories.toml").parse()?,
        })
    }

    /// The city of that name.
    pub fn city(&self, name: &str) -> Option<&City> {
        self.cities.iter().find(|it| it.name == name)
    }
}

/// The profiles of the registers, in the order in which these are imported.
pub fn profiles() -> [(&'static str, Document); 8] {
    [
        ("areas", document!("profiles/areas.toml")),
        ("places", document!("profiles/places.toml")),
        ("licenses", document!("profiles/licenses.toml")),
        ("premises", document!("profiles/premises.toml")),
        ("inspections", document!("profiles/inspections.toml")),
        ("complaints", document!("profiles/complaints.toml")),
        ("incidents", document!("profiles/incidents.toml")),
        ("parties", document!("profiles/parties.toml")),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cities {
    city: Vec<City>,
}

/// A real city with invented streets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    /// Its name.
    pub name: String,
    /// Its county.
    pub county: String,
    /// Degrees east of its rough center.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// How far the streets reach, in meters.
    pub radius: f64,
    /// A ZIP code of it.
    pub zip: String,
    /// How many ordinary businesses are invented there.
    pub sites: usize,
}

/// Parts of names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Streets with their suffix.
    pub streets: Vec<String>,
    /// First words of names.
    pub first: Vec<String>,
    /// Second words.
    pub second: Vec<String>,
    /// By kind of site.
    pub kind: BTreeMap<String, KindNames>,
    /// What inspectors find.
    pub violation: Vec<Finding>,
}

/// What businesses of a kind call themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindNames {
    /// Thousandths of all ordinary sites.
    pub share: i64,
    /// Last words of names.
    pub trade: Vec<String>,
    /// The type of license.
    pub license: String,
    /// What its license numbers begin with.
    pub prefix: String,
}

/// Something that inspectors find.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule of an invented city code.
    pub code: String,
    /// In words.
    pub title: String,
    /// A word of `inspections::Severity`.
    pub severity: String,
    /// The kinds where it is found; none: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// In a story: put right so many days ago.
    #[serde(default)]
    pub closed: Option<i64>,
}

/// The stories and their sites.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stories {
    /// What must be told.
    pub story: Vec<Story>,
    /// The sites of the stories.
    pub site: Vec<StorySite>,
}

/// One thing that the demonstration must show.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// A word for it.
    pub id: String,
    /// In a line.
    pub title: String,
    /// The name of its main site.
    pub site: String,
    /// What one sees there.
    pub show: String,
    /// What the assessment must make of it.
    #[serde(default)]
    pub expect: Expect,
}

/// What the assessment must make of a story's site.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; points are whole points")]
pub struct Expect {
    pub tier: Option<String>,
    pub points_at_most: Option<i64>,
    pub complaints_at_least: Option<i64>,
    pub complaints_at_most: Option<i64>,
    pub records: Option<usize>,
    pub ring_at_least: Option<i64>,
    pub reason: Option<String>,
    pub building_incidents_at_least: Option<i64>,
}

/// A site of a story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "data/demo/stories.toml explains them where they are used")]
pub struct StorySite {
    pub name: String,
    pub kind: String,
    pub number: i64,
    pub street: String,
    #[serde(default)]
    pub unit: Option<String>,
    pub city: String,
    /// Days ago.
    pub opened: i64,
    /// Days ago.
    #[serde(default)]
    pub closed: Option<i64>,
    pub license: StoryLicense,
    #[serde(default)]
    pub inspections: Vec<StoryInspection>,
    #[serde(default)]
    pub complaints: Vec<StoryComplaint>,
    #[serde(default)]
    pub incidents: Vec<StoryIncident>,
    /// Incidents on the blocks around.
    #[serde(default)]
    pub ring: Option<Ring>,
}

/// The license of a story's site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in data/demo/stories.toml")]
pub struct StoryLicense {
    pub number: String,
    /// Month and day on which its terms end.
    pub until: String,
    pub end: Ending,
    /// Days after the end on which the register noted it.
    #[serde(default)]
    pub noted_after: Option<i64>,
}

/// How the row of licenses of a site ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// In force.
    Current,
    /// Its last term ended without renewal.
    Lapsed,
    /// Asked for anew; the last term has ended.
    InReview,
    /// Taken away.
    Revoked,
    /// Given up when the site closed or moved.
    GivenUp,
}

/// A visit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in data/demo/stories.toml")]
pub struct StoryInspection {
    pub key: String,
    pub ago: i64,
    pub outcome: String,
    pub reason: String,
    /// Days ago on which a reinspection was due.
    #[serde(default)]
    pub due: Option<i64>,
    #[serde(default)]
    pub violations: Vec<Finding>,
}

/// A complaint, or several alike.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in data/demo/stories.toml")]
pub struct StoryComplaint {
    pub key: String,
    pub ago: i64,
    pub category: String,
    #[serde(default)]
    pub anonymous: bool,
    #[serde(default = "open")]
    pub state: String,
    /// How many alike.
    #[serde(default = "once")]
    pub repeat: i64,
    /// Days from one to the next.
    #[serde(default)]
    pub every: i64,
    /// What whoever complained called it, without a unit, where that is not its name.
    pub heard: Option<String>,
}

/// An incident at the site's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in data/demo/stories.toml")]
pub struct StoryIncident {
    pub ago: i64,
    pub offense: String,
    pub origin: String,
    /// How far it came; without it, as far as incidents of its age mostly come.
    #[serde(default)]
    pub disposition: Option<String>,
    /// How many bought.
    #[serde(default)]
    pub buyers: Option<i64>,
    /// How many were sold.
    #[serde(default)]
    pub sold: Option<i64>,
    /// Whether police wrote down the suite.
    #[serde(default)]
    pub unit: bool,
}

/// Incidents within 150 m, on the blocks around.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// How many.
    pub n: i64,
    /// Within so many years.
    pub years: i64,
}

fn open() -> String {
    "open".to_owned()
}

fn once() -> i64 {
    1
}
