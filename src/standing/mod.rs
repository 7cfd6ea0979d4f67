//! Standing: each site's score, place and tier as of the last run, with the reasons; kept fresh as records change.
//!
//! One path: [`events`] reads what counts as of a moment → [`assess`] scores and ranks all sites in a run → [`store`]
//! keeps the run and the standings → [`snapshot`] shows them beside the sites. Between runs [`drain`] recomputes the
//! sites that a write marked stale, with the last run's figures of the population, and [`watch`] calls it.
//! A past standing is not stored: [`past`] computes it again as of that day, when a page asks for it.

use crate::clock::Moment;
use crate::db::{Json, from_json, id};
use crate::records::SiteId;
use crate::scoring::Centipoints;
use crate::scoring::population::Population;
use crate::scoring::rank::Tier;

pub mod assess;
mod consequences;
pub mod drain;
pub mod dropped;
pub mod events;
pub mod feeds;
pub mod filter;
mod inputs;
mod marks;
pub mod order;
pub mod pages;
pub mod past;
pub mod relink;
pub mod rings;
mod site;
pub mod snapshot;
pub mod store;
pub mod views;
pub mod watch;

id! {
    /// One full run.
    RunId
}

/// Where a site stands. Without points it is not scored: nothing is known of it, or it is not open.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Standing {
    /// The site.
    pub site_id: SiteId,
    /// The run whose figures of the population were used.
    pub run_id: RunId,
    /// The moment as of which it is.
    pub as_of: Moment,
    /// Of 10,000; none when the site is not scored, and then the tier is [`Tier::NotScored`].
    pub points: Option<Centipoints>,
    /// If nothing of what is unknown counted.
    pub low: Option<Centipoints>,
    /// If all that is unknown were as high as the kind's 90th percentile.
    pub high: Option<Centipoints>,
    /// Thousandths of the full score that are known.
    pub coverage: i64,
    /// By capacity within the kind; a site without a reason is in no tier that is put forward.
    pub tier: Tier,
    /// From 1 within the kind, in the last full run; none for a site recomputed since.
    pub place: Option<i64>,
    /// Whether a single point more or less would change the tier of a site that has a reason.
    pub borderline: bool,
    /// The weightiest reason, as a short sentence.
    pub headline: Option<String>,
}

/// One full run, with all that a single recompute needs of it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// The moment as of which it was made.
    pub as_of: Moment,
    /// When it had computed everything.
    pub finished_at: Moment,
    /// Cards, version of the program, inputs by hash: the same manifest gives the same bytes.
    #[sqlx(try_from = "Json<Manifest>")]
    pub manifest: Manifest,
    /// What is fixed until the next run.
    #[sqlx(try_from = "Json<Basis>", rename = "population")]
    pub basis: Basis,
    /// How many sites were known.
    pub n_sites: i64,
    /// How many events counted.
    pub n_events: i64,
    /// How many of them have a `recorded_at` that was reckoned, not recorded.
    pub n_backfilled: i64,
}

/// Everything that decides a run's result.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Manifest {
    /// The program's version.
    pub version: String,
    /// The moment as of which the run was made.
    pub as_of: Moment,
    /// By id, the SHA-256 of each card; the texts are kept in the table `knowledge`.
    pub cards: std::collections::BTreeMap<String, String>,
    /// SHA-256 of all sites and events in a fixed order.
    pub inputs: String,
}

from_json!(Manifest);
from_json!(Basis);

/// What a full run fixes until the next.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Basis {
    /// What is typical of each kind, and where its tiers end.
    pub population: Population,
    /// What is watched where.
    pub feeds: feeds::Feeds,
    /// A hash of what the ring counts were made of; empty when they were not made.
    pub rings: String,
}

#[cfg(test)]
mod tests;
