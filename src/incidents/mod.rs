//! A criminal incident as police recorded it: what, when and where, and never who.

use std::ops::Deref;

use crate::db::{Value, text_enum};
use crate::geo::Point;
use crate::geo::cell::cell;
use crate::knowledge::Library;
use crate::knowledge::labels::Labels;
use crate::records::recorded::recorded;
use crate::records::{Head, Linked, Place};

pub mod facets;
pub mod pages;
pub mod store;

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

/// The classes of offense, from `data/offenses.toml`.
#[derive(Clone, Debug)]
pub struct Offenses(Labels);

impl Offenses {
    /// Reads `offenses.toml`.
    ///
    /// # Errors
    /// See [`Labels::read`].
    pub fn read(library: &Library) -> anyhow::Result<Self> {
        Ok(Self(Labels::read(library, "offenses")?))
    }
}

impl Deref for Offenses {
    type Target = Labels;

    fn deref(&self) -> &Labels {
        &self.0
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
    /// The site it counts for.
    #[sqlx(flatten)]
    pub linked: Linked,
}

recorded! {
    Incident in "incident";
    columns: "offense", "offense_code", "offense_as_written", "origin"; place; "cell";
    held: ;
    searched: "address", "offense_as_written", "source_key";
    facet: "offense";
}

impl Incident {
    /// The cells after those of the head, in the order of the table.
    pub fn cells(self) -> Vec<Value> {
        let mut cells = Vec::with_capacity(12);
        cells.extend([
            self.offense.into(),
            self.offense_code.into(),
            self.offense_as_written.into(),
            self.origin.into(),
        ]);
        cells.extend(self.place.values());
        cells.extend([self.cell.into()]);
        cells
    }
}

/// The cell of the spatial index in which a place's point falls.
pub fn cell_of(place: &Place) -> Option<i64> {
    let point = Point::parse(place.lon?, place.lat?).ok()?;
    Some(cell(point))
}
