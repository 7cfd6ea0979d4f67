//! The one place that knows the time, and [`Moment`], the time of an event as its source gave it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, TimeZone, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Where `now` comes from: the machine's clock in production, a fixed time in tests.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Always this time.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The present instant, to the microsecond, which is what both engines keep.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Fixed(at) => *at,
        }
    }

    /// The present instant, to the millisecond, as FOCA notes what it did.
    pub fn stamp(&self) -> Stamp {
        self.now().into()
    }

    /// A new id for something a person makes: a UUID of version 7, so that ids sort by time.
    pub fn id(&self) -> Uuid {
        static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let context = CONTEXT.lock().expect("no thread panics while it holds the id counter");
        Uuid::new_v7(Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }
}

/// When something happened, as precisely as its source says: a calendar day, or an instant in UTC.
///
/// Stored as text on both engines: `2026-11-23` or `2026-11-23T14:32:00Z`. The text sorts by time, a day before
/// the instants in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// A day without a time; it belongs to no zone.
    Day(NaiveDate),
    /// An instant, to the second.
    Instant(DateTime<Utc>),
}

/// A text that is neither `YYYY-MM-DD` nor an RFC 3339 instant.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is neither a day (2026-11-23) nor an instant (2026-11-23T14:32:00Z)")]
pub struct NotAMoment(String);

impl Moment {
    /// The day: of an instant, the day in UTC.
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Instant(at) => at.date_naive(),
        }
    }

    /// The day in `zone`, as people there would say it.
    pub fn day_in<Z: TimeZone>(&self, zone: &Z) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Instant(at) => at.with_timezone(zone).date_naive(),
        }
    }

    /// The last second of that day (of an instant: itself), for `recorded_at <= …` comparisons as of a day.
    pub fn end(&self) -> Self {
        match self {
            Self::Day(day) => {
                Self::Instant(day.and_hms_opt(23, 59, 59).expect("every day has that second").and_utc())
            }
            Self::Instant(_) => *self,
        }
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By time, as the stored text sorts: a day comes before the instants in it.
impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |it: &Self| match it {
            Self::Day(day) => (*day, None),
            Self::Instant(at) => (at.date_naive(), Some(at.time())),
        };
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Instant(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::Day(day));
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(at) => Ok(Self::Instant(at.with_timezone(&Utc).trunc_subsecs(0))),
            Err(_) => Err(NotAMoment(text.to_owned())),
        }
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Instant(at.trunc_subsecs(0))
    }
}

impl From<NaiveDate> for Moment {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

/// An instant to the millisecond, of what FOCA itself did: `2026-11-23T18:00:00.250Z`. The text sorts by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(DateTime<Utc>);

impl Stamp {
    /// The instant.
    pub fn at(self) -> DateTime<Utc> {
        self.0
    }

    /// So much later; the same where no later instant is known to the calendar.
    pub fn plus(self, time: chrono::TimeDelta) -> Self {
        self.0.checked_add_signed(time).map_or(self, Self)
    }

    /// How long ago it is at `now`.
    pub fn age(self, now: Self) -> chrono::TimeDelta {
        now.0 - self.0
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Stamp {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|it| it.with_timezone(&Utc).into())
    }
}

impl From<DateTime<Utc>> for Stamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(3))
    }
}

/// Stores a type as the text that it prints, on both engines and in JSON.
macro_rules! as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name
        where
            String: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                String::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                String::compatible(ty)
            }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(<&str>::decode(value)?.parse()?)
            }
        }

        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $name
        where
            String: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                self.to_string().encode(buffer)
            }
        }
    };
}
as_text!(Moment);
as_text!(Stamp);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_sorts_by_time_and_so_does_its_text() {
        let texts = [
            "2025-12-31T23:59:59Z",
            "2026-01-01",
            "2026-01-01T00:00:00Z",
            "2026-01-01T05:00:00Z",
            "2026-01-02",
        ];
        let moments: Vec<Moment> = texts.iter().map(|it| it.parse().unwrap()).collect();

        assert!(moments.is_sorted() && texts.is_sorted());
        assert!(moments.iter().zip(texts).all(|(moment, text)| moment.to_string() == text));
    }

    #[test]
    fn an_offset_is_turned_into_utc() {
        let moment: Moment = "2026-01-01T18:30:00-06:00".parse().unwrap();

        assert_eq!(moment.to_string(), "2026-01-02T00:30:00Z");
        assert_eq!(moment.day_in(&chrono_tz::America::Chicago).to_string(), "2026-01-01");
    }

    #[test]
    fn ids_made_one_after_another_sort_by_time() {
        let ids: Vec<Uuid> = (0..100).map(|_| Clock::System.id()).collect();

        assert!(ids.is_sorted());
    }
}
