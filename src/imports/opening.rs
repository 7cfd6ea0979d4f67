//! The premises that an import knows and opens: which site a row belongs to, and what a later row says of it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::bodies::{Body, SiteDraft};
use super::mapping::Draft;
use crate::areas;
use crate::clock::Moment;
use crate::linking::{self, Decision, Entry, Index, Subject};
use crate::records::{BatchId, SiteId};
use crate::rights::held::Held;
use crate::sites::registers::{self, Corrections, Key};
use crate::sites::{Kinds, Site, Status};

/// The sites known while an import runs.
#[derive(Debug)]
pub struct Premises {
    source: String,
    sites: HashMap<SiteId, Site>,
    index: Index,
    areas: Arc<areas::snapshot::Snapshot>,
    said: HashMap<SiteId, Said>,
    // Further keys of the source, beside those under which it opened sites.
    keys: HashMap<String, SiteId>,
    met: Vec<Key>,
    corrections: Corrections,
}

/// What the catalog knows when an import begins.
#[derive(Debug)]
pub struct Known {
    /// The sites.
    pub sites: Vec<Site>,
    /// License numbers that link to them.
    pub numbers: Vec<(SiteId, String)>,
    /// Further keys of the source.
    pub keys: Vec<(String, SiteId)>,
    /// What people have corrected in its sites.
    pub corrections: Corrections,
    /// The areas.
    pub areas: Arc<areas::snapshot::Snapshot>,
}

/// What the rows of this import say of one site of their source, whatever order they come in.
#[derive(Debug)]
struct Said {
    /// When the newest row seen so far could have been known, and when it happened.
    at: (Moment, Moment),
    /// What it says.
    site: Site,
    /// When the earliest row could have been known, and so the site.
    known_since: Moment,
}

/// What an import leaves to do for sites when all rows are seen.
#[derive(Debug, Default)]
pub struct Settled {
    /// New versions of the sites of which the newest row says something else than is stored.
    pub changed: Vec<Site>,
    /// Sites that could have been known earlier than their first row said.
    pub known_since: Vec<(SiteId, Moment)>,
    /// What the newest rows say of parts that a person has corrected.
    pub said: Vec<registers::Said>,
}

impl Premises {
    /// Takes in what is known now.
    pub fn new(source: &str, known: Known) -> Self {
        let mut licenses: HashMap<SiteId, Vec<String>> = HashMap::new();
        for (site, number) in known.numbers {
            licenses.entry(site).or_default().push(number);
        }
        let entry = |it: &Site| Entry::of(it, licenses.remove(&it.id).unwrap_or_default());
        Self {
            source: source.to_owned(),
            index: Index::new(known.sites.iter().map(entry).collect::<Vec<_>>()),
            sites: known.sites.into_iter().map(|it| (it.id, it)).collect(),
            areas: known.areas,
            said: HashMap::new(),
            keys: known.keys.into_iter().collect(),
            met: Vec::new(),
            corrections: known.corrections,
        }
    }

    /// The source whose rows come in.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Takes in the sites anew, because somebody else has changed the catalog; what was heard so far stays.
    pub fn renew(&mut self, other: Self) {
        (self.sites, self.index) = (other.sites, other.index);
        (self.keys, self.corrections) = (other.keys, other.corrections);
    }

    /// The known site that a row speaks of: by a key of the register, or, of another source, by name and address. Then
    /// its key is the site's from now on.
    pub fn of(&mut self, site: &SiteDraft, draft: &Draft) -> Option<SiteId> {
        let own = SiteId::of_source(&self.source, &site.key);
        if self.sites.contains_key(&own) {
            return Some(own);
        }
        if let Some(known) = self.keys.get(&site.key).filter(|it| self.sites.contains_key(it)) {
            return Some(*known);
        }
        let known = linking::decide(&self.subject(draft, Some(site), &names(draft, Some(site))), &self.index);
        let known = known.site.map(SiteId)?;
        // Two keys of one register are two premises, whatever name and address say.
        let other = self.sites.get(&known).is_some_and(|it| it.source != self.source || !site.keyed);
        if !other {
            return None;
        }
        self.keys.insert(site.key.clone(), known);
        self.met.push(Key {
            source: self.source.clone(),
            source_key: site.key.clone(),
            site_id: known,
            recorded_at: draft.head.recorded_at,
            batch_id: draft.head.batch_id,
        });
        Some(known)
    }

