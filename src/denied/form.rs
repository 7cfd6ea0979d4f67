//! The form of a protected place: read, checked, and forgotten. Pure.

use super::Spot;
use crate::geo::Point;
use crate::records::BuildingId;
use crate::text::address::Address;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// Where the place is, in the same understanding of an address as that of sites and records.
///
/// # Errors
/// All that is to be mended.
pub(super) fn read(params: &Params) -> Result<Spot, Flaws> {
    let mut form = Filled::new(params);
    let [line, unit, city, state, zip] =
        ["address", "unit", "city", "state", "zip"].map(|it| form.text(it, LINE));
    let point = read_point(&mut form);
    let address = Address::of_parts(
        line.as_deref().unwrap_or_default(),
        unit.as_deref(),
        city.as_deref(),
        state.as_deref(),
        zip.as_deref(),
    );
    let building = BuildingId::of(&address);
    if line.is_some() && address.key().is_none() {
        form.flaws.add(
            "address",
            "FOCA finds no house number and street in this. Give both, as 2417 Tollgrave Ave S.",
        );
    } else if line.is_some() && building.is_none() {
        form.flaws.add("city", "Give the city: without it FOCA would not know the address again.");
    } else if building.is_none() && point.is_none() && form.flaws.is_empty() {
        form.flaws.add("address", "Give the street address with its city, or a point, or both.");
    }
    match Spot::new(building, point) {
        Some(spot) if form.flaws.is_empty() => Ok(spot),
        _ => Err(form.flaws),
    }
}

/// Longitude and latitude, in fields of their own or both, latitude first, in the field of the latitude.
fn read_point(form: &mut Filled<'_>) -> Option<(f64, f64)> {
    const ADVICE: &str = "Give latitude and longitude in degrees, such as 44.9778 and -93.2650, or neither.";
    let (lat, lon) = (form.text("lat", LINE), form.text("lon", LINE));
    let (lat, lon) = match (lat.as_deref(), lon.as_deref()) {
        (None, None) => return None,
        (Some(both), None) => both.split_once(',').unwrap_or((both, "")),
        (lat, lon) => (lat.unwrap_or_default(), lon.unwrap_or_default()),
    };
    let Some((lon, lat)) = lon.trim().parse::<f64>().ok().zip(lat.trim().parse::<f64>().ok()) else {
        form.flaws.add("lat", ADVICE);
        return None;
    };
    match Point::parse(lon, lat) {
        Ok(point) => Some((point.lon(), point.lat())),
        Err(error) => {
            form.flaws.add("lat", format!("No such point: {error}. Are latitude and longitude exchanged?"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(fields: &[(&'static str, &str)]) -> Result<Spot, Vec<String>> {
        let params: Params = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        read(&params).map_err(|flaws| flaws.pairs().iter().map(|it| it.0.to_owned()).collect())
    }

    fn building(fields: &[(&'static str, &str)]) -> Option<BuildingId> {
        read_of(fields).ok().and_then(|it| it.building)
    }

    #[test]
    fn an_address_is_its_building_whatever_its_unit_and_spelling() {
        let plain = building(&[("address", "417 Fernhollow Ln"), ("city", "Duluth")]);

        assert!(plain.is_some());
        for other in
            ["0417 FERNHOLLOW LANE", "417 Fernhollow Ln Apt 2", "417 Fernhollow Lane, Duluth, MN 55802"]
        {
            assert_eq!(building(&[("address", other), ("city", "duluth")]), plain, "{other}");
        }
        assert_eq!(
            building(&[("address", "417 Fernhollow Ln"), ("unit", "Ste 3"), ("city", "Duluth")]),
            plain
        );
    }

    #[test]
    fn a_point_alone_is_enough_in_one_field_or_two() {
        let one = read_of(&[("lat", "46.8, -92.1")]).ok().and_then(|it| it.point);
        let two = read_of(&[("lat", "46.8"), ("lon", "-92.1")]).ok().and_then(|it| it.point);

        assert_eq!((one, two), (Some((-92.1, 46.8)), Some((-92.1, 46.8))));
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let cases: [(&[(&'static str, &str)], &str); 6] = [
            (&[], "address"),
            (&[("city", "Duluth")], "address"),
            (&[("address", "Fernhollow Ln"), ("city", "Duluth")], "address"),
            (&[("address", "417 Fernhollow Ln")], "city"),
            (&[("lat", "46.8")], "lat"),
            (&[("lat", "-92.1"), ("lon", "146.8")], "lat"),
        ];
        for (fields, flaw) in cases {
            assert_eq!(read_of(fields).err(), Some(vec![flaw.to_owned()]), "{fields:?}");
        }
    }
}
