//! Rules held against a small invented town: pure, without a database.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::finding::Finding;
use super::ground::{Ground, Regulated};
use super::judge;
use super::known::{Fact, Incident, Known, License, OpenItem, Visit};
use super::pack::Status;
use super::packs::{Packs, Words, parse_all};
use crate::clock::Moment;
use crate::geo::shape::Shape;
use crate::incidents::offenses::Offenses;
use crate::knowledge::{Document, Library};
use crate::places::snapshot::Snapshot;
use crate::places::{Part, Place, PlaceId};
use crate::records::{PointMethod, RecordId, SiteId};
use crate::rights::Viewer;
use crate::rights::held::Held;
use crate::sites::{self, Kinds, Site};

mod laws;
mod packs;
mod rules;
mod what_if;

/// A degree of latitude at 45°, in feet: 111,131.8 m.
const DEGREE: f64 = 364_605.6;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A pack of the city of Elm for massage parlors, with these rules.
fn pack(rules: &str) -> String {
    format!(
        r#"
id = "elm"
title = "Massage in Elm"
citation = "Elm City Code ch. 5"
status = "in_force"
confidence = "verified"
verified_on = "2026-11-01"
verified_by = "a test"
[jurisdiction]
level = "city"
name = "Elm"
[applies_to]
kinds = ["massage_parlor"]
{rules}"#
    )
}

/// A rule with the keys of its kind.
fn rule(id: &str, kind: &str) -> String {
    format!(
        "[[rules]]\nid = \"{id}\"\ntitle = \"T\"\nwords = \"W.\"\ncitation = \"§ 1\"\nseverity = \"major\"\nby = \"zoning\"\n{kind}\n"
    )
}

struct Vocabulary {
    library: Library,
    kinds: Kinds,
    offenses: Offenses,
}

impl Vocabulary {
    fn new() -> Self {
        let library = Library::open(None).unwrap();
        let (kinds, offenses) = (Kinds::read(&library).unwrap(), Offenses::read(&library).unwrap());
        Self { library, kinds, offenses }
    }

    /// The packs of these texts, each in the file of its id.
    fn read(&self, texts: &[&str]) -> Result<Packs, String> {
        let mut library = self.library.clone();
        library.retain(|name| !name.starts_with("rules/"));
        for (n, text) in texts.iter().enumerate() {
            let id =
                text.lines().find_map(|it| it.strip_prefix("id = \"")).map(|it| it.trim_end_matches('"'));
            let name = id.map_or(format!("rules/{n}.toml"), |it| format!("rules/{it}.toml"));
            library.add(Document::new(&name, (*text).to_owned()));
        }
        Packs::read(&library, &self.kinds, &self.offenses).map_err(|it| format!("{it:#}"))
    }

    /// What is wrong with packs that lie anywhere.
    fn problems(&self, documents: &[Document]) -> String {
        let facts = super::facts::FactKinds::read(&self.library).unwrap();
        let classes = crate::places::classes::Classes::read(&self.library).unwrap();
        let words = Words { kinds: &self.kinds, offenses: &self.offenses, facts: &facts, classes: &classes };
        parse_all(documents.iter(), &words).unwrap_err().to_string()
    }
}

/// A town in which rules are tried.
struct Town {
    packs: Packs,
    site: Site,
    others: Vec<Site>,
    places: Vec<Place>,
    licenses: Vec<License>,
    watched: bool,
    visits: Vec<Visit>,
    open: Vec<OpenItem>,
    incidents: Vec<Incident>,
    facts: BTreeMap<String, Fact>,
    on: NaiveDate,
}

impl Town {
    fn with(texts: &[&str]) -> Self {
        Self {
            packs: Vocabulary::new().read(texts).unwrap(),
            site: site(1, Some(0.0)),
            others: Vec::new(),
            places: Vec::new(),
            licenses: Vec::new(),
            watched: false,
            visits: Vec::new(),
            open: Vec::new(),
            incidents: Vec::new(),
            facts: BTreeMap::new(),
            on: day("2026-11-23"),
        }
    }

    /// With one rule of the pack of Elm.
    fn of(kind: &str) -> Self {
        Self::with(&[&pack(&rule("r", kind))])
    }

