//! What a decision does, each within the transaction of its caller: the decision is kept with the link that stood before,
//! the link takes its place as a further version, and the queue learns of it. Undoing brings back what stood before.

use super::{Case, Decision, store};
use crate::audit::{self, Act};
use crate::clock::{Clock, Moment};
use crate::db::{self, Table, Tx, query};
use crate::records::decisions::{DecisionId, QueueState, Verdict, overrides};
use crate::records::links::{NewLink, Stood, end_link, replace_link, restore_link};
use crate::records::{BuildingId, RecordId, RecordKind, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites;

/// What somebody says of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What.
    pub verdict: Verdict,
    /// Of which site.
    pub site: Option<SiteId>,
    /// The building of that site, where it is another than the record's.
    pub building: Option<BuildingId>,
    /// Why, if they say so.
    pub why: Option<String>,
}

/// Why a decision cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is undone already.
    Undone,
    /// A later decision about the record stands on it.
    Overtaken,
}

const DECISION: Table = Table {
    name: "link_decision",
    columns: &[
        "id",
        "record_kind",
        "record_id",
        "verdict",
        "site_id",
        "building_id",
        "part_of",
        "decided_at",
        "decided_by",
        "decided_name",
        "why",
        "before_site",
        "before_building",
        "before_method",
        "before_certainty",
        "before_model",
        "before_evidence",
    ],
};

/// Decides about one record. `part_of` is the decision that moves this record along with its own.
///
/// # Errors
/// The database refuses.
pub async fn decide(
    tx: &mut Tx,
    clock: Clock,
    viewer: &Viewer,
    case: &Case,
    said: &Said,
    part_of: Option<DecisionId>,
) -> db::Result<DecisionId> {
    let (id, now) = (DecisionId(clock.id()), Moment::from(clock.now()));
    let key = case.subject.key();
    let building = said.building.or_else(|| case.building()).filter(|_| said.verdict != Verdict::Unlink);
    let stood = case.link.as_ref().map(|it| &it.stood);
    let row = vec![
        id.into(),
        key.0.into(),
        key.1.into(),
        said.verdict.into(),
        said.site.into(),
        building.into(),
        part_of.into(),
        now.into(),
        viewer.actor().account.into(),
        viewer.name().into(),
        said.why.clone().into(),
        stood.and_then(|it| it.site_id).into(),
        stood.and_then(|it| it.building_id).into(),
        stood.map(|it| it.method.clone()).into(),
        stood.map(|it| it.certainty).into(),
        stood.map(|it| it.model.clone()).into(),
        stood.and_then(|it| it.evidence.clone()).into(),
    ];
    tx.insert(&DECISION, [row]).await?;
    let is_last =
        said.verdict == Verdict::NotThis && !case.open_choices().any(|it| Some(it.site.id) != said.site);
    let leaves = said.verdict == Verdict::NotThis && stood.and_then(|it| it.site_id) == said.site;
    if said.verdict.settles() || is_last || leaves {
        let site = said.site.filter(|_| said.verdict != Verdict::NotThis);
        replace_link(tx, manual(key, (site, building), id, now)).await?;
        touch(tx, [stood.and_then(|it| it.site_id), site], now).await?;
    }
    if said.verdict.settles() || is_last {
        leave_queue(tx, key, id).await?;
    }
    Ok(id)
}

fn manual(
    (kind, record_id): (RecordKind, RecordId),
    (site_id, building_id): (Option<SiteId>, Option<BuildingId>),
    cause: DecisionId,
    recorded_at: Moment,
) -> NewLink {
    NewLink {
        kind,
        record_id,
        recorded_at,
        site_id,
        building_id,
        method: "manual",
        certainty: 1_000,
        model: "desk",
        evidence: None,
        cause: Some(cause),
    }
}

async fn touch(tx: &mut Tx, sites: [Option<SiteId>; 2], now: Moment) -> db::Result<()> {
    let sites: Vec<SiteId> = sites.into_iter().flatten().collect();
    let distinct = if sites.len() == 2 && sites[0] == sites[1] { &sites[..1] } else { &sites[..] };
    sites::store::touch(tx, distinct, now).await
}

