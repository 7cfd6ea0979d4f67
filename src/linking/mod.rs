//! Which site a record belongs to, and how sure that is: a [`Subject`] goes in, a [`Decision`] comes out, without any IO.
//!
//! Identifiers come first, then hard rules about premises, then weights. Each decision names the rule that made it:
//! 1. **Source key**: the register that opened the site delivers the record under the same key.
//! 2. **License number** within the city, unless both name and address contradict it: numbers are unique per issuer only.
//! 3. **Address within the city**, if exactly one site stands there. Closed sites stand there too; where several stood one
//!    after the other, the one open on the day of the record is meant.
//! 4. With several sites, **unit** or **name** must pick one; otherwise the record belongs to the **building** and counts
//!    for no tenant: a wrong link blames an innocent business.
//! 5. A record whose business name plainly disagrees goes to the building even if one site stands alone there: the same
//!    address is not the same business (a quarter of real licenses share theirs).
//! 6. Block-level addresses, intersections and boxes never link, and neither does distance: default geocoding puts a tenth
//!    of points into the right parcel (Ratcliffe, Sydney).
//! 7. A record that has a name and no site by these rules is weighed against the sites that share a **block** with it (an
//!    address, a rare word of the name, a telephone number, a neighboring cell): [`entity`] makes both ready, `compare`
//!    says how far each field agrees, [`model`] what that weighs, [`assign`] how probable each is beside the others. From
//!    [`LINKED`] on it is linked, if house or telephone agree and no hard rule bars it; from [`REVIEW`] on it waits for a
//!    person.
//!
//! The same engine serves [`crate::matching`], where the model is learned from the two files themselves.

pub mod assign;
mod blocks;
mod compare;
pub mod entity;
#[cfg(test)]
mod evaluation;
pub mod evidence;
mod index;
pub mod model;
pub mod names;
#[cfg(test)]
mod origins;
mod premises;
pub mod register;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use self::evidence::Evidence;
use self::model::Model;
use crate::geo::Point;
use crate::records::{SiteId, decisions};
use crate::sites::Site;
use crate::text::address::{Address, Form, city_key};
use crate::text::name::Name;

pub use index::Index;

/// Names the rules and the model (data/linking.toml) that made a decision; stored with each link. Another model has another.
pub const VERSION: &str = "fields-1";
/// From this probability on a record is linked without a person.
pub const LINKED: f64 = 0.95;
/// From this probability on a record waits for a person.
pub const REVIEW: f64 = 0.25;
/// As many candidates as a person is shown.
const SHOWN: usize = 9;

/// The model of data/linking.toml for a catalog of `n_sites`.
fn shipped_model(n_sites: usize) -> Model {
    Model::parse(include_str!("../../data/linking.toml"), n_sites).expect("a test reads it")
}

/// What linking knows of a site.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The site.
    pub id: Uuid,
    /// The building row the site belongs to, when there is one; else [`building_id`] of its address stands for it.
    pub building: Option<Uuid>,
    /// Keys under which registers deliver this site: source and the source's own key.
    pub source_keys: Vec<(String, String)>,
    /// Numbers of its licenses, as written.
    pub licenses: Vec<String>,
    /// All names it goes by, as written.
    pub names: Vec<String>,
    /// [`Address::key`] of its address.
    pub address_key: Option<String>,
    /// [`Address::unit_key`] of its address.
    pub unit_key: Option<String>,
    /// `text::address::city_key` of its city; empty when unknown.
    pub city_key: String,
    /// First day it was open, if known.
    pub opened_on: Option<NaiveDate>,
    /// Last day it was open, if it closed.
    pub closed_on: Option<NaiveDate>,
    /// Its address, parsed.
    pub address: Address,
    /// City, as written.
    pub city: String,
    /// ZIP code.
    pub zip: String,
    /// Telephone number.
    pub phone: String,
    /// Where it stands.
    pub point: Option<Point>,
}

impl Entry {
    /// What linking knows of a site of the catalog that holds these licenses.
    pub fn of(site: &Site, licenses: Vec<String>) -> Self {
        let address = Address::parse(&site.address);
        Self {
            id: site.id.0,
            building: site.building_id.map(|it| it.0),
            source_keys: vec![(site.source.clone(), site.source_key.clone())],
            licenses,
            names: std::iter::once(&site.name).chain(&site.other_names).cloned().collect(),
            address_key: address.key(),
            unit_key: site.unit.clone(),
            city_key: site.city.as_deref().map(city_key).unwrap_or_default(),
            opened_on: site.opened_on.map(|it| it.day()),
            closed_on: site.closed_on.map(|it| it.day()),
            address,
            city: site.city.clone().unwrap_or_default(),
            zip: site.zip.clone().unwrap_or_default(),
            phone: site.phone.clone().unwrap_or_default(),
            point: site.point().and_then(|(lon, lat)| Point::parse(lon, lat).ok()),
        }
    }

