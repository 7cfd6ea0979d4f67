//! How far two rows agree, field by field: pure levels, which [`super::model`] weighs.

use strsim::jaro_winkler;

use super::entity::Entity;
use super::evidence::{Field, Level};
use super::names::{self, Likeness};
use crate::geo::distance::{Meters, distance};

/// The levels of all fields of a pair, in the order of [`Field::ALL`], and how rare what their names share is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pattern {
    pub levels: [Level; Field::ALL.len()],
    /// The share of all rows whose name has the rarest word that both names share; 1 when they share none.
    pub rarity: f32,
}

impl Pattern {
    /// The level of one field.
    pub fn of(&self, field: Field) -> Level {
        self.levels[field as usize]
    }
}

/// Compares all fields.
pub(super) fn compare(one: &Entity, other: &Entity) -> Pattern {
    let number = number(one, other);
    let street = street(one, other);
    let phone = phone(one.phone, other.phone);
    let closely = agrees(number) && street != Level::Differs || agrees(phone);
    let name = names::compare(&one.names, &other.names, closely);
    pattern(one, other, [number, street, phone], name)
}

/// As [`compare`], for pairs that share a block: nothing where neither name, house nor telephone agrees, which is so for
/// most of them and found out soon.
pub(super) fn compare_blocked(one: &Entity, other: &Entity) -> Option<Pattern> {
    let number = number(one, other);
    let phone = phone(one.phone, other.phone);
    if agrees(number) || agrees(phone) {
        return Some(compare(one, other));
    }
    let name = names::compare(&one.names, &other.names, false);
    agrees(name.level).then(|| pattern(one, other, [number, street(one, other), phone], name))
}

fn agrees(level: Level) -> bool {
    matches!(level, Level::Same | Level::Close)
}

fn pattern(one: &Entity, other: &Entity, [number, street, phone]: [Level; 3], name: Likeness) -> Pattern {
    let levels = [
        name.level,
        number,
        street,
        unit(one.unit.as_deref(), other.unit.as_deref()),
        city(one, other),
        phone,
        point(one, other, number, street),
    ];
    Pattern { levels, rarity: name.rarity }
}

fn number(one: &Entity, other: &Entity) -> Level {
    let (Some(a), Some(b)) = (&one.number, &other.number) else { return Level::Missing };
    let ranges = one.until.is_some() || other.until.is_some();
    if a == b || ranges && overlap(one, other) {
        return Level::Same;
    }
    // A slip of the finger: two digits swapped, one wrong or left out. Of short numbers that is another house.
    if a.len().max(b.len()) >= 3 && is_slip_of(a.as_bytes(), b.as_bytes()) {
        Level::Close
    } else {
        Level::Differs
    }
}

/// Whether one character is another, is left out, or changed places with its neighbor.
fn is_slip_of(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let ahead = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (a, b) = (&a[ahead..], &b[ahead..]);
    let behind = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - behind], &b[..b.len() - behind]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Whether a range of house numbers holds the other's.
fn overlap(one: &Entity, other: &Entity) -> bool {
    one.houses().any(|house| other.houses().any(|it| it == house))
}

fn street(one: &Entity, other: &Entity) -> Level {
    let (Some(a), Some(b)) = (&one.street, &other.street) else { return Level::Missing };
    if a == b {
        let clash =
            one.of_street.iter().zip(&other.of_street).any(|it| matches!(it, (Some(a), Some(b)) if a != b));
        return if clash { Level::Partly } else { Level::Same };
    }
    let numbered = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    if numbered(a) || numbered(b) {
        return Level::Differs;
    }
    let joined = a.len().min(b.len()) >= 5 && (a.contains(b.as_str()) || b.contains(a.as_str()));
    if jaro_winkler(a, b) >= 0.93 || joined { Level::Close } else { Level::Differs }
}

fn unit(one: Option<&str>, other: Option<&str>) -> Level {
    let (Some(a), Some(b)) = (one, other) else { return Level::Missing };
    if a == b {
        return Level::Same;
    }
    // Registers call the shop at the street "1ST", "GROUND" or nothing: that tells none from another.
    let ground = |text: &str| matches!(text, "FL1" | "FLGROUND" | "GROUND" | "MAIN" | "FRNT");
    if ground(a) || ground(b) || a.contains(b) || b.contains(a) { Level::Partly } else { Level::Differs }
}

fn city(one: &Entity, other: &Entity) -> Level {
    let known = !one.city.is_empty() && !other.city.is_empty();
    let same_city = known && one.city == other.city;
    match (one.zip, other.zip) {
        (Some(a), Some(b)) if a == b => Level::Same,
        (Some(_), Some(_)) if same_city => Level::Close,
        (Some(a), Some(b)) if !known && a / 100 == b / 100 => Level::Partly,
        (Some(_), Some(_)) => Level::Differs,
        _ if !known => Level::Missing,
        _ if same_city => Level::Same,
        _ => city_names(&one.city, &other.city),
    }
}

fn city_names(a: &str, b: &str) -> Level {
    let within = a.len().min(b.len()) >= 5 && (a.contains(b) || b.contains(a));
    if within || jaro_winkler(a, b) >= 0.92 { Level::Close } else { Level::Differs }
}

fn phone(one: Option<u64>, other: Option<u64>) -> Level {
    const LOCAL: u64 = 10_000_000;
    let (Some(a), Some(b)) = (one, other) else { return Level::Missing };
    if a == b {
        return Level::Same;
    }
    // Area codes were split: the rest stays.
    if a % LOCAL == b % LOCAL || is_slip(a, b) { Level::Close } else { Level::Differs }
}

/// Whether one digit of ten is another, or two neighbors changed places.
fn is_slip(mut a: u64, mut b: u64) -> bool {
    // The digits that differ, from the last: how many, and the first two of them.
    let (mut n, mut at, mut pairs) = (0, [0; 2], [(0, 0); 2]);
    for place in 0..10 {
        let (x, y) = (a % 10, b % 10);
        if x != y {
            if n == 2 {
                return false;
            }
            (at[n], pairs[n]) = (place, (x, y));
            n += 1;
        }
        (a, b) = (a / 10, b / 10);
    }
    n == 1 || at[1] == at[0] + 1 && pairs[0] == (pairs[1].1, pairs[1].0)
}

/// Points say nothing that an equal address does not say already: then only a contradiction counts.
fn point(one: &Entity, other: &Entity, number: Level, street: Level) -> Level {
    let (Some(a), Some(b)) = (one.point, other.point) else { return Level::Missing };
    let addressed = number == Level::Same && matches!(street, Level::Same | Level::Close | Level::Partly);
    let Meters(apart) = distance(a, b);
    match apart {
        _ if addressed && apart <= FAR => Level::Missing,
        _ if apart <= 30.0 => Level::Same,
        _ if apart <= 100.0 => Level::Close,
        _ if apart <= FAR => Level::Partly,
        _ => Level::Differs,
    }
}

/// Meters above which two points contradict an equal address; a geocoder's street segment is shorter.
const FAR: f64 = 1_000.0;
