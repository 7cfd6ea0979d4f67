//! Stores the chunks of an import, or rehearses that: several chunks a transaction, with rejects and numbers; what
//! becomes of their rows is in [`super::storing`].

use std::sync::Arc;

use super::directory::Directory;
use super::mapping::Draft;
use super::opening::{Known, Premises};
use super::rehearsal::{Rehearsal, TakenBack};
use super::seen::Seen;
use super::{Batch, BatchState, Counts, Unmapped, store};
use crate::audit::{self, Entry};
use crate::clock::{Clock, Moment};
use crate::db::{Db, Tx};
use crate::denied::Denied;
use crate::formats::row::RowError;
use crate::records::BatchId;
use crate::rights::Viewer;
use crate::sites::registers::{self, Corrections};
use crate::{areas, licenses, sites};

/// A transaction takes so many rows: keys come in no order, so each further row of one mostly meets pages of the
/// unique key and the indexes that the transaction writes anyway. It ends sooner when somebody waits for a turn.
const ROWS_A_TRANSACTION: i64 = 100_000;

/// Rows of a file that were read together.
#[derive(Debug, Default)]
pub struct Chunk {
    /// What they became.
    pub drafts: Vec<Draft>,
    /// Those that could not be used, and remarks on some that were.
    pub rejects: Vec<RowError>,
    /// How many rows were read.
    pub rows: i64,
    /// How many were rejected whole.
    pub rejected: i64,
    /// How many the profile leaves out.
    pub skipped: i64,
}

/// Stores chunks one after another.
#[derive(Debug)]
pub struct Writer {
    db: Db,
    pub(super) batch: BatchId,
    /// The numbers so far.
    pub counts: Counts,
    /// Words that no value map knows.
    pub unmapped: Unmapped,
    n_rejects: i64,
    pub(super) now: Moment,
    pub(super) premises: Premises,
    // No row is lent a point at one of these places.
    pub(super) denied: Arc<Denied>,
    // Whether the rows are sites and nothing else.
    pub(super) premises_only: bool,
    // How many versions of sites the database had after the last chunk; another number is somebody else's work.
    pub(super) n_versions: i64,
    // The transaction that chunks go into until it is full.
    open: Option<Tx>,
    stored: Counts,
    // What this batch has met, for as long as no other has stored anything of its source: the rest must be new.
    pub(super) seen: Option<Seen>,
    pub(super) rehearsal: Option<Rehearsal>,
    // The parties, from the first row on that speaks of one.
    pub(super) directory: Option<Directory>,
}

