//! Gathers all that a decision about one record rests on.

use std::collections::{HashMap, HashSet};

use super::{Case, Choice, Decision, store};
use crate::db::{self, Target};
use crate::linking::evidence::Evidence;
use crate::records::decisions::{Candidate, MOST_CANDIDATES, Verdict};
use crate::records::{RecordId, RecordKind, SiteId};
use crate::rights::Viewer;
use crate::sites::{self, Site};

/// Everything about one record; none that the viewer may not see.
///
/// # Errors
/// The database does not answer.
pub async fn case(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    kind: RecordKind,
    id: RecordId,
) -> db::Result<Option<Case>> {
    let mut on = on.into();
    let Some(subject) = store::subject(on.again(), viewer, kind, id).await? else { return Ok(None) };
    let queued = store::queued(on.again(), viewer, kind, id).await?;
    let link = store::link(on.again(), viewer, kind, id).await?;
    let decisions = store::decisions(on.again(), viewer, kind, id).await?;
    let mut case = Case { subject, queued, link, decisions, choices: Vec::new(), n_tenants: 0 };
    let tenants = match case.building() {
        Some(building) => sites::store::in_buildings(on.again(), viewer, &[building]).await?,
        None => Vec::new(),
    };
    case.n_tenants = tenants.len();
    case.choices = choices(on, viewer, &case, &tenants).await?;
    Ok(Some(case))
}

/// The candidates of the queue, the site that the record links to, and the sites of its building.
async fn choices(
    mut on: Target<'_>,
    viewer: &Viewer,
    case: &Case,
    tenants: &[Site],
) -> db::Result<Vec<Choice>> {
    let candidates = case.queued.as_ref().map(|it| it.candidates.as_slice()).unwrap_or_default();
    let of_link = case.subject.linked.site_id;
    let mut ids: Vec<SiteId> = candidates.iter().map(|it| it.site).chain(of_link).collect();
    // A queue that names candidates has looked at the building already.
    if !case.waits() {
        ids.extend(tenants.iter().map(|it| it.id));
    }
    ids.extend(case.decisions.iter().filter(|it| is_out(it)).filter_map(|it| it.site_id));
    let mut met = HashSet::new();
    ids.retain(|it| met.insert(*it));
    let found = sites::store::some(on.again(), viewer, &ids).await?;
    let mut found: HashMap<SiteId, Site> = found.into_iter().map(|it| (it.id, it)).collect();
    let mut known = store::known(on, viewer, &ids).await?;
    let out: HashSet<SiteId> =
        case.decisions.iter().filter(|it| is_out(it)).filter_map(|it| it.site_id).collect();
    let choice = |id: &SiteId| {
        let (probability, evidence) = compared(case, candidates, *id);
        Some(Choice {
            site: found.remove(id)?,
            probability,
            evidence,
            known: known.remove(id).unwrap_or_default(),
            is_out: out.contains(id),
        })
    };
    let mut choices: Vec<Choice> = ids.iter().filter_map(choice).collect();
    choices.sort_by_key(|it| it.is_out);
    choices.truncate(MOST_CANDIDATES + out.len());
    Ok(choices)
}

fn is_out(it: &Decision) -> bool {
    it.verdict == Verdict::NotThis && it.undone_at.is_none()
}

/// What a model made of the pair: in the queue, or with the link.
fn compared(case: &Case, candidates: &[Candidate], site: SiteId) -> (Option<i64>, Option<Evidence>) {
    let read = |text: &str| text.parse::<Evidence>().ok().filter(|it| !it.0.is_empty());
    if let Some(it) = candidates.iter().find(|it| it.site == site) {
        return (Some(it.probability), read(&it.evidence));
    }
    let link = case.link.as_ref().filter(|it| it.stood.site_id == Some(site) && it.cause.is_none());
    let evidence = link.and_then(|it| it.stood.evidence.as_deref()).and_then(read);
    (link.map(|it| it.stood.certainty), evidence)
}

/// The name of each site that a decision names, where the viewer may see it.
///
/// # Errors
/// The database does not answer.
pub async fn names(
    on: impl Into<Target<'_>>,
    viewer: &Viewer,
    decisions: &[&Decision],
) -> db::Result<HashMap<SiteId, String>> {
    sites::store::names(on, viewer, decisions.iter().filter_map(|it| it.site_id)).await
}
