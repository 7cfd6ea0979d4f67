//! A full run: every site scored by its card, what is typical of each kind fixed anew, tiers dealt out by capacity.

use std::collections::{BTreeMap, HashMap};

use super::events::{self, Events};
use super::feeds::Feeds;
use super::inputs::Inputs;
use super::relink::{Scope, relink};
use super::{Basis, Manifest, Run, RunId, Standing, marks, rings, site, store};
use crate::clock::{Clock, Moment};
use crate::db::Db;
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::scoring::card::Cards;
use crate::scoring::population::Population;
use crate::scoring::rank::{Candidate, Ranked, Tier, rank};
use crate::scoring::reason::Assessment;
use crate::scoring::score::{Score, score};
use crate::sites::{self, Site};

/// So many standings are written in one transaction, so that nobody waits long for the writer.
const CHUNK: usize = 1_000;

/// What a run found; `standings` and `scores` are in the order of `sites`.
#[derive(Debug)]
pub struct Outcome {
    /// The run; stored only as of the present.
    pub run: Run,
    /// Every site as known then, by number.
    pub sites: Vec<Site>,
    /// Where each stands.
    pub standings: Vec<Standing>,
    /// What led to it.
    pub scores: Vec<Score>,
}

impl Outcome {
    /// How many sites are in each tier.
    pub fn tiers(&self) -> Vec<(Tier, usize)> {
        let of = |tier: Tier| self.standings.iter().filter(|it| it.tier == tier).count();
        Tier::ALL.iter().map(|tier| (*tier, of(*tier))).collect()
    }
}

/// Assesses every site. As of the present it links what had no site to link to, counts the rings, stores the run and
/// the standings, and takes away all marks that were there when it began; as of a past moment it only computes.
///
/// # Errors
/// The database does not answer; then the marks are still there, and what was stored is of this run or the last.
pub async fn assess(db: &Db, clock: Clock, cards: &Cards, as_of: Option<Moment>) -> anyhow::Result<Outcome> {
    match as_of {
        Some(as_of) => compute(db, clock, cards, as_of).await,
        None => {
            marks::take_all(db, clock).await?;
            let done = present(db, clock, cards).await;
            marks::give_back_all(db, clock, done.is_ok()).await?;
            done
        }
    }
}

async fn present(db: &Db, clock: Clock, cards: &Cards) -> anyhow::Result<Outcome> {
    let viewer = Viewer::system("assess");
    let last = store::last_run(db, &viewer).await?;
    let since = last.as_ref().map(|it| it.as_of);
    relink(db, Scope { sites: None, since }, clock.now().into()).await?;
    let mut outcome = compute(db, clock, cards, clock.now().into()).await?;
    let rings = rings::state(db, &outcome.sites).await?;
    if last.is_none_or(|it| it.basis.rings != rings) {
        rings::count_all(db, &outcome.sites).await?;
    }
    outcome.run.basis.rings = rings;
    keep(db, cards, &outcome).await?;
    Ok(outcome)
}

/// Everything but storing.
async fn compute(db: &Db, clock: Clock, cards: &Cards, as_of: Moment) -> anyhow::Result<Outcome> {
    let viewer = Viewer::system("assess");
    let sites = sites::store::all_as_of(db, &viewer, as_of.end()).await?;
    let feeds = Feeds::read(db, &viewer, as_of).await?;
    let events = events::of_all(db, &viewer, &sites, as_of).await?;
    let id = RunId(clock.id());
    let (population, scores, ranked) = score_all(cards, &feeds, &sites, &events, as_of);
    let standings = sites.iter().zip(&scores).map(|(it, score)| {
        let cutoffs = population.cutoffs.get(&it.kind).copied().unwrap_or_default();
        site::standing(it, score, id, cutoffs, ranked.get(&it.id), as_of)
    });
    let standings = standings.collect();
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of,
        cards: cards.iter().map(|it| (it.id.clone(), it.hash.clone())).collect(),
        inputs: Inputs::hash(&sites, &feeds, &events),
    };
    let run = Run {
        id,
        as_of,
        finished_at: clock.now().into(),
        manifest,
        basis: Basis { population, feeds, rings: String::new() },
        n_sites: sites.len() as i64,
        n_events: events.n_events,
        n_backfilled: events.n_backfilled,
    };
    Ok(Outcome { run, sites, standings, scores })
}

type Ranks = HashMap<SiteId, Ranked>;

/// Assesses each site, then fixes the population's figures, then scores and ranks with them.
fn score_all(
    cards: &Cards,
    feeds: &Feeds,
    sites: &[Site],
    events: &Events,
    as_of: Moment,
) -> (Population, Vec<Score>, Ranks) {
    let assessments: Vec<Assessment> = sites
        .iter()
        .map(|it| {
            let card = cards.of_kind(&it.kind);
            crate::scoring::assess::assess(card, &site::input(it, feeds), events.of(it.id), as_of)
        })
        .collect();
    let open = sites.iter().zip(&assessments).filter(|it| site::is_open(it.0));
    let mut population = Population::of(cards, as_of, open.map(|(it, found)| (it.kind.as_str(), found)));
    let scores: Vec<Score> = sites
        .iter()
        .zip(assessments)
        .map(|(it, found)| score(cards.of_kind(&it.kind), found, population.typical(cards, &it.kind), as_of))
        .collect();
    let mut ranks = Ranks::new();
    for (kind, places) in by_kind(sites) {
        let scored = places.iter().filter(|n| scores[**n].scored).map(|n| {
            let Score { points, .. } = scores[*n];
            Candidate { site: sites[*n].id.0, points, has_reason: scores[*n].has_reason() }
        });
        let (ranked, cutoffs) = rank(cards.of_kind(kind).capacity, places.len(), scored, as_of);
        population.cutoffs.insert(kind.to_owned(), cutoffs);
        ranks.extend(ranked.into_iter().map(|it| (SiteId(it.site), it)));
    }
    (population, scores, ranks)
}

/// The places of the open sites of each kind.
fn by_kind(sites: &[Site]) -> BTreeMap<&str, Vec<usize>> {
    let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, it) in sites.iter().enumerate().filter(|it| site::is_open(it.1)) {
        kinds.entry(&it.kind).or_default().push(n);
    }
    kinds
}

/// Stores the run first, so that the standings can refer to it, then the standings in small steps.
async fn keep(db: &Db, cards: &Cards, outcome: &Outcome) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    store::save_run(&mut tx, &outcome.run, cards).await?;
    tx.commit().await?;
    let rows: Vec<(&Standing, &Score)> = outcome.standings.iter().zip(&outcome.scores).collect();
    for chunk in rows.chunks(CHUNK) {
        let mut tx = db.begin().await?;
        store::save(&mut tx, chunk.iter().map(|(it, score)| ((*it).clone(), *score)).collect()).await?;
        tx.commit().await?;
    }
    let mut tx = db.begin().await?;
    store::moved(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
