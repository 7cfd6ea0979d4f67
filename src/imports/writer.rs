//! Stores the drafts of an import, a chunk a transaction: records, the sites that they open, links, rejects, counts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::bodies::Body;
use super::mapping::Draft;
use super::opening::Premises;
use super::seen::Seen;
use super::{BatchState, Counts, Unmapped, areas_in, store};
use crate::clock::Moment;
use crate::db::{Db, Tx, Value, query};
use crate::formats::row::RowError;
use crate::inspections::Violation;
use crate::linking::{self, Decision};
use crate::records::links::NewLink;
use crate::records::store::Saved;
use crate::records::{self, BatchId, BuildingId, Linked, PointMethod, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::{areas, complaints, incidents, inspections, licenses, sites};

/// From so many rows on, an import marks the whole catalog stale instead of each site: it will all be assessed again.
const ROWS_THAT_TOUCH_ALL: i64 = 5_000;
/// The mark that stands for every site.
pub const ALL_SITES: SiteId = SiteId(uuid::Uuid::nil());
/// A transaction takes so many rows: keys come in no order, so each further row of one mostly meets pages of the
/// unique key and the indexes that the transaction writes anyway. Another writer waits under a second for it.
const ROWS_A_TRANSACTION: i64 = 50_000;
const NO_INSPECTION: &str = "No inspection of this source has that key; import the file of the inspections first, then this one again";

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
    batch: BatchId,
    /// The numbers so far.
    pub counts: Counts,
    /// Words that no value map knows.
    pub unmapped: Unmapped,
    n_rejects: i64,
    now: Moment,
    premises: Premises,
    // Whether the rows are sites and nothing else.
    premises_only: bool,
    // How many versions of sites the database had after the last chunk; another number is somebody else's work.
    n_versions: i64,
    // The transaction that chunks go into until it is full.
    open: Option<Tx>,
    stored: Counts,
    // What this batch has met, for as long as no other has stored anything of its source: the rest must be new.
    seen: Option<Seen>,
}

