//! Days before the demonstration's day, and the terms of licenses.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::knowledge::Ending;
use super::register::{License, Premises};

/// So many days before `day`.
pub fn before(day: NaiveDate, days: i64) -> NaiveDate {
    let n = Days::new(days.unsigned_abs());
    let found = if days < 0 { day.checked_add_days(n) } else { day.checked_sub_days(n) };
    found.unwrap_or(day)
}

/// The last day before `day` with that month and day (`08-31`); February ends on the 28th.
pub fn last(day: NaiveDate, month_day: &str) -> NaiveDate {
    let of_year = |year: i32| NaiveDate::parse_from_str(&format!("{year}-{month_day}"), "%Y-%m-%d").ok();
    [day.year(), day.year() - 1].into_iter().filter_map(of_year).find(|it| *it < day).unwrap_or(day)
}

fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years)).unwrap_or(day)
}

/// The licenses of premises: terms of a year that end on the day of `until`, one row for each entry of the register.
#[derive(Clone, Debug)]
pub struct Terms<'a> {
    /// The demonstration's day.
    pub today: NaiveDate,
    /// The license's number.
    pub number: &'a str,
    /// Its type.
    pub type_as_written: &'a str,
    /// The last day of the newest term.
    pub until: NaiveDate,
    /// How it ends.
    pub end: Ending,
    /// Days after the end on which the register noted it.
    pub noted_after: i64,
    /// No term began before this.
    pub opened: NaiveDate,
    /// The last day of business.
    pub closed: Option<NaiveDate>,
}

/// Terms that the register still holds.
const TERMS: u32 = 6;

impl Terms<'_> {
    /// The rows, oldest term first; those of premises that closed or moved say so only in their last row.
    pub fn rows(&self, premises: &Premises) -> Vec<License> {
        let mut rows = Vec::new();
        let open = Premises { premises_status: "Open", closed: None, ..premises.clone() };
        for n in (0..TERMS).rev() {
            let end = years_before(self.until, n);
            let start = before(years_before(self.until, n + 1), -1).max(self.opened);
            if start >= end {
                continue;
            }
            let issued = before(start, 9).min(before(self.today, 1));
            let row = License {
                license: self.number.to_owned(),
                type_as_written: self.type_as_written.to_owned(),
                status: "Issued",
                issued,
                term_start: start,
                term_end: end,
                entered: before(issued, -2).min(self.today),
                of: open.clone(),
            };
            rows.push(row.clone());
            // The register notes the end of a term that was renewed on the day after it.
            if n > 0 {
                rows.push(License { status: "Expired", entered: before(end, -1), ..row });
            } else {
                rows.extend(self.last_entry(row, premises));
            }
        }
        rows
    }

    fn last_entry(&self, row: License, premises: &Premises) -> Option<License> {
        let noted = before(self.closed.unwrap_or(row.term_end), -self.noted_after).min(self.today);
        let status = match self.end {
            Ending::Current => return None,
            Ending::Lapsed => "Expired",
            Ending::InReview => "In review",
            Ending::Revoked => "Revoked",
            Ending::GivenUp => "Given up",
        };
        let term_end = self.closed.unwrap_or(row.term_end).min(row.term_end);
        Some(License { status, entered: noted.max(row.entered), term_end, of: premises.clone(), ..row })
    }
}

/// The last day of the month that lies so many months from the month of `day`.
pub fn month_end(day: NaiveDate, months: i64) -> NaiveDate {
    let n = Months::new(months.unsigned_abs() as u32);
    let there = if months < 0 { day.checked_sub_months(n) } else { day.checked_add_months(n) };
    let first = there.and_then(|it| it.with_day(1)).unwrap_or(day);
    first.checked_add_months(Months::new(1)).and_then(|it| it.pred_opt()).unwrap_or(day)
}
