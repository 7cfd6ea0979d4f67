//! Premises that nobody listed: records of regulated kinds that link to no site, gathered by building and name, for a
//! person to make a site of. Nothing is proposed from a distance, a block or a person; incidents, which name no business,
//! propose nothing.

use std::collections::BTreeMap;

use crate::clock::{Moment, Stamp};
use crate::db::id;
use crate::records::{BuildingId, RecordId, RecordKind};
use crate::sites::Kinds;
use crate::text::name::Name;

pub mod pages;
pub mod store;
pub mod views;

id! {
    /// The word of a person that premises are no site.
    DismissalId
}

/// A record that links to no site and names a business at an address.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Loose {
    /// Its kind.
    pub record_kind: RecordKind,
    /// Which.
    pub id: RecordId,
    /// The business, as written.
    pub name: String,
    /// The kind of site that it regulates, a word of `data/kinds.toml`; empty where the record does not say.
    pub kind: String,
    /// The number of a license, the outcome of an inspection.
    pub label: String,
    /// Address as written.
    pub address: String,
    /// Unit.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// The building.
    pub building_id: BuildingId,
    /// When it happened.
    pub occurred_at: Moment,
}

/// Premises that may be a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Where.
    pub building: BuildingId,
    /// The name in one spelling: with the building it says which proposal this is.
    pub name_key: String,
    /// The records that speak of it, newest first; never empty.
    pub records: Vec<Loose>,
}

/// A dismissal in force.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Dismissal {
    /// Which.
    pub id: DismissalId,
    /// The building.
    pub building_id: BuildingId,
    /// The name in one spelling.
    pub name_key: String,
    /// The name as the newest record wrote it then.
    pub name: String,
    /// Its city.
    pub city: Option<String>,
    /// When.
    pub dismissed_at: Stamp,
    /// Who.
    pub dismissed_name: String,
    /// Why.
    pub why: String,
}

impl Proposal {
    /// The newest record, which says how it is named and where.
    pub fn newest(&self) -> &Loose {
        &self.records[0]
    }

    /// The kind that a record names, the newest first; none when all leave it open.
    pub fn kind(&self) -> Option<&str> {
        self.records.iter().map(|it| it.kind.as_str()).find(|it| !it.is_empty() && *it != Kinds::OTHER)
    }
}

/// Gathers loose records, newest first, into proposals: those with most records first, then the newest. What was
/// dismissed is left out.
pub fn proposals(loose: Vec<Loose>, dismissed: &[Dismissal]) -> Vec<Proposal> {
    let mut gathered: BTreeMap<(BuildingId, String), Vec<Loose>> = BTreeMap::new();
    for record in loose {
        let key = Name::new(&record.name).key().to_owned();
        if !key.is_empty() {
            gathered.entry((record.building_id, key)).or_default().push(record);
        }
    }
    let is_out = |building: BuildingId, key: &str| {
        dismissed.iter().any(|it| it.building_id == building && it.name_key == key)
    };
    let mut proposals: Vec<Proposal> = gathered
        .into_iter()
        .filter(|((building, key), _)| !is_out(*building, key))
        .map(|((building, name_key), records)| Proposal { building, name_key, records })
        .collect();
    proposals.sort_by(|a, b| {
        (b.records.len(), b.newest().occurred_at)
            .cmp(&(a.records.len(), a.newest().occurred_at))
            .then_with(|| (a.building, &a.name_key).cmp(&(b.building, &b.name_key)))
    });
    proposals
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Dismissal, DismissalId, Loose, proposals};
    use crate::clock::Moment;
    use crate::records::{BuildingId, RecordId, RecordKind};

    fn loose(id: u128, building: u128, name: &str, day: &str) -> Loose {
        Loose {
            record_kind: RecordKind::License,
            id: RecordId(Uuid::from_u128(id)),
            name: name.to_owned(),
            kind: "massage_parlor".to_owned(),
            label: id.to_string(),
            address: "12 Main St".to_owned(),
            unit: None,
            city: Some("Duluth".to_owned()),
            building_id: BuildingId(Uuid::from_u128(building)),
            occurred_at: day.parse::<Moment>().unwrap(),
        }
    }

    #[test]
    fn records_of_one_business_in_one_building_are_one_proposal() {
        let found = proposals(
            vec![
                loose(4, 1, "Golden Willow LLC", "2026-03-01"),
                loose(3, 2, "GOLDEN WILLOW", "2026-02-01"),
                loose(2, 1, "Golden Willow", "2026-01-01"),
                loose(1, 1, "...", "2025-01-01"),
            ],
            &[],
        );

        let told: Vec<_> = found.iter().map(|it| (it.newest().id.0.as_u128(), it.records.len())).collect();
        assert_eq!(told, [(4, 2), (3, 1)]);
    }

    #[test]
    fn what_was_dismissed_is_not_proposed_again_under_another_spelling() {
        let dismissed = Dismissal {
            id: DismissalId(Uuid::from_u128(9)),
            building_id: BuildingId(Uuid::from_u128(1)),
            name_key: "goldenwillow".to_owned(),
            name: "Golden Willow".to_owned(),
            city: None,
            dismissed_at: "2026-01-01T00:00:00.000Z".parse().unwrap(),
            dismissed_name: "A. Velden".to_owned(),
            why: "A mailbox".to_owned(),
        };

        assert!(proposals(vec![loose(1, 1, "GOLDEN-WILLOW, Inc.", "2026-01-01")], &[dismissed]).is_empty());
    }
}
