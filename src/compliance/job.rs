//! Keeps findings fresh: takes the marks that writes set, holds those sites against the rules anew, and loses no mark when
//! it breaks off.
//!
//! A step deletes its marks first and commits them together with what it found. Everything is found anew when a rule pack
//! changed and once a day, for terms end and windows move on without any write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use tokio::sync::Mutex;

use super::finding::Finding;
use super::ground::{Ground, Regulated};
use super::judge;
use super::neighbors::Neighbors;
use super::packs::Packs;
use super::read::{Gathered, gather};
use super::spreading;
use super::store::{self, Held};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Tx, Value, query};
use crate::places::snapshot::{Places, Snapshot};
use crate::records::{self, SiteId};
use crate::rights::Viewer;
use crate::sites::store::ALL_SITES;
use crate::sites::{self, Site};

/// So long an import may run before everything is found anew in the midst of it.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// How often marks are looked for.
const TICK: Duration = Duration::from_secs(1);
/// After an error the marks are left for so many ticks.
const TICKS_AFTER_ERROR: u32 = 30;
/// Sites found anew in one transaction.
const STEP: u32 = 100;
/// Sites whose findings are written in one transaction of a full run.
const CHUNK: usize = 1_000;
/// In `meta`: the day and the packs of the last full run.
const LAST: &str = "findings_run";

/// The rules and the places, as whoever finds needs them. Cloning it clones handles.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The packs in use.
    pub packs: Arc<Packs>,
    /// The sensitive places in memory.
    pub places: Places,
    /// The zone in which days begin.
    pub zone: chrono_tz::Tz,
    /// The other sites, indexed for questions about a spot.
    pub neighbors: Neighbors,
    // One works off marks, others wait and find them gone.
    draining: Arc<Mutex<()>>,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Sites that were held against the rules.
    pub n_sites: usize,
    /// Findings that changed.
    pub n_changed: usize,
}

impl Rules {
    /// These packs, over places that are not read yet.
    pub fn new(packs: Packs, zone: chrono_tz::Tz) -> Self {
        Self {
            packs: Arc::new(packs),
            places: Places::unread(),
            zone,
            neighbors: Neighbors::default(),
            draining: Arc::default(),
        }
    }

    /// The day on which it is now.
    pub fn today(&self, clock: Clock) -> NaiveDate {
        Moment::from(clock.now()).day_in(&self.zone)
    }

    /// What surrounds sites, with the others among `sites`.
    pub fn ground<'a>(
        &'a self,
        viewer: &'a Viewer,
        places: &'a Snapshot,
        regulated: &'a Regulated,
    ) -> Ground<'a> {
        Ground { viewer, places, classes: &self.packs.classes, regulated, facts: &self.packs.facts }
    }
}

/// Works off the marks that are there, or finds everything anew where that is due and no import is running.
///
/// # Errors
/// The database does not answer; the marks that were not worked off are still there.
pub async fn drain(db: &Db, clock: Clock, rules: &Rules) -> anyhow::Result<Found> {
    let _one = rules.draining.lock().await;
    rules.places.refresh(db).await?;
    if !is_all_due(db, clock, rules).await? {
        let own = marked_sites(db, clock, rules, Marks::Own).await?;
        let near = marked_sites(db, clock, rules, Marks::Near).await?;
        return Ok(Found { n_sites: own.n_sites + near.n_sites, n_changed: own.n_changed + near.n_changed });
    }
    if records::store::import_running(db, (clock.now() - PATIENCE).into()).await? {
        return Ok(Found::default());
    }
    all(db, clock, rules).await
}

/// Works off the marks of sites that changed, and leaves those near them and a full run to whoever watches.
///
/// # Errors
/// The database does not answer; the marks that were not worked off are still there.
pub async fn drain_marked(db: &Db, clock: Clock, rules: &Rules) -> anyhow::Result<Found> {
    let _one = rules.draining.lock().await;
    rules.places.refresh(db).await?;
    marked_sites(db, clock, rules, Marks::Own).await
}

/// Holds every site against the rules.
///
/// # Errors
/// The database does not answer; then the marks are still there.
pub async fn find_all(db: &Db, clock: Clock, rules: &Rules) -> anyhow::Result<Found> {
    let _one = rules.draining.lock().await;
    rules.places.refresh(db).await?;
    all(db, clock, rules).await
}

