//! The dossier: all that is known of one site on one page, and a page for each of its records and its building.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::clock::Moment;
use crate::complaints::Complaint;
use crate::incidents::{Incident, store::Near};
use crate::inspections::{Inspection, Violation};
use crate::licenses::License;
use crate::parties::Stands;
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::scoring::score::Score;
use crate::sites::merging::Merge;
use crate::sites::{Site, registers};
use crate::standing::Standing;

mod before;
mod before_views;
pub mod building_views;
mod inset;
mod law_views;
pub mod looks_pages;
pub mod looks_store;
pub mod looks_views;
pub mod pages;
mod party_views;
pub mod read;
pub mod record_views;
mod score_views;
mod side_views;
pub mod store;
pub mod terms;
mod timeline;
pub mod views;
pub mod words;

/// Whose records a timeline shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that count for the site.
    Site(SiteId),
    /// Those at the building, whether they count for a site or not.
    Building(BuildingId),
}

/// One record's place in a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Its kind.
    pub kind: RecordKind,
    /// Which.
    pub id: RecordId,
    /// When it happened; the last day of a term.
    pub occurred_at: Moment,
    /// Whether it is the end of a license's term, and not the record itself.
    #[sqlx(skip)]
    pub term_end: bool,
}

/// How many records of a kind are linked to a site in one way.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct LinkCount {
    /// Their kind.
    pub kind: RecordKind,
    /// The word of the rule that linked them.
    pub method: String,
    /// How certain, in thousandths.
    pub certainty: i64,
    /// How many.
    pub n: i64,
}

/// How many records of a kind stand at a building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BuildingCount {
    /// Their kind.
    pub kind: RecordKind,
    /// How many.
    pub n: i64,
    /// How many of them link to the building only and count for none of its sites.
    pub n_only: i64,
}

/// When a source last delivered records of a kind.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Delivery {
    /// What it delivers: a record kind, or `site`.
    pub record_kind: String,
    /// The source.
    pub source: String,
    /// When the last import of it began.
    pub last_at: Moment,
}

/// Records in full, by id; those that a viewer may not see are absent.
#[derive(Debug, Default)]
pub struct Records {
    /// Licenses.
    pub licenses: HashMap<RecordId, License>,
    /// Inspections.
    pub inspections: HashMap<RecordId, Inspection>,
    /// What inspections found, by inspection, in order.
    pub violations: HashMap<RecordId, Vec<Violation>>,
    /// Complaints.
    pub complaints: HashMap<RecordId, Complaint>,
    /// Incidents.
    pub incidents: HashMap<RecordId, Incident>,
}

/// One page of a timeline.
#[derive(Debug, Default)]
pub struct Timeline {
    /// The kinds that are shown; empty means all.
    pub show: Vec<RecordKind>,
    /// Number of the page, from 1.
    pub page: u64,
    /// How many records each kind has; a kind that the viewer may not see is absent.
    pub counts: Vec<(RecordKind, i64)>,
    /// How many terms of licenses ended, or will, without another that follows.
    pub n_ends: u64,
    /// The page, newest first.
    pub entries: Vec<Entry>,
}

impl Timeline {
    /// So many records stand on one page.
    pub const SIZE: u64 = 50;

    /// How many records the shown kinds have, and ends of terms with them.
    pub fn total(&self) -> u64 {
        let shown = self.counts.iter().filter(|it| self.show.is_empty() || self.show.contains(&it.0));
        u64::try_from(shown.map(|it| it.1).sum::<i64>()).unwrap_or_default() + self.n_ends
    }
}

/// What stands around a site.
#[derive(Debug, Default)]
pub struct Around {
    /// Sites within the inset, the nearest first.
    pub neighbors: Vec<Neighbor>,
    /// Incidents within it of the last twelve months.
    pub incidents: Vec<Near>,
    /// Whether there are more incidents than are shown.
    pub more: bool,
}

/// A site near another.
#[derive(Debug)]
pub struct Neighbor {
    /// The site.
    pub site: Site,
    /// Its standing, where the viewer may see it.
    pub standing: Option<Standing>,
    /// Meters from the site in the middle.
    pub meters: f64,
}

/// All that the page of a site shows.
#[derive(Debug)]
pub struct Dossier {
    /// The site.
    pub site: Site,
    /// Where it moved to.
    pub moved_to: Option<Site>,
    /// The mergings it took part in, newest first, each with the other site.
    pub merges: Vec<(Merge, Site)>,
    /// All its versions, newest first.
    pub versions: Vec<Site>,
    /// What registers say of parts that a person has corrected, oldest first.
    pub said: Vec<registers::Said>,
    /// What it came from and what it became.
    before: before::Before,
    /// Who stands and stood behind it.
    pub parties: Vec<Stands>,
    /// Where it stands.
    pub standing: Option<Standing>,
    /// What led to that.
    pub score: Option<Score>,
    /// The typical score of its kind in the last run, in points.
    pub typical: Option<f64>,
    /// How its records are linked.
    pub links: Vec<LinkCount>,
    /// What its inspections found and nobody has put right, newest first.
    pub findings: Vec<Violation>,
    /// What rules of law say of it.
    pub law: Vec<crate::compliance::finding::Stored>,
    /// What is said against that, and not decided.
    pub disputes: Vec<crate::compliance::dispute::Dispute>,
    /// One line of time.
    pub timeline: Timeline,
    /// When the page was made.
    pub now: DateTime<Utc>,
    /// The records that timeline, reasons and findings speak of.
    pub records: Records,
    /// Neighbors and incidents.
    pub around: Around,
    /// Other sites in its building.
    pub same_building: Vec<Site>,
    /// Records at its building.
    pub building: Vec<BuildingCount>,
    /// Who delivered what, and when last.
    pub deliveries: Vec<Delivery>,
}
