//! The pages of the log: its entries, the proof of its chain, and the log as a file.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::stream::{self, StreamExt};
use maud::Markup;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::store::{self, Filter};
use super::verify::verify;
use super::views::{self, List};
use super::{Act, Entry, Logged, Outcome, words};
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::records::listing::{PAGE, page_of};
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error};

/// What is sent at once: large enough to be worth a packet, small enough to stay flat.
const CHUNK_BYTES: usize = 64 * 1024;

const COLUMNS: [&str; 16] = [
    "n",
    "at",
    "account_id",
    "actor",
    "agency",
    "role",
    "session",
    "address",
    "act",
    "resource",
    "object_id",
    "outcome",
    "detail",
    "previous",
    "hash",
    "data_status",
];

/// The log, newest first, by the filter in the URL.
pub async fn list(State(db): State<Db>, frame: Frame, viewer: Viewer, params: Params) -> web::Result<Markup> {
    let filter = read(&params, frame.zone)?;
    let (total, head) = tokio::try_join!(store::count(&db, &viewer, &filter), store::head(&db))?;
    let n_pages = total.unsigned_abs().div_ceil(PAGE.into()).max(1);
    let page = page_of(&params).min(u32::try_from(n_pages).unwrap_or(u32::MAX));
    let rows = store::list(&db, &viewer, &filter, (page - 1, PAGE)).await?;
    let may_export = viewer.is_permitted(Permission::Export(Resource::Audit));
    let list = List { params: &params, rows, total, page, head, may_export, zone: frame.zone };
    Ok(frame.page("Log").nav(Nav::Log).show(views::list(&list)))
}

/// Walks the chain and shows what was found; `head` is one that was kept before.
pub async fn check(
    State(db): State<Db>,
    frame: Frame,
    viewer: Viewer,
    params: Params,
) -> web::Result<Markup> {
    let kept = params.get("head").map(words::head).transpose().map_err(|why| Error::field("head", why))?;
    let proof = verify(&db, &viewer, kept.as_ref().map(|(n, hash)| (*n, hash.as_str()))).await?;
    let page = frame.page("Proof of the log").nav(Nav::Log);
    let page = page.crumbs(vec![("Log".to_owned(), "/log".to_owned()), ("Proof".to_owned(), String::new())]);
    Ok(page.show(views::proof(&proof, kept.as_ref())))
}

/// The entries that fit the filter as CSV, oldest first, in flat memory. That it was asked for is logged before its
/// first byte, and how it went before its end.
pub async fn export(
    State(db): State<Db>,
    State(clock): State<Clock>,
    frame: Frame,
    viewer: Viewer,
    params: Params,
) -> web::Result<Response> {
    let filter = read(&params, frame.zone)?;
    let said = params.with("page", None).trim_start_matches('?').to_owned();
    let asked = Asked { db, clock, viewer, filter, said, demo: frame.demo };
    asked.log(&asked.entry(Outcome::Began)).await?;
    let (send, receive) = mpsc::channel::<io::Result<Bytes>>(2);
    tokio::spawn(asked.answer(send));
    let body = stream::unfold(receive, async |mut receive| receive.recv().await.map(|it| (it, receive)));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"log.csv\""),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Reads the filter of a URL; its days are those of `zone`.
fn read(params: &Params, zone: Tz) -> web::Result<Filter> {
    let object = params.get("object").map(str::parse::<Uuid>).transpose();
    let filter = Filter {
        actor: params.get("who").map(str::to_owned),
        act: params.parsed("act")?,
        resource: params.parsed("resource")?,
        outcome: params.parsed("outcome")?,
        object: object
            .map_err(|_| Error::field("object", "Give the whole id, as a row of the log shows it."))?,
        ..Filter::default()
    };
    Ok(words::between(filter, day(params, "from")?, day(params, "to")?, zone))
}

fn day(params: &Params, name: &'static str) -> web::Result<Option<NaiveDate>> {
    params.get(name).map(words::day).transpose().map_err(|why| Error::field(name, why))
}

/// An export that somebody asked for.
struct Asked {
    db: Db,
    clock: Clock,
    viewer: Viewer,
    filter: Filter,
    said: String,
    demo: bool,
}

impl Asked {
    fn entry(&self, outcome: Outcome) -> Entry {
        Entry::new(Act::Export).on(Resource::Audit).outcome(outcome).with("filter", &self.said)
    }

    async fn log(&self, entry: &Entry) -> db::Result<()> {
        store::record(&self.db, self.clock, &self.viewer, entry).await
    }

    async fn answer(self, send: mpsc::Sender<io::Result<Bytes>>) {
        let mut n_rows = 0;
        let sent = self.pump(&send, &mut n_rows).await;
        let outcome = if matches!(sent, Ok(true)) { Outcome::Done } else { Outcome::BrokenOff };
        let logged = self.log(&self.entry(outcome).with("n_rows", n_rows)).await;
        let failure = sent.err().or(logged.err().map(anyhow::Error::new));
        if let Some(error) = failure {
            tracing::error!("an export of the log broke off: {error:#}");
            // The body ends without its end: no half a file, and none that was not logged, is taken for a whole one.
            let _ = send.send(Err(io::Error::other("the export broke off"))).await;
        }
    }

    /// Writes the entries and counts them; whether somebody was there to the end.
    async fn pump(&self, send: &mpsc::Sender<io::Result<Bytes>>, n_rows: &mut i64) -> anyhow::Result<bool> {
        let gathered = Gathered::default();
        let mut writer = CsvWriter::new(gathered.clone(), COLUMNS)?;
        let mut entries = store::stream(&self.db, &self.viewer, &self.filter);
        while let Some(entry) = entries.next().await {
            write(&mut writer, &entry?, self.demo)?;
            *n_rows += 1;
            if let Some(bytes) = gathered.take(CHUNK_BYTES)
                && send.send(Ok(bytes)).await.is_err()
            {
                return Ok(false);
            }
        }
        writer.finish()?;
        match gathered.take(1) {
            Some(bytes) => Ok(send.send(Ok(bytes)).await.is_ok()),
            None => Ok(true),
        }
    }
}

fn write(writer: &mut CsvWriter<Gathered>, it: &Logged, demo: bool) -> io::Result<()> {
    let at = it.at.to_string();
    writer.row([
        Field::Int(it.n),
        Field::Text(&at),
        it.account_id.map(|it| it.0).into(),
        Field::Text(&it.actor),
        Field::Text(&it.agency),
        Field::Text(&it.role),
        it.session.as_deref().into(),
        it.address.as_deref().into(),
        Field::Text(it.act.as_str()),
        it.resource.map(Resource::as_str).into(),
        it.object_id.into(),
        Field::Text(it.outcome.as_str()),
        Field::Text(&it.detail),
        Field::Text(&it.previous),
        Field::Text(&it.hash),
        Field::Text(if demo { "demonstration" } else { "real" }),
    ])
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
