//! Reads and saves successions. A statement calls one `l`.

use std::collections::BTreeSet;

use super::{Adjudicated, State, Succession, SuccessionId};
use crate::clock::Moment;
use crate::db::{self, Db, Query, Table, Target, Tx, Value, query};
use crate::licenses::Status;
use crate::records::{RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "succession",
    columns: &[
        "id",
        "version",
        "recorded_at",
        "superseded_at",
        "from_site",
        "to_site",
        "state",
        "probability",
        "evidence",
        "days",
        "model",
        "decided_by",
        "decided_name",
        "decided_at",
        "why",
    ],
};

const COLUMNS: &str = "SELECT l.id, l.version, l.recorded_at, l.from_site, l.to_site, l.state, l.probability, l.evidence, \
    l.days, l.model, l.decided_by, l.decided_name, l.decided_at,";

/// A confirmed path has no more steps than this to either side.
const MOST_STEPS: usize = 8;

/// The term of a license that counts for a site.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Term {
    /// The site.
    pub site_id: SiteId,
    /// Where the license stands.
    pub status: Status,
    /// When its version says that it happened.
    pub occurred_at: Moment,
    /// The first day.
    pub starts_on: Option<Moment>,
    /// The last day.
    pub expires_on: Option<Moment>,
    /// The telephone of the business.
    pub phone: Option<String>,
}

/// Successions in all versions that `viewer` may see.
fn seen(viewer: &Viewer) -> Query {
    query(COLUMNS)
        .held(viewer, Resource::Succession, "l.why")
        .then("FROM succession l WHERE true")
        .limited(viewer, Resource::Succession)
}

/// As known at a moment, or now.
fn known(query: Query, as_of: Option<Moment>) -> Query {
    match as_of.map(|it| it.end()) {
        None => query.then("AND l.superseded_at IS NULL"),
        Some(at) => query
            .and("l.recorded_at <= ?", Some(at))
            .and("(l.superseded_at IS NULL OR l.superseded_at > ?)", Some(at)),
    }
}

/// The current version of one succession.
pub async fn find(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: SuccessionId,
) -> db::Result<Option<Succession>> {
    known(seen(viewer).and("l.id = ?", Some(id)), None).fetch_optional(on).await
}

