//! What a person's forms say of a party and of its role: read, checked, and turned into the next version. Pure.

use super::{Holding, HoldingId, Kind, Party, PartyId, Role, names};
use crate::clock::Moment;
use crate::records::BuildingId;
use crate::rights::held::Held;
use crate::sites::Site;
use crate::sites::form::{DESK, digest, is_zip, read_phone};
use crate::text::address::Address;
use crate::text::phone::Phone;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// What a form says of a party itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    kind: Kind,
    name: String,
    other_names: Vec<String>,
    registered_number: Option<String>,
    address: Option<String>,
    parts: Address,
    city: Option<String>,
    phone: Option<String>,
    note: Option<String>,
}

/// What a form says of a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Which.
    pub role: Role,
    /// Whether it stands for the whole building.
    pub whole_building: bool,
    share: Option<i64>,
    from_on: Option<Moment>,
    to_on: Option<Moment>,
    ended_why: Option<String>,
}

/// Reads what a party is.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params) -> Result<Entry, Flaws> {
    let mut form = Filled::new(params);
    let entry = read_entry(&mut form);
    if form.flaws.is_empty() { Ok(entry) } else { Err(form.flaws) }
}

/// Reads what a party is, and in which role.
///
/// # Errors
/// All that is to be mended.
pub fn read_both(params: &Params) -> Result<(Entry, Term), Flaws> {
    let mut form = Filled::new(params);
    let (entry, term) = (read_entry(&mut form), read_term_of(&mut form));
    match term {
        Some(term) if form.flaws.is_empty() => Ok((entry, term)),
        _ => Err(form.flaws),
    }
}

/// Reads a role alone.
///
/// # Errors
/// All that is to be mended.
pub fn read_term(params: &Params) -> Result<Term, Flaws> {
    let mut form = Filled::new(params);
    match read_term_of(&mut form) {
        Some(term) if form.flaws.is_empty() => Ok(term),
        _ => Err(form.flaws),
    }
}

fn read_entry(form: &mut Filled<'_>) -> Entry {
    let written = form.needed("name", "Give the name as it is registered.");
    let kind = form.chosen("party_kind", "Choose what it is.").unwrap_or(Kind::Organization);
    let (name, door) = names::parted(&written);
    let others = form.text("other_names", 10 * LINE).unwrap_or_default();
    let others = others.lines().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    let registered_number = form.text("registered_number", LINE);
    let address = form.text("address", LINE);
    let [unit, city, state, zip] = ["unit", "city", "state", "zip"].map(|it| form.text(it, LINE));
    if state.as_ref().is_some_and(|it| it.len() != 2 || !it.bytes().all(|it| it.is_ascii_alphabetic())) {
        form.flaws.add("state", "Give the state as two letters, such as MN.");
    }
    if zip.as_ref().is_some_and(|it| !is_zip(it)) {
        form.flaws.add("zip", "Give five digits, or nine as 55401-1234.");
    }
    let line = address.clone().unwrap_or_default();
    let parts = Address::of_parts(&line, unit.as_deref(), city.as_deref(), state.as_deref(), zip.as_deref());
    Entry {
        kind,
        name,
        other_names: door.into_iter().chain(others).collect(),
        registered_number,
        address,
        city: city.or_else(|| parts.city.clone()),
        parts,
        phone: read_phone(form),
        note: form.free_text("note"),
    }
}

fn read_term_of(form: &mut Filled<'_>) -> Option<Term> {
    let role = form.chosen("role", "Choose the role.");
    let share = read_share(form);
    let [from_on, to_on] = ["from_on", "to_on"].map(|it| form.day(it).map(Moment::Day));
    if from_on.zip(to_on).is_some_and(|(from, to)| to < from) {
        form.flaws.add("to_on", "It cannot end before it began. Mend one of the two days.");
    }
    let ended_why = form.free_line("ended_why");
    if ended_why.is_some() && to_on.is_none() {
        form.flaws.add("to_on", "Give the last day, or leave out why it ended.");
    }
    let whole_building = form.ticked("whole_building");
    Some(Term { role: role?, whole_building, share, from_on, to_on, ended_why })
}

