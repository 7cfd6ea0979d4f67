//! Where somebody asks about: an address or a point, as typed or pasted, brought to a point on record.

use std::sync::Arc;

use super::job::Rules;
use super::neighbors::may_know;
use super::what_if::Spot;
use crate::areas;
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::geo::Point;
use crate::geo::distance::Meters;
use crate::records::BuildingId;
use crate::rights::Viewer;
use crate::sites::snapshot::Snapshot;
use crate::sites::{Kinds, Site, store};
use crate::text::address::{Address, city_key};
use crate::web::extract::Params;
use crate::web::filled::Flaws;

/// The largest difference of house numbers at which a site on the same street still tells about where an address is.
const NEAREST_NUMBERS: u32 = 200;
/// House numbers grow by about one a meter: a hundred a block of some 100 m.
const METERS_A_NUMBER: f64 = 1.0;
/// A point found by its street alone is no more exact than half a block.
const LEAST_ERROR: f64 = 50.0;
const HOW: &str = "Give a street address with its city, as 2417 Tollgrave Ave S, Minneapolis; or a point, as 44.9778, -93.2650.";

/// What an answer is made from.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The kinds of site.
    pub kinds: Arc<Kinds>,
    /// The rules, and the places that they speak of.
    pub rules: Rules,
    /// Which city and county hold a point.
    pub areas: Arc<areas::snapshot::Snapshot>,
    /// The sites of the whole state.
    pub sites: Arc<Snapshot>,
}

/// A question that can be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Where what kind of business is thought of.
    pub spot: Spot,
    /// What people call the place: the address, or the point itself.
    pub place: String,
    /// How the point was found, where nobody gave it.
    pub found: Option<String>,
}

/// A point that an address led to.
struct Found {
    point: (f64, f64),
    error: f64,
    how: String,
}

/// The kinds of business that some pack speaks of, as word and label, in the order of lists.
pub fn kinds<'a>(rules: &Rules, kinds: &'a Kinds) -> Vec<(&'a str, &'a str)> {
    let spoken_of = |word: &str| rules.packs.iter().any(|it| it.applies_to.kinds.iter().any(|it| it == word));
    kinds.in_order().into_iter().filter(|(word, _)| spoken_of(word)).collect()
}

/// The question of an address: `address`, or `lon` and `lat`, and `kind`; none while nothing is asked.
///
/// # Errors
/// The database does not answer; what is to be mended is the inner error.
pub async fn read(
    desk: &Desk,
    viewer: &Viewer,
    params: &Params,
) -> db::Result<Option<Result<Question, Flaws>>> {
    let mut flaws = Flaws::default();
    let offered = kinds(&desk.rules, &desk.kinds);
    let kind = params.get("kind").filter(|it| offered.iter().any(|(word, _)| word == it));
    if params.get("kind").is_some() && kind.is_none() {
        flaws.add("kind", "Choose a kind of the list: rules speak of these only.");
    }
    let kind = kind.or(offered.first().map(|it| it.0)).unwrap_or(Kinds::OTHER);
    let question = match (params.get("address"), params.get("lat"), params.get("lon")) {
        (None, None, None) if params.get("kind").is_none() => return Ok(None),
        (Some(text), _, _) => of_text(desk, viewer, kind, text).await?,
        (None, None, None) => Err(HOW.to_owned()),
        (None, lat, lon) => {
            let pasted = format!("{}, {}", lat.unwrap_or_default(), lon.unwrap_or_default());
            pair(&pasted).unwrap_or(Err(HOW.to_owned())).map(|it| at(desk, kind, it))
        }
    };
    Ok(Some(match question {
        Ok(question) if flaws.is_empty() => Ok(question),
        Ok(_) => Err(flaws),
        Err(advice) => {
            flaws.add("address", advice);
            Err(flaws)
        }
    }))
}

async fn of_text(
    desk: &Desk,
    viewer: &Viewer,
    kind: &str,
    text: &str,
) -> db::Result<Result<Question, String>> {
    if let Some(point) = pair(text) {
        return Ok(point.map(|it| at(desk, kind, it)));
    }
    let address = Address::parse(text);
    if !address.has_house() {
        return Ok(Err(HOW.to_owned()));
    }
    let Some(building) = BuildingId::of(&address) else {
        return Ok(Err("Add the city, as 2417 Tollgrave Ave S, Minneapolis.".to_owned()));
    };
    let unit = address.unit_key();
    let found = match store::address_point(&desk.db, viewer, building, unit.as_deref()).await? {
        Some(point) => {
            Some(Found { point, error: 0.0, how: "The point is that of the address on record.".to_owned() })
        }
        None => by_sites(desk, viewer, &address, building),
    };
    let point = found.as_ref().and_then(|it| Point::parse(it.point.0, it.point.1).ok());
    let (Some(found), Some(point)) = (found, point) else {
        return Ok(Err(
            "No point is on record for this address. Give the point itself, as 44.9778, -93.2650; or choose \
                       “What if” on the map and click the place."
                .to_owned(),
        ));
    };
    let mut question = at(desk, kind, point);
    question.spot.error = Meters(found.error);
    question.spot.written_city = address.city.as_deref().map(crate::web::format::place);
    question.spot.state = address.state;
    question.place = text.to_owned();
    question.found = Some(found.how);
    Ok(Ok(question))
}

