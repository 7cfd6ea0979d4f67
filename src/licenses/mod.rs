//! A license: permission to run a business on premises, for a term, as a register lists it.

use crate::clock::Moment;
use crate::db::{Value, text_enum};
use crate::records::recorded::recorded;
use crate::records::{Head, Linked, Place};

pub mod by_hand;
pub mod pages;
pub mod store;

text_enum! {
    /// Where a license stands in its life.
    Status {
        /// Applied for, not decided.
        Pending = "pending",
        /// In force, if its term has not ended.
        Active = "active",
        /// Its term ended without renewal.
        Expired = "expired",
        /// Set aside for a time.
        Suspended = "suspended",
        /// Taken away.
        Revoked = "revoked",
        /// Refused.
        Denied = "denied",
        /// Given up, withdrawn or canceled.
        Canceled = "canceled",
        /// The source does not say, or its word is not mapped.
        Unknown = "unknown",
    }
}

/// One license, in its current version unless said otherwise, with the site it counts for.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct License {
    /// Who, when, from where.
    #[sqlx(flatten)]
    pub head: Head,
    /// The number that the license itself shows.
    pub number: String,
    /// The site kind that it regulates, a word of `data/kinds.toml`.
    pub kind: String,
    /// The type as the register words it.
    #[sqlx(rename = "type")]
    pub type_as_written: String,
    /// The business as the register names it.
    pub name: String,
    /// Where.
    #[sqlx(flatten)]
    pub place: Place,
    /// Where it stands in its life.
    pub status: Status,
    /// The same in the words of the register.
    pub status_as_written: Option<String>,
    /// When it was issued.
    pub issued_on: Option<Moment>,
    /// The first day of its term.
    pub starts_on: Option<Moment>,
    /// The last day of its term.
    pub expires_on: Option<Moment>,
    /// The telephone of the business, ten digits: see [`crate::text::phone::Phone`].
    pub phone: Option<String>,
    /// The holder as the register writes it.
    pub licensee: Option<String>,
    /// The site it counts for.
    #[sqlx(flatten)]
    pub linked: Linked,
}

recorded! {
    License in "license";
    columns: "number", "kind", "type", "name"; place; "status", "status_as_written", "issued_on", "starts_on", "expires_on", "phone", "licensee";
    held: ;
    searched: "name", "address", "number";
    facet: "status";
}

/// The word that stands for the kind of a license of someone who practices: no site needs one, and none counts for a site.
pub const PRACTITIONER: &str = "practitioner";

/// How many of the last columns came to the table after its first form: see [`crate::records::Draft::later`].
pub const N_LATER: usize = 2;

impl License {
    /// The cells after those of the head, in the order of the table.
    pub fn cells(self) -> Vec<Value> {
        let mut cells = Vec::with_capacity(18);
        cells.extend([self.number.into(), self.kind.into(), self.type_as_written.into(), self.name.into()]);
        cells.extend(self.place.values());
        cells.extend([
            self.status.into(),
            self.status_as_written.into(),
            self.issued_on.into(),
            self.starts_on.into(),
            self.expires_on.into(),
            self.phone.into(),
            self.licensee.into(),
        ]);
        cells
    }
}
