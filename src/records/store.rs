//! Saves records of any kind as versions: what is new, what changed, what says the same again.

use std::collections::{HashMap, HashSet};

use super::{BuildingId, Draft, Filter, Head, LinkState, RecordId, RecordKind, SiteId};
use crate::clock::Moment;
use crate::db::{self, Query, Table, Tx, Value, query};

/// The columns that every record table begins with, in the order in which [`save`] fills them.
pub const HEAD_COLUMNS: [&str; 11] = [
    "id",
    "version",
    "occurred_at",
    "recorded_at",
    "superseded_at",
    "loaded_at",
    "backfilled",
    "source",
    "source_key",
    "row_hash",
    "batch_id",
];

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

/// Finds the current version and hash of each id; the statement ends in `id IN`.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// `SELECT id, version, row_hash FROM … WHERE superseded_at IS NULL AND id IN`.
    pub current: &'static str,
    /// `UPDATE … SET superseded_at = $1 WHERE superseded_at IS NULL AND id = $2`.
    pub supersede: &'static str,
    /// How many versions of `$1` say the hash `$2` and came in a file with the contents that brought the current one.
    pub said: &'static str,
}

#[derive(sqlx::FromRow)]
struct Current {
    id: RecordId,
    version: i64,
    row_hash: i64,
}

/// Saves `drafts` into `table`, whose columns are [`HEAD_COLUMNS`] and then the cells of a draft.
///
/// A draft with the id and content of the current version changes nothing; with other content it becomes the next
/// version, and the current one is superseded as of the time at which the next was recorded. Where one file says
/// two things under one id, the last stands, and the file brought again changes nothing.
pub async fn save(
    tx: &mut Tx,
    table: &Table,
    statements: Statements,
    drafts: Vec<Draft>,
    loaded_at: Moment,
) -> db::Result<Vec<Saved>> {
    let mut known = current(tx, statements, &drafts).await?;
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
            Some(_) if pending.contains(&(id, hash)) || said(tx, statements, id, hash).await? => {
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
                Some(before) => rows[*before][4] = draft.head.recorded_at.into(),
                None => supersede(tx, statements, &draft).await?,
            }
        }
        known.insert(id, (version, hash));
        pending.insert((id, hash));
        row_of.insert(id, rows.len());
        rows.push(row(draft, version, hash, loaded_at));
    }
    tx.insert(table, rows).await?;
    Ok(outcome)
}

/// Appends the conditions of `filter` that all kinds share. The statement calls the record `r` and its link `l`;
/// `searched` and `facet` are the kind's own conditions on the text (one `?`) and on its facet (`… IN (…)`).
pub fn filtered(query: Query, filter: &Filter, searched: &'static str, facet: &'static str) -> Query {
    let like = filter.text.as_ref().map(|it| format!("%{}%", escaped(&it.to_lowercase())));
    let query = query
        .and(searched, like)
        .and_in(facet, &filter.facet)
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
        Some(LinkState::Building) => query.then("AND l.method IS NOT NULL AND l.site_id IS NULL"),
        Some(LinkState::None) => query.then("AND l.method IS NULL"),
        Some(LinkState::NoPoint) => query.then("AND r.lon IS NULL"),
        None => query,
    }
}

/// Appends the order of `filter` and, where given, one page of it.
pub fn ordered(query: Query, filter: &Filter, page: Option<(u32, u32)>) -> Query {
    let query = if filter.oldest_first {
        query.then("ORDER BY r.occurred_at, r.id")
    } else {
        query.then("ORDER BY r.occurred_at DESC, r.id DESC")
    };
    match page {
        Some((n, size)) => query.then("LIMIT").value(size).then("OFFSET").value(n.saturating_mul(size)),
        None => query,
    }
}

/// `text` with the wildcards of LIKE taken literally; statements say `ESCAPE '\\'`.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

