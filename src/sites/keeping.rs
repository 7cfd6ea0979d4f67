//! How a site that a person enters is placed and whether it may be kept: the same for every form that makes or changes one.

use super::form::{self, Location, Placed};
use super::{Site, store};
use crate::areas;
use crate::audit::{self, Act};
use crate::db::{Db, Tx};
use crate::denied;
use crate::records::PointMethod;
use crate::rights::{Resource, Viewer};
use crate::web::extract::Params;
use crate::web::filled::Flaws;
use crate::web::{self, guarded};

/// The point of a form: what it was if the form left it alone, else a person's pin, else an imported address point.
///
/// # Errors
/// The database does not answer.
pub async fn place(
    tx: &mut Tx,
    viewer: &Viewer,
    areas: &areas::snapshot::Snapshot,
    location: &Location,
    known: Option<&Site>,
) -> web::Result<Placed> {
    let (point, method, meters) = match (location.point, known) {
        (Some(point), Some(known)) if known.point() == Some(point) => {
            (Some(point), known.point_method, known.point_meters)
        }
        (Some(point), _) => (Some(point), PointMethod::Pin, None),
        (None, _) => match location.building() {
            Some(building) => {
                let found =
                    store::address_point(&mut *tx, viewer, building, location.unit().as_deref()).await?;
                (found, found.map_or(PointMethod::None, |_| PointMethod::AddressPoint), None)
            }
            None => (None, PointMethod::None, None),
        },
    };
    let found = point.map(|(lon, lat)| areas.locate(lon, lat)).unwrap_or_default();
    Ok(Placed { point, method: Some(method), meters, city: found.city, county: found.county })
}

/// A transaction that no import and no other form overtakes.
///
/// # Errors
/// The database does not answer.
pub async fn begin(db: &Db) -> web::Result<Tx> {
    let mut tx = db.begin().await?;
    tx.one_at_a_time("import").await?;
    Ok(tx)
}

/// What the log keeps of a change.
pub fn changed(before: Option<&Site>, after: &Site, params: &Params) -> audit::Entry {
    let entry =
        audit::Entry::new(Act::Change).on(Resource::Site).about(after.id.0).with("version", after.version);
    let before = before.map(form::logged).unwrap_or_default();
    entry.changed(&before, &form::logged(after)).with_all("confirmed", guarded::confirmations(params))
}

/// A protected place is kept by nobody, and the page says no more than that.
/// What is to be mended is the inner error.
///
/// # Errors
/// The database does not answer.
pub async fn may_be_kept(tx: &mut Tx, viewer: &Viewer, site: &Site) -> web::Result<Result<(), Flaws>> {
    if denied::store::read(tx.into()).await?.holds(site.building_id, site.point()) {
        let mut flaws = Flaws::default();
        flaws.add("address", "This place may not be kept in FOCA. Nothing was saved.");
        return Ok(Err(flaws));
    }
    Ok(within_reach(viewer, site))
}

/// Who answers for a part of the state keeps the sites of that part.
fn within_reach(viewer: &Viewer, site: &Site) -> Result<(), Flaws> {
    let mut flaws = Flaws::default();
    if !viewer.covers(site.city_area.as_deref().or(site.city.as_deref()), site.county.as_deref()) {
        flaws.add("address", "This lies outside of your area, as far as city and point tell. Whoever answers for it can save it.");
    }
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}
