//! A site as exports see it: the catalog's facts, and its standing for those who may see it.

use std::sync::Arc;

use super::{Cell, Exported};
use crate::rights::Viewer;
use crate::scoring::{Centipoints, STANDING_SENTENCE};
use crate::sites::Site;
use crate::standing::Standing;
use crate::standing::filter::Filter;
use crate::standing::snapshot::Snapshot;

/// One site of an export.
#[derive(Clone, Copy, Debug)]
pub struct SiteRow<'a> {
    site: &'a Site,
    standing: Option<&'a Standing>,
}

/// The sites that fit `filter` and that `viewer` may see, by number.
pub fn rows<'a>(
    snapshot: &'a Arc<Snapshot>,
    viewer: &'a Viewer,
    filter: &'a Filter,
) -> impl Iterator<Item = SiteRow<'a>> + 'a {
    let sites = snapshot.sites(viewer);
    let matching = snapshot.matching(viewer, filter);
    matching.into_iter().map(move |n| SiteRow { site: &sites[n], standing: snapshot.standing(viewer, n) })
}

impl Exported for SiteRow<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "code",
        "kind",
        "name",
        "other_names",
        "address",
        "unit",
        "city",
        "state",
        "zip",
        "city_area",
        "county",
        "status",
        "status_on",
        "opened_on",
        "closed_on",
        "point_method",
        "tier",
        "points",
        "points_low",
        "points_high",
        "coverage",
        "standing",
        "source",
        "source_key",
    ];

    fn id(&self) -> String {
        self.site.id.to_string()
    }

    fn point(&self) -> Option<(f64, f64)> {
        self.site.point()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        let site = self.site;
        let scored = self.standing.filter(|it| it.points.is_some());
        let mut cells: Vec<Cell<'_>> = vec![site.code().into(), (&site.kind).into(), (&site.name).into()];
        cells.push(site.other_names.join("; ").into());
        cells.push((&site.address).into());
        let texts = [&site.unit, &site.city, &site.state, &site.zip, &site.city_area, &site.county];
        cells.extend(texts.map(|it| it.as_ref().into()));
        cells.push(site.status.as_str().into());
        cells.extend([site.status_on, site.opened_on, site.closed_on].map(Cell::from));
        cells.push(site.point_method.as_str().into());
        cells.push(self.standing.map(|it| it.tier.as_str()).into());
        cells.push(scored.and_then(|it| it.points).map(Centipoints::points).into());
        cells.push(scored.and_then(|it| it.low).map(Centipoints::points).into());
        cells.push(scored.and_then(|it| it.high).map(Centipoints::points).into());
        cells.push(self.standing.map(|it| it.coverage as f64 / 1000.0).into());
        // A score never stands without the sentence that says what it is.
        cells.push(scored.map(|_| STANDING_SENTENCE).into());
        cells.extend([(&site.source).into(), (&site.source_key).into()]);
        cells
    }
}
