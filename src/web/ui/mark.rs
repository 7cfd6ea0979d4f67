//! The marks of the tiers: shape, color and word, never color alone.

use maud::{Markup, PreEscaped, html};

/// How urgently a site deserves the next hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Tier 1.
    First,
    /// Tier 2.
    Next,
    /// Tier 3.
    Later,
    /// Too little is known.
    NotScored,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Next => "next",
            Self::Later => "later",
            Self::NotScored => "not-scored",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::First => {
                r##"<path d="M0-9.5 9.5 0 0 9.5-9.5 0z" fill="#54278f" stroke="#fff" stroke-width="1.5" stroke-linejoin="round"/>"##
            }
            Self::Next => {
                r##"<rect x="-6" y="-6" width="12" height="12" rx="1.5" fill="#e5a000" stroke="#5c410a" stroke-width="1.5"/>"##
            }
            Self::Later => r##"<circle r="4.6" fill="#dfe1e2" stroke="#3d4551" stroke-width="1.5"/>"##,
            Self::NotScored => {
                r##"<circle r="4.6" fill="#fff" stroke="#565c65" stroke-width="1.5" stroke-dasharray="2.2 1.7"/>"##
            }
        }
    }

    fn closed_shape(self) -> &'static str {
        match self {
            Self::First => {
                r##"<path d="M0-8.2 8.2 0 0 8.2-8.2 0zM-4.1 4.1 4.1-4.1" fill="#fff" stroke="#71767a" stroke-width="1.5"/>"##
            }
            Self::Next => {
                r##"<path d="M-6-6H6V6H-6zM-6 6 6-6" fill="#fff" stroke="#71767a" stroke-width="1.5" stroke-linejoin="round"/>"##
            }
            Self::Later | Self::NotScored => {
                r##"<circle r="4.6" fill="#fff" stroke="#71767a" stroke-width="1.5"/><path d="M-3.3 3.3 3.3-3.3" stroke="#71767a" stroke-width="1.5"/>"##
            }
        }
    }
}

/// The word of a tier: `First`, `Next`, `Later` or `Not scored`.
pub fn tier_name(mark: Mark) -> &'static str {
    match mark {
        Mark::First => "First",
        Mark::Next => "Next",
        Mark::Later => "Later",
        Mark::NotScored => "Not scored",
    }
}

/// The mark alone, named for screen readers: an open center when its place in the tier is unsure (`borderline`),
/// gray and slashed when the site is closed.
pub fn tier_mark(mark: Mark, borderline: bool, closed: bool) -> Markup {
    let mut name = tier_name(mark).to_owned();
    if borderline {
        name.push_str(", borderline");
    }
    if closed {
        name.push_str(", closed");
    }
    drawn(mark, borderline, closed, Some(&name))
}

/// The mark with its words: `Tier 1 · First`.
pub fn tier_tag(mark: Mark) -> Markup {
    let words = match mark {
        Mark::First => "Tier 1 · First",
        Mark::Next => "Tier 2 · Next",
        Mark::Later => "Tier 3 · Later",
        Mark::NotScored => "Not scored",
    };
    html! {
        span class={ "tag " (mark.class()) } { (drawn(mark, false, false, None)) (words) }
    }
}

/// The mark without a name of its own, for where its word stands beside it.
pub fn tier_sign(mark: Mark) -> Markup {
    drawn(mark, false, false, None)
}

fn drawn(mark: Mark, borderline: bool, closed: bool, name: Option<&str>) -> Markup {
    let shape = if closed { mark.closed_shape() } else { mark.shape() };
    html! {
        svg class="m" width="18" height="18" viewBox="-10.5 -10.5 21 21" focusable="false"
            role=[name.map(|_| "img")] aria-label=[name] aria-hidden=[name.is_none().then_some("true")] {
            (PreEscaped(shape))
            @if borderline && !closed { circle r="2.4" fill="#fff" {} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_says_its_tier_in_words_to_those_who_do_not_see_it() {
        let closed = tier_mark(Mark::First, false, true).into_string();
        let unsure = tier_mark(Mark::Next, true, false).into_string();

        assert!(closed.contains(r#"aria-label="First, closed""#) && closed.contains("#71767a"));
        assert!(unsure.contains(r#"aria-label="Next, borderline""#) && unsure.contains(r#"<circle r="2.4""#));
    }

    #[test]
    fn a_tag_names_its_tier_once() {
        let tag = tier_tag(Mark::Later).into_string();

        assert_eq!(tag.matches("Later").count(), 1);
        assert!(tag.contains(r#"aria-hidden="true""#));
    }
}
