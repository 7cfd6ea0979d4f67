//! The list of sites: filtered, sorted, paged, each with its score, interval and one reason.

use std::sync::Arc;

use axum::extract::State;
use maud::Markup;

use super::filter::Filter;
use super::views::{self, List, Row};
use super::watch::Snapshots;
use super::{dropped, order};
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
    let snapshot = snapshots.seen_by(&viewer);
    let filter = Filter::parse(&params)?;
    let mut found = dropped::matching(&snapshot, &viewer, &filter, &params);
    order::sort(&snapshot, &viewer, &mut found, params.get("sort"));
    let size = listing::PAGE as usize;
    let n_pages = found.len().div_ceil(size).max(1);
    let page = (listing::page_of(&params) as usize).min(n_pages);
    let sites = snapshot.sites(&viewer);
    let row = |n: &usize| Row { site: &sites[*n], standing: snapshot.standing(&viewer, *n) };
    let list = List {
        params: &params,
        reopenings: viewer.may_see(Resource::Succession),
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
        without: if found.is_empty() {
            dropped::without(&snapshot, &viewer, &kinds, &params)
        } else {
            Vec::new()
        },
    };
    let shown = frame.page("Sites").nav(Nav::Sites);
    let shown = if viewer.may_see(Resource::Standing) { shown.scores() } else { shown };
    Ok(shown.show(views::list(&list)))
}
