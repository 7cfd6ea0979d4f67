//! Protected places: shelters and places of recovery, which may stand in no layer of FOCA. Kept is not where they are,
//! but keyed digests by which a place is known again when somebody brings it; nobody can read them back, and there is no
//! list of them.

use std::collections::HashSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::Stamp;
use crate::records::BuildingId;

mod form;
pub mod pages;
mod squares;
pub mod store;
pub mod views;

/// Where a protected place is, as somebody typed it. It has no `Debug`: it must come into no log.
#[derive(Clone, Copy)]
pub struct Spot {
    building: Option<BuildingId>,
    point: Option<(f64, f64)>,
}

/// What the digests are made with: HMAC-SHA-256 (RFC 2104) with a random key of this database.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// All digests by which one place is known again.
pub struct Marks {
    /// The one by which it is found on the list: that of its building, else that of its square.
    identity: String,
    /// Every one, the identity among them.
    all: Vec<String>,
}

/// The list in memory. The default holds nothing.
#[derive(Clone, Default)]
pub struct Denied {
    key: Option<Key>,
    digests: HashSet<String>,
}

/// All that anyone learns of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many places are on it.
    pub places: i64,
    /// When the last of them was added.
    pub last: Option<Stamp>,
}

impl Spot {
    /// A place with a building, a point (longitude and latitude in degrees) or both; none with neither.
    pub fn new(building: Option<BuildingId>, point: Option<(f64, f64)>) -> Option<Self> {
        (building.is_some() || point.is_some()).then_some(Self { building, point })
    }
}

impl Key {
    /// The key that stands in the database as this text.
    pub fn of(secret: &str) -> Self {
        Self(Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length"))
    }

    /// The digests of a place: of its building, and of the squares that lie within 40 m of its point.
    pub fn marks(&self, spot: &Spot) -> Marks {
        let building = spot.building.map(|it| self.of_building(it));
        let own = spot.point.map(|(lon, lat)| self.digest("place", &squares::of(lon, lat).bytes()));
        let identity = building.or(own).unwrap_or_default();
        let around = spot.point.map(|(lon, lat)| squares::around(lon, lat)).unwrap_or_default();
        let squares = around.into_iter().map(|it| self.of_square(it));
        let all = std::iter::once(identity.clone()).chain(squares).collect();
        Marks { identity, all }
    }

    fn of_building(&self, building: BuildingId) -> String {
        self.digest("building", building.0.as_bytes())
    }

    fn of_square(&self, square: squares::Square) -> String {
        self.digest("square", &square.bytes())
    }

    /// As 43 letters, digits, `-` and `_`.
    fn digest(&self, kind: &str, what: &[u8]) -> String {
        let mac = self.0.clone().chain_update(kind.as_bytes()).chain_update(what);
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

impl Denied {
    /// The list of these digests, made with that key.
    pub fn new(key: Key, digests: impl IntoIterator<Item = String>) -> Self {
        Self { key: Some(key), digests: digests.into_iter().collect() }
    }

    /// Whether what stands in this building, or at this longitude and latitude, may not be kept. A point is held within
    /// 40 m of a protected one and never beyond 130 m.
    pub fn holds(&self, building: Option<BuildingId>, point: Option<(f64, f64)>) -> bool {
        // Most lists are empty, and an import asks once or twice a row.
        let Some(key) = self.key.as_ref().filter(|_| !self.digests.is_empty()) else { return false };
        building.is_some_and(|it| self.digests.contains(&key.of_building(it)))
            || point.is_some_and(|(lon, lat)| self.digests.contains(&key.of_square(squares::of(lon, lat))))
    }
}

/// Without the key and the digests.
impl fmt::Debug for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Denied(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: (f64, f64) = (-92.104_37, 46.802_13);

    fn building(n: u128) -> BuildingId {
        BuildingId(uuid::Uuid::from_u128(n))
    }

    fn list(key: &str, spot: Spot) -> Denied {
        let key = Key::of(key);
        let marks = key.marks(&spot);
        Denied::new(key, marks.all)
    }

    #[test]
    fn a_place_is_held_by_its_building_and_around_its_point() {
        let denied = list("key", Spot::new(Some(building(1)), Some(POINT)).unwrap());

        assert!(denied.holds(Some(building(1)), None) && denied.holds(None, Some(POINT)));
        assert!(denied.holds(Some(building(2)), Some((POINT.0, POINT.1 + 0.000_27))), "30 m north");
        assert!(!denied.holds(Some(building(2)), Some((POINT.0, POINT.1 + 0.001_8))), "200 m north");
        assert!(!denied.holds(None, None));
    }

    #[test]
    fn an_empty_list_holds_nothing_and_another_key_knows_no_place() {
        let spot = Spot::new(Some(building(1)), Some(POINT)).unwrap();
        let marks = Key::of("key").marks(&spot).all;

        assert!(!Denied::default().holds(Some(building(1)), Some(POINT)));
        assert!(!Denied::new(Key::of("other"), marks).holds(Some(building(1)), Some(POINT)));
    }

    #[test]
    fn a_place_has_ten_digests_of_one_length_whatever_is_known_of_it() {
        let key = Key::of("key");

        for building in [None, Some(building(1))] {
            let marks = key.marks(&Spot::new(building, Some(POINT)).unwrap());

            assert_eq!((marks.all.len(), marks.all.iter().collect::<HashSet<_>>().len()), (10, 10));
            assert!(marks.all.iter().all(|it| it.len() == 43) && marks.all.contains(&marks.identity));
        }
        assert!(Spot::new(None, None).is_none());
    }

    #[test]
    fn neither_key_nor_digests_come_into_a_log() {
        let denied = list("key", Spot::new(Some(building(1)), None).unwrap());

        assert_eq!(format!("{denied:?}"), "Denied(..)");
    }
}
