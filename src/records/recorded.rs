//! What tells one kind of record's table from another's: its columns, what a search looks through, and its facet.
//! One macro makes a kind's statements from these, so that [`super::store`] serves all kinds.

use super::{Head, Linked, RecordKind};
use crate::db::{self, Table, Value};

/// A kind of record, as its table knows it; [`recorded!`] implements it.
pub trait Recorded: db::Record {
    /// Which kind.
    const KIND: RecordKind;
    /// The table that holds them: the columns of [`Head`] as they are saved, then those of [`Recorded::into_cells`].
    const TABLE: Table;
    /// The statements that read and supersede them.
    const STATEMENTS: Statements;

    /// Who, when, from where.
    fn head(&self) -> &Head;

    /// The site it counts for.
    fn linked(&self) -> &Linked;

    /// The cells after those of the head, in the order of [`Recorded::TABLE`].
    fn into_cells(self) -> Vec<Value>;
}

/// The statements of one kind. The record is called `r` and its current link `l`.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// All of their columns but those that may be withheld.
    pub columns: &'static str,
    /// The columns that may be withheld from a viewer who sees the row.
    pub held: &'static [&'static str],
    /// Where the current versions stand, each with its link; what is selected of it comes before.
    pub from: &'static str,
    /// The condition that a text, in lower case and with wildcards, be found: one value.
    pub searched: &'static str,
    /// The condition that the kind's own word be one of a list: one value.
    pub facet: &'static str,
    /// The current version and hash of records; ends in `id IN`.
    pub current: &'static str,
    /// Ends the current version of `$2` as of `$1`.
    pub supersede: &'static str,
    /// How many versions of `$1` say the hash `$2` and came in a file with the contents that brought the current one.
    pub said: &'static str,
}

/// Describes the table of a record that has the fields `head`, `place` and `linked` and a method `cells`. What is `held`
/// may be withheld, as a text; what is `counted` too, as a number.
macro_rules! recorded {
    (
        $record:ident in $table:literal;
        columns: $($before:literal),*; place; $($after:literal),*;
        held: $($held:literal),*;
        $(counted: $($counted:literal),*;)?
        searched: $first:literal $(, $searched:literal)*;
        facet: $facet:literal;
    ) => {
        impl crate::records::recorded::Recorded for $record {
            const KIND: crate::records::RecordKind = crate::records::RecordKind::$record;
            const TABLE: crate::db::Table = crate::db::Table {
                name: $table,
                columns: &[
                    "id", "version", "occurred_at", "recorded_at", "superseded_at", "loaded_at", "backfilled",
                    "source", "source_key", "row_hash", "batch_id",
                    $($before,)*
                    "address", "unit", "city", "building_id", "lon", "lat", "point_method",
                    $($after,)* $($held,)* $($($counted,)*)?
                ],
            };
            const STATEMENTS: crate::records::recorded::Statements = crate::records::recorded::Statements {
                columns: concat!(
                    "r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source, r.source_key, ",
                    "r.batch_id, ", $("r.", $before, ", ",)*
                    "r.address, r.unit, r.city, r.building_id, r.lon, r.lat, r.point_method, ",
                    $("r.", $after, ", ",)* "l.site_id, l.method AS link_method, l.certainty"
                ),
                held: &[
                    $(concat!("r.", $held),)*
                    $($(concat!("CAST(r.", $counted, " AS TEXT) AS ", $counted),)*)?
                ],
                from: concat!(
                    "FROM ", $table, " r LEFT JOIN link l ON l.record_id = r.id AND l.record_kind = '", $table,
                    "' AND l.superseded_at IS NULL WHERE r.superseded_at IS NULL"
                ),
                searched: concat!(
                    "(lower(r.", $first, ") LIKE ? ESCAPE '\\'",
                    $(" OR lower(r.", $searched, ") LIKE ? ESCAPE '\\'",)* ")"
                ),
                facet: concat!("r.", $facet, " IN (SELECT value FROM json_each(?))"),
                current: concat!(
                    "SELECT id, version, row_hash FROM ", $table, " WHERE superseded_at IS NULL AND id IN"
                ),
                supersede: concat!(
                    "UPDATE ", $table, " SET superseded_at = $1 WHERE superseded_at IS NULL AND id = $2"
                ),
                said: concat!(
                    "SELECT count(*) FROM ", $table, " said JOIN import_batch brought ON brought.id = said.batch_id ",
                    "WHERE said.id = $1 AND said.row_hash = $2 AND brought.file_hash = (",
                    "SELECT latest.file_hash FROM ", $table, " now JOIN import_batch latest ",
                    "ON latest.id = now.batch_id WHERE now.id = said.id AND now.superseded_at IS NULL)"
                ),
            };

            fn head(&self) -> &crate::records::Head {
                &self.head
            }

            fn linked(&self) -> &crate::records::Linked {
                &self.linked
            }

            fn into_cells(self) -> Vec<crate::db::Value> {
                self.cells()
            }
        }
    };
}

pub(crate) use recorded;
