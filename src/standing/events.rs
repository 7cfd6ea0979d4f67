//! Reads what scoring takes as its input, as of a moment: the version of each record that was known then, linked as
//! it was known then.
//!
//! - **Licenses** count where they are of the kind that the site needs: the site's own kind, or whatever the register
//!   that opened the site lists there. A food license does not license a strip club.
//! - **Violations** are parts of their inspection's version, numbered from 1 in the order of `violation.n`.
//! - **Grades** that are only the default of a complaint (B2, or F6 when anonymous) are left to the card, which knows
//!   what a confirmed one is worth.
//! - **Continuity** is a license that was revoked at a site which this one succeeded, and only where a person (or the
//!   catalog itself, for a move) has confirmed the succession; what is only proposed counts for nothing.
//! - **Incidents** are not read here: their family is not counted yet, and there are millions.

use std::collections::HashMap;

use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::clock::Moment;
use crate::complaints::{Category, State};
use crate::db::{self, Db, Query, Record, Value, query};
use crate::inspections::{Outcome, Severity, ViolationState};
use crate::licenses::Status;
use crate::records::{RecordId, SiteId};
use crate::rights::{Resource, Viewer};
use crate::scoring::input::{
    self, Certainty, Complaint, Event, Found, Grade, LicenseState, Origin, RecordKind, RecordRef, Source,
    What,
};
use crate::sites::Site;

/// The events of some sites, as of a moment; an event takes about 100 bytes.
#[derive(Debug, Default)]
pub struct Events {
    by_site: HashMap<SiteId, Vec<Event>>,
    /// How many there are.
    pub n_events: i64,
    /// How many of them have a `recorded_at` that was reckoned, not recorded.
    pub n_backfilled: i64,
}

impl Events {
    /// Those of one site.
    pub fn of(&self, site: SiteId) -> &[Event] {
        self.by_site.get(&site).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, link: &Link, event: Event) {
        self.n_events += 1;
        self.n_backfilled += i64::from(link.backfilled);
        self.by_site.entry(link.site_id).or_default().push(event);
    }
}

/// Reads the events of all `sites` as of `as_of`; `sites` are as known then.
pub async fn of_all(db: &Db, viewer: &Viewer, sites: &[Site], as_of: Moment) -> db::Result<Events> {
    read(db, viewer, sites, as_of, None).await
}

/// Reads the events of some sites, by the index of links; for few sites at a time.
pub async fn of_some(db: &Db, viewer: &Viewer, sites: &[Site], as_of: Moment) -> db::Result<Events> {
    let ids: Vec<SiteId> = sites.iter().map(|it| it.id).collect();
    read(db, viewer, sites, as_of, Some(&ids)).await
}

async fn read(
    db: &Db,
    viewer: &Viewer,
    sites: &[Site],
    as_of: Moment,
    only: Option<&[SiteId]>,
) -> db::Result<Events> {
    let reader = Reader { db, viewer, as_of: as_of.end(), only };
    let sites: HashMap<SiteId, &Site> = sites.iter().map(|it| (it.id, it)).collect();
    let mut events = Events::default();
    reader.licenses(&sites, &mut events).await?;
    reader.inspections(&mut events).await?;
    reader.violations(&mut events).await?;
    reader.complaints(&mut events).await?;
    reader.continuity(&mut events).await?;
    Ok(events)
}

struct Reader<'a> {
    db: &'a Db,
    viewer: &'a Viewer,
    as_of: Moment,
    only: Option<&'a [SiteId]>,
}

/// Which version of a record, and its link.
#[derive(sqlx::FromRow)]
struct Link {
    site_id: SiteId,
    certainty: i64,
    id: RecordId,
    version: i64,
    occurred_at: Moment,
    recorded_at: Moment,
    backfilled: bool,
    source: String,
}

#[derive(sqlx::FromRow)]
struct LicenseRow {
    #[sqlx(flatten)]
    link: Link,
    kind: String,
    status: Status,
    starts_on: Option<Moment>,
    expires_on: Option<Moment>,
}

#[derive(sqlx::FromRow)]
struct InspectionRow {
    #[sqlx(flatten)]
    link: Link,
    outcome: Outcome,
    due_on: Option<Moment>,
}

#[derive(sqlx::FromRow)]
struct ViolationRow {
    #[sqlx(flatten)]
    link: Link,
    severity: Severity,
    state: ViolationState,
    closed_on: Option<Moment>,
}

#[derive(sqlx::FromRow)]
struct ComplaintRow {
    #[sqlx(flatten)]
    link: Link,
    category: Category,
    reliability: String,
    credibility: String,
    anonymous: bool,
    state: State,
}

/// A statement in two orders: record first for all sites, link first for few. CROSS JOIN keeps SQLite to the order.
struct Statement {
    columns: &'static str,
    records_first: &'static str,
    links_first: &'static str,
}

