//! Whether two parties are one: the one decision, pure, for imports and for whoever adds a party by hand.

use super::{Kind, Party, names};
use crate::records::BuildingId;
use crate::text::address::city_key;
use crate::text::name::{Agreement, Name};
use crate::text::phone::Phone;

/// What is compared of a party. A missing fact neither joins nor parts.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What it is.
    pub kind: Kind,
    names: Vec<Name>,
    legal_form: Option<&'static str>,
    registered_number: Option<String>,
    phone: Option<String>,
    premises: Option<(BuildingId, Option<String>)>,
    city: Option<String>,
}

/// What can be said of two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// They are two.
    Different,
    /// A person has to say.
    Perhaps,
    /// They are one.
    Same,
}

/// Facts as they are written.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of Party")]
pub struct Written<'a> {
    pub name: &'a str,
    pub other_names: &'a [String],
    pub registered_number: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub building: Option<BuildingId>,
    pub unit: Option<&'a str>,
    pub city: Option<&'a str>,
}

impl Facts {
    /// Makes facts ready for comparing.
    pub fn new(kind: Kind, of: Written<'_>) -> Self {
        let all = std::iter::once(of.name).chain(of.other_names.iter().map(String::as_str));
        let names = all.map(|it| Name::new(&names::in_order(it, kind))).filter(|it| !it.is_empty()).collect();
        Self {
            kind,
            names,
            legal_form: names::legal_form(of.name),
            registered_number: of.registered_number.and_then(number_key),
            phone: of.phone.and_then(Phone::parse).map(|it| it.key().to_owned()),
            premises: of.building.map(|it| (it, of.unit.map(str::to_owned))),
            city: of.city.map(city_key).filter(|it| !it.is_empty()),
        }
    }

    /// Those of a party.
    pub fn of(party: &Party) -> Self {
        let written = Written {
            name: &party.name,
            other_names: &party.other_names,
            registered_number: party.registered_number.as_deref(),
            phone: party.phone.as_deref(),
            building: party.building_id,
            unit: party.unit.as_deref(),
            city: party.city.as_deref(),
        };
        Self::new(party.kind, written)
    }

    /// The keys of its names, under which parties that may be the same are looked up.
    pub fn name_keys(&self) -> Vec<String> {
        self.names.iter().map(|it| it.key().to_owned()).collect()
    }

    /// What one of two parties that are the same has in common with the other: they share a mark.
    pub fn marks(&self) -> Vec<String> {
        let mut marks: Vec<String> = self.registered_number.iter().map(|it| format!("number {it}")).collect();
        for name in &self.names {
            let key = name.key();
            marks.extend(self.phone.iter().map(|it| format!("{key} phone {it}")));
            marks.extend(self.premises.iter().map(|it| format!("{key} at {it:?}")));
            marks.extend(self.city.iter().map(|it| format!("{key} in {it}")));
        }
        marks
    }

    fn agreement(&self, other: &Self) -> Agreement {
        let pairs = self.names.iter().flat_map(|one| other.names.iter().map(|it| one.compare(it)));
        pairs.max().unwrap_or(Agreement::Unclear)
    }
}

/// A state's number in one spelling; none for what is no number, such as "N/A".
pub fn number_key(written: &str) -> Option<String> {
    let key: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    let key = key.to_ascii_uppercase();
    let n_digits = key.bytes().filter(u8::is_ascii_digit).count();
    let telling = key.bytes().any(|it| it.is_ascii_digit() && it != b'0');
    (n_digits >= 4 && telling).then_some(key)
}

/// Decides. It is the same either way round.
///
/// A state's number decides alone. Else equal names are one party where telephone, premises or, of an organization whose
/// name is more than words of its trade, the city are equal too: a person is never known by the name alone. Neither an
/// address nor an agent that two share makes them one, for neither is looked at without a name.
pub fn same(a: &Facts, b: &Facts) -> Sameness {
    match (&a.registered_number, &b.registered_number) {
        (Some(one), Some(other)) if one == other => return Sameness::Same,
        (Some(_), Some(_)) => return Sameness::Different,
        _ => {}
    }
    if a.kind != b.kind {
        return Sameness::Different;
    }
    match a.agreement(b) {
        Agreement::Same if is_borne_out(a, b) => Sameness::Same,
        Agreement::Same | Agreement::Alike => Sameness::Perhaps,
        Agreement::Unclear | Agreement::Different => Sameness::Different,
    }
}

