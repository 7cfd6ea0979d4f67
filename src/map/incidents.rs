//! The layer of incidents that are linked to nothing, as JSON for the map's script.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::store::{self, Unlinked};
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::geo::Bounds;
use crate::incidents::offenses::Offenses;
use crate::records::filter::bounds;
use crate::rights::Viewer;
use crate::standing::past::View;
use crate::web::extract::Params;
use crate::web::format;
use crate::web::frame::Frame;
use crate::web::{self, Error};

/// The widest box, in degrees: crosses say where something happened, and only a map of streets can show that.
const WIDEST: f64 = 0.8;
/// The most crosses of one picture: at about 100 bytes each they stay under 300 kB.
const MOST: u32 = 2_000;
/// So many days back.
const DAYS: u64 = 365;

/// Incidents of the last twelve months in `bbox` that link to nothing, as of `as_of`:
/// `{"more":…,"incidents":[[id,lon,lat,offense,day]]}`, the newest first; offense and day in words.
///
/// # Errors
/// There is no box, or it is wider than streets can be shown; or the database does not answer.
pub async fn unlinked(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(offenses): State<Arc<Offenses>>,
    viewer: Viewer,
    frame: Frame,
    view: View,
    params: Params,
) -> web::Result<Response> {
    let wanted = || Error::field("bbox", "Zoom in: give a box of at most 0.8 degrees.");
    let edges = bounds(params.get("bbox").ok_or_else(wanted)?)?;
    if edges[2] - edges[0] > WIDEST || edges[3] - edges[1] > WIDEST {
        return Err(wanted());
    }
    let inside = Bounds::parse(edges).map_err(|_| wanted())?;
    let until = view.past().map_or(clock.now().into(), |it| Moment::Day(it.day).end());
    let since = until.day().checked_sub_days(chrono::Days::new(DAYS)).unwrap_or_default();
    let found = store::unlinked(&db, &viewer, inside, (Moment::Day(since), until), MOST).await?;
    let row = |it: &Unlinked| {
        let day = format::day(it.occurred_at.day_in(&frame.zone));
        (it.id.to_string(), rounded(it.lon), rounded(it.lat), offenses.label(&it.offense).to_owned(), day)
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let more = rows.len() >= MOST as usize;
    let body = serde_json::json!({ "more": more, "incidents": rows }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// To a tenth of a meter.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