impl Writer {
    /// A writer for one batch of `source` over the sites known now.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn open(
        db: Db,
        batch: BatchId,
        now: Moment,
        source: &str,
        denied: Arc<Denied>,
    ) -> anyhow::Result<Self> {
        // Counted first: a site that comes in between is then noticed at the first chunk.
        let n_versions = sites::store::n_versions(&db).await?;
        let premises = premises(&db, source).await?;
        Ok(Self {
            db,
            batch,
            counts: Counts::default(),
            unmapped: Unmapped::new(),
            n_rejects: 0,
            now,
            premises,
            denied,
            premises_only: false,
            n_versions,
            open: None,
            stored: Counts::default(),
            seen: Some(Seen::nothing()),
            rehearsal: None,
            directory: None,
        })
    }

    /// The same, but nothing of what it does stays.
    pub fn rehearsing(self, batch: Batch) -> Self {
        Self { rehearsal: Some(Rehearsal { batch, taken_back: TakenBack::default() }), ..self }
    }

    /// Stores a chunk, in one transaction with those before it until that one is full.
    ///
    /// # Errors
    /// The database refuses; nothing of that transaction is stored then.
    pub async fn store(&mut self, chunk: Chunk) -> anyhow::Result<()> {
        let mut tx = self.begin().await?;
        self.counts.rows += chunk.rows;
        self.counts.rejected += chunk.rejected;
        self.counts.skipped += chunk.skipped;
        for (field, word) in chunk.drafts.iter().flat_map(|it| &it.unmapped) {
            *self.unmapped.entry((*field).to_owned()).or_default().entry(word.clone()).or_default() += 1;
        }
        self.reject(&mut tx, &chunk.rejects).await?;
        self.records(&mut tx, chunk.drafts).await?;
        if self.counts.rows - self.stored.rows < ROWS_A_TRANSACTION && !self.db.is_awaited().await {
            self.open = Some(tx);
            return Ok(());
        }
        store::progress(&mut tx, self.batch, &self.counts, &self.unmapped).await?;
        self.end(tx).await?;
        self.db.give_way().await;
        Ok(())
    }

    /// Gives up the transaction that is open. What was stored before it stays: its numbers.
    pub fn break_off(self) -> Counts {
        self.stored
    }

    /// Stores what was put off to the end (sites whose last row says something newer), ends the batch, and logs it.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn finish(&mut self, clock: Clock, viewer: &Viewer, entry: Entry) -> anyhow::Result<()> {
        let mut tx = self.begin().await?;
        let settled = self.premises.settle(self.now);
        if self.premises_only {
            let n_changed = settled.changed.len() as i64;
            self.counts.updated += n_changed;
            self.counts.duplicate -= n_changed;
        }
        if self.rehearsal.is_none() {
            for (site, since) in settled.known_since {
                sites::store::known_since(&mut tx, site, since).await?;
            }
            registers::say(&mut tx, settled.said, self.now).await?;
            sites::store::save(&mut tx, settled.changed, self.now).await?;
        }
        store::progress(&mut tx, self.batch, &self.counts, &self.unmapped).await?;
        store::end(&mut tx, self.batch, BatchState::Done, clock.now().into(), None).await?;
        if self.rehearsal.is_none() {
            audit::store::append(&mut tx, clock, viewer, &entry.with("counts", self.counts)).await?;
        }
        self.end(tx).await
    }

    pub(super) async fn reject(&mut self, tx: &mut Tx, rejects: &[RowError]) -> anyhow::Result<()> {
        store::reject(tx, self.batch, self.n_rejects, rejects).await?;
        self.n_rejects += rejects.len() as i64;
        Ok(())
    }

    /// The open transaction, or a new one with the premises as they are now: another import or a person may have
    /// changed them. A rehearsal keeps to those that it began with, and notes its batch anew.
    async fn begin(&mut self) -> anyhow::Result<Tx> {
        if let Some(tx) = self.open.take() {
            return Ok(tx);
        }
        let mut tx = self.db.begin_last().await?;
        tx.one_at_a_time("import").await?;
        if self.seen.is_some()
            && !store::is_first_of_source(&mut tx, self.batch, self.premises.source()).await?
        {
            self.seen = None;
        }
        if let Some(rehearsal) = &self.rehearsal {
            store::begin(&mut tx, &rehearsal.batch).await?;
            return Ok(tx);
        }
        let n_versions = sites::store::n_versions(&mut tx).await?;
        if self.n_versions != n_versions {
            self.premises.renew(premises(&self.db, self.premises.source()).await?);
        }
        self.n_versions = n_versions;
        Ok(tx)
    }

    async fn end(&mut self, tx: Tx) -> anyhow::Result<()> {
        match &mut self.rehearsal {
            Some(rehearsal) => {
                drop(tx);
                rehearsal.taken_back.end_of_transaction();
            }
            None => tx.commit().await?,
        }
        self.stored = self.counts;
        Ok(())
    }
}

/// Everything that the writer must know of the catalog before it begins.
async fn premises(db: &Db, source: &str) -> anyhow::Result<Premises> {
    let viewer = Viewer::system("import");
    let known = Known {
        sites: sites::store::all(db, &viewer).await?,
        numbers: licenses::store::numbers(db, &viewer).await?,
        keys: registers::keys(db, &viewer, source).await?,
        corrections: Corrections::of(db.into(), &viewer, source).await?,
        areas: areas::snapshot::Snapshot::new(areas::store::all(db, &viewer).await?),
    };
    Ok(Premises::new(source, known))
}
