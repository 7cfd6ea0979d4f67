//! Buttons, and links that look like them. A page has one primary button.

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// The one primary button of a form.
pub fn primary(label: &str) -> Markup {
    html! { button.usa-button type="submit" { (label) } }
}

/// Another button that sends its form.
pub fn button(label: &str) -> Markup {
    html! { button.usa-button.neutral type="submit" { (label) } }
}

/// A button that sends its form but stays in the background.
pub fn quiet(label: &str) -> Markup {
    html! { button.usa-button.quiet type="submit" { (label) } }
}

/// The one primary action of a page that is a link.
pub fn link_button(href: &str, label: &str) -> Markup {
    html! { a.usa-button href=(href) { (label) } }
}

/// A link as a neutral button, with an icon before its words if there is one.
pub fn secondary_link(href: &str, label: &str, with: Option<Icon>) -> Markup {
    html! {
        a.usa-button.neutral href=(href) { @if let Some(it) = with { (icon(it)) } (label) }
    }
}

/// A link as a quiet button: `Cancel`, `Clear`.
pub fn quiet_link(href: &str, label: &str) -> Markup {
    html! { a.usa-button.quiet href=(href) { (label) } }
}

/// An active filter; its link takes it away.
pub fn chip(words: &str, without: &str) -> Markup {
    html! {
        a.chip href=(without) aria-label={ "Remove " (words) } { (words) (icon(Icon::Close)) }
    }
}

/// One of several links of which any may be on: the types of a timeline, the tiers of a list.
#[derive(Clone, Debug)]
pub struct Toggle {
    /// The address that turns it over.
    pub href: String,
    /// What it stands for.
    pub label: String,
    /// What stands before its words.
    pub sign: Option<Markup>,
    /// How many it would show.
    pub count: Option<i64>,
    /// Whether it is on.
    pub on: bool,
}

/// A row of toggles; `name` says to screen readers what they choose.
pub fn toggles(name: &str, toggles: &[Toggle]) -> Markup {
    html! {
        div.toggles role="group" aria-label=(name) {
            @for it in toggles {
                a.toggle href=(it.href) aria-current=[it.on.then_some("true")] {
                    @if let Some(sign) = &it.sign { (sign) }
                    (it.label)
                    @if let Some(count) = it.count { " " b { (crate::web::format::count(count)) } }
                }
            }
        }
    }
}
