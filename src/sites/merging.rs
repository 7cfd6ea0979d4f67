//! Two sites that are one business: merged, and split again, without losing a record. Every link moves as a further version,
//! so that as of an earlier day the old ones stand.

use super::{Site, Status};
use crate::clock::Moment;
use crate::db::id;
use crate::records::SiteId;

id! {
    /// One merging of two sites.
    MergeId
}

/// One merging.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Merge {
    /// Which.
    pub id: MergeId,
    /// The site that gave its records away.
    pub from_site: SiteId,
    /// The site that holds them now.
    pub into_site: SiteId,
    /// When.
    pub merged_at: Moment,
    /// Who did it.
    pub merged_name: String,
    /// Why.
    pub why: String,
    /// When it was split again.
    pub split_at: Option<Moment>,
    /// Who split it.
    pub split_name: Option<String>,
    /// Why it was split.
    pub split_why: Option<String>,
}

/// Why two sites cannot be merged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// They are one already.
    #[error("A site cannot be merged into itself. Choose another one.")]
    Same,
    /// The site was merged meanwhile.
    #[error("This site is merged already. Split it from the other one first.")]
    Merged,
    /// The other one was merged into a third.
    #[error("The other site is merged into a third one itself. Choose that one.")]
    IntoMerged,
}

/// Whether `from` can be merged into `into`.
///
/// # Errors
/// Why not.
pub fn may_merge(from: &Site, into: &Site) -> Result<(), Refusal> {
    if from.id == into.id {
        Err(Refusal::Same)
    } else if from.status == Status::Merged {
        Err(Refusal::Merged)
    } else if into.status == Status::Merged {
        Err(Refusal::IntoMerged)
    } else {
        Ok(())
    }
}