/// A share as `50`, `33.3` or `33.3 %`, in thousandths.
fn read_share(form: &mut Filled<'_>) -> Option<i64> {
    let written = form.text("share", LINE)?;
    let share = thousandths(&written);
    if share.is_none() {
        form.flaws.add("share", "Give a percentage of more than 0 and at most 100, such as 33.3.");
    }
    share
}

/// A percentage as thousandths of the whole; none outside of more than 0 to 100.
pub fn thousandths(written: &str) -> Option<i64> {
    let percent: f64 = written.trim().trim_end_matches('%').trim().parse().ok()?;
    let is_share = percent > 0.0 && percent <= 100.0;
    is_share.then(|| (percent * 10.0).round().max(1.0) as i64)
}

impl Entry {
    /// The party as the form says it. What the form does not ask stays.
    pub fn apply(self, mut party: Party) -> Party {
        party.building_id = self.building();
        party.unit = self.parts.unit_key();
        party.name_key = names::key(&self.name, self.kind);
        (party.kind, party.name, party.other_names) = (self.kind, self.name, self.other_names);
        (party.registered_number, party.address) = (self.registered_number, self.address);
        (party.city, party.state, party.zip) = (self.city, self.parts.state, self.parts.zip);
        (party.phone, party.note) = (self.phone, self.note.into());
        party
    }

    /// The building, when the address could be understood.
    fn building(&self) -> Option<BuildingId> {
        BuildingId::of(&Address { city: self.city.clone(), ..self.parts.clone() })
    }
}

impl Term {
    /// The holding as the form says it.
    pub fn apply(self, mut holding: Holding) -> Holding {
        (holding.role, holding.share) = (self.role, self.share);
        (holding.from_on, holding.to_on) = (self.from_on, self.to_on);
        holding.ended_why = self.ended_why;
        holding
    }

    /// The first version of the holding at a site, or at its building.
    pub fn begin(self, id: HoldingId, party: PartyId, site: &Site, now: Moment) -> Holding {
        let building = site.building_id.filter(|_| self.whole_building);
        let blank = Holding {
            id,
            version: 1,
            recorded_at: now,
            source: DESK.to_owned(),
            source_key: id.to_string(),
            batch_id: None,
            party_id: party,
            site_id: building.is_none().then_some(site.id),
            building_id: building,
            role: self.role,
            share: None,
            from_on: None,
            to_on: None,
            ended_why: None,
        };
        self.apply(blank)
    }
}

/// A party of which nothing is said yet.
pub fn blank(id: PartyId, number: i64, now: Moment) -> Party {
    Party {
        id,
        version: 1,
        recorded_at: now,
        source: DESK.to_owned(),
        source_key: id.to_string(),
        batch_id: None,
        number,
        kind: Kind::Organization,
        name: String::new(),
        other_names: Vec::new(),
        name_key: String::new(),
        registered_number: None,
        address: None,
        unit: None,
        city: None,
        state: None,
        zip: None,
        building_id: None,
        phone: None,
        note: Held::Empty,
        joined_into: None,
    }
}

/// The next version of a party, as a person makes it now.
pub fn next_version(known: &Party, now: Moment) -> Party {
    let recorded_at = now.max(known.recorded_at);
    Party { version: known.version + 1, recorded_at, batch_id: None, ..known.clone() }
}

/// The next version of a holding, as a person makes it now.
pub fn next_holding(known: &Holding, now: Moment) -> Holding {
    let recorded_at = now.max(known.recorded_at);
    Holding { version: known.version + 1, recorded_at, batch_id: None, ..known.clone() }
}

/// What the form shows of a party as it stands.
pub fn values(party: &Party) -> Params {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    [
        ("name", party.name.clone()),
        ("party_kind", party.kind.to_string()),
        ("other_names", party.other_names.join("\n")),
        ("registered_number", text(&party.registered_number)),
        ("address", text(&party.address)),
        ("unit", text(&party.unit)),
        ("city", text(&party.city)),
        ("state", text(&party.state)),
        ("zip", text(&party.zip)),
        ("phone", party.phone.as_deref().map(Phone::shown).unwrap_or_default()),
        ("note", party.note.to_string()),
        ("version", party.version.to_string()),
    ]
    .into_iter()
    .filter(|it| !it.1.is_empty())
    .collect()
}

