//! A site as exports see it: the catalog's facts, and its standing for those who may see it.

use std::io::{self, Write};
use std::sync::Arc;

use super::Writer;
use super::chosen::Chosen;
use crate::formats::field::Field;
use crate::rights::{Resource, Viewer};
use crate::scoring::{Centipoints, STANDING_SENTENCE};
use crate::sites::Site;
use crate::standing::Standing;
use crate::standing::filter::Filter;
use crate::standing::snapshot::Snapshot;
use crate::web;
use crate::web::extract::Params;

const OF_SCORE: [&str; 5] = ["tier", "points", "points_low", "points_high", "coverage"];
const STANDING: &str = "standing";

/// The names of all properties, in order.
pub const PROPERTIES: [&str; 25] = [
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
    "phone",
    "point_method",
    OF_SCORE[0],
    OF_SCORE[1],
    OF_SCORE[2],
    OF_SCORE[3],
    OF_SCORE[4],
    STANDING,
    "source",
    "source_key",
];

/// The properties that somebody asked for; with a number of the score always the sentence that says what it is, and
/// neither for who may not see standings.
///
/// # Errors
/// See [`Chosen::parse`].
pub fn properties(params: &Params, viewer: &Viewer) -> web::Result<Vec<&'static str>> {
    let of_standing = |it: &str| OF_SCORE.contains(&it) || it == STANDING;
    let known = |it: &&str| viewer.may_see(Resource::Standing) || !of_standing(it);
    let chosen = Chosen::parse(params, PROPERTIES.into_iter().filter(known))?;
    let scored = OF_SCORE.into_iter().any(|it| chosen.has(it));
    let has = |it: &&str| chosen.has(it) || (scored && *it == STANDING);
    Ok(PROPERTIES.into_iter().filter(known).filter(has).collect())
}

/// Writes the sites that fit `filter` and that `viewer` may see, by number, and says how many they are.
///
/// # Errors
/// The sink fails.
pub fn write(
    writer: &mut Writer<impl Write>,
    snapshot: &Arc<Snapshot>,
    viewer: &Viewer,
    filter: &Filter,
    properties: &[&'static str],
) -> io::Result<u64> {
    let sites = snapshot.sites(viewer);
    let mut n_rows = 0;
    for n in snapshot.matching(viewer, filter) {
        write_one(writer, properties, &sites[n], snapshot.standing(viewer, n))?;
        n_rows += 1;
    }
    Ok(n_rows)
}

fn write_one(
    writer: &mut Writer<impl Write>,
    properties: &[&'static str],
    site: &Site,
    standing: Option<&Standing>,
) -> io::Result<()> {
    let scored = standing.filter(|it| it.points.is_some());
    let points = |it: Option<Centipoints>| it.map(Centipoints::points).into();
    let (code, other_names) = (site.code(), site.other_names.join("; "));
    let [status_on, opened_on, closed_on] =
        [site.status_on, site.opened_on, site.closed_on].map(|it| it.map(|at| at.to_string()));
    let fields: [Field<'_>; PROPERTIES.len()] = [
        code.as_str().into(),
        site.kind.as_str().into(),
        site.name.as_str().into(),
        other_names.as_str().into(),
        site.address.as_str().into(),
        site.unit.as_deref().into(),
        site.city.as_deref().into(),
        site.state.as_deref().into(),
        site.zip.as_deref().into(),
        site.city_area.as_deref().into(),
        site.county.as_deref().into(),
        site.status.as_str().into(),
        status_on.as_deref().into(),
        opened_on.as_deref().into(),
        closed_on.as_deref().into(),
        site.phone.as_deref().into(),
        site.point_method.as_str().into(),
        standing.map(|it| it.tier.as_str()).into(),
        points(scored.and_then(|it| it.points)),
        points(scored.and_then(|it| it.low)),
        points(scored.and_then(|it| it.high)),
        standing.map(|it| it.coverage as f64 / 1000.0).into(),
        // A score never stands without the sentence that says what it is.
        scored.map(|_| STANDING_SENTENCE).into(),
        site.source.as_str().into(),
        site.source_key.as_str().into(),
    ];
    writer.row(
        site.id.0,
        site.point(),
        PROPERTIES.into_iter().zip(fields).filter(|it| properties.contains(&it.0)),
    )
}
