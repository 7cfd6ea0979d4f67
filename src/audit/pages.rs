//! The pages of the log: its entries, the proof of its chain, and the log as a file.

use std::io;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::StreamExt;
use maud::Markup;
use uuid::Uuid;

use super::store::{self, Filter};
use super::taken::{Sending, Taken};
use super::verify::verify;
use super::views::{self, List};
use super::{Act, Entry, Logged, words};
use crate::clock::Clock;
use crate::db::Db;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::gathered::Gathered;
use crate::records::listing::{PAGE, page_of};
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error};

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
    let entry = Entry::new(Act::Export).on(Resource::Audit).with("filter", said);
    let taken = Taken::begin(&db, clock, &viewer, entry).await?;
    let (mut sending, body) = Sending::begin();
    let demo = frame.demo;
    tokio::spawn(async move {
        let written = pump(&db, &viewer, &filter, demo, &mut sending).await;
        sending.end(written, taken).await;
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"log.csv\""),
    ];
    Ok((headers, body).into_response())
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

/// Writes the entries; whether somebody took them to the end.
async fn pump(
    db: &Db,
    viewer: &Viewer,
    filter: &Filter,
    demo: bool,
    sending: &mut Sending,
) -> anyhow::Result<bool> {
    let mut writer = CsvWriter::new(sending.sink(), COLUMNS)?;
    let mut entries = store::stream(db, viewer, filter);
    while let Some(entry) = entries.next().await {
        write(&mut writer, &entry?, demo)?;
        if !sending.row().await {
            return Ok(false);
        }
    }
    writer.finish()?;
    Ok(true)
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
