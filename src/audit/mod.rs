//! The log of what people did and saw: append-only, each entry with the hash of the one before, so that a change to any
//! of them is found. What cannot be logged does not happen.

use serde::Serialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Stamp;
use crate::db::{Value, text_enum};
use crate::rights::{AccountId, Actor, Resource};

pub mod pages;
pub mod store;
pub mod taken;
pub mod verify;
pub mod views;
pub mod words;

text_enum! {
    /// What was done.
    Act {
        /// Somebody came in, or tried to.
        SignIn = "sign_in",
        /// Somebody left, or a session was ended.
        SignOut = "sign_out",
        /// Rows were read.
        See = "see",
        /// Rows were added or changed.
        Change = "change",
        /// Rows were taken out.
        Export = "export",
        /// A file came in.
        Import = "import",
        /// Accounts, sessions, tokens and what they may do.
        Administer = "administer",
        /// The operator's doings on the server: backup, restore, the log itself.
        Operate = "operate",
    }
}

text_enum! {
    /// How it ended.
    Outcome {
        /// As asked.
        Done = "done",
        /// It began; a further entry says how it ended.
        Began = "began",
        /// The right was missing, or the proof of who asks.
        Refused = "refused",
        /// There was no such thing, or it could not be done.
        Failed = "failed",
        /// It ended before its end.
        BrokenOff = "broken_off",
    }
}

/// What is to be logged.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was done.
    pub act: Act,
    /// To what kind of row.
    pub resource: Option<Resource>,
    /// To which row.
    pub object: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// All else, as a JSON object: before and after, filter, counts, hashes.
    pub detail: Json,
}

impl Entry {
    /// An act that was done.
    pub fn new(act: Act) -> Self {
        Self {
            act,
            resource: None,
            object: None,
            outcome: Outcome::Done,
            detail: Json::Object(serde_json::Map::new()),
        }
    }

    /// To that kind of row.
    pub fn on(mut self, resource: Resource) -> Self {
        self.resource = Some(resource);
        self
    }

    /// To that row.
    pub fn about(mut self, object: impl Into<Uuid>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// It ended so.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// With a further detail. A value that is no JSON, such as a number that is none, is left out.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let (Json::Object(detail), Ok(value)) = (&mut self.detail, serde_json::to_value(value)) {
            detail.insert(name.to_owned(), value);
        }
        self
    }

    /// With a list, if there is anything in it.
    pub fn with_all<T: Serialize>(self, name: &str, values: Vec<T>) -> Self {
        if values.is_empty() { self } else { self.with(name, values) }
    }

    /// With what stood there before and stands there now: of two objects only the members that differ.
    pub fn changed(self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (before, after) = (json(before), json(after));
        match (before, after) {
            (Json::Object(mut before), Json::Object(mut after)) => {
                let same: Vec<String> = before
                    .iter()
                    .filter(|(name, it)| after.get(*name) == Some(it))
                    .map(|it| it.0.clone())
                    .collect();
                for name in same {
                    before.remove(&name);
                    after.remove(&name);
                }
                self.with("before", before).with("after", after)
            }
            (before, after) => self.with("before", before).with("after", after),
        }
    }
}

fn json(it: &impl Serialize) -> Json {
    serde_json::to_value(it).unwrap_or_default()
}

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow)]
pub struct Logged {
    /// Its number, from 1, without a gap.
    pub n: i64,
    /// When, to the millisecond, in UTC.
    pub at: Stamp,
    /// Whose account; none for the operator and for who has none.
    pub account_id: Option<AccountId>,
    /// The name.
    pub actor: String,
    /// The agency.
    pub agency: String,
    /// The role at that time.
    pub role: String,
    /// The session or token, by its public number.
    pub session: Option<String>,
    /// The network address.
    pub address: Option<String>,
    /// What was done.
    pub act: Act,
    /// To what kind of row.
    pub resource: Option<Resource>,
    /// To which row.
    pub object_id: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// The rest, as JSON.
    pub detail: String,
    /// The hash of the entry before; of the first, 64 zeros.
    pub previous: String,
    /// The hash of this one.
    pub hash: String,
}

/// What the first entry has for the hash of the one before.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl Logged {
    /// The entry that follows the one with that number and hash.
    pub fn next(last: Option<(i64, String)>, at: Stamp, actor: &Actor, role: &str, entry: &Entry) -> Self {
        let (n, previous) = last.unwrap_or_else(|| (0, NO_HASH.to_owned()));
        let mut logged = Self {
            n: n + 1,
            at,
            account_id: actor.account,
            actor: storable(&actor.name),
            agency: storable(&actor.agency),
            role: role.to_owned(),
            session: actor.session.clone(),
            address: actor.address.clone(),
            act: entry.act,
            resource: entry.resource,
            object_id: entry.object,
            outcome: entry.outcome,
            detail: entry.detail.to_string(),
            previous,
            hash: String::new(),
        };
        logged.hash = logged.reckoned();
        logged
    }

    /// What its hash must be: SHA-256, in hexadecimal, of all else as a JSON array in the order of the fields.
    pub fn reckoned(&self) -> String {
        let all = serde_json::json!([
            self.n,
            self.at,
            self.account_id,
            self.actor,
            self.agency,
            self.role,
            self.session,
            self.address,
            self.act,
            self.resource,
            self.object_id,
            self.outcome,
            self.detail,
            self.previous,
        ]);
        Sha256::digest(all.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A name without what no database stores.
fn storable(name: &str) -> String {
    name.replace('\0', "")
}

impl From<Stamp> for Value {
    fn from(at: Stamp) -> Self {
        at.to_string().into()
    }
}

impl From<Option<Stamp>> for Value {
    fn from(at: Option<Stamp>) -> Self {
        at.map(|it| it.to_string()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry::new(Act::Change).on(Resource::Site).with("reason", "moved")
    }

    fn logged() -> Logged {
        let at = "2026-11-23T18:00:00.250Z".parse().unwrap();
        Logged::next(
            None,
            at,
            &Actor { name: "A. Velden".to_owned(), ..Actor::default() },
            "supervisor",
            &entry(),
        )
    }

    #[test]
    fn the_hash_covers_every_field_and_the_entry_before() {
        let first = logged();
        let changes: [fn(&mut Logged); 14] = [
            |it| it.n = 2,
            |it| it.at = "2026-11-23T18:00:00.251Z".parse().unwrap(),
            |it| it.account_id = Some(AccountId(Uuid::nil())),
            |it| it.actor.push('x'),
            |it| it.agency.push('x'),
            |it| it.role.push('x'),
            |it| it.session = Some("s".to_owned()),
            |it| it.address = Some("::1".to_owned()),
            |it| it.act = Act::See,
            |it| it.resource = None,
            |it| it.object_id = Some(Uuid::nil()),
            |it| it.outcome = Outcome::Failed,
            |it| it.detail.push(' '),
            |it| it.previous.replace_range(0..1, "1"),
        ];

        assert_eq!(first.hash, first.reckoned());
        assert_eq!((first.n, first.previous.as_str()), (1, NO_HASH));
        for change in changes {
            let mut other = first.clone();
            change(&mut other);
            assert_ne!(other.reckoned(), first.hash);
        }
    }

    #[test]
    fn of_a_change_only_what_differs_is_kept() {
        let (before, after) =
            (serde_json::json!({"name": "A", "city": "X"}), serde_json::json!({"name": "B", "city": "X"}));

        let entry = Entry::new(Act::Change).changed(&before, &after);

        assert_eq!(entry.detail, serde_json::json!({"before": {"name": "A"}, "after": {"name": "B"}}));
    }
}
