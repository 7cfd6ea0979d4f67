//! Dates and times as feeds write them.

use chrono::format::{Item, StrftimeItems};
use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

use crate::clock::Moment;

/// What is tried when a profile names no format.
const USUAL: [&str; 6] =
    ["%+", "%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%.f", "%m/%d/%Y %H:%M:%S"];
const USUAL_TIMES: [&str; 4] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// A time as a bare number of hours and minutes: `1` is 00:01, `730` is 07:30. A format of FOCA's own.
pub const HOURS_MINUTES: &str = "hhmm";

/// Whether chrono understands a format.
pub fn check_format(format: &str) -> Result<(), String> {
    if format == HOURS_MINUTES {
        return Ok(());
    }
    if !format.contains('%') || StrftimeItems::new(format).any(|it| matches!(it, Item::Error)) {
        return Err(format!(
            "the format `{format}` is not one of strftime's, such as `%m/%d/%Y %H:%M`, nor `hhmm`"
        ));
    }
    Ok(())
}

/// Reads a day or an instant; a local time is taken to be in `zone`. A time of day given apart goes with the day.
///
/// # Errors
/// What does not fit, and what would.
pub fn parse(text: &str, time: Option<NaiveTime>, formats: &[String], zone: Tz) -> Result<Moment, String> {
    let written: Vec<&str> =
        if formats.is_empty() { USUAL.to_vec() } else { formats.iter().map(String::as_str).collect() };
    let read = written.iter().find_map(|format| read(text, format, zone));
    let read = read.ok_or_else(|| misfit(text, &written))?;
    plausible(match (read, time) {
        // The day as it is written, whatever its own time and offset say.
        (Read { day, .. }, Some(time)) => local(day.and_time(time), zone),
        (Read { moment, .. }, None) => moment,
    })
}

/// A text understood: the moment, and the day as it is written.
struct Read {
    moment: Moment,
    day: NaiveDate,
}

fn read(text: &str, format: &str, zone: Tz) -> Option<Read> {
    if let Ok(at) = DateTime::parse_from_str(text, format) {
        return Some(Read { moment: Moment::from(at.with_timezone(&Utc)), day: at.date_naive() });
    }
    if let Ok(at) = NaiveDateTime::parse_from_str(text, format) {
        return Some(Read { moment: local(at, zone), day: at.date() });
    }
    let day = NaiveDate::parse_from_str(text, format).ok()?;
    Some(Read { moment: Moment::Day(day), day })
}

/// A local time as an instant. In the hour that a change to summer time skips, the clock is moved on by an hour;
/// of the hour that comes twice, the first is taken.
fn local(at: NaiveDateTime, zone: Tz) -> Moment {
    let found = match zone.from_local_datetime(&at) {
        LocalResult::Single(it) | LocalResult::Ambiguous(it, _) => Some(it),
        LocalResult::None => zone.from_local_datetime(&(at + TimeDelta::hours(1))).earliest(),
    };
    found.map_or(Moment::Day(at.date()), |it| Moment::from(it.with_timezone(&Utc)))
}

fn plausible(moment: Moment) -> Result<Moment, String> {
    let year = moment.day().year();
    if (1800..=2200).contains(&year) {
        Ok(moment)
    } else {
        Err(format!("The year {year} cannot be right; years from 1800 to 2200 are taken."))
    }
}

/// The latest moment that an event of the past may have: a day of leeway for clocks and zones.
pub fn latest_past(now: DateTime<Utc>) -> Moment {
    Moment::from(now.checked_add_days(Days::new(1)).unwrap_or(now))
}

/// Reads a time of day.
///
/// # Errors
/// What does not fit, and what would.
pub fn time_of_day(text: &str, formats: &[String]) -> Result<NaiveTime, String> {
    let written: Vec<&str> =
        if formats.is_empty() { USUAL_TIMES.to_vec() } else { formats.iter().map(String::as_str).collect() };
    let read = |format: &&str| match *format {
        HOURS_MINUTES => hours_minutes(text),
        format => NaiveTime::parse_from_str(text, format).ok(),
    };
    written.iter().find_map(read).ok_or_else(|| misfit(text, &written))
}

fn hours_minutes(text: &str) -> Option<NaiveTime> {
    let number: u32 = text.parse().ok().filter(|it| *it <= 2400)?;
    NaiveTime::from_hms_opt(number / 100 % 24, number % 100, 0)
}

fn misfit(text: &str, formats: &[&str]) -> String {
    let shaped = formats.iter().any(|format| text.len() >= 8 && looks_like(text, format));
    if shaped {
        return format!("This day or time does not exist. Here they read {}.", formats.join(" or "));
    }
    format!("This is not a day or time as the profile expects it: {}.", formats.join(" or "))
}

/// Whether the text has the separators of a numeric date format, such as 02/30/2026 for `%m/%d/%Y`.
fn looks_like(text: &str, format: &str) -> bool {
    let marks = |it: &str| it.chars().filter(|c| matches!(c, '/' | '-')).collect::<String>();
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '-')) && marks(text) == marks(format)
}