const LINK: &str =
    "SELECT l.site_id, l.certainty, r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source,";

const LICENSES: Statement = Statement {
    columns: "r.kind, r.status, r.starts_on, r.expires_on",
    records_first: "FROM license r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'license'",
    links_first: "FROM link l CROSS JOIN license r WHERE l.record_id = r.id AND l.record_kind = 'license'",
};
const INSPECTIONS: Statement = Statement {
    columns: "r.outcome, r.due_on",
    records_first: "FROM inspection r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'inspection'",
    links_first: "FROM link l CROSS JOIN inspection r WHERE l.record_id = r.id AND l.record_kind = 'inspection'",
};
const VIOLATIONS: Statement = Statement {
    columns: "v.severity, v.state, v.closed_on",
    records_first: "FROM violation v CROSS JOIN inspection r CROSS JOIN link l \
        WHERE r.id = v.inspection_id AND l.record_id = r.id AND l.record_kind = 'inspection'",
    links_first: "FROM link l CROSS JOIN inspection r CROSS JOIN violation v \
        WHERE r.id = v.inspection_id AND l.record_id = r.id AND l.record_kind = 'inspection'",
};
const COMPLAINTS: Statement = Statement {
    columns: "r.category, r.reliability, r.credibility, r.anonymous, r.state",
    records_first: "FROM complaint r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'complaint'",
    links_first: "FROM link l CROSS JOIN complaint r WHERE l.record_id = r.id AND l.record_kind = 'complaint'",
};

/// The table of a slice further right, whose confirmed rows are the only path by which another site's records count here.
const CONTINUITY: &str = "SELECT x.to_site AS site_id, l.certainty, r.id, r.version, r.occurred_at, r.recorded_at, r.backfilled, r.source \
    FROM succession x CROSS JOIN link l CROSS JOIN license r \
    WHERE x.state = 'confirmed' AND l.site_id = x.from_site AND l.record_kind = 'license' AND r.id = l.record_id \
    AND r.status = 'revoked'";

impl Reader<'_> {
    fn query(&self, statement: &Statement, resource: Resource) -> Query {
        let tables = if self.only.is_some() { statement.links_first } else { statement.records_first };
        let query = query(LINK)
            .then(statement.columns)
            .then(tables)
            .then("AND l.site_id IS NOT NULL")
            .limited(self.viewer, resource)
            .and("r.recorded_at <= ?", Some(self.as_of))
            .and("(r.superseded_at IS NULL OR r.superseded_at > ?)", Some(self.as_of))
            .and("l.recorded_at <= ?", Some(self.as_of))
            .and("(l.superseded_at IS NULL OR l.superseded_at > ?)", Some(self.as_of));
        match self.only {
            Some(ids) => query.then("AND l.site_id IN").list(ids.iter().map(|it| Value::from(*it))),
            None => query,
        }
    }

    async fn continuity(&self, events: &mut Events) -> db::Result<()> {
        if !self.viewer.may_see(Resource::Succession) {
            return Ok(());
        }
        let mut query = query(CONTINUITY).limited(self.viewer, Resource::License);
        for known in [
            "x.recorded_at <= ? AND (x.superseded_at IS NULL OR x.superseded_at > ?)",
            "r.recorded_at <= ? AND (r.superseded_at IS NULL OR r.superseded_at > ?)",
            "l.recorded_at <= ? AND (l.superseded_at IS NULL OR l.superseded_at > ?)",
        ] {
            query = query.and(known, Some(self.as_of));
        }
        if let Some(ids) = self.only {
            query = query.then("AND x.to_site IN").list(ids.iter().map(|it| Value::from(*it)));
        }
        let mut sources = Sources::default();
        self.each(query, |it: Link| {
            let what = What::Continuity { of: input::Continuity::Licensee };
            events.add(&it, sources.event(&it, RecordKind::License, 0, what));
        })
        .await
    }

    async fn each<T: Record>(&self, query: Query, mut with: impl FnMut(T)) -> db::Result<()> {
        let mut rows = query.stream::<T>(self.db);
        while let Some(row) = rows.next().await {
            with(row?);
        }
        Ok(())
    }

    async fn licenses(&self, sites: &HashMap<SiteId, &Site>, events: &mut Events) -> db::Result<()> {
        let mut sources = Sources::default();
        self.each(self.query(&LICENSES, Resource::License), |it: LicenseRow| {
            let needed = |site: &&Site| site.kind == it.kind || site.source == it.link.source;
            if !sites.get(&it.link.site_id).is_some_and(needed) {
                return;
            }
            let what = What::License { state: license(it.status), until: it.expires_on.map(|day| day.day()) };
            let mut event = sources.event(&it.link, RecordKind::License, 0, what);
            event.occurred = it.starts_on.unwrap_or(event.occurred);
            events.add(&it.link, event);
        })
        .await
    }

    async fn inspections(&self, events: &mut Events) -> db::Result<()> {
        let mut sources = Sources::default();
        self.each(self.query(&INSPECTIONS, Resource::Inspection), |it: InspectionRow| {
            let what =
                What::Visit { outcome: outcome(it.outcome), reinspect_by: it.due_on.map(|day| day.day()) };
            events.add(&it.link, sources.event(&it.link, RecordKind::Inspection, 0, what));
        })
        .await
    }

    async fn violations(&self, events: &mut Events) -> db::Result<()> {
        let query = self
            .query(&VIOLATIONS, Resource::Inspection)
            .and("v.recorded_at <= ?", Some(self.as_of))
            .and("(v.superseded_at IS NULL OR v.superseded_at > ?)", Some(self.as_of))
            .then("ORDER BY v.inspection_id, v.n");
        let mut sources = Sources::default();
        let mut place: (Option<RecordId>, u16) = (None, 0);
        self.each(query, |it: ViolationRow| {
            let before = if place.0 == Some(it.link.id) { place.1 } else { 0 };
            place = (Some(it.link.id), before.saturating_add(1));
            let severity = it.severity.into();
            let state = match it.state {
                ViolationState::Open => input::ViolationState::Open,
                ViolationState::Closed => input::ViolationState::Closed(it.closed_on.map(|day| day.day())),
                ViolationState::Unknown => input::ViolationState::Unknown,
            };
            let what = What::Violation { severity, state };
            events.add(&it.link, sources.event(&it.link, RecordKind::Inspection, place.1, what));
        })
        .await
    }

    async fn complaints(&self, events: &mut Events) -> db::Result<()> {
        let mut sources = Sources::default();
        self.each(self.query(&COMPLAINTS, Resource::Complaint), |it: ComplaintRow| {
            let found = match it.state {
                State::Substantiated => Found::Confirmed,
                State::Unfounded => Found::Unfounded,
                State::Open | State::Closed => Found::Nothing,
            };
            let what = What::Complaint { about: about(it.category), anonymous: it.anonymous, found };
            let mut event = sources.event(&it.link, RecordKind::Complaint, 0, what);
            event.origin = Origin::Citizen;
            event.grade = grade(&it);
            events.add(&it.link, event);
        })
        .await
    }
}

