//! How far a site is from a place: by the method that the rule names, between the outlines that are known, with what an
//! unknown outline leaves open.
//!
//! A building lies on its lot and a point in its building, so the distance between two points is the most that the
//! distance between the buildings or lots can be. The least is that, less how far an outline that is not known may reach
//! (`data/places.toml`) and how far off the site's own point may be. Between the two a limit is undecided, and says so.

use super::kind::Method;
use crate::geo::distance::{Feet, Meters};
use crate::geo::measure::{self, Measured};
use crate::geo::shape::Shape;
use crate::places::Part;

/// A site or a place, with the outlines that are known of it.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Its point, or the outline that is all there is.
    pub anchor: &'a Shape,
    /// What that is.
    pub part: Part,
    /// Its building.
    pub building: Option<&'a Shape>,
    /// Its lot.
    pub lot: Option<&'a Shape>,
    /// How far its building may reach beyond what is known.
    pub building_reach: Feet,
    /// How far its lot may reach beyond what is known.
    pub lot_reach: Feet,
    /// How far off its point may be.
    pub error: Meters,
}

/// What was measured from or to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The point of the address.
    Point,
    /// The outline of the building.
    Building,
    /// The outline of the lot or grounds.
    Lot,
}

/// Whether a distance is within a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// For sure.
    Yes,
    /// Undecided, for an outline is not known or the point is not exact enough.
    Open,
    /// For sure not.
    No,
}

/// A distance by one method.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Distance {
    /// From what to what the law measures.
    pub method: Method,
    /// As measured between the outlines that are known: the most it can be.
    pub feet: f64,
    /// The least it can be.
    pub least_feet: f64,
    /// What it was measured from.
    pub from: End,
    /// What it was measured to.
    pub to: End,
    /// The nearest point of the site: degrees east and north.
    pub from_at: (f64, f64),
    /// The nearest point of the place.
    pub to_at: (f64, f64),
    /// Whether it is within the limit.
    pub within: Within,
}

impl<'a> Body<'a> {
    /// What stands for it by a method, and how far that may reach beyond it.
    fn by(&self, method: Method, is_site: bool) -> (End, &'a Shape, Feet) {
        let building = || match (self.building, self.part) {
            (Some(shape), _) => (End::Building, shape, Feet(0.0)),
            (None, Part::Building) => (End::Building, self.anchor, Feet(0.0)),
            // Grounds without a building on record: a park has none.
            (None, Part::Area | Part::Line | Part::Lot) => (End::Lot, self.anchor, Feet(0.0)),
            (None, Part::Point) => (End::Point, self.anchor, self.building_reach),
        };
        match method {
            Method::Lot => match (self.lot, self.part) {
                (Some(shape), _) => (End::Lot, shape, Feet(0.0)),
                (None, Part::Lot | Part::Area | Part::Line) => (End::Lot, self.anchor, Feet(0.0)),
                (None, _) => {
                    let (end, shape, _) = building();
                    (end, shape, self.lot_reach)
                }
            },
            // The door of a site is its point, which may be anywhere along its building.
            Method::Door if is_site => (End::Point, self.anchor, self.building_reach),
            Method::Building | Method::Door | Method::Unspecified => building(),
        }
    }
}

/// The distance from a site to a place by one method, held against a limit: exact at the limit, to the geodesic.
pub fn distance(method: Method, site: &Body<'_>, place: &Body<'_>, limit: Feet) -> Distance {
    let ((from, site_shape, site_reach), (to, place_shape, place_reach)) =
        (site.by(method, true), place.by(method, false));
    let Measured { meters, from: from_at, to: to_at } = measure::measure(site_shape, place_shape);
    // A lot's outline cannot be off by the error of the point in it.
    let error = if from == End::Point { Feet::from(site.error).0 } else { 0.0 };
    let feet = Feet::from(meters).0;
    let least_feet = (feet - site_reach.0 - place_reach.0 - error).max(0.0);
    let is_at_most =
        |feet: f64| feet > 0.0 && measure::within(site_shape, place_shape, Feet(feet).into()).is_some();
    let within = if is_at_most(limit.0 - error) {
        Within::Yes
    } else if is_at_most(limit.0 + site_reach.0 + place_reach.0 + error) {
        Within::Open
    } else {
        Within::No
    };
    Distance {
        method,
        feet,
        least_feet,
        from,
        to,
        from_at: (from_at.lon(), from_at.lat()),
        to_at: (to_at.lon(), to_at.lat()),
        within,
    }
}

/// The methods by which a rule is held: both, where the law names none.
pub fn methods(method: Method) -> &'static [Method] {
    match method {
        Method::Building => &[Method::Building],
        Method::Lot => &[Method::Lot],
        Method::Door => &[Method::Door],
        Method::Unspecified => &[Method::Building, Method::Lot],
    }
}

impl End {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Point => "the point of its address",
            Self::Building => "the outline of its building",
            Self::Lot => "the outline of its lot",
        }
    }
}

impl Method {
    /// How people say it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Building => "building to building",
            Self::Lot => "lot to lot",
            Self::Door => "door to building",
            Self::Unspecified => "method unspecified",
        }
    }
}
