//! Reads what a site came from and what it became: the confirmed path, what is only proposed, and what was established at
//! the sites before it.

use std::collections::HashMap;

use crate::db::{self, Db};
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::sites::{self, Site};
use crate::successions::{Adjudicated, State, Succession, store};

/// What stands before and after a site.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The confirmed steps through the site, the earliest first.
    pub(super) path: Vec<Succession>,
    /// Proposals from it or to it.
    pub(super) proposed: Vec<Succession>,
    /// The sites that they speak of, where the viewer may see them.
    pub(super) sites: HashMap<SiteId, Site>,
    /// What was established at sites that it succeeded, the latest first.
    pub(super) established: Vec<Adjudicated>,
}

/// Reads it.
pub(super) async fn read(db: &Db, viewer: &Viewer, site: SiteId) -> db::Result<Before> {
    let around = store::of_site(db, viewer, site, None).await?;
    if around.is_empty() {
        return Ok(Before::default());
    }
    let path = store::path(db, viewer, site, None).await?;
    let predecessors = store::predecessors(db, viewer, site, None).await?;
    let established = store::adjudicated(db, viewer, &predecessors).await?;
    let proposed: Vec<Succession> = around.into_iter().filter(|it| it.state == State::Proposed).collect();
    let mut ids: Vec<SiteId> =
        path.iter().chain(&proposed).flat_map(|it| [it.from_site, it.to_site]).collect();
    ids.sort_unstable();
    ids.dedup();
    let sites = sites::store::some(db, viewer, &ids).await?.into_iter().map(|it| (it.id, it)).collect();
    Ok(Before { path, proposed, sites, established })
}
