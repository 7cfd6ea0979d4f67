//! Where a site came from and where it goes on, as the panel tells it and as lines that the map's script draws.

use crate::clock::Moment;
use crate::db::{self, Db};
use crate::formats::field::Field;
use crate::formats::geojson_out::GeojsonWriter;
use crate::records::SiteId;
use crate::rights::{Resource, Viewer};
use crate::sites::Site;
use crate::sites::snapshot::Snapshot;
use crate::successions::{State, store};
use crate::web::format;

/// One step of the path, in words, and where it leads.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) from: Site,
    pub(super) to: Site,
    pub(super) is_confirmed: bool,
}

/// The confirmed path through a site and what is proposed from it or to it, as known at a moment or now.
pub(super) async fn legs(
    db: &Db,
    viewer: &Viewer,
    sites: &Snapshot,
    site: SiteId,
    as_of: Option<Moment>,
) -> db::Result<Vec<Leg>> {
    if !viewer.may_see(Resource::Succession) {
        return Ok(Vec::new());
    }
    let mut steps = store::path(db, viewer, site, as_of).await?;
    let around = store::of_site(db, viewer, site, as_of).await?;
    steps.extend(around.into_iter().filter(|it| it.state == State::Proposed));
    let leg = |it: &crate::successions::Succession| {
        let (from, to) = (sites.find(viewer, it.from_site)?, sites.find(viewer, it.to_site)?);
        Some(Leg { from: from.clone(), to: to.clone(), is_confirmed: it.state == State::Confirmed })
    };
    Ok(steps.iter().filter_map(leg).collect())
}

impl Leg {
    /// When the one ended and the other began.
    pub(super) fn days(&self) -> String {
        let ended = self.from.closed_on.or(self.from.status_on).map(|it| format::day(it.day()));
        let began = self.to.opened_on.map(|it| format::day(it.day()));
        match (ended, began) {
            (Some(ended), Some(began)) => format!("{ended} → {began}"),
            (Some(ended), None) => format!("ended {ended}"),
            (None, Some(began)) => format!("opened {began}"),
            (None, None) => String::new(),
        }
    }
}

/// The legs whose two points are known, as GeoJSON lines.
pub(super) fn geojson(legs: &[Leg]) -> Option<String> {
    let drawn: Vec<_> = legs.iter().filter_map(|it| Some((it, [it.from.point()?, it.to.point()?]))).collect();
    if drawn.is_empty() {
        return None;
    }
    let mut out = GeojsonWriter::new(Vec::new(), None).ok()?;
    for (n, (leg, ends)) in drawn.iter().enumerate() {
        let days = leg.days();
        let properties = [("confirmed", Field::Bool(leg.is_confirmed)), ("days", Field::Text(&days))];
        out.line(n as i64, Some(ends), properties).ok()?;
    }
    String::from_utf8(out.finish().ok()?).ok()
}
