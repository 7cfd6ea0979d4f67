//! Links records that had no site when a site was added, edited or closed: a register may come after the records.
//!
//! A link to a site, and whatever a person decided, stays as it is. The new link counts from when both the record and
//! the site could first be known, so that the order of imports does not change what a past day shows.

use std::collections::{BTreeSet, HashMap};

use crate::clock::Moment;
use crate::db::{self, Db, Query, Tx, Value, query};
use crate::linking::{self, Decision, Entry, Index, Method, Subject};
use crate::records::decisions::{self, AS_RECKONED, Candidate, Override, Waiting};
use crate::records::links::{NewLink, replace_link, save_links};
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::{self, Site};
use crate::text::address::{Address, city_key};

/// Buildings looked at in one transaction.
const CHUNK: usize = 100;

/// Which sites may have changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'a> {
    /// Only these.
    pub(super) sites: Option<&'a [SiteId]>,
    /// Only those stored since.
    pub(super) since: Option<Moment>,
}

/// A record at the building of a changed site, linked to no site.
#[derive(sqlx::FromRow)]
struct Unlinked {
    id: RecordId,
    recorded_at: Moment,
    occurred_at: Moment,
    building_id: Option<BuildingId>,
    name: String,
    address: String,
    city: Option<String>,
    n_links: i64,
}

/// Links what can be linked now at the buildings of the sites in `scope`; returns the sites that gained a record, which
/// are marked stale as of `now` in the same transaction.
pub(super) async fn relink(db: &Db, scope: Scope<'_>, now: Moment) -> db::Result<BTreeSet<SiteId>> {
    let mut gained = BTreeSet::new();
    let mut catalog = None;
    for chunk in buildings(db, scope).await?.chunks(CHUNK) {
        let mut tx = db.begin().await?;
        tx.one_at_a_time("import").await?;
        let sites = at_buildings(&mut tx, chunk, &mut catalog, now).await?;
        sites::store::touch(&mut tx, &sites.iter().copied().collect::<Vec<_>>(), now).await?;
        tx.commit().await?;
        gained.extend(sites);
    }
    Ok(gained)
}

async fn buildings(db: &Db, scope: Scope<'_>) -> db::Result<Vec<BuildingId>> {
    let changed = query(
        "SELECT DISTINCT building_id FROM site WHERE superseded_at IS NULL AND building_id IS NOT NULL",
    )
    .limited(&Viewer::system("relink"), Resource::Site)
    // A batch stamps its rows with the moment at which it began.
    .and(
        "(loaded_at >= ? OR batch_id IN \
            (SELECT id FROM import_batch WHERE finished_at IS NULL OR finished_at >= ?))",
        scope.since,
    );
    let changed = match scope.sites {
        Some(ids) => changed.then("AND id IN").list(ids.iter().map(|it| Value::from(*it))),
        None => changed,
    };
    let buildings: Vec<(BuildingId,)> = changed.then("ORDER BY building_id").fetch_all(db).await?;
    Ok(buildings.into_iter().map(|it| it.0).collect())
}

async fn at_buildings(
    tx: &mut Tx,
    buildings: &[BuildingId],
    catalog: &mut Option<Catalog>,
    now: Moment,
) -> db::Result<BTreeSet<SiteId>> {
    let mut loose: Vec<(RecordKind, Vec<Unlinked>)> = Vec::new();
    for kind in RecordKind::ALL {
        loose.push((*kind, unlinked(*kind, buildings).fetch_all(&mut *tx).await?));
    }
    if loose.iter().all(|it| it.1.is_empty()) {
        return Ok(BTreeSet::new());
    }
    let catalog = Catalog::current(tx, catalog).await?;
    let mut gained = BTreeSet::new();
    for (kind, records) in loose {
        gained.extend(link(tx, kind, &records, &catalog.index, &catalog.known, now).await?);
    }
    Ok(gained)
}

