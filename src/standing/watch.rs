//! The snapshot that pages look through, swapped for a newer one when the catalog or the standings have moved, also by
//! another process.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::drain::{Drained, drain, drain_marked};
use super::snapshot::Snapshot;
use super::store;
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::rights::Viewer;
use crate::scoring::card::Cards;
use crate::sites;

/// How often another process's writes are looked for.
const TICK: Duration = Duration::from_secs(1);
/// While an import moves the catalog with every step, a new snapshot is made only every so many ticks.
const TICKS_OF_REST: u32 = 5;
/// So many sites are assessed while the visitor of a form waits.
const AT_ONCE: usize = 1_000;
/// After an error the marks are left for so many ticks.
const TICKS_AFTER_ERROR: u32 = 30;

/// The revision of a snapshot that was never read; real ones count from 0.
const UNREAD: i64 = -1;

/// A handle on the present snapshot; cloning it clones the handle.
#[derive(Clone, Debug)]
pub struct Snapshots(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    current: RwLock<Arc<Snapshot>>,
    // One works off marks, others wait and find them gone.
    draining: Mutex<()>,
    // One reads, others wait and find it done.
    refreshing: Mutex<()>,
    changed: Notify,
}

impl Snapshots {
    /// Holds nothing until the first [`Snapshots::refresh`]: a command that shows no pages needs no sites in memory.
    pub fn unread() -> Self {
        let nothing = Snapshot::new(Arc::default(), Arc::default(), UNREAD, Vec::new());
        Self(Arc::new(Inner {
            current: RwLock::new(Arc::new(nothing)),
            draining: Mutex::default(),
            refreshing: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Reads the first snapshot.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(db: &Db) -> db::Result<Self> {
        let snapshots = Self::unread();
        snapshots.refresh(db).await?;
        Ok(snapshots)
    }

    /// What `viewer` looks through at present; hold it for as long as one answer takes.
    pub fn seen_by(&self, viewer: &Viewer) -> Arc<Snapshot> {
        self.current().seen_by(viewer)
    }

    /// The present snapshot of the whole state; it shows itself to nobody of a part.
    pub fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says that something was written, so that [`Snapshots::watch`] looks at once.
    pub fn changed(&self) {
        self.0.changed.notify_one();
    }

    /// Makes a new snapshot if the catalog or the standings have moved; whether they had.
    ///
    /// # Errors
    /// The database does not answer; the snapshot stays as it is.
    pub async fn refresh(&self, db: &Db) -> db::Result<bool> {
        let _one = self.0.refreshing.lock().await;
        let now = (sites::store::revision(db).await?, store::revision(db).await?);
        let current = self.current();
        if now == (current.sites.revision, current.revision) {
            return Ok(false);
        }
        let next = Arc::new(Snapshot::read(db).await?);
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(true)
    }

    /// Works off the marks and makes a new snapshot now: for handlers that wrote something and show it next. In a large
    /// catalog a full run is left to [`Snapshots::watch`], which is told.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn settle(&self, db: &Db, clock: Clock, cards: &Cards) -> anyhow::Result<()> {
        let n_sites = self.current().sites(&Viewer::system("settle")).len();
        if n_sites <= AT_ONCE {
            let _one = self.0.draining.lock().await;
            drain(db, clock, cards).await?;
        } else {
            drain_marked(db, clock, cards).await?;
            self.changed();
        }
        self.refresh(db).await?;
        Ok(())
    }

    /// Works off marks and refreshes, each second or when something changed, until `shutdown`; beside other processes.
    /// Errors are logged, and tried again later.
    pub async fn watch(&self, db: Db, clock: Clock, cards: Arc<Cards>, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut rest = 0;
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                () = self.0.changed.notified() => rest = 0,
                () = tokio::time::sleep(TICK) => {}
            }
            if rest > 0 {
                rest -= 1;
                continue;
            }
            // A drain is not broken off by the shutdown: it is short, and a full run takes seconds.
            rest = self.look(&db, clock, &cards).await.unwrap_or_else(|error| {
                tracing::error!("standings could not be brought up to date: {error:#}");
                TICKS_AFTER_ERROR
            });
        }
    }

    /// One look; how many ticks the next may wait.
    async fn look(&self, db: &Db, clock: Clock, cards: &Cards) -> anyhow::Result<u32> {
        let drained = {
            let _one = self.0.draining.lock().await;
            drain(db, clock, cards).await?
        };
        match drained {
            Drained::All => tracing::info!("all sites were assessed anew"),
            Drained::Sites(n) => tracing::info!(n_sites = n, "{n} sites were assessed anew"),
            Drained::Nothing => {}
        }
        let moved = self.refresh(db).await?;
        Ok(if moved { TICKS_OF_REST } else { 0 })
    }
}
