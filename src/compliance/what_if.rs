//! What would hold of a business that does not exist yet, at a spot: pure. It would come last, so that every place that is
//! there today counts, and so does every other business.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::finding::Finding;
use super::ground::Ground;
use super::judge;
use super::kind::Kind;
use super::known::Known;
use super::pack::{Pack, Rule, Status};
use super::packs::Packs;
use crate::clock::Moment;
use crate::geo::Point;
use crate::geo::distance::Meters;
use crate::records::{PointMethod, SiteId};
use crate::rights::{Resource, Viewer};
use crate::sites::{self, Site, form};

/// Where what kind of business is thought of.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// The point.
    pub point: Point,
    /// How far off it may be.
    pub error: Meters,
    /// A word of `data/kinds.toml`.
    pub kind: String,
    /// The city whose outline holds the point.
    pub city: Option<String>,
    /// The city as the address says, where no outline holds the point.
    pub written_city: Option<String>,
    /// The county whose outline holds the point.
    pub county: Option<String>,
    /// Two letters; none: not known, and taken as the state of any pack.
    pub state: Option<String>,
}

/// A rule with what it says of the spot.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The law.
    pub pack: &'a Pack,
    /// The rule.
    pub rule: &'a Rule,
    /// What it says.
    pub finding: Finding,
}

/// What the rules say, each in the order of the packs.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    /// Rules that it would break for sure.
    pub broken: Vec<Answer<'a>>,
    /// Rules of which an attorney must say, or for which a datum is missing.
    pub undecided: Vec<Answer<'a>>,
    /// Rules that it would keep.
    pub kept: Vec<Answer<'a>>,
    /// Rules about the place that do not speak of it, for another law has taken their place.
    pub set_aside: Vec<Answer<'a>>,
    /// Rules that no place answers: it would also have to keep them.
    pub not_about_place: Vec<(&'a Pack, &'a Rule)>,
    /// How many rules are not answered, for the viewer may not see what they are measured to.
    pub n_withheld: usize,
}

impl<'a> Asked<'a> {
    /// How many rules are left to an attorney.
    pub fn n_for_attorney(&self) -> usize {
        self.undecided.iter().filter(|it| it.finding.status == Status::Refer).count()
    }

    /// How many rules lack a datum.
    pub fn n_unknown(&self) -> usize {
        self.undecided.len() - self.n_for_attorney()
    }

    /// The rules that the place may break or does, the surest first.
    pub fn against(&self) -> impl Iterator<Item = &Answer<'a>> {
        self.broken.iter().chain(&self.undecided)
    }

    /// All rules that the place was held against.
    pub fn answered(&self) -> impl Iterator<Item = &Answer<'a>> {
        self.against().chain(&self.kept)
    }
}

/// Holds a business of the spot's kind, opened there on that day, against all rules that concern it.
pub fn ask<'a>(packs: &'a Packs, spot: &Spot, ground: &Ground<'_>, on: NaiveDate) -> Asked<'a> {
    let (site, facts) = (thought_of(spot, on), BTreeMap::new());
    let known = Known {
        site: &site,
        on,
        licenses: &[],
        watched: false,
        visits: &[],
        open: &[],
        incidents: &[],
        facts: &facts,
    };
    let mut asked = Asked::default();
    for pack in packs.iter().filter(|it| judge::concerns(it, &site)) {
        for rule in pack.rules.iter().filter(|it| it.kind.finds()) {
            if !rule.kind.is_about_ground() {
                asked
                    .not_about_place
                    .extend(judge::applies(packs, pack, rule, &known).then_some((pack, rule)));
            } else if may_answer(ground.viewer, &rule.kind) {
                asked.take(pack, rule, judge::rule_at(packs, pack, rule, &known, ground));
            } else {
                asked.n_withheld += 1;
            }
        }
    }
    // Stable: violations keep the order of the packs, and what an attorney weighs stands before what lacks a datum.
    asked.undecided.sort_by_key(|it| it.finding.status == Status::Unknown);
    asked
}

impl<'a> Asked<'a> {
    fn take(&mut self, pack: &'a Pack, rule: &'a Rule, finding: Finding) {
        let list = match finding.status {
            Status::Violation => &mut self.broken,
            Status::Refer | Status::Unknown => &mut self.undecided,
            Status::Compliant => &mut self.kept,
            Status::NotApplicable => &mut self.set_aside,
        };
        list.push(Answer { pack, rule, finding });
    }
}

/// Without the places in sight a setback would seem to be kept.
fn may_answer(viewer: &Viewer, kind: &Kind) -> bool {
    let measured_to_places = matches!(kind, Kind::Setback { .. });
    viewer.may_see(kind.basis()) && (!measured_to_places || viewer.may_see(Resource::Place))
}

/// The business as a site that nobody keeps: its version is 0.
fn thought_of(spot: &Spot, on: NaiveDate) -> Site {
    let mut site = form::blank(SiteId(uuid::Uuid::nil()), 0, Moment::Day(on));
    site.version = 0;
    site.kind.clone_from(&spot.kind);
    (site.lon, site.lat) = (Some(spot.point.lon()), Some(spot.point.lat()));
    (site.point_method, site.point_meters) = (PointMethod::Pin, Some(spot.error.0));
    (site.city_area, site.city) = (spot.city.clone(), spot.written_city.clone());
    (site.county, site.state) = (spot.county.clone(), spot.state.clone());
    (site.status, site.opened_on) = (sites::Status::Open, Some(Moment::Day(on)));
    site
}
