//! Invented streets in real cities: a grid around the center on which each address has one place.

use super::dice::Dice;
use super::knowledge::{City, Names};

/// The greatest house number of a street.
pub const LAST_NUMBER: i64 = 2999;
/// Meters in a degree of latitude, near enough for invented streets.
pub(super) const METERS: f64 = 111_200.0;

/// A city's streets.
#[derive(Clone, Debug)]
pub struct Town<'a> {
    /// The city.
    pub city: &'a City,
    /// The streets by their place in the grid: even ones run east and west, odd ones north and south.
    streets: Vec<&'a str>,
}

/// An address with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// House number.
    pub number: i64,
    /// The street.
    pub street: String,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl<'a> Town<'a> {
    /// Lays the streets out.
    pub fn new(seed: u64, city: &'a City, names: &'a Names) -> Self {
        let streets = names.streets.iter().map(String::as_str).collect();
        Self { city, streets: Dice::of(seed, &format!("streets of {}", city.name)).shuffled(streets) }
    }

    /// Half the side of the square that the streets cover, in meters: it lies well inside of the city's outline.
    fn half(&self) -> f64 {
        self.city.radius * 0.64
    }

    /// Where that house stands; the middle of the city for a street that is not there.
    pub fn spot(&self, number: i64, street: &str) -> Spot {
        let half = self.half();
        let n = self.streets.iter().position(|it| *it == street).unwrap_or(self.streets.len() / 2);
        let lanes = (self.streets.len() / 2) as f64;
        let across = half * (((n / 2) as f64 + 0.5) * 2.0 / lanes - 1.0);
        // Even and odd numbers face each other across the street.
        let across = across + if number % 2 == 0 { 12.0 } else { -12.0 };
        let along = half * (number as f64 * 2.0 / LAST_NUMBER as f64 - 1.0);
        let (east, north) = if n % 2 == 0 { (along, across) } else { (across, along) };
        let (lon, lat) = self.moved(east, north);
        Spot { number, street: street.to_owned(), lon, lat }
    }

    /// A house somewhere; the middle of the city is denser.
    pub fn any(&self, dice: &mut Dice) -> Spot {
        let middle = self.streets.len() as i64 / 2;
        let lane = (0..3).map(|_| dice.between(0, middle - 1)).sum::<i64>() / 3;
        let n = (lane * 2 + dice.between(0, 1)) as usize;
        let number = (0..2).map(|_| dice.between(100, LAST_NUMBER)).sum::<i64>() / 2;
        self.spot(number, self.streets[n.min(self.streets.len() - 1)])
    }

    /// A house on the same street, up to so many meters away.
    pub fn near(&self, spot: &Spot, meters: f64, dice: &mut Dice) -> Spot {
        let numbers = (meters / (2.0 * self.half()) * LAST_NUMBER as f64) as i64;
        let number = (spot.number + dice.between(-numbers, numbers)).clamp(100, LAST_NUMBER);
        self.spot(if number == spot.number { number + 2 } else { number }, &spot.street)
    }

    /// The city's rough outline: twelve corners around the center, closed.
    pub fn outline(&self) -> Vec<[f64; 2]> {
        (0..=12)
            .map(|n| {
                let turn = f64::from(n % 12) / 12.0 * std::f64::consts::TAU;
                let (east, north) = (self.city.radius * libm::cos(turn), self.city.radius * libm::sin(turn));
                let (lon, lat) = self.moved(east, north);
                [lon, lat]
            })
            .collect()
    }

    fn moved(&self, east: f64, north: f64) -> (f64, f64) {
        let lon = self.city.lon + east / (METERS * libm::cos(self.city.lat.to_radians()));
        (rounded(lon), rounded(self.city.lat + north / METERS))
    }
}

/// Six decimals: a tenth of a meter.
fn rounded(degrees: f64) -> f64 {
    libm::round(degrees * 1e6) / 1e6
}
