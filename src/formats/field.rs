//! One typed value of a row that is written.

use uuid::Uuid;

/// A value as the writers take it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Field<'a> {
    /// A text; dates are texts too.
    Text(&'a str),
    /// An id, written with hyphens.
    Id(Uuid),
    /// A whole number.
    Int(i64),
    /// A number; one that is not finite is written as null.
    Real(f64),
    /// Yes or no.
    Bool(bool),
    /// Unknown.
    Null,
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<Uuid> for Field<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<i64> for Field<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Field<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<bool> for Field<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
