//! What waits for a person and what people decided about links: the part that imports, linking and standing need. The
//! pages are in `review`.
//!
//! Of one record the newest decision in force counts; a `not_this` says only that one site is out, and several may stand.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{BuildingId, RecordId, RecordKind, SiteId};
use crate::clock::Moment;
use crate::db::{self, Query, Target, Tx, Value, from_json, id, query, text_enum};

id! {
    /// What a person decided of one record's link.
    DecisionId
}

text_enum! {
    /// What a person decided.
    Verdict {
        /// The record belongs to that site.
        Link = "link",
        /// It does not belong to that site; to which it does stays open.
        NotThis = "not_this",
        /// It belongs to the building and counts for no tenant.
        Building = "building",
        /// It belongs to a site that was not in the catalog until then.
        NewSite = "new_site",
        /// The site held two businesses: the record moved to a new one at the same premises.
        Split = "split",
        /// It belongs to nothing that is known.
        Unlink = "unlink",
    }
}

text_enum! {
    /// Where a record stands in the queue.
    QueueState {
        /// It waits.
        Waiting = "waiting",
        /// It was put off, and waits again from `later_at` on.
        Later = "later",
        /// Somebody decided.
        Decided = "decided",
    }
}

/// A site that a record may belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which.
    pub site: SiteId,
    /// How probable, in thousandths.
    pub probability: i64,
    /// What was compared, as `linking::evidence::Evidence` writes it; empty when nothing was.
    pub evidence: String,
}

from_json!(Vec<Candidate>);

/// A record that a person is to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its kind.
    pub kind: RecordKind,
    /// Which.
    pub record_id: RecordId,
    /// Since when it waits.
    pub recorded_at: Moment,
    /// Its building, where it is known.
    pub building_id: Option<BuildingId>,
    /// The sites it may belong to, best first; the first [`MOST_CANDIDATES`] are kept.
    pub candidates: Vec<Candidate>,
    /// The version of the model.
    pub model: String,
    /// Centipoints that the link would move in a score: orders the queue and is never shown.
    pub consequence: i64,
}

/// A decision in force, as the engine must follow it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Override {
    /// The kind of the record.
    pub record_kind: RecordKind,
    /// The record.
    pub record_id: RecordId,
    /// What was decided.
    pub verdict: Verdict,
    /// The site: the record's own, or of a `not_this` the one that is out.
    pub site_id: Option<SiteId>,
    /// The building.
    pub building_id: Option<BuildingId>,
    /// The decision, which the link names as its cause.
    pub id: DecisionId,
}

/// Stands for a consequence until `standing` has reckoned it.
pub const NOT_RECKONED: i64 = -1;
/// As [`NOT_RECKONED`], but what was reckoned before stands: the record says what it said.
pub const AS_RECKONED: i64 = -2;
/// So many candidates have a key of their own.
pub const MOST_CANDIDATES: usize = 9;
// SQLite allows 32,766 bound values a statement.
const MOST_IDS: usize = 5_000;
const MOST_ROWS: usize = 500;

impl Verdict {
    /// Whether it says where the record belongs, and so overrides the model.
    pub fn settles(self) -> bool {
        self != Self::NotThis
    }
}

/// Puts records into the queue, or says anew what their candidates are. One of which a person decided is not put back,
/// sites that a person ruled out are no candidates, and who has put a record off is not asked sooner.
pub async fn wait(tx: &mut Tx, rows: Vec<Waiting>) -> db::Result<()> {
    let records: Vec<(RecordKind, RecordId)> = rows.iter().map(|it| (it.kind, it.record_id)).collect();
    let standing = overrides(&mut *tx, &records).await?;
    let settled: HashSet<(RecordKind, RecordId)> =
        standing.iter().filter(|it| it.verdict.settles()).map(|it| (it.record_kind, it.record_id)).collect();
    let out: HashSet<(RecordId, SiteId)> =
        standing.iter().filter_map(|it| Some((it.record_id, it.site_id?))).collect();
    // The last word on a record counts: one statement cannot say two things of one row.
    let mut wanted: HashMap<(RecordKind, RecordId), Waiting> = HashMap::new();
    for mut row in rows.into_iter().filter(|it| !settled.contains(&(it.kind, it.record_id))) {
        row.candidates.retain(|it| !out.contains(&(row.record_id, it.site)));
        row.candidates.truncate(MOST_CANDIDATES);
        if !row.candidates.is_empty() {
            wanted.insert((row.kind, row.record_id), row);
        }
    }
    let mut wanted: Vec<Waiting> = wanted.into_values().collect();
    wanted.sort_by_key(|it| (it.kind, it.record_id));
    for chunk in wanted.chunks(MOST_ROWS) {
        upsert(chunk).execute(&mut *tx).await?;
    }
    Ok(())
}

