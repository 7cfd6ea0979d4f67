//! The part of a record that is its kind's own: how each kind is filled from the fields of a profile.

use super::bound::{Mapper, moment, word};
use super::field::{Field, Mapped};
use super::fields::Yields;
use super::incident_bodies::{self as incidents, Incident};
use super::{is_yes, party_bodies as parties, place_bodies as places};
use crate::clock::Moment;
use crate::complaints::{Category, State};
use crate::formats::row::{Row, RowError};
use crate::inspections::{Outcome, Severity, Violation, ViolationState};
use crate::licenses::Status as LicenseStatus;
use crate::records::RecordId;
use crate::sites::{Kinds, Status as SiteStatus};
use crate::text::address::{Address, city_key};
use crate::text::guard;
use crate::text::{fold, name};

/// What a row says beside who, when and where.
#[derive(Debug)]
pub enum Body {
    /// Nothing: the site says it all.
    Site,
    /// Who stands behind a site.
    Party(Box<parties::PartyDraft>),
    /// A license.
    License(License),
    /// An inspection.
    Inspection(Inspection),
    /// One violation, of the inspection with this id.
    Violation(Violation),
    /// A complaint.
    Complaint(Complaint),
    /// An incident.
    Incident(Box<Incident>),
    /// A jurisdiction and its outline in degrees.
    Area(Area),
    /// A place and its outline in degrees.
    Place(Box<places::PlaceDraft>),
    /// The point of an address.
    AddressPoint,
}

/// The own part of a license.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of licenses::License")]
pub struct License {
    pub number: String,
    pub kind: String,
    pub type_as_written: String,
    pub name: String,
    pub status: LicenseStatus,
    pub status_as_written: Option<String>,
    pub issued_on: Option<Moment>,
    pub starts_on: Option<Moment>,
    pub expires_on: Option<Moment>,
    pub phone: Option<String>,
    pub licensee: Option<String>,
}

/// The own part of an inspection.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of inspections::Inspection")]
pub struct Inspection {
    pub name: String,
    pub reason: Option<String>,
    pub outcome: Outcome,
    pub outcome_as_written: Option<String>,
    pub points: Option<f64>,
    pub due_on: Option<Moment>,
    pub note: Option<String>,
    /// None where the violations do not stand in the row itself.
    pub violations: Option<Vec<Violation>>,
}

/// The own part of a complaint.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of complaints::Complaint")]
pub struct Complaint {
    pub name: String,
    pub category: Category,
    pub category_as_written: Option<String>,
    pub reliability: String,
    pub credibility: String,
    pub anonymous: bool,
    pub state: State,
    pub summary: Option<String>,
}

/// A jurisdiction.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are those of areas::Area")]
pub struct Area {
    pub class: String,
    pub name: String,
    pub county: Option<String>,
    pub code: Option<String>,
    pub population: Option<i64>,
    pub outline: Option<geo::Geometry<f64>>,
}

/// What a row says of the site that it opens or belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteDraft {
    /// The register's key of the premises, or else name and address normalized.
    pub key: String,
    /// Whether the register itself gives the key.
    pub keyed: bool,
    /// A word of `data/kinds.toml`.
    pub kind: String,
    /// The name on the door.
    pub name: String,
    /// Further names.
    pub other_names: Vec<String>,
    /// Whether business goes on, where the row says so.
    pub status: Option<SiteStatus>,
    /// Since when.
    pub status_on: Option<Moment>,
    /// First day.
    pub opened_on: Option<Moment>,
    /// Last day.
    pub closed_on: Option<Moment>,
    /// Its telephone, ten digits.
    pub phone: Option<String>,
}