    /// The keys met since the last time.
    pub fn met(&mut self) -> Vec<Key> {
        std::mem::take(&mut self.met)
    }

    /// Opens a site for a row; from now on it is known.
    pub fn open(&mut self, site: &SiteDraft, draft: &Draft, number: i64, batch: BatchId) -> Site {
        let mut opened = self.site(site, draft, batch);
        opened.number = number;
        self.index.insert(Entry::of(&opened, Vec::new()));
        self.sites.insert(opened.id, opened.clone());
        self.hear(opened.id, site, draft);
        opened
    }

    /// Notes what a row says of a known site of its source. It counts at the end, when the newest row is known.
    pub fn hear(&mut self, id: SiteId, site: &SiteDraft, draft: &Draft) {
        let Some(known) = self.sites.get(&id).filter(|it| it.source == self.source) else { return };
        let mut said = self.site(site, draft, draft.head.batch_id.unwrap_or(BatchId(uuid::Uuid::nil())));
        keep_what_is_not_said(&mut said, site, known);
        let heard = self.said.remove(&id).unwrap_or_else(|| Said {
            at: (known.recorded_at, Moment::Day(NaiveDate::MIN)),
            site: known.clone(),
            known_since: known.recorded_at,
        });
        let known_since = heard.known_since.min(draft.head.recorded_at);
        let at = (draft.head.recorded_at, draft.head.occurred_at);
        let (at, mut site, older) =
            if at >= heard.at { (at, said, heard.site) } else { (heard.at, heard.site, said) };
        // A shop with two licenses is what the one says that names its kind.
        if site.kind == Kinds::OTHER {
            site.kind = older.kind;
        }
        self.said.insert(id, Said { at, site, known_since });
    }

    /// What is left to do when all rows are seen; `now` is when they came.
    pub fn settle(&mut self, now: Moment) -> Settled {
        let mut settled = Settled::default();
        for (id, said) in self.said.drain() {
            let Some(known) = self.sites.get(&id) else { continue };
            if said.known_since < known.recorded_at {
                settled.known_since.push((id, said.known_since));
            }
            let mut site = said.site;
            settled.said.extend(self.corrections.hold(known, &mut site));
            if says_the_same(known, &site) {
                continue;
            }
            site.version = known.version + 1;
            site.recorded_at = site.recorded_at.max(known.recorded_at).min(now);
            settled.changed.push(site);
        }
        settled.changed.sort_by_key(|it| it.number);
        settled.known_since.sort();
        settled.said.sort_by_key(|it| (it.site_id, it.part));
        settled
    }

    /// Which site or building a row belongs to.
    pub fn decide(&self, draft: &Draft, site: Option<&SiteDraft>) -> Decision {
        linking::decide(&self.subject(draft, site, &names(draft, site)), &self.index)
    }

    /// The point of a known site.
    pub fn point(&self, id: SiteId) -> Option<(f64, f64)> {
        self.sites.get(&id).and_then(Site::point)
    }

