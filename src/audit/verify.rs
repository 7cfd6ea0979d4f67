//! Proves the chain: walks the log from its first entry and names the first that does not fit.

use futures_util::TryStreamExt;

use super::store::{Filter, stream};
use super::{Logged, NO_HASH};
use crate::db::{self, Db};
use crate::rights::Viewer;

/// What the walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// So many entries, each as it was written; the hash of the last is the head of the chain.
    Whole {
        /// How many.
        n_entries: i64,
        /// The hash of the last; 64 zeros when there is none.
        head: String,
    },
    /// The chain is broken.
    Broken {
        /// The number of the first entry that does not fit; of one that is missing, the number that it had.
        n: i64,
        /// What does not fit.
        why: String,
    },
}

/// Walks the whole log. A `kept` head, its number and hash as they were exported before, must stand in it: so the loss of
/// the newest entries is found, too.
///
/// # Errors
/// The database does not answer.
pub async fn verify(db: &Db, viewer: &Viewer, kept: Option<(i64, &str)>) -> db::Result<Proof> {
    let mut last = (0, NO_HASH.to_owned());
    let mut entries = stream(db, viewer, &Filter::default());
    while let Some(entry) = entries.try_next().await? {
        if let Some((n, why)) = flaw(&entry, &last, kept) {
            return Ok(Proof::Broken { n, why });
        }
        last = (entry.n, entry.hash);
    }
    if let Some((n, _)) = kept.filter(|it| it.0 > last.0) {
        let why = format!("the log ends with entry {}, and the kept head is entry {n}", last.0);
        return Ok(Proof::Broken { n: last.0 + 1, why });
    }
    Ok(Proof::Whole { n_entries: last.0, head: last.1 })
}

fn flaw(entry: &Logged, last: &(i64, String), kept: Option<(i64, &str)>) -> Option<(i64, String)> {
    if entry.n != last.0 + 1 {
        return Some((last.0 + 1, format!("it is missing: entry {} follows entry {}", entry.n, last.0)));
    }
    if entry.previous != last.1 {
        return Some((entry.n, "it does not carry the hash of the entry before it".to_owned()));
    }
    if entry.reckoned() != entry.hash {
        return Some((entry.n, "its content does not fit its hash".to_owned()));
    }
    let other = kept.is_some_and(|(n, hash)| n == entry.n && !hash.eq_ignore_ascii_case(&entry.hash));
    other.then(|| (entry.n, "its hash is not the one that was kept".to_owned()))
}
