//! What the map's script asks for: marks and groups of a view, outlines of areas, the operator's street map.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tower_http::services::ServeFile;

use super::groups::{Grouped, Rule, Spot, crowd, group};
use super::json::{Counts, Mark, marks};
use super::{outlines, zoom};
use crate::areas::CITY;
use crate::config::Serve;
use crate::rights::Viewer;
use crate::scoring::rank::Tier;
use crate::sites::snapshot::inside;
use crate::sites::{Site, Status};
use crate::standing::filter::Filter;
use crate::standing::past::View;
use crate::standing::snapshot::Snapshot;
use crate::standing::watch::Snapshots;
use crate::web::extract::Params;
use crate::web::{self, Error};

/// Sites near the edge of a view are grouped with those beyond it, so that groups stay as the map is moved.
const MARGIN: f64 = 0.15;

/// The marks of a view: `bbox`, `zoom`, the filters, `as_of`, and `groups=none` for marks that stand by themselves;
/// see [`marks`] for the shape.
///
/// # Errors
/// A parameter cannot be read.
pub async fn sites(viewer: Viewer, params: Params, shown: View) -> web::Result<Response> {
    let zoom = zoom(&params)?;
    let filter = Filter::parse(&params)?;
    let grouped = params.get("groups") != Some("none");
    let body = view(shown.snapshot(), &viewer, filter, Rule::at(zoom, grouped), zoom);
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn view(snapshot: &Snapshot, viewer: &Viewer, mut filter: Filter, rule: Option<Rule>, zoom: f64) -> Vec<u8> {
    let bounds = filter.sites.bounds.take();
    let sites = snapshot.sites(viewer);
    let matching = snapshot.matching(viewer, &filter);
    let wide = bounds.map(widened);
    let mut in_view = Vec::new();
    let mut spots = Vec::new();
    let mut without_point = 0;
    for index in matching.iter().copied() {
        let Some((lon, lat)) = sites[index].point() else {
            without_point += 1;
            continue;
        };
        if wide.is_none_or(|it| inside(it, (lon, lat))) {
            let first = snapshot.tier(viewer, index) == Some(Tier::First);
            spots.push(Spot { index, lon, lat, first });
        }
        if bounds.is_none_or(|it| inside(it, (lon, lat))) {
            in_view.push(index);
        }
    }
    let counts = Counts { total: matching.len(), in_view: in_view.len(), without_point };
    let Grouped { sites: mut single, groups } = match (Rule::of_many(in_view.len()), rule) {
        (Some(rule), _) => crowd(&spots, zoom, rule),
        (None, Some(rule)) => group(&spots, zoom, rule),
        (None, None) => Grouped { sites: in_view, groups: Vec::new() },
    };
    // The weightiest first: if not all find room, it is the last that are left out.
    single.sort_by_key(|n| std::cmp::Reverse(snapshot.standing(viewer, *n).and_then(|it| it.points)));
    let shown = single.into_iter().filter_map(|n| mark(snapshot, viewer, n, &sites[n]));
    marks(counts, &groups, shown)
}

fn mark<'a>(snapshot: &'a Snapshot, viewer: &Viewer, index: usize, site: &'a Site) -> Option<Mark<'a>> {
    let (lon, lat) = site.point()?;
    let standing = snapshot.standing(viewer, index);
    Some(Mark {
        id: site.id,
        lon,
        lat,
        tier: snapshot.tier(viewer, index),
        borderline: standing.is_some_and(|it| it.borderline),
        closed: is_closed(site),
        name: &site.name,
        points: standing.and_then(|it| it.points),
    })
}

/// Whether business at these premises has ended.
pub(super) fn is_closed(site: &Site) -> bool {
    matches!(site.status, Status::Closed | Status::Moved)
}

fn widened([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    // Across the date line there is nothing to widen here: no agency lies on both sides of it.
    let (x, y) = ((east - west).max(0.0) * MARGIN, (north - south) * MARGIN);
    [west - x, south - y, east + x, north + y]
}

/// Outlines of areas: `class` (`city` without), `zoom`, and `bbox` for those that touch a box only.
///
/// # Errors
/// A parameter cannot be read.
pub async fn areas(
    viewer: Viewer,
    params: Params,
    headers: HeaderMap,
    State(snapshots): State<Snapshots>,
) -> web::Result<Response> {
    let zoom = zoom(&params)?;
    let bounds = Filter::parse(&params)?.sites.bounds;
    let class = params.get("class").unwrap_or(CITY);
    let body = outlines::geojson(&snapshots.seen_by(&viewer).areas, &viewer, class, zoom, bounds);
    // Weak, as the bytes may be compressed on their way.
    let hash: String = Sha256::digest(&body)[..8].iter().map(|it| format!("{it:02x}")).collect();
    let tag = format!("W/\"{hash}\"");
    let shared = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known.is_some_and(|it| it.split(',').any(|one| one.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, shared).into_response());
    }
    Ok((shared, [(header::CONTENT_TYPE, "application/geo+json")], body).into_response())
}

/// The operator's street map, in the ranges that are asked for (RFC 9110, sections 13 and 14).
///
/// # Errors
/// None was given, or the file is gone.
pub async fn basemap(State(serve): State<Arc<Serve>>, mut request: Request) -> web::Result<Response> {
    let path = serve.basemap.as_ref().ok_or(Error::NotFound("street map"))?;
    let about = tokio::fs::metadata(path).await.map_err(|_| Error::NotFound("street map"))?;
    let tag = strong_tag(&about);
    let headers = request.headers_mut();
    if headers.get(header::IF_NONE_MATCH).is_some_and(|it| it.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    // A part of another version than the one that the reader holds would not fit to it: it gets the whole.
    if headers.remove(header::IF_RANGE).is_some_and(|it| it.as_bytes() != tag.as_bytes()) {
        headers.remove(header::RANGE);
    }
    let Ok(response) = ServeFile::new(path).try_call(request).await else {
        return Err(Error::NotFound("street map"));
    };
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Error::NotFound("street map"));
    }
    let mut response = response.map(Body::new);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.pmtiles"));
    // Its tiles are packed already, and a range counts the bytes of the file itself.
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(header::ETAG, tag);
    // A refused range says how long the file is, and is no page for people.
    headers.insert("x-foca-body", HeaderValue::from_static("bytes"));
    Ok(response)
}

/// A tag that changes with the file: its length and when it was written.
fn strong_tag(about: &std::fs::Metadata) -> HeaderValue {
    let written = about.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let tag = format!("\"{:x}-{:x}\"", about.len(), written.as_nanos());
    HeaderValue::try_from(tag).expect("digits are a header's value")
}
