//! A row as FOCA would store it, in the words of a preview.

use super::bodies::Body;
use super::fields::Yields;
use super::mapping::Draft;
use crate::clock::Moment;

/// The columns of a preview, each with the field of the profile that feeds it.
pub fn columns(record: Yields) -> Vec<(&'static str, &'static str)> {
    let own: &[(&str, &str)] = match record {
        Yields::Site => &[("Name", "name"), ("Kind", "kind"), ("Status", "status")],
        Yields::Party => &[
            ("Name", "name"),
            ("What", "party_kind"),
            ("Role", "role"),
            ("From", "from_on"),
            ("To", "to_on"),
        ],
        Yields::License => &[
            ("Number", "number"),
            ("Name", "name"),
            ("Kind", "kind"),
            ("Issued", "issued_on"),
            ("Expires", "expires_on"),
            ("Status", "status"),
        ],
        Yields::Inspection => &[("Name", "name"), ("Day", "occurred_at"), ("Outcome", "outcome")],
        Yields::Violation => &[("Code", "code"), ("What was found", "title"), ("Severity", "severity")],
        Yields::Complaint => &[("Name", "name"), ("Day", "occurred_at"), ("Category", "category")],
        Yields::Incident => &[("Offense", "offense"), ("Code", "offense_code"), ("When", "occurred_at")],
        Yields::Area => &[("Name", "name"), ("Class", "class"), ("County", "county")],
        Yields::Place => &[("Class", "class"), ("Part", "part"), ("Name", "name")],
        Yields::AddressPoint => &[],
    };
    let place: &[(&str, &str)] = match record {
        Yields::Violation | Yields::Area => &[],
        _ => &[("Address", "address"), ("City", "city"), ("Point", "position")],
    };
    [own, place].concat()
}

/// The cells of a row, in the order of [`columns`].
pub fn cells(draft: &Draft) -> Vec<String> {
    let day = |it: Option<Moment>| it.map(|it| it.to_string()).unwrap_or_default();
    let when = draft.head.occurred_at.to_string();
    let mut cells = match &draft.body {
        Body::Site => draft.site.as_ref().map_or_else(
            || vec![String::new(); 3],
            |it| {
                vec![it.name.clone(), it.kind.clone(), it.status.map(|it| it.to_string()).unwrap_or_default()]
            },
        ),
        Body::Party(it) => vec![
            it.name.clone(),
            it.kind.label().to_owned(),
            it.role.label().to_owned(),
            day(it.from_on),
            day(it.to_on),
        ],
        Body::License(it) => vec![
            it.number.clone(),
            it.name.clone(),
            it.kind.clone(),
            day(it.issued_on),
            day(it.expires_on),
            it.status.to_string(),
        ],
        Body::Inspection(it) => vec![it.name.clone(), when, it.outcome.to_string()],
        Body::Violation(it) => {
            vec![it.code.clone().unwrap_or_default(), it.title.clone(), it.severity.to_string()]
        }
        Body::Complaint(it) => vec![it.name.clone(), when, it.category.to_string()],
        Body::Incident(it) => vec![it.offense.clone(), it.offense_code.clone(), when],
        Body::Area(it) => vec![it.name.clone(), it.class.clone(), it.county.clone().unwrap_or_default()],
        Body::Place(it) => vec![it.class.clone(), it.part.label().to_owned(), it.name.clone()],
        Body::AddressPoint => Vec::new(),
    };
    if !matches!(draft.body, Body::Violation(_) | Body::Area(_)) {
        let place = &draft.place;
        let point = place.lat.zip(place.lon).map(|(lat, lon)| format!("{lat:.5}, {lon:.5}"));
        cells.extend([&place.address, &place.city].map(|it| it.clone().unwrap_or_default()));
        cells.push(point.unwrap_or_default());
    }
    cells
}