type Unmapped = Vec<(&'static str, String)>;

/// The own part of the record, and the day that stands in for `occurred_at` when the profile gives none. What is odd, and
/// kept, goes to `unmapped` and `remarks`.
pub fn body(
    of: &Mapper,
    row: &Row,
    (key, item): (&str, Option<&str>),
    unmapped: &mut Unmapped,
    remarks: &mut Vec<RowError>,
) -> Result<(Body, Option<Moment>), RowError> {
    Ok(match of.profile.record {
        Yields::Site => (Body::Site, of.moment("opened_on", row)?.or(of.moment("recorded_at", row)?)),
        Yields::Party => {
            let (party, day) = parties::party(of, row, unmapped)?;
            (Body::Party(Box::new(party)), day)
        }
        Yields::License => license(of, row, item, unmapped)?,
        Yields::Inspection => (Body::Inspection(inspection(of, row, unmapped)?), None),
        Yields::Violation => (Body::Violation(violation_of_row(of, row, key, unmapped)?), None),
        Yields::Complaint => (Body::Complaint(complaint(of, row, unmapped)), None),
        Yields::Incident => (Body::Incident(Box::new(incidents::incident(of, row, unmapped))), None),
        Yields::Area => (Body::Area(area(of, row)?), None),
        Yields::Place => {
            let (place, day) = places::place(of, row, unmapped, remarks)?;
            (Body::Place(Box::new(place)), day)
        }
        Yields::AddressPoint => (Body::AddressPoint, None),
    })
}

fn license(
    of: &Mapper,
    row: &Row,
    item: Option<&str>,
    unmapped: &mut Unmapped,
) -> Result<(Body, Option<Moment>), RowError> {
    let issued_on = of.moment("issued_on", row)?;
    let starts_on = of.moment("starts_on", row)?;
    let expires_on = of.moment("expires_on", row)?;
    let number =
        of.text("number", row).ok_or_else(|| of.fault(row, "number", "The license has no number."))?;
    let license = License {
        number,
        kind: kind(of.field("kind"), row, unmapped),
        type_as_written: item.map(str::to_owned).or_else(|| of.text("type", row)).unwrap_or_default(),
        name: of.text("name", row).unwrap_or_default(),
        status: word(of.field("status"), row, "status", LicenseStatus::Unknown, unmapped),
        status_as_written: of.written("status", row),
        issued_on,
        starts_on,
        expires_on,
        phone: of.phone(of.field("phone"), row, unmapped),
        licensee: of.text("licensee", row),
    };
    Ok((Body::License(license), issued_on.or(starts_on).or(expires_on)))
}

fn inspection(of: &Mapper, row: &Row, unmapped: &mut Unmapped) -> Result<Inspection, RowError> {
    let id = RecordId(uuid::Uuid::nil());
    let nested = of.profile.violations.as_ref().map(|it| {
        let rows = row.list(&it.each);
        (0..).zip(&rows).map(|(n, row)| violation(of, &of.nested, row, id, n, unmapped)).collect()
    });
    let violations = nested.transpose()?;
    Ok(Inspection {
        name: of.text("name", row).unwrap_or_default(),
        reason: of.text("reason", row),
        outcome: word(of.field("outcome"), row, "outcome", Outcome::Unknown, unmapped),
        outcome_as_written: of.written("outcome", row),
        points: of.field("points").map_or(Ok(None), |it| it.number(row))?,
        due_on: of.moment("due_on", row)?,
        note: free_text(of, row, "note", unmapped),
        violations,
    })
}

fn violation_of_row(
    of: &Mapper,
    row: &Row,
    key: &str,
    unmapped: &mut Unmapped,
) -> Result<Violation, RowError> {
    let inspection = of.text("inspection_key", row);
    let inspection = inspection
        .ok_or_else(|| of.fault(row, "inspection_key", "The row does not say which inspection."))?;
    let n = place_of(of.text("code", row).as_deref().unwrap_or_default(), key);
    violation(of, &of.fields, row, of.id(Yields::Inspection, &inspection), n, unmapped)
}

/// Free text of a register, unless the guard finds in it what may not be kept: then the record stays, the text is left out,
/// and the summary of the import says how often and why.
fn free_text(of: &Mapper, row: &Row, name: &'static str, unmapped: &mut Unmapped) -> Option<String> {
    let text = of.text(name, row)?;
    let mut found = guard::find(&text);
    found.truncate(1);
    match found.pop() {
        None => Some(text),
        Some(found) => {
            unmapped.push((name, format!("left out by the guard: {}", found.what.label())));
            None
        }
    }
}

/// The place of a violation that is a row of its own, in the order of codes where these are numbers. Its key makes
/// it the same at each delivery.
fn place_of(code: &str, key: &str) -> i64 {
    let number = code.parse::<u16>().unwrap_or(u16::MAX);
    let of_key = key.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    i64::from(number) << 32 | i64::from(of_key)
}

fn violation(
    of: &Mapper,
    fields: &std::collections::BTreeMap<String, Field>,
    row: &Row,
    inspection_id: RecordId,
    n: i64,
    unmapped: &mut Unmapped,
) -> Result<Violation, RowError> {
    let text = |name: &str| fields.get(name).and_then(|it| it.text(row)).map(std::borrow::Cow::into_owned);
    let day = |name: &str| moment(fields.get(name), row, of.profile.zone);
    let code = text("code");
    Ok(Violation {
        inspection_id,
        n,
        title: text("title")
            .or_else(|| code.as_ref().map(|it| format!("Violation {it}")))
            .unwrap_or_default(),
        code,
        severity: word(fields.get("severity"), row, "severity", Severity::Unknown, unmapped),
        state: word(fields.get("state"), row, "state", ViolationState::Unknown, unmapped),
        closed_on: day("closed_on")?,
        due_on: day("due_on")?,
    })
}

fn complaint(of: &Mapper, row: &Row, unmapped: &mut Unmapped) -> Complaint {
    let anonymous = of.text("anonymous", row).is_some_and(|it| is_yes(&it));
    // The Admiralty code of a complainant who is known, and of one who is not: reference/scoring.md 2a.
    let (reliability, credibility) = if anonymous { ("F", "6") } else { ("B", "2") };
    Complaint {
        name: of.text("name", row).unwrap_or_default(),
        category: word(of.field("category"), row, "category", Category::Other, unmapped),
        category_as_written: of.written("category", row),
        reliability: grade(of.text("reliability", row), "ABCDEF").unwrap_or_else(|| reliability.to_owned()),
        credibility: grade(of.text("credibility", row), "123456").unwrap_or_else(|| credibility.to_owned()),
        anonymous,
        state: word(of.field("state_of_work"), row, "state_of_work", State::Open, unmapped),
        summary: free_text(of, row, "summary", unmapped),
    }
}

fn area(of: &Mapper, row: &Row) -> Result<Area, RowError> {
    let outline = of.locator.as_ref().map_or(Ok(None), |it| it.outline(row))?;
    let population = of.field("population").map_or(Ok(None), |it| it.number(row))?;
    let name = of.text("name", row).ok_or_else(|| of.fault(row, "name", "The area has no name."))?;
    Ok(Area {
        class: of.text("class", row).unwrap_or_else(|| "area".to_owned()),
        name,
        county: of.text("county", row),
        code: of.text("code", row),
        population: population.map(|it| it as i64),
        outline,
    })
}

/// What the row says of its site; none when it has neither a key nor a name with an address. `row_key` is the key
/// of the row, which is also the site's where the row is nothing but a site.
pub fn site(
    of: &Mapper,
    row: &Row,
    row_key: &str,
    address: &Address,
    unmapped: &mut Unmapped,
) -> Result<Option<SiteDraft>, RowError> {
    let only_site = of.profile.record == Yields::Site;
    let own = |name: &str| of.site.get(name);
    let field = |name: &str| own(name).or_else(|| of.field(name));
    let text = |name: &str| field(name).and_then(|it| it.text(row)).map(std::borrow::Cow::into_owned);
    let day = |name: &str| moment(field(name), row, of.profile.zone);
    let Some(name) = text("name") else { return Ok(None) };
    let given = own("key").and_then(|it| it.text(row)).map(std::borrow::Cow::into_owned);
    let given = given.or_else(|| (only_site && !of.profile.key.whole_row).then(|| row_key.to_owned()));
    let keyed = given.is_some();
    let Some(key) = given.or_else(|| key_of(&name, address, text("address"))) else { return Ok(None) };
    let status = if only_site { field("status") } else { own("status") };
    // A license's own kind and telephone are looked up once; what is unknown of them is listed there.
    let mut listed = Vec::new();
    let again = |name: &str| own(name).is_none() && of.profile.record == Yields::License;
    let kind = kind(field("kind"), row, if again("kind") { &mut listed } else { unmapped });
    let phone = of.phone(field("phone"), row, if again("phone") { &mut listed } else { unmapped });
    Ok(Some(SiteDraft {
        key,
        keyed,
        kind,
        name,
        other_names: field("other_names").map(|it| it.list(row)).unwrap_or_default(),
        status: status.map(|it| word(Some(it), row, "site.status", SiteStatus::Unknown, unmapped)),
        status_on: day("status_on")?,
        opened_on: day("opened_on")?,
        closed_on: day("closed_on")?,
        phone,
    }))
}

/// The key of premises that the register gives none: name and address normalized.
fn key_of(name: &str, address: &Address, written: Option<String>) -> Option<String> {
    let place = address.key().or_else(|| written.map(|it| fold::fold(&it)))?;
    let unit = address.unit_key().unwrap_or_default();
    let city = address.city.as_deref().map(city_key).unwrap_or_default();
    Some(format!("{}|{place}|{unit}|{city}", name::normalize(name)))
}

/// A kind of site; what the map does not know becomes `other` and is listed.
fn kind(field: Option<&Field>, row: &Row, unmapped: &mut Unmapped) -> String {
    match field.map_or(Mapped::Empty, |it| it.mapped(row)) {
        Mapped::Empty => Kinds::OTHER.to_owned(),
        Mapped::Word(word) => word.into_owned(),
        Mapped::Unmapped(value) => {
            unmapped.push(("kind", value.into_owned()));
            Kinds::OTHER.to_owned()
        }
    }
}

fn grade(text: Option<String>, among: &str) -> Option<String> {
    text.map(|it| it.to_uppercase()).filter(|it| it.len() == 1 && among.contains(it.as_str()))
}
