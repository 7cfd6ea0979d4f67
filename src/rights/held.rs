//! A field that may be withheld: the statement itself puts the class in its place, so that the value never leaves the
//! database.

use std::fmt;

use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use super::class::Class;
use crate::db::Value;

/// Begins what a statement puts in the place of a value; no text that a person or a file brings holds it.
pub(super) const MARK: char = '\u{1f}';

/// A text that is shown, is absent, or is withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// There is none.
    #[default]
    Empty,
    /// It is shown.
    Shown(String),
    /// There may be one, of a class that the viewer is not cleared for.
    Withheld(Class),
}

impl Held {
    /// The text where it is shown.
    pub fn shown(&self) -> Option<&str> {
        if let Self::Shown(text) = self { Some(text) } else { None }
    }

    /// A whole number as text; empty where there is none.
    pub fn of_number(number: Option<i64>) -> Self {
        number.map(|it| it.to_string()).into()
    }

    /// The whole number that is shown.
    pub fn number(&self) -> Option<i64> {
        self.shown()?.parse().ok()
    }

    /// The class where it is withheld.
    pub fn class(&self) -> Option<Class> {
        if let Self::Withheld(class) = self { Some(*class) } else { None }
    }
}

impl From<Option<String>> for Held {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Empty, Self::Shown)
    }
}

impl From<String> for Held {
    fn from(text: String) -> Self {
        Self::Shown(text)
    }
}

impl From<&str> for Held {
    fn from(text: &str) -> Self {
        Self::Shown(text.to_owned())
    }
}

/// What is written back: only what was shown. A withheld value must never be saved over the true one.
impl From<Held> for Value {
    fn from(held: Held) -> Self {
        match held {
            Held::Shown(text) => text.into(),
            Held::Empty | Held::Withheld(_) => Value::Text(None),
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Shown(text) => f.write_str(text),
            Self::Withheld(class) => write!(f, "withheld ({})", class.words()),
        }
    }
}

impl<D: Database> Type<D> for Held
where
    String: Type<D>,
{
    fn type_info() -> D::TypeInfo {
        String::type_info()
    }

    fn compatible(kind: &D::TypeInfo) -> bool {
        String::compatible(kind)
    }
}

impl<'r, D: Database> Decode<'r, D> for Held
where
    Option<String>: Decode<'r, D>,
{
    fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = Option::<String>::decode(value)?;
        let class = text.as_ref().and_then(|it| it.strip_prefix(MARK)).and_then(|it| it.parse().ok());
        Ok(class.map_or_else(|| text.into(), Self::Withheld))
    }
}
