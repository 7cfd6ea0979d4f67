//! The filter of the list, as URL parameters say it.

use super::{Holder, Waits};
use crate::records::RecordId;
use crate::web;
use crate::web::extract::Params;

/// Which applications a list shows; what is empty does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of the name of the business or of who applied, or the number.
    pub text: Option<String>,
    /// A word of the workflow.
    pub procedure: Option<String>,
    /// A word of the workflow.
    pub state: Option<String>,
    /// Whose license.
    pub holder: Option<Holder>,
    /// For whom it waits.
    pub waits: Vec<Waits>,
    /// Only those with a review that is past its day.
    pub late: bool,
    /// Only those whose clock warns, or ran out.
    pub clock: bool,
    /// Only those about this license.
    pub license: Option<RecordId>,
}

/// The value of `waits` by which none is left out.
pub const ANY: &str = "any";

/// The filter that a URL asks for; without a word of for whom they wait, those that wait.
///
/// # Errors
/// A word is none.
pub fn read(params: &Params) -> web::Result<Filter> {
    let owned = |name| params.get(name).map(str::to_owned);
    let waits = match params.get("waits") {
        None => vec![Waits::Agency, Waits::Applicant],
        Some(ANY) => Vec::new(),
        Some(_) => params.parsed_list("waits")?,
    };
    Ok(Filter {
        text: owned("q"),
        procedure: owned("procedure"),
        state: owned("state"),
        holder: params.parsed("holder")?,
        waits,
        late: params.get("late").is_some(),
        clock: params.get("clock").is_some(),
        license: params.get("license").and_then(|it| it.parse().ok()),
    })
}

impl Filter {
    /// Every application about a license.
    pub fn of_license(id: RecordId) -> Self {
        Self { license: Some(id), ..Self::default() }
    }

    /// Whether anything but for whom they wait limits the list.
    pub fn is_narrowed(&self) -> bool {
        *self != Self { waits: self.waits.clone(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_the_list_shows_what_waits() {
        let read = |text: &str| read(&Params::parse(text.as_bytes())).unwrap();

        assert_eq!(read("").waits, [Waits::Agency, Waits::Applicant]);
        assert_eq!(read("waits=any").waits, []);
        assert_eq!(read("waits=nobody").waits, [Waits::Nobody]);
        assert!(!read("waits=nobody").is_narrowed() && read("late=on").is_narrowed());
    }
}
