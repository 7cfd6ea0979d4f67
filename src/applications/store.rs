//! Reads and saves applications. A statement calls an application `a` and a review `v`.

use chrono::NaiveDate;
use futures_util::stream::BoxStream;

use super::filter::Filter;
use super::parts::{DueReview, Waiting};
use super::{Application, ApplicationId, Listed, Waits};
use crate::clock::Moment;
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "application",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "number",
        "procedure",
        "holder",
        "kind",
        "business",
        "applicant",
        "party_id",
        "site_id",
        "address",
        "unit",
        "city",
        "building_id",
        "lon",
        "lat",
        "point_method",
        "license_id",
        "received_on",
        "state",
        "state_on",
        "waits",
        "decide_by",
        "decided_on",
        "appeal_by",
        "ends_on",
        "fee",
        "noted_by",
        "note",
        "reason",
    ],
};

const LATE: &str = "EXISTS (SELECT 1 FROM application_review v WHERE v.application_id = a.id AND v.superseded_at IS NULL \
    AND v.review_state = 'waiting' AND v.due_on < ? AND a.waits <> 'nobody' AND a.decided_on IS NULL)";
const FOUND: &str = "(lower(a.business) LIKE ? ESCAPE '\\' OR lower(a.applicant) LIKE ? ESCAPE '\\' OR lower(a.address) LIKE ? ESCAPE '\\' \
    OR a.number = ?)";

/// The columns of an application, those that may be withheld by themselves.
fn columns(viewer: &Viewer) -> Query {
    query(include_str!("application.sql")).held(viewer, Resource::Application, "a.note").then(",").held(
        viewer,
        Resource::Application,
        "a.reason",
    )
}

/// Applications in all versions that `viewer` may see.
fn seen(viewer: &Viewer) -> Query {
    columns(viewer).then("FROM application a WHERE true").limited(viewer, Resource::Application)
}

/// The current version of one application.
pub async fn find(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: ApplicationId,
) -> db::Result<Option<Application>> {
    seen(viewer).and("a.id = ?", Some(id)).then("AND a.superseded_at IS NULL").fetch_optional(on).await
}

/// All versions of one application, the newest first.
pub async fn versions(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: ApplicationId,
) -> db::Result<Vec<Application>> {
    seen(viewer).and("a.id = ?", Some(id)).then("ORDER BY a.version DESC").fetch_all(on).await
}

/// The applications at a site, the newest first.
pub async fn of_site(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
) -> db::Result<Vec<Application>> {
    seen(viewer)
        .and("a.site_id = ?", Some(site))
        .then("AND a.superseded_at IS NULL ORDER BY a.number DESC")
        .fetch_all(on)
        .await
}

/// One page of the applications that fit `filter`: what waits first, by the end of the clock, then by the day of receipt.
/// `page` is its number from 0 and its size; `warns` is the day from which a clock that ends before warns.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    (today, warns): (NaiveDate, NaiveDate),
    page: (u32, u32),
) -> db::Result<Vec<Listed>> {
    fitting(listed(viewer, today), filter, (today, warns))
        .then(ORDER)
        .then("LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// All of them, one at a time in flat memory.
pub fn stream<'c>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
    days: (NaiveDate, NaiveDate),
) -> BoxStream<'c, db::Result<Listed>> {
    fitting(listed(viewer, days.0), filter, days).then(ORDER).stream(on)
}

const ORDER: &str = "ORDER BY CASE WHEN a.waits = 'nobody' THEN 1 ELSE 0 END, coalesce(a.decide_by, '9999'), a.received_on, a.number";

fn listed(viewer: &Viewer, today: NaiveDate) -> Query {
    columns(viewer)
        .then(", (SELECT count(*) FROM application_review v WHERE v.application_id = a.id AND v.superseded_at IS NULL AND v.review_state = 'waiting' AND a.waits <> 'nobody' AND a.decided_on IS NULL AND v.due_on <")
        .value(Moment::Day(today))
        .then(") AS n_late, (SELECT min(v.due_on) FROM application_review v WHERE v.application_id = a.id AND v.superseded_at IS NULL AND v.review_state = 'waiting' AND a.decided_on IS NULL) AS next_due FROM application a WHERE true")
        .limited(viewer, Resource::Application)
}

