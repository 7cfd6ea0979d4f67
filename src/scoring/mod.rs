//! Scoring: which premises deserve the next visit, as points out of 100 with the reasons, as of a day; all pure.
//!
//! One path: a site and its [`input::Event`]s → [`assess::assess`] by a [`card::Card`] → points of each family with
//! their reasons → [`score::score`] with the [`population::Population`] of the last full run (what is typical for
//! the kind stands in for what is unknown) → [`rank::rank`] within the kind, by capacity.
//!
//! - **Shapes and units.** Points are [`Centipoints`]: integers, 10,000 at the most. Times are
//!   [`Moment`](crate::clock::Moment)s; ages are whole days between UTC days.
//! - **As of D.** An event counts if it was recorded by D and had happened by D; of each record the newest such
//!   version counts.
//! - **Bit-identical.** Each term is made of products in a fixed order and `libm::exp2`, rounded to centipoints,
//!   and only then added: neither the order of the input nor the machine can change a score.
//! - **The input is closed.** No field of [`input`] can hold a name, a text, or who inspected: a site and a record
//!   are UUIDs, sources are opaque numbers, all else are numbers, days and closed sets of words. So randomizing
//!   every name in the catalog cannot reach a score; there is nothing for such a test to vary.
//! - **Never guilt.** A family that is not known counts as typical for the kind; the interval shows none of it
//!   and the 90th percentile. A score is always shown with [`STANDING_SENTENCE`].
//!
//! Sources: the card's families, caps and weights are this project's choices after Tobey et al. 2022 (IISE
//! Transactions) on illicit massage businesses and the Admiralty code for grading sources; discounting what
//! officers and our own visits bring up: Ensign et al. 2018 (arXiv 1706.09847); no neighborhood figures:
//! measured on the inspections that Chicago published.

pub mod assess;
pub mod card;
mod card_file;
pub mod consequence;
pub mod input;
pub mod population;
pub mod rank;
pub mod reason;
pub mod score;
mod terms;
mod view;
pub mod words;

use std::fmt;

use crate::db::{Value, text_enum};

/// Stands beside every score.
pub const STANDING_SENTENCE: &str =
    "Triage for the order of inspections: not evidence, not probable cause, not for public release.";

/// Hundredths of a point; a score has 0 to 10,000 of them.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Centipoints(pub i64);

impl Centipoints {
    /// None at all.
    pub const ZERO: Self = Self(0);
    /// The full 100 points.
    pub const FULL: Self = Self(10_000);

    /// As points, for display and axes only.
    pub fn points(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// As points with one decimal: `12.3`.
impl fmt::Display for Centipoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.abs() + 5) / 10;
        let sign = if self.0 < 0 && tenths > 0 { "-" } else { "" };
        write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

impl From<Option<Centipoints>> for Value {
    fn from(it: Option<Centipoints>) -> Self {
        Self::Int(it.map(|it| it.0))
    }
}

impl std::iter::Sum for Centipoints {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|it| it.0).sum())
    }
}

text_enum! {
    /// A family of reasons, with a cap of its own.
    Family {
        /// Violations found at inspections, and the license.
        Compliance = "compliance",
        /// What people complain of.
        Complaints = "complaints",
        /// Incidents at the address, against its ring.
        Incidents = "incidents",
        /// How visits went, and what is overdue.
        History = "history",
        /// Adjudicated closings that the premises or the licensee outlived.
        Continuity = "continuity",
    }
}

text_enum! {
    /// What a record can count as; a card gives each its base points. The set is closed.
    Feature {
        /// A critical violation.
        ViolationCritical = "violation_critical",
        /// A major violation.
        ViolationMajor = "violation_major",
        /// A minor violation.
        ViolationMinor = "violation_minor",
        /// A violation whose severity the source does not say.
        ViolationUngraded = "violation_ungraded",
        /// Open, and the last license has ended.
        LicenseLapsed = "license_lapsed",
        /// Open, and the register that should list it never did.
        LicenseNone = "license_none",
        /// A complaint about signs that people are forced, held or sold.
        ComplaintTrafficking = "complaint_trafficking",
        /// A complaint about sex sold on the premises.
        ComplaintCommercialSex = "complaint_commercial_sex",
        /// A complaint about work without a license.
        ComplaintUnlicensed = "complaint_unlicensed",
        /// A complaint about opening hours.
        ComplaintHours = "complaint_hours",
        /// A complaint about building, fire or health.
        ComplaintSafety = "complaint_safety",
        /// A complaint about noise, litter or disorder.
        ComplaintNuisance = "complaint_nuisance",
        /// A complaint about anything else.
        ComplaintOther = "complaint_other",
        /// A visit that was not passed.
        VisitNotPassed = "visit_not_passed",
        /// A visit at which entry was refused or obstructed.
        VisitRefused = "visit_refused",
        /// A reinspection that is overdue.
        ReinspectionOverdue = "reinspection_overdue",
        /// The same premises after a revocation or an adjudicated nuisance.
        ContinuityPremises = "continuity_premises",
        /// The same licensee after a revocation or an adjudicated nuisance.
        ContinuityLicensee = "continuity_licensee",
    }
}

impl Feature {
    /// The family it belongs to.
    pub fn family(self) -> Family {
        let word = self.as_str();
        match word.split('_').next() {
            Some("violation" | "license") => Family::Compliance,
            Some("complaint") => Family::Complaints,
            Some("continuity") => Family::Continuity,
            _ => Family::History,
        }
    }
}

#[cfg(test)]
mod laws;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centipoints_read_as_points() {
        let read: Vec<String> =
            [0, 4, 5, 1234, 10_000, -50].iter().map(|it| Centipoints(*it).to_string()).collect();

        assert_eq!(read, ["0.0", "0.0", "0.1", "12.3", "100.0", "-0.5"]);
    }
}
