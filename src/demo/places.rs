//! Sensitive places of the invented cities, and the lots and buildings of the invented sites, so that distances can be
//! measured by every method.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::invention::{Invention, SEED};
use super::register::PlaceRow;
use super::town::{METERS, Spot, Town};

/// A class of place: its word, what its names end in, how many stand in a city, and how wide its grounds are in meters.
const CLASSES: &[(&str, &[&str], i64, f64)] = &[
    ("school", &["Elementary School", "Middle School", "Academy"], 3, 120.0),
    ("child_care", &["Child Care", "Early Learning"], 3, 30.0),
    ("worship", &["Church", "Temple", "Chapel", "Mosque"], 3, 50.0),
    ("park", &["Park", "Commons"], 3, 160.0),
    ("library", &["Library"], 1, 60.0),
    ("residence", &["Apartments", "Homes", "Court"], 8, 40.0),
];
/// Half the width and depth, in meters, of a site's lot and of its building.
const LOT: (f64, f64) = (14.0, 9.0);
const BUILDING: (f64, f64) = (8.0, 6.0);

/// Adds places to every city, and outlines to every site.
pub(super) fn fill(invention: &mut Invention<'_>) {
    for town in invention.towns.clone() {
        let mut dice = Dice::of(SEED, &format!("places of {}", town.city.name));
        for class in CLASSES {
            for n in 0..class.2 {
                invention.registers.places.push(place(invention, &town, class, n, &mut dice));
            }
        }
    }
    let sites = sites(invention);
    for (premises, (lon, lat)) in sites {
        for (class, part, half) in [("lot", "lot", LOT), ("building", "building", BUILDING)] {
            invention.registers.places.push(PlaceRow {
                place: format!("{premises}-{part}"),
                class,
                part,
                name: format!("{} of premises {premises}", if part == "lot" { "Lot" } else { "Building" }),
                address: None,
                city: None,
                opened: None,
                outline: around((lon, lat), half),
            });
        }
    }
}

fn place(
    invention: &Invention<'_>,
    town: &Town<'_>,
    (class, ends, _, wide): &(&'static str, &[&str], i64, f64),
    n: i64,
    dice: &mut Dice,
) -> PlaceRow {
    let names = &invention.knowledge.names;
    let name = format!("{} {} {}", dice.pick(&names.first), dice.pick(&names.second), dice.pick(ends));
    let Spot { number, street, lon, lat } = town.any(dice);
    // Set back from the street, so that no grounds lie on a road.
    let lat = lat + (wide / 2.0 + 12.0) / METERS;
    let grounds = matches!(*class, "park" | "school");
    let years = dice.between(2, 60);
    let half = if grounds { (wide / 2.0, wide / 3.0) } else { (wide / 2.0, wide / 2.5) };
    PlaceRow {
        place: format!("{}-{class}-{n}", town.city.name),
        class,
        part: if grounds {
            "area"
        } else if *class == "residence" {
            "lot"
        } else {
            "building"
        },
        name,
        address: Some(format!("{number} {street}")),
        city: Some(town.city.name.clone()),
        opened: (dice.between(0, 9) < 8).then(|| invention.ago(years * 365)),
        outline: around((lon, lat), half),
    }
}

/// Where each site stands, once each.
fn sites(invention: &Invention<'_>) -> BTreeMap<String, (f64, f64)> {
    let registers = &invention.registers;
    let all = registers.licenses.iter().map(|it| &it.of).chain(&registers.premises);
    all.filter_map(|it| Some((it.premises.clone(), (it.lon?, it.lat?)))).collect()
}

/// A closed rectangle around a point, by half its width and depth in meters.
fn around((lon, lat): (f64, f64), (east, north): (f64, f64)) -> Vec<[f64; 2]> {
    let (x, y) = (east / (METERS * libm::cos(lat.to_radians())), north / METERS);
    [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)].map(|(x, y)| [round(lon + x), round(lat + y)]).to_vec()
}

/// Seven decimals: a centimeter.
fn round(degrees: f64) -> f64 {
    libm::round(degrees * 1e7) / 1e7
}
