//! From the events of one site to points of each family with their reasons: pure, in any order of input.

use super::card::Card;
use super::input::{Event, Site};
use super::reason::{Assessment, FamilyPoints, Reason};
use super::terms::Terms;
use super::view::View;
use super::{Centipoints, Family};
use crate::clock::Moment;

/// Points and reasons of a site as of a moment, by a card.
///
/// Events recorded later do not count; of each record the newest version recorded by then does. The order of the
/// events does not matter.
pub fn assess(card: &Card, site: &Site, events: &[Event], as_of: Moment) -> Assessment {
    let view = View::of(site, events, as_of);
    let mut terms = Terms::new(card, as_of.day());
    terms.violations(&view);
    terms.license(&view);
    terms.visits(&view);
    terms.complaints_and_continuity(&view);
    let mut reasons = terms.ranked(view.last_visit_passed());
    let families: Vec<FamilyPoints> = Family::ALL
        .iter()
        .map(|family| {
            let points = apply_caps(card, *family, &mut reasons);
            let cap = card.family(*family).cap;
            FamilyPoints { family: *family, points, cap, known: view.known(card, *family) }
        })
        .collect();
    Assessment { gaps: view.gaps(card), families, reasons }
}

/// Fills in what counts under the caps, the weightiest reason first; returns the family's points.
fn apply_caps(card: &Card, family: Family, reasons: &mut [Reason]) -> Centipoints {
    let own = card.family(family);
    let (mut left, mut left_anonymous) = (own.cap.0, own.anonymous_cap.map_or(i64::MAX, |it| it.0));
    for it in reasons.iter_mut().filter(|it| it.feature.family() == family) {
        let room = if it.anonymous { left.min(left_anonymous) } else { left };
        it.counted = Centipoints(it.points.0.min(room));
        left -= it.counted.0;
        left_anonymous -= if it.anonymous { it.counted.0 } else { 0 };
    }
    Centipoints(own.cap.0 - left)
}