impl Writer {
    /// A writer for one batch of `source` over the sites known now.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn open(db: Db, batch: BatchId, now: Moment, source: &str) -> anyhow::Result<Self> {
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
            premises_only: false,
            n_versions,
            open: None,
            stored: Counts::default(),
            seen: Some(Seen::nothing()),
        })
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
        if self.counts.rows - self.stored.rows < ROWS_A_TRANSACTION {
            self.open = Some(tx);
            return Ok(());
        }
        store::progress(&mut tx, self.batch, &self.counts, &self.unmapped).await?;
        tx.commit().await?;
        self.stored = self.counts;
        Ok(())
    }

    /// Gives up the transaction that is open. What was stored before it stays: its numbers.
    pub fn break_off(self) -> Counts {
        self.stored
    }

    /// Stores what was put off to the end (sites whose last row says something newer) and ends the batch.
    ///
    /// # Errors
    /// The database refuses.
    pub async fn finish(&mut self, at: Moment) -> anyhow::Result<()> {
        let mut tx = self.begin().await?;
        let settled = self.premises.settle(self.now);
        if self.premises_only {
            let n_changed = settled.changed.len() as i64;
            self.counts.updated += n_changed;
            self.counts.duplicate -= n_changed;
        }
        for (site, since) in settled.known_since {
            sites::store::known_since(&mut tx, site, since).await?;
        }
        sites::store::save(&mut tx, settled.changed, self.now).await?;
        store::progress(&mut tx, self.batch, &self.counts, &self.unmapped).await?;
        store::end(&mut tx, self.batch, BatchState::Done, at, None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The open transaction, or a new one with the premises as they are now: another import or a person may have
    /// changed them.
    async fn begin(&mut self) -> anyhow::Result<Tx> {
        if let Some(tx) = self.open.take() {
            return Ok(tx);
        }
        let mut tx = self.db.begin().await?;
        tx.one_at_a_time("import").await?;
        let n_versions = sites::store::n_versions(&mut tx).await?;
        if self.n_versions != n_versions {
            self.premises.renew(premises(&self.db, self.premises.source()).await?);
        }
        self.n_versions = n_versions;
        if self.seen.is_some()
            && !store::is_first_of_source(&mut tx, self.batch, self.premises.source()).await?
        {
            self.seen = None;
        }
        Ok(tx)
    }

    async fn records(&mut self, tx: &mut Tx, mut drafts: Vec<Draft>) -> anyhow::Result<()> {
        let kind = match drafts.first().map(|it| &it.body) {
            None => return Ok(()),
            Some(Body::Area(_)) => return self.areas(tx, drafts).await,
            Some(Body::AddressPoint) => return self.address_points(tx, drafts).await,
            Some(Body::Violation(_)) => return self.violations(tx, drafts).await,
            Some(Body::Site) => {
                self.premises_only = true;
                None
            }
            Some(Body::License(_)) => Some(RecordKind::License),
            Some(Body::Inspection(_)) => Some(RecordKind::Inspection),
            Some(Body::Complaint(_)) => Some(RecordKind::Complaint),
            Some(Body::Incident(_)) => Some(RecordKind::Incident),
        };
        lend_points(tx, &mut drafts).await?;
        let decisions = self.open_and_decide(tx, &mut drafts).await?;
        match kind {
            Some(kind) => self.save(tx, kind, drafts, decisions).await,
            None => Ok(()),
        }
    }

    /// Opens the sites that the drafts call for, and decides which site each draft belongs to. A draft without a
    /// point gets that of its site.
    async fn open_and_decide(&mut self, tx: &mut Tx, drafts: &mut [Draft]) -> anyhow::Result<Vec<Decision>> {
        let mut decisions = Vec::with_capacity(drafts.len());
        let mut opened = Vec::new();
        let mut number = None;
        for draft in drafts.iter_mut() {
            let site = draft.site.take();
            if let Some(site) = &site {
                match self.premises.of(site, draft) {
                    Some(known) => {
                        self.counts.duplicate += i64::from(matches!(draft.body, Body::Site));
                        self.premises.hear(known, site, draft);
                    }
                    None => {
                        let next = match number {
                            Some(last) => last + 1,
                            None => sites::store::next_number(tx).await?,
                        };
                        number = Some(next);
                        opened.push(self.premises.open(site, draft, next, self.batch));
                    }
                }
            }
            let decision = self.premises.decide(draft, site.as_ref());
            self.lend_point_of_site(draft, &decision);
            decisions.push(decision);
        }
        let n_opened = opened.len() as i64;
        self.counts.sites += n_opened;
        if matches!(drafts.first().map(|it| &it.body), Some(Body::Site)) {
            self.counts.stored += n_opened;
        }
        self.n_versions += n_opened;
        sites::store::save(tx, opened, self.now).await?;
        Ok(decisions)
    }

    fn lend_point_of_site(&self, draft: &mut Draft, decision: &Decision) {
        let point = decision.site.and_then(|it| self.premises.point(SiteId(it)));
        if let (None, Some((lon, lat))) = (draft.place.lon, point) {
            (draft.place.lon, draft.place.lat) = (Some(lon), Some(lat));
            draft.place.point_method = PointMethod::Site;
        }
    }

    async fn save(
        &mut self,
        tx: &mut Tx,
        kind: RecordKind,
        drafts: Vec<Draft>,
        decisions: Vec<Decision>,
    ) -> anyhow::Result<()> {
        let mut rows = Vec::with_capacity(drafts.len());
        let mut violations = Vec::new();
        for draft in drafts {
            let (mut row, found) = cells(draft);
            row.first = self.seen.as_mut().is_some_and(|it| !it.meet(row.head.id));
            violations.extend(found.map(|found| (row.head.id, row.head.recorded_at, found)));
            rows.push(row);
        }
        let heads: Vec<(RecordId, Moment, Option<BuildingId>)> = rows
            .iter()
            .zip(&decisions)
            .map(|(it, link)| (it.head.id, it.head.recorded_at, link.building.map(BuildingId)))
            .collect();
        let mut saved = match kind {
            RecordKind::License => records::store::save::<licenses::License>(tx, rows, self.now).await?,
            RecordKind::Inspection => {
                records::store::save::<inspections::Inspection>(tx, rows, self.now).await?
            }
            RecordKind::Complaint => {
                records::store::save::<complaints::Complaint>(tx, rows, self.now).await?
            }
            RecordKind::Incident => records::store::save::<incidents::Incident>(tx, rows, self.now).await?,
        };
        save_nested(tx, violations, &mut saved).await?;
        self.link(tx, kind, &heads, &decisions, &saved).await
    }

    async fn link(
        &mut self,
        tx: &mut Tx,
        kind: RecordKind,
        heads: &[(RecordId, Moment, Option<BuildingId>)],
        decisions: &[Decision],
        saved: &[Saved],
    ) -> anyhow::Result<()> {
        let mut links = Vec::new();
        let mut touched = HashSet::new();
        let mut fresh: HashMap<RecordId, usize> = HashMap::new();
        for ((head, decision), saved) in heads.iter().zip(decisions).zip(saved) {
            self.count(*saved);
            if *saved == Saved::Unchanged {
                continue;
            }
            touched.extend(decision.site.map(SiteId));
            self.counts.linked += i64::from(decision.site.is_some());
            let new = new_link(kind, head, decision);
            match (saved, new) {
                (Saved::New, Some(link)) => {
                    fresh.insert(head.0, links.len());
                    links.push(link);
                }
                (Saved::Changed, Some(link)) => match fresh.get(&head.0) {
                    Some(n) => links[*n] = link,
                    None => records::links::replace_link(tx, link).await?,
                },
                (Saved::Changed, None) => records::links::end_link(tx, kind, head.0, head.1).await?,
                _ => {}
            }
        }
        records::links::save_links(tx, links).await?;
        let touched: Vec<SiteId> = if self.counts.rows > ROWS_THAT_TOUCH_ALL || kind == RecordKind::Incident {
            vec![ALL_SITES]
        } else {
            touched.into_iter().collect()
        };
        sites::store::touch(tx, &touched, self.now).await?;
        Ok(())
    }

    async fn violations(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let rows = drafts.into_iter().filter_map(|it| match it.body {
            Body::Violation(violation) => Some((it.line, it.head.source_key, violation)),
            _ => None,
        });
        let rows: Vec<(u64, String, Violation)> = rows.collect();
        let inspections: HashSet<RecordId> = rows.iter().map(|(_, _, it)| it.inspection_id).collect();
        let recorded: HashMap<RecordId, Moment> =
            inspections::store::recorded(tx, inspections).await?.into_iter().collect();
        let (mut found, mut orphans) = (Vec::with_capacity(rows.len()), Vec::new());
        for (line, key, violation) in rows {
            match recorded.get(&violation.inspection_id) {
                Some(at) => found.push((*at, violation)),
                None => orphans.push(RowError::new(line, None, &key, NO_INSPECTION)),
            }
        }
        for saved in inspections::store::add_violations(tx, found).await? {
            self.count(saved);
        }
        self.counts.rejected += orphans.len() as i64;
        self.reject(tx, &orphans).await?;
        sites::store::touch(tx, &[ALL_SITES], self.now).await?;
        Ok(())
    }

    async fn reject(&mut self, tx: &mut Tx, rejects: &[RowError]) -> anyhow::Result<()> {
        store::reject(tx, self.batch, self.n_rejects, rejects).await?;
        self.n_rejects += rejects.len() as i64;
        Ok(())
    }

    fn count(&mut self, saved: Saved) {
        match saved {
            Saved::New => self.counts.stored += 1,
            Saved::Changed => self.counts.updated += 1,
            Saved::Unchanged => self.counts.duplicate += 1,
        }
    }

    async fn areas(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let areas = areas_in(drafts)?;
        for saved in areas::store::save(tx, areas).await? {
            match saved {
                areas::store::Saved::New => self.counts.stored += 1,
                areas::store::Saved::Changed => self.counts.updated += 1,
                areas::store::Saved::Unchanged => self.counts.duplicate += 1,
            }
        }
        Ok(())
    }

    async fn address_points(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let (new, known) = super::address_points::save(tx, drafts).await?;
        self.counts.stored += new;
        self.counts.duplicate += known;
        Ok(())
    }
}

fn new_link(
    kind: RecordKind,
    (id, recorded_at, building): &(RecordId, Moment, Option<BuildingId>),
    decision: &Decision,
) -> Option<NewLink> {
    if decision.site.is_none() && building.is_none() {
        return None;
    }
    Some(NewLink {
        kind,
        record_id: *id,
        recorded_at: *recorded_at,
        site_id: decision.site.map(SiteId),
        building_id: *building,
        method: decision.method.as_str(),
        certainty: decision.certainty.into(),
        model: linking::VERSION,
    })
}

/// Saves what new inspections found, and puts it in the place of what was known where an inspection says otherwise.
async fn save_nested(
    tx: &mut Tx,
    nested: Vec<(RecordId, Moment, Vec<Violation>)>,
    saved: &mut [Saved],
) -> anyhow::Result<()> {
    let known: Vec<RecordId> =
        nested.iter().zip(&*saved).filter(|it| *it.1 != Saved::New).map(|it| it.0.0).collect();
    let mut stored: HashMap<RecordId, Vec<Violation>> = HashMap::new();
    for it in inspections::store::violations_of(&mut *tx, &Viewer::system("import"), &known).await? {
        stored.entry(it.inspection_id).or_default().push(it);
    }
    let mut first = Vec::new();
    let mut seen = HashSet::new();
    for ((id, at, found), saved) in nested.into_iter().zip(saved) {
        if *saved == Saved::New && seen.insert(id) {
            first.extend(found.into_iter().map(|it| (at, it)));
        } else if !seen.contains(&id) && stored.get(&id).map_or(&[][..], Vec::as_slice) != found {
            inspections::store::replace_violations(tx, id, at, found).await?;
            *saved = if *saved == Saved::Unchanged { Saved::Changed } else { *saved };
        }
    }
    inspections::store::add_violations(tx, first).await?;
    Ok(())
}

/// The record's own cells; for an inspection also its violations.
fn cells(draft: Draft) -> (records::Draft, Option<Vec<Violation>>) {
    let head = draft.head;
    let linked = Linked::none();
    let mut violations = None;
    let place = draft.place;
    let cells = match draft.body {
        Body::License(it) => licenses::License {
            head: head.clone(),
            number: it.number,
            kind: it.kind,
            type_as_written: it.type_as_written,
            name: it.name,
            place,
            status: it.status,
            status_as_written: it.status_as_written,
            issued_on: it.issued_on,
            starts_on: it.starts_on,
            expires_on: it.expires_on,
            linked,
        }
        .cells(),
        Body::Inspection(it) => {
            let of_it = |(n, violation): (usize, Violation)| Violation {
                inspection_id: head.id,
                n: n as i64,
                ..violation
            };
            violations = it.violations.map(|it| it.into_iter().enumerate().map(of_it).collect());
            inspections::Inspection {
                head: head.clone(),
                name: it.name,
                place,
                reason: it.reason,
                outcome: it.outcome,
                outcome_as_written: it.outcome_as_written,
                points: it.points,
                due_on: it.due_on,
                note: it.note,
                linked,
            }
            .cells()
        }
        Body::Complaint(it) => complaints::Complaint {
            head: head.clone(),
            name: it.name,
            place,
            category: it.category,
            category_as_written: it.category_as_written,
            reliability: it.reliability,
            credibility: it.credibility,
            anonymous: it.anonymous,
            state: it.state,
            summary: it.summary,
            linked,
        }
        .cells(),
        Body::Incident(it) => {
            let cell = incidents::cell_of(&place);
            incidents::Incident {
                head: head.clone(),
                offense: it.offense,
                offense_code: it.offense_code,
                offense_as_written: it.offense_as_written,
                origin: it.origin,
                place,
                cell,
                linked,
            }
            .cells()
        }
        Body::Site | Body::Violation(_) | Body::Area(_) | Body::AddressPoint => Vec::new(),
    };
    (records::Draft::new(head, cells), violations)
}

/// Gives drafts without a point that of an imported address point at the same address.
async fn lend_points(tx: &mut Tx, drafts: &mut [Draft]) -> anyhow::Result<()> {
    let without = |it: &Draft| if it.place.lon.is_none() { it.place.building_id } else { None };
    let buildings: HashSet<BuildingId> = drafts.iter().filter_map(without).collect();
    if buildings.is_empty() {
        return Ok(());
    }
    let points: Vec<(BuildingId, f64, f64)> =
        query("SELECT building_id, min(lon), min(lat) FROM address_point WHERE building_id IN")
            .list(buildings.into_iter().map(Value::from))
            .then("GROUP BY building_id HAVING max(lon) - min(lon) < 0.001 AND max(lat) - min(lat) < 0.001")
            .fetch_all(tx)
            .await?;
    let points: HashMap<BuildingId, (f64, f64)> =
        points.into_iter().map(|(id, lon, lat)| (id, (lon, lat))).collect();
    for draft in drafts.iter_mut() {
        if let Some((lon, lat)) = without(draft).and_then(|it| points.get(&it)) {
            (draft.place.lon, draft.place.lat) = (Some(*lon), Some(*lat));
            draft.place.point_method = PointMethod::AddressPoint;
        }
    }
    Ok(())
}

/// Everything that the writer must know of the catalog before it begins.
async fn premises(db: &Db, source: &str) -> anyhow::Result<Premises> {
    let viewer = Viewer::system("import");
    let known = sites::store::all(db, &viewer).await?;
    let numbers = licenses::store::numbers(db, &viewer).await?;
    let areas = areas::snapshot::Snapshot::new(areas::store::all(db, &viewer).await?);
    Ok(Premises::new(source, known, numbers, Arc::clone(&areas)))
}
