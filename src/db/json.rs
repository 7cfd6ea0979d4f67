//! Values kept as JSON in a column of text, the one form that both engines have; the driver's own asks PostgreSQL
//! for JSONB.

use serde::de::DeserializeOwned;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

/// A `T` read from JSON text. A field is filled through it by `#[sqlx(try_from = "Json<T>")]` and `from_json!`.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T>(pub T);

impl<T, D: Database> Type<D> for Json<T>
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

impl<'r, T: DeserializeOwned, D: Database> Decode<'r, D> for Json<T>
where
    String: Decode<'r, D>,
{
    fn decode(value: D::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(serde_json::from_str(&String::decode(value)?)?))
    }
}

/// Lets a field of this type be filled from a column of JSON text.
macro_rules! from_json {
    ($ty:ty) => {
        impl From<$crate::db::Json<$ty>> for $ty {
            fn from(it: $crate::db::Json<$ty>) -> Self {
                it.0
            }
        }
    };
}
pub(crate) use from_json;

from_json!(Vec<String>);
