//! Which sites a view shows, as its URL says: the same for the map, the lists and the exports.

use crate::records::filter::bounds;
use crate::scoring::rank::Tier;
use crate::sites;
use crate::web;
use crate::web::extract::Params;

/// Which sites; what is empty does not limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// By what they are and where.
    pub sites: sites::snapshot::Filter,
    /// One of these tiers.
    pub tiers: Vec<Tier>,
}

impl Filter {
    /// The names of its parameters in a URL.
    pub const NAMES: [&str; 7] = ["q", "kind", "tier", "status", "city", "county", "bbox"];

    /// Reads `q`, `kind`, `tier`, `status` (these three may name several, repeated or with commas), `city`, `county`
    /// and `bbox` (west, south, east, north in degrees); other parameters are not its own.
    ///
    /// # Errors
    /// A tier or a status is none, or the box is no box.
    pub fn parse(params: &Params) -> web::Result<Self> {
        let text = |name: &str| params.get(name).map(str::to_owned);
        let sites = sites::snapshot::Filter {
            text: text("q"),
            kinds: params.list("kind").map(str::to_owned).collect(),
            statuses: params.parsed_list("status")?,
            city: text("city"),
            county: text("county"),
            bounds: params.get("bbox").map(bounds).transpose()?,
        };
        Ok(Self { sites, tiers: params.parsed_list("tier")? })
    }

    /// The parameters that [`Filter::parse`] reads as this filter.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let it = &self.sites;
        let mut pairs = Vec::new();
        let mut one = |name: &'static str, value: Option<String>| pairs.extend(value.map(|it| (name, it)));
        one("q", it.text.clone());
        it.kinds.iter().for_each(|kind| one("kind", Some(kind.clone())));
        self.tiers.iter().for_each(|tier| one("tier", Some(tier.to_string())));
        it.statuses.iter().for_each(|status| one("status", Some(status.to_string())));
        one("city", it.city.clone());
        one("county", it.county.clone());
        one("bbox", it.bounds.map(|edges| edges.map(|it| it.to_string()).join(",")));
        pairs
    }

    /// Whether it lets every site through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Error;

    fn parse(query: &str) -> web::Result<Filter> {
        Filter::parse(&Params::parse(query.as_bytes()))
    }

    #[test]
    fn a_filter_goes_into_a_url_and_comes_back() {
        let query = "q=joe&kind=lodging,strip_club&tier=first&status=open&status=closed&city=St.+Paul&bbox=-94,44,-93,45.5";

        let filter = parse(query).unwrap();
        let back: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(filter.pairs()).finish();

        assert_eq!(filter.tiers, [Tier::First]);
        assert_eq!(filter.sites.kinds, ["lodging", "strip_club"]);
        assert_eq!(parse(&back).unwrap(), filter);
        assert!(parse("page=2").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_tier_and_no_box_is_refused_by_name() {
        for (query, field) in [
            ("tier=worst", "tier"),
            ("status=gone", "status"),
            ("bbox=1,2,3", "bbox"),
            ("bbox=0,50,1,NaN", "bbox"),
        ] {
            let Err(Error::Invalid(fields)) = parse(query) else { panic!("{query} was taken") };

            assert_eq!(fields[0].0, field);
        }
    }
}
