//! Each record's worth: base points times what the card makes of its source, link, origin, age and rank.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::card::Card;
use super::input::{
    Certainty, Complaint, Continuity, Event, Found, Grade, LicenseState, Origin, Outcome, RecordKind,
    RecordRef, Severity, Site, Source, ViolationState, What,
};
use super::reason::{Aging, Reason, Weights};
use super::view::{View, age};
use super::{Centipoints, Family, Feature};
use crate::clock::Moment;

/// A reason before its rank among its like is known.
struct Term {
    reason: Reason,
    source: Source,
    /// The product of all weights but the rank, in centipoints.
    weight: f64,
}

pub(super) struct Terms<'a> {
    card: &'a Card,
    as_of: NaiveDate,
    terms: Vec<Term>,
}

impl<'a> Terms<'a> {
    /// None yet.
    pub(super) fn new(card: &'a Card, as_of: NaiveDate) -> Self {
        Self { card, as_of, terms: Vec::new() }
    }

    /// Violations by severity; open ones do not fade.
    pub(super) fn violations(&mut self, view: &View<'_>) {
        for it in &view.events {
            let What::Violation { severity, state } = it.what else { continue };
            let feature = match severity {
                Severity::Critical => Feature::ViolationCritical,
                Severity::Major => Feature::ViolationMajor,
                Severity::Minor => Feature::ViolationMinor,
                Severity::Ungraded => Feature::ViolationUngraded,
            };
            let aging = match state {
                ViolationState::Closed(Some(day)) if day <= view.as_of => (Aging::Closed, day),
                ViolationState::Open | ViolationState::Closed(Some(_)) => (Aging::Open, it.occurred.day()),
                ViolationState::Closed(None) => (Aging::Closed, it.occurred.day()),
                ViolationState::Unknown => (Aging::Past, it.occurred.day()),
            };
            self.add(it, feature, self.card.grade.agency, aging);
        }
    }

    /// Open, and no license in force: the one that ended last is the reason, or, where a register should list
    /// the site and never did, the site itself.
    pub(super) fn license(&mut self, view: &View<'_>) {
        let in_force = |state: LicenseState, until: Option<NaiveDate>| match state {
            LicenseState::Active => until.is_none_or(|it| it >= view.as_of),
            LicenseState::Unknown => until.is_some_and(|it| it >= view.as_of),
            LicenseState::Pending | LicenseState::Ended => false,
        };
        if !view.site.open || view.licenses().any(|it| in_force(it.1, it.2)) {
            return;
        }
        let ended = view.licenses().filter(|it| it.1 != LicenseState::Pending);
        let last = ended.max_by_key(|it| (it.2.unwrap_or(it.0.occurred.day()), it.0.record));
        if let Some((it, state, until)) = last {
            // A license without an end whose state is unknown says nothing about today.
            if state == LicenseState::Unknown && until.is_none() {
                return;
            }
            let since = until.filter(|it| *it < view.as_of).unwrap_or(it.occurred.day());
            self.add(it, Feature::LicenseLapsed, self.card.grade.agency, (Aging::Open, since));
        } else if view.site.watched.licenses && view.licenses().next().is_none() {
            let missing = no_license(view.site, view.as_of);
            self.add(&missing, Feature::LicenseNone, self.card.grade.agency, (Aging::Open, view.as_of));
        }
    }

    pub(super) fn visits(&mut self, view: &View<'_>) {
        let last = view.completed.last().map(|it| it.visit.record);
        let passed = view.completed.iter().rev().find(|it| it.passed).map(|it| it.visit.occurred.day());
        for it in &view.events {
            let What::Visit { outcome, reinspect_by } = it.what else { continue };
            let day = it.occurred.day();
            if outcome == Outcome::NotPassed {
                self.add(it, Feature::VisitNotPassed, self.card.grade.agency, (Aging::Past, day));
                if let Some(term) = self.terms.last_mut() {
                    term.reason.last_visit = last == Some(it.record);
                }
            }
            if outcome == Outcome::Refused {
                self.add(it, Feature::VisitRefused, self.card.grade.agency, (Aging::Past, day));
            }
            // Only a visit that went well settles it: one more that was not passed must not lower a score.
            let settled = passed.is_some_and(|passed| passed > day);
            if let Some(due) = reinspect_by.filter(|due| *due < view.as_of && !settled) {
                self.add(it, Feature::ReinspectionOverdue, self.card.grade.agency, (Aging::Open, due));
            }
        }
    }

