//! What a rule can ask: a closed set of kinds, each with its numbers.

use super::hours::Closed;
use crate::db::text_enum;
use crate::geo::distance::Feet;
use crate::rights::Resource;

text_enum! {
    /// From what to what a distance is measured, in a straight line.
    Method {
        /// From building to building.
        Building = "building",
        /// From lot line to lot line.
        Lot = "lot",
        /// From the door of the one to the building of the other.
        Door = "door",
        /// The law does not say: both building and lot are reported.
        Unspecified = "unspecified",
    }
}

text_enum! {
    /// Who must hold a license.
    Holder {
        /// The business.
        Business = "business",
        /// Each person who practices.
        Person = "person",
    }
}

text_enum! {
    /// Whose age a rule is about.
    Who {
        /// Those who work there.
        Staff = "staff",
        /// Those who visit.
        Patron = "patron",
    }
}

text_enum! {
    /// Where the businesses are counted.
    Per {
        /// In each city.
        City = "city",
        /// In each county.
        County = "county",
    }
}

text_enum! {
    /// Where incidents are counted together.
    Scope {
        /// In the unit of the site.
        Unit = "unit",
        /// In its whole building.
        Building = "building",
    }
}

text_enum! {
    /// From when years are counted.
    Since {
        /// From the conviction.
        Conviction = "conviction",
        /// From the end of the sentence.
        Discharge = "discharge",
    }
}

text_enum! {
    /// What FOCA may never hold.
    Forbidden {
        /// A minor as an offender.
        MinorAsOffender = "minor_as_offender",
        /// A person sold as an offender.
        PersonSoldAsOffender = "person_sold_as_offender",
    }
}

/// The Admiralty grade that a source must have at least, such as `B2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    /// A to F.
    pub reliability: char,
    /// 1 to 6.
    pub credibility: char,
}

impl Least {
    /// Reads `B2`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let (reliability, credibility) = (chars.next()?, chars.next()?);
        let fits = ('A'..='F').contains(&reliability) && ('1'..='6').contains(&credibility);
        (fits && chars.next().is_none()).then_some(Self { reliability, credibility })
    }

    /// Whether a source of that grade is as good; one without a grade is not.
    pub fn is_met_by(self, reliability: Option<&str>, credibility: Option<&str>) -> bool {
        let first = |text: Option<&str>| text.and_then(|it| it.chars().next());
        let reliable = first(reliability).is_some_and(|it| it.is_ascii_uppercase() && it <= self.reliability);
        let credible = first(credibility).is_some_and(|it| it.is_ascii_digit() && it <= self.credibility);
        reliable && credible
    }
}

impl std::fmt::Display for Least {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.reliability, self.credibility)
    }
}

/// Offenses that together reach a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentClass {
    /// Words of `data/offenses.toml`.
    pub offenses: Vec<String>,
    /// So many incidents reach it.
    pub count: usize,
    /// The clause of the statute.
    pub clause: Option<String>,
}

