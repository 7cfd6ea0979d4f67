//! Gathers what is known of sites as of a day: the version of each record that was known then, linked as it was then.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, TimeDelta};
use futures_util::StreamExt;

use super::kind::Kind;
use super::known::{Fact, Incident, Known, License, OpenItem, Visit};
use super::packs::Packs;
use crate::clock::Moment;
use crate::db::{self, Db, Query, Record, Value, query};
use crate::incidents::facets::Disposition;
use crate::inspections::{Outcome, ViolationState};
use crate::licenses::{self, Status};
use crate::records::{BuildingId, RecordId, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::{Kinds, Site};
use crate::text::address::city_key;

/// What was known of some sites at the end of a day.
#[derive(Debug)]
pub struct Gathered {
    on: NaiveDate,
    licenses: HashMap<SiteId, Vec<License>>,
    visits: HashMap<SiteId, Vec<Visit>>,
    open: HashMap<SiteId, Vec<OpenItem>>,
    at_sites: HashMap<SiteId, Vec<Incident>>,
    in_buildings: HashMap<BuildingId, Vec<Incident>>,
    facts: HashMap<SiteId, BTreeMap<String, Fact>>,
    watched: BTreeSet<(String, String)>,
    no_facts: BTreeMap<String, Fact>,
}

/// What a site has of its own of [`Gathered`], with the incidents of its building.
#[derive(Debug)]
pub struct Own<'a> {
    gathered: &'a Gathered,
    site: &'a Site,
    incidents: Vec<Incident>,
}

impl Gathered {
    /// What is gathered of one site.
    pub fn of<'a>(&'a self, site: &'a Site) -> Own<'a> {
        let mut incidents = self.at_sites.get(&site.id).cloned().unwrap_or_default();
        let own: BTreeSet<RecordId> = incidents.iter().map(|it| it.id).collect();
        let around = site.building_id.and_then(|it| self.in_buildings.get(&it));
        let others = around.into_iter().flatten().filter(|it| !own.contains(&it.id));
        incidents.extend(others.map(|it| Incident { at_site: false, ..it.clone() }));
        Own { gathered: self, site, incidents }
    }
}

impl Own<'_> {
    /// In the form that rules are held against.
    pub fn known(&self) -> Known<'_> {
        let it = self.gathered;
        let city = self.site.city.as_deref().or(self.site.city_area.as_deref()).map(city_key);
        Known {
            site: self.site,
            on: it.on,
            licenses: it.licenses.get(&self.site.id).map_or(&[], Vec::as_slice),
            watched: city.is_some_and(|city| it.watched.contains(&(self.site.kind.clone(), city))),
            visits: it.visits.get(&self.site.id).map_or(&[], Vec::as_slice),
            open: it.open.get(&self.site.id).map_or(&[], Vec::as_slice),
            incidents: &self.incidents,
            facts: it.facts.get(&self.site.id).unwrap_or(&it.no_facts),
        }
    }
}

/// Gathers what is known of `sites`, read one by one by the index of links, or of `all` of them.
///
/// # Errors
/// The database does not answer.
pub async fn gather(
    db: &Db,
    viewer: &Viewer,
    packs: &Packs,
    (sites, all): (&[Site], bool),
    as_of: Moment,
    on: NaiveDate,
) -> db::Result<Gathered> {
    let ids: Vec<SiteId> = sites.iter().map(|it| it.id).collect();
    let by_id: HashMap<SiteId, &Site> = sites.iter().map(|it| (it.id, it)).collect();
    let reader = Reader { db, viewer, as_of: as_of.end(), on, only: (!all).then_some(ids.as_slice()) };
    let (licenses, visits, open, (at_sites, in_buildings), facts, watched) = tokio::try_join!(
        reader.licenses(&by_id),
        reader.visits(),
        reader.open(),
        reader.incidents(packs, sites),
        reader.facts(),
        reader.watched(),
    )?;
    let no_facts = BTreeMap::new();
    Ok(Gathered { on, licenses, visits, open, at_sites, in_buildings, facts, watched, no_facts })
}

struct Reader<'a> {
    db: &'a Db,
    viewer: &'a Viewer,
    as_of: Moment,
    on: NaiveDate,
    only: Option<&'a [SiteId]>,
}

#[derive(sqlx::FromRow)]
struct LicenseRow {
    site_id: SiteId,
    id: RecordId,
    source: String,
    occurred_at: Moment,
    kind: String,
    number: String,
    status: Status,
    starts_on: Option<Moment>,
    expires_on: Option<Moment>,
}

#[derive(sqlx::FromRow)]
struct VisitRow {
    site_id: SiteId,
    id: RecordId,
    occurred_at: Moment,
    outcome: Outcome,
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    site_id: SiteId,
    inspection_id: RecordId,
    title: String,
    due_on: Option<Moment>,
    state: ViolationState,
}

