//! What a score is made of: a closed set of types that cannot hold a name, a text, or who inspected.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::clock::Moment;
use crate::db::text_enum;

/// Premises, as of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Its id in the catalog.
    pub id: Uuid,
    /// Whether it is open; others are not ranked, and no license is missed.
    pub open: bool,
    /// What has been watched all along, so that the absence of records means something.
    pub watched: Watched,
}

/// Feeds that cover a site's place and kind: without one, no record does not mean that nothing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// A register in which a site of this kind and place must stand.
    pub licenses: bool,
    /// A feed of complaints.
    pub complaints: bool,
    /// A feed of revocations and adjudicated nuisances, with confirmed successions.
    pub continuity: bool,
}

text_enum! {
    /// The table that a record stands in.
    RecordKind {
        /// The site itself, for what is missing.
        Site = "site",
        /// A license.
        License = "license",
        /// An inspection; its violations are parts of it.
        Inspection = "inspection",
        /// A complaint.
        Complaint = "complaint",
        /// An incident.
        Incident = "incident",
        /// A court's or board's decision.
        Adjudication = "adjudication",
    }
}

/// The record that a reason leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RecordRef {
    /// Its table.
    pub kind: RecordKind,
    /// Its id.
    pub id: Uuid,
    /// Which part: 0 the record itself, from 1 on the violations of an inspection.
    pub part: u16,
}

/// Who says so, as an opaque number: records with the same source and feature count less with each repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source(pub u64);

/// An Admiralty grade: how reliable the source is (A to F), and how credible what it says (1 to 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grade {
    reliability: u8,
    credibility: u8,
}

impl Grade {
    /// From the letter A to F and the digit 1 to 6; else none.
    pub fn parse(reliability: &str, credibility: &str) -> Option<Self> {
        match (reliability.as_bytes(), credibility.as_bytes()) {
            ([letter @ b'A'..=b'F'], [digit @ b'1'..=b'6']) => {
                Some(Self { reliability: letter - b'A', credibility: digit - b'1' })
            }
            _ => None,
        }
    }

    /// The letter's place, 0 for A to 5 for F.
    pub fn reliability(self) -> usize {
        self.reliability.into()
    }

    /// The digit's place, 0 for 1 to 5 for 6.
    pub fn credibility(self) -> usize {
        self.credibility.into()
    }
}

text_enum! {
    /// Who brought a matter up.
    Origin {
        /// An inspection or register that is kept of duty.
        Duty = "duty",
        /// A citizen called or wrote.
        Citizen = "citizen",
        /// Another agency reported.
        Agency = "agency",
        /// Officers acted of their own accord.
        Officer = "officer",
        /// The source does not say.
        Unknown = "unknown",
        /// One of our own planned visits brought it about.
        Provoked = "provoked",
    }
}

/// How sure it is that a record belongs to the site, in thousandths; more than 1,000 is read as 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Certainty(pub u16);

impl Certainty {
    /// Quite sure.
    pub const FULL: Self = Self(1000);
}

/// One version of a record, or of a part of one, linked to a site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The record it is a version of.
    pub record: RecordRef,
    /// Tells versions apart that were recorded at the same moment: the greater is the newer.
    pub version: u32,
    /// Who says so.
    pub source: Source,
    /// When it happened; a license: the first day of its term.
    pub occurred: Moment,
    /// When it could first have been known.
    pub recorded: Moment,
    /// What it is.
    pub what: What,
    /// The grade, if the record carries one.
    pub grade: Option<Grade>,
    /// Who brought it up.
    pub origin: Origin,
    /// How sure the link is.
    pub link: Certainty,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// A license of the kind that the site needs.
    License {
        /// Where it stands in its life.
        state: LicenseState,
        /// The last day of its term; none: no end known.
        until: Option<NaiveDate>,
    },
    /// A visit, and when the next one is due because of it.
    Visit {
        /// What came of it.
        outcome: Outcome,
        /// The day by which a reinspection is due.
        reinspect_by: Option<NaiveDate>,
    },
    /// A violation; its record is a part of the visit's.
    Violation {
        /// How grave.
        severity: Severity,
        /// Whether it was put right.
        state: ViolationState,
    },
    /// A complaint.
    Complaint {
        /// What it is about.
        about: Complaint,
        /// Whether the complainant is unknown to the agency.
        anonymous: bool,
        /// What came of it.
        found: Found,
    },
    /// The premises or the licensee go on after a revocation or an adjudicated nuisance.
    Continuity {
        /// What goes on.
        of: Continuity,
    },
    /// The record was taken back: none of its versions counts from now on.
    Withdrawn,
}

/// Where a license stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenseState {
    /// In force for its term.
    Active,
    /// Applied for.
    Pending,
    /// Ended, given up, suspended, revoked or refused.
    Ended,
    /// The source does not say: its term decides, if it has an end.
    Unknown,
}

/// What came of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// In order.
    Passed,
    /// In order but for something to be put right by a day.
    CorrectBy,
    /// Not passed.
    NotPassed,
    /// Entry refused or obstructed.
    Refused,
    /// No one there, handed on, or not said: tells nothing.
    Unknown,
}

/// How grave a violation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A danger to people, or the core of the license.
    Critical,
    /// Serious.
    Major,
    /// Slight.
    Minor,
    /// The source does not say.
    Ungraded,
}

/// Whether a violation was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationState {
    /// Not yet: it does not fade.
    Open,
    /// Put right on this day, from which it fades (without a day: from the visit on).
    Closed(Option<NaiveDate>),
    /// The source does not say: it fades from the visit on.
    Unknown,
}

/// What a complaint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Signs that people are forced, held or sold.
    Trafficking,
    /// Sex sold on the premises.
    CommercialSex,
    /// Work without a license.
    Unlicensed,
    /// Opening hours.
    Hours,
    /// Building, fire, health.
    Safety,
    /// Noise, litter, disorder.
    Nuisance,
    /// Anything else.
    Other,
}

/// What came of a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing yet, or closed without a finding.
    Nothing,
    /// An independent second source or a finding confirms it.
    Confirmed,
    /// It was found not to be so: it counts for nothing.
    Unfounded,
}

/// What goes on after an adjudicated closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// A business of the kind at the same premises.
    Premises,
    /// The same licensee.
    Licensee,
}
