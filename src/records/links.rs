//! Saves which site each record counts for: a link, in versions like the record itself.

use super::decisions::DecisionId;
use super::{BuildingId, Head, RecordId, RecordKind, SiteId};
use crate::clock::Moment;
use crate::db::{self, Table, Tx, Value, query};

/// A link on its way into the database.
#[derive(Clone, Debug, PartialEq)]
pub struct NewLink {
    /// The record's kind.
    pub kind: RecordKind,
    /// The record.
    pub record_id: RecordId,
    /// From when the link counts: when the record could first have been known, or when a person decided.
    pub recorded_at: Moment,
    /// The site; none for a link to a building with several tenants.
    pub site_id: Option<SiteId>,
    /// The building.
    pub building_id: Option<BuildingId>,
    /// How it was found.
    pub method: &'static str,
    /// How certain, in thousandths.
    pub certainty: i64,
    /// The version of the rules that found it.
    pub model: &'static str,
    /// What was compared, as `linking::evidence` writes it; none for identifiers and what a person says.
    pub evidence: Option<String>,
    /// The decision that made it; none for a model.
    pub cause: Option<DecisionId>,
}

/// A link as it stands, or stood before somebody decided.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Stood {
    /// The site.
    pub site_id: Option<SiteId>,
    /// The building.
    pub building_id: Option<BuildingId>,
    /// How it was found.
    pub method: String,
    /// How certain, in thousandths.
    pub certainty: i64,
    /// The version of the rules that found it.
    pub model: String,
    /// What was compared.
    pub evidence: Option<String>,
}

/// The link of a record that a person enters for a site: certain, because the person says so.
pub fn by_hand(kind: RecordKind, head: &Head, site: SiteId, building: Option<BuildingId>) -> NewLink {
    NewLink {
        kind,
        record_id: head.id,
        recorded_at: head.recorded_at,
        site_id: Some(site),
        building_id: building,
        method: "manual",
        certainty: 1_000,
        model: "desk",
        evidence: None,
        cause: None,
    }
}

const LINK: Table = Table {
    name: "link",
    columns: &[
        "record_kind",
        "record_id",
        "version",
        "recorded_at",
        "superseded_at",
        "site_id",
        "building_id",
        "method",
        "certainty",
        "model",
        "evidence",
        "cause",
    ],
};

/// Saves links of records that have none yet.
pub async fn save_links(tx: &mut Tx, links: Vec<NewLink>) -> db::Result<()> {
    tx.insert(&LINK, links.into_iter().map(|it| link_row(it, 1))).await?;
    Ok(())
}

/// Puts `link` in the place of the record's current one, which is kept as superseded.
pub async fn replace_link(tx: &mut Tx, link: NewLink) -> db::Result<()> {
    let last = last_version(tx, link.kind, link.record_id).await?;
    end_link(tx, link.kind, link.record_id, link.recorded_at).await?;
    tx.insert(&LINK, vec![link_row(link, last + 1)]).await?;
    Ok(())
}

/// Puts a link that stood before in the place of the record's current one, as a further version that counts from `at`.
pub async fn restore_link(
    tx: &mut Tx,
    (kind, record): (RecordKind, RecordId),
    at: Moment,
    stood: Stood,
    cause: Option<DecisionId>,
) -> db::Result<()> {
    let last = last_version(tx, kind, record).await?;
    end_link(tx, kind, record, at).await?;
    let row = vec![
        kind.into(),
        record.into(),
        (last + 1).into(),
        at.into(),
        Value::Text(None),
        stood.site_id.into(),
        stood.building_id.into(),
        stood.method.into(),
        stood.certainty.into(),
        stood.model.into(),
        stood.evidence.into(),
        cause.into(),
    ];
    tx.insert(&LINK, vec![row]).await?;
    Ok(())
}

/// The number of the record's last link; 0 before the first.
async fn last_version(tx: &mut Tx, kind: RecordKind, record: RecordId) -> db::Result<i64> {
    let last: Option<i64> = query("SELECT max(version) FROM link WHERE record_id = $1 AND record_kind = $2")
        .bind(record)
        .bind(kind)
        .fetch_scalar(tx)
        .await?;
    Ok(last.unwrap_or(0))
}

/// Ends the record's current link as of `at`; a record without one stays as it is.
pub async fn end_link(tx: &mut Tx, kind: RecordKind, record: RecordId, at: Moment) -> db::Result<()> {
    query("UPDATE link SET superseded_at = $1 WHERE record_id = $2 AND record_kind = $3 AND superseded_at IS NULL")
        .bind(at)
        .bind(record)
        .bind(kind)
        .execute(tx)
        .await?;
    Ok(())
}

fn link_row(link: NewLink, version: i64) -> Vec<Value> {
    vec![
        link.kind.into(),
        link.record_id.into(),
        version.into(),
        link.recorded_at.into(),
        Value::Text(None),
        link.site_id.into(),
        link.building_id.into(),
        Value::Word(link.method),
        link.certainty.into(),
        Value::Word(link.model),
        link.evidence.into(),
        link.cause.into(),
    ]
}
