//! The holds on addresses, and the form that decides one.

use maud::{Markup, html};

use super::hold::{Hold, HoldState};
use crate::web::filled::Typed;
use crate::web::format;
use crate::web::ui::{
    Column, Icon, card, empty_state, facts, field_radios, held, page_head, primary, quiet_link, table, tag,
};

fn state(it: HoldState) -> Markup {
    match it {
        HoldState::Open => tag(it.label(), "due", Some(Icon::Clock)),
        HoldState::Kept => tag(it.label(), "", Some(Icon::Lock)),
        HoldState::Lifted => tag(it.label(), "ok", Some(Icon::Check)),
    }
}

/// All of them.
pub fn list(holds: &[Hold]) -> Markup {
    let columns = ["Address", "Because of", "Since", "State", "Decided"].map(Column::new);
    let rows = html! {
        @for it in holds {
            tr {
                th.name scope="row" { a href={ "/desk/holds/" (it.id) } { (it.place()) } }
                td data-label="Because of" { a href={ "/desk/" (it.application_id) } { (it.business) } }
                td data-label="Since" { (format::day(it.since.day())) }
                td data-label="State" { (state(it.hold_state)) }
                td data-label="Decided" {
                    @if let Some(day) = it.decided_on { (format::day(day.day())) " · " (it.noted_by) }
                }
            }
        }
    };
    html! {
        (page_head("Holds on addresses", &html! { span.meta { (format::count(holds.len() as i64)) } }, &html! {}))
        p.lead { "Where a license was revoked or a business closed by order, no new license is issued until someone decides, with a reason." }
        @if holds.is_empty() {
            (empty_state("No address is on hold.", "A hold begins when a license is revoked or a business is closed by emergency order.", &quiet_link("/desk", "Back to the desk")))
        } @else { (table("Holds on addresses", &columns, &rows)) }
    }
}

/// One of them.
pub fn show(it: &Hold, may_change: bool, form: Typed<'_>) -> Markup {
    let mut rows = vec![
        ("Address", html! { (it.place()) }),
        ("Because of", html! { a href={ "/desk/" (it.application_id) } { (it.business) } }),
        ("Since", html! { (format::day(it.since.day())) }),
        ("State", state(it.hold_state)),
    ];
    rows.extend(it.site_id.map(|id| ("Site", html! { a href={ "/sites/" (id) } { "The site" } })));
    rows.extend(it.decided_on.map(|day| ("Decided", html! { (format::day(day.day())) " · " (it.noted_by) })));
    rows.extend(held(&it.reason).map(|reason| ("Reason", reason)));
    let states: Vec<(&str, &str)> = [
        (HoldState::Lifted, "Lift the hold: a license may be issued there again"),
        (HoldState::Kept, "Keep the hold"),
    ]
    .map(|(it, words)| (it.as_str(), words))
    .to_vec();
    html! {
        (page_head(&format!("Hold: {}", it.place()), &html! {}, &html! {}))
        (form.summary())
        (card("The hold", &facts(&rows)))
        @if may_change {
            form.stack method="post" {
                (form.carried(&["version"]))
                (card("What you decide", &html! {
                    (field_radios(form.field("hold_state", "Decision").required(), &states))
                    (form.free_text(form.field("reason", "Why").required()))
                }))
                div.form-actions { (primary("Save the decision")) (quiet_link("/desk/holds", "Cancel")) }
            }
        }
    }
}
