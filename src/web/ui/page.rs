//! The large parts of a page: its head, cards, lists of facts, counts, steps, the way back.

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// The head of a page: its title, what stands beside it, and its actions at the right.
pub fn page_head(title: &str, beside: &Markup, actions: &Markup) -> Markup {
    html! {
        header.page-head {
            div.title {
                h1 { (title) }
                (beside)
                div.actions { (actions) }
            }
        }
    }
}

/// A card with a heading.
pub fn card(title: &str, body: &Markup) -> Markup {
    card_with(title, &html! {}, body)
}

/// A card with a heading and what stands beside it: a count, a link, a button.
pub fn card_with(title: &str, beside: &Markup, body: &Markup) -> Markup {
    html! {
        section.card {
            header { h2 { (title) } (beside) }
            (body)
        }
    }
}

/// Names and values: `facts(&[("Source", html! { "City register" })])`.
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.kv {
            @for (name, value) in facts { dt { (name) } dd { (value) } }
        }
    }
}

/// Numbers in a row with what they count; each may be a link.
pub fn counts(counts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.counts {
            @for (name, number) in counts { div { dt { (name) } dd { (number) } } }
        }
    }
}

/// The steps of a task, `at` counted from 0.
pub fn steps(names: &[&str], at: usize) -> Markup {
    html! {
        ol.steps {
            @for (step, name) in names.iter().enumerate() {
                li.done[step < at] aria-current=[(step == at).then_some("step")] {
                    span.n { @if step < at { (icon(Icon::Check)) } @else { (step + 1) } }
                    (name)
                }
            }
        }
    }
}

/// The way back: label and address of each page above this one; without an address it is words only.
pub fn crumbs(crumbs: &[(String, String)]) -> Markup {
    html! {
        @if !crumbs.is_empty() {
            nav.crumbs aria-label="The way back" {
                ol {
                    @for (label, href) in crumbs {
                        li { @if href.is_empty() { (label) } @else { a href=(href) { (label) } } }
                    }
                }
            }
        }
    }
}