/// Whether something beside an equal name says that they are one.
fn is_borne_out(a: &Facts, b: &Facts) -> bool {
    let equal = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let premises = a.premises.is_some() && a.premises == b.premises;
    let telling = a.names.iter().any(Name::is_telling);
    let one_form = a.legal_form.is_none() || b.legal_form.is_none() || a.legal_form == b.legal_form;
    let city = a.kind == Kind::Organization && telling && one_form && equal(&a.city, &b.city);
    equal(&a.phone, &b.phone) || premises || city
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, change: impl FnOnce(&mut Written<'_>)) -> Facts {
        facts(Kind::Person, name, change)
    }

    fn company(name: &str, change: impl FnOnce(&mut Written<'_>)) -> Facts {
        facts(Kind::Organization, name, change)
    }

    fn facts(kind: Kind, name: &str, change: impl FnOnce(&mut Written<'_>)) -> Facts {
        let mut written = Written { name, ..Written::default() };
        change(&mut written);
        Facts::new(kind, written)
    }

    fn both(a: &Facts, b: &Facts) -> Sameness {
        assert_eq!(same(a, b), same(b, a));
        same(a, b)
    }

    #[test]
    fn two_people_of_one_common_name_stay_two() {
        let duluth = person("John Nguyen", |it| it.city = Some("Duluth"));
        let edina = person("NGUYEN, JOHN", |it| it.city = Some("Edina"));
        let also_duluth = person("John Nguyen", |it| it.city = Some("Duluth"));

        assert_eq!(both(&duluth, &edina), Sameness::Perhaps);
        assert_eq!(both(&duluth, &also_duluth), Sameness::Perhaps, "not by name and city either");
    }

    #[test]
    fn a_person_is_one_where_telephone_or_premises_bear_the_name_out() {
        let building = BuildingId::of_source("test", "1");
        let calls = |text| person("John Nguyen", |it| it.phone = Some(text));
        let lives = |unit| person("John Nguyen", |it| (it.building, it.unit) = (Some(building), Some(unit)));

        assert_eq!(both(&calls("612-555-0142"), &calls("(612) 555-0142 x2")), Sameness::Same);
        assert_eq!(both(&calls("612-555-0142"), &calls("612-555-0143")), Sameness::Perhaps);
        assert_eq!(both(&lives("2"), &lives("2")), Sameness::Same);
        assert_eq!(both(&lives("2"), &lives("3")), Sameness::Perhaps, "another flat of the building");
    }

    #[test]
    fn the_number_of_the_state_decides_whatever_the_names() {
        let old = company("Larkspur Holdings LLC", |it| it.registered_number = Some("1234567-8"));
        let renamed = company("Yarrow Holdings LLC", |it| it.registered_number = Some("12345678"));
        let namesake = company("Larkspur Holdings LLC", |it| it.registered_number = Some("9999999-1"));

        assert_eq!(both(&old, &renamed), Sameness::Same);
        assert_eq!(both(&old, &namesake), Sameness::Different);
        assert_eq!(number_key("N/A"), None);
        assert_eq!(number_key("0000"), None);
    }

    #[test]
    fn a_company_is_one_within_a_city_and_perhaps_one_in_two() {
        let at = |name: &'static str, city| company(name, |it| it.city = Some(city));

        assert_eq!(both(&at("Larkspur LLC", "Duluth"), &at("LARKSPUR, L.L.C.", "DULUTH")), Sameness::Same);
        assert_eq!(both(&at("Larkspur LLC", "Duluth"), &at("Larkspur LLC", "Edina")), Sameness::Perhaps);
        assert_eq!(both(&at("Larkspur LLC", "Duluth"), &at("Larkspur Inc", "Duluth")), Sameness::Perhaps);
        assert_eq!(
            both(&at("Massage Spa LLC", "Duluth"), &at("Massage Spa LLC", "Duluth")),
            Sameness::Perhaps
        );
    }

    #[test]
    fn an_address_or_a_telephone_without_the_name_joins_nobody() {
        let building = BuildingId::of_source("test", "1");
        let agent = |name: &'static str| {
            company(name, |it| {
                (it.building, it.phone, it.city) = (Some(building), Some("612-555-0142"), Some("Duluth"));
            })
        };

        assert_eq!(both(&agent("Larkspur LLC"), &agent("Yarrow LLC")), Sameness::Different);
    }

    #[test]
    fn a_person_and_a_company_of_one_name_are_two() {
        let calls = |kind| facts(kind, "John Nguyen", |it| it.phone = Some("612-555-0142"));

        assert_eq!(both(&calls(Kind::Person), &calls(Kind::Organization)), Sameness::Different);
    }

    #[test]
    fn a_typing_error_is_for_a_person_to_judge() {
        let calls = |name: &'static str| company(name, |it| it.phone = Some("612-555-0142"));

        assert_eq!(
            both(&calls("Larkspur Holdings LLC"), &calls("Larkspurr Holdings LLC")),
            Sameness::Perhaps
        );
    }
}
