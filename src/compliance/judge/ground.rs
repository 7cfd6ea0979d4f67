//! Rules about where a site stands: away from places, away from others like it, and not too many of them.

use chrono::NaiveDate;

use super::Judged;
use crate::compliance::finding::{Evidence, Measurement};
use crate::compliance::ground::{self, Ground};
use crate::compliance::kind::{Kind, Method};
use crate::compliance::known::Known;
use crate::compliance::measuring::{self, Body, Distance, Within};
use crate::compliance::pack::{Pack, Rule};
use crate::geo::Point;
use crate::geo::distance::{Feet, Meters};
use crate::geo::shape::Shape;
use crate::records::SiteId;

/// So many measurements are kept of a rule; the nearest.
const MOST: usize = 5;
/// Of many other sites within a wide limit so many are measured, the nearest by their points.
const MOST_MEASURED: usize = 20;

pub(super) fn judge(pack: &Pack, rule: &Rule, known: &Known<'_>, ground: &Ground<'_>) -> Judged {
    if let Kind::Cap { most, per } = &rule.kind {
        let Some(area) = ground::area(known.site, *per) else {
            return Judged::unknown(
                "In which city it stands is not known.",
                "the point of the site, or its city",
            );
        };
        let there = ground.regulated.count(&pack.applies_to.kinds, *per, area);
        if known.is_planned() {
            let says = format!("{area} has {there} such businesses without this one; the law allows {most}.");
            return Judged::by(there + 1 > *most, says);
        }
        return Judged::by(
            there > *most,
            format!("{area} has {there} such businesses; the law allows {most}."),
        );
    }
    let Some(point) = ground::point(known.site) else {
        return Judged::unknown(
            "The site has no point, so nothing can be measured.",
            "the point of the site",
        );
    };
    let anchor = Shape::from(point);
    let site = ground.site(&anchor, point, ground::error(known.site));
    match &rule.kind {
        Kind::Setback { to, feet, measure, later_counts } => {
            let found = places(ground, &site, known.on, to, (*measure, *feet));
            setback(known, found, (*measure, *feet), *later_counts)
        }
        Kind::Separation { from_kinds, feet, measure, may_prohibit } => {
            let (found, n_farther) =
                others(ground, (&site, known.site.id), point, from_kinds, (*measure, *feet));
            let mut judged = decide(found, n_farther, (*measure, *feet), "such business");
            if *may_prohibit && judged.outcome == super::Outcome::Broken {
                judged
                    .because
                    .push("The law lets the locality prohibit it, and does not itself do so.".to_owned());
            }
            judged
        }
        _ => Judged::not_applicable("The ground does not answer this."),
    }
}

/// Something near a site, measured.
pub(in crate::compliance) struct Near {
    pub(in crate::compliance) measurement: Measurement,
    /// The surest verdict of any method, and whether the methods agree.
    pub(in crate::compliance) within: Within,
    split: bool,
    since: Option<NaiveDate>,
    dated: bool,
}

impl Near {
    fn new(name: &str, class: &str, distances: Vec<Distance>, limit: Feet) -> Self {
        let verdicts = || distances.iter().map(|it| it.within);
        // With two methods both must say so; otherwise the law must name one.
        let within = if verdicts().all(|it| it == Within::Yes) {
            Within::Yes
        } else if verdicts().all(|it| it == Within::No) {
            Within::No
        } else {
            Within::Open
        };
        let split = verdicts().any(|it| it == Within::Yes) && within == Within::Open;
        let measurement = Measurement {
            name: name.to_owned(),
            class: class.to_owned(),
            place: None,
            site: None,
            distances,
            limit_feet: limit.0,
        };
        Self { measurement, within, split, since: None, dated: false }
    }

    fn feet(&self) -> f64 {
        self.measurement.distances.iter().map(|it| it.feet).fold(f64::INFINITY, f64::min)
    }
}

fn measured(method: Method, site: &Body<'_>, other: &Body<'_>, limit: Feet) -> Vec<Distance> {
    measuring::methods(method).iter().map(|it| measuring::distance(*it, site, other, limit)).collect()
}

/// The places of these classes that a limit may concern, nearest first.
pub(in crate::compliance) fn places(
    ground: &Ground<'_>,
    site: &Body<'_>,
    on: NaiveDate,
    classes: &[String],
    (method, limit): (Method, Feet),
) -> Vec<Near> {
    let mut found = Vec::new();
    for class in classes {
        let reach = ground.reach(class, limit, site.error);
        for (place, shape, _) in ground.places.within(ground.viewer, class, site.anchor, reach) {
            if !place.was_there(on) {
                continue;
            }
            let distances = measured(method, site, &ground.place(place, shape), limit);
            let mut near = Near::new(&place.name, class, distances, limit);
            near.measurement.place = Some(place.id.0);
            near.since = place.opened_on.map(|it| it.day());
            near.dated = near.since.is_some();
            found.push(near);
        }
    }
    found.sort_by(|a, b| a.feet().total_cmp(&b.feet()));
    found
}