async fn is_all_due(db: &Db, clock: Clock, rules: &Rules) -> anyhow::Result<bool> {
    let marks = query("SELECT count(*) FROM stale_finding WHERE site_id = $1").bind(ALL_SITES);
    let n_marks: i64 = marks.fetch_scalar(db).await?;
    Ok(n_marks > 0 || last(db).await? != Some(due(clock, rules)))
}

async fn marked_sites(db: &Db, clock: Clock, rules: &Rules, marks: Marks) -> anyhow::Result<Found> {
    let mut found = Found::default();
    loop {
        let step = step(db, clock, rules, marks).await?;
        if step.n_sites == 0 {
            return Ok(found);
        }
        found.n_sites += step.n_sites;
        found.n_changed += step.n_changed;
    }
}

/// Two kinds of mark, each in a table of its own.
#[derive(Clone, Copy)]
enum Marks {
    /// The site itself, or a record of it, changed.
    Own,
    /// A site near it changed.
    Near,
}

impl Marks {
    async fn some(self, db: &Db) -> db::Result<Vec<SiteId>> {
        let marked: Vec<(SiteId,)> = query(match self {
            Self::Own => "SELECT site_id FROM stale_finding WHERE true",
            Self::Near => "SELECT site_id FROM stale_near WHERE true",
        })
        .and("site_id <> ?", Some(ALL_SITES))
        .then("ORDER BY site_id LIMIT")
        .value(STEP)
        .fetch_all(db)
        .await?;
        Ok(marked.into_iter().map(|it| it.0).collect())
    }

    async fn take_away(self, tx: &mut Tx, sites: &[SiteId]) -> db::Result<()> {
        let delete = match self {
            Self::Own => "DELETE FROM stale_finding WHERE site_id IN",
            Self::Near => "DELETE FROM stale_near WHERE site_id IN",
        };
        query(delete).list(sites.iter().map(|it| Value::from(*it))).execute(tx).await?;
        Ok(())
    }
}

/// What the last full run was made of: the day, and the packs.
fn due(clock: Clock, rules: &Rules) -> String {
    format!("{} {}", rules.today(clock), rules.packs.hash)
}

async fn last(db: &Db) -> db::Result<Option<String>> {
    let last: Option<(String,)> =
        query("SELECT value FROM meta WHERE name = $1").bind(LAST).fetch_optional(db).await?;
    Ok(last.map(|it| it.0))
}

async fn all(db: &Db, clock: Clock, rules: &Rules) -> anyhow::Result<Found> {
    let viewer = Viewer::system("findings");
    let now = Moment::from(clock.now());
    let places = rules.places.current();
    let marked: Vec<(SiteId, Moment)> =
        query("SELECT site_id, marked_at FROM stale_finding").fetch_all(db).await?;
    let sites = sites::store::all(db, &viewer).await?;
    let regulated = Regulated::unnamed(&rules.packs, &sites);
    let on = rules.today(clock);
    let gathered = gather(db, &viewer, &rules.packs, (&sites, true), now, on).await?;
    let ground = rules.ground(&viewer, &places, &regulated);
    let all = judge_all(&rules.packs, &sites, &gathered, &ground);
    let mut found = Found { n_sites: sites.len(), n_changed: 0 };
    for chunk in all.chunks(CHUNK) {
        let mut tx = db.begin().await?;
        tx.one_at_a_time("findings").await?;
        found.n_changed += store::save(&mut tx, &rules.packs, chunk, now).await?;
        tx.commit().await?;
    }
    let mut tx = db.begin().await?;
    store::keep_packs(&mut tx, &rules.packs, now).await?;
    query("DELETE FROM stale_near WHERE marked_at <= $1").bind(now).execute(&mut tx).await?;
    unmark(&mut tx, &marked).await?;
    keep_last(&mut tx, due(clock, rules)).await?;
    tx.commit().await?;
    Ok(found)
}

/// The findings of each site, on all cores.
pub fn judge_all(packs: &Packs, sites: &[Site], gathered: &Gathered, ground: &Ground<'_>) -> Vec<Held> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = sites.len().div_ceil(threads).max(1);
    let judged = |site: &Site| Held::new(site.id, judge::site(packs, &gathered.of(site).known(), ground));
    std::thread::scope(|scope| {
        let work: Vec<_> = sites
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().map(judged).collect::<Vec<_>>()))
            .collect();
        work.into_iter().flat_map(|it| it.join().expect("judging does not panic")).collect()
    })
}

