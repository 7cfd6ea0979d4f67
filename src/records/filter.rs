//! The filter of lists and exports as URL parameters say it.

use super::{Filter, SiteId};
use crate::clock::Moment;
use crate::geo::Bounds;
use crate::web::extract::Params;
use crate::web::{self, Error};

impl Filter {
    /// Reads `q`, `city`, `facet`, `from`, `to`, `site`, `linked`, `bbox` and `order` (`oldest` or `newest`).
    ///
    /// # Errors
    /// A value that cannot be read, with what would be right.
    pub fn parse(params: &Params) -> web::Result<Self> {
        let day = |name: &'static str| params.parsed::<Moment>(name);
        Ok(Self {
            text: params.get("q").map(str::to_owned),
            city: params.get("city").map(str::to_owned),
            facet: params.list("facet").map(str::to_owned).collect(),
            from: day("from")?,
            to: day("to")?,
            site: params.parsed::<SiteId>("site")?,
            linked: params.parsed("linked")?,
            bounds: params.get("bbox").map(bounds).transpose()?,
            oldest_first: params.get("order") == Some("oldest"),
        })
    }
}

/// West, south, east, north in degrees, as `bbox` says them.
///
/// # Errors
/// They are not four numbers, or no such box is on the Earth.
pub fn bounds(text: &str) -> web::Result<[f64; 4]> {
    let numbers: Vec<f64> = text.split(',').filter_map(|it| it.trim().parse().ok()).collect();
    let edges: [f64; 4] = numbers
        .try_into()
        .map_err(|_| Error::field("bbox", "Give four numbers: west, south, east, north in degrees."))?;
    match Bounds::parse(edges) {
        Ok(bounds) => Ok(bounds.edges()),
        Err(error) => Err(Error::field("bbox", error.to_string())),
    }
}