    pub(super) fn complaints_and_continuity(&mut self, view: &View<'_>) {
        for it in &view.events {
            let day = it.occurred.day();
            match it.what {
                What::Complaint { about, anonymous, found } if found != Found::Unfounded => {
                    let confirmed = found == Found::Confirmed;
                    let grade = match (anonymous, confirmed) {
                        (true, false) => self.card.grade.anonymous,
                        (true, true) => self.card.grade.confirmed,
                        (false, _) => self.card.grade.complainant,
                    };
                    self.add(it, complaint(about), grade, (Aging::Past, day));
                    if let Some(term) = self.terms.last_mut().filter(|_| anonymous && !confirmed) {
                        // Unknown complainants cannot be told apart, so all of them are one source.
                        term.source = Source(u64::MAX);
                        term.reason.anonymous = true;
                    }
                }
                What::Continuity { of } => {
                    let feature = match of {
                        Continuity::Premises => Feature::ContinuityPremises,
                        Continuity::Licensee => Feature::ContinuityLicensee,
                    };
                    let stop = self.card.family(Family::Continuity).stop_days;
                    if stop.is_none_or(|stop| age(view.as_of, day) <= stop) {
                        self.add(it, feature, self.card.grade.agency, (Aging::Past, day));
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, it: &Event, feature: Feature, grade: Grade, (aging, since): (Aging, NaiveDate)) {
        let family = self.card.family(feature.family());
        let age_days = age(self.as_of, since);
        let faded = libm::exp2(-(age_days as f64) / family.half_life_days);
        let weights = Weights {
            source: self.card.source_weight(it.grade.unwrap_or(grade)),
            link: f64::from(it.link.min(Certainty::FULL).0) / 1000.0,
            origin: self.card.origin_weight(it.origin),
            age: if aging == Aging::Open { 1.0 } else { faded },
            rank: 1,
        };
        let base = self.card.base(feature);
        // Always in this order: floating products depend on it.
        let weight = base.0 as f64 * weights.source * weights.link * weights.origin * weights.age;
        let reason = Reason {
            record: it.record,
            feature,
            last_visit: false,
            occurred: it.occurred,
            age_days,
            aging,
            anonymous: false,
            base,
            weights,
            points: Centipoints::ZERO,
            counted: Centipoints::ZERO,
        };
        self.terms.push(Term { reason, source: it.source, weight });
    }

    /// Gives each term its rank among those of the same feature and source: the weightiest is the first, among
    /// equals the newest. So one more record can never lower a sum, whatever its grade, and n equal records are
    /// worth 1 + 1/2 + ... + 1/n of one. While the last visit was passed, earlier ones rank from 2.
    pub(super) fn ranked(mut self, last_visit_passed: bool) -> Vec<Reason> {
        self.terms.sort_by(|a, b| {
            let family = |it: &Term| (it.reason.feature.family(), it.reason.feature, it.source);
            let newest = |it: &Term| (Reverse(it.reason.occurred), it.reason.record);
            family(a).cmp(&family(b)).then(b.weight.total_cmp(&a.weight)).then(newest(a).cmp(&newest(b)))
        });
        let mut before: Option<(Feature, Source, u32)> = None;
        for it in &mut self.terms {
            let first = 1 + u32::from(it.reason.feature == Feature::VisitNotPassed && last_visit_passed);
            let rank = match before {
                Some((feature, source, rank)) if (feature, source) == (it.reason.feature, it.source) => {
                    rank + 1
                }
                _ => first,
            };
            before = Some((it.reason.feature, it.source, rank));
            it.reason.weights.rank = rank;
            it.reason.points = Centipoints(libm::round(it.weight / f64::from(rank)) as i64);
        }
        let mut reasons: Vec<Reason> = self.terms.into_iter().map(|it| it.reason).collect();
        reasons.sort_by_key(|it| {
            (it.feature.family(), Reverse(it.points), Reverse(it.occurred), it.feature, it.record)
        });
        reasons
    }
}

/// What a complaint counts as.
pub(super) fn complaint(about: Complaint) -> Feature {
    match about {
        Complaint::Trafficking => Feature::ComplaintTrafficking,
        Complaint::CommercialSex => Feature::ComplaintCommercialSex,
        Complaint::Unlicensed => Feature::ComplaintUnlicensed,
        Complaint::Hours => Feature::ComplaintHours,
        Complaint::Safety => Feature::ComplaintSafety,
        Complaint::Nuisance => Feature::ComplaintNuisance,
        Complaint::Other => Feature::ComplaintOther,
    }
}

/// The missing license stands as a fact about the site itself.
fn no_license(site: &Site, as_of: NaiveDate) -> Event {
    Event {
        record: RecordRef { kind: RecordKind::Site, id: site.id, part: 0 },
        version: 0,
        source: Source::default(),
        occurred: Moment::Day(as_of),
        recorded: Moment::Day(as_of),
        what: What::License { state: LicenseState::Pending, until: None },
        grade: None,
        origin: Origin::Duty,
        link: Certainty::FULL,
    }
}
