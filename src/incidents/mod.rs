//! A criminal incident as police recorded it: what, when and where, and never who.

use crate::db::{Value, text_enum};
use crate::geo::Point;
use crate::geo::cell::cell;
use crate::records::recorded::recorded;
use crate::records::{Head, Linked, Place};

pub mod citation;
pub mod facets;
pub mod offenses;
pub mod pages;
pub mod store;

use facets::{Credibility, Disposition, Reliability, Roles};

text_enum! {
    /// How an incident came to be recorded.
    Origin {
        /// A citizen called or reported.
        Citizen = "citizen",
        /// Another agency reported.
        Agency = "agency",
        /// Officers acted of their own accord.
        Officer = "officer",
        /// A visit that FOCA planned brought it about.
        Provoked = "provoked",
        /// The source does not say.
        Unknown = "unknown",
    }
}

/// One incident, in its current version unless said otherwise, with the site it counts for.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Incident {
    /// Who, when, from where.
    #[sqlx(flatten)]
    pub head: Head,
    /// The class of offense, a word of `data/offenses.toml`.
    pub offense: String,
    /// The code of the source.
    pub offense_code: String,
    /// The same in the words of the source.
    pub offense_as_written: Option<String>,
    /// How it came to the knowledge of police.
    pub origin: Origin,
    /// Where.
    #[sqlx(flatten)]
    pub place: Place,
    /// The cell of the spatial index that its point falls in.
    pub cell: Option<i64>,
    /// How far it came.
    #[sqlx(try_from = "Option<Disposition>")]
    pub disposition: Disposition,
    /// The reliability of its source; none where nobody graded it.
    pub reliability: Option<Reliability>,
    /// The credibility of what is said; none where nobody graded it.
    pub credibility: Option<Credibility>,
    /// The roles in it, as counts.
    #[sqlx(flatten)]
    pub roles: Roles,
    /// The site it counts for.
    #[sqlx(flatten)]
    pub linked: Linked,
}

recorded! {
    Incident in "incident";
    columns: "offense", "offense_code", "offense_as_written", "origin"; place; "cell", "disposition", "reliability", "credibility";
    held: ;
    counted: "n_buyers", "n_facilitators", "n_traffickers", "n_people_sold", "n_minors";
    searched: "address", "offense_as_written", "source_key";
    facet: "offense";
}

/// How many of the last columns came to the table after its first form: see [`crate::records::Draft::later`].
pub const N_LATER: usize = 8;

impl Incident {
    /// The cells after those of the head, in the order of the table.
    pub fn cells(self) -> Vec<Value> {
        let mut cells = Vec::with_capacity(20);
        cells.extend([
            self.offense.into(),
            self.offense_code.into(),
            self.offense_as_written.into(),
            self.origin.into(),
        ]);
        cells.extend(self.place.values());
        cells.extend([
            self.cell.into(),
            self.disposition.stored().into(),
            self.reliability.into(),
            self.credibility.into(),
        ]);
        cells.extend(self.roles.values());
        cells
    }
}

/// The cell of the spatial index in which a place's point falls.
pub fn cell_of(place: &Place) -> Option<i64> {
    let point = Point::parse(place.lon?, place.lat?).ok()?;
    Some(cell(point))
}
