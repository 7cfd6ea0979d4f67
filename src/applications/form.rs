//! What a form says of an application: read and checked. Pure.

use chrono::NaiveDate;

use super::workflow::{Procedure, Workflow};
use super::{Application, Fee, Holder};
use crate::clock::Moment;
use crate::licenses::{License, PRACTITIONER, Status};
use crate::sites::Kinds;
use crate::sites::form::{Location, read_location};
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// What a form says.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Whose license.
    pub holder: Holder,
    /// A word of `data/kinds.toml`; none where a site or a license says it.
    pub kind: Option<String>,
    /// The business.
    pub business: String,
    /// Who applied.
    pub applicant: String,
    /// The number of a party.
    pub party: Option<i64>,
    /// The number of a site, as typed.
    pub site: Option<String>,
    /// Where, as far as an address was given.
    pub location: Option<Location>,
    /// The city, where there is no address.
    pub city: Option<String>,
    /// When it was received.
    pub received_on: NaiveDate,
    /// Whether the fee is paid.
    pub fee: Fee,
    /// A note.
    pub note: Option<String>,
}

/// Whose license a record is.
pub fn holder_of(license: &License) -> Holder {
    if license.kind == PRACTITIONER { Holder::Practitioner } else { Holder::Business }
}

/// The procedure that a form is for: of a license one that can begin from where it stands, else one that asks for a new one.
pub fn procedure<'a>(
    workflow: &'a Workflow,
    asked: Option<&str>,
    license: Option<(Holder, Status)>,
) -> Option<(&'a str, &'a Procedure)> {
    let open = match license {
        Some((holder, status)) => workflow.open_to(holder, status),
        None => workflow.in_order().into_iter().filter(|it| it.1.is_new()).collect(),
    };
    match asked {
        Some(asked) => open.into_iter().find(|it| it.0 == asked),
        None => open.into_iter().next(),
    }
}

/// Reads the form. Of a license it asks neither who holds it nor where.
///
/// # Errors
/// All that is to be mended.
pub fn read(
    params: &Params,
    procedure: &Procedure,
    (kinds, license): (&Kinds, Option<&License>),
    today: NaiveDate,
) -> Result<Entry, Flaws> {
    let mut form = Filled::new(params);
    let holder = match license {
        Some(it) => holder_of(it),
        None => form.chosen("holder", "Choose who is to hold the license.").unwrap_or(Holder::Business),
    };
    if !procedure.holders.contains(&holder) {
        form.flaws.add("holder", "This procedure is not for such licenses.");
    }
    let applicant = form.needed("applicant", "Give who applied, or who holds the license, as written.");
    let business = match holder {
        Holder::Business => form.needed("business", "Give the name on the door."),
        Holder::Practitioner => form.text("business", LINE).unwrap_or_default(),
    };
    let party = party(&mut form);
    let (mut kind, mut site, mut location, mut city) = (None, None, None, None);
    if license.is_none() {
        kind = form.text("kind", LINE);
        site = form.text("site", LINE);
        if kind.as_ref().is_some_and(|it| !kinds.has(it)) {
            form.flaws.add("kind", "Choose one of the kinds in the list.");
        }
        if holder == Holder::Business && site.is_none() && kind.is_none() {
            form.flaws.add("kind", "Choose the kind of business.");
        }
        if site.is_none() && (holder == Holder::Business || params.get("address").is_some()) {
            location = Some(read_location(&mut form));
        } else if site.is_none() {
            city = Some(form.needed("city", "Give the city in which the work is done."));
        }
    }
    let received_on = form.day("received_on").unwrap_or(today);
    if received_on > today {
        form.flaws.add("received_on", format!("Give a day up to today, {today}."));
    }
    let fee = form.parsed("fee", "Choose one of the list.").unwrap_or(Fee::Due);
    let note = form.free_text("note");
    let entry =
        Entry { holder, kind, business, applicant, party, site, location, city, received_on, fee, note };
    if form.flaws.is_empty() { Ok(entry) } else { Err(form.flaws) }
}

/// A party's number, as `P-00012` or `12`.
fn party(form: &mut Filled<'_>) -> Option<i64> {
    let typed = form.text("party", LINE)?;
    let number = typed.trim_start_matches(['P', 'p']).trim_start_matches('-').parse().ok();
    if number.is_none() {
        form.flaws.add("party", "Give the number of a party, as P-00012, or leave it empty.");
    }
    number
}

/// What the form shows of an application as it stands.
pub fn values(it: &Application, party: Option<String>, site: Option<String>) -> Params {
    let number = |it: Option<f64>| it.map(|it| it.to_string()).unwrap_or_default();
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let mut values = vec![
        ("holder", it.holder.to_string()),
        ("kind", it.kind.clone()),
        ("business", it.business.clone()),
        ("applicant", it.applicant.clone()),
        ("party", party.unwrap_or_default()),
        ("received_on", it.received_on.day().to_string()),
        ("fee", it.fee.to_string()),
        ("note", it.note.to_string()),
        ("version", it.version.to_string()),
    ];
    match site {
        Some(code) => values.push(("site", code)),
        None => values.extend([
            ("address", text(&it.place.address)),
            ("unit", text(&it.place.unit)),
            ("city", text(&it.place.city)),
            ("lat", number(it.place.lat)),
            ("lon", number(it.place.lon)),
        ]),
    }
    values.into_iter().collect()
}

/// An application as the log keeps it: its fields, and of the note nothing.
pub fn logged(it: &Application) -> serde_json::Value {
    serde_json::json!({
        "procedure": it.procedure, "state": it.state, "holder": it.holder, "kind": it.kind, "business": it.business,
        "applicant": it.applicant, "party": it.party_id, "site": it.site_id, "license": it.license_id,
        "address": it.place.address, "unit": it.place.unit, "city": it.place.city, "fee": it.fee,
        "received_on": it.received_on, "decide_by": it.decide_by, "decided_on": it.decided_on,
        "appeal_by": it.appeal_by, "ends_on": it.ends_on,
    })
}

/// A day as a form shows it.
pub fn day(it: Option<Moment>) -> String {
    it.map(|it| it.day().to_string()).unwrap_or_default()
}
