//! The ends of license terms as events of the timeline: those that no later term follows, past or to come. Pure.

use chrono::Days;

use super::Entry;
use crate::clock::Moment;
use crate::licenses::Status;
use crate::records::{RecordId, RecordKind};

/// The term of one license.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Term {
    /// The license.
    pub id: RecordId,
    /// The kind of site that it regulates.
    pub kind: String,
    /// Where it stands in its life.
    pub status: Status,
    /// The first day of the term, else the day of issue, else of the record.
    pub begins: Moment,
    /// The last day of the term.
    pub ends: Moment,
}

/// The ends after which no later term of the same kind goes on, newest first. What was refused, taken away or given up
/// did not run out.
pub fn ends(terms: &[Term]) -> Vec<Entry> {
    let ran = |it: &&Term| {
        matches!(it.status, Status::Active | Status::Expired | Status::Suspended | Status::Unknown)
    };
    let terms: Vec<&Term> = terms.iter().filter(ran).collect();
    let goes_on = |it: &Term| {
        let next_day = it.ends.day().checked_add_days(Days::new(1)).unwrap_or(it.ends.day());
        terms.iter().any(|other| {
            other.kind == it.kind && other.ends.day() > it.ends.day() && other.begins.day() <= next_day
        })
    };
    let open = terms.iter().filter(|it| !goes_on(it));
    let mut ends: Vec<Entry> = open
        .map(|it| Entry { kind: RecordKind::License, id: it.id, occurred_at: it.ends, term_end: true })
        .collect();
    ends.sort_by_key(|it| std::cmp::Reverse((it.occurred_at, it.id)));
    ends
}

/// One page of records and ends together, newest first: `records` begins at place `first` of all records, and holds as
/// many more than a page as there are ends; `page` is the first place of the page and how many it has.
pub fn merged(first: u64, records: &[Entry], ends: &[Entry], page: (u64, u64)) -> Vec<Entry> {
    let newer = |a: &Entry, b: &Entry| a.occurred_at > b.occurred_at;
    let ends_before = |it: &Entry| ends.iter().filter(|end| !newer(it, end)).count() as u64;
    let records_before =
        |it: &Entry| first + records.iter().filter(|record| newer(record, it)).count() as u64;
    let mut placed: Vec<(u64, Entry)> =
        ends.iter().enumerate().map(|(n, it)| (n as u64 + records_before(it), *it)).collect();
    placed.extend(records.iter().enumerate().map(|(n, it)| (first + n as u64 + ends_before(it), *it)));
    placed.retain(|(place, _)| (page.0..page.0 + page.1).contains(place));
    placed.sort_by_key(|(place, it)| (*place, !it.term_end));
    placed.into_iter().map(|(_, it)| it).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(key: &str, begins: &str, ends: &str) -> Term {
        let id = RecordId::of_source("test", key);
        let kind = "massage_parlor".to_owned();
        Term {
            id,
            kind,
            status: Status::Active,
            begins: begins.parse().unwrap(),
            ends: ends.parse().unwrap(),
        }
    }

    #[test]
    fn a_term_that_another_follows_does_not_run_out() {
        let terms = [
            term("a", "2022-01-01", "2022-12-31"),
            term("b", "2023-01-01", "2023-12-31"),
            term("c", "2024-03-01", "2027-02-28"),
            Term { status: Status::Revoked, ..term("d", "2020-01-01", "2020-12-31") },
        ];

        let ends: Vec<String> = ends(&terms).iter().map(|it| it.occurred_at.to_string()).collect();

        assert_eq!(ends, ["2027-02-28", "2023-12-31"]);
    }

    fn entry(n: usize, day: u32, term_end: bool) -> Entry {
        let occurred_at =
            Moment::Day(chrono::NaiveDate::from_num_days_from_ce_opt(700_000 + day as i32).unwrap());
        let id = RecordId::of_source(if term_end { "end" } else { "record" }, &n.to_string());
        Entry { kind: RecordKind::License, id, occurred_at, term_end }
    }

    proptest! {
        #[test]
        fn the_pages_together_hold_everything_once_and_in_order(
            mut days in proptest::collection::vec(0_u32..40, 0..40),
            mut ends in proptest::collection::vec(0_u32..40, 0..6),
            size in 1_u64..9,
        ) {
            days.sort_unstable_by(|a, b| b.cmp(a));
            ends.sort_unstable_by(|a, b| b.cmp(a));
            let records: Vec<Entry> = days.iter().enumerate().map(|(n, day)| entry(n, *day, false)).collect();
            let ends: Vec<Entry> = ends.iter().enumerate().map(|(n, day)| entry(n, *day, true)).collect();

            let total = records.len() + ends.len();
            let mut all = Vec::new();
            for page in 0..=(total as u64 / size) {
                let begin = page * size;
                let first = begin.saturating_sub(ends.len() as u64);
                let window: Vec<Entry> = records.iter().skip(first as usize).take(size as usize + ends.len()).copied().collect();
                all.extend(merged(first, &window, &ends, (begin, size)));
            }

            prop_assert_eq!(all.len(), total);
            prop_assert!(all.windows(2).all(|it| it[0].occurred_at >= it[1].occurred_at));
            let ids: std::collections::BTreeSet<RecordId> = all.iter().map(|it| it.id).collect();
            prop_assert_eq!(ids.len(), total);
        }
    }
}
