//! What a page says about itself: tags, notes, errors, emptiness, progress.

use maud::{Markup, PreEscaped, html};

use super::icon::{Icon, icon};
use crate::rights::class::Class;
use crate::rights::held::Held;
use crate::web::format;

/// A plain tag with an icon if there is one; `class` may be `due`, `ok`, `act`, `line` or empty.
pub fn tag(words: &str, class: &str, with: Option<Icon>) -> Markup {
    html! { span class={ "tag " (class) } { @if let Some(it) = with { (icon(it)) } (words) } }
}

/// Where a rule stands at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The records show a violation.
    Violation,
    /// Law or facts are for an attorney to judge.
    Attorney,
    /// Not known.
    Unknown,
    /// The rule is met.
    Met,
}

/// The status of a finding: icon and word.
pub fn finding_tag(finding: Finding) -> Markup {
    match finding {
        Finding::Violation => tag("Violation", "violation", Some(Icon::Flag)),
        Finding::Attorney => tag("Refer to attorney", "attorney", Some(Icon::Scales)),
        Finding::Unknown => tag("Unknown", "unknown", Some(Icon::Unknown)),
        Finding::Met => tag("Met", "met", Some(Icon::Check)),
    }
}

/// A value that is not known: never blank, never zero.
pub fn unknown() -> Markup {
    html! { span.not-known { "not known" } }
}

/// A value that this viewer may not see, and why: `private`, `confidential`.
pub fn withheld(class: Class) -> Markup {
    html! { span.withheld { (icon(Icon::Lock)) "Withheld (" (class.words()) ")" } }
}

/// A text that may be withheld; none where there is none.
pub fn held(text: &Held) -> Option<Markup> {
    match text {
        Held::Empty => None,
        Held::Shown(text) => Some(html! { (text) }),
        Held::Withheld(class) => Some(withheld(*class)),
    }
}

/// The same where the absence of a value is worth saying.
pub fn held_or_unknown(text: &Held) -> Markup {
    held(text).unwrap_or_else(unknown)
}

/// How a note is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// Good to know.
    Info,
    /// Something is due.
    Due,
    /// It worked.
    Ok,
    /// FOCA could not do it.
    Error,
}

/// A sentence that stands out from the page.
pub fn note(kind: Note, words: &Markup) -> Markup {
    let (class, sign, role) = match kind {
        Note::Info => ("info", Icon::Info, None),
        Note::Due => ("due", Icon::Clock, None),
        Note::Ok => ("ok", Icon::Check, Some("status")),
        Note::Error => ("err", Icon::Warning, Some("alert")),
    };
    html! { div class={ "note " (class) } role=[role] { (icon(sign)) div { (words) } } }
}

/// What was just done; it leaves after six seconds, but stays while pointed at.
pub fn toast(words: &str) -> Markup {
    html! { div.toast role="status" data-toast { (icon(Icon::Check)) span { (words) } } }
}

/// The summary over a form that could not be saved: the name of each field, for the link to it, and the reason, as
/// `web::Error::Invalid` carries them. A field `expires_on` is called "Expires on".
pub fn error_summary<R: AsRef<str>>(fields: &[(&str, R)]) -> Markup {
    let head = match fields.len() {
        1 => "Not saved yet: one thing to mend".to_owned(),
        more => format!("Not saved yet: {more} things to mend"),
    };
    html! {
        div.note.err.error-summary role="alert" tabindex="-1" id="errors" {
            (icon(Icon::Warning))
            div {
                h2 { (head) }
                @for (name, reason) in fields { p { a href={ "#" (name) } { (label(name)) } ": " (reason.as_ref()) } }
            }
        }
    }
}

fn label(name: &str) -> String {
    let words = match name {
        "lat" => "latitude".to_owned(),
        "lon" => "longitude".to_owned(),
        "zip" => "ZIP code".to_owned(),
        "full_name" => "name".to_owned(),
        "sign_in" => "work email".to_owned(),
        "area_kind" => "area".to_owned(),
        "area_name" => "name of the county or city".to_owned(),
        "current" => "your password so far".to_owned(),
        "password" => "new password".to_owned(),
        "repeated" => "the same again".to_owned(),
        "why" => "reason".to_owned(),
        "scope" => "what it may take out".to_owned(),
        other => other.replace('_', " "),
    };
    let mut letters = words.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Nothing fits: what to drop and what would come back. `actions` are buttons.
pub fn empty_state(title: &str, advice: &str, actions: &Markup) -> Markup {
    const PICTURE: &str = r##"<path d="M6 50C24 34 38 60 58 46s34 4 56-12" fill="none" stroke="#adcfdc" stroke-width="6" stroke-linecap="round"/><circle cx="60" cy="28" r="20" fill="none" stroke="#71767a" stroke-width="1.5" stroke-dasharray="5 4"/><circle cx="60" cy="28" r="4.6" fill="#fff" stroke="#565c65" stroke-width="1.5" stroke-dasharray="2.2 1.7"/>"##;
    html! {
        section.card.empty {
            svg width="120" height="64" viewBox="0 0 120 64" aria-hidden="true" { (PreEscaped(PICTURE)) }
            h2 { (title) }
            p { (advice) }
            div.row { (actions) }
        }
    }
}

/// Rows done of all; without a total it moves without telling how far.
pub fn progress(label: &str, done: u64, total: Option<u64>) -> Markup {
    html! {
        div.progress {
            div.row {
                b { (label) }
                span.meta.push.tabular {
                    @match total {
                        Some(total) => { (format::count(done)) " of " (format::count(total)) }
                        None => { (format::count(done)) }
                    }
                }
            }
            progress aria-label=(label) max=[total] value=[total.map(|_| done)] {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_summary_counts_and_links_to_each_field() {
        let shown = error_summary(&[("expires_on", "the day comes before the day it was issued.")]);

        insta::assert_snapshot!(shown.into_string());
    }

    #[test]
    fn a_finding_is_an_icon_and_a_word() {
        let shown = finding_tag(Finding::Attorney).into_string();

        assert!(shown.contains("<svg") && shown.ends_with("Refer to attorney</span>"), "{shown}");
    }
}