/// The current version of each.
pub async fn all(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Succession>> {
    known(seen(viewer), None).then("ORDER BY l.id").fetch_all(on).await
}

/// All versions of one, newest first.
pub async fn versions(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: SuccessionId,
) -> db::Result<Vec<Succession>> {
    seen(viewer).and("l.id = ?", Some(id)).then("ORDER BY l.version DESC").fetch_all(on).await
}

/// Those in that state, as known at a moment or now; proposals by how likely they are, others by when they were decided,
/// the latest first; at most `most`.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    state: State,
    as_of: Option<Moment>,
    most: u32,
) -> db::Result<Vec<Succession>> {
    known(seen(viewer).and("l.state = ?", Some(state)), as_of)
        .then("ORDER BY coalesce(l.decided_at, '') DESC, l.probability DESC, l.id LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

/// Those from or to a site, rejected ones left out, as known at a moment or now; the likeliest first.
pub async fn of_site(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    as_of: Option<Moment>,
) -> db::Result<Vec<Succession>> {
    known(seen(viewer).and("(l.from_site = ? OR l.to_site = ?)", Some(site)), as_of)
        .and("l.state <> ?", Some(State::Rejected))
        .then("ORDER BY l.state, l.probability DESC, l.id")
        .fetch_all(on)
        .await
}

/// The confirmed path that leads through a site, as known at a moment or now: each step, the earliest first.
pub async fn path(
    db: &Db,
    viewer: &Viewer,
    site: SiteId,
    as_of: Option<Moment>,
) -> db::Result<Vec<Succession>> {
    let mut steps: Vec<Succession> = Vec::new();
    let mut seen = BTreeSet::from([site]);
    let mut edge = vec![site];
    for _ in 0..MOST_STEPS {
        let mut next = Vec::new();
        for at in edge {
            for it in of_site(db, viewer, at, as_of).await? {
                let is_new = !steps.iter().any(|step| step.id == it.id);
                if it.state == State::Confirmed && is_new {
                    // A circle of decisions ends where it began.
                    next.extend(Some(it.other(at)).filter(|it| seen.insert(*it)));
                    steps.push(it);
                }
            }
        }
        edge = next;
    }
    Ok(ordered(steps, site))
}

/// The sites that a site succeeded, by confirmed successions, the nearest first.
pub async fn predecessors(
    db: &Db,
    viewer: &Viewer,
    site: SiteId,
    as_of: Option<Moment>,
) -> db::Result<Vec<SiteId>> {
    let steps = path(db, viewer, site, as_of).await?;
    let (mut found, mut edge) = (Vec::new(), vec![site]);
    while let Some(at) = edge.pop() {
        for it in steps.iter().filter(|it| it.to_site == at) {
            if it.from_site != site && !found.contains(&it.from_site) {
                found.push(it.from_site);
                edge.push(it.from_site);
            }
        }
    }
    Ok(found)
}

/// What was established at these sites: licenses revoked or suspended, and violations that an inspection which was not
/// passed found; the latest first. Complaints and incidents are allegations and are not read.
pub async fn adjudicated(db: &Db, viewer: &Viewer, sites: &[SiteId]) -> db::Result<Vec<Adjudicated>> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || sites.iter().map(|it| Value::from(*it));
    let licenses = query(include_str!("licenses.sql"))
        .limited(viewer, Resource::License)
        .limited(viewer, Resource::Link)
        .then("AND l.site_id IN")
        .list(ids())
        .fetch_all(db);
    let violations = query(include_str!("violations.sql"))
        .limited(viewer, Resource::Inspection)
        .limited(viewer, Resource::Link)
        .then("AND l.site_id IN")
        .list(ids())
        .fetch_all(db);
    type Rows<T> = Vec<(SiteId, RecordId, Moment, T)>;
    let (licenses, violations): (Rows<Status>, Rows<String>) = tokio::try_join!(licenses, violations)?;
    let licenses = licenses.into_iter().map(|(site_id, id, on, status)| Adjudicated {
        site_id,
        kind: RecordKind::License,
        id,
        on,
        what: format!("License {}", status.as_str()),
    });
    let violations = violations.into_iter().map(|(site_id, id, on, what)| Adjudicated {
        site_id,
        kind: RecordKind::Inspection,
        id,
        on,
        what,
    });
    let mut all: Vec<Adjudicated> = licenses.chain(violations).collect();
    all.sort_by(|a, b| b.on.cmp(&a.on).then(a.id.cmp(&b.id)));
    Ok(all)
}

/// The terms of all licenses that count for a site.
pub async fn terms(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Term>> {
    query(
        "SELECT l.site_id, r.status, r.occurred_at, r.starts_on, r.expires_on, r.phone FROM link l \
         JOIN license r ON r.id = l.record_id AND r.superseded_at IS NULL \
         WHERE l.record_kind = 'license' AND l.superseded_at IS NULL AND l.site_id IS NOT NULL",
    )
    .limited(viewer, Resource::License)
    .limited(viewer, Resource::Link)
    .then("ORDER BY l.site_id, r.id")
    .fetch_all(on)
    .await
}

/// Sites of which the catalog says where they moved: from and to.
pub async fn moved(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<(SiteId, SiteId)>> {
    query("SELECT s.id, s.moved_to FROM site s WHERE s.superseded_at IS NULL AND s.moved_to IS NOT NULL AND s.moved_to <> s.id")
        .limited(viewer, Resource::Site)
        .then("ORDER BY 1")
        .fetch_all(on)
        .await
}

/// Saves each as the version that its `version` says: 1 is new, a higher one supersedes the one before.
pub async fn save(tx: &mut Tx, successions: Vec<Succession>) -> db::Result<()> {
    for it in successions.iter().filter(|it| it.version > 1) {
        supersede(tx, it.id, it.recorded_at).await?;
    }
    tx.insert(&TABLE, successions.into_iter().map(row)).await?;
    Ok(())
}

/// Ends the current version of one without a further one: a proposal that no longer holds.
pub async fn supersede(tx: &mut Tx, id: SuccessionId, at: Moment) -> db::Result<()> {
    query("UPDATE succession SET superseded_at = $1 WHERE id = $2 AND superseded_at IS NULL")
        .bind(at)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The number that the next version of a succession gets.
pub async fn next_version(tx: &mut Tx, id: SuccessionId) -> db::Result<i64> {
    query("SELECT coalesce(max(version), 0) + 1 FROM succession WHERE id = $1")
        .bind(id)
        .fetch_scalar(tx)
        .await
}

/// Steps of a path in the order in which one leads to the next.
fn ordered(steps: Vec<Succession>, site: SiteId) -> Vec<Succession> {
    let mut before: Vec<Succession> = Vec::new();
    let (mut left, mut edge) = (steps, vec![site]);
    while let Some(at) = edge.pop() {
        let (found, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|it| it.to_site == at);
        left = rest;
        edge.extend(found.iter().map(|it| it.from_site));
        before.extend(found);
    }
    before.reverse();
    before.extend(left);
    before
}

fn row(it: Succession) -> Vec<Value> {
    let mut row = vec![it.id.into(), it.version.into(), it.recorded_at.into(), Value::Text(None)];
    row.extend([it.from_site.into(), it.to_site.into(), it.state.into(), it.probability.into()]);
    row.extend([it.evidence.into(), it.days.into(), it.model.into(), it.decided_by.into()]);
    row.extend([it.decided_name.into(), it.decided_at.into(), it.why.into()]);
    row
}
