//! Reads and saves findings and their history. A statement calls a finding `l`.

use std::collections::{BTreeMap, HashMap};

use futures_util::stream::BoxStream;
use sha2::{Digest, Sha256};

use super::filter::Filter;
use super::finding::{Finding, Listed, Stored};
use super::pack::Status;
use super::packs::Packs;
use crate::clock::Moment;
use crate::db::{self, Query, Table, Target, Tx, Value, query};
use crate::inspections::Severity;
use crate::records::{self, SiteId};
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "finding",
    columns: &[
        "site_id",
        "pack",
        "rule",
        "version",
        "recorded_at",
        "superseded_at",
        "status",
        "severity",
        "basis",
        "since",
        "body",
        "pack_hash",
    ],
};

const DIGESTS: Table = Table { name: "finding_digest", columns: &["site_id", "digest", "found_at"] };

/// What was found at a site, as it is kept.
#[derive(Debug)]
pub struct Held {
    /// The site.
    pub site: SiteId,
    /// Each finding with its text.
    pub findings: Vec<(Finding, String)>,
    /// One digest of all the texts: the same when nothing changed.
    pub digest: String,
}

impl Held {
    /// Writes and hashes what was found.
    pub fn new(site: SiteId, findings: Vec<Finding>) -> Self {
        let mut digest = Sha256::new();
        let text = |it: Finding| {
            let body = serde_json::to_string(&it).expect("a finding is plain data with words as keys");
            digest.update(&body);
            digest.update(b"\n");
            (it, body)
        };
        let findings = findings.into_iter().map(text).collect();
        let digest = digest.finalize().iter().map(|it| format!("{it:02x}")).collect();
        Self { site, findings, digest }
    }
}

/// The records that findings are made from.
const BASES: [Resource; 4] = [Resource::Site, Resource::License, Resource::Inspection, Resource::Incident];

/// Findings that `viewer` may see: also only those that are made from records that the viewer may see.
fn seen(viewer: &Viewer, select: &'static str) -> Query {
    let bases = BASES.into_iter().filter(|it| viewer.may_see(*it)).map(Value::from);
    query(select).limited(viewer, Resource::Finding).then("AND l.basis IN").list(bases)
}

const COLUMNS: &str = "SELECT l.site_id, l.version, l.recorded_at, l.superseded_at, l.severity, l.body FROM finding l WHERE true";

/// The findings of a site as they stand, or as they stood at `as_of`, in the order of packs and rules.
pub async fn of_site(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    as_of: Option<Moment>,
) -> db::Result<Vec<Stored>> {
    known(seen(viewer, COLUMNS).and("l.site_id = ?", Some(site)), as_of)
        .then("ORDER BY l.pack, l.rule")
        .fetch_all(on)
        .await
}

/// All versions of a finding, newest first.
pub async fn history(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    site: SiteId,
    (pack, rule): (&str, &str),
) -> db::Result<Vec<Stored>> {
    seen(viewer, COLUMNS)
        .and("l.site_id = ?", Some(site))
        .and("l.pack = ?", Some(pack))
        .and("l.rule = ?", Some(rule))
        .then("ORDER BY l.version DESC")
        .fetch_all(on)
        .await
}

fn known(query: Query, as_of: Option<Moment>) -> Query {
    match as_of.map(|it| it.end()) {
        None => query.then("AND l.superseded_at IS NULL"),
        Some(at) => query
            .and("l.recorded_at <= ?", Some(at))
            .and("(l.superseded_at IS NULL OR l.superseded_at > ?)", Some(at)),
    }
}

fn filtered(query: Query, filter: &Filter) -> Query {
    let query = query
        .then("AND l.superseded_at IS NULL")
        .and_in(
            "l.status IN (SELECT value FROM json_each(?))",
            &filter.statuses.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        )
        .and("l.pack = ?", filter.pack.as_deref())
        .and("l.rule = ?", filter.rule.as_deref())
        .and("lower(coalesce(s.city_area, s.city)) = ?", filter.city.as_ref().map(|it| it.to_lowercase()))
        .and("s.kind = ?", filter.kind.as_deref());
    if filter.disputed { query.then("AND").then(DISPUTED) } else { query }
}

