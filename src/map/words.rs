//! Words, marks and addresses that list, panel and legend share.

use maud::{Markup, html};

use crate::scoring::rank::Tier;
use crate::sites::{Site, Status};
use crate::standing::filter::Filter;
use crate::web::format;
use crate::web::ui::{self, Mark};

pub(super) fn address(site: &Site) -> String {
    let written = plain(&site.address);
    let city = city(site).filter(|it| !written.contains(&plain(it)));
    match city {
        Some(city) if site.address.is_empty() => city.to_owned(),
        Some(city) => format!("{}, {city}", site.address),
        None if site.address.is_empty() => "Address not known".to_owned(),
        None => site.address.clone(),
    }
}

/// The city as written; where a source shouts `ST PAUL`, as the area is called.
fn city(site: &Site) -> Option<&str> {
    let area = site.city_area.as_deref();
    match site.city.as_deref() {
        Some(written) if area.is_some_and(|it| plain(it) == plain(written)) => area,
        Some(written) => Some(written),
        None => area,
    }
}

/// Letters and digits in lower case, to compare by.
fn plain(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) fn status_words(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::Closed => "Closed",
        Status::Moved => "Moved",
        Status::Merged => "Merged",
        Status::Unknown => "Status not known",
    }
}

pub(super) fn tier_mark(tier: Tier) -> Mark {
    match tier {
        Tier::First => Mark::First,
        Tier::Second => Mark::Next,
        Tier::Third => Mark::Later,
        Tier::NotScored => Mark::NotScored,
    }
}

/// The tier as the script knows it; see [`super::json::marks`].
pub(super) fn tier_number(tier: Tier) -> &'static str {
    super::json::tier(Some(tier))
}

/// The mark beside its word.
pub(super) fn sign(tier: Tier) -> Markup {
    html! { span aria-hidden="true" { (ui::tier_mark(tier_mark(tier), false, false)) } }
}

/// The mark of a site whose tier is withheld, or of a closed one in the legend.
pub(super) fn plain_mark(closed: bool) -> Markup {
    html! {
        svg.m width="18" height="18" viewBox="-10.5 -10.5 21 21" aria-hidden="true" {
            circle r="4.6" fill="#fff" stroke=(if closed { "#71767a" } else { "#3d4551" }) stroke-width="1.5" {}
            @if closed { path d="M-3.3 3.3 3.3-3.3" stroke="#71767a" stroke-width="1.5" {} }
        }
    }
}

pub(super) fn coverage(thousandths: i64) -> String {
    format::coverage(thousandths as f64 / 1_000.0)
}

pub(super) fn to_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How many filters are active; the box of the view is none.
pub(super) fn n_active(filter: &Filter) -> usize {
    let it = &filter.sites;
    let on = [
        it.text.is_some(),
        !it.kinds.is_empty(),
        !filter.tiers.is_empty(),
        !it.statuses.is_empty(),
        it.city.is_some(),
        it.county.is_some(),
    ];
    on.into_iter().filter(|it| *it).count()
}

/// The address of the same filter, with what else is given.
pub(super) fn href(path: &str, filter: &Filter, more: Vec<(&'static str, String)>) -> String {
    url(path, filter.pairs().into_iter().chain(more))
}

/// A path with these parameters.
pub(super) fn url(path: &str, pairs: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
