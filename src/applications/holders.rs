//! What goes with a license beside its record: the site that it is for, and the party that holds it.

use super::acts::Desk;
use super::workflow::Effect;
use super::{Application, Holder};
use crate::clock::Moment;
use crate::db::{self, Tx};
use crate::parties::form::next_holding;
use crate::parties::{self, Holding, HoldingId, Role};
use crate::records::{Place, SiteId};
use crate::sites::form::{Location, blank, read_location};
use crate::sites::keeping::{may_be_kept, place};
use crate::sites::{self, Site, Status};
use crate::web;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws};

/// The place of a site, as a record at it has it.
pub fn place_of(site: &Site) -> Place {
    Place {
        address: Some(site.address.clone()),
        unit: site.unit.clone(),
        city: site.city.clone(),
        building_id: site.building_id,
        lon: site.lon,
        lat: site.lat,
        point_method: site.point_method,
    }
}

/// Puts a site at a location, where that may be kept. What is to be mended is the inner error.
///
/// # Errors
/// The database does not answer.
pub async fn placed(
    tx: &mut Tx,
    desk: &Desk<'_>,
    location: Location,
    mut site: Site,
) -> web::Result<Result<Site, Flaws>> {
    let placed = place(tx, desk.viewer, desk.areas, &location, None).await?;
    location.put(&mut site, placed);
    Ok(may_be_kept(tx, desk.viewer, &site).await?.map(|()| site))
}

/// Opens the site of a business that gets its first license. What is to be mended is the inner error.
///
/// # Errors
/// The database does not answer.
pub async fn open_site(tx: &mut Tx, desk: &Desk<'_>, it: &mut Application) -> web::Result<Result<(), Flaws>> {
    let number = |it: Option<f64>| it.map(|it| it.to_string());
    let values = [
        ("address", it.place.address.clone()),
        ("unit", it.place.unit.clone()),
        ("city", it.place.city.clone()),
        ("lat", number(it.place.lat)),
        ("lon", number(it.place.lon)),
    ];
    let values: Params = values.into_iter().map(|(name, value)| (name, value.unwrap_or_default())).collect();
    let mut form = Filled::new(&values);
    let location = read_location(&mut form);
    if !form.flaws.is_empty() {
        return Ok(Err(form.flaws));
    }
    let mut site = blank(SiteId(desk.clock.id()), sites::store::next_number(tx).await?, desk.now);
    (site.kind, site.name, site.status) = (it.kind.clone(), it.business.clone(), Status::Open);
    let site = match placed(tx, desk, location, site).await? {
        Ok(site) => site,
        Err(flaws) => return Ok(Err(flaws)),
    };
    it.site_id = Some(site.id);
    it.place = place_of(&site);
    sites::store::save(tx, vec![site], desk.now).await?;
    Ok(Ok(()))
}

/// Notes who holds the license from today on, or holds it no more.
///
/// # Errors
/// The database does not answer.
pub async fn follow(tx: &mut Tx, desk: &Desk<'_>, it: &Application, effect: Effect) -> db::Result<()> {
    let (Some(site), Holder::Business) = (it.site_id, it.holder) else { return Ok(()) };
    let ended = match effect {
        Effect::Transfer => Some("The license was transferred"),
        Effect::Revoke => Some("The license was revoked"),
        _ => None,
    };
    let held = parties::store::of_site(&mut *tx, desk.viewer, site).await?;
    let held: Vec<_> = held
        .into_iter()
        .filter(|it| it.holding.role == Role::Licensee && it.holding.lasts_on(desk.today))
        .filter(|it| it.holding.site_id.is_some())
        .collect();
    let is_ours = |root| it.party_id == Some(root);
    let mut rows = Vec::new();
    if let Some(why) = ended {
        // Of a transfer everyone else's ends; of a revocation that of the party it is about.
        let over = held.iter().filter(|it| is_ours(it.root) != (effect == Effect::Transfer));
        rows.extend(over.map(|it| Holding {
            to_on: Some(Moment::Day(desk.today)),
            ended_why: Some(why.to_owned()),
            ..next_holding(&it.holding, desk.now)
        }));
    }
    let begins = matches!(effect, Effect::Issue | Effect::Transfer);
    if let Some(party) = it.party_id.filter(|_| begins && !held.iter().any(|it| is_ours(it.root))) {
        let id = HoldingId(desk.clock.id());
        rows.push(Holding {
            id,
            version: 1,
            recorded_at: desk.now,
            source: sites::form::DESK.to_owned(),
            source_key: id.to_string(),
            batch_id: None,
            party_id: party,
            site_id: Some(site),
            building_id: None,
            role: Role::Licensee,
            share: None,
            from_on: Some(Moment::Day(desk.today)),
            to_on: None,
            ended_why: None,
        });
    }
    parties::store::save_holdings(tx, rows, desk.now).await
}