/// Decides anew, after two sites were split again, about the records that came in while they were one: those that the model
/// gave to `kept`, and that belong to another site now. What came under a key of the register that opened only `back`
/// goes back to it. Returns the sites that gained a record.
///
/// # Errors
/// The database does not answer.
pub async fn again(
    tx: &mut Tx,
    kept: &Site,
    back: &Site,
    since: Moment,
    now: Moment,
) -> db::Result<BTreeSet<SiteId>> {
    let catalog = Catalog::read(tx).await?;
    let mut gained = BTreeSet::new();
    for kind in RecordKind::ALL {
        for record in came_since(tx, *kind, kept.id, since).await? {
            let link = if record.method == Method::SourceKey.as_str() {
                (record.source == back.source && back.source != kept.source)
                    .then(|| by_key(*kind, &record, back.id, now))
            } else {
                let decision = decide(&record.unlinked, &catalog.index, &[]);
                new_link(*kind, &record.unlinked, &decision, &catalog.known, now)
                    .map(|link| NewLink { recorded_at: now, ..link })
                    .filter(|link| link.site_id != Some(kept.id))
            };
            let Some(link) = link else { continue };
            gained.extend(link.site_id);
            replace_link(tx, link).await?;
        }
    }
    Ok(gained)
}

/// The link of a record to the site whose key it came under.
fn by_key(kind: RecordKind, record: &Came, site: SiteId, now: Moment) -> NewLink {
    NewLink {
        kind,
        record_id: record.unlinked.id,
        recorded_at: now,
        site_id: Some(site),
        building_id: record.unlinked.building_id,
        method: Method::SourceKey.as_str(),
        certainty: record.certainty,
        model: linking::VERSION,
        evidence: None,
        cause: None,
    }
}

/// A record that the model linked while two sites were one.
#[derive(sqlx::FromRow)]
struct Came {
    #[sqlx(flatten)]
    unlinked: Unlinked,
    source: String,
    method: String,
    certainty: i64,
}

async fn came_since(tx: &mut Tx, kind: RecordKind, site: SiteId, since: Moment) -> db::Result<Vec<Came>> {
    query(COLUMNS)
        .then("CAST(1 AS BIGINT) AS n_links, r.source, l.method, l.certainty,")
        .then(name_and_table(kind))
        .then("AND l.record_id = r.id AND l.superseded_at IS NULL WHERE r.superseded_at IS NULL AND l.method <> 'manual'")
        .limited(&Viewer::system("relink"), kind.resource())
        .and("l.site_id = ?", Some(site))
        .and("l.recorded_at >= ?", Some(since))
        .then("ORDER BY r.id")
        .fetch_all(tx)
        .await
}

/// All sites as linking looks them up. How rare a name is, is counted in the whole catalog; so it is read whole, once there
/// is a record to link, and again only when somebody has changed a site meanwhile.
struct Catalog {
    index: Index,
    /// Since when each site is known.
    known: HashMap<SiteId, Moment>,
    n_versions: i64,
}

impl Catalog {
    async fn current<'a>(tx: &mut Tx, kept: &'a mut Option<Self>) -> db::Result<&'a Self> {
        let n_versions = sites::store::n_versions(&mut *tx).await?;
        let fresh = match kept.take() {
            Some(catalog) if catalog.n_versions == n_versions => catalog,
            _ => Self::read(tx).await?,
        };
        Ok(kept.insert(fresh))
    }

    async fn read(tx: &mut Tx) -> db::Result<Self> {
        let viewer = Viewer::system("relink");
        let n_versions = sites::store::n_versions(&mut *tx).await?;
        let sites = sites::store::all(&mut *tx, &viewer).await?;
        let merged = sites::store::merged(&mut *tx, &viewer).await?;
        let known = sites.iter().map(|it| (it.id, it.recorded_at)).collect();
        let index = Index::new(Entry::all(&sites, &merged, HashMap::new()));
        Ok(Self { index, known, n_versions })
    }
}

