//! What the reopening detector knows of a site: where it stood, how it was reached, who stood behind it, from when to when.

use chrono::NaiveDate;

use crate::db::text_enum;
use crate::geo::Point;

text_enum! {
    /// Why business ended at a site.
    Ending {
        /// Closed for good.
        Closed = "closed",
        /// Its license ran out and was not renewed.
        Lapsed = "lapsed",
        /// Its license was taken away.
        Revoked = "revoked",
        /// It moved, nobody said where to.
        Moved = "moved",
    }
}

/// How a party is tied to a site, as far as the detector tells ties apart.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Tie {
    /// Licensee, owner or operator: whose business it is.
    Principal,
    /// Manages it for them.
    Manager,
    /// Owns the premises.
    Landlord,
    /// Takes its mail: says nothing, and is here so that it is known to.
    Agent,
}

/// One site. Persons are in it by a number only: no name, nationality or language of a person is compared.
#[derive(Clone, Debug, Default)]
pub struct Premises {
    /// Names of the business, as written.
    pub names: Vec<String>,
    /// A word of `data/kinds.toml`.
    pub kind: String,
    /// Kinds of one group turn into each other; none: only the same kind will do.
    pub group: Option<String>,
    /// The address understood; equal where the building is.
    pub building: Option<u128>,
    /// The unit in the building.
    pub unit: Option<String>,
    /// Where it stands.
    pub point: Option<Point>,
    /// Phone numbers, as digits.
    pub phones: Vec<String>,
    /// Who stands behind it.
    pub parties: Vec<(u128, Tie)>,
    /// The first day of business.
    pub opened_on: Option<NaiveDate>,
    /// Why it ended; none for a site that goes on.
    pub ending: Option<Ending>,
    /// The last day of business.
    pub closed_on: Option<NaiveDate>,
}

impl Ending {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Lapsed => "license ran out",
            Self::Revoked => "license revoked",
            Self::Moved => "moved",
        }
    }
}