async fn current(
    tx: &mut Tx,
    statements: Statements,
    drafts: &[Draft],
) -> db::Result<HashMap<RecordId, (i64, i64)>> {
    let ids: Vec<Value> = drafts.iter().filter(|it| !it.first).map(|it| it.head.id.into()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Current> = query(statements.current).list(ids).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|it| (it.id, (it.version, it.row_hash))).collect())
}

async fn said(tx: &mut Tx, statements: Statements, id: RecordId, hash: i64) -> db::Result<bool> {
    let n: i64 = query(statements.said).bind(id).bind(hash).fetch_scalar(tx).await?;
    Ok(n > 0)
}

async fn supersede(tx: &mut Tx, statements: Statements, by: &Draft) -> db::Result<()> {
    query(statements.supersede).bind(by.head.recorded_at).bind(by.head.id).execute(tx).await?;
    Ok(())
}

fn row(draft: Draft, version: i64, hash: i64, loaded_at: Moment) -> Vec<Value> {
    let head = draft.head;
    let mut row = Vec::with_capacity(HEAD_COLUMNS.len() + draft.cells.len());
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

/// A link on its way into the database.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLink {
    /// The record's kind.
    pub kind: RecordKind,
    /// The record.
    pub record_id: RecordId,
    /// From when the link counts: when the record could first have been known, or when a person decided.
    pub recorded_at: Moment,
    /// The site; none for a link to a building with several tenants.
    pub site_id: Option<SiteId>,
    /// The building.
    pub building_id: Option<BuildingId>,
    /// How it was found.
    pub method: &'static str,
    /// How certain, in thousandths.
    pub certainty: i64,
    /// The version of the rules that found it.
    pub model: &'static str,
}

/// The link of a record that a person enters for a site: certain, because the person says so.
pub fn by_hand(kind: RecordKind, head: &Head, site: SiteId, building: Option<BuildingId>) -> NewLink {
    NewLink {
        kind,
        record_id: head.id,
        recorded_at: head.recorded_at,
        site_id: Some(site),
        building_id: building,
        method: "manual",
        certainty: 1_000,
        model: "desk",
    }
}

const LINK: Table = Table {
    name: "link",
    columns: &[
        "record_kind",
        "record_id",
        "version",
        "recorded_at",
        "superseded_at",
        "site_id",
        "building_id",
        "method",
        "certainty",
        "model",
    ],
};

/// Saves links of records that have none yet.
pub async fn save_links(tx: &mut Tx, links: Vec<NewLink>) -> db::Result<()> {
    tx.insert(&LINK, links.into_iter().map(|it| link_row(&it, 1)).collect()).await?;
    Ok(())
}

/// Puts `link` in the place of the record's current one, which is kept as superseded.
pub async fn replace_link(tx: &mut Tx, link: NewLink) -> db::Result<()> {
    let last: Option<i64> = query("SELECT max(version) FROM link WHERE record_id = $1 AND record_kind = $2")
        .bind(link.record_id)
        .bind(link.kind)
        .fetch_scalar(&mut *tx)
        .await?;
    end_link(tx, link.kind, link.record_id, link.recorded_at).await?;
    tx.insert(&LINK, vec![link_row(&link, last.unwrap_or(0) + 1)]).await?;
    Ok(())
}

/// Ends the record's current link as of `at`; a record without one stays as it is.
pub async fn end_link(tx: &mut Tx, kind: RecordKind, record: RecordId, at: Moment) -> db::Result<()> {
    query("UPDATE link SET superseded_at = $1 WHERE record_id = $2 AND record_kind = $3 AND superseded_at IS NULL")
        .bind(at)
        .bind(record)
        .bind(kind)
        .execute(tx)
        .await?;
    Ok(())
}

fn link_row(link: &NewLink, version: i64) -> Vec<Value> {
    vec![
        link.kind.into(),
        link.record_id.into(),
        version.into(),
        link.recorded_at.into(),
        Value::Text(None),
        link.site_id.into(),
        link.building_id.into(),
        Value::Word(link.method),
        link.certainty.into(),
        Value::Word(link.model),
    ]
}