/// Sources as opaque numbers, each the same in every run.
#[derive(Default)]
struct Sources(HashMap<String, Source>);

impl Sources {
    fn event(&mut self, link: &Link, kind: RecordKind, part: u16, what: What) -> Event {
        let source = match self.0.get(&link.source) {
            Some(source) => *source,
            None => {
                let digest = Sha256::digest(link.source.as_bytes());
                let source = Source(digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
                self.0.insert(link.source.clone(), source);
                source
            }
        };
        Event {
            record: RecordRef { kind, id: link.id.0, part },
            version: u32::try_from(link.version).unwrap_or(u32::MAX),
            source,
            occurred: link.occurred_at,
            recorded: link.recorded_at,
            what,
            grade: None,
            origin: Origin::Duty,
            link: Certainty(u16::try_from(link.certainty).unwrap_or(0)),
        }
    }
}

impl From<Severity> for input::Severity {
    fn from(it: Severity) -> Self {
        match it {
            Severity::Critical => Self::Critical,
            Severity::Major => Self::Major,
            Severity::Minor => Self::Minor,
            Severity::Unknown => Self::Ungraded,
        }
    }
}

pub(super) fn license(status: Status) -> LicenseState {
    match status {
        Status::Active => LicenseState::Active,
        Status::Pending => LicenseState::Pending,
        Status::Expired | Status::Suspended | Status::Revoked | Status::Denied | Status::Canceled => {
            LicenseState::Ended
        }
        Status::Unknown => LicenseState::Unknown,
    }
}

pub(super) fn outcome(outcome: Outcome) -> input::Outcome {
    match outcome {
        Outcome::Compliant => input::Outcome::Passed,
        Outcome::CorrectBy => input::Outcome::CorrectBy,
        Outcome::NotPassed => input::Outcome::NotPassed,
        Outcome::Refused => input::Outcome::Refused,
        Outcome::NoEntry | Outcome::Referred | Outcome::Unknown => input::Outcome::Unknown,
    }
}

pub(super) fn about(category: Category) -> Complaint {
    match category {
        Category::Trafficking => Complaint::Trafficking,
        Category::CommercialSex => Complaint::CommercialSex,
        Category::Unlicensed => Complaint::Unlicensed,
        Category::Hours => Complaint::Hours,
        Category::Safety => Complaint::Safety,
        Category::Nuisance => Complaint::Nuisance,
        Category::Other => Complaint::Other,
    }
}

fn grade(it: &ComplaintRow) -> Option<Grade> {
    let default = if it.anonymous { ("F", "6") } else { ("B", "2") };
    let own = (it.reliability.as_str(), it.credibility.as_str());
    if own == default { None } else { Grade::parse(own.0, own.1) }
}
