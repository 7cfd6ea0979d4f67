//! The pages of imports: the batches, and one batch with its numbers and rejects.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::{Batch, BatchState, Counts, Reject, Unmapped};
use crate::clock::Moment;
use crate::records::listing::{PAGE, page_link};
use crate::web::extract::Params;
use crate::web::format::{self, count};
use crate::web::ui::{
    self, Column, Icon, Note, card, card_with, counts, empty_state, facts, link_button, note, page_head,
    paging, progress, secondary_link, steps, tag,
};

pub(super) const STEPS: [&str; 3] = ["Choose file", "Check", "Store"];

/// The batches, newest first.
pub fn list(batches: &[Batch], total: i64, page: u32, params: &Params, zone: Tz) -> Markup {
    let columns = [
        Column::new("Batch"),
        Column::new("Profile"),
        Column::new("State"),
        Column::new("Rows").number(),
        Column::new("Stored").number(),
        Column::new("Updated").number(),
        Column::new("Unchanged").number(),
        Column::new("Rejected").number(),
        Column::new("Linked").number(),
        Column::new("Begun"),
    ];
    html! {
        (page_head("Imports", &html! { span.meta { (count(total)) } }, &link_button("/imports/new", "Import a file")))
        @if batches.is_empty() {
            (empty_state("Nothing was imported yet.", "A profile explains a file to FOCA; nothing is stored before you have seen what it would bring.", &link_button("/imports/new", "Import a file")))
        } @else {
            (ui::table("Imports", &columns, &html! { @for it in batches { (batch_row(it, zone)) } }))
            (paging(total.unsigned_abs(), page.into(), PAGE.into(), |n| page_link(params, n)))
        }
    }
}

fn batch_row(it: &Batch, zone: Tz) -> Markup {
    let numbers = [
        ("Rows", it.counts.rows),
        ("Stored", it.counts.stored),
        ("Updated", it.counts.updated),
        ("Unchanged", it.counts.duplicate),
        ("Rejected", it.counts.rejected),
        ("Linked", it.counts.linked),
    ];
    html! {
        tr {
            th.name scope="row" { a href={ "/imports/" (it.id) } { (it.code()) } div.meta { (it.file_name) } }
            td data-label="Profile" { (it.profile) }
            td data-label="State" { (state(it.state)) }
            @for (label, n) in numbers { td.num data-label=(label) { (count(n)) } }
            td data-label="Begun" { (when(it.started_at, zone)) }
        }
    }
}

fn state(state: BatchState) -> Markup {
    match state {
        BatchState::Running => tag("Running", "act", Some(Icon::Clock)),
        BatchState::Done => tag("Done", "ok", Some(Icon::Check)),
        BatchState::BrokenOff => tag("Broken off", "due", Some(Icon::Warning)),
    }
}

pub(super) fn when(at: Moment, zone: Tz) -> String {
    match at {
        Moment::Day(day) => format::day(day),
        Moment::Instant(at) => format::day_and_time(at, &zone),
    }
}

/// One batch with its numbers, unknown words and rejects.
pub fn show(batch: &Batch, rejects: &[Reject], zone: Tz) -> Markup {
    html! {
        (page_head(&format!("Import {}", batch.code()), &state(batch.state), &html! {}))
        (steps(&STEPS, if batch.state == BatchState::Done { 3 } else { 2 }))
        div.split.narrow {
            div.stack {
                (card("Rows", &html! {
                    @if batch.state == BatchState::Running { (progress("Rows read", batch.counts.rows.unsigned_abs(), None)) }
                    (numbers(&batch.counts))
                }))
                @if let Some(message) = &batch.message {
                    (note(Note::Due, &html! { p { (message) } p { "What was stored stays. Running the same file again goes on where this one stopped." } }))
                }
                (unknown_words(&batch.unmapped))
                (rejected(batch, rejects))
            }
            div.stack {
                (card("File", &facts(&[
                    ("Name", html! { (batch.file_name) }),
                    ("Size", html! { (format::bytes(batch.file_bytes.unsigned_abs())) }),
                    ("SHA-256", html! { @match &batch.file_hash { Some(hash) => code { (hash) }, None => "not read to its end" } }),
                ])))
                (card("Profile", &facts(&[
                    ("Name", html! { (batch.profile) }),
                    ("Yields", html! { (batch.record_kind) }),
                    ("Source", html! { (batch.source) }),
                    ("Version", html! { code { (batch.profile_hash) } }),
                ])))
                (card("Time", &facts(&[
                    ("Begun", html! { (when(batch.started_at, zone)) }),
                    ("Ended", html! { @match batch.finished_at { Some(at) => (when(at, zone)), None => "not yet" } }),
                ])))
            }
        }
    }
}

fn numbers(it: &Counts) -> Markup {
    let all = [
        ("read", it.rows),
        ("new", it.stored),
        ("changed", it.updated),
        ("unchanged or duplicate", it.duplicate),
        ("left out by the profile", it.skipped),
        ("rejected", it.rejected),
        ("linked to a site", it.linked),
        ("linked to a building only", it.building),
        ("sites opened", it.sites),
    ];
    counts(&all.map(|(name, n)| (name, html! { (count(n)) })))
}

pub(super) fn unknown_words(unmapped: &Unmapped) -> Markup {
    html! {
        @if !unmapped.is_empty() {
            (card("Words that the profile does not know", &html! {
                p.meta { "The rows are kept; the word stands as not known. Add it to a value map of the profile and import again." }
                div.table-wrap.bare {
                    table.usa-table."usa-table--borderless" {
                        caption.usa-sr-only { "Unknown words" }
                        thead { tr { th scope="col" { "Field" } th scope="col" { "Word" } th.num scope="col" { "Rows" } } }
                        tbody {
                            @for (field, words) in unmapped {
                                @for (word, n) in words.iter().take(50) {
                                    tr { th scope="row" { (field) } td { code.raw { (word) } } td.num { (count(*n)) } }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

fn rejected(batch: &Batch, rejects: &[Reject]) -> Markup {
    let download = html! {
        span.push { (secondary_link(&format!("/imports/{}/rejects.csv", batch.id), "Rejects as CSV", Some(Icon::Download))) }
    };
    html! {
        @if !rejects.is_empty() {
            (card_with("Rows and values that FOCA cannot use", &download, &reject_table(rejects)))
        }
    }
}

pub(super) fn reject_table(rejects: &[Reject]) -> Markup {
    html! {
        div.table-wrap.bare {
            table.usa-table."usa-table--borderless" {
                caption.usa-sr-only { "Rejects" }
                thead {
                    tr { th.num scope="col" { "Line" } th scope="col" { "Column" } th scope="col" { "Value" } th scope="col" { "Reason" } }
                }
                tbody {
                    @for it in rejects {
                        tr {
                            th.num scope="row" { (count(it.line)) }
                            td { code { (it.column_name) } }
                            td { code.raw { @if it.value.is_empty() { "(empty)" } @else { (it.value) } } }
                            td { (it.reason) "." }
                        }
                    }
                }
            }
        }
    }
}
