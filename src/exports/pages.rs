//! Exports over HTTP: written as the rows come, in flat memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::records::{self, Exported, Property};
use super::taken::{Hashed, Taken, hex};
use super::{Format, Subject, Writer, sites};
use crate::audit::Outcome;
use crate::clock::Clock;
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
    let taken = Taken::begin(db, clock, viewer, (Subject::Sites, format), params).await?;
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
    let taken = Taken::begin(&db, clock, &asked.viewer, (Subject::of(T::KIND), format), params).await?;
    let (send, receive) = mpsc::channel::<io::Result<Bytes>>(2);
    tokio::spawn(async move {
        let mut sent = Sent { send, hash: Sha256::new(), n_rows: 0 };
        if let Err(error) = whole::<T>(&asked, &db, &mut sent, taken).await {
            tracing::error!("an export of {} broke off: {error:#}", Subject::of(T::KIND));
            // The body ends without its end, so that no half a file is taken for a whole one.
            let _ = sent.send.send(Err(io::Error::other("the export broke off"))).await;
        }
    });
    let body = stream::unfold(receive, async |mut receive| receive.recv().await.map(|it| (it, receive)));
    Ok(respond(format, Subject::of(T::KIND), Body::from_stream(body)))
}

/// What has left so far.
struct Sent {
    send: mpsc::Sender<io::Result<Bytes>>,
    hash: Sha256,
    n_rows: u64,
}

impl Sent {
    /// Sends a piece; whether somebody still takes it.
    async fn piece(&mut self, bytes: Bytes) -> bool {
        self.hash.update(&bytes);
        self.send.send(Ok(bytes)).await.is_ok()
    }
}

/// Sends all of it, and logs how that ended. The last piece goes out after the log has it.
async fn whole<T: Exported>(asked: &Asked, db: &Db, sent: &mut Sent, taken: Taken) -> anyhow::Result<()> {
    let last = pump::<T>(asked, db, sent).await;
    let outcome = if matches!(last, Ok(Some(_))) { Outcome::Done } else { Outcome::BrokenOff };
    let mut hash = sent.hash.clone();
    if let Ok(Some(last)) = &last {
        hash.update(last);
    }
    taken.end(outcome, sent.n_rows, &hex(hash)).await?;
    if let Some(last) = last? {
        let _ = sent.send.send(Ok(last)).await;
    }
    Ok(())
}

/// Sends all but the last piece, which it returns; none when nobody takes any more.
async fn pump<T: Exported>(asked: &Asked, db: &Db, sent: &mut Sent) -> anyhow::Result<Option<Bytes>> {
    let gathered = Gathered::default();
    let properties = &asked.properties;
    let mut writer = Writer::new(asked.format, gathered.clone(), asked.demo, records::names(properties))?;
    let mut rows = records::rows::<T>(db, &asked.viewer, &asked.filter, properties);
    while let Some(row) = rows.next().await {
        records::write(&mut writer, properties, &row?)?;
        sent.n_rows += 1;
        if let Some(bytes) = gathered.take(CHUNK_BYTES)
            && !sent.piece(bytes).await
        {
            return Ok(None);
        }
    }
    writer.finish()?;
    Ok(Some(gathered.take(0).unwrap_or_default()))
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