/// The point of a site in that building, or else of the site on that street whose number is nearest.
fn by_sites(desk: &Desk, viewer: &Viewer, address: &Address, building: BuildingId) -> Option<Found> {
    let all = desk.sites.sites(&Viewer::system("what-if"));
    let seen = || all.iter().filter(|it| may_know(viewer, it) && it.point().is_some());
    if let Some(site) = seen().find(|it| it.building_id == Some(building)) {
        let how = format!("The point is that of {}, in the same building.", site.name);
        return Some(Found { point: site.point()?, error: site.point_meters.unwrap_or(0.0), how });
    }
    let (street, number) = (address.street_key()?, house(address)?);
    let city = address.city.as_deref().map(city_key)?;
    let off = |site: &Site| {
        let it = Address::parse(&site.address);
        let same = it.street_key().as_ref() == Some(&street)
            && it.directions() == address.directions()
            && site.city.as_deref().map(city_key).as_ref() == Some(&city);
        same.then(|| house(&it)).flatten().map(|it| it.abs_diff(number))
    };
    // An address is read anew only for sites of the same city.
    let in_city = seen().filter(|it| it.city.as_deref().map(city_key).as_ref() == Some(&city));
    let near = in_city.filter_map(|it| Some((off(it)?, it))).min_by_key(|it| (it.0, it.1.number));
    let (off, site) = near.filter(|it| it.0 <= NEAREST_NUMBERS)?;
    let error = (f64::from(off) * METERS_A_NUMBER).max(LEAST_ERROR) + site.point_meters.unwrap_or(0.0);
    let how = format!(
        "The address is not on record: the point is that of {}, {}, on the same street, and may be {error:.0} m off.",
        site.name, site.address
    );
    Some(Found { point: site.point()?, error, how })
}

/// The house number, of a range the first.
fn house(address: &Address) -> Option<u32> {
    address.lowest_number()?.parse().ok()
}

/// Two numbers, latitude first, as maps give them to copy; none for a text that is no pair of numbers.
fn pair(text: &str) -> Option<Result<Point, String>> {
    let text = text.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    let mut parts = text.split([',', ' ', ';']).filter(|it| !it.is_empty()).map(|it| it.parse::<f64>().ok());
    let (lat, lon) = (parts.next()??, parts.next()??);
    if parts.next().is_some() || !lat.is_finite() || !lon.is_finite() {
        return None;
    }
    let read = Point::parse(lon, lat);
    Some(
        read.map_err(|error| {
            format!("No such point: {error}. Give the latitude first, as 44.9778, -93.2650.")
        }),
    )
}

fn at(desk: &Desk, kind: &str, point: Point) -> Question {
    let here = desk.areas.locate(point.lon(), point.lat());
    let spot = Spot {
        point,
        error: Meters(0.0),
        kind: kind.to_owned(),
        city: here.city,
        written_city: None,
        county: here.county,
        state: None,
    };
    Question { spot, place: coordinates(point), found: None }
}

/// Latitude and longitude to a tenth of a meter.
pub fn coordinates(point: Point) -> String {
    format!("{:.6}, {:.6}", point.lat(), point.lon())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_as_maps_give_it_to_copy() {
        for text in ["44.95, -93.1", "44.95 -93.1", "(44.95,-93.1)", " 44.95;-93.1 "] {
            let point = pair(text).unwrap().unwrap();
            assert_eq!((point.lat(), point.lon()), (44.95, -93.1), "{text}");
        }
    }

    #[test]
    fn an_address_is_no_point_and_a_wrong_point_says_what_comes_first() {
        assert!(pair("2417 Tollgrave Ave S, Minneapolis").is_none());
        assert!(pair("100 200 300").is_none());
        assert!(pair("NaN, 4").is_none());
        assert!(pair("-93.1, 44.95").unwrap().unwrap_err().contains("latitude first"));
    }
}
