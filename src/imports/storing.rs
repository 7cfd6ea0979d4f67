//! What becomes of the drafts of a chunk: sites that they open, records, links, or areas and points of addresses.

use std::collections::{HashMap, HashSet};

use super::bodies::Body;
use super::cells::cells;
use super::licensees::licensed;
use super::mapping::Draft;
use super::queue::{Decided, Linkable, Queue, Word};
use super::rehearsal::content_of;
use super::writer::Writer;
use super::{address_points, areas_in};
use crate::clock::Moment;
use crate::db::{Tx, Value, query};
use crate::denied::Denied;
use crate::formats::row::RowError;
use crate::inspections::Violation;
use crate::linking::{self, Decision};
use crate::records::links::NewLink;
use crate::records::store::Saved;
use crate::records::{self, BuildingId, PointMethod, RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::{areas, complaints, incidents, inspections, licenses, sites};

/// From so many rows on, an import marks the whole catalog stale instead of each site: it will all be assessed again.
const ROWS_THAT_TOUCH_ALL: i64 = 5_000;
const NO_INSPECTION: &str = "No inspection of this source has that key; import the file of the inspections first, then this one again";
const NO_ADDRESS_POINT: &str =
    "An address point needs a house number, a street, a city and a point, and this row lacks one of them";

impl Writer {
    pub(super) async fn records(&mut self, tx: &mut Tx, mut drafts: Vec<Draft>) -> anyhow::Result<()> {
        let kind = match drafts.first().map(|it| &it.body) {
            None => return Ok(()),
            Some(Body::Area(_)) => return self.areas(tx, drafts).await,
            Some(Body::Place(_)) => return self.places(tx, drafts).await,
            Some(Body::AddressPoint) => return self.address_points(tx, drafts).await,
            Some(Body::Party(_)) => return self.parties(tx, drafts).await,
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
        lend_points(tx, &self.denied, &mut drafts).await?;
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
        if self.premises_only {
            self.counts.stored += n_opened;
        }
        self.n_versions += n_opened;
        sites::store::save(tx, opened, self.now).await?;
        sites::registers::add_keys(tx, &self.premises.met(), self.now).await?;
        Ok(decisions)
    }

    fn lend_point_of_site(&self, draft: &mut Draft, decision: &Decision) {
        let point = decision.site.and_then(|it| self.premises.point(SiteId(it)));
        let point = point.filter(|it| draft.place.lon.is_none() && !self.denied.holds(None, Some(*it)));
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
        let mut linkable = Vec::with_capacity(drafts.len());
        let mut violations = Vec::new();
        let mut contents = Vec::new();
        let mut licensees = Vec::new();
        for (draft, decision) in drafts.into_iter().zip(decisions) {
            let building = draft.place.building_id;
            if kind == RecordKind::License {
                licensees.push(licensed(&draft, &decision));
            }
            let (mut row, found) = cells(draft);
            row.first = self.seen.as_mut().is_some_and(|it| !it.meet(row.head.id));
            let (id, recorded_at) = (row.head.id, row.head.recorded_at);
            if self.rehearsal.is_some() {
                contents.push(content_of(&(row.content_hash(), &found)));
            }
            violations.extend(found.map(|found| (id, recorded_at, found)));
            linkable.push(Linkable { id, recorded_at, building, decision });
            rows.push(row);
        }
        if kind == RecordKind::License {
            licenses::by_hand::hold(tx, &mut rows).await?;
        }
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
        if let Some(rehearsal) = &mut self.rehearsal {
            for ((it, content), saved) in linkable.iter().zip(contents).zip(&mut saved) {
                *saved = rehearsal.taken_back.judge(it.id.0, content, *saved);
            }
        }
        self.link(tx, kind, &linkable, &saved).await?;
        self.licensees(tx, licensees, &saved).await
    }

    async fn link(
        &mut self,
        tx: &mut Tx,
        kind: RecordKind,
        records: &[Linkable],
        saved: &[Saved],
    ) -> anyhow::Result<()> {
        let decided = Decided::of(tx, kind, records, saved).await?;
        let mut links = Vec::new();
        let mut queue = Queue::new(kind);
        let mut touched = HashSet::new();
        let mut fresh: HashMap<RecordId, usize> = HashMap::new();
        for (record, saved) in records.iter().zip(saved) {
            self.count(*saved);
            if *saved == Saved::Unchanged {
                continue;
            }
            let record = match decided.on(record) {
                // A person's word stands, whatever a later delivery says.
                Word::Settled(site) => {
                    touched.extend(site);
                    continue;
                }
                Word::Open(record) => record,
            };
            let decision = &record.decision;
            touched.extend(decision.site.map(SiteId));
            self.counts.linked += i64::from(decision.site.is_some());
            self.counts.building += i64::from(decision.site.is_none() && decision.building.is_some());
            queue.take(&record, *saved);
            match (saved, new_link(kind, &record)) {
                (Saved::New, Some(link)) => {
                    fresh.insert(record.id, links.len());
                    links.push(link);
                }
                (Saved::Changed, Some(link)) => match fresh.get(&record.id) {
                    Some(n) => links[*n] = link,
                    None => records::links::replace_link(tx, link).await?,
                },
                (Saved::Changed, None) => {
                    records::links::end_link(tx, kind, record.id, record.recorded_at).await?;
                }
                _ => {}
            }
        }
        records::links::save_links(tx, links).await?;
        queue.save(tx).await?;
        self.touch(tx, kind, touched).await
    }

    async fn touch(&self, tx: &mut Tx, kind: RecordKind, touched: HashSet<SiteId>) -> anyhow::Result<()> {
        let touched: Vec<SiteId> = if self.counts.rows > ROWS_THAT_TOUCH_ALL || kind == RecordKind::Incident {
            vec![sites::store::ALL_SITES]
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
        let mut contents = Vec::new();
        for (line, key, violation) in rows {
            match recorded.get(&violation.inspection_id) {
                Some(at) => {
                    let key = format!("{} {}", violation.inspection_id, violation.n);
                    contents.push((
                        uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, key.as_bytes()),
                        content_of(&violation),
                    ));
                    found.push((*at, violation));
                }
                None => orphans.push(RowError::new(line, None, &key, NO_INSPECTION)),
            }
        }
        for (saved, (id, content)) in
            inspections::store::add_violations(tx, found).await?.into_iter().zip(contents)
        {
            self.count_as(id, content, saved);
        }
        self.counts.rejected += orphans.len() as i64;
        self.reject(tx, &orphans).await?;
        sites::store::touch(tx, &[sites::store::ALL_SITES], self.now).await?;
        Ok(())
    }

    // Not judged: the areas of a state fit into one transaction many times.
    async fn areas(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let areas = areas_in(drafts)?;
        for saved in areas::store::save(tx, areas).await? {
            self.count(match saved {
                areas::store::Saved::New => Saved::New,
                areas::store::Saved::Changed => Saved::Changed,
                areas::store::Saved::Unchanged => Saved::Unchanged,
            });
        }
        Ok(())
    }

    async fn address_points(&mut self, tx: &mut Tx, drafts: Vec<Draft>) -> anyhow::Result<()> {
        let (points, unusable) = address_points::points(drafts);
        let unusable: Vec<RowError> = unusable
            .iter()
            .map(|it| RowError::new(it.line, None, &it.head.source_key, NO_ADDRESS_POINT))
            .collect();
        self.counts.rejected += unusable.len() as i64;
        self.reject(tx, &unusable).await?;
        let contents: Vec<_> = points.iter().map(|it| (it.id.0, it.content)).collect();
        for (saved, (id, content)) in address_points::save(tx, points).await?.into_iter().zip(contents) {
            self.count_as(id, content, saved);
        }
        Ok(())
    }

    pub(super) fn count_as(&mut self, id: uuid::Uuid, content: i64, saved: Saved) {
        let saved = match &mut self.rehearsal {
            Some(rehearsal) => rehearsal.taken_back.judge(id, content, saved),
            None => saved,
        };
        self.count(saved);
    }

    pub(super) fn count(&mut self, saved: Saved) {
        match saved {
            Saved::New => self.counts.stored += 1,
            Saved::Changed => self.counts.updated += 1,
            Saved::Unchanged => self.counts.duplicate += 1,
        }
    }
}

fn new_link(kind: RecordKind, record: &Linkable) -> Option<NewLink> {
    let decision = &record.decision;
    if decision.site.is_none() && decision.building.is_none() {
        return None;
    }
    Some(NewLink {
        kind,
        record_id: record.id,
        recorded_at: record.recorded_at,
        site_id: decision.site.map(SiteId),
        building_id: decision.building.map(BuildingId),
        method: decision.method.as_str(),
        certainty: decision.certainty.into(),
        model: linking::VERSION,
        evidence: (!decision.evidence.0.is_empty()).then(|| decision.evidence.to_string()),
        cause: None,
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

/// Gives drafts without a point that of an imported address point at the same address.
async fn lend_points(tx: &mut Tx, denied: &Denied, drafts: &mut [Draft]) -> anyhow::Result<()> {
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
    let points: HashMap<BuildingId, (f64, f64)> = points
        .into_iter()
        .map(|(id, lon, lat)| (id, (lon, lat)))
        .filter(|(_, point)| !denied.holds(None, Some(*point)))
        .collect();
    for draft in drafts.iter_mut() {
        if let Some((lon, lat)) = without(draft).and_then(|it| points.get(&it)) {
            (draft.place.lon, draft.place.lat) = (Some(*lon), Some(*lat));
            draft.place.point_method = PointMethod::AddressPoint;
        }
    }
    Ok(())
}
