//! A rehearsal of an import: the import itself, but every transaction is taken back. What one of them would have left
//! behind for the next is remembered here, so that the numbers are those of the import.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Batch;
use crate::records::store::Saved;

/// What a rehearsal needs beside the writer.
#[derive(Debug)]
pub struct Rehearsal {
    /// The batch as the import would note it.
    pub batch: Batch,
    /// What was taken back.
    pub taken_back: TakenBack,
}

/// The records that the rehearsal's transactions would have stored: 16 bytes of id and 8 of content each.
#[derive(Debug, Default)]
pub struct TakenBack {
    current: HashMap<Uuid, i64>,
    said: HashSet<(Uuid, i64)>,
    // Of the open transaction, which the database itself still knows.
    here: Vec<(Uuid, i64)>,
}

impl TakenBack {
    /// What would have become of a row of this content, of which the database, without what was taken back, says
    /// `saved`.
    pub fn judge(&mut self, id: Uuid, content: i64, saved: Saved) -> Saved {
        let Some(current) = self.current.get_mut(&id) else {
            if saved != Saved::Unchanged {
                self.here.push((id, content));
            }
            return saved;
        };
        if *current == content || !self.said.insert((id, content)) {
            return Saved::Unchanged;
        }
        *current = content;
        Saved::Changed
    }

    /// The open transaction is taken back: from now on only this remembers it.
    pub fn end_of_transaction(&mut self) {
        for (id, content) in self.here.drain(..) {
            self.current.insert(id, content);
            self.said.insert((id, content));
        }
    }
}

/// A number for what a row says.
pub fn content_of(what: &impl std::fmt::Debug) -> i64 {
    let digest = Sha256::digest(format!("{what:?}"));
    i64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_transaction_left_is_remembered_when_it_is_taken_back() {
        let mut taken_back = TakenBack::default();
        let id = Uuid::from_u128(1);

        let first = taken_back.judge(id, 10, Saved::New);
        taken_back.end_of_transaction();
        let later = [10, 11, 10, 11].map(|content| taken_back.judge(id, content, Saved::New));

        assert_eq!(first, Saved::New);
        assert_eq!(later, [Saved::Unchanged, Saved::Changed, Saved::Unchanged, Saved::Unchanged]);
    }

    #[test]
    fn the_database_is_believed_about_what_was_not_taken_back() {
        let mut taken_back = TakenBack::default();

        let said = [Saved::New, Saved::Changed, Saved::Unchanged]
            .map(|saved| taken_back.judge(Uuid::from_u128(1), 10, saved));

        assert_eq!(said, [Saved::New, Saved::Changed, Saved::Unchanged]);
    }
}
