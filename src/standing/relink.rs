//! Links records that had no site when a site was added, edited or closed: a register may come after the records.
//!
//! A link to a site, and whatever a person decided, stays as it is. The new link counts from when both the record and
//! the site could first be known, so that the order of imports does not change what a past day shows.

use std::collections::{BTreeSet, HashMap};

use crate::clock::Moment;
use crate::db::{self, Db, Query, Tx, Value, query};
use crate::linking::{self, Entry, Index, Subject};
use crate::records::links::{NewLink, replace_link, save_links};
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites;
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
    building_id: BuildingId,
    name: String,
    address: String,
    city: Option<String>,
    n_links: i64,
}

/// Links what can be linked now at the buildings of the sites in `scope`; returns the sites that gained a record, which
/// are marked stale as of `now` in the same transaction.
pub(super) async fn relink(db: &Db, scope: Scope<'_>, now: Moment) -> db::Result<BTreeSet<SiteId>> {
    let mut gained = BTreeSet::new();
    for chunk in buildings(db, scope).await?.chunks(CHUNK) {
        let mut tx = db.begin().await?;
        tx.one_at_a_time("import").await?;
        let sites = at_buildings(&mut tx, chunk, now).await?;
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

async fn at_buildings(tx: &mut Tx, buildings: &[BuildingId], now: Moment) -> db::Result<BTreeSet<SiteId>> {
    let viewer = Viewer::system("relink");
    let sites = sites::store::in_buildings(&mut *tx, &viewer, buildings).await?;
    let known: HashMap<SiteId, Moment> = sites.iter().map(|it| (it.id, it.recorded_at)).collect();
    let index = Index::new(sites.iter().map(|it| Entry::of(it, Vec::new())));
    let mut gained = BTreeSet::new();
    for kind in RecordKind::ALL {
        let records: Vec<Unlinked> = unlinked(*kind, buildings).fetch_all(&mut *tx).await?;
        let mut fresh = Vec::new();
        for record in records {
            let Some(link) = decide(*kind, &record, &index, &known, now) else { continue };
            gained.extend(link.site_id);
            if record.n_links == 0 {
                fresh.push(link);
            } else {
                replace_link(tx, link).await?;
            }
        }
        save_links(tx, fresh).await?;
    }
    Ok(gained)
}

/// The current records of a kind at these buildings that link to no site, unless a person decided so.
fn unlinked(kind: RecordKind, buildings: &[BuildingId]) -> Query {
    let (own, table) = match kind {
        RecordKind::License => (
            "r.name, (SELECT count(*) FROM link o WHERE o.record_id = r.id AND o.record_kind = 'license') AS n_links",
            "FROM license r LEFT JOIN link l ON l.record_kind = 'license'",
        ),
        RecordKind::Inspection => (
            "r.name, (SELECT count(*) FROM link o WHERE o.record_id = r.id AND o.record_kind = 'inspection') AS n_links",
            "FROM inspection r LEFT JOIN link l ON l.record_kind = 'inspection'",
        ),
        RecordKind::Complaint => (
            "r.name, (SELECT count(*) FROM link o WHERE o.record_id = r.id AND o.record_kind = 'complaint') AS n_links",
            "FROM complaint r LEFT JOIN link l ON l.record_kind = 'complaint'",
        ),
        RecordKind::Incident => (
            "'' AS name, (SELECT count(*) FROM link o WHERE o.record_id = r.id AND o.record_kind = 'incident') AS n_links",
            "FROM incident r LEFT JOIN link l ON l.record_kind = 'incident'",
        ),
    };
    query("SELECT r.id, r.recorded_at, r.occurred_at, r.building_id, coalesce(r.address, '') AS address, r.city,")
        .then(own)
        .then(table)
        .then("AND l.record_id = r.id AND l.superseded_at IS NULL WHERE r.superseded_at IS NULL AND l.site_id IS NULL")
        .then("AND coalesce(l.method, '') <> 'manual'")
        .limited(&Viewer::system("relink"), kind.resource())
        .then("AND r.building_id IN")
        .list(buildings.iter().map(|it| Value::from(*it)))
}

fn decide(
    kind: RecordKind,
    record: &Unlinked,
    index: &Index,
    known: &HashMap<SiteId, Moment>,
    now: Moment,
) -> Option<NewLink> {
    let address = Address::parse(&record.address);
    let names = [record.name.as_str()];
    let subject = Subject {
        names: if record.name.is_empty() { &[] } else { &names },
        address: Some(&address),
        city_key: &record.city.as_deref().map(city_key).unwrap_or_default(),
        occurred_on: Some(record.occurred_at.day()),
        ..Subject::default()
    };
    let decision = linking::decide(&subject, index);
    let site = SiteId(decision.site?);
    Some(NewLink {
        kind,
        record_id: record.id,
        recorded_at: record.recorded_at.max(known.get(&site).copied().unwrap_or(now)),
        site_id: Some(site),
        building_id: Some(record.building_id),
        method: decision.method.as_str(),
        certainty: decision.certainty.into(),
        model: linking::VERSION,
        evidence: None,
        cause: None,
    })
}