#[derive(sqlx::FromRow)]
struct IncidentRow {
    site_id: Option<SiteId>,
    building_id: Option<BuildingId>,
    id: RecordId,
    occurred_at: Moment,
    offense: String,
    disposition: Option<Disposition>,
    reliability: Option<String>,
    credibility: Option<String>,
}

const INCIDENTS: &str = "SELECT l.site_id, r.building_id, r.id, r.occurred_at, r.offense, r.disposition, r.reliability, r.credibility";
const RECORDS_FIRST: &str =
    "FROM incident r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'incident'";
const LINKS_FIRST: &str =
    "FROM link l CROSS JOIN incident r WHERE l.record_id = r.id AND l.record_kind = 'incident'";

impl IncidentRow {
    fn keep(self, at_sites: &mut BySite<Incident>, in_buildings: &mut HashMap<BuildingId, Vec<Incident>>) {
        let incident = Incident {
            id: self.id,
            offense: self.offense,
            on: self.occurred_at.day(),
            at_site: true,
            charged: self.disposition.is_some_and(Disposition::is_charged),
            counts: self.disposition.is_none_or(Disposition::counts),
            reliability: self.reliability,
            credibility: self.credibility,
        };
        if let Some(building) = self.building_id {
            in_buildings.entry(building).or_default().push(incident.clone());
        }
        if let Some(site) = self.site_id {
            at_sites.entry(site).or_default().push(incident);
        }
    }
}

#[derive(sqlx::FromRow)]
struct FactRow {
    site_id: SiteId,
    fact: String,
    value: Option<String>,
    observed_on: Moment,
}

type BySite<T> = HashMap<SiteId, Vec<T>>;