    /// What linking knows of the sites of the catalog. Those that are merged lend their keys, licenses and names to the one
    /// that they are merged into, which is meant wherever they are.
    pub fn all(sites: &[Site], merged: &[Site], mut licenses: HashMap<SiteId, Vec<String>>) -> Vec<Self> {
        let mut of = |it: &Site| Self::of(it, licenses.remove(&it.id).unwrap_or_default());
        let mut entries: Vec<Self> = sites.iter().map(&mut of).collect();
        let places: HashMap<Uuid, usize> = entries.iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        let into: HashMap<SiteId, SiteId> =
            merged.iter().filter_map(|it| Some((it.id, it.moved_to?))).collect();
        for site in merged {
            // A merged site may be merged into one that was merged later: at the end of the way stands one that is not.
            let mut last = site.id;
            for _ in 0..=merged.len() {
                last = into.get(&last).copied().unwrap_or(last);
            }
            if let Some(at) = places.get(&last.0) {
                let lent = of(site);
                let entry = &mut entries[*at];
                entry.source_keys.extend(lent.source_keys);
                entry.licenses.extend(lent.licenses);
                entry.names.extend(lent.names);
            }
        }
        entries
    }

    /// Calls `use_it` with the site as the model takes it.
    fn as_row<T>(&self, use_it: impl FnOnce(&entity::Row<'_>) -> T) -> T {
        let (name, others) =
            self.names.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        use_it(&entity::Row {
            name,
            other_names: &others,
            address: "",
            city: &self.city,
            zip: &self.zip,
            phone: &self.phone,
            point: self.point,
        })
    }
}

/// A record that wants a site. All fields but the address may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// Source and key of the premises in that source, where the record carries one.
    pub source_key: Option<(&'a str, &'a str)>,
    /// License number, as written.
    pub license: Option<&'a str>,
    /// Names of the business, as written; any of them may agree.
    pub names: &'a [&'a str],
    /// Address, parsed.
    pub address: Option<&'a Address>,
    /// `text::address::city_key` of the city, which the caller may take from the profile; empty when unknown.
    pub city_key: &'a str,
    /// Day the record is about.
    pub occurred_on: Option<NaiveDate>,
    /// Telephone number of the business, as written.
    pub phone: Option<&'a str>,
    /// Where the record's own source puts it.
    pub point: Option<Point>,
    /// Sites that a person said it does not belong to.
    pub excluded: &'a [Uuid],
}

/// The rule that linked a record; stored as text.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Method {
    /// Same source and key.
    SourceKey,
    /// Same license number in the same city.
    LicenseNumber,
    /// The only site at the address.
    Address,
    /// One of several sites, told by unit.
    AddressUnit,
    /// A site at the address whose name agrees.
    AddressName,
    /// Several fields together are probable enough.
    Fields,
    /// The building only: counts for no tenant.
    Building,
    /// A person decided.
    Manual,
    /// Nothing was linked.
    Unlinked,
}

impl Method {
    /// The text under which it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SourceKey => "source_key",
            Self::LicenseNumber => "license_number",
            Self::Address => "address",
            Self::AddressUnit => "address_unit",
            Self::AddressName => "address_name",
            Self::Fields => "fields",
            Self::Building => "building",
            Self::Manual => "manual",
            Self::Unlinked => "unlinked",
        }
    }

    /// The method stored as `text`; `None` for an unknown one.
    pub fn from_text(text: &str) -> Option<Self> {
        [
            Self::SourceKey,
            Self::LicenseNumber,
            Self::Address,
            Self::AddressUnit,
            Self::AddressName,
            Self::Fields,
            Self::Building,
            Self::Manual,
            Self::Unlinked,
        ]
        .into_iter()
        .find(|method| method.as_str() == text)
    }
}

/// A site that a record may belong to, for a person to decide.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The site.
    pub site: Uuid,
    /// Thousandths.
    pub probability: u16,
    /// What was compared, and what it weighs.
    pub evidence: Evidence,
}

impl From<&Candidate> for decisions::Candidate {
    fn from(it: &Candidate) -> Self {
        Self { site: SiteId(it.site), probability: it.probability.into(), evidence: it.evidence.to_string() }
    }
}

/// Where a record belongs, by which rule, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Decision {
    /// The site, if one was found.
    pub site: Option<Uuid>,
    /// The building, when that is all that was found.
    pub building: Option<Uuid>,
    /// The rule.
    pub method: Method,
    /// Thousandths, 0 to 1000: of [`Method::Fields`] the probability; of the rules set by judgment, in the order in which
    /// a person would trust them. 1000 is an identifier, 0 is no link.
    pub certainty: u16,
    /// One sentence for a person.
    pub reason: &'static str,
    /// What was compared with the site, where there is one and the record has a name.
    pub evidence: Evidence,
    /// What a person is asked about, the most probable first; empty where nothing is in doubt.
    pub candidates: Vec<Candidate>,
}