/// The nearest other sites of these kinds that a limit may concern, and how many more are within it for sure: two points are
/// no nearer to each other than what stands around them.
fn others(
    ground: &Ground<'_>,
    (site, own): (&Body<'_>, SiteId),
    point: Point,
    kinds: &[String],
    (method, limit): (Method, Feet),
) -> (Vec<Near>, usize) {
    let reach = ground::reach_to_others(ground.classes, limit, site.error);
    let sure = Meters(Meters::from(limit).0 - site.error.0);
    let (nearest, n_farther) = ground.regulated.nearest(kinds, (point, own), MOST_MEASURED, (reach, sure));
    let near = nearest.into_iter().map(|other| {
        let mut near =
            Near::new(&other.name, &other.kind, measured(method, site, &ground.other(other), limit), limit);
        near.measurement.site = Some(other.id.0);
        near
    });
    let mut found: Vec<Near> = near.collect();
    found.sort_by(|a, b| a.feet().total_cmp(&b.feet()));
    (found, n_farther)
}

/// A place that came after a lawful site does not make it unlawful, unless the rule says so.
fn setback(known: &Known<'_>, mut found: Vec<Near>, what: (Method, Feet), later_counts: bool) -> Judged {
    let established = known.established();
    let came_later = |it: &Near| matches!((it.since, established), (Some(place), Some(site)) if place > site);
    let mut later = Vec::new();
    if !later_counts {
        later = found.extract_if(.., |it| it.within != Within::No && came_later(it)).collect();
    }
    // What is not there yet comes last: every place that is there was there before.
    let sure = later_counts
        || known.is_planned()
        || found.iter().any(|it| it.within == Within::Yes && it.dated && established.is_some());
    let since = found.iter().filter(|it| it.within == Within::Yes).filter_map(|it| it.since).min();
    let mut judged =
        decide(found, 0, what, "such place").since(since.max(established.filter(|_| since.is_some())));
    if judged.outcome == super::Outcome::Broken && !sure {
        judged = judged.because(match established {
            None => "Since when the site has been in business is not known; a place that came later does not count.",
            Some(_) => "Since when the place has been there is not known; if it came after the site, it does not count.",
        });
    }
    judged.with(later.iter().map(|it| {
        let text = format!("{} came later than the site and does not count", it.measurement.name);
        Evidence::plain(text, it.since)
    }))
}

/// What the nearest of them means.
fn decide(found: Vec<Near>, n_farther: usize, (method, limit): (Method, Feet), what: &str) -> Judged {
    let n_within = n_farther + found.iter().filter(|it| it.within == Within::Yes).count();
    let first = |within: Within| found.iter().find(|it| it.within == within);
    let split = found.iter().find(|it| it.split);
    let limit = feet(limit.0);
    let mut judged = if let Some(near) = first(Within::Yes) {
        let more = if n_within > 1 {
            format!(", and {} more within the limit", n_within - 1)
        } else {
            String::new()
        };
        Judged::broken(format!("{} is {} away, within {limit}{more}.", near.measurement.name, spread(near)))
    } else if let Some(near) = split {
        Judged::broken(format!(
            "{} is within {limit} by one method and not by the other.",
            near.measurement.name
        ))
        .because("The law names no method of measuring, and here the method decides.")
    } else if let Some(near) = first(Within::Open) {
        let says = format!(
            "{} may be within {limit}: it is {} away as far as outlines are known.",
            near.measurement.name,
            spread(near)
        );
        Judged::unknown(says, "the outlines of the lots or buildings, or a more exact point of the site")
    } else {
        match found.first() {
            Some(near) => Judged::kept(nearest(near, what)),
            None => Judged::kept(format!("No {what} on record is within {limit}.")),
        }
    };
    if method == Method::Unspecified && judged.outcome == super::Outcome::Broken {
        judged
            .evidence
            .push(Evidence::plain("Method unspecified: measured building to building and lot to lot", None));
    }
    judged.measurements = found.into_iter().take(MOST).map(|it| it.measurement).collect();
    judged
}

/// What is nearest though beyond the limit, by name where a finding may tell it.
fn nearest(near: &Near, what: &str) -> String {
    let name = &near.measurement.name;
    let name = if name == ground::ANOTHER { String::new() } else { format!(", {name},") };
    format!("The nearest {what} within reach{name} is {} away.", spread(near))
}

/// A distance, or the two of two methods.
fn spread(near: &Near) -> String {
    let all: Vec<String> = near.measurement.distances.iter().map(|it| feet(it.feet)).collect();
    match all.as_slice() {
        [a, b] if a != b => format!("{a} (building) or {b} (lot)"),
        [a, ..] => a.clone(),
        [] => String::new(),
    }
}

/// Feet as people write them: whole, with separators.
pub(in crate::compliance) fn feet(feet: f64) -> String {
    crate::web::format::feet(feet)
}
