//! What a score says of itself: points by family, reasons with their records, and what is not known.

use super::input::RecordRef;
use super::{Centipoints, Family, Feature};
use crate::clock::Moment;
use crate::db::text_enum;

/// What is known of a site by itself, before what is typical of its kind stands in for the rest.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Assessment {
    /// Each family, in order.
    pub families: Vec<FamilyPoints>,
    /// Each reason, by family, the weightiest first; what counted adds up to the families' points.
    pub reasons: Vec<Reason>,
    /// What is not known, or was left out.
    pub gaps: Vec<Gap>,
}

/// A family's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FamilyPoints {
    /// The family.
    pub family: Family,
    /// What its reasons add up to, at most the cap.
    pub points: Centipoints,
    /// The cap.
    pub cap: Centipoints,
    /// Thousandths of the family that are known: 0, 500 (partly) or 1,000.
    pub known: i64,
}

/// One record's part in the score.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// The record it leads to.
    pub record: RecordRef,
    /// What it counts as.
    pub feature: Feature,
    /// Whether the visit it speaks of is the last one (of a visit that was not passed).
    pub last_visit: bool,
    /// When it happened.
    pub occurred: Moment,
    /// Days since then, or since it was closed or due.
    pub age_days: i64,
    /// How it ages.
    pub aging: Aging,
    /// Whether nobody but an unknown complainant says so.
    pub anonymous: bool,
    /// Base points of the card.
    pub base: Centipoints,
    /// What the base is multiplied with.
    pub weights: Weights,
    /// The product, rounded.
    pub points: Centipoints,
    /// What is left of it under the caps.
    pub counted: Centipoints,
}

text_enum! {
    /// From when on a record fades.
    Aging {
        /// It is still so: it does not fade.
        Open = "open",
        /// It fades since it was put right.
        Closed = "closed",
        /// It fades since it happened.
        Past = "past",
    }
}

/// What base points are multiplied with, each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Weights {
    /// By the Admiralty grade.
    pub source: f64,
    /// By how sure the link is.
    pub link: f64,
    /// By who brought it up.
    pub origin: f64,
    /// By age.
    pub age: f64,
    /// Place among the records of the same feature and source: the k-th counts 1/k.
    pub rank: u32,
}

/// What is not known, or was left out of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// No completed visit within the card's days.
    NoRecentVisit,
    /// The last visit was not passed, and what was found is not on record.
    NoFindings,
    /// No license on record, and no register that would list it.
    NoLicenseRegister,
    /// No feed of complaints covers the site.
    NoComplaintFeed,
    /// Incidents are not counted yet.
    IncidentsNotCounted,
    /// No feed of adjudications covers the site.
    NoAdjudications,
    /// A record says that it happened after the day as of which this is.
    NotYetHappened(RecordRef),
}