async fn leave_queue(tx: &mut Tx, key: (RecordKind, RecordId), by: DecisionId) -> db::Result<()> {
    query("UPDATE link_review SET state = 'decided', later_at = NULL, decision_id = $1 WHERE true")
        .bind(by)
        .and("record_kind = ?", Some(key.0))
        .and("record_id = ?", Some(key.1))
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts a record off until then: it stays in the queue, behind all others.
///
/// # Errors
/// The database refuses.
pub async fn put_off(tx: &mut Tx, key: (RecordKind, RecordId), until: Moment) -> db::Result<()> {
    query("UPDATE link_review SET state =")
        .value(QueueState::Later)
        .then(", later_at =")
        .value(until)
        .then("WHERE state <> 'decided'")
        .and("record_kind = ?", Some(key.0))
        .and("record_id = ?", Some(key.1))
        .execute(tx)
        .await?;
    Ok(())
}

/// Undoes a decision with all that it moved: each record has again the link that stood before, as a further version, and
/// waits again if it came from the queue.
///
/// # Errors
/// The database refuses; a [`Refusal`] when it cannot be undone.
pub async fn undo(
    tx: &mut Tx,
    clock: Clock,
    viewer: &Viewer,
    decision: &Decision,
) -> db::Result<Result<(), Refusal>> {
    if decision.undone_at.is_some() {
        return Ok(Err(Refusal::Undone));
    }
    let now = Moment::from(clock.now());
    let mut all = store::parts(&mut *tx, viewer, decision.id).await?;
    all.retain(|it| it.undone_at.is_none());
    all.push(decision.clone());
    for it in &all {
        let stands = store::decisions(&mut *tx, viewer, it.record_kind, it.record_id).await?;
        if stands.iter().find(|it| it.undone_at.is_none()).map(|it| it.id) != Some(it.id) {
            return Ok(Err(Refusal::Overtaken));
        }
    }
    for it in &all {
        take_back(tx, viewer, it, now).await?;
    }
    if let (Verdict::NewSite | Verdict::Split, Some(site)) = (decision.verdict, decision.site_id) {
        sites::store::withdraw(tx, site, now).await?;
    }
    Ok(Ok(()))
}

async fn take_back(tx: &mut Tx, viewer: &Viewer, it: &Decision, now: Moment) -> db::Result<()> {
    let key = (it.record_kind, it.record_id);
    query("UPDATE link_decision SET undone_at = $1, undone_by = $2 WHERE id = $3")
        .bind(now)
        .bind(viewer.actor().account)
        .bind(it.id)
        .execute(&mut *tx)
        .await?;
    let link = store::link(&mut *tx, viewer, key.0, key.1).await?;
    // A decision that changed no link has none to bring back.
    if let Some(link) = link.filter(|link| link.cause == Some(it.id)) {
        match it.before() {
            Some(stood) => {
                let cause = cause_of(tx, key, &stood).await?;
                restore_link(tx, key, now, stood, cause).await?;
            }
            None => end_link(tx, key.0, key.1, now).await?,
        }
        touch(tx, [link.stood.site_id, it.before_site], now).await?;
    }
    query("UPDATE link_review SET state = 'waiting', later_at = NULL, decision_id = NULL WHERE true")
        .and("record_kind = ?", Some(key.0))
        .and("record_id = ?", Some(key.1))
        .execute(tx)
        .await?;
    Ok(())
}

/// The decision that made a link by hand: the one that is in force again.
async fn cause_of(tx: &mut Tx, key: (RecordKind, RecordId), stood: &Stood) -> db::Result<Option<DecisionId>> {
    if stood.method != "manual" {
        return Ok(None);
    }
    Ok(overrides(tx, &[key]).await?.last().map(|it| it.id))
}

/// What the log keeps of a decision.
pub fn logged(case: &Case, said: &Said, id: DecisionId) -> audit::Entry {
    let stood = case.link.as_ref().map(|it| &it.stood);
    let before = serde_json::json!({
        "site": stood.and_then(|it| it.site_id),
        "building": stood.and_then(|it| it.building_id),
        "method": stood.map(|it| it.method.as_str()),
    });
    audit::Entry::new(Act::Change)
        .on(Resource::Link)
        .about(case.subject.head.id.0)
        .with("record_kind", case.subject.kind)
        .with("decision", id)
        .with("verdict", said.verdict)
        .with("site", said.site)
        .with("before", before)
}

/// What the log keeps of an undoing.
pub fn logged_undoing(decision: &Decision) -> audit::Entry {
    audit::Entry::new(Act::Change)
        .on(Resource::Link)
        .about(decision.record_id.0)
        .with("record_kind", decision.record_kind)
        .with("undone", decision.id)
        .with("verdict", decision.verdict)
        .with("site", decision.site_id)
        .with("back_to", decision.before_site)
}
