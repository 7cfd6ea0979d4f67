//! Who holds a license, as its register writes it: a party, and its role at the site that the license counts for. The
//! terms of one license number are one role, from the first day of the first to the last of the newest, if that ended.

use std::collections::BTreeMap;

use super::bodies::{Body, PartyDraft};
use super::mapping::Draft;
use super::writer::Writer;
use crate::clock::Moment;
use crate::db::Tx;
use crate::licenses::Status;
use crate::linking::Decision;
use crate::parties::{Holding, HoldingId, Party, Role, names, store};
use crate::records::store::Saved;
use crate::records::{Head, SiteId};
use crate::text::address::Address;

/// A license with its holder and its site.
#[derive(Debug)]
pub(super) struct Licensed {
    who: PartyDraft,
    head: Head,
    number: String,
    site: SiteId,
    began: Moment,
}

/// The holder of a license that links to a site, where the row names one.
pub(super) fn licensed(draft: &Draft, decision: &Decision) -> Option<Licensed> {
    let Body::License(it) = &draft.body else { return None };
    let (written, site) = (it.licensee.as_ref()?, SiteId(decision.site?));
    let (name, door) = names::parted(written);
    let kind = names::guess(&name);
    let began = it.starts_on.or(it.issued_on);
    // Where a company does business tells it from its namesakes; of a person it is no address.
    let city = draft.place.city.clone().filter(|_| kind == crate::parties::Kind::Organization);
    let who = PartyDraft {
        key: None,
        kind,
        name,
        other_names: door.into_iter().collect(),
        registered_number: None,
        phone: None,
        written_address: None,
        unit: None,
        address: Address::of_parts("", None, city.as_deref(), None, None),
        role: Role::Licensee,
        whole_building: false,
        share: None,
        from_on: began,
        to_on: ended(it.status, it.expires_on),
        license_number: None,
        site_name: None,
    };
    let began = began.unwrap_or(draft.head.occurred_at);
    Some(Licensed { who, head: draft.head.clone(), number: it.number.clone(), site, began })
}

/// The last day of a term that is over.
fn ended(status: Status, expires_on: Option<Moment>) -> Option<Moment> {
    let is_over = matches!(status, Status::Expired | Status::Revoked | Status::Canceled | Status::Denied);
    expires_on.filter(|_| is_over)
}

impl Writer {
    /// Saves the holders of licenses that are new or say something else than before. A rehearsal counts licenses only.
    pub(super) async fn licensees(
        &mut self,
        tx: &mut Tx,
        licensed: Vec<Option<Licensed>>,
        saved: &[Saved],
    ) -> anyhow::Result<()> {
        let news = licensed.into_iter().zip(saved).filter(|it| *it.1 != Saved::Unchanged);
        let news: Vec<Licensed> = news.filter_map(|it| it.0).collect();
        if news.is_empty() || self.rehearsal.is_some() {
            return Ok(());
        }
        let mut of_number: BTreeMap<String, Vec<Licensed>> = BTreeMap::new();
        for it in news {
            of_number.entry(it.number.clone()).or_default().push(it);
        }
        let mut directory = self.directory(tx).await?;
        let (mut parties, mut holdings): (Vec<Party>, Vec<Holding>) = (Vec::new(), Vec::new());
        for (number, mut terms) in of_number {
            terms.sort_by_key(|it| it.began);
            let first = terms.first().and_then(|it| it.who.from_on);
            let Some(newest) = terms.pop() else { continue };
            let key = format!("holder of {number}");
            let id = HoldingId::of_source(&newest.head.source, &key);
            let before = directory.delivered(id).cloned();
            let party = match directory.of(
                &newest.head.source,
                &newest.who,
                before.as_ref().map(|it| it.holding.party_id),
            ) {
                Some(id) => id,
                None => {
                    let party = directory.add(&newest.who, &newest.head);
                    parties.push(party.clone());
                    party.id
                }
            };
            let said = Holding {
                id,
                version: before.as_ref().map_or(1, |it| it.latest + 1),
                recorded_at: before.as_ref().map_or(newest.head.recorded_at, |it| {
                    newest.head.recorded_at.max(it.holding.recorded_at)
                }),
                source: newest.head.source.clone(),
                source_key: key,
                batch_id: newest.head.batch_id,
                party_id: party,
                site_id: Some(newest.site),
                building_id: None,
                role: Role::Licensee,
                share: None,
                from_on: earliest(first, before.as_ref().and_then(|it| it.holding.from_on)),
                to_on: newest.who.to_on,
                ended_why: None,
            };
            if before.is_none_or(|it| differs(&it.holding, &said)) {
                directory.hear(said.clone());
                holdings.push(said);
            }
        }
        store::save(tx, parties, self.now).await?;
        store::save_holdings(tx, holdings, self.now).await?;
        self.directory = Some(directory);
        Ok(())
    }
}

fn differs(one: &Holding, other: &Holding) -> bool {
    let what = |it: &Holding| (it.party_id, it.site_id, it.from_on, it.to_on);
    what(one) != what(other)
}

fn earliest(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
