//! The layer of sensitive places in the box of a view, as GeoJSON for the map's script.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::geo::Bounds;
use crate::places::Place;
use crate::places::classes::Classes;
use crate::places::snapshot::Places;
use crate::records::filter::bounds;
use crate::rights::Viewer;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::{self, Error};

/// The widest box, in degrees: outlines are drawn as they are, and only a map of streets can show them.
const WIDEST: f64 = 0.8;
/// The most places of one picture.
const MOST: usize = 2_000;
/// Classes of what distances are measured from, and not of what they are measured to.
const NOT_SENSITIVE: [&str; 2] = ["lot", "building"];

/// The sensitive places that are there today and touch `bbox`, as features with `id`, `class`, `name`; `more` says that not
/// all of them found room.
///
/// # Errors
/// There is no box, or it is wider than outlines can be shown; or the database does not answer.
pub async fn places(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(places): State<Places>,
    State(classes): State<Arc<Classes>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Response> {
    let wanted = || Error::field("bbox", "Zoom in: give a box of at most 0.8 degrees.");
    let edges = bounds(params.get("bbox").ok_or_else(wanted)?)?;
    if edges[2] - edges[0] > WIDEST || edges[3] - edges[1] > WIDEST {
        return Err(wanted());
    }
    Bounds::parse(edges).map_err(|error| Error::field("bbox", error.to_string()))?;
    places.refresh(&db).await?;
    let today = Moment::from(clock.now()).day_in(&frame.zone);
    let snapshot = places.current();
    let is_shown = |it: &&Place| {
        touch(edges, it.bounds()) && !NOT_SENSITIVE.contains(&it.class.as_str()) && it.was_there(today)
    };
    let mut found = snapshot.places(&viewer).iter().filter(is_shown);
    let feature = |place: &Place| {
        let (_, shape) = snapshot.find(&viewer, place.id)?;
        let properties = json!({"id": place.id.to_string(), "class": classes.label(&place.class), "name": place.title(&classes)});
        let geometry = geojson::Geometry::new(shape.geometry().into());
        Some(json!({"type": "Feature", "properties": properties, "geometry": geometry}))
    };
    let features: Vec<_> = found.by_ref().take(MOST).filter_map(feature).collect();
    let more = found.next().is_some();
    let body = json!({"type": "FeatureCollection", "more": more, "features": features}).to_string();
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body).into_response())
}

/// Whether two boxes touch; one over the date line, west above east, touches what lies on either side.
fn touch(a: [f64; 4], b: [f64; 4]) -> bool {
    let over = |it: [f64; 4]| it[0] > it[2];
    let level = a[1] <= b[3] && b[1] <= a[3];
    let across = match (over(a), over(b)) {
        (false, false) => a[0] <= b[2] && b[0] <= a[2],
        (true, true) => true,
        _ => a[0] <= b[2] || b[0] <= a[2],
    };
    level && across
}