/// Takes away marks that were not set again meanwhile.
async fn unmark(tx: &mut Tx, marked: &[(SiteId, Moment)]) -> db::Result<()> {
    for (site, at) in marked {
        query("DELETE FROM stale_finding WHERE site_id = $1 AND marked_at = $2")
            .bind(*site)
            .bind(*at)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn keep_last(tx: &mut Tx, last: String) -> db::Result<()> {
    query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(LAST)
        .bind(last)
        .execute(tx)
        .await?;
    Ok(())
}

/// Finds anew at some marked sites; those that a rule ties to them are marked in their turn.
async fn step(db: &Db, clock: Clock, rules: &Rules, marks: Marks) -> anyhow::Result<Found> {
    let marked = marks.some(db).await?;
    if marked.is_empty() {
        return Ok(Found::default());
    }
    let viewer = Viewer::system("findings");
    let now = Moment::from(clock.now());
    let places = rules.places.current();
    let mut tx = db.begin().await?;
    tx.one_at_a_time("findings").await?;
    marks.take_away(&mut tx, &marked).await?;
    // Reading beside the transaction is enough: it holds SQLite's one writer, or the locks of these marks.
    if matches!(marks, Marks::Own) {
        spreading::spread((db, &mut tx), &viewer, &rules.packs, &marked, now).await?;
    }
    let sites = sites::store::some(db, &viewer, &marked).await?;
    let regulated = spreading::surroundings(db, &viewer, &rules.packs, &sites).await?;
    let gathered = gather(db, &viewer, &rules.packs, (&sites, false), now, rules.today(clock)).await?;
    let ground = rules.ground(&viewer, &places, &regulated);
    let mut all = judge_all(&rules.packs, &sites, &gathered, &ground);
    // A site that was merged or withdrawn has no findings any more.
    let there: BTreeSet<SiteId> = sites.iter().map(|it| it.id).collect();
    all.extend(marked.iter().filter(|it| !there.contains(it)).map(|it| Held::new(*it, Vec::new())));
    let n_changed = store::save(&mut tx, &rules.packs, &all, now).await?;
    tx.commit().await?;
    Ok(Found { n_sites: all.len(), n_changed })
}

/// What each rule said of a site as of a past day, by the packs of today: nothing is stored. It is read with the rights of a
/// job: whoever shows it leaves out what the viewer may not see.
///
/// # Errors
/// The database does not answer.
pub async fn as_of(db: &Db, rules: &Rules, site: &Site, day: NaiveDate) -> anyhow::Result<Vec<Finding>> {
    let moment = Moment::Day(day);
    let viewer = &Viewer::system("findings");
    let (places, sites) = tokio::try_join!(
        crate::places::store::all_as_of(db, viewer, moment.end()),
        sites::store::all_as_of(db, viewer, moment.end()),
    )?;
    let places = Snapshot::new(rules.places.current().revision, places);
    let regulated = Regulated::unnamed(&rules.packs, &sites);
    let Some(site) = sites.iter().find(|it| it.id == site.id) else { return Ok(Vec::new()) };
    let gathered = gather(db, viewer, &rules.packs, (std::slice::from_ref(site), false), moment, day).await?;
    let ground = rules.ground(viewer, &places, &regulated);
    Ok(judge::site(&rules.packs, &gathered.of(site).known(), &ground))
}

/// Works off marks each second until `shutdown`, beside other processes. Errors are logged, and tried again later.
pub async fn watch(db: Db, clock: Clock, rules: Rules, shutdown: impl Future<Output = ()>) {
    let mut shutdown = std::pin::pin!(shutdown);
    let mut rest = 0;
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(TICK) => {}
        }
        if rest > 0 {
            rest -= 1;
            continue;
        }
        match drain(&db, clock, &rules).await {
            Ok(Found { n_sites: 0, .. }) => {}
            Ok(it) => tracing::info!(
                n_sites = it.n_sites,
                n_changed = it.n_changed,
                "{} sites were held against the rules",
                it.n_sites
            ),
            Err(error) => {
                tracing::error!("findings could not be brought up to date: {error:#}");
                rest = TICKS_AFTER_ERROR;
            }
        }
    }
}
