//! Which properties an export has.

use crate::web::extract::Params;
use crate::web::{self, Error};

/// All properties, or those that somebody asked for.
#[derive(Clone, Debug, Default)]
pub struct Chosen(Option<Vec<String>>);

impl Chosen {
    /// Reads `properties`: names with commas, or several times; without it, all.
    ///
    /// # Errors
    /// A name is none of `known`; the error lists these.
    pub fn parse(params: &Params, known: impl Iterator<Item = &'static str>) -> web::Result<Self> {
        let wanted: Vec<String> = params.list("properties").map(str::to_owned).collect();
        if wanted.is_empty() {
            return Ok(Self(None));
        }
        let known: Vec<&str> = known.collect();
        match wanted.iter().find(|it| !known.contains(&it.as_str())) {
            Some(strange) => {
                let reason = format!("There is no property {strange}. There are: {}.", known.join(", "));
                Err(Error::field("properties", reason))
            }
            None => Ok(Self(Some(wanted))),
        }
    }

    /// Whether the export has the property of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|it| it.iter().any(|it| it == name))
    }
}
