//! Which of the sites at one address a record means: rules 3 to 5 of [`super`].

use chrono::NaiveDate;

use super::index::{Index, Premises, Site};
use super::{Decision, Method, Subject};
use crate::text::address::Address;
use crate::text::name::{Agreement, Name};

pub(super) fn decide(premises: &Premises, subject: &Subject<'_>, names: &[Name], index: &Index) -> Decision {
    let unit = subject.address.and_then(Address::unit_key);
    let mut compared = index.worth_comparing(premises, unit.as_deref(), names);
    compared.retain(|it| !subject.excluded.contains(&it.id));
    let possible: Vec<&Site> =
        compared.iter().copied().filter(|site| !other_unit(site, unit.as_deref())).collect();
    if let Some(site) = by_name(&possible, names, unit.as_deref(), subject.occurred_on) {
        return site;
    }
    if possible.is_empty() && compared.len() == premises.sites.len() {
        return Decision::building(premises.building, "The site at this address is in another unit.");
    }
    let undisputed: Vec<&Site> = possible.iter().copied().filter(|site| !site.disagrees(names)).collect();
    if undisputed.is_empty() && !possible.is_empty() {
        return Decision::building(
            premises.building,
            "The record names another business than the site at this address.",
        );
    }
    if let Some(site) = by_unit(&undisputed, unit.as_deref(), subject.occurred_on) {
        return site;
    }
    // A name that fits none of several sites, or fits one no better than "unclear", cannot choose among them.
    alone(&compared, &undisputed, premises, subject.occurred_on).unwrap_or_else(|| {
        Decision::building(
            premises.building,
            "Several sites share this address, and neither unit nor name tells which is meant.",
        )
    })
}

/// Both have a unit, and not the same.
fn other_unit(site: &Site, unit: Option<&str>) -> bool {
    matches!((site.unit_key.as_deref(), unit), (Some(own), Some(other)) if own != other)
}

fn by_name(
    possible: &[&Site],
    names: &[Name],
    unit: Option<&str>,
    day: Option<NaiveDate>,
) -> Option<Decision> {
    let with = |least: Agreement| -> Vec<&Site> {
        possible.iter().copied().filter(|site| site.agreement(names) >= least).collect()
    };
    let alike = with(Agreement::Alike);
    let site = one_of(&alike, unit, day).or_else(|| one_of(&with(Agreement::Same), unit, day))?;
    let certainty = if site.agreement(names) == Agreement::Same { 970 } else { 920 };
    Some(Decision::site(site.id, Method::AddressName, certainty, "Address and business name agree."))
}

fn by_unit(possible: &[&Site], unit: Option<&str>, day: Option<NaiveDate>) -> Option<Decision> {
    let unit = unit?;
    let same: Vec<&Site> =
        possible.iter().copied().filter(|site| site.unit_key.as_deref() == Some(unit)).collect();
    let site = one_of(&same, None, day)?;
    Some(Decision::site(site.id, Method::AddressUnit, 950, "Address and unit agree."))
}

/// The one site that stands, or on that day stood, at the address.
fn alone(
    compared: &[&Site],
    undisputed: &[&Site],
    premises: &Premises,
    day: Option<NaiveDate>,
) -> Option<Decision> {
    if compared.len() != premises.sites.len() {
        return None;
    }
    if let ([site], [_]) = (compared, undisputed) {
        let closed = day.is_some_and(|day| !site.open_on(day));
        return Some(if closed {
            Decision::site(
                site.id,
                Method::Address,
                600,
                "The only known site at this address, though not known to be open on that day.",
            )
        } else {
            Decision::site(site.id, Method::Address, 900, "The only known site at this address.")
        });
    }
    let day = day?;
    let mut open = compared.iter().filter(|site| site.open_on(day));
    let (Some(site), None) = (open.next(), open.next()) else { return None };
    let undisputed = undisputed.iter().any(|other| other.id == site.id);
    undisputed.then(|| {
        Decision::site(
            site.id,
            Method::Address,
            850,
            "The only site at this address that was open on that day.",
        )
    })
}

/// The one site, or the one of the unit, or the one open on the day.
fn one_of<'s>(sites: &[&'s Site], unit: Option<&str>, day: Option<NaiveDate>) -> Option<&'s Site> {
    let only = |some: Vec<&'s Site>| if let [site] = some.as_slice() { Some(*site) } else { None };
    let of_unit = || {
        unit.and_then(|unit| {
            only(sites.iter().copied().filter(|site| site.unit_key.as_deref() == Some(unit)).collect())
        })
    };
    let open = || day.and_then(|day| only(sites.iter().copied().filter(|site| site.open_on(day)).collect()));
    only(sites.to_vec()).or_else(of_unit).or_else(open)
}
