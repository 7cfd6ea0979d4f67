//! What pages say of parties: periods, shares, places.

use chrono_tz::Tz;

use super::{Holding, Party};
use crate::clock::Moment;
use crate::web::format;

/// What stands on the page of each human being.
pub const NO_SUSPECT: &str = "A business person on record. Not a suspect; parties carry no score.";
/// What stands on the page of each organization.
pub const NO_SCORE: &str = "An organization on record. Parties carry no score.";

/// `Jan 2, 2020 – Mar 3, 2024`, `since Jan 2, 2020`, `until Mar 3, 2024`.
pub fn period(it: &Holding, zone: Tz) -> String {
    let day = |it: Moment| format::day(it.day_in(&zone));
    match (it.from_on, it.to_on) {
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        (Some(from), None) => format!("since {}", day(from)),
        (None, Some(to)) => format!("until {}", day(to)),
        (None, None) => "days not known".to_owned(),
    }
}

/// `50%`, `33.3%`.
pub fn share(thousandths: i64) -> String {
    if thousandths % 10 == 0 {
        format!("{}%", thousandths / 10)
    } else {
        format!("{}.{}%", thousandths / 10, thousandths % 10)
    }
}

/// The address in one line; none where nothing is known of it.
pub fn address(party: &Party) -> Option<String> {
    let tail = [&party.city, &party.state, &party.zip];
    let tail: Vec<&str> = tail.into_iter().flatten().map(String::as_str).collect();
    let line = party.address.as_deref().unwrap_or_default();
    let missing = party.city.as_ref().is_none_or(|it| !line.to_lowercase().contains(&it.to_lowercase()));
    let tail = if missing || line.is_empty() { tail.join(" ") } else { String::new() };
    let parts: Vec<&str> = [line, &tail].into_iter().filter(|it| !it.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
