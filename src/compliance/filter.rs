//! The filter of the list of findings, as URL parameters say it.

use super::pack::Status;
use crate::web;
use crate::web::extract::Params;

/// Which findings a list shows; what is empty does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these.
    pub statuses: Vec<Status>,
    /// Of this pack.
    pub pack: Option<String>,
    /// Of this rule of the pack.
    pub rule: Option<String>,
    /// At sites of this city.
    pub city: Option<String>,
    /// At sites of this kind.
    pub kind: Option<String>,
    /// Only those that somebody disputes.
    pub disputed: bool,
}

/// What the list shows when the URL says nothing of statuses.
const PRESET: [Status; 2] = [Status::Violation, Status::Refer];
/// The value of `status` by which none is left out.
pub const ANY: &str = "any";

/// The filter that a URL asks for.
///
/// # Errors
/// A status is none.
pub fn read(params: &Params) -> web::Result<Filter> {
    let owned = |name| params.get(name).map(str::to_owned);
    let statuses = match params.get("status") {
        None => PRESET.to_vec(),
        Some(ANY) => Vec::new(),
        Some(_) => params.parsed_list("status")?,
    };
    Ok(Filter {
        statuses,
        pack: owned("pack"),
        // A rule is one of its pack only.
        rule: owned("rule").filter(|_| params.get("pack").is_some()),
        city: owned("city"),
        kind: owned("kind"),
        disputed: params.get("disputed").is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_status_the_list_shows_what_somebody_must_do_something_about() {
        let read = |text: &str| read(&Params::parse(text.as_bytes())).unwrap();

        assert_eq!(read("").statuses, PRESET);
        assert_eq!(read("status=any").statuses, []);
        assert_eq!(
            read("status=unknown,compliant&pack=a&rule=b").statuses,
            [Status::Unknown, Status::Compliant]
        );
        assert_eq!(read("rule=b").rule, None);
    }

    #[test]
    fn a_status_that_is_none_is_refused() {
        assert!(read(&Params::parse(b"status=guilty")).is_err());
    }
}
