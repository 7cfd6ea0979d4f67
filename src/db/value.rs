//! The closed set of values that can be bound: each knows its type even when it is null, which PostgreSQL needs.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use uuid::Uuid;

use super::{Error, Result};

/// A value for one placeholder or one cell of a bulk insert.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text without a zero byte.
    Text(Option<String>),
    /// Text known when the program was written.
    Word(&'static str),
    /// A 64-bit integer.
    Int(Option<i64>),
    /// A 64-bit float.
    Real(Option<f64>),
    /// A truth value.
    Bool(Option<bool>),
    /// An id.
    Uuid(Option<Uuid>),
    /// A calendar day.
    Day(Option<NaiveDate>),
    /// An instant, to the microsecond.
    Time(Option<DateTime<Utc>>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! from {
    ($($variant:ident: $ty:ty),* $(,)?) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                Self::$variant(Some(value))
            }
        }
        impl From<Option<$ty>> for Value {
            fn from(value: Option<$ty>) -> Self {
                Self::$variant(value)
            }
        }
    )*};
}
from! {
    Text: String, Int: i64, Real: f64, Bool: bool, Uuid: Uuid, Day: NaiveDate, Time: DateTime<Utc>, Bytes: Vec<u8>,
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

/// Integers that fit are widened, so that callers bind what they have.
macro_rules! widen {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                Self::Int(Some(i64::from(value)))
            }
        }
    )*};
}
widen!(i32, u32, u16, u8);

impl Value {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Text(Some(text)) if text.contains('\0') => Err(Error::ZeroByte),
            _ => Ok(()),
        }
    }

    /// The value as one field of PostgreSQL's `COPY … FROM STDIN` text format.
    pub(crate) fn copy_text(&self, to: &mut Vec<u8>) {
        use std::io::Write;
        let written = match self {
            Self::Text(Some(text)) => {
                escape(text, to);
                Ok(())
            }
            Self::Word(word) => write!(to, "{word}"),
            Self::Int(Some(n)) => write!(to, "{n}"),
            Self::Real(Some(x)) => write!(to, "{x}"),
            Self::Bool(Some(it)) => write!(to, "{}", if *it { 't' } else { 'f' }),
            Self::Uuid(Some(id)) => write!(to, "{id}"),
            Self::Day(Some(day)) => write!(to, "{day}"),
            Self::Time(Some(at)) => write!(to, "{}", at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            Self::Bytes(Some(bytes)) => {
                to.extend_from_slice(b"\\\\x");
                bytes.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
            }
            _ => write!(to, "\\N"),
        };
        written.expect("writing to a Vec cannot fail");
    }
}

fn escape(text: &str, to: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'\\' => to.extend_from_slice(b"\\\\"),
            b'\n' => to.extend_from_slice(b"\\n"),
            b'\r' => to.extend_from_slice(b"\\r"),
            b'\t' => to.extend_from_slice(b"\\t"),
            other => to.push(other),
        }
    }
}

macro_rules! arguments {
    ($name:ident, $ty:ty) => {
        pub(super) fn $name(values: impl IntoIterator<Item = Value>) -> Result<$ty> {
            let mut args = <$ty>::default();
            for value in values {
                value.check()?;
                match value {
                    Value::Text(it) => args.add(it),
                    Value::Word(it) => args.add(it),
                    Value::Int(it) => args.add(it),
                    Value::Real(it) => args.add(it),
                    Value::Bool(it) => args.add(it),
                    Value::Uuid(it) => args.add(it),
                    Value::Day(it) => args.add(it),
                    Value::Time(it) => args.add(it),
                    Value::Bytes(it) => args.add(it),
                }
                .map_err(Error::Encode)?;
            }
            Ok(args)
        }
    };
}
arguments!(sqlite, SqliteArguments);
arguments!(postgres, PgArguments);
