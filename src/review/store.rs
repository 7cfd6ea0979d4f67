//! Reads the queue, the links in question and what was decided, each as far as the viewer may see the record itself.

use std::collections::HashMap;

use super::{Companion, Decision, Known, LinkNow, QueueRow, Queued, Subject};
use crate::clock::Moment;
use crate::complaints::Complaint;
use crate::db::{self, Query, Target, Value, query};
use crate::incidents::Incident;
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::records::decisions::DecisionId;
use crate::records::{self, RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};

/// `count` and since when the oldest waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// How many wait, those put off among them.
    pub n: i64,
    /// Since when the oldest waits.
    pub oldest: Option<Moment>,
}

/// Since some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Tally {
    /// Decided.
    pub n_decided: i64,
    /// Undone.
    pub n_undone: i64,
}

const DECISION: &str = "SELECT id, record_kind, record_id, verdict, site_id, building_id, part_of, decided_at, decided_by, \
    decided_name, why, undone_at, before_site, before_building, before_method, before_certainty, before_model, \
    before_evidence FROM link_decision WHERE true";

/// Makes of a macro that puts a table, the column of a label and that of a name into a statement one statement a kind.
macro_rules! by_kind {
    ($function:ident, $text:ident) => {
        fn $function(kind: RecordKind) -> &'static str {
            match kind {
                RecordKind::License => $text!("license", "r.number", "r.name"),
                RecordKind::Inspection => $text!("inspection", "r.source_key", "r.name"),
                RecordKind::Complaint => $text!("complaint", "r.source_key", "r.name"),
                RecordKind::Incident => $text!("incident", "r.source_key", "''"),
            }
        }
    };
}

macro_rules! waiting_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT '",
            $table,
            "' AS kind, r.id, ",
            $label,
            " AS label, ",
            $name,
            " AS name, r.address, r.city, q.candidates, q.recorded_at, q.consequence, \
             CASE WHEN q.state = 'later' AND q.later_at > $1 THEN 1 ELSE 0 END AS is_off \
             FROM link_review q JOIN ",
            $table,
            " r ON r.id = q.record_id AND r.superseded_at IS NULL \
             WHERE q.state <> 'decided' AND q.record_kind = '",
            $table,
            "'"
        )
    };
}
by_kind!(waiting_of, waiting_text);

macro_rules! counted_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT q.recorded_at FROM link_review q JOIN ",
            $table,
            " r ON r.id = q.record_id AND r.superseded_at IS NULL WHERE q.state <> 'decided' AND q.record_kind = '",
            $table,
            "'"
        )
    };
}
by_kind!(counted_of, counted_text);

macro_rules! tally_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT d.decided_at, d.undone_at FROM link_decision d JOIN ",
            $table,
            " r ON r.id = d.record_id AND r.superseded_at IS NULL \
             WHERE d.part_of IS NULL AND (d.decided_at >= $1 OR d.undone_at >= $1) AND d.record_kind = '",
            $table,
            "'"
        )
    };
}
by_kind!(tally_of, tally_text);

macro_rules! queued_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT q.recorded_at, q.building_id, q.candidates, q.state FROM link_review q JOIN ",
            $table,
            " r ON r.id = q.record_id AND r.superseded_at IS NULL WHERE q.record_kind = '",
            $table,
            "' AND q.record_id = $1"
        )
    };
}
by_kind!(queued_of, queued_text);

macro_rules! link_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT k.version, k.site_id, k.building_id, k.method, k.certainty, k.model, k.evidence, k.cause FROM link k JOIN ",
            $table,
            " r ON r.id = k.record_id AND r.superseded_at IS NULL WHERE k.superseded_at IS NULL AND k.record_kind = '",
            $table,
            "' AND k.record_id = $1"
        )
    };
}
by_kind!(link_of, link_text);

macro_rules! companion_text {
    ($table:literal, $label:literal, $name:literal) => {
        concat!(
            "SELECT '",
            $table,
            "' AS kind, r.id, ",
            $label,
            " AS label, ",
            $name,
            " AS name, r.occurred_at FROM link k JOIN ",
            $table,
            " r ON r.id = k.record_id AND r.superseded_at IS NULL \
             WHERE k.superseded_at IS NULL AND k.site_id = $1 AND k.record_kind = '",
            $table,
            "'"
        )
    };
}
by_kind!(companion_of, companion_text);

