//! The agency's own clock, and other days that run: reckoned from the workflow, pure.

use chrono::{Days, Months, NaiveDate};

use super::workflow::{Clock, Transition, Workflow};
use super::{Application, days_until};
use crate::clock::Moment;

/// How the agency's clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does not run: something is missing, or nothing has to be decided.
    Still,
    /// So many days are left.
    Left(i64),
    /// So many days are left, and so few that it warns.
    Warned(i64),
    /// It ran out so many days ago.
    Over(i64),
    /// It was decided so many days before the end.
    InTime(i64),
    /// It was decided so many days after the end.
    Late(i64),
}

impl Standing {
    /// Of an application on that day.
    pub fn of(it: &Application, workflow: &Workflow, today: NaiveDate) -> Self {
        let Some(end) = it.decide_by else { return Self::Still };
        if let Some(decided) = it.decided_on.filter(|_| !it.is_open()) {
            let left = days_until(end, decided.day());
            return if left < 0 { Self::Late(-left) } else { Self::InTime(left) };
        }
        if !workflow.clock_runs(&it.state) {
            return Self::Still;
        }
        let left = days_until(end, today);
        let earliest = workflow.clock.warnings.first().copied().unwrap_or(0);
        match left {
            ..0 => Self::Over(-left),
            _ if left <= earliest => Self::Warned(left),
            _ => Self::Left(left),
        }
    }

    /// The same in words; none where it does not run.
    pub fn words(self) -> Option<String> {
        let days = |n: i64| crate::web::format::counted(n, "day", "days");
        Some(match self {
            Self::Still => return None,
            Self::Warned(0) => "to decide today".to_owned(),
            Self::Left(n) | Self::Warned(n) => format!("{} left to decide", days(n)),
            Self::Over(n) => format!("decision {} late", days(n)),
            Self::InTime(0) => "decided on the last day".to_owned(),
            Self::InTime(n) => format!("decided {} ahead", days(n)),
            Self::Late(n) => format!("decided {} late", days(n)),
        })
    }

    /// Whether somebody should look now.
    pub fn presses(self) -> bool {
        matches!(self, Self::Warned(_) | Self::Over(_))
    }
}

/// So many days after `day`; the last day of the calendar where there is none.
pub fn after(day: NaiveDate, days: i64) -> NaiveDate {
    u64::try_from(days).ok().and_then(|it| day.checked_add_days(Days::new(it))).unwrap_or(day)
}

/// The last day of a term of so many months that begins on `start`.
pub fn term_end(start: NaiveDate, months: u32) -> NaiveDate {
    start.checked_add_months(Months::new(months)).and_then(|it| it.pred_opt()).unwrap_or(start)
}

/// The last day of the clock of what was received on `day`.
pub fn decide_by(workflow: &Workflow, day: NaiveDate) -> Moment {
    Moment::Day(after(day, workflow.clock.days))
}

/// The last day of the clock after a step of `today`.
pub fn decide_by_after(
    workflow: &Workflow,
    it: &Application,
    step: &Transition,
    today: NaiveDate,
) -> Option<Moment> {
    match step.clock {
        Clock::Restart => Some(decide_by(workflow, today)),
        Clock::Extend => {
            let from = it.decide_by.map_or(today, |it| it.day());
            Some(Moment::Day(after(from, workflow.clock.days)))
        }
        Clock::Goes => it.decide_by,
    }
}

/// The term of a renewal: it follows on the old one, or begins today if that ended before.
pub fn next_term(ended: Option<NaiveDate>, today: NaiveDate, months: u32) -> (NaiveDate, NaiveDate) {
    let follows = ended.and_then(|it| it.succ_opt()).filter(|it| *it > today);
    let start = follows.unwrap_or(today);
    (start, term_end(start, months))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_ends_on_the_day_before_it_began() {
        assert_eq!(term_end(day("2026-03-01"), 12), day("2027-02-28"));
        assert_eq!(term_end(day("2024-02-29"), 12), day("2025-02-27"));
        assert_eq!(term_end(day("2026-01-31"), 1), day("2026-02-27"));
    }

    #[test]
    fn a_renewal_follows_on_the_old_term_or_begins_today() {
        let today = day("2026-11-23");

        assert_eq!(next_term(Some(day("2026-12-31")), today, 12), (day("2027-01-01"), day("2027-12-31")));
        assert_eq!(next_term(Some(day("2026-10-31")), today, 12), (today, day("2027-11-22")));
        assert_eq!(next_term(None, today, 12).0, today);
    }
}
