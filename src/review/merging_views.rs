//! The form that merges a site into another one.

use maud::{Markup, html};

use crate::sites::{Kinds, Site};
use crate::web::filled::Typed;
use crate::web::ui::{card, field_radios, field_text, page_head, primary, quiet_link};

/// A site, and those that it may be the same as.
#[derive(Debug)]
pub struct Choice {
    /// The site that gives its records away.
    pub from: Site,
    /// The others of its building.
    pub others: Vec<Site>,
}

/// The form.
pub fn merge(choice: &Choice, kinds: &Kinds, state: Typed<'_>) -> Markup {
    let from = &choice.from;
    let options: Vec<(String, String)> =
        choice.others.iter().map(|it| (it.code(), line(it, kinds))).collect();
    html! {
        (page_head(&format!("Merge {}", from.name), &html! { span.meta { (from.code()) } }, &html! {}))
        (state.summary())
        form.stack method="post" {
            (card("Which site is it the same as", &html! {
                p {
                    "All records of " b { (from.name) } ", " (from.address) ", join the other site, and " (from.code())
                    " leaves lists and map. What a past day shows stays as it was, and you can split them again at any time."
                }
                @if !options.is_empty() {
                    (field_radios(state.field("into", "In the same building"), &options))
                }
                (field_text(state.field("other", "Another site").hint("Its code, as S-00417; the page of the site shows it.")))
                (state.free_text(state.field("why", "Why").hint("How it is known that they are one business.").required()))
            }))
            div.form-actions {
                (primary("Merge the sites"))
                (quiet_link(&format!("/sites/{}", from.id), "Cancel"))
            }
        }
    }
}

fn line(it: &Site, kinds: &Kinds) -> String {
    let unit = it.unit.as_deref().map(|unit| format!(", unit {unit}")).unwrap_or_default();
    format!(
        "{} ({}) · {}{unit} · {} · {}",
        it.name,
        it.code(),
        it.address,
        kinds.label(&it.kind),
        it.status.label()
    )
}
