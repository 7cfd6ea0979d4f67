//! What people decided about the records of a chunk, and which of them wait for a person.

use std::borrow::Cow;

use crate::clock::Moment;
use crate::db::{self, Tx};
use crate::linking::{self, Decision, Method};
use crate::records::decisions::{self, Candidate, NOT_RECKONED, Override, Waiting};
use crate::records::store::Saved;
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};

/// A record on its way to its link.
#[derive(Clone)]
pub(super) struct Linkable {
    pub(super) id: RecordId,
    pub(super) recorded_at: Moment,
    pub(super) building: Option<BuildingId>,
    pub(super) decision: Decision,
}

/// The decisions of people in force about records that a file delivers again.
pub(super) struct Decided(Vec<Override>);

/// What is left to decide of a record.
pub(super) enum Word<'a> {
    /// Nothing: a person said where it belongs.
    Settled(Option<SiteId>),
    /// Where it belongs, by the rules; a site that a person ruled out is none.
    Open(Cow<'a, Linkable>),
}

impl Decided {
    /// Reads those about the changed records: about a new one nobody decided yet.
    pub(super) async fn of(
        tx: &mut Tx,
        kind: RecordKind,
        records: &[Linkable],
        saved: &[Saved],
    ) -> db::Result<Self> {
        let changed = records.iter().zip(saved).filter(|it| *it.1 == Saved::Changed);
        let changed: Vec<(RecordKind, RecordId)> = changed.map(|it| (kind, it.0.id)).collect();
        if changed.is_empty() {
            return Ok(Self(Vec::new()));
        }
        Ok(Self(decisions::overrides(tx, &changed).await?))
    }

    pub(super) fn on<'a>(&self, record: &'a Linkable) -> Word<'a> {
        let mut own = self.0.iter().filter(|it| it.record_id == record.id);
        if let Some(settled) = own.clone().find(|it| it.verdict.settles()) {
            return Word::Settled(settled.site_id);
        }
        if own.any(|it| it.site_id.is_some() && it.site_id == record.decision.site.map(SiteId)) {
            let building = record.building.map(|it| it.0);
            let method = if building.is_some() { Method::Building } else { Method::Unlinked };
            let decision = Decision { building, ..Decision::ruled_out(method) };
            return Word::Open(Cow::Owned(Linkable { decision, ..record.clone() }));
        }
        Word::Open(Cow::Borrowed(record))
    }
}

/// Records on their way into the review queue, or out of it.
pub(super) struct Queue {
    kind: RecordKind,
    waiting: Vec<Waiting>,
    settled: Vec<(RecordKind, RecordId)>,
}

impl Queue {
    pub(super) fn new(kind: RecordKind) -> Self {
        Self { kind, waiting: Vec::new(), settled: Vec::new() }
    }

    /// Notes a record that was stored.
    pub(super) fn take(&mut self, record: &Linkable, saved: Saved) {
        if record.decision.candidates.is_empty() {
            if saved == Saved::Changed {
                self.settled.push((self.kind, record.id));
            }
            return;
        }
        self.waiting.push(Waiting {
            kind: self.kind,
            record_id: record.id,
            recorded_at: record.recorded_at,
            building_id: record.building,
            candidates: record.decision.candidates.iter().map(Candidate::from).collect(),
            model: linking::VERSION.to_owned(),
            consequence: NOT_RECKONED,
        });
    }

    /// Saves what was noted.
    pub(super) async fn save(self, tx: &mut Tx) -> db::Result<()> {
        if !self.settled.is_empty() {
            decisions::settled(tx, &self.settled).await?;
        }
        if !self.waiting.is_empty() {
            decisions::wait(tx, self.waiting).await?;
        }
        Ok(())
    }
}
