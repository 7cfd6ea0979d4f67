//! Reads records of any kind, and saves them as versions: what is new, what changed, what says the same again.

use std::collections::{HashMap, HashSet};

use futures_util::stream::BoxStream;

use super::recorded::Recorded;
use super::{Draft, Filter, LinkState, RecordId};
use crate::clock::Moment;
use crate::db::{self, Query, Row, Target, Tx, Value, query};
use crate::rights::Viewer;

/// The columns of the head, in the order in which [`save`] fills them.
const N_HEAD_COLUMNS: usize = 11;
/// Which of them says when a version was superseded.
const SUPERSEDED_AT: usize = 4;

/// What became of each draft, in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Seen for the first time.
    New,
    /// A further version, because it says something else than before.
    Changed,
    /// It says what is stored already; nothing was written.
    Unchanged,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: RecordId,
    version: i64,
    row_hash: i64,
}

/// Whether an import that began after `since` is running.
pub async fn import_running(on: impl Into<Target<'_>>, since: Moment) -> db::Result<bool> {
    let n: i64 = query("SELECT count(*) FROM import_batch WHERE state = 'running'")
        .and("started_at > ?", Some(since))
        .fetch_scalar(on)
        .await?;
    Ok(n > 0)
}

/// Keeps the text of a file of `data/` by its hash, so that what was made by it can be read for ever.
pub async fn keep_text(tx: &mut Tx, hash: &str, (name, body): (String, &str), at: Moment) -> db::Result<()> {
    query("INSERT INTO knowledge (hash, name, body, kept_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING")
        .bind(hash)
        .bind(name)
        .bind(body)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// The current version of one record.
pub async fn find<R: Recorded>(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: RecordId,
) -> db::Result<Option<R>> {
    seen::<R>(&all::<R>(), viewer).and("r.id = ?", Some(id)).fetch_optional(on).await
}

/// The current versions of these records, in no order.
pub async fn with_ids<R: Recorded>(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    ids: &[RecordId],
) -> db::Result<Vec<R>> {
    let ids = ids.iter().map(|it| Value::from(*it));
    seen::<R>(&all::<R>(), viewer).then("AND r.id IN").list(ids).fetch_all(on).await
}

/// One page of the records that fit `filter`; `page` is its number from 0 and its size.
pub async fn list<R: Recorded>(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    page: (u32, u32),
) -> db::Result<Vec<R>> {
    ordered(fitting::<R>(&all::<R>(), viewer, filter), filter)
        .then("LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// These columns of all records that fit `filter`, one row at a time in flat memory and as they are stored: in an order
/// of their own, a million of them would be read from all over the table.
pub fn stream<'c, R: Recorded>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
    columns: &[&'static str],
) -> BoxStream<'c, db::Result<Row>> {
    fitting::<R>(columns, viewer, filter).rows(on)
}

/// How many records fit `filter`.
pub async fn count<R: Recorded>(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
) -> db::Result<i64> {
    fitting::<R>(&["count(*)"], viewer, filter).fetch_scalar(on).await
}

/// Saves `drafts` of one kind.
///
/// A draft with the id and content of the current version changes nothing; with other content it becomes the next
/// version, and the current one is superseded as of the time at which the next was recorded. Where one file says
/// two things under one id, the last stands, and the file brought again changes nothing.
pub async fn save<R: Recorded>(tx: &mut Tx, drafts: Vec<Draft>, loaded_at: Moment) -> db::Result<Vec<Saved>> {
    let mut known = current::<R>(tx, &drafts).await?;
    if known.is_empty() && are_distinct(&drafts) {
        // Each row is made while those before it are being stored.
        let rows = drafts.into_iter().map(|draft| {
            let hash = draft.content_hash();
            row(draft, 1, hash, loaded_at)
        });
        return Ok(vec![Saved::New; tx.insert(&R::TABLE, rows).await?]);
    }
    let mut outcome = Vec::with_capacity(drafts.len());
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(drafts.len());
    let mut row_of: HashMap<RecordId, usize> = HashMap::new();
    let mut pending: HashSet<(RecordId, i64)> = HashSet::new();
    for draft in drafts {
        let hash = draft.content_hash();
        let id = draft.head.id;
        let version = match known.get(&id) {
            Some((_, stored)) if *stored == hash => {
                outcome.push(Saved::Unchanged);
                continue;
            }
            Some(_) if pending.contains(&(id, hash)) || said::<R>(tx, id, hash).await? => {
                outcome.push(Saved::Unchanged);
                continue;
            }
            Some((version, _)) => version + 1,
            None => 1,
        };
        outcome.push(if version == 1 { Saved::New } else { Saved::Changed });
        if version > 1 {
            match row_of.get(&id) {
                // The version before is among the rows of this very batch.
                Some(before) => rows[*before][SUPERSEDED_AT] = draft.head.recorded_at.into(),
                None => supersede::<R>(tx, &draft).await?,
            }
        }
        known.insert(id, (version, hash));
        pending.insert((id, hash));
        row_of.insert(id, rows.len());
        rows.push(row(draft, version, hash, loaded_at));
    }
    tx.insert(&R::TABLE, rows).await?;
    Ok(outcome)
}

fn are_distinct(drafts: &[Draft]) -> bool {
    let mut met = HashSet::with_capacity(drafts.len());
    drafts.iter().all(|it| met.insert(it.head.id))
}

/// All columns of a kind, those that may be withheld by themselves.
fn all<R: Recorded>() -> Vec<&'static str> {
    [R::STATEMENTS.columns].into_iter().chain(R::STATEMENTS.held.iter().copied()).collect()
}

/// These columns of the records that `viewer` may see; what is above the viewer's clearance is withheld.
fn seen<R: Recorded>(columns: &[&'static str], viewer: &Viewer) -> Query {
    let resource = R::KIND.resource();
    let selected = columns.iter().enumerate().fold(query("SELECT"), |query, (n, column)| {
        let query = if n == 0 { query } else { query.then(",") };
        if R::STATEMENTS.held.contains(column) {
            query.held(viewer, resource, column)
        } else {
            query.then(column)
        }
    });
    selected.then(R::STATEMENTS.from).limited(viewer, resource)
}

/// Those of them that fit `filter`.
fn fitting<R: Recorded>(columns: &[&'static str], viewer: &Viewer, filter: &Filter) -> Query {
    let like = filter.text.as_ref().map(|it| db::like(it));
    let query = seen::<R>(columns, viewer)
        .and(R::STATEMENTS.searched, like)
        .and_in(R::STATEMENTS.facet, &filter.facet)
        .and("lower(r.city) = ?", filter.city.as_ref().map(|it| it.to_lowercase()))
        .and("r.occurred_at >= ?", filter.from)
        .and("r.occurred_at <= ?", filter.to.map(|it| it.end()))
        .and("l.site_id = ?", filter.site);
    let query = match filter.bounds {
        Some([west, south, east, north]) => query.and_all(
            "r.lon BETWEEN ? AND ? AND r.lat BETWEEN ? AND ?",
            [west.into(), east.into(), south.into(), north.into()],
        ),
        None => query,
    };
    match filter.linked {
        Some(LinkState::Site) => query.then("AND l.site_id IS NOT NULL"),
        Some(LinkState::Building) => query.then("AND l.building_id IS NOT NULL AND l.site_id IS NULL"),
        Some(LinkState::None) => query.then("AND l.building_id IS NULL AND l.site_id IS NULL"),
        Some(LinkState::NoPoint) => query.then("AND r.lon IS NULL"),
        None => query,
    }
}

/// Appends the order of `filter`.
fn ordered(query: Query, filter: &Filter) -> Query {
    if filter.oldest_first {
        query.then("ORDER BY r.occurred_at, r.id")
    } else {
        query.then("ORDER BY r.occurred_at DESC, r.id DESC")
    }
}

async fn current<R: Recorded>(tx: &mut Tx, drafts: &[Draft]) -> db::Result<HashMap<RecordId, (i64, i64)>> {
    let ids: Vec<Value> = drafts.iter().filter(|it| !it.first).map(|it| it.head.id.into()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Current> = query(R::STATEMENTS.current).list(ids).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|it| (it.id, (it.version, it.row_hash))).collect())
}

async fn said<R: Recorded>(tx: &mut Tx, id: RecordId, hash: i64) -> db::Result<bool> {
    let n: i64 = query(R::STATEMENTS.said).bind(id).bind(hash).fetch_scalar(tx).await?;
    Ok(n > 0)
}

async fn supersede<R: Recorded>(tx: &mut Tx, by: &Draft) -> db::Result<()> {
    query(R::STATEMENTS.supersede).bind(by.head.recorded_at).bind(by.head.id).execute(tx).await?;
    Ok(())
}

fn row(draft: Draft, version: i64, hash: i64, loaded_at: Moment) -> Vec<Value> {
    let head = draft.head;
    let mut row = Vec::with_capacity(N_HEAD_COLUMNS + draft.cells.len());
    row.extend([
        head.id.into(),
        version.into(),
        head.occurred_at.into(),
        head.recorded_at.into(),
        Value::Text(None),
        loaded_at.into(),
        head.backfilled.into(),
        head.source.into(),
        head.source_key.into(),
        hash.into(),
        head.batch_id.into(),
    ]);
    row.extend(draft.cells);
    row
}
