//! What becomes of rows that say who stands behind a site: the party, and its role there.

use std::collections::HashMap;

use super::bodies::{Body, PartyDraft};
use super::directory::{Directory, Place};
use super::mapping::Draft;
use super::rehearsal::content_of;
use super::writer::Writer;
use crate::db::Tx;
use crate::formats::row::RowError;
use crate::linking::Decision;
use crate::parties::{Holding, HoldingId, Party, PartyId, Role, store};
use crate::records::store::Saved;
use crate::records::{BuildingId, SiteId};

const SAID_TWICE: &str =
    "An earlier row of this file says something else under the same key; that one stands";

/// What a chunk adds, in the order in which it was found.
#[derive(Default)]
struct Found {
    parties: Vec<Party>,
    holdings: Vec<Holding>,
    rejects: Vec<RowError>,
}

impl Writer {
    pub(super) async fn parties(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let mut directory = self.directory(tx).await?;
        let mut found = Found::default();
        for draft in drafts {
            let decision = self.premises.decide(&draft, None);
            let Body::Party(it) = &draft.body else { continue };
            match place(it, &draft, &decision) {
                Ok(place) => self.party(&mut directory, (it, &draft, place), &mut found),
                Err(reject) => found.rejects.push(reject),
            }
        }
        self.counts.rejected += found.rejects.len() as i64;
        self.reject(tx, &found.rejects).await?;
        for version in in_turn(found.parties, |it| it.id) {
            store::save(tx, version, self.now).await?;
        }
        for version in in_turn(found.holdings, |it| it.id) {
            store::save_holdings(tx, version, self.now).await?;
        }
        self.directory = Some(directory);
        Ok(())
    }

    /// The parties as they are known; read anew when somebody else has changed them. A rehearsal keeps to its own.
    pub(super) async fn directory(&mut self, tx: &mut Tx) -> anyhow::Result<Directory> {
        let n_versions = store::n_versions(&mut *tx).await?;
        match self.directory.take() {
            Some(it) if self.rehearsal.is_some() || it.n_versions == n_versions => Ok(it),
            _ => Ok(Directory::read(tx.into(), self.premises.source()).await?),
        }
    }

    fn party(
        &mut self,
        directory: &mut Directory,
        (it, draft, place): (&PartyDraft, &Draft, Place),
        found: &mut Found,
    ) {
        let id = HoldingId::of_source(&draft.head.source, &draft.head.source_key);
        let before = directory.delivered(id).cloned();
        let known = directory.of(&draft.head.source, it, before.as_ref().map(|it| it.holding.party_id));
        let (party, is_new) = match known {
            Some(id) => {
                let next = directory.complete(id, it, draft, self.now);
                let is_news = next.is_some();
                found.parties.extend(next);
                (id, is_news)
            }
            None => {
                let party = directory.add(it, &draft.head);
                let id = party.id;
                found.parties.push(party);
                (id, true)
            }
        };
        let said = holding(it, draft, (id, party), place);
        let content = content_of(&what(&said));
        let saved = match before {
            None => Saved::New,
            Some(before) if what(&before.holding) == what(&said) => {
                if is_new {
                    Saved::Changed
                } else {
                    Saved::Unchanged
                }
            }
            Some(before) if before.holding.batch_id == said.batch_id => {
                found.rejects.push(RowError::new(draft.line, None, &draft.head.source_key, SAID_TWICE));
                return;
            }
            Some(before) => {
                let recorded_at = said.recorded_at.max(before.holding.recorded_at);
                let next = Holding { version: before.latest + 1, recorded_at, ..said.clone() };
                directory.hear(next.clone());
                found.holdings.push(next);
                Saved::Changed
            }
        };
        if saved == Saved::New {
            directory.hear(said.clone());
            found.holdings.push(said);
        }
        if saved != Saved::Unchanged {
            self.counts.linked += i64::from(place.0.is_some());
            self.counts.building += i64::from(place.0.is_none());
        }
        self.count_as(id.0, content, saved);
    }
}

/// The site at which a row's role stands, or the building: for who lets it, and where the row says so.
fn place(it: &PartyDraft, draft: &Draft, decision: &Decision) -> Result<Place, RowError> {
    let lets_all = it.whole_building || (it.role == Role::Landlord && decision.site.is_none());
    let building = draft.place.building_id.or(decision.building.map(BuildingId));
    let is_known = decision.site.is_some() || decision.building.is_some();
    match (lets_all, building, decision.site) {
        (true, Some(building), _) if is_known => Ok((None, Some(building))),
        (_, _, Some(site)) => Ok((Some(SiteId(site)), None)),
        _ => {
            let value = draft.place.address.as_deref().or(draft.site_key.as_deref()).unwrap_or_default();
            Err(RowError::new(
                draft.line,
                None,
                value,
                format!("There is no site for this row: {}", decision.reason),
            ))
        }
    }
}

fn holding(
    it: &PartyDraft,
    draft: &Draft,
    (id, party_id): (HoldingId, PartyId),
    (site_id, building_id): Place,
) -> Holding {
    let head = &draft.head;
    Holding {
        id,
        version: 1,
        recorded_at: head.recorded_at,
        source: head.source.clone(),
        source_key: head.source_key.clone(),
        batch_id: head.batch_id,
        party_id,
        site_id,
        building_id,
        role: it.role,
        share: it.share,
        from_on: it.from_on,
        to_on: it.to_on,
        ended_why: None,
    }
}

/// What a delivery says of a role; why it ended is a person's work.
fn what(it: &Holding) -> impl PartialEq + std::fmt::Debug + use<> {
    (it.party_id, it.site_id, it.building_id, (it.role, it.share, it.from_on, it.to_on))
}

/// Rows in groups, each with one version of each id at most, the earlier versions first: a later one supersedes one that
/// is stored.
fn in_turn<T, I: Eq + std::hash::Hash>(rows: Vec<T>, id: impl Fn(&T) -> I) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut seen: HashMap<I, usize> = HashMap::new();
    for row in rows {
        let at = seen.entry(id(&row)).and_modify(|it| *it += 1).or_insert(0);
        if groups.len() <= *at {
            groups.push(Vec::new());
        }
        groups[*at].push(row);
    }
    groups
}
