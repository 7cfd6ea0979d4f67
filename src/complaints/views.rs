//! The form that records a complaint about a site.

use maud::{Markup, html};

use super::Category;
use super::form::{CREDIBILITY, RELIABILITY};
use crate::sites::Site;
use crate::web::filled::Typed;
use crate::web::ui::{
    card, field_checkbox, field_date, field_select, field_text, page_head, primary, quiet_link,
};

/// The form; with the fields of the complainant for who may keep them.
pub fn form(site: &Site, complainant: bool, form: Typed<'_>) -> Markup {
    let mut categories = vec![("", "Choose")];
    categories.extend(Category::ALL.iter().map(|it| (it.as_str(), category_words(*it))));
    html! {
        (page_head("Record a complaint", &html! { span.meta { (site.name) ", " (site.address) } }, &html! {}))
        (form.summary())
        form.stack method="post" {
            (form.carried(&["id"]))
            (card("What was complained of", &html! {
                div.field-row {
                    (field_date(form.field("occurred_on", "Day").required()))
                    (field_select(form.field("category", "What it is about").required(), &categories))
                }
                (form.free_text(form.field("summary", "Summary").hint("What was seen and heard, and when. No names, no telephone numbers, no birth dates.")))
            }))
            (card("How far it can be relied on", &html! {
                p.meta { "The Admiralty code: the source by a letter, what it says by a number." }
                div.field-row {
                    (field_select(form.field("reliability", "The source"), &graded(&RELIABILITY)))
                    (field_select(form.field("credibility", "What it says"), &graded(&CREDIBILITY)))
                }
                (field_checkbox(form.field("anonymous", "The complainant is unknown to the agency")))
            }))
            @if complainant { (who(form)) }
            div.form-actions {
                (primary("Record the complaint"))
                (quiet_link(&format!("/sites/{}", site.id), "Cancel"))
            }
        }
    }
}

fn who(form: Typed<'_>) -> Markup {
    card(
        "Who complained",
        &html! {
            p.meta { "Kept apart from the complaint, for the few who need it; each look at it is recorded. It is in no list and no export." }
            div.field-row {
                (field_text(form.field("complainant_name", "Name").autocomplete("off")))
                (field_text(form.field("complainant_phone", "Telephone").autocomplete("off")))
                (field_text(form.field("complainant_email", "Mail address").autocomplete("off")))
            }
            (field_checkbox(form.field("not_a_victim", "This person is not one who may have been forced or sold")))
        },
    )
}

fn graded(grades: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    std::iter::once(("", "Not judged")).chain(grades.iter().copied()).collect()
}

fn category_words(category: Category) -> &'static str {
    match category {
        Category::Trafficking => "Signs that people are forced, held or sold",
        Category::CommercialSex => "Sex sold on the premises",
        Category::Unlicensed => "Work without a license",
        Category::Hours => "Open outside the permitted hours",
        Category::Safety => "Building, fire, health or cleanliness",
        Category::Nuisance => "Noise, litter, parking, disorder",
        Category::Other => "Something else",
    }
}
