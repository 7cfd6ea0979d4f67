//! How pages write days, times, numbers and scores.

use std::fmt::Display;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

/// `Nov 23, 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%b %-d, %Y").to_string()
}

/// `Nov 23`, for lists in which the year stands above.
pub fn day_of_year(day: NaiveDate) -> String {
    day.format("%b %-d").to_string()
}

/// `14:32` in `zone`.
pub fn time<Z: TimeZone>(at: DateTime<Utc>, zone: &Z) -> String
where
    Z::Offset: Display,
{
    at.with_timezone(zone).format("%H:%M").to_string()
}

/// `Nov 23, 2026, 14:32` in `zone`.
pub fn day_and_time<Z: TimeZone>(at: DateTime<Utc>, zone: &Z) -> String
where
    Z::Offset: Display,
{
    at.with_timezone(zone).format("%b %-d, %Y, %H:%M").to_string()
}

/// `41,208`; a negative one with a real minus.
pub fn count(number: impl Into<i128>) -> String {
    let number: i128 = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 site`, `41 sites`: the number with its noun.
pub fn counted(number: impl Into<i128>, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A place name as people write it: "ST. LOUIS PARK", as many registers shout it, is "St. Louis Park"; one that is not all
/// capitals stays as it is.
pub fn place(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut begins = true;
    let letter = |c: char| -> String {
        let out = if begins { c.to_string() } else { c.to_lowercase().collect() };
        begins = !(c.is_alphanumeric() || c == '\'');
        out
    };
    name.chars().map(letter).collect()
}

/// A score as a whole number, of points 0 to 100.
pub fn score(points: f64) -> String {
    minus(&format!("{:.0}", points + 0.0))
}

/// `48–71`, of points 0 to 100.
pub fn range(low: f64, high: f64) -> String {
    format!("{}–{}", score(low), score(high))
}

/// `62 [48–71]`: a score never stands without its interval.
pub fn score_and_range(points: f64, low: f64, high: f64) -> String {
    format!("{} [{}]", score(points), range(low, high))
}

/// `+12.0` or `−9.6`: what a reason adds.
pub fn points(points: f64) -> String {
    minus(&format!("{points:+.1}"))
}

/// A share 0 to 1 as `.74`; `1.00` when whole.
pub fn coverage(share: f64) -> String {
    let text = format!("{share:.2}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

/// A share 0 to 1 as `63%`.
pub fn percent(share: f64) -> String {
    minus(&format!("{:.0}%", share * 100.0))
}

/// A reason as a sentence of its own.
pub fn sentence(reason: &str) -> String {
    let mut letters = reason.trim_end_matches('.').chars();
    let first = letters.next().map(|it| it.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The longest of 1, 2, 5, 10, 20, … that is at most `most`: what the bar of a scale stands for.
pub fn round_length(most: f64) -> f64 {
    let decade = libm::pow(10.0, libm::floor(libm::log10(most)));
    [5.0, 2.0].map(|it| it * decade).into_iter().find(|it| *it <= most).unwrap_or(decade)
}

/// Feet as people write them: `2,100 ft`, under 100 with one decimal, and miles from 10 miles on.
pub fn feet(feet: f64) -> String {
    if feet >= 52_800.0 {
        return format!("{:.1} miles", feet / 5_280.0);
    }
    if feet < 100.0 { format!("{feet:.1} ft") } else { format!("{} ft", count(feet.round() as i64)) }
}

/// `18.4 MB`; 1,000 bytes are a kilobyte.
pub fn bytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "it is shown with one decimal")]
    let number = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.0} kB", number / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", number / 1e6),
        _ => format!("{:.1} GB", number / 1e9),
    }
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_commas_and_a_real_minus() {
        let numbers = [0, 999, 1_000, -41_208, 1_000_000];

        assert_eq!(numbers.map(count), ["0", "999", "1,000", "−41,208", "1,000,000"]);
        assert_eq!(counted(1, "site", "sites"), "1 site");
        assert_eq!(counted(0, "site", "sites"), "0 sites");
    }

    #[test]
    fn days_are_written_as_people_here_write_them() {
        let at: DateTime<Utc> = "2026-01-03T02:05:00Z".parse().unwrap();

        assert_eq!(day(at.date_naive()), "Jan 3, 2026");
        assert_eq!(day_and_time(at, &chrono_tz::America::Chicago), "Jan 2, 2026, 20:05");
    }

    #[test]
    fn a_score_stands_with_its_interval() {
        assert_eq!(score_and_range(62.0, 47.6, 71.2), "62 [48–71]");
        assert_eq!(points(-9.6), "−9.6");
        assert_eq!(points(12.0), "+12.0");
        assert_eq!([0.0, 0.744, 1.0].map(coverage), [".00", ".74", "1.00"]);
        assert_eq!(percent(0.634), "63%");
    }

    #[test]
    fn sizes_are_told_with_one_decimal_at_most() {
        assert_eq!([999, 1_000, 18_400_000].map(bytes), ["999 bytes", "1 kB", "18.4 MB"]);
    }
}
