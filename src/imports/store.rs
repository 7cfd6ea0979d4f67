//! Reads and saves batches and their rejects.

use super::{Batch, BatchState, Counts, Reject, Unmapped};
use crate::clock::Moment;
use crate::db::{self, Db, Hold, Table, Target, Tx, Value, query};
use crate::formats::row::RowError;
use crate::records::BatchId;
use crate::rights::{Resource, Viewer};

const BATCHES: &str = include_str!("list.sql");

const REJECT: Table =
    Table { name: "import_reject", columns: &["batch_id", "n", "line", "column_name", "value", "reason"] };

const ENDED: &str = "The program that read this file ended before it was through with it.";

/// Whether the database holds the demonstration.
pub async fn is_demonstration(db: &Db) -> db::Result<bool> {
    let n: i64 = query("SELECT count(*) FROM meta WHERE name = 'data_status' AND value = 'demonstration'")
        .fetch_scalar(db)
        .await?;
    Ok(n > 0)
}

/// Begins a batch; its number is the next.
pub async fn begin(tx: &mut Tx, batch: &Batch) -> db::Result<i64> {
    tx.one_at_a_time("import batch").await?;
    let number: i64 =
        query("SELECT coalesce(max(number), 0) + 1 FROM import_batch").fetch_scalar(&mut *tx).await?;
    query(include_str!("begin.sql"))
        .bind(batch.id)
        .bind(number)
        .bind(&batch.profile)
        .bind(&batch.profile_hash)
        .bind(&batch.source)
        .bind(&batch.record_kind)
        .bind(&batch.file_name)
        .bind(batch.file_hash.as_deref())
        .bind(batch.file_bytes)
        .bind(batch.started_at)
        .execute(tx)
        .await?;
    Ok(number)
}

/// Whether no batch but this one has stored anything of its source.
pub async fn is_first_of_source(on: impl Into<Target<'_>>, id: BatchId, source: &str) -> db::Result<bool> {
    let n: i64 = query(
        "SELECT count(*) FROM import_batch WHERE source = $1 AND id <> $2 AND (n_stored > 0 OR n_updated > 0)",
    )
    .bind(source)
    .bind(id)
    .fetch_scalar(on)
    .await?;
    Ok(n == 0)
}

/// Notes how far a batch has come.
pub async fn progress(tx: &mut Tx, id: BatchId, counts: &Counts, unmapped: &Unmapped) -> db::Result<()> {
    query(include_str!("progress.sql"))
        .bind(counts.rows)
        .bind(counts.stored)
        .bind(counts.updated)
        .bind(counts.duplicate)
        .bind(counts.rejected)
        .bind(counts.skipped)
        .bind(counts.linked)
        .bind(counts.building)
        .bind(counts.sites)
        .bind(serde_json::to_string(unmapped).unwrap_or_else(|_| "{}".to_owned()))
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends a batch.
pub async fn end(
    tx: &mut Tx,
    id: BatchId,
    state: BatchState,
    at: Moment,
    message: Option<&str>,
) -> db::Result<()> {
    query("UPDATE import_batch SET state = $1, finished_at = $2, message = $3 WHERE id = $4")
        .bind(state)
        .bind(at)
        .bind(message)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds rejects to a batch that has `n_before` of them.
pub async fn reject(tx: &mut Tx, id: BatchId, n_before: i64, rejects: &[RowError]) -> db::Result<()> {
    let rows = (n_before..).zip(rejects).map(|(n, it)| {
        let line = i64::try_from(it.line).unwrap_or(i64::MAX);
        // A reject report must itself be storable: what is wrong may be the zero byte.
        let text = |it: &str| Value::from(it.replace('\0', "\u{2400}"));
        let column = it.column.as_deref().unwrap_or_default();
        vec![id.into(), n.into(), line.into(), text(column), text(&it.value), text(&it.reason)]
    });
    tx.insert(&REJECT, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// One batch.
pub async fn find(on: impl Into<Target<'_>>, viewer: &Viewer, id: BatchId) -> db::Result<Option<Batch>> {
    query(BATCHES).limited(viewer, Resource::Import).and("id = ?", Some(id)).fetch_optional(on).await
}

/// One page of batches, newest first; `page` is its number from 0 and its size.
pub async fn list(on: impl Into<Target<'_>>, viewer: &Viewer, page: (u32, u32)) -> db::Result<Vec<Batch>> {
    query(BATCHES)
        .limited(viewer, Resource::Import)
        .then("ORDER BY number DESC LIMIT")
        .value(page.1)
        .then("OFFSET")
        .value(page.0.saturating_mul(page.1))
        .fetch_all(on)
        .await
}

/// The last delivery of a source that was stored whole, of the same contents rather than of others.
pub async fn last_delivery(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    source: &str,
    file_hash: &str,
) -> db::Result<Option<Batch>> {
    query(BATCHES)
        .limited(viewer, Resource::Import)
        .and("source = ?", Some(source))
        .then("AND state = 'done' ORDER BY CASE WHEN file_hash =")
        .value(file_hash)
        .then("THEN 0 ELSE 1 END, number DESC LIMIT 1")
        .fetch_optional(on)
        .await
}

/// How many batches there are.
pub async fn count(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<i64> {
    query("SELECT count(*) FROM import_batch WHERE true")
        .limited(viewer, Resource::Import)
        .fetch_scalar(on)
        .await
}

/// The rejects of a batch in the order of the file, at most `most`.
pub async fn rejects(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    id: BatchId,
    most: i64,
) -> db::Result<Vec<Reject>> {
    query("SELECT line, column_name, value, reason FROM import_reject WHERE true")
        .limited(viewer, Resource::Import)
        .and("batch_id = ?", Some(id))
        .then("ORDER BY n LIMIT")
        .value(most)
        .fetch_all(on)
        .await
}

/// Holds a batch while it runs; a batch that nobody holds has ended with its program.
pub async fn hold(db: &Db, id: BatchId) -> db::Result<Option<Hold>> {
    db.hold(&format!("import-{id}")).await
}

/// Notes of batches that say they are running that they broke off, if the program that ran them has ended: it was
/// killed, or the machine stopped. How many there were.
pub async fn abandon(db: &Db, at: Moment) -> db::Result<u64> {
    let running: Vec<(BatchId,)> =
        query("SELECT id FROM import_batch WHERE state = 'running' ORDER BY number").fetch_all(db).await?;
    let mut n_abandoned = 0;
    for (id,) in running {
        let Some(held) = hold(db, id).await? else { continue };
        let mut tx = db.begin().await?;
        n_abandoned +=
            query(include_str!("abandon.sql")).bind(at).bind(ENDED).bind(id).execute(&mut tx).await?;
        tx.commit().await?;
        drop(held);
    }
    Ok(n_abandoned)
}
