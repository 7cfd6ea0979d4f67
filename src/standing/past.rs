//! The catalog and the standings as they were known at the end of a past day: computed when a page asks for the day,
//! and kept for as long as nothing has changed since.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use chrono::NaiveDate;
use tokio::sync::Mutex;

use super::assess::{Outcome, assess};
use super::snapshot::Snapshot;
use super::watch::Snapshots;
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::scoring::card::Cards;
use crate::scoring::score::Score;
use crate::sites;
use crate::web::extract::Params;
use crate::web::frame::Frame;
use crate::web::{self, Error};

/// Days that are kept at once: each holds every site and what led to its standing.
const MOST_KEPT: usize = 2;

/// What was known at the end of one day.
#[derive(Debug)]
pub struct Past {
    /// The day.
    pub day: NaiveDate,
    /// The sites and where they stood.
    pub snapshot: Arc<Snapshot>,
    /// How many events counted.
    pub n_events: i64,
    /// How many of them have a `recorded_at` that was reckoned, not recorded.
    pub n_backfilled: i64,
    scores: HashMap<SiteId, Score>,
}

impl Past {
    /// What led to a site's standing of that day; none without the right to see standings.
    pub fn score(&self, viewer: &Viewer, site: SiteId) -> Option<&Score> {
        let seen = self.snapshot.seen_by(viewer).sites.index(viewer, site);
        self.scores.get(&site).filter(|_| viewer.may_see(Resource::Standing) && seen.is_some())
    }

    fn new(day: NaiveDate, outcome: Outcome, current: &Snapshot) -> Self {
        let ids = outcome.sites.iter().map(|it| it.id);
        let scores = ids.zip(outcome.scores).collect();
        let sites = sites::snapshot::Snapshot::new(current.sites.revision, outcome.sites);
        let areas = Arc::clone(&current.areas);
        let snapshot = Arc::new(Snapshot::new(sites, areas, current.revision, outcome.standings));
        let (n_events, n_backfilled) = (outcome.run.n_events, outcome.run.n_backfilled);
        Self { day, snapshot, n_events, n_backfilled, scores }
    }
}

/// The past days that were asked for last; cloning it clones a handle.
#[derive(Clone, Debug, Default)]
pub struct Pasts(Arc<Mutex<Vec<Arc<Past>>>>);

impl Pasts {
    /// What was known at the end of `day`. One is computed at a time: who asks for the same day waits for it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_day(
        &self,
        db: &Db,
        clock: Clock,
        cards: &Cards,
        current: &Snapshot,
        day: NaiveDate,
    ) -> anyhow::Result<Arc<Past>> {
        let mut kept = self.0.lock().await;
        let fresh = |it: &Arc<Past>| {
            (it.snapshot.sites.revision, it.snapshot.revision) == (current.sites.revision, current.revision)
        };
        kept.retain(fresh);
        if let Some(found) = kept.iter().find(|it| it.day == day) {
            return Ok(Arc::clone(found));
        }
        let outcome = assess(db, clock, cards, Some(Moment::Day(day))).await?;
        let past = Arc::new(Past::new(day, outcome, current));
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&past));
        Ok(past)
    }
}

/// What a page looks at: the present, or with `as_of` in its address a past day.
#[derive(Clone, Debug)]
pub struct View {
    /// What the viewer of the page may see of it.
    seen: Arc<Snapshot>,
    past: Option<Arc<Past>>,
}

impl View {
    /// The sites and where they stand.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.seen
    }

    /// The past day, if it is one.
    pub fn past(&self) -> Option<&Past> {
        self.past.as_deref()
    }
}

/// Reads `as_of`, a day not after today; today is the present.
impl<S: Send + Sync> FromRequestParts<S> for View
where
    Db: FromRef<S>,
    Clock: FromRef<S>,
    Arc<Cards>: FromRef<S>,
    Snapshots: FromRef<S>,
    Pasts: FromRef<S>,
    Frame: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> web::Result<Self> {
        let params = Params::from_request_parts(parts, state).await?;
        let viewer = parts.extensions.get::<Viewer>().cloned().unwrap_or_else(Viewer::nobody);
        let current = Snapshots::from_ref(state).current();
        let clock = Clock::from_ref(state);
        let today = Moment::from(clock.now()).day_in(&Frame::from_ref(state).zone);
        let refused = || Error::field("as_of", format!("Give a day up to today, such as {today}."));
        let day = params.get("as_of").map(|it| it.parse::<NaiveDate>().map_err(|_| refused())).transpose()?;
        match day {
            Some(day) if day > today => Err(refused()),
            None => Ok(Self { seen: current.seen_by(&viewer), past: None }),
            Some(day) if day == today => Ok(Self { seen: current.seen_by(&viewer), past: None }),
            Some(day) => {
                let (db, cards) = (Db::from_ref(state), Arc::<Cards>::from_ref(state));
                let pasts = Pasts::from_ref(state);
                let past = pasts.of_day(&db, clock, &cards, &current, day).await?;
                Ok(Self { seen: past.snapshot.seen_by(&viewer), past: Some(past) })
            }
        }
    }
}