/// What a rule asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// To stand away from sensitive places.
    Setback {
        /// Words of `data/places.toml`.
        to: Vec<String>,
        /// How far.
        feet: Feet,
        /// From what to what.
        measure: Method,
        /// Whether a place that came after a lawful site counts too.
        later_counts: bool,
    },
    /// To stand away from other regulated sites.
    Separation {
        /// Words of `data/kinds.toml`.
        from_kinds: Vec<String>,
        /// How far.
        feet: Feet,
        /// From what to what.
        measure: Method,
        /// The law only lets the locality prohibit it.
        may_prohibit: bool,
    },
    /// That there are at most so many.
    Cap {
        /// So many are allowed.
        most: usize,
        /// Where they are counted.
        per: Per,
    },
    /// To hold a license.
    LicenseRequired {
        /// Who.
        holder: Holder,
    },
    /// That the license's term has not ended.
    LicenseLapsed,
    /// That the agency itself decides in time.
    DecisionDue {
        /// Days from the application.
        days: i64,
    },
    /// To be closed at certain hours.
    Hours {
        /// When.
        closed: Closed,
    },
    /// To give notice ahead of time.
    NoticeLead {
        /// Days before opening.
        days: i64,
    },
    /// To be inspected so often.
    InspectionsPerYear {
        /// Visits in a year.
        n: usize,
    },
    /// To be inspected again after a visit that was not passed.
    Reinspection {
        /// Days after the visit.
        days: i64,
    },
    /// That what was ordered is done in time.
    CorrectionOverdue,
    /// An item that an inspection looks at.
    Checklist {
        /// A word of `data/facts.toml`.
        item: String,
    },
    /// That something is posted.
    Posting {
        /// A word of `data/facts.toml`.
        item: String,
    },
    /// Hours of training.
    Credential {
        /// Hours.
        hours: f64,
    },
    /// To be insured.
    Insurance {
        /// United States dollars.
        dollars: f64,
    },
    /// An age.
    Age {
        /// Whose.
        who: Who,
        /// At least so many years.
        years: f64,
    },
    /// A number that must lie within limits.
    Measure {
        /// A word of `data/facts.toml`.
        fact: String,
        /// At least.
        at_least: Option<f64>,
        /// At most.
        at_most: Option<f64>,
        /// The unit, as people say it.
        unit: String,
    },
    /// That incidents stay below a threshold.
    Incidents {
        /// Days that count.
        window_days: i64,
        /// Where they are counted.
        scope: Scope,
        /// The grade that a source must have.
        at_least: Least,
        /// Only charged or convicted ones, not merely reported.
        charged_only: bool,
        /// The thresholds; they are not combined.
        classes: Vec<IncidentClass>,
    },
    /// That nobody in charge was convicted of certain offenses; always needs individual review.
    PersonDisqualifier {
        /// Statutes.
        offenses: Vec<String>,
        /// So many years bar; none: not stated.
        years: Option<f64>,
        /// From when they are counted.
        since: Since,
    },
    /// That everybody with such a share is disclosed.
    OwnershipDisclosure {
        /// Percent.
        percent: f64,
    },
    /// What FOCA may not hold; makes no finding at a site.
    Data {
        /// What.
        forbids: Vec<Forbidden>,
    },
}

impl Kind {
    /// The word of the pack's file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Setback { .. } => "setback",
            Self::Separation { .. } => "separation",
            Self::Cap { .. } => "cap",
            Self::LicenseRequired { .. } => "license_required",
            Self::LicenseLapsed => "license_lapsed",
            Self::DecisionDue { .. } => "decision_due",
            Self::Hours { .. } => "hours",
            Self::NoticeLead { .. } => "notice_lead",
            Self::InspectionsPerYear { .. } | Self::Reinspection { .. } => "inspection_due",
            Self::CorrectionOverdue => "correction_overdue",
            Self::Checklist { .. } => "checklist_item",
            Self::Posting { .. } => "posting",
            Self::Credential { .. } => "credential",
            Self::Insurance { .. } => "insurance",
            Self::Age { .. } => "age",
            Self::Measure { .. } => "measure",
            Self::Incidents { .. } => "incidents",
            Self::PersonDisqualifier { .. } => "person_disqualifier",
            Self::OwnershipDisclosure { .. } => "ownership_disclosure",
            Self::Data { .. } => "data",
        }
    }

    /// The record from which a finding of it is made: who may not see that sees no such finding.
    pub fn basis(&self) -> Resource {
        match self {
            Self::LicenseRequired { .. } | Self::LicenseLapsed | Self::DecisionDue { .. } => {
                Resource::License
            }
            Self::InspectionsPerYear { .. } | Self::Reinspection { .. } | Self::CorrectionOverdue => {
                Resource::Inspection
            }
            Self::Incidents { .. } => Resource::Incident,
            _ => Resource::Site,
        }
    }

    /// Whether a person must weigh it in every single case, whatever the law's standing.
    pub fn needs_review(&self) -> bool {
        match self {
            Self::PersonDisqualifier { .. } | Self::Incidents { .. } => true,
            Self::Separation { may_prohibit, .. } => *may_prohibit,
            _ => false,
        }
    }

    /// Whether it can be asked of a place where nothing stands yet.
    pub fn is_about_ground(&self) -> bool {
        matches!(self, Self::Setback { .. } | Self::Separation { .. } | Self::Cap { .. })
    }

    /// Whether it makes findings at sites at all.
    pub fn finds(&self) -> bool {
        !matches!(self, Self::Data { .. })
    }
}
