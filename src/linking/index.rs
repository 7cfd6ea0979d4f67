//! The sites as linking looks them up: by source key, by license number, by address within a city. Built once for many
//! records; every lookup is a hash, and a premises with very many sites is searched by unit and exact name only.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::entity::{Entity, Row};
use super::evidence::{Evidence, Field, Level};
use super::model::Model;
use super::names::Vocabulary;
use super::register::Register;
use super::{Entry, Subject, assign, building_id};
use crate::text::name::{Agreement, Name};

/// A site made ready for comparing.
#[derive(Debug)]
pub(super) struct Site {
    pub id: Uuid,
    pub names: Vec<Name>,
    pub address_key: Option<String>,
    pub unit_key: Option<String>,
    city_key: String,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

impl Site {
    /// Whether it was open on the day, as far as is known.
    pub fn open_on(&self, day: NaiveDate) -> bool {
        self.opened_on.is_none_or(|opened| opened <= day) && self.closed_on.is_none_or(|closed| day <= closed)
    }

    /// The best agreement of any of the record's names with any of the site's; unclear when either has none.
    pub fn agreement(&self, names: &[Name]) -> Agreement {
        let pairs = self.names.iter().flat_map(|own| names.iter().map(move |name| own.compare(name)));
        pairs.max().unwrap_or(Agreement::Unclear)
    }

    pub fn disagrees(&self, names: &[Name]) -> bool {
        self.agreement(names) == Agreement::Different
    }
}

/// A site that a record may belong to.
#[derive(Debug)]
pub(super) struct Weighed<'a> {
    pub site: &'a Site,
    pub probability: f64,
    /// However probable it is, only a person may link it.
    pub needs_person: bool,
    pub evidence: Evidence,
}

impl Weighed<'_> {
    /// Whether it may be linked without a person: the name agrees, and so does the house or the telephone. Nothing less says
    /// where a record belongs.
    pub fn may_link(&self) -> bool {
        let level = |field| self.evidence.level(field);
        let agrees = |field| matches!(level(field), Level::Same | Level::Close);
        let house = agrees(Field::Number) && level(Field::Street) != Level::Differs;
        !self.needs_person && agrees(Field::Name) && (house || level(Field::Phone) == Level::Same)
    }
}

/// The sites at one address of one city.
#[derive(Debug)]
pub(super) struct Premises {
    pub building: Uuid,
    pub sites: Vec<u32>,
    by_unit: HashMap<String, Vec<u32>>,
    by_name: HashMap<String, Vec<u32>>,
}

/// All sites, ready for [`super::decide`].
#[derive(Debug)]
pub struct Index {
    model: Model,
    // The same places as `sites`.
    register: Register,
    sites: Vec<Site>,
    by_id: HashMap<Uuid, u32>,
    by_source_key: HashMap<String, HashMap<String, u32>>,
    by_license: HashMap<String, Vec<u32>>,
    by_city: HashMap<String, HashMap<String, Premises>>,
}

// Above this many sites at one address every record there is compared by exact unit and name only, so that ten thousand
// records at an address of ten thousand sites stay ten thousand lookups.
const COMPARED: usize = 32;

