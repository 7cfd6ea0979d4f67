//! Walks two steps out from a site. Each party, number and building is followed once, and one that too many sites share is
//! told with its count instead.

use std::collections::{HashMap, HashSet};

use super::{Line, Network, Sharing};
use crate::db::{self, Db};
use crate::parties::{self, PartyId, Role, Stands};
use crate::records::{BuildingId, SiteId};
use crate::rights::Viewer;
use crate::sites::Site;
use crate::sites::snapshot::Snapshot;
use crate::successions::{self, State, Succession};
use crate::text::phone::Phone;

/// What more sites share than this stands as one row with its count: a landlord of ten thousand sites joins nothing.
pub const MOST_SHARING: usize = 25;
/// So many sites of the first step are followed.
pub const MOST_FOLLOWED: usize = 40;

/// Walks from `center`, as far as `viewer` may see.
///
/// # Errors
/// The database does not answer.
pub async fn walk(db: &Db, viewer: &Viewer, snapshot: &Snapshot, center: Site) -> db::Result<Network> {
    let mut walker = Walker::new(db, viewer, snapshot);
    walker.step(1, center.id).await?;
    let mut first: Vec<SiteId> = Vec::new();
    for it in walker.lines.iter().filter(|it| it.is_followed).filter_map(|it| it.to) {
        if it != center.id && !first.contains(&it) {
            first.push(it);
        }
    }
    for it in first.iter().take(MOST_FOLLOWED) {
        walker.step(2, *it).await?;
    }
    let mut lines = walker.lines;
    let ids: HashSet<SiteId> = lines.iter().flat_map(|it| [Some(it.from), it.to]).flatten().collect();
    let mut sites: HashMap<SiteId, Site> =
        ids.into_iter().filter_map(|it| Some((it, snapshot.find(viewer, it)?.clone()))).collect();
    sites.insert(center.id, center.clone());
    // A site that this viewer may not see is not told of by what it shares either.
    lines.retain(|it| sites.contains_key(&it.from) && it.to.is_none_or(|to| sites.contains_key(&to)));
    lines.sort_by_key(|it| (it.step, it.what));
    Ok(Network { center, lines, sites, n_unfollowed: first.len().saturating_sub(MOST_FOLLOWED) })
}

struct Walker<'a> {
    db: &'a Db,
    viewer: &'a Viewer,
    snapshot: &'a Snapshot,
    by_phone: HashMap<&'a str, Vec<SiteId>>,
    parties: HashSet<PartyId>,
    phones: HashSet<String>,
    buildings: HashSet<BuildingId>,
    successions: HashSet<successions::SuccessionId>,
    lines: Vec<Line>,
}

impl<'a> Walker<'a> {
    fn new(db: &'a Db, viewer: &'a Viewer, snapshot: &'a Snapshot) -> Self {
        let mut by_phone: HashMap<&str, Vec<SiteId>> = HashMap::new();
        for site in snapshot.sites(viewer) {
            if let Some(phone) = &site.phone {
                by_phone.entry(phone).or_default().push(site.id);
            }
        }
        Self {
            db,
            viewer,
            snapshot,
            by_phone,
            parties: HashSet::new(),
            phones: HashSet::new(),
            buildings: HashSet::new(),
            successions: HashSet::new(),
            lines: Vec::new(),
        }
    }

    async fn step(&mut self, step: u8, at: SiteId) -> db::Result<()> {
        for it in successions::store::of_site(self.db, self.viewer, at, None).await? {
            if self.successions.insert(it.id) {
                let line = self.succession(step, at, &it);
                self.lines.push(line);
            }
        }
        for it in parties::store::of_site(self.db, self.viewer, at).await? {
            // An agent serves strangers: the first step tells of it, and the second does not lead through it.
            let is_agent = it.holding.role == Role::RegisteredAgent;
            if !(is_agent && step > 1) && self.parties.insert(it.root) {
                let held = parties::store::of_party(self.db, self.viewer, it.root).await?;
                self.party(step, at, &it, &held);
            }
        }
        let Some(site) = self.snapshot.find(self.viewer, at) else { return Ok(()) };
        if let Some(phone) = site.phone.as_ref().filter(|it| !self.phones.contains(*it)) {
            self.phones.insert(phone.clone());
            let others = self.by_phone.get(phone.as_str()).cloned().unwrap_or_default();
            let said = Phone::shown(phone);
            self.share(step, at, Sharing::Phone, &format!("Phone {said}"), &site.source, others);
        }
        if let Some(building) = site.building_id.filter(|it| !self.buildings.contains(it)) {
            self.buildings.insert(building);
            let others = self.snapshot.in_building(self.viewer, building).iter().map(|it| it.id).collect();
            self.share(step, at, Sharing::Address, "The same building", &site.source, others);
        }
        Ok(())
    }

    fn succession(&self, step: u8, at: SiteId, it: &Succession) -> Line {
        let (verb, other) =
            if it.from_site == at { ("goes on at", it.to_site) } else { ("came from", it.from_site) };
        let state = if it.state == State::Confirmed { "confirmed" } else { "proposed, not decided" };
        Line {
            step,
            from: at,
            to: Some(other),
            n_sites: 1,
            what: Sharing::Succession,
            words: format!("{verb} ({state})"),
            party: None,
            since: self.snapshot.find(self.viewer, it.to_site).and_then(|it| it.opened_on),
            until: None,
            source: it.decided_name.clone().unwrap_or_else(|| it.model.clone()),
            is_followed: true,
        }
    }

    /// A line to each other site that the party stands behind, or one row where there are too many.
    fn party(&mut self, step: u8, at: SiteId, own: &Stands, held: &[Stands]) {
        let mut seen = HashSet::from([at]);
        let others: Vec<&Stands> =
            held.iter().filter(|it| it.at_site.is_some_and(|it| seen.insert(it))).collect();
        let role = own.holding.role.label();
        let line = |to: Option<&Stands>, n_sites| Line {
            step,
            from: at,
            to: to.and_then(|it| it.at_site),
            n_sites,
            what: Sharing::Party,
            words: match to.map(|it| it.holding.role).filter(|it| *it != own.holding.role) {
                Some(other) => format!("{}: {role} here, {} there", own.party, other.label().to_lowercase()),
                None => format!("{}: {role}", own.party),
            },
            party: Some(own.root),
            since: to.unwrap_or(own).holding.from_on,
            until: to.unwrap_or(own).holding.to_on,
            source: to.unwrap_or(own).holding.source.clone(),
            is_followed: own.holding.role != Role::RegisteredAgent,
        };
        if others.len() > MOST_SHARING {
            self.lines.push(line(None, others.len()));
        } else {
            self.lines.extend(others.iter().map(|it| line(Some(it), 1)));
        }
    }

    fn share(&mut self, step: u8, at: SiteId, what: Sharing, words: &str, source: &str, others: Vec<SiteId>) {
        let others: Vec<SiteId> = others.into_iter().filter(|it| *it != at).collect();
        let line = |to, n_sites| Line {
            step,
            from: at,
            to,
            n_sites,
            what,
            words: words.to_owned(),
            party: None,
            since: None,
            until: None,
            source: source.to_owned(),
            is_followed: true,
        };
        if others.len() > MOST_SHARING {
            self.lines.push(line(None, others.len()));
        } else {
            self.lines.extend(others.iter().map(|it| line(Some(*it), 1)));
        }
    }
}
