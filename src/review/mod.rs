//! Review: records of which the model is not sure wait here for a person, who sees both sides and decides.
//!
//! Reads ([`store`]) and the words of the comparison ([`compare`], [`differences`]) know of no score: what a link would
//! change orders the queue and is shown nowhere, so that it cannot sway who decides. Each decision ([`decide`]) is one
//! transaction, keeps the link that stood before, and can be undone.

use crate::clock::Moment;
use crate::complaints::Complaint;
use crate::incidents::Incident;
use crate::inspections::Inspection;
use crate::licenses::License;
use crate::linking::evidence::Evidence;
use crate::records::decisions::{Candidate, DecisionId, QueueState, Verdict};
use crate::records::links::Stood;
use crate::records::{BuildingId, Head, Linked, Place, RecordId, RecordKind, SiteId};
use crate::rights::AccountId;
use crate::sites::Site;

pub mod compare;
pub mod decide;
pub mod differences;
mod drawing;
pub mod merging_pages;
pub mod merging_views;
pub mod opening;
pub mod opening_views;
pub mod pages;
pub mod read;
pub mod store;
pub mod views;

/// So many records stand in the list beside the one that is open.
pub const LISTED: u32 = 50;
/// So many records are counted for the bar; more are `99+`.
pub const COUNTED: i64 = 99;

/// A record as the page sets it beside a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Its kind.
    pub kind: RecordKind,
    /// Who, when, from where.
    pub head: Head,
    /// Where.
    pub place: Place,
    /// The site it counts for now.
    pub linked: Linked,
    /// `L-9042`: what people call it by.
    pub label: String,
    /// The business as it names it; empty where it names none.
    pub name: String,
    /// The kind of site that a license is for, a word of `data/kinds.toml`.
    pub site_kind: Option<String>,
    /// The number of a license.
    pub number: Option<String>,
    /// The day that matters, and what it is.
    pub day: (&'static str, Moment),
}

/// A row of the queue.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct QueueRow {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The record.
    pub id: RecordId,
    /// What people call it by.
    pub label: String,
    /// The business that it names; empty where it names none.
    pub name: String,
    /// The address as written.
    pub address: Option<String>,
    /// The city as written.
    pub city: Option<String>,
    /// What it may belong to, best first.
    #[sqlx(try_from = "crate::db::Json<Vec<Candidate>>")]
    pub candidates: Vec<Candidate>,
}

/// How a record stands in the queue.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Queued {
    /// Since when it waits.
    pub recorded_at: Moment,
    /// Its building.
    pub building_id: Option<BuildingId>,
    /// What it may belong to, best first.
    #[sqlx(try_from = "crate::db::Json<Vec<Candidate>>")]
    pub candidates: Vec<Candidate>,
    /// Whether it waits.
    pub state: QueueState,
}

/// The link that a record has now.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct LinkNow {
    /// Its version.
    pub version: i64,
    /// What it says.
    #[sqlx(flatten)]
    pub stood: Stood,
    /// The decision that made it.
    pub cause: Option<DecisionId>,
}

/// What somebody decided.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Decision {
    /// Which.
    pub id: DecisionId,
    /// The kind of the record.
    pub record_kind: RecordKind,
    /// The record.
    pub record_id: RecordId,
    /// What.
    pub verdict: Verdict,
    /// The site that it is about.
    pub site_id: Option<SiteId>,
    /// The building.
    pub building_id: Option<BuildingId>,
    /// The decision that moved several records at once.
    pub part_of: Option<DecisionId>,
    /// When.
    pub decided_at: Moment,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// Their name then.
    pub decided_name: String,
    /// Why, if they said so.
    pub why: Option<String>,
    /// When it was undone.
    pub undone_at: Option<Moment>,
    /// The site that the record was linked to before.
    pub before_site: Option<SiteId>,
    /// The building.
    pub before_building: Option<BuildingId>,
    /// How; none when there was no link.
    pub before_method: Option<String>,
    /// How certain, in thousandths.
    pub before_certainty: Option<i64>,
    /// By which rules.
    pub before_model: Option<String>,
    /// What was compared.
    pub before_evidence: Option<String>,
}

/// How far the queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// So many wait, those put off among them.
    pub n_waiting: i64,
    /// Since when the oldest waits.
    pub oldest: Option<Moment>,
    /// Decided since midnight.
    pub n_decided: i64,
    /// Undone since midnight.
    pub n_undone: i64,
}

/// A record that links to a site: of those that a split looks through.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Companion {
    /// Its kind.
    pub kind: RecordKind,
    /// Which.
    pub id: RecordId,
    /// What people call it by.
    pub label: String,
    /// The business that it names.
    pub name: String,
    /// When it happened.
    pub occurred_at: Moment,
}

/// What is known of a site beside its own row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// How many records link to it.
    pub n_links: i64,
    /// When the last of them was recorded.
    pub last: Option<Moment>,
    /// The number of its latest license.
    pub license: Option<String>,
}

/// A site that the record may belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The site.
    pub site: Site,
    /// How probable, in thousandths; none where no model compared them.
    pub probability: Option<i64>,
    /// What the model compared.
    pub evidence: Option<Evidence>,
    /// What else is known.
    pub known: Known,
    /// Somebody said that the record is not about this site.
    pub is_out: bool,
}