/// The kinds of record of which `viewer` may see the links.
fn kinds(viewer: &Viewer) -> Vec<RecordKind> {
    let may = |it: &RecordKind| viewer.may_see(Resource::Link) && viewer.may_see(it.resource());
    RecordKind::ALL.iter().copied().filter(may).collect()
}

/// One statement over these kinds, each limited to what `viewer` may see.
fn union(start: Query, viewer: &Viewer, kinds: &[RecordKind], part: fn(RecordKind) -> &'static str) -> Query {
    kinds.iter().enumerate().fold(start, |query, (n, kind)| {
        let query = if n == 0 { query } else { query.then("UNION ALL") };
        query.then(part(*kind)).limited(viewer, kind.resource())
    })
}

/// The first of the queue: the most consequential first, then the oldest; those put off until after `now` come last.
pub async fn queue(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    now: Moment,
    most: u32,
) -> db::Result<Vec<QueueRow>> {
    let kinds = kinds(viewer);
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    union(query("WITH found AS (").bind(now), viewer, &kinds, waiting_of)
        .then(") SELECT kind, id, label, name, address, city, candidates FROM found")
        .then("ORDER BY is_off, consequence DESC, recorded_at, id LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

/// How many wait, and since when.
pub async fn waiting(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Waiting> {
    let kinds = kinds(viewer);
    if kinds.is_empty() {
        return Ok(Waiting::default());
    }
    union(query("WITH found AS ("), viewer, &kinds, counted_of)
        .then(") SELECT count(*) AS n, min(recorded_at) AS oldest FROM found")
        .fetch_one(on)
        .await
}

/// How many wait, counted to `most` only: for the bar of every page.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer, most: i64) -> db::Result<i64> {
    let kinds = kinds(viewer);
    if kinds.is_empty() {
        return Ok(0);
    }
    union(query("WITH found AS ("), viewer, &kinds, counted_of)
        .then("), few AS (SELECT recorded_at FROM found LIMIT")
        .value(most)
        .then(") SELECT count(*) FROM few")
        .fetch_scalar(on)
        .await
}

/// How many were decided and undone since a moment.
pub async fn tally(on: impl Into<Target<'_>>, viewer: &Viewer, since: Moment) -> db::Result<Tally> {
    let kinds = kinds(viewer);
    if kinds.is_empty() {
        return Ok(Tally::default());
    }
    union(query("WITH found AS (").bind(since), viewer, &kinds, tally_of)
        .then(") SELECT count(CASE WHEN decided_at >= $1 AND undone_at IS NULL THEN 1 END) AS n_decided,")
        .then("count(CASE WHEN undone_at >= $1 THEN 1 END) AS n_undone FROM found")
        .fetch_one(on)
        .await
}

/// A record as it is compared; none that the viewer may not see, or may not see linked.
pub async fn subject(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kind: RecordKind,
    id: RecordId,
) -> db::Result<Option<Subject>> {
    if !viewer.may_see(Resource::Link) {
        return Ok(None);
    }
    Ok(match kind {
        RecordKind::License => records::store::find::<License>(on, viewer, id).await?.map(Subject::from),
        RecordKind::Inspection => {
            records::store::find::<Inspection>(on, viewer, id).await?.map(Subject::from)
        }
        RecordKind::Complaint => records::store::find::<Complaint>(on, viewer, id).await?.map(Subject::from),
        RecordKind::Incident => records::store::find::<Incident>(on, viewer, id).await?.map(Subject::from),
    })
}

/// How a record stands in the queue; none if it never did.
pub async fn queued(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kind: RecordKind,
    id: RecordId,
) -> db::Result<Option<Queued>> {
    if !viewer.may_see(Resource::Link) {
        return Ok(None);
    }
    query(queued_of(kind)).bind(id).limited(viewer, kind.resource()).fetch_optional(on).await
}

/// The link that a record has now, whatever site it leads to.
pub async fn link(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kind: RecordKind,
    id: RecordId,
) -> db::Result<Option<LinkNow>> {
    if !viewer.may_see(Resource::Link) {
        return Ok(None);
    }
    query(link_of(kind)).bind(id).limited(viewer, kind.resource()).fetch_optional(on).await
}

/// What was decided of a record, newest first.
pub async fn decisions(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kind: RecordKind,
    id: RecordId,
) -> db::Result<Vec<Decision>> {
    let mut on = on.into();
    if subject(on.again(), viewer, kind, id).await?.is_none() {
        return Ok(Vec::new());
    }
    query(DECISION)
        .and("record_id = ?", Some(id))
        .and("record_kind = ?", Some(kind))
        .then("ORDER BY decided_at DESC, id DESC")
        .fetch_all(on)
        .await
}

/// One decision.
pub async fn decision(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: DecisionId,
) -> db::Result<Option<Decision>> {
    let mut on = on.into();
    let found: Option<Decision> = query(DECISION).and("id = ?", Some(id)).fetch_optional(on.again()).await?;
    let Some(found) = found else { return Ok(None) };
    let seen = subject(on, viewer, found.record_kind, found.record_id).await?;
    Ok(seen.map(|_| found))
}

/// The decisions that one made of further records, each as far as the viewer may see it.
pub async fn parts(on: impl Into<Target<'_>>, viewer: &Viewer, of: DecisionId) -> db::Result<Vec<Decision>> {
    let mut on = on.into();
    let found: Vec<Decision> =
        query(DECISION).and("part_of = ?", Some(of)).then("ORDER BY id").fetch_all(on.again()).await?;
    let mut seen = Vec::new();
    for it in found {
        if subject(on.again(), viewer, it.record_kind, it.record_id).await?.is_some() {
            seen.push(it);
        }
    }
    Ok(seen)
}

/// What the viewer decided last and did not undo, since a moment.
pub async fn last_own(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    since: Moment,
) -> db::Result<Option<Decision>> {
    let Some(account) = viewer.actor().account else { return Ok(None) };
    let mut on = on.into();
    let found: Option<Decision> = query(DECISION)
        .and("decided_by = ?", Some(account))
        .and("decided_at >= ?", Some(since))
        .then("AND undone_at IS NULL AND part_of IS NULL ORDER BY decided_at DESC, id DESC LIMIT 1")
        .fetch_optional(on.again())
        .await?;
    let Some(found) = found else { return Ok(None) };
    let seen = subject(on, viewer, found.record_kind, found.record_id).await?;
    Ok(seen.map(|_| found))
}

/// What is known of these sites beside their rows; a site of which nothing is known is absent.
pub async fn known(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    sites: &[SiteId],
) -> db::Result<HashMap<SiteId, Known>> {
    let mut on = on.into();
    let ids = || sites.iter().map(|it| Value::from(*it));
    let links: Vec<(SiteId, i64, Option<Moment>)> =
        query("SELECT l.site_id, count(*), max(l.recorded_at) FROM link l WHERE l.superseded_at IS NULL")
            .limited(viewer, Resource::Link)
            .then("AND l.record_kind IN")
            .list(kinds(viewer).into_iter().map(Value::from))
            .then("AND l.site_id IN")
            .list(ids())
            .then("GROUP BY l.site_id")
            .fetch_all(on.again())
            .await?;
    let numbers: Vec<(SiteId, String)> = query(
        "SELECT l.site_id, r.number FROM link l JOIN license r ON r.id = l.record_id AND r.superseded_at IS NULL \
         WHERE l.superseded_at IS NULL AND l.record_kind = 'license'",
    )
    .limited(viewer, Resource::License)
    .limited(viewer, Resource::Link)
    .then("AND l.site_id IN")
    .list(ids())
    .then("ORDER BY r.occurred_at, r.id")
    .fetch_all(on)
    .await?;
    let mut known: HashMap<SiteId, Known> = links
        .into_iter()
        .map(|(site, n_links, last)| (site, Known { n_links, last, license: None }))
        .collect();
    for (site, number) in numbers {
        known.entry(site).or_default().license = Some(number);
    }
    Ok(known)
}

/// The records that link to a site, oldest first; at most `most`.
pub async fn companions(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    most: u32,
) -> db::Result<Vec<Companion>> {
    let kinds = kinds(viewer);
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    union(query("WITH found AS (").bind(site), viewer, &kinds, companion_of)
        .then(") SELECT kind, id, label, name, occurred_at FROM found ORDER BY occurred_at, id LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}
