//! A succession: a site that ended goes on at another, under another name or in another city. The detector proposes, a
//! person decides; no name of a person is compared. A confirmed one carries what was adjudicated, and no allegation.

use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::records::{RecordId, RecordKind, SiteId};
use crate::rights::AccountId;
use crate::rights::held::Held;

pub mod detect;
pub mod evidence;
pub mod facts;
mod form;
mod index;
pub mod job;
mod naming;
pub mod pages;
pub mod premises;
pub mod store;
#[cfg(test)]
mod synthetic;
pub mod views;
mod weigh;

use evidence::Evidence;

pub use index::{LeftOut, Sharing};
pub use weigh::MODEL;

/// Stands for the model where the catalog itself says that a site moved, and where to.
pub const MOVED: &str = "moved";

id! {
    /// A succession: the same for the same two sites.
    SuccessionId
}

text_enum! {
    /// What has been decided.
    State {
        /// Nothing yet: the detector found it.
        Proposed = "proposed",
        /// It is one.
        Confirmed = "confirmed",
        /// It is none.
        Rejected = "rejected",
    }
}

/// A succession in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Succession {
    /// The same for all versions.
    pub id: SuccessionId,
    /// 1 for the first.
    pub version: i64,
    /// When this version was recorded.
    pub recorded_at: Moment,
    /// The site that ended.
    pub from_site: SiteId,
    /// Where it goes on.
    pub to_site: SiteId,
    /// What has been decided.
    pub state: State,
    /// How likely the detector found it, in thousandths.
    pub probability: i64,
    /// Why, as [`Evidence`] is written.
    pub evidence: String,
    /// From the end of the one to the opening of the other.
    pub days: Option<i64>,
    /// What found it.
    pub model: String,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// By name, as it was then.
    pub decided_name: Option<String>,
    /// When.
    pub decided_at: Option<Moment>,
    /// Why it was decided so.
    pub why: Held,
}

/// What an authority established at a site, with its record; complaints and incidents are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjudicated {
    /// The site.
    pub site_id: SiteId,
    /// A license, or an inspection.
    pub kind: RecordKind,
    /// Which.
    pub id: RecordId,
    /// When.
    pub on: Moment,
    /// What, in a few words.
    pub what: String,
}

impl State {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Proposed => "Proposed, not decided",
            Self::Confirmed => "Confirmed",
            Self::Rejected => "Rejected",
        }
    }
}

impl SuccessionId {
    /// The succession of one site by another.
    pub fn of(from: SiteId, to: SiteId) -> Self {
        Self::of_source("succession", &format!("{from} {to}"))
    }
}

impl Succession {
    /// Why; empty where the catalog itself says it.
    pub fn evidence(&self) -> Evidence {
        self.evidence.parse().unwrap_or_default()
    }

    /// How likely the detector found it, in words: a number would be taken for more than it is.
    pub fn likelihood(&self) -> &'static str {
        match self.probability {
            800.. => "very likely",
            500..800 => "likely",
            _ => "possible",
        }
    }

    /// The other end, seen from one of the two.
    pub fn other(&self, site: SiteId) -> SiteId {
        if self.from_site == site { self.to_site } else { self.from_site }
    }
}
