//! Keeps standings fresh: takes the marks that writes set on sites, recomputes those sites, and loses no mark when it
//! breaks off.
//!
//! A step deletes its marks first and commits them together with what it computed: whoever marks a site meanwhile
//! waits, or marks it again, and a crash leaves the mark. A full run takes too long for one transaction: it puts one
//! mark in the place of all that it took over, and takes that away when it is done. Left alone for [`LEASE`] by a
//! crash, that mark counts as one for every site.

use chrono::TimeDelta;

use super::marks::{IN_WORK, LEASE, marked, unmark};
use super::relink::{Scope, relink};
use super::{Run, assess, consequences, events, rings, site, store};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Value, query};
use crate::records::{self, SiteId};
use crate::rights::Viewer;
use crate::scoring::card::Cards;
use crate::scoring::score::{Score, score_site};
use crate::sites;
use crate::sites::store::ALL_SITES;

/// So long an import may run before everything is assessed in the midst of it.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// What a drain did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// There were no marks, or only such as must wait for an import to end or for another process.
    Nothing,
    /// So many sites were recomputed by the last run's figures.
    Sites(usize),
    /// A full run was made.
    All,
}

/// Works off the marks that are there.
///
/// # Errors
/// The database does not answer; the marks that were not worked off are still there.
pub async fn drain(db: &Db, clock: Clock, cards: &Cards) -> anyhow::Result<Drained> {
    consequences::reckon(db, cards).await?;
    let now = clock.now();
    let marks: Vec<(SiteId, Moment)> = query("SELECT site_id, marked_at FROM stale_site WHERE site_id IN")
        .list([ALL_SITES, IN_WORK].map(Value::from))
        .fetch_all(db)
        .await?;
    let broken_off = Moment::from(now - LEASE);
    let everything = marks.iter().any(|(id, at)| *id == ALL_SITES || *at < broken_off);
    let at_work = marks.iter().any(|(id, at)| *id == IN_WORK && *at >= broken_off);
    let Some(run) = store::last_run(db, &Viewer::system("drain")).await? else {
        return first_run(db, clock, cards, at_work).await;
    };
    if everything && !at_work && !records::store::import_running(db, (now - PATIENCE).into()).await? {
        assess::assess(db, clock, cards, None).await?;
        return Ok(Drained::All);
    }
    marked_sites(db, clock, cards, &run).await
}

/// Works off the marks of single sites, and leaves those that ask for a full run.
///
/// # Errors
/// The database does not answer; the marks that were not worked off are still there.
pub async fn drain_marked(db: &Db, clock: Clock, cards: &Cards) -> anyhow::Result<Drained> {
    match store::last_run(db, &Viewer::system("drain")).await? {
        Some(run) => marked_sites(db, clock, cards, &run).await,
        None => Ok(Drained::Nothing),
    }
}

async fn marked_sites(db: &Db, clock: Clock, cards: &Cards, run: &Run) -> anyhow::Result<Drained> {
    let mut n_sites = 0;
    loop {
        let sites = marked(db).await?;
        if sites.is_empty() {
            break;
        }
        n_sites += sites.len();
        let scope = Scope { sites: Some(&sites), since: Some(run.as_of) };
        relink(db, scope, clock.now().into()).await?;
        consequences::reckon(db, cards).await?;
        step(db, clock, cards, run, &sites).await?;
    }
    Ok(if n_sites == 0 { Drained::Nothing } else { Drained::Sites(n_sites) })
}

/// Before any run there are no figures to recompute by; an empty catalog needs none.
async fn first_run(db: &Db, clock: Clock, cards: &Cards, at_work: bool) -> anyhow::Result<Drained> {
    let n_marks: i64 = query("SELECT count(*) FROM stale_site").fetch_scalar(db).await?;
    let wait = n_marks == 0 || at_work;
    if wait || records::store::import_running(db, (clock.now() - PATIENCE).into()).await? {
        return Ok(Drained::Nothing);
    }
    assess::assess(db, clock, cards, None).await?;
    Ok(Drained::All)
}

/// Recomputes sites in one transaction with the end of their marks.
async fn step(db: &Db, clock: Clock, cards: &Cards, run: &Run, ids: &[SiteId]) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("standing").await?;
    unmark(&mut tx, ids).await?;
    // Reading beside the transaction is enough: it holds SQLite's one writer, or the locks of these marks.
    let viewer = Viewer::system("drain");
    let as_of = Moment::from(clock.now());
    let sites = sites::store::some(db, &viewer, ids).await?;
    let events = events::of_some(db, &viewer, &sites, as_of).await?;
    let scores: Vec<Score> = sites
        .iter()
        .map(|it| {
            let typical = run.basis.population.typical(cards, &it.kind);
            let input = site::input(it, &run.basis.feeds);
            score_site(cards.of_kind(&it.kind), &input, events.of(it.id), typical, as_of)
        })
        .collect();
    let standings = sites.iter().zip(&scores).map(|(it, score)| {
        let cutoffs = run.basis.population.cutoffs.get(&it.kind).copied().unwrap_or_default();
        (site::standing(it, score, run.id, cutoffs, None, run.as_of), score)
    });
    store::save(&mut tx, standings.collect()).await?;
    rings::count_some(db, &mut tx, &sites).await?;
    store::moved(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
