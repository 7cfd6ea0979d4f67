//! The map page, and the two fragments that its script puts beside the map: list and panel.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Redirect;
use maud::Markup;

use super::api;
use super::form_views::Choices;
use super::list_views::{self, AsOf, List, Row};
use super::panel_views::{self, Panel};
use super::paths;
use super::tool_views::Layers;
use super::views::{self, Stage};
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::sites::Kinds;
use crate::standing::filter::Filter;
use crate::standing::past::View;
use crate::standing::snapshot::Snapshot;
use crate::standing::{dropped, order, store};
use crate::web::extract::{Params, Path};
use crate::web::frame::Frame;
use crate::web::layout::{Nav, home_of};
use crate::web::{self, OrNotFound};

/// Rows of a list at once; a person reads the first ten.
const PAGE_ROWS: usize = 50;

/// The start page is the first part of FOCA that the viewer may open.
pub async fn home(viewer: Viewer) -> Redirect {
    Redirect::to(home_of(&viewer))
}

/// The map: without JavaScript a filter and a plain list.
///
/// # Errors
/// A filter cannot be read.
pub async fn show(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    view: View,
    State(clock): State<Clock>,
    State(kinds): State<Arc<Kinds>>,
) -> web::Result<Markup> {
    let filter = Filter::parse(&params)?;
    let snapshot = view.snapshot();
    let choices = Choices::of(snapshot, &viewer, &kinds);
    let list = list_of(&view, &viewer, &kinds, &params, &filter)?;
    let today = Moment::from(clock.now()).day_in(&frame.zone);
    let on = params.list("layers").map(str::to_owned).collect();
    let layers = Layers { on, streets: frame.streets, places: viewer.may_see(Resource::Place) };
    let what_if = viewer.may_see(Resource::Finding);
    let stage = Stage { home: bounds(snapshot, &viewer), today, layers: &layers, what_if };
    let page = frame.page("Map").nav(Nav::Map).full().style("maplibre-gl.css").module("map/page.js");
    let page = if viewer.may_see(Resource::Standing) { page.scores() } else { page };
    Ok(page.show(views::map(&choices, &list, &stage)))
}

/// The list of the sites in view, as a fragment: the filters, `as_of`, `bbox`, `sort` and `page`.
///
/// # Errors
/// A parameter cannot be read.
pub async fn list(
    viewer: Viewer,
    params: Params,
    view: View,
    State(kinds): State<Arc<Kinds>>,
) -> web::Result<Markup> {
    let filter = Filter::parse(&params)?;
    let list = list_of(&view, &viewer, &kinds, &params, &filter)?;
    Ok(list_views::list(&list))
}

/// The panel of one site, as a fragment; with `as_of` as it stood that day.
///
/// # Errors
/// There is no such site, or the database does not answer.
pub async fn panel(
    viewer: Viewer,
    Path(id): Path<SiteId>,
    State(db): State<Db>,
    view: View,
    State(kinds): State<Arc<Kinds>>,
) -> web::Result<Markup> {
    let snapshot = view.snapshot();
    let index = snapshot.sites.index(&viewer, id).ok_or_not_found("site")?;
    let score = match view.past() {
        Some(past) => past.score(&viewer, id).cloned(),
        None => store::explanation(&db, &viewer, id).await?,
    };
    let site = &snapshot.sites(&viewer)[index];
    let as_of = view.past().map(|it| Moment::Day(it.day));
    let legs = paths::legs(&db, &viewer, &snapshot.sites, id, as_of).await?;
    Ok(panel_views::panel(&Panel {
        site,
        kind: kinds.label(&site.kind),
        tier: snapshot.tier(&viewer, index),
        standing: snapshot.standing(&viewer, index),
        score: score.as_ref(),
        legs: &legs,
        as_of: view.past().map(|it| it.day),
    }))
}

fn list_of<'a>(
    view: &'a View,
    viewer: &Viewer,
    kinds: &'a Kinds,
    params: &Params,
    filter: &Filter,
) -> web::Result<List<'a>> {
    let snapshot = view.snapshot();
    let everywhere = Filter {
        sites: crate::sites::snapshot::Filter { bounds: None, ..filter.sites.clone() },
        ..filter.clone()
    };
    let sites = snapshot.sites(viewer);
    let mut found = snapshot.matching(viewer, filter);
    let sort = params.get("sort");
    order::sort(snapshot, viewer, &mut found, sort);
    let n_pages = found.len().div_ceil(PAGE_ROWS).max(1);
    let page = params.parsed::<usize>("page")?.unwrap_or(1).clamp(1, n_pages);
    let row = |n: usize| Row {
        site: &sites[n],
        kind: kinds.label(&sites[n].kind),
        tier: snapshot.tier(viewer, n),
        standing: snapshot.standing(viewer, n),
        closed: api::is_closed(&sites[n]),
    };
    let all = snapshot.matching(viewer, &everywhere);
    Ok(List {
        total: all.len(),
        without_point: all.iter().copied().filter(|n| sites[*n].point().is_none()).map(row).collect(),
        tiers: snapshot.tiers(viewer, &everywhere),
        in_view: found.len(),
        rows: found.iter().skip((page - 1) * PAGE_ROWS).take(PAGE_ROWS).copied().map(row).collect(),
        page,
        rows_a_page: PAGE_ROWS,
        everywhere: filter.sites.bounds.is_none(),
        sort: sort.filter(|it| order::CHOICES.iter().any(|(word, _)| word == it)).map(str::to_owned),
        past: view.past().map(|it| AsOf {
            day: it.day,
            n_events: it.n_events,
            n_backfilled: it.n_backfilled,
        }),
        dropped: if all.is_empty() {
            dropped::without(snapshot, viewer, kinds, &placeless(params))
        } else {
            Vec::new()
        },
        stored: sites.len(),
        filter: filter.clone(),
    })
}

/// The filters without the box: what is empty everywhere is not mended by another view.
fn placeless(params: &Params) -> Params {
    params.pairs().iter().filter(|(name, _)| name != "bbox").cloned().collect()
}

/// The box around all sites that the viewer may see: where the map begins.
fn bounds(snapshot: &Snapshot, viewer: &Viewer) -> Option<[f64; 4]> {
    let mut points = snapshot.sites(viewer).iter().filter_map(crate::sites::Site::point);
    let (lon, lat) = points.next()?;
    Some(points.fold([lon, lat, lon, lat], |[west, south, east, north], (lon, lat)| {
        [west.min(lon), south.min(lat), east.max(lon), north.max(lat)]
    }))
}

impl Choices {
    /// What the selects of the filter offer.
    fn of(snapshot: &Snapshot, viewer: &Viewer, kinds: &Kinds) -> Self {
        let present = snapshot.kinds(viewer);
        let there = |word: &str| present.iter().any(|(it, _)| it == word);
        let kinds = kinds.in_order().into_iter().filter(|(word, _)| there(word));
        Self {
            kinds: kinds.map(|(word, label)| (word.to_owned(), label.to_owned())).collect(),
            cities: snapshot.cities(viewer).into_iter().map(|(name, _)| name).collect(),
            counties: snapshot.counties(viewer).into_iter().map(|(name, _)| name).collect(),
        }
    }
}
