//! Streams the records of an export from the database, row by row.

use futures_util::stream::BoxStream;

use crate::complaints::{self, Complaint};
use crate::db::{self, Db};
use crate::incidents::{self, Incident};
use crate::inspections::{self, Inspection};
use crate::licenses::{self, License};
use crate::records::Filter;
use crate::rights::Viewer;

use super::Exported;

/// A record that can be streamed by the filters of its list.
pub trait Streamed: Exported + Send + Sized + 'static {
    /// All that fit `filter` and that `viewer` may see.
    fn stream<'c>(db: &'c Db, viewer: &Viewer, filter: &Filter) -> BoxStream<'c, db::Result<Self>>;
}

macro_rules! streamed {
    ($($row:ident in $slice:ident),*) => {$(
        impl Streamed for $row {
            fn stream<'c>(db: &'c Db, viewer: &Viewer, filter: &Filter) -> BoxStream<'c, db::Result<Self>> {
                $slice::store::stream(db, viewer, filter)
            }
        }
    )*};
}
streamed!(License in licenses, Inspection in inspections, Complaint in complaints, Incident in incidents);