impl Reader<'_> {
    /// Limits a statement over a record `r` and its link `l` to what was known.
    fn known(&self, query: Query, resource: Resource) -> Query {
        query
            .limited(self.viewer, resource)
            .and("r.recorded_at <= ?", Some(self.as_of))
            .and("(r.superseded_at IS NULL OR r.superseded_at > ?)", Some(self.as_of))
            .and("l.recorded_at <= ?", Some(self.as_of))
            .and("(l.superseded_at IS NULL OR l.superseded_at > ?)", Some(self.as_of))
    }

    /// The same for the sites that are asked for. CROSS JOIN keeps SQLite to the order: link first for few sites.
    fn of_sites(&self, columns: &'static str, from: [&'static str; 2], resource: Resource) -> Query {
        let from = from[usize::from(self.only.is_some())];
        let query = self.known(query(columns).then(from).then("AND l.site_id IS NOT NULL"), resource);
        match self.only {
            Some(ids) => query.then("AND l.site_id IN").list(ids.iter().map(|it| Value::from(*it))),
            None => query,
        }
    }

    async fn each<T: Record>(&self, query: Query, mut with: impl FnMut(T)) -> db::Result<()> {
        let mut rows = query.stream::<T>(self.db);
        while let Some(row) = rows.next().await {
            with(row?);
        }
        Ok(())
    }

    /// Licenses of the kind that a site needs: its own kind, or whatever the register that opened it lists there.
    async fn licenses(&self, sites: &HashMap<SiteId, &Site>) -> db::Result<BySite<License>> {
        let mut found = BySite::new();
        let query = self.of_sites(
            "SELECT l.site_id, r.id, r.source, r.occurred_at, r.kind, r.number, r.status, r.starts_on, r.expires_on",
            [
                "FROM license r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'license'",
                "FROM link l CROSS JOIN license r WHERE l.record_id = r.id AND l.record_kind = 'license'",
            ],
            Resource::License,
        );
        self.each(query.then("ORDER BY r.id"), |it: LicenseRow| {
            let needed = |site: &&Site| site.kind == it.kind || site.source == it.source;
            if sites.get(&it.site_id).is_some_and(needed) {
                found.entry(it.site_id).or_default().push(License {
                    id: it.id,
                    number: it.number,
                    status: it.status,
                    on: it.occurred_at.day(),
                    starts_on: it.starts_on.map(|it| it.day()),
                    expires_on: it.expires_on.map(|it| it.day()),
                });
            }
        })
        .await?;
        Ok(found)
    }

    async fn visits(&self) -> db::Result<BySite<Visit>> {
        let mut found = BySite::new();
        let query = self.of_sites(
            "SELECT l.site_id, r.id, r.occurred_at, r.outcome",
            [
                "FROM inspection r CROSS JOIN link l WHERE l.record_id = r.id AND l.record_kind = 'inspection'",
                "FROM link l CROSS JOIN inspection r WHERE l.record_id = r.id AND l.record_kind = 'inspection'",
            ],
            Resource::Inspection,
        );
        self.each(query.then("ORDER BY r.occurred_at, r.id"), |it: VisitRow| {
            let passed = match it.outcome {
                Outcome::Compliant => Some(true),
                Outcome::CorrectBy | Outcome::NotPassed => Some(false),
                Outcome::Refused | Outcome::NoEntry | Outcome::Referred | Outcome::Unknown => None,
            };
            let visit = Visit { id: it.id, on: it.occurred_at.day(), passed };
            found.entry(it.site_id).or_default().push(visit);
        })
        .await?;
        Ok(found)
    }

    async fn open(&self) -> db::Result<BySite<OpenItem>> {
        let mut found = BySite::new();
        let query = self
            .of_sites(
                "SELECT l.site_id, v.inspection_id, v.title, v.due_on, v.state",
                [
                    "FROM violation v CROSS JOIN inspection r CROSS JOIN link l WHERE r.id = v.inspection_id \
                        AND l.record_id = r.id AND l.record_kind = 'inspection' AND v.due_on IS NOT NULL",
                    "FROM link l CROSS JOIN inspection r CROSS JOIN violation v WHERE r.id = v.inspection_id \
                        AND l.record_id = r.id AND l.record_kind = 'inspection' AND v.due_on IS NOT NULL",
                ],
                Resource::Inspection,
            )
            .and("v.recorded_at <= ?", Some(self.as_of))
            .and("(v.superseded_at IS NULL OR v.superseded_at > ?)", Some(self.as_of))
            .then("ORDER BY v.inspection_id, v.n");
        self.each(query, |it: OpenRow| {
            if it.state == ViolationState::Open {
                let due_on = it.due_on.map(|it| it.day());
                let item = OpenItem { inspection: it.inspection_id, title: it.title, due_on };
                found.entry(it.site_id).or_default().push(item);
            }
        })
        .await?;
        Ok(found)
    }

    /// Incidents of the offenses and the time that some rule counts: by site, and by building.
    async fn incidents(
        &self,
        packs: &Packs,
        sites: &[Site],
    ) -> db::Result<(BySite<Incident>, HashMap<BuildingId, Vec<Incident>>)> {
        let (mut at_sites, mut in_buildings) = (BySite::new(), HashMap::new());
        let offenses = offenses(packs);
        let from = Moment::Day(self.on - TimeDelta::days(packs.longest_window()));
        let buildings: Vec<Value> = sites.iter().filter_map(|it| it.building_id).map(Value::from).collect();
        if offenses.is_empty() {
            return Ok((at_sites, in_buildings));
        }
        let counted = |query: Query| {
            query
                .and("r.occurred_at >= ?", Some(from))
                .and("r.occurred_at <= ?", Some(Moment::Day(self.on).end()))
                .then("AND r.offense IN")
                .list(offenses.iter().map(Value::from))
        };
        let records_first = || counted(self.known(query(INCIDENTS).then(RECORDS_FIRST), Resource::Incident));
        let mut statements = Vec::new();
        match self.only {
            None => statements.push(records_first()),
            Some(ids) => {
                let links_first = query(INCIDENTS).then(LINKS_FIRST);
                let of_sites = counted(self.known(links_first, Resource::Incident));
                statements
                    .push(of_sites.then("AND l.site_id IN").list(ids.iter().map(|it| Value::from(*it))));
                if !buildings.is_empty() {
                    statements.push(records_first().then("AND r.building_id IN").list(buildings));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for statement in statements {
            // By time: in the order of ids SQLite would walk all incidents of all years.
            self.each(statement.then("ORDER BY r.occurred_at, r.id"), |it: IncidentRow| {
                if seen.insert(it.id) {
                    it.keep(&mut at_sites, &mut in_buildings);
                }
            })
            .await?;
        }
        Ok((at_sites, in_buildings))
    }

    async fn facts(&self) -> db::Result<HashMap<SiteId, BTreeMap<String, Fact>>> {
        let mut found: HashMap<SiteId, BTreeMap<String, Fact>> = HashMap::new();
        let mut query = query("SELECT l.site_id, l.fact, l.value, l.observed_on FROM site_fact l WHERE true")
            .limited(self.viewer, Resource::Finding)
            .and("l.recorded_at <= ?", Some(self.as_of))
            .and("(l.superseded_at IS NULL OR l.superseded_at > ?)", Some(self.as_of));
        if let Some(ids) = self.only {
            query = query.then("AND l.site_id IN").list(ids.iter().map(|it| Value::from(*it)));
        }
        self.each(query, |it: FactRow| {
            if let Some(value) = it.value {
                let fact = Fact { value, observed_on: it.observed_on.day() };
                found.entry(it.site_id).or_default().insert(it.fact, fact);
            }
        })
        .await?;
        Ok(found)
    }

    /// A register watches a kind in a city when it lists at least one license of that kind there.
    async fn watched(&self) -> db::Result<BTreeSet<(String, String)>> {
        let listed = licenses::store::listed(self.db, self.viewer, self.as_of).await?;
        let listed = listed.into_iter().filter(|it| it.0 != Kinds::OTHER);
        Ok(listed.map(|(kind, city)| (kind, city_key(&city))).collect())
    }
}

fn offenses(packs: &Packs) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, rule) in packs.rules() {
        if let Kind::Incidents { classes, .. } = &rule.kind {
            found.extend(classes.iter().flat_map(|it| it.offenses.iter().cloned()));
        }
    }
    found
}
