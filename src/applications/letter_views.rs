//! Letters as sheets of paper: on the screen with what to do, on paper the letter alone.

use maud::{Markup, html};

use super::letters::Filled;
use super::parts::{LetterId, Sent};
use super::workflow::Agency;
use crate::web::format;
use crate::web::ui::{Note, button, empty_state, field_hidden, note, page_head, quiet_link};

/// One letter; `id` is given where whoever looks may note that it went out.
pub fn one(
    agency: &Agency,
    letter: &Filled,
    today: &str,
    (id, sent): (Option<LetterId>, &[&Sent]),
) -> Markup {
    html! {
        div.letter-tools {
            (page_head("Letter", &html! {}, &html! {}))
            @for it in sent {
                (note(Note::Ok, &html! { "Noted as sent " (format::day(it.sent_on.day())) " by " (it.noted_by) "." }))
            }
            p { "Print this page: the paper has the letter alone." }
            @if let Some(id) = id {
                form method="post" {
                    (field_hidden("id", &id.to_string()))
                    (button("Note that it went out today"))
                }
            }
        }
        (sheet(agency, letter, today))
    }
}

/// Many letters, one a sheet.
pub fn sheets(agency: &Agency, letters: &[Filled], today: &str) -> Markup {
    html! {
        div.letter-tools {
            (page_head("Reminders", &html! { span.meta { (format::count(letters.len() as i64)) } }, &html! {}))
            @if letters.is_empty() {
                (empty_state("No reminder is to be sent.", "Every license in the list has an application that waits, or none ends then.", &quiet_link("/desk/expiring", "Back to the list")))
            } @else { p { "Print this page: each letter has a sheet of its own." } }
        }
        @for letter in letters { (sheet(agency, letter, today)) }
    }
}

fn sheet(agency: &Agency, letter: &Filled, today: &str) -> Markup {
    html! {
        article.letter {
            header {
                p.from { b { (agency.name) } @for line in &agency.lines { br; (line) } }
                p.date { (today) }
            }
            p.to { @for (n, line) in letter.to.iter().enumerate() { @if n > 0 { br; } (line) } }
            h2 { (letter.title) }
            @for paragraph in &letter.paragraphs { p { (paragraph) } }
            p.signed { (agency.signed) }
        }
    }
}
