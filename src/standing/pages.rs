//! The list of sites: filtered, sorted, paged, each with its score, interval and one reason.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use axum::extract::State;
use maud::Markup;

use super::filter::Filter;
use super::snapshot::Snapshot;
use super::views::{self, Dropped, List, Row};
use super::watch::Snapshots;
use crate::records::listing;
use crate::rights::{Resource, Viewer};
use crate::sites::Kinds;
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// The sites that fit the filter in the URL; `point=none` keeps those that have none, `sort` names the order.
pub async fn list(
    State(snapshots): State<Snapshots>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let snapshot = snapshots.current();
    let filter = Filter::parse(&params)?;
    let mut found = matching(&snapshot, &viewer, &filter, &params);
    sort(&snapshot, &viewer, &mut found, params.get("sort"));
    let size = listing::PAGE as usize;
    let n_pages = found.len().div_ceil(size).max(1);
    let page = (listing::page_of(&params) as usize).min(n_pages);
    let sites = snapshot.sites(&viewer);
    let row = |n: &usize| Row { site: &sites[*n], standing: snapshot.standing(&viewer, *n) };
    let list = List {
        params: &params,
        filter: &filter,
        kinds: &kinds,
        tiers: snapshot.tiers(&viewer, &filter),
        of_kind: snapshot.kinds(&viewer),
        cities: snapshot.cities(&viewer),
        counties: snapshot.counties(&viewer),
        rows: found.iter().skip((page - 1) * size).take(size).map(row).collect(),
        total: found.len(),
        all: sites.len(),
        page,
        without: if found.is_empty() { without(&snapshot, &viewer, &params) } else { Vec::new() },
    };
    let shown = frame.page("Sites").nav(Nav::Sites);
    let shown = if viewer.may_see(Resource::Standing) { shown.scores() } else { shown };
    Ok(shown.show(views::list(&list)))
}

fn matching(snapshot: &Snapshot, viewer: &Viewer, filter: &Filter, params: &Params) -> Vec<usize> {
    let mut found = snapshot.matching(viewer, filter);
    if params.get("point") == Some("none") {
        let sites = snapshot.sites(viewer);
        found.retain(|n| sites[*n].point().is_none());
    }
    found
}

/// Sorts by score (the highest first, what is not scored last) unless another order is asked for.
fn sort(snapshot: &Snapshot, viewer: &Viewer, found: &mut [usize], order: Option<&str>) {
    let sites = snapshot.sites(viewer);
    let points = |n: &usize| snapshot.standing(viewer, *n).and_then(|it| it.points).map(|it| it.0);
    let text = |n: &usize, by: &str| match by {
        "kind" => sites[*n].kind.clone(),
        "city" => sites[*n]
            .city_area
            .as_ref()
            .or(sites[*n].city.as_ref())
            .cloned()
            .unwrap_or_default()
            .to_lowercase(),
        _ => sites[*n].name.to_lowercase(),
    };
    match order.unwrap_or("-score") {
        "score" => found.sort_by_key(|n| (points(n).is_none(), points(n), sites[*n].number)),
        "-score" => found.sort_by_key(|n| (Reverse(points(n)), sites[*n].number)),
        "number" => found.sort_by_key(|n| sites[*n].number),
        "-number" => found.sort_by_key(|n| Reverse(sites[*n].number)),
        other => {
            let by = other.trim_start_matches('-');
            found.sort_by_cached_key(|n| (text(n, by), sites[*n].number));
            if other.starts_with('-') {
                found.reverse();
            }
        }
    }
}

/// For each active filter, how many sites would come back without it; the most helpful first.
fn without(snapshot: &Snapshot, viewer: &Viewer, params: &Params) -> Vec<Dropped> {
    let active = Filter::NAMES.into_iter().chain(["point"]).filter(|it| params.get(it).is_some());
    let mut dropped: Vec<Dropped> = active
        .filter_map(|name| {
            let pairs = params.pairs().iter().filter(|(it, _)| it != name).cloned();
            let fewer: Params = pairs.collect();
            let n_sites = matching(snapshot, viewer, &Filter::parse(&fewer).ok()?, &fewer).len();
            Some(Dropped { name, n_sites })
        })
        .collect();
    dropped.sort_by(|a, b| b.n_sites.cmp(&a.n_sites).then(Ordering::Equal));
    dropped
}
