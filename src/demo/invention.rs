//! What ordinary sites are made of, in one place: the day, the seed, the cities with their streets, and the registers
//! that fill up.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::days::before;
use super::dice::Dice;
use super::knowledge::{Finding, Knowledge};
use super::register::{Area, Complaint, Incident, Inspection, Premises, Registers, Violation};
use super::town::{Spot, Town};

/// The seed of the demonstration; with the day it decides every byte.
pub const SEED: u64 = 0x0F0C_A001;

/// The registers while they are invented.
#[derive(Debug)]
pub struct Invention<'a> {
    /// The demonstration's day; nothing happens on it or later.
    pub today: NaiveDate,
    /// What it is invented from.
    pub knowledge: &'a Knowledge,
    /// The cities.
    pub towns: Vec<Town<'a>>,
    /// What came of it.
    pub registers: Registers,
    names: BTreeSet<String>,
    taken: BTreeSet<String>,
}

impl<'a> Invention<'a> {
    /// Nothing yet, but the streets.
    pub fn new(today: NaiveDate, knowledge: &'a Knowledge) -> Self {
        let towns: Vec<Town<'a>> =
            knowledge.cities.iter().map(|it| Town::new(SEED, it, &knowledge.names)).collect();
        let area = |it: &Town<'_>| Area {
            name: it.city.name.clone(),
            county: it.city.county.clone(),
            outline: it.outline(),
        };
        let registers = Registers { areas: towns.iter().map(area).collect(), ..Registers::default() };
        Self { today, knowledge, towns, registers, names: BTreeSet::new(), taken: BTreeSet::new() }
    }

    /// So many days ago.
    pub fn ago(&self, days: i64) -> NaiveDate {
        before(self.today, days)
    }

    /// Keeps the first two words of a name, so that no other site is called alike; whether they were free.
    pub fn claim(&mut self, name: &str) -> bool {
        self.names.insert(name.split(' ').take(2).collect::<Vec<_>>().join(" "))
    }

    /// Keeps an address; whether it was free.
    pub fn settle(&mut self, city: &str, spot: &Spot) -> bool {
        self.taken.insert(format!("{} {} {city}", spot.number, spot.street))
    }

    /// Whether a site stands there.
    pub fn is_settled(&self, city: &str, spot: &Spot) -> bool {
        self.taken.contains(&format!("{} {} {city}", spot.number, spot.street))
    }

    /// Adds a visit; findings without a day of mending are open.
    pub fn visit(&mut self, of: &Premises, visit: Visit, findings: &[Finding]) {
        let due = visit.due;
        let violation = |it: &Finding| Violation {
            code: it.code.clone(),
            title: it.title.clone(),
            severity: it.severity.clone(),
            state: if it.closed.is_some() { "closed" } else { "open" },
            put_right: it.closed.map(|days| self.ago(days)),
            due,
        };
        let violations = findings.iter().map(violation).collect();
        self.registers.inspections.push(Inspection {
            inspection: visit.key,
            date: visit.day,
            entered: before(visit.day, -1).min(self.today),
            name: of.name.clone(),
            address: of.address.clone(),
            unit: of.unit.clone(),
            city: of.city.clone(),
            reason: visit.reason,
            outcome: visit.outcome,
            reinspect_by: due,
            violations,
        });
    }

    /// Adds a complaint of `days` ago.
    pub fn complaint(&mut self, of: &Premises, key: String, days: i64, said: Said) {
        let received = self.ago(days);
        self.registers.complaints.push(Complaint {
            complaint: key,
            received,
            entered: before(received, -2).min(self.today),
            name: of.name.clone(),
            address: of.address.clone(),
            unit: of.unit.clone(),
            city: of.city.clone(),
            about: said.about,
            anonymous: if said.anonymous { "yes" } else { "no" },
            reliability: said.grade.map(|it| it[..1].to_owned()),
            credibility: said.grade.map(|it| it[1..].to_owned()),
            state: said.state,
        });
    }

    /// Adds an incident of `days` ago at `place`.
    pub fn incident(&mut self, days: i64, what: Offense, place: Scene, dice: &mut Dice) {
        let n = self.registers.incidents.len() + 1;
        let day = self.ago(days);
        let minute = dice.between(0, 24 * 60 - 1);
        let year = chrono::Datelike::year(&day) % 100;
        let case = format!("{year:02}-{:06}", 100_000 + n);
        let disposition =
            what.disposition.clone().unwrap_or_else(|| disposition(&what, days, &case).to_owned());
        self.registers.incidents.push(Incident {
            case,
            happened: format!("{day} {:02}:{:02}:00", minute / 60, minute % 60),
            entered: before(day, -1).min(self.today),
            written: written(&what.offense).to_owned(),
            offense: what.offense,
            origin: what.origin,
            disposition,
            buyers: what.buyers,
            sold: what.sold,
            address: place.address,
            unit: place.unit,
            city: place.city,
            lon: place.point.map(|it| it.0),
            lat: place.point.map(|it| it.1),
        });
    }
}

/// A visit on its way into the register.
#[derive(Clone, Debug)]
pub struct Visit {
    pub key: String,
    pub day: NaiveDate,
    pub outcome: String,
    pub reason: String,
    pub due: Option<NaiveDate>,
}

/// What a complaint says.
#[derive(Clone, Debug)]
pub struct Said {
    pub about: String,
    pub anonymous: bool,
    /// Letter and digit of the Admiralty code.
    pub grade: Option<&'static str>,
    pub state: String,
}

/// What an incident was.
#[derive(Clone, Debug, Default)]
pub struct Offense {
    pub offense: String,
    pub origin: String,
    /// How far it came, where a story says so.
    pub disposition: Option<String>,
    pub buyers: Option<i64>,
    pub sold: Option<i64>,
}

/// Where an incident was.
#[derive(Clone, Debug)]
pub struct Scene {
    pub address: String,
    pub unit: Option<String>,
    pub city: String,
    pub point: Option<(f64, f64)>,
}

/// How far an incident of `days` ago came. Its dice are its own, so that all else stays as it was invented before.
fn disposition(what: &Offense, days: i64, case: &str) -> &'static str {
    let mut dice = Dice::of(SEED, &format!("disposition of {case}"));
    match dice.between(0, 99) {
        0..12 => "charged",
        12..18 if days > 180 => "convicted",
        18..22 => "unfounded",
        22..25 if days > 90 => "dismissed",
        25 if days > 365 => "expunged",
        _ if what.origin == "officer" => "discovered",
        _ => "reported",
    }
}

/// As the invented police write it.
fn written(offense: &str) -> &'static str {
    match offense {
        "trafficking" => "Trafficking in persons",
        "commercial_sex" => "Commercial sex act",
        "prostitution_patron" => "Hiring for sex",
        "prostitution_promoter" => "Promotion of prostitution",
        "prostitution_nuisance" => "Nuisance, prostitution",
        "assault" => "Assault in the fifth degree",
        "robbery" => "Robbery of person",
        "drug" => "Controlled substance",
        "burglary" => "Burglary of business",
        "theft" => "Theft",
        "motor_vehicle_theft" => "Theft of motor vehicle",
        "vandalism" => "Damage to property",
        "disorderly" => "Disorderly conduct",
        "public_nuisance" => "Public nuisance",
        "liquor" => "Liquor violation",
        "threats" => "Threats of violence",
        _ => "Other incident",
    }
}
