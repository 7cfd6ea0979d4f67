//! The words in which pages tell what a record says.

use crate::complaints::{Category, State};
use crate::incidents::Origin;
use crate::incidents::facets::Disposition;
use crate::inspections::{Outcome, Severity, ViolationState};
use crate::records::{PointMethod, RecordKind};
use crate::{licenses, sites};

/// `Licenses`: what one kind of record is called.
pub fn kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::License => "Licenses",
        RecordKind::Inspection => "Inspections",
        RecordKind::Complaint => "Complaints",
        RecordKind::Incident => "Incidents",
    }
}

/// `1 license`, `7 inspections`.
pub fn counted(kind: RecordKind, n: i64) -> String {
    crate::web::format::counted(n, kind.as_str(), kind.plural())
}

/// Whether business goes on.
pub fn status(status: sites::Status) -> &'static str {
    match status {
        sites::Status::Open => "Open",
        sites::Status::Closed => "Closed",
        sites::Status::Moved => "Moved",
        sites::Status::Merged => "Merged",
        sites::Status::Unknown => "Status not known",
    }
}

/// Where a license stands in its life.
pub fn license(status: licenses::Status) -> &'static str {
    match status {
        licenses::Status::Pending => "applied for",
        licenses::Status::Active => "in force",
        licenses::Status::Expired => "expired",
        licenses::Status::Suspended => "suspended",
        licenses::Status::Revoked => "revoked",
        licenses::Status::Denied => "refused",
        licenses::Status::Canceled => "canceled",
        licenses::Status::Unknown => "state not known",
    }
}

/// What came of a visit.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Compliant => "in order",
        Outcome::CorrectBy => "to be corrected",
        Outcome::NotPassed => "not passed",
        Outcome::Refused => "entry refused; review offered",
        Outcome::NoEntry => "no entry: closed, or nobody there",
        Outcome::Referred => "referred to another agency",
        Outcome::Unknown => "outcome not known",
    }
}

/// How grave a violation is.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Major => "major",
        Severity::Minor => "minor",
        Severity::Unknown => "not graded",
    }
}

/// Whether a violation has been put right.
pub fn violation_state(state: ViolationState) -> &'static str {
    match state {
        ViolationState::Open => "open",
        ViolationState::Closed => "put right",
        ViolationState::Unknown => "not known whether put right",
    }
}

/// What a complaint is about.
pub fn category(category: Category) -> &'static str {
    match category {
        Category::Trafficking => "signs of people held or sold",
        Category::CommercialSex => "commercial sex",
        Category::Unlicensed => "work without a license",
        Category::Hours => "opening hours",
        Category::Safety => "safety or health",
        Category::Nuisance => "noise, litter or disorder",
        Category::Other => "other",
    }
}

/// How far a complaint has been dealt with.
pub fn complaint_state(state: State) -> &'static str {
    match state {
        State::Open => "not dealt with yet",
        State::Substantiated => "confirmed",
        State::Unfounded => "found not to be so",
        State::Closed => "closed without a finding",
    }
}

/// How an incident came to be recorded.
pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Citizen => "citizen report",
        Origin::Agency => "report of an agency",
        Origin::Officer => "officers of their own accord",
        Origin::Provoked => "brought about by a planned visit",
        Origin::Unknown => "origin not known",
    }
}

/// How far an incident came, and where it counts for nothing, that it does.
pub fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Reported => "Reported",
        Disposition::Discovered => "Found by police",
        Disposition::Charged => "Charged",
        Disposition::Convicted => "Convicted",
        Disposition::Dismissed => "Dismissed: counts for nothing",
        Disposition::Unfounded => "Unfounded: counts for nothing",
        Disposition::Expunged => "Expunged: counts for nothing",
        Disposition::Unknown => "",
    }
}

/// The rule that linked a record.
pub fn method(word: &str) -> &str {
    match word {
        "source_key" => "same key in the register",
        "license_number" => "same license number",
        "address" => "only site at the address",
        "address_unit" => "address and unit",
        "address_name" => "address and name",
        "building" => "building only: counted 0",
        "manual" => "a person decided",
        other => other,
    }
}

/// How a row came by its point.
pub fn point(method: PointMethod) -> &'static str {
    match method {
        PointMethod::Source => "as the source gave it",
        PointMethod::Site => "lent by the site at the address",
        PointMethod::AddressPoint => "from an imported address point",
        PointMethod::Pin => "put on the map by a person",
        PointMethod::None => "none: it is not on the map",
    }
}

/// The address as written, with its unit even where the register has that in a column of its own.
pub fn address(site: &sites::Site) -> String {
    let words = site.unit.as_deref().filter(|_| site.unit_type.is_some()).map(|it| unit_words(site, it));
    match words {
        Some(words) if !contains(&site.address, &words) => format!("{}, {words}", site.address),
        _ => site.address.clone(),
    }
}

/// `Ste 3`.
pub fn unit_words(site: &sites::Site, unit: &str) -> String {
    let designator = site.unit_type.as_deref().unwrap_or("Unit").to_lowercase();
    format!("{} {unit}", capitalized(&designator))
}

/// Whether a text holds another, in any case.
pub fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// The first letter large.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A key of a source, at most 24 letters long.
pub fn shortened(key: &str) -> String {
    if key.chars().count() <= 24 { key.to_owned() } else { key.chars().take(23).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_key_is_cut_between_letters() {
        assert_eq!(shortened("I-20418"), "I-20418");
        assert_eq!(shortened(&"é".repeat(60)).chars().count(), 24);
        assert_eq!(capitalized(""), "");
    }
}
