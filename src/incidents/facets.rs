//! What is known of an incident beside what, when and where: how far it came, how good its source is, and in which roles
//! people stood in it, as counts and never as persons.

use crate::db::{Value, text_enum};
use crate::rights::held::Held;

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

text_enum! {
    /// How reliable the source of an incident is (Admiralty code).
    Reliability {
        /// Completely reliable.
        A = "A",
        /// Usually reliable.
        B = "B",
        /// Fairly reliable.
        C = "C",
        /// Not usually reliable.
        D = "D",
        /// Unreliable.
        E = "E",
        /// It cannot be judged.
        F = "F",
    }
}

text_enum! {
    /// How credible what is said of an incident is (Admiralty code).
    Credibility {
        /// Confirmed by other sources.
        Confirmed = "1",
        /// Probably true.
        Probable = "2",
        /// Possibly true.
        Possible = "3",
        /// Doubtful.
        Doubtful = "4",
        /// Improbable.
        Improbable = "5",
        /// It cannot be judged.
        Unjudged = "6",
    }
}

impl Disposition {
    /// Whether an incident may count against a site: one that was expunged, dismissed or unfounded never does.
    pub fn counts(self) -> bool {
        !matches!(self, Self::Expunged | Self::Dismissed | Self::Unfounded)
    }

    /// Whether somebody was charged, if not convicted.
    pub fn is_charged(self) -> bool {
        matches!(self, Self::Charged | Self::Convicted)
    }

    /// The word to store; what is not known is stored as nothing, like all that was stored before there was a column.
    pub fn stored(self) -> Option<Self> {
        (self != Self::Unknown).then_some(self)
    }
}

impl From<Option<Disposition>> for Disposition {
    fn from(stored: Option<Disposition>) -> Self {
        stored.unwrap_or(Self::Unknown)
    }
}

/// In which roles people stood in an incident: whole numbers, each as its source counts it, or withheld. They are never
/// inferred, and nothing says who.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Roles {
    /// Who bought.
    pub n_buyers: Held,
    /// Who drove, kept the door or the books, or let the rooms.
    pub n_facilitators: Held,
    /// Who trafficked.
    pub n_traffickers: Held,
    /// Who was sold: no offender.
    pub n_people_sold: Held,
    /// How many of all were minors: none of them an offender.
    pub n_minors: Held,
}

impl Roles {
    /// What people call each, and the count.
    pub fn named(&self) -> [(&'static str, &Held); 5] {
        [
            ("Buyers", &self.n_buyers),
            ("Facilitators", &self.n_facilitators),
            ("Traffickers", &self.n_traffickers),
            ("People sold", &self.n_people_sold),
            ("Minors", &self.n_minors),
        ]
    }

    /// The cells of its columns, in the order of its fields.
    pub fn values(self) -> [Value; 5] {
        [self.n_buyers, self.n_facilitators, self.n_traffickers, self.n_people_sold, self.n_minors]
            .map(|it| Value::Int(it.number()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expunged_dismissed_or_unfounded_never_counts() {
        let counting: Vec<&str> =
            Disposition::ALL.iter().filter(|it| it.counts()).map(|it| it.as_str()).collect();
        let charged: Vec<&str> =
            Disposition::ALL.iter().filter(|it| it.is_charged()).map(|it| it.as_str()).collect();

        assert_eq!(counting, ["reported", "discovered", "charged", "convicted", "unknown"]);
        assert_eq!(charged, ["charged", "convicted"]);
    }

    #[test]
    fn a_withheld_count_is_not_written_over_the_true_one() {
        let roles = Roles {
            n_buyers: Held::of_number(Some(2)),
            n_minors: Held::Withheld(crate::rights::class::Class::Confidential),
            ..Roles::default()
        };

        assert_eq!(roles.values(), [Some(2), None, None, None, None].map(Value::Int));
    }
}
