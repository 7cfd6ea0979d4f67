//! How much a record would move a score if it were linked: for the order of the review queue, where it is shown to nobody.

use super::Feature;
use super::card::Card;
use super::input::{LicenseState, Outcome, Severity, ViolationState, What};
use super::terms::complaint;

/// The base points, in centipoints, of all that the record says: without its age, its grade and what the site has already.
pub fn consequence(card: &Card, says: &[What]) -> i64 {
    says.iter().filter_map(feature).filter_map(|it| card.points.get(&it)).map(|it| it.0).sum()
}

/// What it would count as. A license in force takes away the points of a missing one, which moves the score as far.
fn feature(what: &What) -> Option<Feature> {
    match what {
        What::License { state: LicenseState::Active, .. } => Some(Feature::LicenseNone),
        What::License { state: LicenseState::Ended, .. } => Some(Feature::LicenseLapsed),
        What::Visit { outcome: Outcome::NotPassed, .. } => Some(Feature::VisitNotPassed),
        What::Visit { outcome: Outcome::Refused, .. } => Some(Feature::VisitRefused),
        What::Violation { severity, state } if !matches!(state, ViolationState::Closed(_)) => {
            Some(match severity {
                Severity::Critical => Feature::ViolationCritical,
                Severity::Major => Feature::ViolationMajor,
                Severity::Minor => Feature::ViolationMinor,
                Severity::Ungraded => Feature::ViolationUngraded,
            })
        }
        What::Complaint { about, .. } => Some(complaint(*about)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::input::{Complaint, Found};
    use super::*;
    use crate::knowledge::Library;

    fn card() -> Card {
        let library = Library::open(None).unwrap();
        let document = library.below("models").find(|it| it.name.contains("expert")).unwrap();
        Card::parse(&document.name, &document.body).unwrap()
    }

    #[test]
    fn a_grave_record_comes_before_a_slight_one_and_what_tells_nothing_last() {
        let card = card();
        let complaint = |about| What::Complaint { about, anonymous: false, found: Found::Nothing };
        let failed = What::Visit { outcome: Outcome::NotPassed, reinspect_by: None };
        let critical = What::Violation { severity: Severity::Critical, state: ViolationState::Open };

        let visit = consequence(&card, &[failed, critical]);
        let trafficking = consequence(&card, &[complaint(Complaint::Trafficking)]);
        let nuisance = consequence(&card, &[complaint(Complaint::Nuisance)]);
        let passed = consequence(&card, &[What::Visit { outcome: Outcome::Passed, reinspect_by: None }]);

        assert!(visit > trafficking && trafficking > nuisance && nuisance > passed, "{visit} {trafficking}");
        assert_eq!(passed, 0);
    }
}
