//! Small parts that several pages of the desk show: how the clock stands, how a day stands, for whom something waits.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::deadlines::Standing;
use super::parts::{Review, ReviewState};
use super::{Waits, days_until};
use crate::clock::Moment;
use crate::web::format;
use crate::web::ui::{Icon, tag};

/// How the agency's clock stands; nothing where it does not run.
pub fn clock(standing: Standing) -> Markup {
    let class = if standing.presses() { "due" } else { "" };
    html! { @if let Some(words) = standing.words() { (tag(&words, class, Some(Icon::Clock))) } }
}

/// A state, with an icon that says for whom it waits.
pub fn state(label: &str, waits: Waits) -> Markup {
    match waits {
        Waits::Agency => tag(label, "act", Some(Icon::Edit)),
        Waits::Applicant => tag(label, "line", Some(Icon::Person)),
        Waits::Nobody => tag(label, "", Some(Icon::Check)),
    }
}

/// A day in the future or the past, and how far off it is: `Dec 3, 2026, in 10 days`.
pub fn day(on: Moment, today: NaiveDate) -> String {
    format!("{}, {}", format::day(on.day()), distance(days_until(on, today)))
}

/// `today`, `in 10 days`, `3 days ago`.
pub fn distance(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", format::counted(days, "day", "days")),
        _ => format!("{} ago", format::counted(-days, "day", "days")),
    }
}

/// How a review stands.
pub fn review(it: &Review, today: NaiveDate) -> Markup {
    match it.review_state {
        ReviewState::Waiting if it.is_late(today) => {
            let late = format::counted(-days_until(it.due_on, today), "day", "days");
            tag(&format!("{late} late"), "due", Some(Icon::Clock))
        }
        ReviewState::Waiting => tag("Waiting", "line", Some(Icon::Clock)),
        ReviewState::Passed => tag("Passed", "ok", Some(Icon::Check)),
        ReviewState::NotPassed => tag("Not passed", "", Some(Icon::Close)),
        ReviewState::NotNeeded => tag("Not needed", "line", None),
    }
}