    fn subject<'a>(
        &'a self,
        draft: &'a Draft,
        site: Option<&'a SiteDraft>,
        names: &'a [&'a str],
    ) -> Subject<'a> {
        let license = match &draft.body {
            Body::License(it) => Some(it.number.as_str()),
            Body::Party(it) => it.license_number.as_deref(),
            _ => None,
        };
        let key = site.map(|it| it.key.as_str()).or(draft.site_key.as_deref());
        Subject {
            source_key: key.map(|key| self.own_key(key)),
            license,
            names,
            address: Some(&draft.address),
            city_key: &draft.city_key,
            occurred_on: Some(draft.head.occurred_at.day()),
        }
    }

    /// The source and key of the site that the register knows by `key`.
    fn own_key<'a>(&'a self, key: &'a str) -> (&'a str, &'a str) {
        match self.keys.get(key).and_then(|it| self.sites.get(it)) {
            Some(site) => (&site.source, &site.source_key),
            None => (&self.source, key),
        }
    }

    fn site(&self, site: &SiteDraft, draft: &Draft, batch: BatchId) -> Site {
        let (address, place) = (&draft.address, &draft.place);
        let point = place.lon.zip(place.lat);
        let located = point.map(|it| self.areas.locate(it.0, it.1)).unwrap_or_default();
        Site {
            id: SiteId::of_source(&self.source, &site.key),
            version: 1,
            recorded_at: draft.head.recorded_at,
            source: self.source.clone(),
            source_key: site.key.clone(),
            batch_id: Some(batch),
            number: 0,
            kind: site.kind.clone(),
            name: site.name.clone(),
            other_names: site.other_names.clone(),
            address: place.address.clone().unwrap_or_default(),
            house_number: address.number.clone(),
            pre_direction: address.pre_direction.clone(),
            street: address.street.clone(),
            suffix: address.suffix.clone(),
            post_direction: address.post_direction.clone(),
            unit_type: address.unit_type.clone(),
            unit: address.unit_key(),
            city: address.city.clone(),
            state: address.state.clone(),
            zip: address.zip.clone(),
            building_id: place.building_id,
            lon: place.lon,
            lat: place.lat,
            point_method: place.point_method,
            point_meters: point.and(draft.point_meters),
            city_area: located.city,
            county: located.county,
            status: site.status.unwrap_or(Status::Open),
            status_on: site.status_on,
            opened_on: site.opened_on,
            closed_on: site.closed_on,
            moved_to: None,
            phone: site.phone.clone(),
            note: Held::Empty,
        }
    }
}

fn names<'a>(draft: &'a Draft, site: Option<&'a SiteDraft>) -> Vec<&'a str> {
    let own = match &draft.body {
        Body::License(it) => Some(it.name.as_str()),
        Body::Inspection(it) => Some(it.name.as_str()),
        Body::Complaint(it) => Some(it.name.as_str()),
        Body::Party(it) => it.site_name.as_deref(),
        _ => None,
    };
    let of_site =
        site.into_iter().flat_map(|it| std::iter::once(&it.name).chain(&it.other_names)).map(String::as_str);
    own.into_iter().chain(of_site).filter(|it| !it.is_empty()).collect()
}

/// A note and a number are people's work, which no later delivery undoes; nor does a row take back what it does not
/// speak of.
fn keep_what_is_not_said(said: &mut Site, row: &SiteDraft, known: &Site) {
    if said.lon.is_none() {
        (said.lon, said.lat) = (known.lon, known.lat);
        said.point_method = known.point_method;
        said.point_meters = known.point_meters;
        said.city_area.clone_from(&known.city_area);
        said.county.clone_from(&known.county);
    }
    if said.kind == Kinds::OTHER {
        said.kind.clone_from(&known.kind);
    }
    if row.status.is_none() {
        (said.status, said.status_on) = (known.status, known.status_on);
    }
    said.opened_on = said.opened_on.or(known.opened_on);
    said.closed_on = said.closed_on.or(known.closed_on);
    said.phone = said.phone.take().or_else(|| known.phone.clone());
    said.note.clone_from(&known.note);
    said.number = known.number;
}

/// Whether two versions of a site say the same, apart from which version they are.
fn says_the_same(known: &Site, said: &Site) -> bool {
    let said = Site {
        id: known.id,
        version: known.version,
        recorded_at: known.recorded_at,
        batch_id: known.batch_id,
        moved_to: known.moved_to,
        source_key: known.source_key.clone(),
        ..said.clone()
    };
    said == *known
}
