//! What the rows of a file may become, which fields each of these has, and which of them a profile must feed.

use crate::db::text_enum;

text_enum! {
    /// What a row of the file becomes.
    Yields {
        /// Premises, and nothing else.
        Site = "site",
        /// A person or an organization in one role at one site.
        Party = "party",
        /// A license.
        License = "license",
        /// An inspection, with violations where the row holds them.
        Inspection = "inspection",
        /// One violation of an inspection that the same source delivers in another file.
        Violation = "violation",
        /// A complaint.
        Complaint = "complaint",
        /// A criminal incident.
        Incident = "incident",
        /// A jurisdiction with its outline.
        Area = "area",
        /// A school, a park, a residence or the like, with its outline.
        Place = "place",
        /// The point of an address.
        AddressPoint = "address_point",
    }
}

const PLACE: [&str; 5] = ["address", "unit", "city", "state", "zip"];
const SITE: [&str; 9] =
    ["kind", "name", "other_names", "recorded_at", "status", "status_on", "opened_on", "closed_on", "phone"];
const PARTY: [&str; 20] = [
    "name",
    "party_kind",
    "other_names",
    "registered_number",
    "phone",
    "party_key",
    "party_address",
    "party_unit",
    "party_city",
    "party_state",
    "party_zip",
    "role",
    "whole_building",
    "share",
    "from_on",
    "to_on",
    "site_key",
    "license_number",
    "site_name",
    "recorded_at",
];
const LICENSE: [&str; 13] = [
    "number",
    "site_key",
    "kind",
    "type",
    "name",
    "occurred_at",
    "recorded_at",
    "status",
    "issued_on",
    "starts_on",
    "expires_on",
    "phone",
    "licensee",
];
const INSPECTION: [&str; 9] =
    ["name", "site_key", "occurred_at", "recorded_at", "reason", "outcome", "points", "due_on", "note"];
const VIOLATION: [&str; 7] = ["inspection_key", "code", "title", "severity", "state", "closed_on", "due_on"];
const COMPLAINT: [&str; 10] = [
    "name",
    "site_key",
    "occurred_at",
    "recorded_at",
    "category",
    "reliability",
    "credibility",
    "anonymous",
    "state_of_work",
    "summary",
];
const INCIDENT: [&str; 15] = [
    "site_key",
    "occurred_at",
    "recorded_at",
    "offense",
    "offense_code",
    "offense_text",
    "origin",
    "disposition",
    "reliability",
    "credibility",
    "n_buyers",
    "n_facilitators",
    "n_traffickers",
    "n_people_sold",
    "n_minors",
];
const AREA: [&str; 5] = ["class", "name", "county", "code", "population"];

const SENSITIVE: [&str; 6] = ["class", "part", "name", "opened_on", "closed_on", "recorded_at"];

/// The fields of a site that a profile may feed.
pub const SITE_FIELDS: [&str; 9] =
    ["key", "kind", "name", "other_names", "status", "status_on", "opened_on", "closed_on", "phone"];

/// The fields that a record of this kind has.
pub fn fields_of(record: Yields) -> Vec<&'static str> {
    let (own, has_place): (&[&str], bool) = match record {
        Yields::Site => (&SITE, true),
        Yields::Party => (&PARTY, true),
        Yields::License => (&LICENSE, true),
        Yields::Inspection => (&INSPECTION, true),
        Yields::Violation => (&VIOLATION, false),
        Yields::Complaint => (&COMPLAINT, true),
        Yields::Incident => (&INCIDENT, true),
        Yields::Area => (&AREA, false),
        Yields::Place => (&SENSITIVE, true),
        Yields::AddressPoint => (&[], true),
    };
    own.iter().copied().chain(PLACE.into_iter().filter(|_| has_place)).collect()
}

/// The fields that a profile of this kind must feed.
pub(super) fn needed_by(record: Yields) -> &'static [&'static str] {
    match record {
        Yields::Site => &["name", "address"],
        Yields::Party => &["name", "role"],
        Yields::License => &["number"],
        Yields::Inspection | Yields::Complaint => &["occurred_at"],
        Yields::Violation => &["inspection_key"],
        Yields::Incident => &["occurred_at", "offense"],
        Yields::Area => &["class", "name"],
        Yields::Place => &["class"],
        Yields::AddressPoint => &["address"],
    }
}

/// Says that a record of this kind has no such field, and which it has.
pub(super) fn unknown_field(name: &str, record: Yields) -> String {
    format!("a {record} has no field `{name}`; it has {}", fields_of(record).join(", "))
}
