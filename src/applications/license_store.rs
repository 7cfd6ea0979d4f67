//! Reads licenses as the desk needs them: which end soon, which ended, and where a register has said otherwise since the
//! desk changed one. A statement calls a license `r` and its link `l`.

use chrono::NaiveDate;

use super::{Holder, deadlines};
use crate::clock::Moment;
use crate::db::{self, Target, query};
use crate::licenses::{PRACTITIONER, Status};
use crate::records::{RecordId, SiteId};
use crate::rights::{Resource, Viewer};

/// So long a license whose term is over stays in the list.
const OVERDUE_DAYS: u64 = 365;

/// Which licenses a list looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Whose term ends within so many days.
    Within(i64),
    /// Whose term is over, within a year, without another.
    Overdue,
}

/// A license whose term ends or ended.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Expiring {
    /// The license.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// A word of `data/kinds.toml`, or that of practitioners.
    pub kind: String,
    /// The type as the register words it.
    pub type_as_written: String,
    /// The business, or who practices.
    pub name: String,
    /// Where.
    pub address: Option<String>,
    /// The unit.
    pub unit: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The last day of its term.
    pub expires_on: Moment,
    /// The holder as written.
    pub licensee: Option<String>,
    /// The site that it counts for.
    pub site_id: Option<SiteId>,
    /// When a reminder last went out.
    pub reminded_on: Option<Moment>,
    /// The number of an application about it that waits.
    pub open_number: Option<i64>,
}

/// A license of which a register has said something else since the desk changed it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Overruled {
    /// The license.
    pub id: RecordId,
    /// Its number.
    pub number: String,
    /// The business.
    pub name: String,
    /// What the register says.
    pub status: Status,
    /// What the desk said.
    pub desk_status: Status,
    /// When the register's word became known.
    pub recorded_at: Moment,
}

impl Expiring {
    /// Whose license it is.
    pub fn holder(&self) -> Holder {
        if self.kind == PRACTITIONER { Holder::Practitioner } else { Holder::Business }
    }
}

/// The licenses whose term ends or ended so, at sites that are not known to be closed, by that day.
pub async fn expiring(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    span: Span,
    holder: Option<Holder>,
    today: NaiveDate,
) -> db::Result<Vec<Expiring>> {
    let (from, to) = match span {
        Span::Within(days) => (today, deadlines::after(today, days)),
        Span::Overdue => {
            let year = today.checked_sub_days(chrono::Days::new(OVERDUE_DAYS)).unwrap_or(today);
            (year, today.pred_opt().unwrap_or(today))
        }
    };
    let states = match span {
        Span::Within(_) => "AND r.status = 'active'",
        Span::Overdue => "AND r.status IN ('active', 'expired')",
    };
    let query = query(include_str!("expiring.sql"))
        .limited(viewer, Resource::License)
        .then(states)
        .and("r.expires_on >= ?", Some(Moment::Day(from)))
        .and("r.expires_on <= ?", Some(Moment::Day(to).end()));
    let query = match holder {
        None => query,
        Some(Holder::Practitioner) => query.and("r.kind = ?", Some(PRACTITIONER)),
        Some(Holder::Business) => query.and("r.kind <> ?", Some(PRACTITIONER)),
    };
    query.then("ORDER BY r.expires_on, r.name, r.id").fetch_all(on).await
}

/// The licenses of which a register says another state than the desk did, and said so later.
pub async fn overruled(on: impl Into<Target<'_>>, viewer: &Viewer) -> db::Result<Vec<Overruled>> {
    query(include_str!("overruled.sql"))
        .limited(viewer, Resource::License)
        .then("ORDER BY r.recorded_at DESC, r.id")
        .fetch_all(on)
        .await
}