/// What the form shows of a holding as it stands.
pub fn values_of_holding(it: &Holding) -> Params {
    let day = |it: Option<Moment>| it.map(|it| it.day().to_string()).unwrap_or_default();
    let share = it.share.map(|it| format!("{}", it as f64 / 10.0)).unwrap_or_default();
    [
        ("role", it.role.to_string()),
        ("share", share),
        ("from_on", day(it.from_on)),
        ("to_on", day(it.to_on)),
        ("ended_why", it.ended_why.clone().unwrap_or_default()),
        ("version", it.version.to_string()),
    ]
    .into_iter()
    .filter(|it| !it.1.is_empty())
    .collect()
}

/// A party as the log keeps it: its fields, and of the note only a digest.
pub fn logged(party: &Party) -> serde_json::Value {
    let mut fields = object(&values(party));
    if let Some(note) = fields.get_mut("note") {
        *note = digest(note.as_str().unwrap_or_default()).into();
    }
    fields.insert("joined_into".to_owned(), serde_json::json!(party.joined_into));
    fields.into()
}

/// A holding as the log keeps it.
pub fn logged_holding(it: &Holding) -> serde_json::Value {
    let mut fields = object(&values_of_holding(it));
    fields.insert("party".to_owned(), serde_json::json!(it.party_id));
    fields.insert("site".to_owned(), serde_json::json!(it.site_id));
    fields.insert("building".to_owned(), serde_json::json!(it.building_id));
    fields.into()
}

fn object(values: &Params) -> serde_json::Map<String, serde_json::Value> {
    let shown = values.pairs().iter().filter(|it| it.0 != "version");
    shown.map(|(name, value)| (name.clone(), value.as_str().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    fn party(pairs: &[(&str, &str)]) -> Party {
        let now = Moment::Day("2026-11-23".parse().unwrap());
        read(&params(pairs)).unwrap().apply(blank(PartyId::of_source("test", "1"), 7, now))
    }

    #[test]
    fn saving_what_the_form_shows_changes_nothing() {
        let before = party(&[
            ("name", "Larkspur Holdings LLC dba Yarrow Inn"),
            ("party_kind", "organization"),
            ("address", "100 Elm St"),
            ("unit", "Ste 3"),
            ("city", "Duluth"),
            ("state", "MN"),
            ("zip", "55802"),
            ("phone", "612.555.0142"),
            ("registered_number", "1234567-8"),
        ]);

        let after = read(&values(&before)).unwrap().apply(before.clone());

        assert_eq!(before, after);
        assert_eq!(
            (before.name.as_str(), before.other_names[0].as_str()),
            ("Larkspur Holdings LLC", "Yarrow Inn")
        );
        assert!(before.building_id.is_some());
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let wrong = params(&[
            ("party_kind", "robot"),
            ("state", "Minnesota"),
            ("zip", "55"),
            ("phone", "12"),
            ("role", "pimp"),
            ("share", "130"),
            ("from_on", "2026-02-02"),
            ("to_on", "2025-02-02"),
        ]);

        let flaws = read_both(&wrong).unwrap_err();

        let fields: Vec<&str> = flaws.pairs().into_iter().map(|it| it.0).collect();
        assert_eq!(fields, ["name", "party_kind", "state", "zip", "phone", "role", "share", "to_on"]);
    }

    #[test]
    fn a_share_is_a_percentage_of_the_whole() {
        assert_eq!(
            ["50", "33.3 %", "100%", "0.01"].map(thousandths),
            [Some(500), Some(333), Some(1_000), Some(1)]
        );
        assert_eq!(["0", "-5", "100.1", "half", "NaN", "inf"].map(thousandths), [None; 6]);
    }
}
