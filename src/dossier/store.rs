//! What the dossier reads beyond the slices' own reads: each statement is led by an index and bounded.

use std::collections::HashMap;

use super::terms::Term;
use super::{BuildingCount, Delivery, Entry, LinkCount, Records, Scope};
use crate::db::{self, Db, Query, Target, Value, query};
use crate::inspections::{self, Violation};
use crate::records::recorded::Recorded;
use crate::records::{self, BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};

const LINKS: &str = "SELECT record_kind AS kind, method, certainty, count(*) AS n FROM link l \
    WHERE superseded_at IS NULL";

// MATERIALIZED: the links of the site are few, and are to be found before the records are looked at.
const LINKED: &str = "WITH linked AS MATERIALIZED (SELECT record_kind, record_id FROM link l \
    WHERE site_id = $1 AND superseded_at IS NULL";

const TERMS: &str = ") SELECT r.id, r.kind, r.status, coalesce(r.starts_on, r.issued_on, r.occurred_at) AS begins, \
    r.expires_on AS ends FROM linked l JOIN license r ON r.id = l.record_id AND r.superseded_at IS NULL \
    WHERE l.record_kind = 'license' AND r.expires_on IS NOT NULL";

const DELIVERIES: &str = "SELECT record_kind, source, max(started_at) AS last_at FROM import_batch \
    WHERE state <> 'running'";

macro_rules! statement_of_kind {
    ($function:ident: $($part:expr),+) => {
        fn $function(kind: RecordKind) -> &'static str {
            match kind {
                RecordKind::License => statement_of_kind!(@ "license", $($part),+),
                RecordKind::Inspection => statement_of_kind!(@ "inspection", $($part),+),
                RecordKind::Complaint => statement_of_kind!(@ "complaint", $($part),+),
                RecordKind::Incident => statement_of_kind!(@ "incident", $($part),+),
            }
        }
    };
    (@ $table:literal, $a:literal, $b:literal, $c:literal) => { concat!($a, $table, $b, $table, $c) };
    (@ $table:literal, $a:literal, $b:literal, $c:literal, $d:literal) => {
        concat!($a, $table, $b, $table, $c, $table, $d)
    };
}

statement_of_kind! { linked_entries:
"SELECT '", "' AS kind, r.id, r.occurred_at FROM linked l JOIN ",
" r ON r.id = l.record_id AND r.superseded_at IS NULL WHERE l.record_kind = '", "'" }

statement_of_kind! { building_entries:
"SELECT '", "' AS kind, r.id, r.occurred_at FROM ", " r WHERE r.superseded_at IS NULL AND r.building_id = $1" }

statement_of_kind! { building_counts:
"SELECT '", "' AS kind, count(*) AS n, \
count(CASE WHEN l.method IS NOT NULL AND l.site_id IS NULL THEN 1 END) AS n_only FROM ",
" r LEFT JOIN link l ON l.record_id = r.id AND l.superseded_at IS NULL AND l.record_kind = '",
"' WHERE r.superseded_at IS NULL AND r.building_id = $1" }

/// The kinds of record that `viewer` may see.
pub fn visible_kinds(viewer: &Viewer) -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.iter().copied().filter(|it| viewer.may_see(it.resource()))
}

