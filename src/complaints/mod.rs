//! A complaint about premises. Who made it is no part of the record: that stands apart, for the few who need it.

use crate::db::{Value, text_enum};
use crate::records::recorded::recorded;
use crate::records::{Head, Linked, Place};
use crate::rights::held::Held;

pub mod form;
pub mod pages;
pub mod store;
pub mod views;

text_enum! {
    /// What a complaint is about.
    Category {
        /// Signs that people are forced, held or sold.
        Trafficking = "trafficking",
        /// Sex sold on the premises.
        CommercialSex = "commercial_sex",
        /// Work without a license, or outside of one.
        Unlicensed = "unlicensed",
        /// Open outside the permitted hours.
        Hours = "hours",
        /// Building, fire, health or cleanliness.
        Safety = "safety",
        /// Noise, litter, parking, disorder.
        Nuisance = "nuisance",
        /// Anything else, and words that are not mapped.
        Other = "other",
    }
}

text_enum! {
    /// How far a complaint has been dealt with.
    State {
        /// Not dealt with yet.
        Open = "open",
        /// Found to be so.
        Substantiated = "substantiated",
        /// Found not to be so.
        Unfounded = "unfounded",
        /// Closed without a finding.
        Closed = "closed",
    }
}

/// One complaint, in its current version unless said otherwise, with the site it counts for.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Complaint {
    /// Who, when, from where.
    #[sqlx(flatten)]
    pub head: Head,
    /// The business as the complaint names it; empty when it does not.
    pub name: String,
    /// Where.
    #[sqlx(flatten)]
    pub place: Place,
    /// What it is about.
    pub category: Category,
    /// The same in the words of the source.
    pub category_as_written: Option<String>,
    /// The reliability of the source, A to F (Admiralty code).
    pub reliability: Held,
    /// The credibility of the content, 1 to 6 (Admiralty code).
    pub credibility: Held,
    /// Whether the complainant is unknown to the agency.
    pub anonymous: bool,
    /// How far it has been dealt with.
    pub state: State,
    /// Free text, kept only where a profile lists its column or a person wrote it.
    pub summary: Held,
    /// The site it counts for.
    #[sqlx(flatten)]
    pub linked: Linked,
}

/// Who made a complaint: apart from it, with a right of its own, in no list and no export.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Complainant {
    /// The name, if it was given.
    pub full_name: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// A mail address.
    pub email: Option<String>,
}

impl std::fmt::Debug for Complainant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Complainant(..)")
    }
}

recorded! {
    Complaint in "complaint";
    columns: "name"; place; "category", "category_as_written", "anonymous", "state";
    held: "reliability", "credibility", "summary";
    searched: "name", "address", "source_key";
    facet: "category";
}

impl Complaint {
    /// The cells after those of the head, in the order of the table.
    pub fn cells(self) -> Vec<Value> {
        let mut cells = Vec::with_capacity(15);
        cells.extend([self.name.into()]);
        cells.extend(self.place.values());
        cells.extend([
            self.category.into(),
            self.category_as_written.into(),
            self.anonymous.into(),
            self.state.into(),
            self.reliability.into(),
            self.credibility.into(),
            self.summary.into(),
        ]);
        cells
    }
}
