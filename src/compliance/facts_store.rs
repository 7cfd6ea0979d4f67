//! Reads and saves what was noted of a site that rules ask for. A statement calls a noted fact `l`.

use crate::clock::Moment;
use crate::db::{self, Table, Target, Tx, Value, query};
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};

const TABLE: Table = Table {
    name: "site_fact",
    columns: &[
        "site_id",
        "fact",
        "version",
        "recorded_at",
        "superseded_at",
        "value",
        "observed_on",
        "noted_by",
    ],
};

/// A fact in its current version.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Noted {
    /// A word of `data/facts.toml`.
    pub fact: String,
    /// 1 for the first.
    pub version: i64,
    /// None when it was emptied.
    pub value: Option<String>,
    /// When it was seen.
    pub observed_on: Moment,
    /// Who noted it.
    pub noted_by: String,
}

/// What is noted of a site, by word.
pub async fn of_site(on: impl Into<Target<'_>>, viewer: &Viewer, site: SiteId) -> db::Result<Vec<Noted>> {
    query("SELECT l.fact, l.version, l.value, l.observed_on, l.noted_by FROM site_fact l WHERE true")
        .limited(viewer, Resource::Finding)
        .and("l.site_id = ?", Some(site))
        .then("AND l.superseded_at IS NULL ORDER BY l.fact")
        .fetch_all(on)
        .await
}

/// Saves further versions; those before them end, and the findings of the site are marked.
pub async fn save(tx: &mut Tx, site: SiteId, noted: &[Noted], now: Moment) -> db::Result<()> {
    let mut rows = Vec::with_capacity(noted.len());
    for it in noted {
        query("UPDATE site_fact SET superseded_at = $1 WHERE site_id = $2 AND fact = $3 AND superseded_at IS NULL")
            .bind(now)
            .bind(site)
            .bind(&it.fact)
            .execute(&mut *tx)
            .await?;
        let mut row: Vec<Value> = vec![site.into(), Value::from(&it.fact), it.version.into(), now.into()];
        row.extend([Value::Text(None), Value::Text(it.value.clone())]);
        row.extend([it.observed_on.into(), Value::from(&it.noted_by)]);
        rows.push(row);
    }
    tx.insert(&TABLE, rows).await?;
    crate::sites::store::touch_findings(tx, &[site], now).await
}