/// How the records of a site are linked, and how many in each way.
pub async fn links(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<LinkCount>> {
    query(LINKS)
        .limited(viewer, Resource::Link)
        .and("site_id = ?", Some(site))
        .then("AND record_kind IN")
        .list(visible_kinds(viewer).map(Value::from))
        .then("GROUP BY record_kind, method, certainty ORDER BY record_kind, certainty DESC, method")
        .fetch_all(on)
        .await
}

/// A stretch of a timeline, newest first; `(first, length)` is the place of its first record, from 0, and its length.
pub async fn entries(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    scope: Scope,
    show: &[RecordKind],
    (first, length): (u64, u64),
) -> db::Result<Vec<Entry>> {
    let kinds: Vec<RecordKind> =
        visible_kinds(viewer).filter(|it| show.is_empty() || show.contains(it)).collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    entries_query(viewer, scope, &kinds, (first, length)).fetch_all(on).await
}

/// The statement of a stretch of a timeline. MATERIALIZED: where records are sorted as they are found, SQLite walks each
/// whole table by time and looks for the few in it.
fn entries_query(viewer: &Viewer, scope: Scope, kinds: &[RecordKind], (first, length): (u64, u64)) -> Query {
    let found = match scope {
        Scope::Site(site) => {
            let linked = query(LINKED).bind(site).limited(viewer, Resource::Link);
            union(linked.then("), found AS MATERIALIZED ("), viewer, kinds, linked_entries)
        }
        Scope::Building(building) => {
            union(query("WITH found AS MATERIALIZED (").bind(building), viewer, kinds, building_entries)
        }
    };
    let number = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
    found
        .then(") SELECT kind, id, occurred_at FROM found ORDER BY occurred_at DESC, id DESC LIMIT")
        .value(number(length))
        .then("OFFSET")
        .value(number(first))
}

/// The terms of a site's licenses, in no order; a license without an end has none.
pub async fn terms(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<Term>> {
    query(LINKED)
        .bind(site)
        .limited(viewer, Resource::Link)
        .then(TERMS)
        .limited(viewer, Resource::License)
        .fetch_all(on)
        .await
}

/// How many records of each kind stand at a building.
pub async fn counts_of_building(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    building: BuildingId,
) -> db::Result<Vec<BuildingCount>> {
    let kinds: Vec<RecordKind> = visible_kinds(viewer).collect();
    if kinds.is_empty() || !viewer.may_see(Resource::Link) {
        return Ok(Vec::new());
    }
    union(query("").bind(building), viewer, &kinds, building_counts).fetch_all(on).await
}

fn union(start: Query, viewer: &Viewer, kinds: &[RecordKind], part: fn(RecordKind) -> &'static str) -> Query {
    kinds.iter().enumerate().fold(start, |query, (n, kind)| {
        let query = if n == 0 { query } else { query.then("UNION ALL") };
        query.then(part(*kind)).limited(viewer, kind.resource())
    })
}

/// What the inspections of a site found and nobody has put right, the latest visit first; at most `most`.
pub async fn open_violations(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    most: u32,
) -> db::Result<Vec<Violation>> {
    query(include_str!("open_violations.sql"))
        .bind(site)
        .limited(viewer, Resource::Inspection)
        .limited(viewer, Resource::Link)
        .then("ORDER BY r.occurred_at DESC, v.inspection_id, v.n LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

/// When each source last delivered each kind of record.
pub async fn deliveries(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Delivery>> {
    query(DELIVERIES)
        .limited(viewer, Resource::Import)
        .then("GROUP BY record_kind, source ORDER BY record_kind, source")
        .fetch_all(on)
        .await
}

/// The records of these kinds and ids in full.
pub async fn records(db: &Db, viewer: &Viewer, wanted: &[(RecordKind, RecordId)]) -> db::Result<Records> {
    let ids = |kind| {
        let mut ids: Vec<RecordId> = wanted.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let (licenses, inspections) = (ids(RecordKind::License), ids(RecordKind::Inspection));
    let (complaints, incidents) = (ids(RecordKind::Complaint), ids(RecordKind::Incident));
    let (licenses, found, violations, complaints, incidents) = tokio::try_join!(
        unless_empty(&licenses, records::store::with_ids(db, viewer, &licenses)),
        unless_empty(&inspections, records::store::with_ids(db, viewer, &inspections)),
        unless_empty(&inspections, inspections::store::violations_of(db, viewer, &inspections)),
        unless_empty(&complaints, records::store::with_ids(db, viewer, &complaints)),
        unless_empty(&incidents, records::store::with_ids(db, viewer, &incidents)),
    )?;
    let mut of_inspection: HashMap<RecordId, Vec<Violation>> = HashMap::new();
    for it in violations {
        of_inspection.entry(it.inspection_id).or_default().push(it);
    }
    Ok(Records {
        licenses: by_id(licenses),
        inspections: by_id(found),
        violations: of_inspection,
        complaints: by_id(complaints),
        incidents: by_id(incidents),
    })
}

fn by_id<R: Recorded>(records: Vec<R>) -> HashMap<RecordId, R> {
    records.into_iter().map(|it| (it.head().id, it)).collect()
}

/// Asks only if there is something to ask for.
async fn unless_empty<T>(
    ids: &[RecordId],
    asked: impl Future<Output = db::Result<Vec<T>>>,
) -> db::Result<Vec<T>> {
    if ids.is_empty() { Ok(Vec::new()) } else { asked.await }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_timeline_walks_no_table_of_records() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("foca.db");
        let db = Db::open(path.to_str().expect("a path in UTF-8")).await.expect("a database");
        let scopes = [
            Scope::Site(SiteId::of_source("test", "1")),
            Scope::Building(BuildingId::of_source("test", "1")),
        ];
        for scope in scopes {
            let query = entries_query(&Viewer::operator(), scope, RecordKind::ALL, (0, 50));
            let plan = query.plan(&db).await.expect("a plan");
            assert!(plan.iter().any(|it| it.starts_with("SEARCH r USING")), "{scope:?}: {plan:#?}");
            assert!(!plan.iter().any(|it| it.starts_with("SCAN r")), "{scope:?}: {plan:#?}");
        }
    }
}