const DISPUTED: &str = "EXISTS (SELECT 1 FROM finding_dispute d WHERE d.site_id = l.site_id AND d.pack = l.pack \
    AND d.rule = l.rule AND d.superseded_at IS NULL AND d.outcome = 'open')";

/// A page of the findings that fit, the gravest and oldest first; `page` counts from 0.
pub async fn list(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
    (page, size): (u32, u32),
) -> db::Result<Vec<Listed>> {
    filtered(seen(viewer, include_str!("list.sql")), filter)
        .then(include_str!("order.sql"))
        .then("LIMIT")
        .value(size)
        .then("OFFSET")
        .value(i64::from(page) * i64::from(size))
        .fetch_all(on)
        .await
}

/// All findings that fit, in the same order and in flat memory.
pub fn stream<'c>(
    on: impl Into<Target<'c>>,
    viewer: &Viewer,
    filter: &Filter,
) -> BoxStream<'c, db::Result<Listed>> {
    filtered(seen(viewer, include_str!("list.sql")), filter).then(include_str!("order.sql")).stream(on)
}

/// How many findings of each status fit, the filter's own statuses aside.
pub async fn counts(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    filter: &Filter,
) -> db::Result<Vec<(Status, i64)>> {
    let any = Filter { statuses: Vec::new(), ..filter.clone() };
    let select = "SELECT l.status, count(*) FROM finding l JOIN site s ON s.id = l.site_id AND s.superseded_at IS NULL WHERE true";
    filtered(seen(viewer, select), &any).then("GROUP BY l.status ORDER BY l.status").fetch_all(on).await
}

/// How many findings of each rule have each status.
pub async fn counts_by_rule(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
) -> db::Result<Vec<(String, String, Status, i64)>> {
    let select = "SELECT l.pack, l.rule, l.status, count(*) FROM finding l WHERE true";
    seen(viewer, select)
        .then("AND l.superseded_at IS NULL GROUP BY l.pack, l.rule, l.status ORDER BY 1, 2, 3")
        .fetch_all(on)
        .await
}

/// The revision of the findings: it moves with every commit that changes one.
pub async fn revision(on: impl Into<Target<'_>>) -> db::Result<i64> {
    query("SELECT n FROM revision WHERE name = 'finding'").fetch_scalar(on).await
}

#[derive(sqlx::FromRow)]
struct Current {
    site_id: SiteId,
    pack: String,
    rule: String,
    version: i64,
    body: String,
}

/// Puts the findings of sites in the place of those that they had; what says the same stays as it is. How many changed.
pub async fn save(tx: &mut Tx, packs: &Packs, held: &[Held], now: Moment) -> db::Result<usize> {
    let changed = changed(tx, held).await?;
    keep_digests(tx, held, now).await?;
    if changed.is_empty() {
        return Ok(0);
    }
    let current: Vec<Current> = query(
        "SELECT site_id, pack, rule, version, body FROM finding WHERE superseded_at IS NULL AND site_id IN",
    )
    .list(changed.iter().map(|it| Value::from(it.site)))
    .fetch_all(&mut *tx)
    .await?;
    let mut current: HashMap<(SiteId, String, String), (i64, String)> =
        current.into_iter().map(|it| ((it.site_id, it.pack, it.rule), (it.version, it.body))).collect();
    let (mut rows, mut ended) = (Vec::new(), Vec::new());
    for (site, (finding, body)) in
        changed.iter().flat_map(|it| it.findings.iter().map(|each| (it.site, each)))
    {
        let key = (site, finding.pack.clone(), finding.rule.clone());
        let before = current.remove(&key);
        if before.as_ref().is_some_and(|it| it.1 == *body) {
            continue;
        }
        let version = before.map(|it| it.0);
        ended.extend(version.map(|_| (key.0, key.1, key.2)));
        rows.push((site, finding, body, version));
    }
    ended.extend(current.into_keys());
    let n_changed = rows.len().max(ended.len());
    end(tx, &ended, now).await?;
    let again =
        versions(tx, &rows.iter().filter(|it| it.3.is_none()).map(|it| it.0).collect::<Vec<_>>()).await?;
    let values = rows.into_iter().map(|(site, finding, body, version)| {
        let last =
            version.or_else(|| again.get(&(site, finding.pack.clone(), finding.rule.clone())).copied());
        row(packs, site, finding, body.clone(), last.unwrap_or(0) + 1, now)
    });
    tx.insert(&TABLE, values.collect::<Vec<_>>()).await?;
    if n_changed > 0 {
        query("UPDATE revision SET n = n + 1 WHERE name = 'finding'").execute(tx).await?;
    }
    Ok(n_changed)
}

