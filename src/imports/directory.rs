//! The parties that an import knows and adds: who a row speaks of, and what its source said of the role before.

use std::collections::HashMap;

use super::bodies::PartyDraft;
use super::mapping::Draft;
use crate::clock::Moment;
use crate::db::{self, Target};
use crate::parties::same::{Facts, Sameness, same};
use crate::parties::{Delivered, Holding, HoldingId, Party, PartyId, form, store};
use crate::records::{BuildingId, Head, SiteId};
use crate::rights::Viewer;

// Of the parties under one mark so many are compared: ten thousand rows of one name stay ten thousand lookups.
const COMPARED: usize = 32;

/// Where a role stands.
pub type Place = (Option<SiteId>, Option<BuildingId>);

/// Parties, and what one source said of roles.
#[derive(Debug, Default)]
pub struct Directory {
    known: HashMap<PartyId, Known>,
    by_mark: HashMap<String, Vec<PartyId>>,
    delivered: HashMap<HoldingId, Delivered>,
    last_number: i64,
    /// How many versions of parties and roles the database had when this was read, with those added since.
    pub n_versions: i64,
}

/// A party with all that was ever said of it.
#[derive(Debug)]
struct Known {
    party: Party,
    facts: Vec<Facts>,
    /// Whether a person entered or changed it: then the register adds nothing.
    by_hand: bool,
}

impl Directory {
    /// Reads what is known now.
    pub async fn read(mut on: Target<'_>, source: &str) -> db::Result<Self> {
        let viewer = Viewer::system("import");
        let n_versions = store::n_versions(on.again()).await?;
        let mut directory = Self { n_versions, ..Self::default() };
        for party in store::every_version(on.again(), &viewer).await? {
            directory.take(party);
        }
        let delivered = store::delivered(on, &viewer, source).await?;
        directory.delivered = delivered.into_iter().map(|it| (it.holding.id, it)).collect();
        Ok(directory)
    }

    /// Takes in a version of a party; the versions of one come in their order.
    fn take(&mut self, party: Party) {
        let facts = Facts::of(&party);
        self.last_number = self.last_number.max(party.number);
        for mark in facts.marks() {
            let under = self.by_mark.entry(mark).or_default();
            if !under.contains(&party.id) && under.len() < COMPARED {
                under.push(party.id);
            }
        }
        let by_hand = party.batch_id.is_none();
        match self.known.get_mut(&party.id) {
            Some(known) => {
                known.by_hand |= by_hand;
                known.facts.push(facts);
                known.party = party;
            }
            None => {
                self.known.insert(party.id, Known { party, facts: vec![facts], by_hand });
            }
        }
    }

    /// What the source said of this role before.
    pub fn delivered(&self, id: HoldingId) -> Option<&Delivered> {
        self.delivered.get(&id)
    }

    /// Notes what it says now.
    pub fn hear(&mut self, holding: Holding) {
        self.n_versions += 1;
        self.delivered.insert(holding.id, Delivered { latest: holding.version, holding });
    }

    /// The party that a row speaks of: the one of the register's key; else the one of this role before, unless the row
    /// names somebody else; else one that is the same; none when it is new.
    pub fn of(&self, source: &str, it: &PartyDraft, before: Option<PartyId>) -> Option<PartyId> {
        let facts = Facts::new(it.kind, it.written());
        let known = |id: &PartyId| self.known.get(id);
        let by_key = it.key.as_ref().and_then(|key| known(&PartyId::of_source(source, key)));
        if let Some(known) = by_key {
            return Some(known.party.root());
        }
        if let Some(id) = before
            && known(&id).is_some_and(|it| it.facts.iter().any(|it| same(it, &facts) >= Sameness::Perhaps))
        {
            return Some(id);
        }
        let marks = facts.marks();
        let candidates = marks.iter().filter_map(|it| self.by_mark.get(it)).flatten();
        let mut found: Vec<&Known> = candidates
            .filter_map(known)
            .filter(|it| it.facts.iter().any(|it| same(it, &facts) == Sameness::Same))
            .collect();
        found.sort_by_key(|it| it.party.number);
        found.first().map(|it| it.party.root())
    }

    /// Adds the party of a row.
    pub fn add(&mut self, it: &PartyDraft, head: &Head) -> Party {
        let id = PartyId::of_source(&head.source, &it.identity());
        // The id is taken where a party of this key became another one since: the row's own key tells them apart.
        let id = if self.known.contains_key(&id) {
            PartyId::of_source(&head.source, &format!("{}|{}", it.identity(), head.source_key))
        } else {
            id
        };
        let blank = form::blank(id, self.last_number + 1, head.recorded_at);
        let party = it.fill(Party {
            source: head.source.clone(),
            source_key: it.key.clone().unwrap_or_else(|| head.source_key.clone()),
            batch_id: head.batch_id,
            ..blank
        });
        self.n_versions += 1;
        self.take(party.clone());
        party
    }

    /// The next version of a party of which the row says what was missing; none where it adds nothing, or where a person
    /// or another register keeps the party.
    pub fn complete(&mut self, id: PartyId, it: &PartyDraft, draft: &Draft, now: Moment) -> Option<Party> {
        let known = self.known.get(&id)?;
        if known.by_hand || known.party.source != draft.head.source {
            return None;
        }
        let next = it.complete(known.party.clone());
        if next == known.party {
            return None;
        }
        let recorded_at =
            draft.head.recorded_at.max(known.party.recorded_at).min(now.max(known.party.recorded_at));
        let next =
            Party { version: known.party.version + 1, recorded_at, batch_id: draft.head.batch_id, ..next };
        self.n_versions += 1;
        self.take(next.clone());
        Some(next)
    }
}
