//! Who owns, runs and lets the invented premises: companies with one site or several, landlords, an operator behind
//! three cities, an agent of many, and two people of one name who are two.

use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;
use super::invention::{Invention, SEED};
use super::register::{PartyRow, Premises};

/// Companies that several sites have in common; every other site has one of its own.
const CHAINS: usize = 14;
const LANDLORDS: usize = 12;
const OPERATOR: &str = "Ochre Kettle Management LLC";
const AGENT: &str = "Northern Lantern Registered Agents Inc";
/// Runs the shop that lost its license, and the one that opened in the next city under a like name.
const REOPENER: &str = "Ember Gable Services LLC";
const REOPENED: &str = "Nine Birch ";
/// Two people, each in a city of their own.
const NAMESAKE: &str = "Robin Plover";

/// A party as its rows repeat it.
#[derive(Clone)]
struct Who {
    name: String,
    what: &'static str,
    number: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    city: Option<String>,
}

/// Adds the rows.
pub fn fill(invention: &mut Invention<'_>) {
    let sites = premises(invention);
    let mut dice = Dice::of(SEED, "parties");
    let mut names = Names { invention, used: BTreeSet::new(), n: 0 };
    let chains: Vec<Who> = (0..CHAINS).map(|_| names.company("Holdings LLC", &mut dice)).collect();
    let landlords: Vec<Who> = (0..LANDLORDS).map(|_| names.company("Properties LLC", &mut dice)).collect();
    let mut rows = Vec::new();
    for site in &sites {
        let owner =
            if dice.thousandths(350) { dice.pick(&chains).clone() } else { names.company("LLC", &mut dice) };
        rows.push(row(site, &owner, "owner", share(&mut dice)));
        rows.push(row(site, &owner, "licensee", None));
        if dice.thousandths(450) {
            rows.push(row(site, dice.pick(&landlords), "landlord", None));
        }
        if dice.thousandths(200) {
            rows.push(row(site, &agent(), "registered_agent", None));
        }
    }
    rows.extend(in_three_cities(&sites).into_iter().map(|it| row(it, &operator(), "operator", None)));
    let reopened = sites.iter().filter(|it| it.name.starts_with(REOPENED));
    rows.extend(reopened.map(|it| row(it, &reopener(), "operator", None)));
    rows.extend(
        namesakes(&sites)
            .into_iter()
            .zip(["142", "187"])
            .map(|(it, line)| row(it, &namesake(line, &it.city), "manager", None)),
    );
    for (n, row) in (1..).zip(&mut rows) {
        row.entry = format!("R-{n:05}");
    }
    invention.registers.parties = rows;
}

/// The licensed premises, each once, in the order of their keys.
fn premises(invention: &Invention<'_>) -> Vec<Premises> {
    let mut all: BTreeMap<String, Premises> = BTreeMap::new();
    for it in &invention.registers.licenses {
        all.insert(it.of.premises.clone(), it.of.clone());
    }
    all.into_values().collect()
}

/// The first open massage business of three cities.
fn in_three_cities(sites: &[Premises]) -> Vec<&Premises> {
    firsts(sites, |it| it.kind == "massage_parlor" && it.closed.is_none()).into_iter().take(3).collect()
}

/// The first lodging of two cities.
fn namesakes(sites: &[Premises]) -> Vec<&Premises> {
    firsts(sites, |it| it.kind == "lodging").into_iter().take(2).collect()
}

fn firsts(sites: &[Premises], fits: impl Fn(&Premises) -> bool) -> Vec<&Premises> {
    let mut cities = BTreeSet::new();
    sites.iter().filter(|it| fits(it) && cities.insert(it.city.clone())).collect()
}

fn row(of: &Premises, who: &Who, role: &'static str, share: Option<i64>) -> PartyRow {
    PartyRow {
        entry: String::new(),
        party: who.name.clone(),
        what: who.what,
        role,
        file_number: who.number.clone(),
        phone: who.phone.clone(),
        party_address: who.address.clone(),
        party_city: who.city.clone(),
        share,
        since: of.opened,
        until: of.closed,
        premises: of.premises.clone(),
        name: of.name.clone(),
        address: of.address.clone(),
        unit: of.unit.clone(),
        city: of.city.clone(),
    }
}

fn share(dice: &mut Dice) -> Option<i64> {
    dice.thousandths(300).then(|| *dice.pick(&[25, 40, 50, 60, 75, 100]))
}

fn operator() -> Who {
    Who {
        name: OPERATOR.to_owned(),
        what: "organization",
        number: Some("9000001-1".to_owned()),
        phone: Some("(612) 555-0101".to_owned()),
        address: None,
        city: Some("Minneapolis".to_owned()),
    }
}

fn reopener() -> Who {
    Who {
        name: REOPENER.to_owned(),
        what: "organization",
        number: Some("9000003-1".to_owned()),
        phone: None,
        address: None,
        city: Some("Richfield".to_owned()),
    }
}

fn agent() -> Who {
    Who {
        name: AGENT.to_owned(),
        what: "organization",
        number: Some("9000002-1".to_owned()),
        phone: Some("(651) 555-0102".to_owned()),
        address: Some("2100 Granary Loop Rd Ste 900".to_owned()),
        city: Some("St. Paul".to_owned()),
    }
}

fn namesake(line: &str, city: &str) -> Who {
    Who {
        name: NAMESAKE.to_owned(),
        what: "person",
        number: None,
        phone: Some(format!("(218) 555-0{line}")),
        address: None,
        city: Some(city.to_owned()),
    }
}

/// Names that no two companies share.
struct Names<'a, 'b> {
    invention: &'a Invention<'b>,
    used: BTreeSet<String>,
    n: i64,
}

impl Names<'_, '_> {
    fn company(&mut self, form: &str, dice: &mut Dice) -> Who {
        let words = &self.invention.knowledge.names;
        let name = loop {
            let (first, second) = (dice.pick(&words.first), dice.pick(&words.second));
            let street = dice.pick(&words.streets).split(' ').next().unwrap_or_default();
            let name = format!("{first} {second} {street} {form}");
            if self.used.insert(name.clone()) {
                break name;
            }
        };
        self.n += 1;
        let city = &dice.pick(&self.invention.knowledge.cities).name;
        let calls = dice.thousandths(500);
        // All numbers that are kept for stories are 555-0100 to 555-0199; companies share them as real ones share offices.
        let phone = calls
            .then(|| format!("({}) 555-01{:02}", dice.pick(&["320", "507", "763"]), dice.between(10, 99)));
        Who {
            name,
            what: "organization",
            number: Some(format!("{}-{}", 1_000_000 + self.n, self.n % 9 + 1)),
            phone,
            address: None,
            city: Some(city.clone()),
        }
    }
}
