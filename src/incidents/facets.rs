//! How far an incident came.

use crate::db::text_enum;

text_enum! {
    /// How far an incident came.
    Disposition {
        /// Somebody reported it.
        Reported = "reported",
        /// Police found it themselves.
        Discovered = "discovered",
        /// Somebody was charged.
        Charged = "charged",
        /// A court found that it was so.
        Convicted = "convicted",
        /// The case was closed without a finding.
        Dismissed = "dismissed",
        /// It was found not to be so.
        Unfounded = "unfounded",
        /// The record was expunged.
        Expunged = "expunged",
        /// The source does not say.
        Unknown = "unknown",
    }
}

impl Disposition {
    /// Whether it counts against a site.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Expunged | Self::Dismissed | Self::Unfounded)
    }

    /// Whether somebody was charged.
    pub fn is_charged(self) -> bool {
        matches!(self, Self::Charged | Self::Convicted)
    }
}