    fn findings(&self) -> Vec<Finding> {
        let viewer = Viewer::system("test");
        let places = Snapshot::new(0, self.places.clone());
        let all: Vec<Site> = self.others.iter().chain([&self.site]).cloned().collect();
        let regulated = Regulated::new(&self.packs, &all);
        let ground = Ground {
            viewer: &viewer,
            places: &places,
            classes: &self.packs.classes,
            regulated: &regulated,
            facts: &self.packs.facts,
        };
        let known = Known {
            site: &self.site,
            on: self.on,
            licenses: &self.licenses,
            watched: self.watched,
            visits: &self.visits,
            open: &self.open,
            incidents: &self.incidents,
            facts: &self.facts,
        };
        judge::site(&self.packs, &known, &ground)
    }

    /// The only finding.
    fn finding(&self) -> Finding {
        let mut all = self.findings();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    fn status(&self) -> Status {
        self.finding().status
    }

    fn note(&mut self, fact: &str, value: &str) {
        self.facts.insert(fact.to_owned(), Fact { value: value.to_owned(), observed_on: day("2026-11-01") });
    }

    /// A place so many feet north of the site.
    fn place(&mut self, class: &str, part: Part, feet: f64) -> &mut Place {
        let outline = Shape::from(point(feet)).to_wkb().unwrap();
        self.outlined(class, part, outline)
    }

    /// A square, its south edge so many feet north of the site's latitude, `wide` feet in size, the site in its middle line.
    fn square(&mut self, class: &str, part: Part, feet: f64, wide: f64) -> &mut Place {
        let (south, north) = (45.0 + feet / DEGREE, 45.0 + (feet + wide) / DEGREE);
        let half = wide / DEGREE;
        let ring: geo::LineString<f64> =
            vec![(-93.0 - half, south), (-93.0 + half, south), (-93.0 + half, north), (-93.0 - half, north)]
                .into();
        let polygon = geo::Polygon::new(ring, Vec::new());
        let outline = Shape::parse(geo::Geometry::Polygon(polygon)).unwrap().to_wkb().unwrap();
        self.outlined(class, part, outline)
    }

    fn outlined(&mut self, class: &str, part: Part, outline: Vec<u8>) -> &mut Place {
        let n = self.places.len();
        self.places.push(Place {
            id: PlaceId::of_source("test", &n.to_string()),
            version: 1,
            recorded_at: Moment::Day(day("2020-01-01")),
            source: "test".to_owned(),
            source_key: n.to_string(),
            batch_id: None,
            class: class.to_owned(),
            part,
            name: format!("{class} {n}"),
            address: None,
            opened_on: None,
            closed_on: None,
            outline,
            west: -93.0,
            south: 45.0,
            east: -93.0,
            north: 45.0,
        });
        self.places.last_mut().unwrap()
    }
}

fn point(feet_north: f64) -> crate::geo::Point {
    crate::geo::Point::parse(-93.0, 45.0 + feet_north / DEGREE).unwrap()
}

/// An open massage parlor in Elm so many feet north of 45°, or without a point.
fn site(number: i64, feet_north: Option<f64>) -> Site {
    let key = format!("K{number}");
    let at = feet_north.map(point);
    Site {
        id: SiteId::of_source("register", &key),
        version: 1,
        recorded_at: Moment::Day(day("2020-01-01")),
        source: "register".to_owned(),
        source_key: key,
        batch_id: None,
        number,
        kind: "massage_parlor".to_owned(),
        name: format!("House {number}"),
        other_names: Vec::new(),
        address: format!("{number} Example St"),
        house_number: None,
        pre_direction: None,
        street: None,
        suffix: None,
        post_direction: None,
        unit_type: None,
        unit: None,
        city: Some("Elm".to_owned()),
        state: Some("MN".to_owned()),
        zip: None,
        building_id: None,
        lon: at.map(crate::geo::Point::lon),
        lat: at.map(crate::geo::Point::lat),
        point_method: PointMethod::Source,
        point_meters: None,
        city_area: at.map(|_| "Elm".to_owned()),
        county: Some("Oak".to_owned()),
        status: sites::Status::Open,
        status_on: None,
        opened_on: None,
        closed_on: None,
        moved_to: None,
        phone: None,
        note: Held::Empty,
    }
}

fn record(n: u128) -> RecordId {
    RecordId(uuid::Uuid::from_u128(n))
}

fn classes() -> Arc<crate::places::classes::Classes> {
    Arc::new(crate::places::classes::Classes::read(&Library::open(None).unwrap()).unwrap())
}