impl Index {
    /// Takes up the sites; order does not matter to any decision. A source key claimed by two sites identifies neither.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut entries: Vec<Entry> = entries.into_iter().collect();
        entries.sort_unstable_by_key(|entry| entry.id);
        let mut index = Self {
            model: super::shipped_model(entries.len()),
            register: register(&entries),
            sites: Vec::with_capacity(entries.len()),
            by_id: HashMap::with_capacity(entries.len()),
            by_source_key: HashMap::new(),
            by_license: HashMap::new(),
            by_city: HashMap::new(),
        };
        let mut shared_keys = Vec::new();
        for (at, entry) in (0..).zip(entries) {
            index.add_keys(at, &entry, &mut shared_keys);
            index.add_premises(at, &entry);
            index.sites.push(site(entry));
        }
        for (source, key) in shared_keys {
            index.by_source_key.get_mut(&source).and_then(|keys| keys.remove(&key));
        }
        index
    }

    /// Takes up one more site. A source key that another site claims already stays with that one.
    pub fn insert(&mut self, entry: Entry) {
        let at = u32::try_from(self.sites.len()).expect("far fewer than four billion sites");
        let free = |index: &Self, (source, key): &(String, String)| {
            index.by_source_key.get(source).is_none_or(|keys| !keys.contains_key(key))
        };
        let source_keys = entry.source_keys.iter().filter(|it| free(self, it)).cloned().collect();
        let entry = Entry { source_keys, ..entry };
        self.add_keys(at, &entry, &mut Vec::new());
        self.add_premises(at, &entry);
        entry.as_row(|row| self.register.insert(row, &entry.address));
        self.sites.push(site(entry));
        self.model.of_size(self.sites.len());
    }

    /// The record as the model compares it.
    pub(super) fn entity(&self, subject: &Subject<'_>) -> Entity {
        let (name, others) =
            subject.names.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
        let row = Row {
            name,
            other_names: others,
            address: "",
            city: subject.city_key,
            zip: "",
            phone: subject.phone.unwrap_or_default(),
            point: subject.point,
        };
        let nowhere = Default::default();
        Entity::with_address(&row, subject.address.unwrap_or(&nowhere), self.register.words())
    }

    /// What the record may be, by the model, the most probable first; sites that a person excluded are left out.
    pub(super) fn weigh(&self, subject: &Subject<'_>) -> Vec<Weighed<'_>> {
        let mut found = Vec::new();
        let mut candidates = self.register.candidates(&self.entity(subject), &self.model, &mut found);
        candidates.retain(|it| !subject.excluded.contains(&self.site(it.at).id));
        let probabilities = assign::many_to_one(&candidates);
        let mut weighed: Vec<Weighed<'_>> = candidates
            .iter()
            .zip(probabilities)
            .map(|(it, probability)| Weighed {
                site: self.site(it.at),
                probability,
                needs_person: it.needs_person(),
                evidence: it.evidence(&self.model),
            })
            .collect();
        weighed.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.site.id.cmp(&b.site.id)));
        weighed
    }

    /// What was compared between the record and one site, however it was found.
    pub(super) fn evidence(&self, subject: &Subject<'_>, site: Uuid) -> Evidence {
        let compared = |at| self.model.evidence(&self.register.compared(&self.entity(subject), at));
        self.by_id.get(&site).map(|at| compared(*at)).unwrap_or_default()
    }

    fn add_keys(&mut self, at: u32, entry: &Entry, shared: &mut Vec<(String, String)>) {
        self.by_id.insert(entry.id, at);
        for (source, key) in &entry.source_keys {
            let earlier = self.by_source_key.entry(source.clone()).or_default().insert(key.clone(), at);
            if earlier.is_some_and(|earlier| earlier != at) {
                shared.push((source.clone(), key.clone()));
            }
        }
        for number in entry.licenses.iter().filter_map(|number| license_key(number)) {
            let holders = self.by_license.entry(number).or_default();
            if holders.last() != Some(&at) {
                holders.push(at);
            }
        }
    }

    fn add_premises(&mut self, at: u32, entry: &Entry) {
        let Some(key) = &entry.address_key else { return };
        let city = self.by_city.entry(entry.city_key.clone()).or_default();
        let premises = city.entry(key.clone()).or_insert_with(|| Premises {
            building: building_id(&entry.city_key, key),
            sites: Vec::new(),
            by_unit: HashMap::new(),
            by_name: HashMap::new(),
        });
        premises.building = entry.building.unwrap_or(premises.building);
        premises.sites.push(at);
        if let Some(unit) = &entry.unit_key {
            premises.by_unit.entry(unit.clone()).or_default().push(at);
        }
        for name in &entry.names {
            premises.by_name.entry(Name::new(name).key().to_owned()).or_default().push(at);
        }
    }

    pub(super) fn by_source_key(&self, source: &str, key: &str) -> Option<&Site> {
        self.by_source_key.get(source)?.get(key).map(|at| self.site(*at))
    }

    /// Sites of the city that hold the license; of all cities when the record's city is unknown.
    pub(super) fn by_license(&self, number: &str, city_key: &str) -> Vec<&Site> {
        let holders = license_key(number).and_then(|key| self.by_license.get(&key));
        let sites = holders.into_iter().flatten().map(|at| self.site(*at));
        sites
            .filter(|site| city_key.is_empty() || site.city_key.is_empty() || site.city_key == city_key)
            .collect()
    }

    pub(super) fn premises(&self, city_key: &str, address_key: &str) -> Option<&Premises> {
        self.by_city.get(city_key)?.get(address_key)
    }

    pub(super) fn site(&self, at: u32) -> &Site {
        &self.sites[at as usize]
    }

    /// The sites of a premises worth comparing with a record of this unit and these names.
    pub(super) fn worth_comparing(
        &self,
        premises: &Premises,
        unit: Option<&str>,
        names: &[Name],
    ) -> Vec<&Site> {
        let some: Vec<u32> = if premises.sites.len() <= COMPARED {
            premises.sites.clone()
        } else {
            let by_unit = unit.and_then(|unit| premises.by_unit.get(unit));
            let by_name = names.iter().filter_map(|name| premises.by_name.get(name.key()));
            let mut found: Vec<u32> = by_unit
                .into_iter()
                .chain(by_name)
                .flat_map(|some| some.iter().take(COMPARED))
                .copied()
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        some.into_iter().map(|at| self.site(at)).collect()
    }
}

fn register(entries: &[Entry]) -> Register {
    let mut words = Vocabulary::default();
    for entry in entries {
        entry.as_row(|row| words.add(&row.names()));
    }
    let rows =
        entries.iter().map(|it| it.as_row(|row| Entity::with_address(row, &it.address, &words))).collect();
    Register::new(rows, words)
}

fn site(entry: Entry) -> Site {
    let names = entry.names.iter().map(|name| Name::new(name)).filter(|name| !name.is_empty()).collect();
    let Entry { id, address_key, unit_key, city_key, opened_on, closed_on, .. } = entry;
    Site { id, names, address_key, unit_key, city_key, opened_on, closed_on }
}

/// A license number in one spelling; `None` for what is no number ("N/A", "0", "pending").
fn license_key(number: &str) -> Option<String> {
    if number.len() > 100 {
        return None;
    }
    // A spreadsheet that took the number for a measure wrote "30790.0".
    let number = number.trim();
    let number = number.strip_suffix(".0").unwrap_or(number);
    let key: String = number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let key = key.trim_start_matches('0');
    (key.len() >= 3 && key.bytes().any(|b| b.is_ascii_digit())).then(|| key.to_owned())
}