/// Those of which something else was found than the last time; of all others nothing is read.
async fn changed<'a>(tx: &mut Tx, held: &'a [Held]) -> db::Result<Vec<&'a Held>> {
    let last: Vec<(SiteId, String)> = query("SELECT site_id, digest FROM finding_digest WHERE site_id IN")
        .list(held.iter().map(|it| Value::from(it.site)))
        .fetch_all(tx)
        .await?;
    let last: HashMap<SiteId, String> = last.into_iter().collect();
    Ok(held.iter().filter(|it| last.get(&it.site) != Some(&it.digest)).collect())
}

async fn keep_digests(tx: &mut Tx, held: &[Held], now: Moment) -> db::Result<()> {
    query("DELETE FROM finding_digest WHERE site_id IN")
        .list(held.iter().map(|it| Value::from(it.site)))
        .execute(&mut *tx)
        .await?;
    let rows = held.iter().map(|it| vec![it.site.into(), Value::from(&it.digest), now.into()]);
    tx.insert(&DIGESTS, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// The last versions of findings that ended once and come again.
async fn versions(tx: &mut Tx, sites: &[SiteId]) -> db::Result<HashMap<(SiteId, String, String), i64>> {
    let mut sites = sites.to_vec();
    sites.sort_unstable();
    sites.dedup();
    let rows: Vec<(SiteId, String, String, i64)> =
        query("SELECT site_id, pack, rule, max(version) FROM finding WHERE site_id IN")
            .list(sites.into_iter().map(Value::from))
            .then("GROUP BY site_id, pack, rule")
            .fetch_all(tx)
            .await?;
    Ok(rows.into_iter().map(|it| ((it.0, it.1, it.2), it.3)).collect())
}

/// Ends findings, rule by rule: a statement for each finding would take longer than finding them.
async fn end(tx: &mut Tx, keys: &[(SiteId, String, String)], now: Moment) -> db::Result<()> {
    let mut sites: BTreeMap<(&str, &str), Vec<SiteId>> = BTreeMap::new();
    for (site, pack, rule) in keys {
        sites.entry((pack, rule)).or_default().push(*site);
    }
    for ((pack, rule), sites) in sites {
        query("UPDATE finding SET superseded_at = $1 WHERE pack = $2 AND rule = $3 AND superseded_at IS NULL AND site_id IN")
            .bind(now)
            .bind(pack)
            .bind(rule)
            .list(sites.into_iter().map(Value::from))
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

fn row(packs: &Packs, site: SiteId, it: &Finding, body: String, version: i64, now: Moment) -> Vec<Value> {
    let rule = packs.rule(&it.pack, &it.rule).map(|(_, rule)| rule);
    let severity = rule.map_or(Severity::Unknown, |rule| rule.severity);
    let basis = rule.map_or(Resource::Incident, |rule| rule.kind.basis());
    let since = it.since.map(Moment::Day);
    let mut row: Vec<Value> = vec![site.into(), Value::from(&it.pack), Value::from(&it.rule), version.into()];
    row.extend([
        now.into(),
        Value::Text(None),
        it.status.into(),
        severity.into(),
        basis.into(),
        since.into(),
    ]);
    row.extend([body.into(), Value::from(&it.pack_hash)]);
    row
}

/// Keeps the text of each pack by its hash, so that a finding made by it can be read for ever.
pub async fn keep_packs(tx: &mut Tx, packs: &Packs, now: Moment) -> db::Result<()> {
    for pack in packs.iter() {
        let file = (format!("rules/{}.toml", pack.id), pack.text.as_str());
        records::store::keep_text(tx, &pack.hash, file, now).await?;
    }
    Ok(())
}
