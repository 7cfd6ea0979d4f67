//! Incidents of the street: what the invented police recorded everywhere, with an address, a block or a corner.

use super::dice::Dice;
use super::invention::{Invention, Offense, SEED, Scene};
use super::register::Premises;
use super::town::{Spot, Town};

/// Incidents in a city for each of its ordinary sites, over [`YEARS`].
const PER_SITE: i64 = 16;
const YEARS: i64 = 3;

/// Adds incidents all over the cities.
pub fn fill(invention: &mut Invention<'_>) {
    for town in invention.towns.clone() {
        let mut dice = Dice::of(SEED, &format!("incidents of {}", town.city.name));
        for _ in 0..(town.city.sites as i64 * PER_SITE) {
            let spot = town.any(&mut dice);
            if invention.is_settled(&town.city.name, &spot) {
                continue;
            }
            let days = dice.between(1, YEARS * 365);
            let what = ordinary(&mut dice);
            record(invention, &town, &spot, days, what, &mut dice);
        }
    }
}

/// Adds what was recorded at the address of a site; mostly little.
pub fn at_site(invention: &mut Invention<'_>, premises: &Premises, spot: &Spot, most: i64, dice: &mut Dice) {
    for _ in 0..dice.between(0, most) {
        let days = dice.between(3, YEARS * 365);
        let what = ordinary(dice);
        let place = Scene {
            address: premises.address.clone(),
            unit: premises.unit.clone().filter(|_| dice.thousandths(600)),
            city: premises.city.clone(),
            point: Some((spot.lon, spot.lat)),
        };
        invention.incident(days, what, place, dice);
    }
}

/// Adds an incident at a house; a quarter is written down by block only, a few have no point.
pub fn record(
    invention: &mut Invention<'_>,
    town: &Town<'_>,
    spot: &Spot,
    days: i64,
    what: Offense,
    dice: &mut Dice,
) {
    let by_block = dice.thousandths(250);
    let without_point = dice.thousandths(20);
    let address = if by_block {
        format!("{:02}XX {}", spot.number / 100, spot.street)
    } else {
        format!("{} {}", spot.number, spot.street)
    };
    let middle = || town.spot(spot.number / 100 * 100 + 50, &spot.street);
    let at = if by_block { middle() } else { spot.clone() };
    let point = (!without_point).then_some((at.lon, at.lat));
    let place = Scene { address, unit: None, city: town.city.name.clone(), point };
    invention.incident(days, what, place, dice);
}

fn ordinary(dice: &mut Dice) -> Offense {
    let offense = *dice.pick(&[
        "theft",
        "theft",
        "theft",
        "liquor",
        "disorderly",
        "public_nuisance",
        "vandalism",
        "assault",
        "burglary",
        "motor_vehicle_theft",
        "drug",
        "threats",
        "other",
    ]);
    let origin = match dice.between(0, 9) {
        0..7 => "citizen",
        7 => "agency",
        _ => "officer",
    };
    Offense { offense: offense.to_owned(), origin: origin.to_owned(), ..Offense::default() }
}
