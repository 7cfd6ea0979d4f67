//! What the detector is told of each site of the catalog. Pure.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::premises::{Ending, Premises, Tie};
use super::store::Term;
use crate::geo::Point;
use crate::licenses::Status as License;
use crate::parties::{Behind, Role};

use crate::records::SiteId;
use crate::sites::{Kinds, Site, Status};

/// A license that ran out is renewed late as often as not: so many days are left for it.
const GRACE: Days = Days::new(60);

/// What is told of each of `sites`, in their order.
pub fn premises(
    sites: &[Site],
    behind: &[Behind],
    terms: &[Term],
    kinds: &Kinds,
    today: NaiveDate,
) -> Vec<Premises> {
    let behind = by_site(behind, |it| it.site_id);
    let terms = by_site(terms, |it| it.site_id);
    let none = Vec::new();
    let told = |site: &Site| {
        let terms = terms.get(&site.id).unwrap_or(&Vec::new()).clone();
        let parties = behind.get(&site.id).unwrap_or(&none);
        Premises {
            names: std::iter::once(&site.name).chain(&site.other_names).cloned().collect(),
            kind: site.kind.clone(),
            group: kinds.group(&site.kind).map(str::to_owned),
            building: site.building_id.map(|it| it.0.as_u128()),
            unit: site.unit.clone(),
            point: site.point().and_then(|(lon, lat)| Point::parse(lon, lat).ok()),
            phones: phones(site, &terms),
            parties: parties.iter().map(|it| (it.party_id.0.as_u128(), tie(it.role))).collect(),
            opened_on: site.opened_on.map(|it| it.day()).or_else(|| first_term(&terms)),
            ..ended(site, &terms, today)
        }
    };
    sites.iter().map(told).collect()
}

fn by_site<T>(rows: &[T], site: impl Fn(&T) -> SiteId) -> HashMap<SiteId, Vec<&T>> {
    let mut by_site: HashMap<SiteId, Vec<&T>> = HashMap::new();
    for it in rows {
        by_site.entry(site(it)).or_default().push(it);
    }
    by_site
}

fn tie(role: Role) -> Tie {
    match role {
        Role::Licensee | Role::Owner | Role::Operator => Tie::Principal,
        Role::Manager => Tie::Manager,
        Role::Landlord => Tie::Landlord,
        Role::RegisteredAgent => Tie::Agent,
    }
}

fn phones(site: &Site, terms: &[&Term]) -> Vec<String> {
    let mut phones: Vec<String> =
        site.phone.iter().chain(terms.iter().filter_map(|it| it.phone.as_ref())).cloned().collect();
    phones.sort_unstable();
    phones.dedup();
    phones
}

fn first_term(terms: &[&Term]) -> Option<NaiveDate> {
    terms.iter().filter_map(|it| it.starts_on).min().map(|it| it.day())
}

/// Why and when business ended, by the catalog or by the licenses; nothing for a site that goes on, or whose new place is
/// known.
fn ended(site: &Site, terms: &[&Term], today: NaiveDate) -> Premises {
    let closed = site.closed_on.or(site.status_on).map(|it| it.day());
    let revoked =
        terms.iter().filter(|it| it.status == License::Revoked).map(|it| it.occurred_at.day()).max();
    let lapsed = lapsed(terms, today);
    let (ending, on) = match site.status {
        Status::Merged => return Premises::default(),
        Status::Moved if site.moved_to.is_some() => return Premises::default(),
        Status::Moved => (Some(Ending::Moved), closed),
        Status::Closed if revoked.is_some() => (Some(Ending::Revoked), closed.or(revoked)),
        Status::Closed => (Some(Ending::Closed), closed.or(lapsed)),
        Status::Open | Status::Unknown if is_licensed(terms, today) => (None, None),
        Status::Open | Status::Unknown if revoked.is_some() => (Some(Ending::Revoked), revoked),
        Status::Open | Status::Unknown => (lapsed.map(|_| Ending::Lapsed), lapsed),
    };
    Premises { ending, closed_on: on, ..Premises::default() }
}

/// The last day of the last license, if all have run out for some time.
fn lapsed(terms: &[&Term], today: NaiveDate) -> Option<NaiveDate> {
    let last = terms.iter().filter_map(|it| it.expires_on).max()?.day();
    (last + GRACE < today && !is_licensed(terms, today)).then_some(last)
}

fn is_licensed(terms: &[&Term], today: NaiveDate) -> bool {
    let holds = |it: &&&Term| matches!(it.status, License::Active | License::Pending | License::Unknown);
    let lasts = |it: &Term| it.expires_on.is_none_or(|it| today <= it.day() + GRACE);
    terms.iter().filter(holds).any(|it| lasts(it))
}
