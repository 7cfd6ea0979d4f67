//! A site's score: the points of its families, with what is typical of the kind in place of what is unknown.

use super::assess::assess;
use super::card::Card;
use super::input::{Event, Site};
use super::population::Typical;
use super::reason::{Assessment, FamilyPoints, Gap, Reason};
use super::{Centipoints, Family};
use crate::clock::Moment;

/// A score with everything that led to it.
///
/// `points` = the families' points + what is typical in place of the unknown. Where every family is either known
/// or not, this is c·S_known + (1-c)·S_typ, with c the coverage.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// Of 10,000.
    pub points: Centipoints,
    /// If nothing of what is unknown counted.
    pub low: Centipoints,
    /// If all that is unknown were as high as the kind's 90th percentile.
    pub high: Centipoints,
    /// Thousandths of the full score that are known.
    pub coverage: i64,
    /// Whether anything at all is known; if not, the site is not scored and not ranked.
    pub scored: bool,
    /// Each family, in order.
    pub families: Vec<FamilyScore>,
    /// Each reason, by family, the weightiest first; what counted adds up to the families' known points.
    pub reasons: Vec<Reason>,
    /// What is not known, or was left out.
    pub gaps: Vec<Gap>,
    /// The moment as of which it is.
    pub as_of: Moment,
    /// The hash of the card that made it.
    pub card: String,
}

/// A family's part in a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FamilyScore {
    /// The family.
    pub family: Family,
    /// What its reasons add up to.
    pub points: Centipoints,
    /// What is typical of the kind, in place of what is unknown.
    pub typical: Centipoints,
    /// The cap of both together.
    pub cap: Centipoints,
    /// Thousandths of the family that are known: 0, 500 (partly) or 1,000.
    pub known: i64,
}

/// The score of one site as of a moment, by a card; `typical` is the kind's, of the last full run.
pub fn score_site(card: &Card, site: &Site, events: &[Event], typical: Typical, as_of: Moment) -> Score {
    score(card, assess(card, site, events, as_of), typical, as_of)
}

/// The second half of [`score_site`]: a full run assesses all sites before it knows what is typical.
pub fn score(card: &Card, site: Assessment, typical: Typical, as_of: Moment) -> Score {
    let families: Vec<FamilyScore> = site
        .families
        .iter()
        .map(|it| {
            let FamilyPoints { family, points, cap, known } = *it;
            FamilyScore { family, points, typical: fill(it, typical.median), cap, known }
        })
        .collect();
    let low: Centipoints = families.iter().map(|it| it.points).sum();
    let filled: Centipoints = families.iter().map(|it| it.typical).sum();
    let high: Centipoints = site.families.iter().map(|it| fill(it, typical.high)).sum();
    let coverage = site.coverage();
    Score {
        points: Centipoints(low.0 + filled.0),
        low,
        high: Centipoints(low.0 + high.0),
        coverage,
        scored: coverage > 0 || site.reasons.iter().any(|it| it.counted > Centipoints::ZERO),
        families,
        reasons: site.reasons,
        gaps: site.gaps,
        as_of,
        card: card.hash.clone(),
    }
}

/// The unknown part of what the reasons leave of the cap, at so many points of 100.
fn fill(it: &FamilyPoints, at: Centipoints) -> Centipoints {
    let room = (1000 - it.known) * (it.cap.0 - it.points.0) * at.0;
    let whole = 1000 * Centipoints::FULL.0;
    Centipoints((room + whole / 2) / whole)
}

impl Score {
    /// Whether any record gave points.
    pub fn has_reason(&self) -> bool {
        self.low > Centipoints::ZERO
    }

    /// How much the unknown may matter: the interval's width. Large ones make the list of information gaps.
    pub fn width(&self) -> Centipoints {
        Centipoints(self.high.0 - self.low.0)
    }
}