fn upsert(rows: &[Waiting]) -> Query {
    let start = query(
        "INSERT INTO link_review (record_kind, record_id, recorded_at, building_id, candidates, model, consequence, state) \
         VALUES",
    );
    let all = rows.iter().enumerate().fold(start, |all, (n, it)| {
        let candidates = serde_json::to_string(&it.candidates).expect("ids, numbers and texts are JSON");
        let all = if n == 0 { all } else { all.then(",") };
        all.list([
            it.kind.into(),
            it.record_id.into(),
            it.recorded_at.into(),
            it.building_id.into(),
            candidates.into(),
            it.model.clone().into(),
            it.consequence.into(),
            QueueState::Waiting.into(),
        ])
    });
    all.then(
        "ON CONFLICT (record_kind, record_id) DO UPDATE SET \
         recorded_at = CASE WHEN link_review.state = 'decided' THEN excluded.recorded_at ELSE link_review.recorded_at END, \
         state = CASE WHEN link_review.state = 'decided' THEN 'waiting' ELSE link_review.state END, \
         building_id = excluded.building_id, candidates = excluded.candidates, model = excluded.model, \
         consequence = CASE WHEN excluded.consequence = -2 THEN link_review.consequence ELSE excluded.consequence END, \
         decision_id = NULL",
    )
}

/// Records that wait without a consequence, `most` of them: kind, record, and its candidates.
pub async fn not_reckoned(on: impl Into<Target<'_>>, most: u32) -> db::Result<Vec<(RecordKind, RecordId)>> {
    query("SELECT record_kind, record_id FROM link_review WHERE state <> 'decided'")
        .then("AND consequence < 0")
        .then("ORDER BY record_kind, record_id LIMIT")
        .value(i64::from(most))
        .fetch_all(on)
        .await
}

/// Notes what linking a waiting record would move in a score, in centipoints.
pub async fn reckoned(
    tx: &mut Tx,
    (kind, record): (RecordKind, RecordId),
    consequence: i64,
) -> db::Result<()> {
    query("UPDATE link_review SET consequence = $1 WHERE record_kind = $2 AND record_id = $3")
        .bind(consequence)
        .bind(kind)
        .bind(record)
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes records out of the queue that are sure by now without a person; what was decided stays.
pub async fn settled(tx: &mut Tx, records: &[(RecordKind, RecordId)]) -> db::Result<()> {
    for (kind, ids) in by_kind(records) {
        for chunk in ids.chunks(MOST_IDS) {
            query("DELETE FROM link_review WHERE state <> 'decided'")
                .and("record_kind = ?", Some(kind))
                .then("AND record_id IN")
                .list(chunk.iter().map(|it| Value::from(*it)))
                .execute(&mut *tx)
                .await?;
        }
    }
    Ok(())
}

/// The decisions in force about these records, oldest first: every `not_this`, and of those that settle a record the
/// newest. For the engine, which follows them for good; it reads all records alike, so there is no viewer.
pub async fn overrides(
    on: impl Into<Target<'_>>,
    records: &[(RecordKind, RecordId)],
) -> db::Result<Vec<Override>> {
    let mut on = on.into();
    let mut found: Vec<Override> = Vec::new();
    for (kind, ids) in by_kind(records) {
        for chunk in ids.chunks(MOST_IDS) {
            let some: Vec<Override> = query(
                "SELECT id, record_kind, record_id, verdict, site_id, building_id FROM link_decision WHERE undone_at IS NULL",
            )
            .and("record_kind = ?", Some(kind))
            .then("AND record_id IN")
            .list(chunk.iter().map(|it| Value::from(*it)))
            .then("ORDER BY decided_at, id")
            .fetch_all(on.again())
            .await?;
            found.extend(some);
        }
    }
    Ok(in_force(found))
}

/// Leaves of the decisions that settle a record, oldest first, only the newest.
fn in_force(all: Vec<Override>) -> Vec<Override> {
    let mut newest: HashMap<(RecordKind, RecordId), DecisionId> = HashMap::new();
    for it in all.iter().filter(|it| it.verdict.settles()) {
        newest.insert((it.record_kind, it.record_id), it.id);
    }
    let counts =
        |it: &Override| !it.verdict.settles() || newest.get(&(it.record_kind, it.record_id)) == Some(&it.id);
    all.into_iter().filter(counts).collect()
}

fn by_kind(records: &[(RecordKind, RecordId)]) -> Vec<(RecordKind, Vec<RecordId>)> {
    let of = |kind: RecordKind| -> Vec<RecordId> {
        let mut ids: Vec<RecordId> = records.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    RecordKind::ALL.iter().map(|kind| (*kind, of(*kind))).filter(|it| !it.1.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(n: u128, verdict: Verdict) -> Override {
        Override {
            record_kind: RecordKind::License,
            record_id: RecordId(uuid::Uuid::nil()),
            verdict,
            site_id: Some(SiteId(uuid::Uuid::from_u128(n))),
            building_id: None,
            id: DecisionId(uuid::Uuid::from_u128(n)),
        }
    }

    #[test]
    fn the_newest_decision_counts_and_every_site_that_is_out_stays_out() {
        let all = vec![
            decided(1, Verdict::NotThis),
            decided(2, Verdict::Link),
            decided(3, Verdict::NotThis),
            decided(4, Verdict::Building),
        ];

        let left: Vec<u128> = in_force(all).iter().map(|it| it.id.0.as_u128()).collect();

        assert_eq!(left, [1, 3, 4]);
    }
}
