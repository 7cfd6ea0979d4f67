//! Handlers: the list of applications, and the same as a file.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use futures_util::StreamExt;
use maud::Markup;

use super::acts::Office;
use super::filter::{Filter, read};
use super::list_views::{self, List, PAGE};
use super::{Listed, hold_store, license_store, store, today};
use crate::audit::taken::{Sending, Taken};
use crate::audit::{Act, Entry};
use crate::formats::csv_out::CsvWriter;
use crate::formats::field::Field;
use crate::formats::gathered::Gathered;
use crate::rights::{Permission, Resource, Viewer};
use crate::web;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::layout::Nav;

/// The applications that fit the filter in the URL; without one, those that wait.
pub async fn list(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Markup> {
    let filter = read(&params)?;
    let page: u32 = params.get("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1);
    let now = office.today(frame.zone);
    let days = (now, today::warns(&office.workflow, now));
    let db = &office.db;
    let (rows, counts, holds, overruled) = tokio::try_join!(
        store::list(db, &viewer, &filter, days, (page - 1, PAGE)),
        store::counts(db, &viewer, &filter, days),
        hold_store::list(db, &viewer, Some(super::hold::HoldState::Open)),
        license_store::overruled(db, &viewer),
    )?;
    let list = List {
        params: &params,
        filter: &filter,
        rows,
        counts,
        page,
        workflow: &office.workflow,
        kinds: &office.kinds,
        today: now,
        n_holds: holds.len(),
        overruled,
        may_change: viewer.is_permitted(Permission::Change(Resource::Application)),
        may_export: viewer.is_permitted(Permission::Export(Resource::Application)),
    };
    Ok(frame.page("Desk").nav(Nav::Desk).show(list_views::list(&list)))
}

/// The applications that fit, as CSV in flat memory. That it was asked for is logged before its first byte.
pub async fn csv(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    params: Params,
) -> web::Result<Response> {
    let filter = read(&params)?;
    let said = params.with("page", None).trim_start_matches('?').to_owned();
    let entry = Entry::new(Act::Export).on(Resource::Application).with("format", "csv").with("filter", said);
    let taken = Taken::begin(&office.db, office.clock, &viewer, entry).await?;
    let (mut sending, body) = Sending::begin();
    tokio::spawn(async move {
        let now = office.today(frame.zone);
        let written = pump(&office, &viewer, &filter, (now, frame.demo), &mut sending).await;
        sending.end(written, taken).await;
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"applications.csv\""),
    ];
    Ok((headers, body).into_response())
}

/// Writes the applications; whether somebody took them to the end.
async fn pump(
    office: &Office,
    viewer: &Viewer,
    filter: &Filter,
    (now, demo): (NaiveDate, bool),
    sending: &mut Sending,
) -> anyhow::Result<bool> {
    let mut writer = CsvWriter::new(sending.sink(), COLUMNS)?;
    let days = (now, today::warns(&office.workflow, now));
    let mut rows = store::stream(&office.db, viewer, filter, days);
    while let Some(it) = rows.next().await {
        write(&mut writer, &it?, office, demo)?;
        if !sending.row().await {
            return Ok(false);
        }
    }
    writer.finish()?;
    Ok(true)
}

const COLUMNS: [&str; 17] = [
    "number",
    "procedure",
    "holder",
    "kind",
    "business",
    "applicant",
    "address",
    "unit",
    "city",
    "received_on",
    "state",
    "waits_for",
    "decide_by",
    "decided_on",
    "late_reviews",
    "site_id",
    "data_status",
];

fn write(
    writer: &mut CsvWriter<Gathered>,
    listed: &Listed,
    office: &Office,
    demo: bool,
) -> std::io::Result<()> {
    let it = &listed.application;
    let day = |it: Option<crate::clock::Moment>| it.map(|it| it.to_string());
    let (number, received) = (it.code(), it.received_on.to_string());
    let (decide_by, decided_on) = (day(it.decide_by), day(it.decided_on));
    let site = it.site_id.map(|it| it.to_string());
    let n_late = listed.n_late.to_string();
    writer.row([
        Field::Text(&number),
        Field::Text(&it.procedure),
        Field::Text(it.holder.as_str()),
        Field::Text(office.kinds.label(&it.kind)),
        Field::Text(&it.business),
        Field::Text(&it.applicant),
        it.place.address.as_deref().into(),
        it.place.unit.as_deref().into(),
        it.place.city.as_deref().into(),
        Field::Text(&received),
        Field::Text(&it.state),
        Field::Text(it.waits.as_str()),
        decide_by.as_deref().into(),
        decided_on.as_deref().into(),
        Field::Text(&n_late),
        site.as_deref().into(),
        Field::Text(if demo { crate::formats::DEMONSTRATION } else { "real" }),
    ])
}
