//! Registers and the desk side by side: what the desk changed in a license that a register delivers stands until the
//! register says something that it never said before.

use std::collections::HashMap;

use super::{License, Status};
use crate::clock::Moment;
use crate::db::{self, Tx, Value, query};
use crate::records::recorded::Recorded;
use crate::records::{BatchId, Draft, RecordId};

/// How many columns of the table stand before the cells of a draft.
const N_HEAD: usize = 11;
/// The columns that the desk changes.
const HELD: [&str; 7] =
    ["name", "status", "status_as_written", "issued_on", "starts_on", "expires_on", "licensee"];

/// What a version said in the columns that the desk changes.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Version {
    id: RecordId,
    batch_id: Option<BatchId>,
    name: String,
    status: Status,
    status_as_written: Option<String>,
    issued_on: Option<Moment>,
    starts_on: Option<Moment>,
    expires_on: Option<Moment>,
    licensee: Option<String>,
}

impl Version {
    fn values(self) -> [Value; 7] {
        [
            self.name.into(),
            self.status.into(),
            self.status_as_written.into(),
            self.issued_on.into(),
            self.starts_on.into(),
            self.expires_on.into(),
            self.licensee.into(),
        ]
    }
}

/// Lets what the desk changed stand in drafts that a register delivers.
///
/// # Errors
/// The database does not answer.
pub async fn hold(tx: &mut Tx, drafts: &mut [Draft]) -> db::Result<()> {
    let ids = drafts.iter().filter(|it| !it.first).map(|it| Value::from(it.head.id));
    let ids: Vec<Value> = ids.collect();
    if ids.is_empty() {
        return Ok(());
    }
    let rows: Vec<Version> = query(include_str!("by_hand.sql"))
        .list(ids.clone())
        .then("AND id IN (SELECT id FROM license WHERE batch_id IS NULL AND version > 1 AND id IN")
        .list(ids)
        .then(") ORDER BY id, version")
        .fetch_all(tx)
        .await?;
    let mut versions: HashMap<RecordId, Vec<(bool, [Value; 7])>> = HashMap::new();
    for it in rows {
        versions.entry(it.id).or_default().push((it.batch_id.is_none(), it.values()));
    }
    for draft in drafts {
        let Some(versions) = versions.get(&draft.head.id) else { continue };
        for (n, column) in HELD.iter().enumerate() {
            let at = License::TABLE.columns.iter().position(|it| it == column).map(|it| it - N_HEAD);
            let Some(cell) = at.and_then(|it| draft.cells.get_mut(it)) else { continue };
            if let Some(ours) = stands(versions, n, cell) {
                *cell = ours;
            }
        }
    }
    Ok(())
}

/// What stands in a column, where the desk changed it and the register only says what it said before.
fn stands(versions: &[(bool, [Value; 7])], n: usize, delivered: &Value) -> Option<Value> {
    let is_ours = |pair: &[(bool, [Value; 7])]| pair[1].0 && !same(&pair[0].1[n], &pair[1].1[n]);
    let changed = versions.windows(2).any(is_ours);
    let said_before = versions.iter().any(|(by_hand, values)| !by_hand && same(&values[n], delivered));
    let now = versions.last().filter(|_| changed && said_before)?;
    Some(now.1[n].clone())
}

/// Whether two cells are stored alike: a word is the text that it prints.
fn same(one: &Value, other: &Value) -> bool {
    let text = |it: &Value| {
        let mut text = Vec::new();
        it.copy_text(&mut text);
        text
    };
    text(one) == text(other)
}
