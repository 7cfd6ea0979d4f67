//! What a business or the staff says against a finding, and what came of it. Each answer is a further version.

use crate::clock::Moment;
use crate::db::{id, text_enum};
use crate::records::SiteId;

id! {
    /// A dispute of a finding.
    DisputeId
}

text_enum! {
    /// Who raised a dispute.
    RaisedBy {
        /// The business, or somebody for it.
        Business = "business",
        /// The agency's own staff.
        Staff = "staff",
    }
}

text_enum! {
    /// How a dispute stands.
    Outcome {
        /// Nobody has decided yet.
        Open = "open",
        /// The finding stands.
        Stands = "stands",
        /// What the finding was made from was corrected.
        Corrected = "corrected",
        /// The finding is not acted on; it stays visible as such.
        SetAside = "set_aside",
        /// Whoever raised it took it back.
        Withdrawn = "withdrawn",
    }
}

/// A dispute in one version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Dispute {
    /// The same for all versions.
    pub id: DisputeId,
    /// 1 for the first.
    pub version: i64,
    /// When this was recorded.
    pub recorded_at: Moment,
    /// The site.
    pub site_id: SiteId,
    /// The pack of the finding.
    pub pack: String,
    /// Its rule.
    pub rule: String,
    /// Who raised it.
    pub raised_by: RaisedBy,
    /// On which day.
    pub raised_on: Moment,
    /// How it stands.
    pub outcome: Outcome,
    /// Who noted this version.
    pub noted_by: String,
    /// Why.
    pub note: Option<String>,
}

impl RaisedBy {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Business => "The business",
            Self::Staff => "The staff",
        }
    }
}

impl Outcome {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Stands => "The finding stands",
            Self::Corrected => "Corrected",
            Self::SetAside => "Set aside",
            Self::Withdrawn => "Withdrawn",
        }
    }
}