/// All about one record that a decision rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The record.
    pub subject: Subject,
    /// Its place in the queue, if it has one.
    pub queued: Option<Queued>,
    /// Its link now.
    pub link: Option<LinkNow>,
    /// What was decided of it, newest first.
    pub decisions: Vec<Decision>,
    /// The sites it may belong to, best first; those that are out come last.
    pub choices: Vec<Choice>,
    /// Sites in its building.
    pub n_tenants: usize,
}

impl Subject {
    /// `License L-9042`.
    pub fn title(&self) -> String {
        title(self.kind, &self.label)
    }

    /// Which record.
    pub fn key(&self) -> (RecordKind, RecordId) {
        (self.kind, self.head.id)
    }

    /// The address of its page in the queue.
    pub fn href(&self) -> String {
        href(self.kind, self.head.id)
    }
}

/// `License L-9042`.
pub fn title(kind: RecordKind, label: &str) -> String {
    let kind = match kind {
        RecordKind::License => "License",
        RecordKind::Inspection => "Inspection",
        RecordKind::Complaint => "Complaint",
        RecordKind::Incident => "Incident",
    };
    let label = if label.chars().count() > 24 {
        label.chars().take(23).chain(['…']).collect()
    } else {
        label.to_owned()
    };
    format!("{kind} {label}")
}

/// The address of a record's page in the queue.
pub fn href(kind: RecordKind, id: RecordId) -> String {
    format!("/review/{kind}/{id}")
}

impl From<License> for Subject {
    fn from(it: License) -> Self {
        let day = it.issued_on.map_or(("Happened", it.head.occurred_at), |day| ("Issued", day));
        Self {
            kind: RecordKind::License,
            label: it.number.clone(),
            name: it.name,
            site_kind: Some(it.kind),
            number: Some(it.number),
            day,
            head: it.head,
            place: it.place,
            linked: it.linked,
        }
    }
}

impl From<Inspection> for Subject {
    fn from(it: Inspection) -> Self {
        Self::plain(RecordKind::Inspection, it.name, ("Inspected", it.head), it.place, it.linked)
    }
}

impl From<Complaint> for Subject {
    fn from(it: Complaint) -> Self {
        Self::plain(RecordKind::Complaint, it.name, ("Complained", it.head), it.place, it.linked)
    }
}

impl From<Incident> for Subject {
    fn from(it: Incident) -> Self {
        Self::plain(RecordKind::Incident, String::new(), ("Happened", it.head), it.place, it.linked)
    }
}

impl Subject {
    fn plain(
        kind: RecordKind,
        name: String,
        (day, head): (&'static str, Head),
        place: Place,
        linked: Linked,
    ) -> Self {
        let label = head.source_key.clone();
        let day = (day, head.occurred_at);
        Self { kind, label, name, site_kind: None, number: None, day, head, place, linked }
    }
}

impl Case {
    /// Whether it waits for a person.
    pub fn waits(&self) -> bool {
        self.queued.as_ref().is_some_and(|it| it.state != QueueState::Decided)
    }

    /// The building of the record.
    pub fn building(&self) -> Option<BuildingId> {
        self.subject.place.building_id.or_else(|| self.queued.as_ref().and_then(|it| it.building_id))
    }

    /// The newest decision in force.
    pub fn in_force(&self) -> Option<&Decision> {
        self.decisions.iter().find(|it| it.undone_at.is_none())
    }

    /// What a page was shown of all this, in short: a form that comes with another is overtaken.
    pub fn seen(&self) -> String {
        let version = self.link.as_ref().map_or(0, |it| it.version);
        let decision = self.in_force().map_or("-".to_owned(), |it| it.id.to_string());
        format!("{version}.{decision}")
    }

    /// The sites that are still in question.
    pub fn open_choices(&self) -> impl Iterator<Item = &Choice> {
        self.choices.iter().filter(|it| !it.is_out)
    }
}

impl Decision {
    /// The link that stood before it; none when there was none.
    pub fn before(&self) -> Option<Stood> {
        Some(Stood {
            site_id: self.before_site,
            building_id: self.before_building,
            method: self.before_method.clone()?,
            certainty: self.before_certainty.unwrap_or_default(),
            model: self.before_model.clone().unwrap_or_default(),
            evidence: self.before_evidence.clone(),
        })
    }

    /// `Linked to Larkfield Bodywork`: what was decided, of the site with that name.
    pub fn words(&self, site: Option<&str>) -> String {
        let site = site.unwrap_or("a site that is not in your area");
        match self.verdict {
            Verdict::Link => format!("Linked to {site}"),
            Verdict::NotThis => format!("Not {site}"),
            Verdict::Building => "Only the building".to_owned(),
            Verdict::NewSite => format!("Linked to the new site {site}"),
            Verdict::Split => format!("Moved to the new site {site}"),
            Verdict::Unlink => "Linked to nothing".to_owned(),
        }
    }
}

/// How probable, as a person says it: of thousandths.
pub fn likelihood(probability: i64) -> &'static str {
    match probability {
        800.. => "Probably",
        500..800 => "Perhaps",
        _ => "Hardly",
    }
}

#[cfg(test)]
mod tests {
    use super::{likelihood, title};
    use crate::records::RecordKind;

    #[test]
    fn a_probability_is_told_in_a_word() {
        assert_eq!([880, 500, 70].map(likelihood), ["Probably", "Perhaps", "Hardly"]);
    }

    #[test]
    fn a_long_key_is_cut() {
        assert_eq!(title(RecordKind::License, "L-9042"), "License L-9042");
        assert_eq!(title(RecordKind::Incident, &"é".repeat(60)).chars().count(), "Incident ".len() + 24);
    }
}
