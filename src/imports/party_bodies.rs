//! How a party and its role are filled from the fields of a profile, and what a party is made of such a row.

use super::bodies::{Body, PartyDraft, is_yes};
use super::bound::Mapper;
use super::field::Mapped;
use super::mapping::NOT_KEPT;
use crate::clock::Moment;
use crate::formats::row::{Row, RowError};
use crate::parties::form::thousandths;
use crate::parties::same::{Written, number_key};
use crate::parties::{Kind, Party, Role, names};
use crate::records::BuildingId;
use crate::text::address::Address;

type Unmapped = Vec<(&'static str, String)>;

/// The own part of a row that says who stands behind a site, and the day that it is about.
pub fn party(of: &Mapper, row: &Row, unmapped: &mut Unmapped) -> Result<(Body, Option<Moment>), RowError> {
    let written = of.text("name", row).ok_or_else(|| of.fault(row, "name", "The party has no name."))?;
    let address = address(of, row)?;
    let (name, door) = names::parted(&written);
    let kind = kind(of, row, &name)?;
    let (from_on, to_on) = (of.moment("from_on", row)?, of.moment("to_on", row)?);
    if from_on.zip(to_on).is_some_and(|(from, to)| to.day() < from.day()) {
        return Err(of.fault(row, "to_on", "The role ends before it begins."));
    }
    let other_names = of.field("other_names").map(|it| it.list(row)).unwrap_or_default();
    let draft = PartyDraft {
        key: of.text("party_key", row),
        kind,
        name,
        other_names: door.into_iter().chain(other_names).collect(),
        registered_number: of.text("registered_number", row),
        phone: of.phone(of.field("phone"), row, unmapped),
        written_address: of.text("party_address", row),
        unit: address.unit_key(),
        address,
        role: role(of, row)?,
        whole_building: of.text("whole_building", row).is_some_and(|it| is_yes(&it)),
        share: share(of, row)?,
        from_on,
        to_on,
        license_number: of.text("license_number", row),
        site_name: of.text("site_name", row),
    };
    Ok((Body::Party(draft), from_on))
}

/// The party's own address; a protected place is kept for nobody.
fn address(of: &Mapper, row: &Row) -> Result<Address, RowError> {
    let line = of.text("party_address", row).unwrap_or_default();
    let [unit, city, state, zip] =
        ["party_unit", "party_city", "party_state", "party_zip"].map(|name| of.text(name, row));
    let address =
        Address::of_parts(&line, unit.as_deref(), city.as_deref(), state.as_deref(), zip.as_deref());
    if of.given.denied.holds(BuildingId::of(&address), None) {
        return Err(row.error(None, "", NOT_KEPT));
    }
    Ok(address)
}

fn kind(of: &Mapper, row: &Row, name: &str) -> Result<Kind, RowError> {
    match of.field("party_kind").map_or(Mapped::Empty, |it| it.mapped(row)) {
        Mapped::Empty => Ok(names::guess(name)),
        Mapped::Word(word) => word
            .parse()
            .map_err(|_| of.fault(row, "party_kind", "A party is a `person` or an `organization`.")),
        Mapped::Unmapped(_) => {
            Err(of.fault(row, "party_kind", "The map of `party_kind` does not know this word."))
        }
    }
}

/// The role. An unknown one is no reason to guess: the row is rejected.
fn role(of: &Mapper, row: &Row) -> Result<Role, RowError> {
    let words: Vec<&str> = Role::ALL.iter().map(|it| it.as_str()).collect();
    let reason =
        || format!("This is no role that FOCA knows: {}. Map it, or leave such rows out.", words.join(", "));
    match of.field("role").map_or(Mapped::Empty, |it| it.mapped(row)) {
        Mapped::Empty => Err(of.fault(row, "role", "The row does not say in which role.")),
        Mapped::Word(word) => word.parse().map_err(|_| of.fault(row, "role", &reason())),
        Mapped::Unmapped(_) => Err(of.fault(row, "role", &reason())),
    }
}

fn share(of: &Mapper, row: &Row) -> Result<Option<i64>, RowError> {
    let Some(written) = of.text("share", row) else { return Ok(None) };
    let read = thousandths(&written);
    read.map(Some)
        .ok_or_else(|| of.fault(row, "share", "A share is a percentage of more than 0 and at most 100."))
}

impl PartyDraft {
    /// What is compared of it.
    pub fn written(&self) -> Written<'_> {
        Written {
            name: &self.name,
            other_names: &self.other_names,
            registered_number: self.registered_number.as_deref(),
            phone: self.phone.as_deref(),
            building: BuildingId::of(&self.address),
            unit: self.unit.as_deref(),
            city: self.address.city.as_deref(),
        }
    }

    /// What makes it the same party at each delivery: the register's key, else the state's number, else name and place.
    pub fn identity(&self) -> String {
        let number = self.registered_number.as_deref().and_then(number_key);
        if let Some(key) = self.key.clone().or_else(|| number.map(|it| format!("number {it}"))) {
            return key;
        }
        let place = [self.address.key(), self.unit.clone(), self.address.city.clone(), self.phone.clone()];
        let place: Vec<String> = place.into_iter().flatten().collect();
        format!("{} {}", names::key(&self.name, self.kind), place.join(" "))
    }

    /// A party of which all is as the row says.
    pub fn fill(&self, mut party: Party) -> Party {
        party.kind = self.kind;
        party.name.clone_from(&self.name);
        party.name_key = names::key(&self.name, self.kind);
        party.other_names.clone_from(&self.other_names);
        self.complete(party)
    }

    /// The same with what was missing, as far as the row says it.
    pub fn complete(&self, mut party: Party) -> Party {
        party.registered_number = party.registered_number.or_else(|| self.registered_number.clone());
        party.phone = party.phone.or_else(|| self.phone.clone());
        if party.address.is_none() && party.city.is_none() {
            party.address.clone_from(&self.written_address);
            party.unit.clone_from(&self.unit);
            (party.city, party.state) = (self.address.city.clone(), self.address.state.clone());
            party.zip.clone_from(&self.address.zip);
            party.building_id = BuildingId::of(&self.address);
        }
        party
    }
}
