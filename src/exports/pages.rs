//! Exports over HTTP: written as the rows come, in flat memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc;

use super::records::{self, Exported, Property};
use super::{Format, Subject, Writer, sites};
use crate::db::Db;
use crate::records::Filter;
use crate::rights::Viewer;
use crate::standing;
use crate::standing::past::View;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::{self, Error};

/// What is sent at once: large enough to be worth a packet, small enough to stay flat.
const CHUNK_BYTES: usize = 64 * 1024;

/// Sites as GeoJSON, by the map's filters, and as of the map's day.
pub async fn sites_geojson(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    view: View,
) -> web::Result<Response> {
    sites_as(Format::Geojson, frame, &viewer, &params, &view)
}

/// Sites as CSV, by the map's filters, and as of the map's day.
pub async fn sites_csv(frame: Frame, viewer: Viewer, params: Params, view: View) -> web::Result<Response> {
    sites_as(Format::Csv, frame, &viewer, &params, &view)
}

/// Records as GeoJSON, by the filters of their list.
pub async fn geojson<T: Exported>(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    State(db): State<Db>,
) -> web::Result<Response> {
    Ok(records_as::<T>(Asked::read::<T>(Format::Geojson, frame, viewer, &params)?, db))
}

/// Records as CSV, by the filters of their list.
pub async fn csv<T: Exported>(
    frame: Frame,
    viewer: Viewer,
    params: Params,
    State(db): State<Db>,
) -> web::Result<Response> {
    Ok(records_as::<T>(Asked::read::<T>(Format::Csv, frame, viewer, &params)?, db))
}

fn sites_as(
    format: Format,
    frame: Frame,
    viewer: &Viewer,
    params: &Params,
    view: &View,
) -> web::Result<Response> {
    let filter = standing::filter::Filter::parse(params)?;
    let properties = sites::properties(params)?;
    let broken = |error: io::Error| Error::Internal(anyhow::Error::new(error).context("writing an export"));
    // Sites are in memory already, tens of thousands at the most: their bytes are the lesser part.
    let mut writer =
        Writer::new(format, Vec::new(), frame.demo, properties.iter().copied()).map_err(broken)?;
    sites::write(&mut writer, view.snapshot(), viewer, &filter, &properties).map_err(broken)?;
    let bytes = writer.finish().map_err(broken)?;
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
    fn read<T: Exported>(format: Format, frame: Frame, viewer: Viewer, params: &Params) -> web::Result<Self> {
        let (filter, properties) = (Filter::parse(params)?, records::properties::<T>(params)?);
        Ok(Self { format, demo: frame.demo, viewer, filter, properties })
    }
}

fn records_as<T: Exported>(asked: Asked, db: Db) -> Response {
    let format = asked.format;
    let (send, receive) = mpsc::channel::<io::Result<Bytes>>(2);
    tokio::spawn(async move {
        if let Err(error) = pump::<T>(&asked, &db, &send).await {
            tracing::error!("an export of {} broke off: {error:#}", Subject::of(T::KIND));
            // The body ends without its end, so that no half a file is taken for a whole one.
            let _ = send.send(Err(io::Error::other("the export broke off"))).await;
        }
    });
    let body = stream::unfold(receive, async |mut receive| receive.recv().await.map(|it| (it, receive)));
    respond(format, Subject::of(T::KIND), Body::from_stream(body))
}

async fn pump<T: Exported>(
    asked: &Asked,
    db: &Db,
    send: &mpsc::Sender<io::Result<Bytes>>,
) -> anyhow::Result<()> {
    let gathered = Gathered::default();
    let properties = &asked.properties;
    let mut writer = Writer::new(asked.format, gathered.clone(), asked.demo, records::names(properties))?;
    let mut rows = records::rows::<T>(db, &asked.viewer, &asked.filter, properties);
    while let Some(row) = rows.next().await {
        records::write(&mut writer, properties, &row?)?;
        if let Some(bytes) = gathered.take(CHUNK_BYTES)
            && send.send(Ok(bytes)).await.is_err()
        {
            return Ok(());
        }
    }
    writer.finish()?;
    if let Some(bytes) = gathered.take(1) {
        let _ = send.send(Ok(bytes)).await;
    }
    Ok(())
}

/// Bytes written and not yet sent.
#[derive(Clone, Debug, Default)]
struct Gathered(Arc<Mutex<Vec<u8>>>);

impl Gathered {
    fn take(&self, at_least: usize) -> Option<Bytes> {
        let mut bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (bytes.len() >= at_least).then(|| Bytes::from(std::mem::take(&mut *bytes)))
    }
}

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
