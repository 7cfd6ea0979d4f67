//! Opening hours as people write them, and the hours at which a law wants a business closed.

use std::fmt::Write as _;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Minutes of a day and of a week.
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// When a business is open: spans of minutes of the week from Monday 00:00, in order; the end is past the last minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening(Vec<(u32, u32)>);

/// When a law wants it closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The minute of the day from which.
    pub from: u32,
    /// The minute of the day until which; before `from` it is of the next day.
    pub to: u32,
    /// Monday to Sunday: whether it may open on that day at all.
    pub may_open: [bool; 7],
}

/// Why a text is no opening hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no opening hours; write them as `Mon-Sat 10:00-22:00; Sun closed`")]
pub struct NotHours(String);

impl Opening {
    /// Reads `Mon-Sat 10:00-22:00; Sun closed`, `daily 9:00-21:00`, `Mon,Wed 10-18`, `24/7`. A day that is not named is
    /// closed; hours that end before they begin end on the next day.
    ///
    /// # Errors
    /// The part that cannot be read.
    pub fn parse(text: &str) -> Result<Self, NotHours> {
        let mut spans = Vec::new();
        for part in text.split(';').map(str::trim).filter(|it| !it.is_empty()) {
            part_of(part, &mut spans).ok_or_else(|| NotHours(part.to_owned()))?;
        }
        if spans.is_empty() && !text.to_lowercase().contains("closed") {
            return Err(NotHours(text.trim().to_owned()));
        }
        spans.sort_unstable();
        Ok(Self(spans))
    }
}

fn part_of(part: &str, spans: &mut Vec<(u32, u32)>) -> Option<()> {
    if part == "24/7" {
        spans.push((0, WEEK));
        return Some(());
    }
    let (days, hours) = part.split_once(char::is_whitespace)?;
    let days = days_of(days)?;
    let hours = hours.trim();
    if hours.eq_ignore_ascii_case("closed") {
        return Some(());
    }
    for range in hours.split(',') {
        let (from, to) = range.trim().split_once(['-', '\u{2013}'])?;
        let (from, to) = (minute(from)?, minute(to)?);
        for day in &days {
            let start = day * DAY + from;
            let length = if to > from { to - from } else { DAY + to - from };
            let end = start + length;
            spans.push((start, end.min(WEEK)));
            if end > WEEK {
                spans.push((0, end - WEEK));
            }
        }
    }
    Some(())
}

fn days_of(text: &str) -> Option<Vec<u32>> {
    if text.eq_ignore_ascii_case("daily") {
        return Some((0..7).collect());
    }
    let mut days = Vec::new();
    for part in text.split(',') {
        match part.split_once(['-', '\u{2013}']) {
            Some((first, last)) => {
                let (first, last) = (day(first)?, day(last)?);
                days.extend((0..=(last + 7 - first) % 7).map(|it| (first + it) % 7));
            }
            None => days.push(day(part)?),
        }
    }
    Some(days)
}

/// The day of a word such as `Mon` or `monday`, 0 for Monday.
pub fn day(word: &str) -> Option<u32> {
    let word = word.trim().to_lowercase();
    let short = word.get(..3)?;
    (0..).zip(DAYS).find(|(_, it)| it.to_lowercase() == short).map(|(n, _)| n)
}

/// The minute of the day of `22:30`, `9` or `24:00`.
pub fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

impl Closed {
    /// Whether it must be closed at that minute of the week.
    fn holds(&self, minute: u32) -> bool {
        let (day, at) = (minute / DAY % 7, minute % DAY);
        !self.may_open[day as usize] || self.covers(at)
    }

    /// Whether that minute of a day lies in the closed hours.
    pub fn covers(&self, at: u32) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&at)
        } else {
            at >= self.from || at < self.to
        }
    }

    /// The spans in which `opening` is open against the law, such as `Sun 10:00–22:00`; none when it keeps the hours.
    pub fn breaches(&self, opening: &Opening) -> Vec<String> {
        let mut found: Vec<(u32, u32)> = Vec::new();
        for minute in opening.0.iter().flat_map(|(from, to)| *from..*to).filter(|it| self.holds(*it)) {
            match found.last_mut() {
                Some(last) if last.1 == minute && minute % DAY != 0 => last.1 = minute + 1,
                _ => found.push((minute, minute + 1)),
            }
        }
        found.into_iter().map(|(from, to)| span(from, to)).collect()
    }
}

fn span(from: u32, to: u32) -> String {
    let mut text = format!("{} {}\u{2013}", DAYS[(from / DAY % 7) as usize], clock(from % DAY));
    let _ = write!(text, "{}", clock(if to.is_multiple_of(DAY) { DAY } else { to % DAY }));
    text
}

/// A minute of the day as `22:30`.
pub fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> Closed {
        let may_open = [true, true, true, true, true, true, false];
        Closed { from: 22 * 60, to: 10 * 60, may_open }
    }

    fn breaches(text: &str) -> Vec<String> {
        closed().breaches(&Opening::parse(text).unwrap())
    }

    #[test]
    fn hours_within_the_law_break_nothing() {
        assert!(breaches("Mon-Sat 10:00-22:00; Sun closed").is_empty());
        assert!(breaches("Fri 12-18").is_empty());
    }

    #[test]
    fn each_span_against_the_law_is_named_with_its_day() {
        assert_eq!(breaches("Sat-Sun 11:00-22:00"), ["Sun 11:00–22:00"]);
        assert_eq!(breaches("Mon 9:00-23:00"), ["Mon 09:00–10:00", "Mon 22:00–23:00"]);
    }

    #[test]
    fn hours_past_midnight_belong_to_the_next_day_too() {
        assert_eq!(breaches("Fri 20:00-02:00"), ["Fri 22:00–24:00", "Sat 00:00–02:00"]);
        assert_eq!(breaches("Sun 23:00-01:00")[0], "Mon 00:00–01:00");
    }

    #[test]
    fn what_is_no_hours_says_how_to_write_them() {
        for text in ["", "late", "Mon", "Mon 25:00-26:00", "Xyz 9-10", "Mon 9:75-10", "Mon-Sat"] {
            assert!(Opening::parse(text).unwrap_err().to_string().contains("Mon-Sat 10:00-22:00"), "{text}");
        }
        assert_eq!(breaches("24/7").len(), 13);
    }

    #[test]
    fn closed_hours_within_one_day_are_read_too() {
        let noon = Closed { from: 12 * 60, to: 13 * 60, may_open: [true; 7] };

        assert_eq!(noon.breaches(&Opening::parse("Tue 8-18").unwrap()), ["Tue 12:00–13:00"]);
    }
}
