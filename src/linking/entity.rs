//! A row of a register made ready for comparing: names as words, the address in parts, the telephone as digits.

use crate::geo::Point;
use crate::text::address::{Address, city_key};
use crate::text::name::Name;
use crate::text::phone::Phone;

use super::names::{Vocabulary, Weighed};

/// What a register says of one business, as written; what is empty is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'a> {
    /// The name on the door.
    pub name: &'a str,
    /// Further names: of the holder, former ones.
    pub other_names: &'a [&'a str],
    /// Street address in one line; unit, city and ZIP may follow.
    pub address: &'a str,
    /// City; what the address line says of it counts only where this is empty.
    pub city: &'a str,
    /// ZIP code, as `city`.
    pub zip: &'a str,
    /// Telephone number.
    pub phone: &'a str,
    /// Where it stands.
    pub point: Option<Point>,
}

/// A range of house numbers is followed this far: a block.
const LONGEST_RANGE: u32 = 100;

impl Row<'_> {
    /// All names, normalized, without doubles.
    pub fn names(&self) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::with_capacity(1 + self.other_names.len());
        for written in std::iter::once(self.name).chain(self.other_names.iter().copied()) {
            let name = Name::new(written);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// A [`Row`] made ready: make it once and compare it often.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// All names, without doubles.
    pub(super) names: Vec<Weighed>,
    /// House number, of a range the first.
    pub(super) number: Option<String>,
    /// The last number of a range.
    pub(super) until: Option<u32>,
    /// Key of the street's name, without suffix and directions.
    pub(super) street: Option<String>,
    /// Suffix and directions of the street.
    pub(super) of_street: [Option<String>; 2],
    /// `Address::unit_key`.
    pub(super) unit: Option<String>,
    /// `city_key`; empty when unknown.
    pub(super) city: String,
    /// Five digits.
    pub(super) zip: Option<u32>,
    /// Ten digits.
    pub(super) phone: Option<u64>,
    /// Where it stands.
    pub(super) point: Option<Point>,
}

impl Entity {
    /// Reads a row; `words` are those of the register that it is compared with.
    pub fn new(row: &Row<'_>, words: &Vocabulary) -> Self {
        Self::with_address(row, &Address::parse(without_crossing(row.address)), words)
    }

    /// Reads a row whose address was parsed already.
    pub fn with_address(row: &Row<'_>, address: &Address, words: &Vocabulary) -> Self {
        let names = row.names().iter().map(|name| words.weigh(name)).collect();
        let city = if row.city.is_empty() { address.city.as_deref().unwrap_or_default() } else { row.city };
        let zip = if row.zip.is_empty() { address.zip.as_deref().unwrap_or_default() } else { row.zip };
        let place = address.has_house();
        Self {
            names,
            number: place.then(|| address.lowest_number()).flatten().map(Into::into),
            until: place.then(|| address.highest_number()).flatten(),
            street: address.street_key(),
            of_street: [address.suffix.clone(), address.directions()],
            unit: address.unit_key(),
            city: city_key(city),
            zip: zip_digits(zip),
            phone: Phone::parse(row.phone).and_then(|it| it.key().parse().ok()),
            point: row.point,
        }
    }

    /// The house numbers that it takes up, of a range the first and last and those between on its side of the street.
    pub(super) fn houses(&self) -> impl Iterator<Item = u32> + use<> {
        let first = self.number.as_deref().and_then(|it| it.parse::<u32>().ok());
        let last = first.map(|first| self.until.unwrap_or(first).min(first + LONGEST_RANGE));
        let step = if self.until.zip(first).is_some_and(|(last, first)| last.saturating_sub(first) % 2 == 1) {
            1
        } else {
            2
        };
        first.zip(last).into_iter().flat_map(move |(first, last)| (first..=last).step_by(step))
    }
}

/// "95 Ave. A at 6th St." and "102 5th Ave. between 15th and 16th Sts." without the words that only help to find it.
fn without_crossing(address: &str) -> &str {
    let numbered = address.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let lower = address.to_ascii_lowercase();
    let at = [" between ", " near ", " off ", " at ", " bet. ", " btwn "]
        .iter()
        .filter_map(|it| lower.find(it))
        .min();
    match at {
        Some(at) if numbered => &address[..at],
        _ => address,
    }
}

/// The first five digits, also of "60657.0" and "55401-1234"; a spreadsheet may have eaten leading zeros.
fn zip_digits(text: &str) -> Option<u32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let digits = &text[..end.min(5)];
    if digits.len() < 3 { None } else { digits.parse().ok() }
}
