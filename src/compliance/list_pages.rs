//! Handlers: the list of findings, and the same as a file.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use maud::Markup;

use super::filter::{Filter, read};
use super::finding::Listed;
use super::job::Rules;
use super::list_views::{self, List};
use super::packs::Packs;
use super::store;
use crate::audit::taken::{Sending, Taken};
use crate::audit::{Act, Entry};
use crate::clock::Clock;
use crate::db::Db;
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::gathered::Gathered;
use crate::rights::{Permission, Resource, Viewer};
use crate::sites::Kinds;
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// The findings that fit the filter in the URL; without one, violations and what is for an attorney.
pub async fn list(
    State(db): State<Db>,
    State(rules): State<Rules>,
    State(kinds): State<Arc<Kinds>>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let filter = read(&params)?;
    let page = params.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1);
    let (findings, counts) = tokio::try_join!(
        store::list(&db, &viewer, &filter, (page - 1, list_views::PAGE)),
        store::counts(&db, &viewer, &filter),
    )?;
    let may_export = viewer.is_permitted(Permission::Export(Resource::Finding));
    let list = List {
        params: &params,
        filter: &filter,
        findings,
        counts,
        page,
        packs: &rules.packs,
        kinds: &kinds,
        may_export,
    };
    Ok(frame.page("Findings").nav(Nav::Findings).show(list_views::list(&list)))
}

/// The findings that fit, as CSV in flat memory. That it was asked for is logged before its first byte, and how it went
/// before its end.
pub async fn csv(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(rules): State<Rules>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Response> {
    let filter = read(&params)?;
    let said = params.with("page", None).trim_start_matches('?').to_owned();
    let entry = Entry::new(Act::Export).on(Resource::Finding).with("format", "csv").with("filter", said);
    let taken = Taken::begin(&db, clock, &viewer, entry).await?;
    let (mut sending, body) = Sending::begin();
    tokio::spawn(async move {
        let written = pump((&db, &viewer), &filter, &rules.packs, frame.demo, &mut sending).await;
        sending.end(written, taken).await;
    });
    Ok(respond(body))
}

fn respond(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"findings.csv\""),
    ];
    (headers, body).into_response()
}

/// Writes the findings; whether somebody took them to the end.
async fn pump(
    (db, viewer): (&Db, &Viewer),
    filter: &Filter,
    packs: &Packs,
    demo: bool,
    sending: &mut Sending,
) -> anyhow::Result<bool> {
    let mut writer = CsvWriter::new(sending.sink(), COLUMNS)?;
    let mut findings = store::stream(db, viewer, filter);
    while let Some(it) = findings.next().await {
        write(&mut writer, &it?, packs, demo)?;
        if !sending.row().await {
            return Ok(false);
        }
    }
    writer.finish()?;
    Ok(true)
}

const COLUMNS: [&str; 21] = [
    "site_id",
    "site",
    "site_kind",
    "city",
    "pack",
    "rule",
    "title",
    "citation",
    "law_status",
    "confidence",
    "status",
    "severity",
    "disputed",
    "since",
    "says",
    "because",
    "missing",
    "next_step",
    "whose_step",
    "pack_sha256",
    "data_status",
];

fn write(writer: &mut CsvWriter<Gathered>, it: &Listed, packs: &Packs, demo: bool) -> io::Result<()> {
    let finding = &it.stored.finding;
    let law = packs.rule(&finding.pack, &finding.rule);
    let citation = law.map(|(pack, rule)| pack.cite(rule));
    let (because, missing) = (finding.because.join(" "), finding.missing.join("; "));
    let since = finding.since.map(|it| it.to_string());
    writer.row([
        Field::Id(it.stored.site_id.0),
        Field::Text(&it.site_name),
        Field::Text(&it.site_kind),
        it.site_city.as_deref().into(),
        Field::Text(&finding.pack),
        Field::Text(&finding.rule),
        law.map(|it| it.1.title.as_str()).into(),
        citation.as_deref().into(),
        law.map(|it| it.0.status.as_str()).into(),
        law.map(|it| it.1.confidence.as_str()).into(),
        Field::Text(finding.status.as_str()),
        Field::Text(it.stored.severity.as_str()),
        Field::Bool(it.disputed),
        since.as_deref().into(),
        Field::Text(&finding.says),
        Field::Text(&because),
        Field::Text(&missing),
        law.and_then(|it| it.1.next.as_deref()).into(),
        law.map(|it| it.1.by.as_str()).into(),
        Field::Text(&finding.pack_hash),
        Field::Text(if demo { crate::formats::DEMONSTRATION } else { "real" }),
    ])
}
