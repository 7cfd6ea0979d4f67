//! The words of a score: short sentences made from codes and numbers, never from text of a record.

use super::reason::{Aging, Gap, Reason};
use super::{Centipoints, Family, Feature};

impl Family {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Compliance => "Compliance",
            Self::Complaints => "Complaints",
            Self::Incidents => "Incidents at the address",
            Self::History => "Visits and follow-up",
            Self::Continuity => "Continuity",
        }
    }
}

impl Reason {
    /// What happened, as a short sentence: `Last visit not passed`.
    pub fn title(&self) -> String {
        let confirmed = if self.anonymous { "Anonymous complaint, not confirmed: " } else { "Complaint: " };
        match self.feature {
            Feature::ViolationCritical => self.violation("Critical violation"),
            Feature::ViolationMajor => self.violation("Major violation"),
            Feature::ViolationMinor => self.violation("Minor violation"),
            Feature::ViolationUngraded => self.violation("Violation"),
            Feature::LicenseLapsed => "License lapsed, still open".to_owned(),
            Feature::LicenseNone => "Open, and not in the license register".to_owned(),
            Feature::ComplaintTrafficking => format!("{confirmed}signs of people held or sold"),
            Feature::ComplaintCommercialSex => format!("{confirmed}commercial sex"),
            Feature::ComplaintUnlicensed => format!("{confirmed}work without a license"),
            Feature::ComplaintHours => format!("{confirmed}opening hours"),
            Feature::ComplaintSafety => format!("{confirmed}safety or health"),
            Feature::ComplaintNuisance => format!("{confirmed}noise, litter or disorder"),
            Feature::ComplaintOther => format!("{confirmed}other"),
            Feature::VisitNotPassed if self.last_visit => "Last visit not passed".to_owned(),
            Feature::VisitNotPassed => "Earlier visit not passed".to_owned(),
            Feature::VisitRefused => "Entry refused; review offered".to_owned(),
            Feature::ReinspectionOverdue => match self.age_days {
                1 => "Reinspection 1 day overdue".to_owned(),
                days => format!("Reinspection {days} days overdue"),
            },
            Feature::ContinuityPremises => "Premises open again after an adjudicated closing".to_owned(),
            Feature::ContinuityLicensee => "Licensee open again after an adjudicated closing".to_owned(),
        }
    }

    fn violation(&self, what: &str) -> String {
        match self.aging {
            Aging::Open => format!("{what}, open"),
            Aging::Closed => format!("{what}, since put right"),
            Aging::Past => what.to_owned(),
        }
    }

    /// How it counts: `not passed 6 × age .47 × ½`.
    pub fn how(&self) -> String {
        let mut words = format!("{} {}", short(self.feature), plain(self.base));
        let weights =
            [("source", self.weights.source), ("link", self.weights.link), ("origin", self.weights.origin)];
        for (name, weight) in weights.into_iter().filter(|it| it.1 < 1.0) {
            words.push_str(&format!(" × {name} {}", hundredths(weight)));
        }
        if self.weights.age < 1.0 {
            words.push_str(&format!(" × age {}", hundredths(self.weights.age)));
        }
        match self.weights.rank {
            1 => {}
            2 => words.push_str(" × ½"),
            rank => words.push_str(&format!(" × 1/{rank}")),
        }
        if self.aging == Aging::Open && self.feature != Feature::ReinspectionOverdue {
            words.push_str(" · open");
        }
        if self.counted < self.points {
            words.push_str(&format!(" · {} of it under the cap", self.counted));
        }
        words
    }
}

fn short(feature: Feature) -> &'static str {
    match feature {
        Feature::ViolationCritical => "critical",
        Feature::ViolationMajor => "major",
        Feature::ViolationMinor => "minor",
        Feature::ViolationUngraded => "ungraded",
        Feature::LicenseLapsed | Feature::LicenseNone => "no license",
        Feature::VisitNotPassed => "not passed",
        Feature::VisitRefused => "refused",
        Feature::ReinspectionOverdue => "overdue",
        Feature::ContinuityPremises | Feature::ContinuityLicensee => "continuity",
        _ => "complaint",
    }
}

/// Base points without needless zeros: `6`, `4.5`.
fn plain(it: Centipoints) -> String {
    it.points().to_string()
}

/// A weight of 0 to 1 with two decimals and no leading zero: `.47`.
fn hundredths(weight: f64) -> String {
    match libm::round(weight * 100.0) as i64 {
        100.. => "1".to_owned(),
        it => format!(".{it:02}"),
    }
}

impl Gap {
    /// What is not known, and what would make it known.
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::NoRecentVisit => "No completed visit in the last years: a visit would tell.",
            Self::NoFindings => "The last visit was not passed, but its findings are not on record.",
            Self::NoLicenseRegister => {
                "No license on record, and no register that covers the site is imported."
            }
            Self::NoComplaintFeed => "No feed of complaints covers the site.",
            Self::IncidentsNotCounted => "Incidents at the address are not counted in this form of the card.",
            Self::NoAdjudications => "No list of revocations and adjudicated closings covers the site.",
            Self::NotYetHappened(_) => "A record is dated later than the day of this score and is left out.",
        }
    }
}