/// Links what can be linked, puts what is unsure into the review queue, and returns the sites that gained a record.
async fn link(
    tx: &mut Tx,
    kind: RecordKind,
    records: &[Unlinked],
    index: &Index,
    known: &HashMap<SiteId, Moment>,
    now: Moment,
) -> db::Result<BTreeSet<SiteId>> {
    let ids: Vec<(RecordKind, RecordId)> = records.iter().map(|it| (kind, it.id)).collect();
    let mut decided: HashMap<RecordId, Vec<Override>> = HashMap::new();
    for it in decisions::overrides(&mut *tx, &ids).await? {
        decided.entry(it.record_id).or_default().push(it);
    }
    let (mut gained, mut fresh) = (BTreeSet::new(), Vec::new());
    let (mut waiting, mut settled) = (Vec::new(), Vec::new());
    for record in records {
        let words = decided.get(&record.id).map(Vec::as_slice).unwrap_or_default();
        if words.iter().any(|it| it.verdict.settles()) {
            continue;
        }
        let decision = decide(record, index, words);
        match new_link(kind, record, &decision, known, now) {
            Some(link) => {
                gained.extend(link.site_id);
                settled.push((kind, record.id));
                if record.n_links == 0 {
                    fresh.push(link);
                } else {
                    replace_link(tx, link).await?;
                }
            }
            None if !decision.candidates.is_empty() => waiting.push(in_queue(kind, record, &decision)),
            None => {}
        }
    }
    save_links(tx, fresh).await?;
    decisions::settled(tx, &settled).await?;
    decisions::wait(tx, waiting).await?;
    Ok(gained)
}

const COLUMNS: &str =
    "SELECT r.id, r.recorded_at, r.occurred_at, r.building_id, coalesce(r.address, '') AS address, r.city,";

/// The name of the business, and the table with its links.
fn name_and_table(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::License => "r.name FROM license r LEFT JOIN link l ON l.record_kind = 'license'",
        RecordKind::Inspection => "r.name FROM inspection r LEFT JOIN link l ON l.record_kind = 'inspection'",
        RecordKind::Complaint => "r.name FROM complaint r LEFT JOIN link l ON l.record_kind = 'complaint'",
        RecordKind::Incident => "'' AS name FROM incident r LEFT JOIN link l ON l.record_kind = 'incident'",
    }
}

/// The current records of a kind at these buildings that link to no site, unless a person decided so.
fn unlinked(kind: RecordKind, buildings: &[BuildingId]) -> Query {
    query(COLUMNS)
        .then("(SELECT count(*) FROM link o WHERE o.record_id = r.id AND o.record_kind =")
        .value(kind)
        .then(") AS n_links,")
        .then(name_and_table(kind))
        .then("AND l.record_id = r.id AND l.superseded_at IS NULL WHERE r.superseded_at IS NULL AND l.site_id IS NULL")
        .then("AND coalesce(l.method, '') <> 'manual'")
        .limited(&Viewer::system("relink"), kind.resource())
        .then("AND r.building_id IN")
        .list(buildings.iter().map(|it| Value::from(*it)))
}

fn decide(record: &Unlinked, index: &Index, decided: &[Override]) -> Decision {
    let address = Address::parse(&record.address);
    let names = [record.name.as_str()];
    let excluded: Vec<uuid::Uuid> = decided.iter().filter_map(|it| it.site_id).map(|it| it.0).collect();
    let subject = Subject {
        names: if record.name.is_empty() { &[] } else { &names },
        address: Some(&address),
        city_key: &record.city.as_deref().map(city_key).unwrap_or_default(),
        occurred_on: Some(record.occurred_at.day()),
        excluded: &excluded,
        ..Subject::default()
    };
    linking::decide(&subject, index)
}

fn new_link(
    kind: RecordKind,
    record: &Unlinked,
    decision: &Decision,
    known: &HashMap<SiteId, Moment>,
    now: Moment,
) -> Option<NewLink> {
    let site = SiteId(decision.site?);
    Some(NewLink {
        kind,
        record_id: record.id,
        recorded_at: record.recorded_at.max(known.get(&site).copied().unwrap_or(now)),
        site_id: Some(site),
        building_id: record.building_id,
        method: decision.method.as_str(),
        certainty: decision.certainty.into(),
        model: linking::VERSION,
        evidence: (!decision.evidence.0.is_empty()).then(|| decision.evidence.to_string()),
        cause: None,
    })
}

fn in_queue(kind: RecordKind, record: &Unlinked, decision: &Decision) -> Waiting {
    Waiting {
        kind,
        record_id: record.id,
        recorded_at: record.recorded_at,
        building_id: record.building_id,
        candidates: decision.candidates.iter().map(Candidate::from).collect(),
        model: linking::VERSION.to_owned(),
        consequence: AS_RECKONED,
    }
}