impl Decision {
    fn new(method: Method, certainty: u16, reason: &'static str) -> Self {
        let (evidence, candidates) = (Evidence::default(), Vec::new());
        Self { site: None, building: None, method, certainty, reason, evidence, candidates }
    }

    /// What is left of a decision for a site that a person ruled out.
    pub fn ruled_out(method: Method) -> Self {
        Self::new(method, if method == Method::Building { 900 } else { 0 }, "A person ruled the site out.")
    }

    fn unlinked(reason: &'static str) -> Self {
        Self::new(Method::Unlinked, 0, reason)
    }

    fn site(site: Uuid, method: Method, certainty: u16, reason: &'static str) -> Self {
        Self { site: Some(site), ..Self::new(method, certainty, reason) }
    }

    fn building(building: Uuid, reason: &'static str) -> Self {
        Self { building: Some(building), ..Self::new(Method::Building, 900, reason) }
    }
}

/// The id that stands for the building at an address of a city until somebody makes it a row of its own: the same
/// everywhere and always (UUID version 5).
pub fn building_id(city_key: &str, address_key: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("foca building {city_key} {address_key}").as_bytes())
}

/// Decides by the rules above. The same subject and index always give the same decision.
pub fn decide(subject: &Subject<'_>, index: &Index) -> Decision {
    let names: Vec<Name> =
        subject.names.iter().map(|name| Name::new(name)).filter(|name| !name.is_empty()).collect();
    let by_rule = by_rule(subject, &names, index);
    let Some(site) = by_rule.site else {
        return if names.is_empty() { by_rule } else { by_weight(subject, by_rule, index) };
    };
    if by_rule.method == Method::SourceKey || names.is_empty() {
        return by_rule;
    }
    Decision { evidence: index.evidence(subject, site), ..by_rule }
}

fn by_rule(subject: &Subject<'_>, names: &[Name], index: &Index) -> Decision {
    let allowed = |site: &Uuid| !subject.excluded.contains(site);
    let by_key = subject.source_key.and_then(|(source, key)| index.by_source_key(source, key));
    if let Some(site) = by_key.filter(|it| allowed(&it.id)) {
        return Decision::site(
            site.id,
            Method::SourceKey,
            1000,
            "The source delivers this record under the site's own key.",
        );
    }
    let key = subject.address.and_then(Address::key);
    let by_license = by_license(subject, names, key.as_deref(), index);
    if let Some(decision) = by_license.filter(|it| it.site.as_ref().is_some_and(allowed)) {
        return decision;
    }
    let Some(key) = key else { return Decision::unlinked(why_no_key(subject.address)) };
    if subject.city_key.is_empty() {
        return Decision::unlinked("The record names no city, and addresses repeat from city to city.");
    }
    match index.premises(subject.city_key, &key) {
        Some(premises) => premises::decide(premises, subject, names, index),
        None => Decision::unlinked("No known site stands at this address."),
    }
}

/// Rule 7: links what is probable enough, and says what a person should look at.
fn by_weight(subject: &Subject<'_>, by_rule: Decision, index: &Index) -> Decision {
    let weighed = index.weigh(subject);
    if let Some(best) = weighed.first().filter(|it| it.probability >= LINKED && it.may_link()) {
        let reason = "House or telephone, name and further fields agree.";
        let decision = Decision::site(best.site.id, Method::Fields, thousandths(best.probability), reason);
        return Decision { evidence: best.evidence.clone(), ..decision };
    }
    let candidates = weighed
        .iter()
        .filter(|it| it.probability >= REVIEW)
        .take(SHOWN)
        .map(|it| Candidate {
            site: it.site.id,
            probability: thousandths(it.probability),
            evidence: it.evidence.clone(),
        })
        .collect();
    Decision { candidates, ..by_rule }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability")]
fn thousandths(probability: f64) -> u16 {
    libm::round(probability * 1000.0) as u16
}

fn by_license(subject: &Subject<'_>, names: &[Name], key: Option<&str>, index: &Index) -> Option<Decision> {
    let holders = index.by_license(subject.license?, subject.city_key);
    let [site] = holders.as_slice() else { return None };
    let elsewhere = key.is_some() && site.address_key.is_some() && key != site.address_key.as_deref();
    if elsewhere && site.disagrees(names) {
        return None;
    }
    let certainty = if elsewhere { 900 } else { 980 };
    Some(Decision::site(
        site.id,
        Method::LicenseNumber,
        certainty,
        "The record carries the number of this site's license.",
    ))
}

fn why_no_key(address: Option<&Address>) -> &'static str {
    match address.map(|address| address.form) {
        Some(Form::Block) => "The address is blurred to its block, and a block never links to one site.",
        Some(Form::Intersection) => "The address is an intersection, and a corner never links to one site.",
        Some(Form::PoBox) => "The address is a post-office box.",
        Some(Form::Street) => "The address has no house number.",
        Some(Form::Unparsed) | None => "The record has no address that could be read.",
    }
}
