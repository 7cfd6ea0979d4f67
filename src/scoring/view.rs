//! What of a site's events counts as of a moment: the newest versions known by then, and what they make known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::Family;
use super::card::Card;
use super::input::{Event, LicenseState, Outcome, RecordKind, RecordRef, Site, What};
use super::reason::Gap;
use crate::clock::Moment;

/// What of the events counts, sorted out.
pub(super) struct View<'a> {
    pub(super) site: &'a Site,
    pub(super) as_of: NaiveDate,
    /// The newest versions, oldest event first.
    pub(super) events: Vec<&'a Event>,
    /// Visits at which the site was seen, oldest first; on one day the worse comes last.
    pub(super) completed: Vec<Completed<'a>>,
    pub(super) later: Vec<RecordRef>,
}

pub(super) struct Completed<'a> {
    pub(super) visit: &'a Event,
    pub(super) passed: bool,
    /// Passed, or with at least one violation on record.
    pub(super) tells_findings: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(site: &'a Site, events: &'a [Event], as_of: Moment) -> Self {
        let limit = as_of.end();
        let known = || events.iter().filter(|it| it.recorded <= limit);
        let mut newest: BTreeMap<(RecordKind, Uuid), (Moment, u32)> = BTreeMap::new();
        for it in known() {
            let version = newest.entry((it.record.kind, it.record.id)).or_insert((it.recorded, it.version));
            *version = (*version).max((it.recorded, it.version));
        }
        let is_newest = |it: &&Event| newest[&(it.record.kind, it.record.id)] == (it.recorded, it.version);
        let (mut events, later): (Vec<&Event>, Vec<&Event>) =
            known().filter(is_newest).partition(|it| it.occurred <= limit);
        events.sort_by_key(|it| (it.occurred, it.record));
        // A license whose term begins later is nothing out of order.
        let odd = later.into_iter().filter(|it| !matches!(it.what, What::License { .. }));
        let mut later: Vec<RecordRef> = odd.map(|it| it.record).collect();
        later.sort_unstable();
        Self { site, as_of: as_of.day(), completed: completed(&events), events, later }
    }

    pub(super) fn last_visit_passed(&self) -> bool {
        self.completed.last().is_some_and(|it| it.passed)
    }

    pub(super) fn licenses(&self) -> impl Iterator<Item = (&'a Event, LicenseState, Option<NaiveDate>)> {
        self.events.iter().filter_map(|it| match it.what {
            What::License { state, until } => Some((*it, state, until)),
            _ => None,
        })
    }

    pub(super) fn has_license_standing(&self) -> bool {
        self.site.watched.licenses || self.licenses().any(|it| it.1 != LicenseState::Pending)
    }

    /// Thousandths of a family that are known. Only being watched makes a family known, never bad news alone:
    /// else a complaint could lower a score by making known what had counted as typical.
    pub(super) fn known(&self, card: &Card, family: Family) -> i64 {
        let recent = |it: &Event| age(self.as_of, it.occurred.day()) <= card.unknown.visit_days;
        let grade = |full: bool, partly: bool| {
            if full {
                1000
            } else if partly {
                500
            } else {
                0
            }
        };
        let completed = &self.completed;
        match family {
            Family::Compliance => {
                let told = || completed.iter().filter(|it| it.tells_findings);
                let partly = told().next().is_some() || self.has_license_standing();
                grade(told().any(|it| recent(it.visit)), partly)
            }
            Family::History => grade(completed.iter().any(|it| recent(it.visit)), !completed.is_empty()),
            Family::Complaints => grade(self.site.watched.complaints, false),
            Family::Continuity => grade(self.site.watched.continuity, false),
            Family::Incidents => 0,
        }
    }

    pub(super) fn gaps(&self, card: &Card) -> Vec<Gap> {
        let untold = self.completed.last().is_some_and(|it| !it.tells_findings);
        let found = [
            (self.known(card, Family::History) < 1000, Gap::NoRecentVisit),
            (untold, Gap::NoFindings),
            (!self.has_license_standing(), Gap::NoLicenseRegister),
            (!self.site.watched.complaints, Gap::NoComplaintFeed),
            (true, Gap::IncidentsNotCounted),
            (!self.site.watched.continuity, Gap::NoAdjudications),
        ];
        let gaps = found.into_iter().filter(|it| it.0).map(|it| it.1);
        gaps.chain(self.later.iter().map(|it| Gap::NotYetHappened(*it))).collect()
    }
}

fn completed<'a>(events: &[&'a Event]) -> Vec<Completed<'a>> {
    let violations = events.iter().filter(|it| matches!(it.what, What::Violation { .. }));
    let with_violations: BTreeSet<Uuid> = violations.map(|it| it.record.id).collect();
    let mut visits: Vec<Completed<'a>> = events
        .iter()
        .filter_map(|visit| {
            let passed = match visit.what {
                What::Visit { outcome: Outcome::Passed | Outcome::CorrectBy, .. } => true,
                What::Visit { outcome: Outcome::NotPassed, .. } => false,
                _ => return None,
            };
            let tells_findings = passed || with_violations.contains(&visit.record.id);
            Some(Completed { visit, passed, tells_findings })
        })
        .collect();
    visits.sort_by_key(|it| (it.visit.occurred.day(), !it.passed, it.visit.record));
    visits
}

/// Whole days from a day to another, none if it comes later.
pub(super) fn age(as_of: NaiveDate, day: NaiveDate) -> i64 {
    (as_of - day).num_days().max(0)
}
