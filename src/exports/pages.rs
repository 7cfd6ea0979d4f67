//! Exports over HTTP: written as the rows come, in flat memory.

use std::io;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;

use super::records::{self, Exported, Property};
use super::{Format, Subject, Writer, sites};
use crate::audit::Outcome;
use crate::audit::taken::{Hashed, Sending, Taken};
use crate::clock::Clock;
use crate::db::Db;
use crate::records::Filter;
use crate::rights::Viewer;
use crate::standing;
use crate::standing::past::View;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::{self, Error};

/// Sites as GeoJSON, by the map's filters, and as of the map's day.
pub async fn sites_geojson(
    State(db): State<Db>,
    State(clock): State<Clock>,
    frame: Frame,
    viewer: Viewer,
    params: Params,
    view: View,
) -> web::Result<Response> {
    sites_as(Format::Geojson, (&db, clock), frame.demo, &viewer, &params, &view).await
}

/// Sites as CSV, by the map's filters, and as of the map's day.
pub async fn sites_csv(
    State(db): State<Db>,
    State(clock): State<Clock>,
    frame: Frame,
    viewer: Viewer,
    params: Params,
    view: View,
) -> web::Result<Response> {
    sites_as(Format::Csv, (&db, clock), frame.demo, &viewer, &params, &view).await
}

/// Records as GeoJSON, by the filters of their list.
pub async fn geojson<T: Exported>(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    State(db): State<Db>,
    State(clock): State<Clock>,
) -> web::Result<Response> {
    records_as::<T>(Asked::read::<T>(Format::Geojson, frame.demo, viewer, &params)?, db, clock, &params).await
}

/// Records as CSV, by the filters of their list.
pub async fn csv<T: Exported>(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    State(db): State<Db>,
    State(clock): State<Clock>,
) -> web::Result<Response> {
    records_as::<T>(Asked::read::<T>(Format::Csv, frame.demo, viewer, &params)?, db, clock, &params).await
}

async fn sites_as(
    format: Format,
    (db, clock): (&Db, Clock),
    demo: bool,
    viewer: &Viewer,
    params: &Params,
    view: &View,
) -> web::Result<Response> {
    let filter = standing::filter::Filter::parse(params)?;
    let properties = sites::properties(params, viewer)?;
    let taken = Taken::begin(db, clock, viewer, Subject::Sites.entry(format, params)).await?;
    let broken = |error: io::Error| Error::Internal(anyhow::Error::new(error).context("writing an export"));
    // Sites are in memory already, tens of thousands at the most: their bytes are the lesser part.
    let sink = Hashed::new(Vec::new());
    let mut writer = Writer::new(format, sink, demo, properties.iter().copied()).map_err(broken)?;
    let n_rows = sites::write(&mut writer, view.snapshot(), viewer, &filter, &properties).map_err(broken)?;
    let (bytes, hash) = writer.finish().map_err(broken)?.finish();
    taken.end(Outcome::Done, n_rows, &hash).await?;
    Ok(respond(format, Subject::Sites, Body::from(bytes)))
}

/// What a request asks for.
struct Asked {
    format: Format,
    demo: bool,
    viewer: Viewer,
    filter: Filter,
    properties: Vec<Property>,
}

impl Asked {
    fn read<T: Exported>(format: Format, demo: bool, viewer: Viewer, params: &Params) -> web::Result<Self> {
        let (filter, properties) = (Filter::parse(params)?, records::properties::<T>(params, &viewer)?);
        Ok(Self { format, demo, viewer, filter, properties })
    }
}

async fn records_as<T: Exported>(
    asked: Asked,
    db: Db,
    clock: Clock,
    params: &Params,
) -> web::Result<Response> {
    let format = asked.format;
    let taken = Taken::begin(&db, clock, &asked.viewer, Subject::of(T::KIND).entry(format, params)).await?;
    let (mut sending, body) = Sending::begin();
    tokio::spawn(async move {
        let written = pump::<T>(&asked, &db, &mut sending).await;
        sending.end(written, taken).await;
    });
    Ok(respond(format, Subject::of(T::KIND), body))
}

/// Writes all rows; whether somebody took them to the end.
async fn pump<T: Exported>(asked: &Asked, db: &Db, sending: &mut Sending) -> anyhow::Result<bool> {
    let properties = &asked.properties;
    let mut writer = Writer::new(asked.format, sending.sink(), asked.demo, records::names(properties))?;
    let mut rows = records::rows::<T>(db, &asked.viewer, &asked.filter, properties);
    while let Some(row) = rows.next().await {
        records::write(&mut writer, properties, &row?)?;
        if !sending.row().await {
            return Ok(false);
        }
    }
    writer.finish()?;
    Ok(true)
}

fn respond(format: Format, subject: Subject, body: Body) -> Response {
    let (kind, disposition) = match format {
        Format::Geojson => ("application/geo+json", format!("inline; filename=\"{subject}.geojson\"")),
        Format::Csv => {
            ("text/csv; charset=utf-8; header=present", format!("attachment; filename=\"{subject}.csv\""))
        }
    };
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response()
}