/// How many applications fit, by for whom they wait; whom the filter names does not matter here.
pub async fn counts(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    days: (NaiveDate, NaiveDate),
) -> db::Result<Vec<(Waits, i64)>> {
    let all = query("SELECT a.waits, count(*) FROM application a WHERE true")
        .limited(viewer, Resource::Application);
    let filter = Filter { waits: Vec::new(), ..filter.clone() };
    fitting(all, &filter, days).then("GROUP BY a.waits").fetch_all(on).await
}

/// Reviews that nobody has done, due before that day, the longest due first.
pub async fn due_reviews(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    before: NaiveDate,
) -> db::Result<Vec<DueReview>> {
    query("SELECT v.application_id, a.number, a.holder, a.business, a.applicant, v.review, v.owner, v.due_on FROM application_review v JOIN application a ON a.id = v.application_id AND a.superseded_at IS NULL WHERE v.superseded_at IS NULL AND v.review_state = 'waiting' AND a.waits <> 'nobody' AND a.decided_on IS NULL")
        .limited(viewer, Resource::Application)
        .and("v.due_on < ?", Some(Moment::Day(before)))
        .then("ORDER BY v.due_on, a.number, v.review")
        .fetch_all(on)
        .await
}

/// For whom applications wait: how many, and the oldest.
pub async fn waiting(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Waiting>> {
    query("SELECT a.waits, count(*) AS n, min(a.received_on) AS oldest FROM application a WHERE a.superseded_at IS NULL AND a.waits <> 'nobody'")
        .limited(viewer, Resource::Application)
        .then("GROUP BY a.waits ORDER BY a.waits")
        .fetch_all(on)
        .await
}

/// The number that the next application gets. Call it inside [`Tx::one_at_a_time`].
pub async fn next_number(tx: &mut Tx) -> db::Result<i64> {
    query("SELECT coalesce(max(number), 0) + 1 FROM application").fetch_scalar(tx).await
}

/// Saves a version; the one before it ends.
pub async fn save(tx: &mut Tx, it: Application) -> db::Result<()> {
    query("UPDATE application SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(it.recorded_at)
        .bind(it.id)
        .execute(&mut *tx)
        .await?;
    let mut row: Vec<Value> = vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None)];
    row.extend([it.number.into(), it.procedure.into(), it.holder.into(), it.kind.into()]);
    row.extend([it.business.into(), it.applicant.into(), it.party_id.into(), it.site_id.into()]);
    row.extend(it.place.values());
    row.extend([it.license_id.into(), it.received_on.into(), it.state.into(), it.state_on.into()]);
    row.extend([it.waits.into(), it.decide_by.into(), it.decided_on.into(), it.appeal_by.into()]);
    row.extend([it.ends_on.into(), it.fee.into(), it.noted_by.into(), it.note.into(), it.reason.into()]);
    tx.insert(&TABLE, vec![row]).await?;
    Ok(())
}

/// Appends what `filter` asks of an application.
fn fitting(query: Query, filter: &Filter, (today, warns): (NaiveDate, NaiveDate)) -> Query {
    let waits: Vec<&str> = filter.waits.iter().map(|it| it.as_str()).collect();
    let query = query
        .then("AND a.superseded_at IS NULL")
        .and("a.procedure = ?", filter.procedure.as_ref())
        .and("a.state = ?", filter.state.as_ref())
        .and("a.holder = ?", filter.holder)
        .and_in("a.waits IN (SELECT value FROM json_each(?))", &waits)
        .and("a.license_id = ?", filter.license)
        .and(LATE, filter.late.then_some(Moment::Day(today)))
        .and(
            "a.waits = 'agency' AND a.decided_on IS NULL AND a.decide_by <= ?",
            filter.clock.then_some(Moment::Day(warns)),
        );
    let Some(text) = filter.text.as_deref() else { return query };
    let like = db::like(text);
    let code = text.trim().trim_start_matches(['A', 'a']).trim_start_matches('-');
    let number = code.parse::<i64>().unwrap_or(-1);
    query.and_all(FOUND, [like.clone().into(), like.clone().into(), like.into(), number.into()])
}
