//! The form of an application, new or as it stands.

use maud::{Markup, html};

use super::workflow::Procedure;
use super::{Application, Fee, Holder};
use crate::licenses::License;
use crate::sites::Kinds;
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    card, facts, field_date, field_radios, field_select, field_text, page_head, primary, quiet_link,
};

/// What a form is about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The procedure.
    pub procedure: &'a Procedure,
    /// The license that it is about, where there is one.
    pub license: Option<&'a License>,
    /// The application as it stands; none for a new one.
    pub application: Option<&'a Application>,
    /// The kinds of site.
    pub kinds: &'a Kinds,
}

impl Asked<'_> {
    /// The title of the page.
    pub fn title(&self) -> String {
        match (self.application, self.license) {
            (Some(it), _) => format!("Edit {}", it.code()),
            (None, Some(it)) => format!("{}: license {}", self.procedure.label, it.number),
            (None, None) => format!("New application: {}", self.procedure.label.to_lowercase()),
        }
    }
}

/// The form.
pub fn form(asked: &Asked<'_>, state: Typed<'_>) -> Markup {
    let back = match (asked.application, asked.license) {
        (Some(it), _) => it.href(),
        (None, Some(it)) => format!("/desk/licenses/{}", it.head.id),
        (None, None) => "/desk".to_owned(),
    };
    html! {
        (page_head(&asked.title(), &html! {}, &html! {}))
        (state.summary())
        form.stack method="post" action=[asked.application.is_none().then_some("/desk/new")] {
            (state.carried(&["id", "version", "procedure", "license"]))
            @match asked.license {
                Some(license) => (of_license(license)),
                None => { (what(asked, state)) (place(state)) }
            }
            (who(asked, state))
            (receipt(state))
            div.form-actions {
                (primary(if asked.application.is_some() { "Save the application" } else { "Receive the application" }))
                (quiet_link(&back, "Cancel"))
            }
        }
    }
}

fn of_license(it: &License) -> Markup {
    let city = it.place.city.as_deref().map(format::place);
    let address = [&it.place.address, &city].into_iter().flatten().cloned().collect::<Vec<_>>();
    let until = it.expires_on.map(|it| format::day(it.day())).unwrap_or_default();
    card(
        "The license",
        &facts(&[
            ("Number", html! { a href={ "/licenses/" (it.head.id) } { (it.number) } }),
            ("Type", html! { (it.type_as_written) }),
            ("Where", html! { (address.join(", ")) }),
            ("Term ends", html! { (until) }),
        ]),
    )
}

fn what(asked: &Asked<'_>, state: Typed<'_>) -> Markup {
    let holders: Vec<(&str, &str)> = Holder::ALL
        .iter()
        .filter(|it| asked.procedure.holders.contains(it))
        .map(|it| (it.as_str(), it.label()))
        .collect();
    let mut kinds = vec![("", "As the site")];
    kinds.extend(asked.kinds.in_order());
    card(
        "What is applied for",
        &html! {
            (field_radios(state.field("holder", "License of a").required(), &holders))
            (field_select(state.field("kind", "Kind of business").hint("For a practitioner leave it as it is."), &kinds))
        },
    )
}

fn place(state: Typed<'_>) -> Markup {
    card(
        "Where",
        &html! {
            (field_text(state.field("site", "Number of the site").hint("As S-00417, where the catalog has it. Then no address is needed.")))
            (field_text(state.field("address", "Address").hint("Number and street, where no site is known yet. For a practitioner the city is enough.")))
            div.field-row {
                (field_text(state.field("unit", "Unit")))
                (field_text(state.field("city", "City")))
                (field_text(state.field("lat", "Latitude")))
                (field_text(state.field("lon", "Longitude")))
            }
        },
    )
}

fn who(asked: &Asked<'_>, state: Typed<'_>) -> Markup {
    let ordered = asked.procedure.is_order();
    let applicant = if ordered { "Holder of the license" } else { "Applicant" };
    card(
        "Who",
        &html! {
            (field_text(state.field("business", "Name of the business").hint("The name on the door.")))
            (field_text(state.field("applicant", applicant).hint("The person or company that is to hold the license, as written.").required()))
            (field_text(state.field("party", "Number of the party").hint("As P-00012, where the catalog has it: it becomes the licensee of the site.")))
        },
    )
}

fn receipt(state: Typed<'_>) -> Markup {
    let fees: Vec<(&str, &str)> = Fee::ALL.iter().map(|it| (it.as_str(), it.label())).collect();
    card(
        "Receipt",
        &html! {
            div.field-row {
                (field_date(state.field("received_on", "Received, or proposed, on")))
                (field_select(state.field("fee", "Fee"), &fees))
            }
            (state.free_text(state.field("note", "Note").hint("No names of workers or guests, no telephone numbers, no birth dates.")))
        },
    )
}
