//! What the demonstration promises.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{TimeZone, Utc};

use super::*;
use crate::imports::Counts;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn registers() -> Registers {
    invent(&Knowledge::read().unwrap(), day()).unwrap()
}

fn files(registers: &Registers) -> Vec<(String, Vec<u8>)> {
    knowledge::profiles().iter().map(|(name, _)| registers.bytes(name).unwrap()).collect()
}

#[test]
fn the_same_day_gives_the_same_bytes_and_another_day_others() {
    let first = files(&registers());
    let again = files(&registers());
    let other = files(&invent(&Knowledge::read().unwrap(), day().succ_opt().unwrap()).unwrap());

    assert!(first == again && first != other);
}

#[test]
fn there_are_about_four_hundred_sites_and_most_are_massage_parlors() {
    let registers = registers();

    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let of_licenses = registers.licenses.iter().map(|it| &it.of);
    for it in of_licenses.chain(&registers.premises) {
        kinds.entry(it.kind.clone()).or_default().insert(it.premises.clone());
    }

    let n_sites: usize = kinds.values().map(BTreeSet::len).sum();
    assert!((380..=460).contains(&n_sites), "{n_sites}");
    assert!(kinds["massage_parlor"].len() * 2 > n_sites);
    assert_eq!(kinds.len(), 9);
}

#[test]
fn nothing_in_the_files_looks_like_a_person() {
    let phone = |text: &str| {
        let digits: Vec<&str> = text.split(|it: char| !it.is_ascii_digit()).collect();
        digits.windows(3).any(|it| [it[0].len(), it[1].len(), it[2].len()] == [3, 3, 4])
    };

    for (name, bytes) in files(&registers()) {
        let text = String::from_utf8(bytes).unwrap();
        let first = text.lines().next().unwrap().to_lowercase();
        for word in ["owner", "birth", "phone", "email", "officer_name", "inspector", "victim", "complainant"]
        {
            assert!(!first.contains(word), "{name} has a column {word}");
        }
        for word in ["Mr.", "Mrs.", "Ms.", "Dr. ", "Jr.", "@", "born "] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
        assert!(!text.lines().any(|line| phone(line)), "{name} holds what looks like a phone");
    }
}

#[test]
fn nothing_happens_after_the_morning_of_the_day() {
    let registers = registers();

    assert!(registers.inspections.iter().all(|it| it.date < day() && it.entered <= day()));
    assert!(registers.complaints.iter().all(|it| it.received < day() && it.entered <= day()));
    assert!(registers.incidents.iter().all(|it| it.happened < day().to_string() && it.entered <= day()));
    assert!(registers.licenses.iter().all(|it| it.issued < day() && it.entered <= day()));
}
