//! Looks through the whole catalog for reopenings and keeps what was found as proposals. What a person has decided stays.

use std::collections::HashMap;

use super::detect::{Candidate, Found, detect};
use super::index::LeftOut;
use super::{MODEL, MOVED, State, Succession, SuccessionId, facts, store};
use crate::audit::{self, Act, Entry};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Tx};
use crate::parties;
use crate::records::SiteId;
use crate::rights::held::Held;
use crate::rights::{Resource, Viewer};
use crate::sites::{self, Kinds, Site};

/// What one look through the catalog came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looked {
    /// Sites looked through.
    pub n_sites: usize,
    /// Of them, those that ended.
    pub n_ended: usize,
    /// Proposals that were not known before, and confirmed moves.
    pub n_new: usize,
    /// Undecided proposals that were found again, some with other reasons.
    pub n_again: usize,
    /// Undecided proposals that no longer hold.
    pub n_withdrawn: usize,
    /// What too many sites share to tell any two of them apart.
    pub left_out: Vec<LeftOut>,
}

/// Looks for reopenings. `viewer` is who asked: the log names them; the whole catalog is looked through in any case, for
/// a business reopens where nobody expects it.
///
/// # Errors
/// The database does not answer.
pub async fn look(db: &Db, clock: Clock, viewer: &Viewer, kinds: &Kinds) -> anyhow::Result<Looked> {
    let (now, all) = (Moment::from(clock.now()), Viewer::system("reopenings"));
    let sites = sites::store::all(db, &all).await?;
    let behind = parties::store::behind(db, &all, now).await?;
    let terms = store::terms(db, &all).await?;
    let premises = facts::premises(&sites, &behind, &terms, kinds, now.day());
    let n_ended = premises.iter().filter(|it| it.ending.is_some()).count();
    let found = tokio::task::spawn_blocking(move || detect(&premises)).await?;
    let mut tx = db.begin().await?;
    tx.one_at_a_time("successions").await?;
    let mut looked = keep(&mut tx, &all, &sites, &found, now).await?;
    looked.n_new += keep_moves(&mut tx, &all, now).await?;
    (looked.n_sites, looked.n_ended) = (sites.len(), n_ended);
    let entry = Entry::new(Act::Change)
        .on(Resource::Succession)
        .with("change", "looked")
        .with("proposed", looked.n_new)
        .with("withdrawn", looked.n_withdrawn);
    audit::store::commit(tx, clock, viewer, &entry).await?;
    Ok(Looked { left_out: found.left_out, ..looked })
}

/// Keeps as confirmed what the catalog itself says: a site moved, and where to. Cheap: for after each form.
///
/// # Errors
/// The database does not answer.
pub async fn note_moves(db: &Db, clock: Clock) -> db::Result<()> {
    let viewer = Viewer::system("reopenings");
    let known: HashMap<SuccessionId, Succession> = by_id(store::all(db, &viewer).await?);
    let moved = store::moved(db, &viewer).await?;
    let is_noted =
        |(from, to): &(SiteId, SiteId)| known.get(&SuccessionId::of(*from, *to)).is_some_and(stands);
    let is_stale = |it: &Succession| {
        it.model == MOVED && it.state == State::Confirmed && !moved.contains(&(it.from_site, it.to_site))
    };
    if moved.iter().all(is_noted) && !known.values().any(is_stale) {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.one_at_a_time("successions").await?;
    let n = keep_moves(&mut tx, &viewer, clock.now().into()).await?;
    let entry =
        Entry::new(Act::Change).on(Resource::Succession).with("change", "moves noted").with("noted", n);
    audit::store::commit(tx, clock, &viewer, &entry).await
}

/// Whether a move needs nothing further: it is confirmed, or a person has decided otherwise.
fn stands(it: &Succession) -> bool {
    it.state != State::Proposed
}

fn by_id(all: Vec<Succession>) -> HashMap<SuccessionId, Succession> {
    all.into_iter().map(|it| (it.id, it)).collect()
}

async fn keep(
    tx: &mut Tx,
    viewer: &Viewer,
    sites: &[Site],
    found: &Found,
    now: Moment,
) -> db::Result<Looked> {
    let mut known = by_id(store::all(&mut *tx, viewer).await?);
    let (mut looked, mut saved) = (Looked::default(), Vec::new());
    for candidate in &found.candidates {
        let new = proposal(candidate, sites, now);
        match known.remove(&new.id) {
            None => {
                looked.n_new += 1;
                let version = store::next_version(tx, new.id).await?;
                saved.push(Succession { version, ..new });
            }
            Some(old) if old.state == State::Proposed => {
                looked.n_again += 1;
                let says = |it: &Succession| (it.probability, it.evidence.clone(), it.days, it.model.clone());
                if says(&old) != says(&new) {
                    saved.push(Succession { version: old.version + 1, ..new });
                }
            }
            // What a person has decided stays.
            Some(_) => {}
        }
    }
    // One that a person took back stays on the list until somebody decides, whatever the detector finds now.
    let gone: Vec<_> = known
        .values()
        .filter(|it| it.state == State::Proposed && it.decided_at.is_none())
        .map(|it| it.id)
        .collect();
    looked.n_withdrawn = gone.len();
    for id in gone {
        store::supersede(tx, id, now).await?;
    }
    store::save(tx, saved).await?;
    Ok(looked)
}

fn proposal(it: &Candidate, sites: &[Site], now: Moment) -> Succession {
    let (from_site, to_site) = (sites[it.from].id, sites[it.to].id);
    Succession {
        id: SuccessionId::of(from_site, to_site),
        version: 1,
        recorded_at: now,
        from_site,
        to_site,
        state: State::Proposed,
        probability: it.probability.into(),
        evidence: it.evidence.to_string(),
        days: it.days,
        model: MODEL.to_owned(),
        decided_by: None,
        decided_name: None,
        decided_at: None,
        why: Held::Empty,
    }
}

/// Notes each known move, and ends those that the catalog no longer says; how many were noted.
async fn keep_moves(tx: &mut Tx, viewer: &Viewer, now: Moment) -> db::Result<usize> {
    let known = by_id(store::all(&mut *tx, viewer).await?);
    let moved = store::moved(&mut *tx, viewer).await?;
    let mut saved = Vec::new();
    for (from_site, to_site) in &moved {
        let id = SuccessionId::of(*from_site, *to_site);
        if !known.get(&id).is_some_and(stands) {
            let version = store::next_version(tx, id).await?;
            saved.push(noted(id, version, (*from_site, *to_site), now));
        }
    }
    let mut ends = Vec::new();
    for it in known.values().filter(|it| it.model == MOVED && it.state == State::Confirmed) {
        if !moved.contains(&(it.from_site, it.to_site)) {
            store::supersede(tx, it.id, now).await?;
            ends.push(it.to_site);
        }
    }
    let n = saved.len();
    ends.extend(saved.iter().map(|it| it.to_site));
    sites::store::touch(tx, &ends, now).await?;
    store::save(tx, saved).await?;
    Ok(n)
}

fn noted(id: SuccessionId, version: i64, (from_site, to_site): (SiteId, SiteId), now: Moment) -> Succession {
    Succession {
        id,
        version,
        recorded_at: now,
        from_site,
        to_site,
        state: State::Confirmed,
        probability: 1_000,
        evidence: String::new(),
        days: None,
        model: MOVED.to_owned(),
        decided_by: None,
        decided_name: None,
        decided_at: Some(now),
        why: "The catalog says that it moved, and where to.".into(),
    }
}
