//! From one site's events to its standing, by the figures of a run: the same for a full run and a single recompute.

use super::feeds::Feeds;
use super::{RunId, Standing};
use crate::scoring::input::Site as Input;
use crate::scoring::rank::{Cutoffs, Ranked, Tier};
use crate::scoring::score::Score;
use crate::scoring::{Centipoints, rank};
use crate::sites::{Site, Status};

/// A tier is close when so much more or less would change it.
const CLOSE: i64 = 100;

/// What scoring may know of a site. Only a site that is known to be open is ranked, and can miss a license.
pub(super) fn input(site: &Site, feeds: &Feeds) -> Input {
    Input { id: site.id.0, open: is_open(site), watched: feeds.of(site) }
}

pub(super) fn is_open(site: &Site) -> bool {
    site.status == Status::Open
}

/// The standing of a site that a run ranked, or one that is recomputed after it.
pub(super) fn standing(
    site: &Site,
    score: &Score,
    run: RunId,
    cutoffs: Cutoffs,
    ranked: Option<&Ranked>,
    run_as_of: crate::clock::Moment,
) -> Standing {
    let counts = is_open(site) && score.scored;
    let own = rank::Standing::of(site.id.0, score.points, run_as_of);
    let tier = match ranked {
        Some(it) => it.tier,
        None if counts && score.has_reason() => cutoffs.tier(own),
        None if counts => Tier::Third,
        None => Tier::NotScored,
    };
    let shown = |it: Centipoints| counts.then_some(it);
    Standing {
        site_id: site.id,
        run_id: run,
        as_of: score.as_of,
        points: shown(score.points),
        low: shown(score.low),
        high: shown(score.high),
        coverage: score.coverage,
        tier,
        place: ranked.and_then(|it| i64::try_from(it.place).ok()),
        borderline: counts && score.has_reason() && close(cutoffs, score.points),
        headline: headline(score),
    }
}

fn close(cutoffs: Cutoffs, points: Centipoints) -> bool {
    let ends = [cutoffs.first, cutoffs.second];
    ends.into_iter().flatten().any(|end| (end.points.0 - points.0).abs() <= CLOSE)
}

fn headline(score: &Score) -> Option<String> {
    let counted = score.reasons.iter().filter(|it| it.counted > Centipoints::ZERO);
    // Among equals the first, which is the earlier family's.
    let weightiest = counted.rev().max_by_key(|it| it.counted)?;
    Some(weightiest.title())
}
