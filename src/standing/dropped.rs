//! When no site fits: which filter stands in the way, and how many sites come back without it.

use super::filter::Filter;
use super::snapshot::Snapshot;
use crate::rights::Viewer;
use crate::sites::Kinds;
use crate::web::extract::Params;

/// A filter that could be dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    /// Its name in the URL.
    pub name: &'static str,
    /// How people would name it: `“County: Cook”`.
    pub words: String,
    /// How many sites fit the others.
    pub n_sites: usize,
}

/// The places of the sites that fit the filters in `params`; `point=none` keeps those that have none.
pub fn matching(snapshot: &Snapshot, viewer: &Viewer, filter: &Filter, params: &Params) -> Vec<usize> {
    let mut found = snapshot.matching(viewer, filter);
    if params.get("point") == Some("none") {
        let sites = snapshot.sites(viewer);
        found.retain(|n| sites[*n].point().is_none());
    }
    found
}

/// For each active filter, how many sites would come back without it; the most helpful first.
pub fn without(snapshot: &Snapshot, viewer: &Viewer, kinds: &Kinds, params: &Params) -> Vec<Dropped> {
    let active = Filter::NAMES.into_iter().chain(["point"]).filter(|it| params.get(it).is_some());
    let mut dropped: Vec<Dropped> = active
        .filter_map(|name| {
            let pairs = params.pairs().iter().filter(|(it, _)| it != name).cloned();
            let fewer: Params = pairs.collect();
            let n_sites = matching(snapshot, viewer, &Filter::parse(&fewer).ok()?, &fewer).len();
            Some(Dropped { name, words: words(kinds, params, name), n_sites })
        })
        .collect();
    dropped.sort_by_key(|it| std::cmp::Reverse(it.n_sites));
    dropped
}

/// What stands in the way, as two sentences: `No site fits all 4 filters.`, `Without “County: Cook” there are 3.`
pub fn sentences(dropped: &[Dropped]) -> (String, String) {
    let title = match dropped.len() {
        0 | 1 => "No site fits this filter.".to_owned(),
        n => format!("No site fits all {n} filters."),
    };
    let advice = match dropped.first().filter(|it| it.n_sites > 0) {
        None => "No single one of them stands in the way: drop two, or all.".to_owned(),
        Some(it) => {
            let verb = if it.n_sites == 1 { "is" } else { "are" };
            let n = crate::web::format::count(i64::try_from(it.n_sites).unwrap_or(i64::MAX));
            format!("Without {} there {verb} {n}.", it.words)
        }
    };
    (title, advice)
}

fn words(kinds: &Kinds, params: &Params, name: &str) -> String {
    let value = params.get(name).unwrap_or_default();
    match name {
        "q" => format!("“{value}”"),
        "kind" => format!("“Kind: {}”", kinds.label(value)),
        "tier" => "the tiers".to_owned(),
        "status" => format!("“Status: {}”", crate::records::listing::words(value)),
        "city" => format!("“City: {value}”"),
        "county" => format!("“County: {value}”"),
        "bbox" => "the map's view".to_owned(),
        _ => "“Without a point”".to_owned(),
    }
}
