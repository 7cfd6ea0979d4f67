//! Blocking: which rows of a register are worth comparing with another, so that not every pair is looked at.

use std::collections::HashMap;
use std::hash::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::entity::Entity;
use crate::geo::Point;

/// The rows of a register under the keys by which they are looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    rows: HashMap<u64, Vec<u32>>,
}

/// A word that more rows bear is no key.
const RARE: u32 = 60;
/// Above this many rows under one key only those are taken that also share unit or a word of the name: so that ten
/// thousand rows at one address of ten thousand stay ten thousand lookups.
const CROWD: usize = 64;
/// Cells a degree: about 40 by 55 m in Minnesota, as a geohash of eight letters.
const CELLS: f64 = 2_000.0;

#[derive(Clone, Copy, Hash)]
enum Key<'a> {
    Address(&'a str, &'a str),
    AtAddress(&'a str, &'a str, u64),
    /// A further house of a range.
    House(u32, &'a str),
    Word(u64),
    Phone(u64),
    PhoneWord(u64, u64),
    Cell(i64, i64),
    CellWord(i64, i64, u64),
}

impl Key<'_> {
    fn hash(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        Hash::hash(&self, &mut hasher);
        hasher.finish()
    }
}

impl Blocks {
    /// Takes up row `at`.
    pub fn add(&mut self, at: u32, row: &Entity) {
        let mut keys = Vec::with_capacity(16);
        let words = words(row);
        if let Some((number, street)) = address(row) {
            keys.push(Key::Address(number, street));
            keys.extend(finer(row, &words).map(|it| Key::AtAddress(number, street, it)));
            keys.extend(row.houses().skip(1).map(|it| Key::House(it, street)));
        }
        keys.extend(words.iter().filter(|it| it.1 <= RARE).map(|it| Key::Word(it.0)));
        if let Some(phone) = row.phone {
            keys.push(Key::Phone(phone));
            keys.extend(words.iter().map(|it| Key::PhoneWord(phone, it.0)));
        }
        if let Some((x, y)) = row.point.map(cell) {
            keys.push(Key::Cell(x, y));
            keys.extend(words.iter().map(|it| Key::CellWord(x, y, it.0)));
        }
        for key in keys {
            self.rows.entry(key.hash()).or_default().push(at);
        }
    }

    /// The rows worth comparing with `row`, in order, without doubles, into `found`.
    pub fn candidates(&self, row: &Entity, found: &mut Vec<u32>) {
        found.clear();
        let words = words(row);
        if let Some((number, street)) = address(row) {
            self.take(
                found,
                Key::Address(number, street),
                finer(row, &words).map(|it| Key::AtAddress(number, street, it)),
            );
        }
        if let (Some(street), Some(number)) = (&row.street, row.houses().next()) {
            found.extend_from_slice(self.under(Key::House(number, street)));
        }
        for (word, n_rows) in &words {
            if *n_rows <= RARE {
                found.extend_from_slice(self.under(Key::Word(*word)));
            }
        }
        if let Some(phone) = row.phone {
            self.take(found, Key::Phone(phone), words.iter().map(|it| Key::PhoneWord(phone, it.0)));
        }
        if found.is_empty()
            && let Some((x, y)) = row.point.map(cell)
        {
            for (x, y) in (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y))) {
                self.take(found, Key::Cell(x, y), words.iter().map(|it| Key::CellWord(x, y, it.0)));
            }
        }
        found.sort_unstable();
        found.dedup();
    }

    /// The rows under `key`, or, where that is a crowd, those under the finer keys.
    fn take<'a>(&self, found: &mut Vec<u32>, key: Key<'_>, finer: impl Iterator<Item = Key<'a>>) {
        let rows = self.under(key);
        if rows.len() <= CROWD {
            found.extend_from_slice(rows);
            return;
        }
        let few = finer.map(|key| self.under(key)).filter(|it| it.len() <= CROWD);
        few.for_each(|rows| found.extend_from_slice(rows));
    }

    fn under(&self, key: Key<'_>) -> &[u32] {
        self.rows.get(&key.hash()).map_or(&[], Vec::as_slice)
    }
}

fn address(row: &Entity) -> Option<(&str, &str)> {
    Some((row.number.as_deref()?, row.street.as_deref()?))
}

/// The words of all names, each once, with how many rows bear it.
fn words(row: &Entity) -> Vec<(u64, u32)> {
    let mut words: Vec<_> =
        row.names.iter().flat_map(|it| &it.words).map(|it| (it.hash, it.n_rows)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// What parts the tenants of one address: unit, whole name, words of the name.
fn finer<'a>(row: &'a Entity, words: &'a [(u64, u32)]) -> impl Iterator<Item = u64> + 'a {
    let unit = row.unit.as_deref().map(super::names::hash);
    let whole = row.names.iter().map(|it| it.hash);
    unit.into_iter().chain(whole).chain(words.iter().map(|it| it.0))
}

#[expect(clippy::cast_possible_truncation, reason = "degrees times two thousand")]
fn cell(point: Point) -> (i64, i64) {
    ((point.lon() * CELLS).floor() as i64, (point.lat() * CELLS).floor() as i64)
}
