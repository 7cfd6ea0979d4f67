//! The pages of imports: batches, one batch, choose a file, check what it would bring.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::Reject;
use super::profile::{Position, Profile};
use super::upload::Upload;
use super::{Batch, BatchState, Counts, Unmapped};
use crate::clock::Moment;
use crate::formats::row::RowError;
use crate::records::listing::{PAGE, page_link};
use crate::web::extract::Params;
use crate::web::filled::Typed;
use crate::web::format::{self, count};
use crate::web::ui::{
    self, Column, Icon, Note, card, card_with, counts, empty_state, facts, field_file, field_hidden,
    field_select, link_button, note, page_head, paging, primary, progress, quiet, quiet_link, secondary_link,
    steps, tag,
};

const STEPS: [&str; 3] = ["Choose file", "Check", "Store"];

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

fn when(at: Moment, zone: Tz) -> String {
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
        ("sites opened", it.sites),
    ];
    counts(&all.map(|(name, n)| (name, html! { (count(n)) })))
}

fn unknown_words(unmapped: &Unmapped) -> Markup {
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
    let rows: Vec<_> =
        rejects.iter().map(|it| (it.line, &*it.column_name, &*it.value, &*it.reason)).collect();
    let download = html! {
        span.push { (secondary_link(&format!("/imports/{}/rejects.csv", batch.id), "Rejects as CSV", Some(Icon::Download))) }
    };
    html! {
        @if !rows.is_empty() {
            (card_with("Rows and values that FOCA cannot use", &download, &reject_table(&rows)))
        }
    }
}

fn reject_table(rows: &[(i64, &str, &str, &str)]) -> Markup {
    html! {
        div.table-wrap.bare {
            table.usa-table."usa-table--borderless" {
                caption.usa-sr-only { "Rejects" }
                thead {
                    tr { th.num scope="col" { "Line" } th scope="col" { "Column" } th scope="col" { "Value" } th scope="col" { "Reason" } }
                }
                tbody {
                    @for (line, column, value, reason) in rows {
                        tr {
                            th.num scope="row" { (count(*line)) }
                            td { code { (column) } }
                            td { code.raw { @if value.is_empty() { "(empty)" } @else { (value) } } }
                            td { (reason) "." }
                        }
                    }
                }
            }
        }
    }
}

/// The form that takes a file.
pub fn choose(form: Typed<'_>, profiles: &[(String, String)]) -> Markup {
    let mut options = vec![(String::new(), "Choose".to_owned())];
    options.extend(profiles.iter().cloned());
    html! {
        (page_head("Import a file", &html! {}, &html! {}))
        (steps(&STEPS, 0))
        (form.summary())
        form.stack method="post" enctype="multipart/form-data" {
            (card("File and profile", &html! {
                (field_select(form.field("profile", "Profile").hint("It explains the columns of the file to FOCA.").required(), &options))
                (field_file(form.field("file", "File").hint("CSV, GeoJSON, newline-delimited JSON or GeoPackage; gzipped too.").required()))
                p.meta { "Nothing is stored before you have seen what the file would bring." }
            }))
            div.form-actions { (primary("Check the file")) (quiet_link("/imports", "Cancel")) }
        }
    }
}

/// The profile beside a preview, and those that could be used instead.
#[derive(Clone, Copy, Debug)]
pub struct ProfileCard<'a> {
    /// Its name.
    pub name: &'a str,
    /// The profile.
    pub profile: &'a Profile,
    /// Names and titles of all profiles.
    pub names: &'a [(String, String)],
}

/// What a file would bring.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The upload.
    pub id: &'a str,
    /// What is known of it.
    pub upload: &'a Upload,
    /// The profile.
    pub card: ProfileCard<'a>,
    /// The columns of the preview and the fields that feed them.
    pub columns: &'a [(&'static str, &'static str)],
    /// Line, key and cells of the first rows.
    pub rows: &'a [(u64, String, Vec<String>)],
    /// The first rejects.
    pub rejects: &'a [RowError],
    /// The numbers of all rows; what is new or known already is not looked up.
    pub counts: &'a Counts,
    /// Unknown words.
    pub unmapped: &'a Unmapped,
    /// Columns of the file that the profile does not read.
    pub unused: &'a [&'a str],
}

/// The preview.
pub fn check(it: &Check<'_>) -> Markup {
    let to_store = (it.counts.rows - it.counts.rejected - it.counts.skipped).max(0);
    let all = [
        ("to store", to_store),
        ("left out by the profile", it.counts.skipped),
        ("rejected", it.counts.rejected),
    ];
    let checked = format!("All {} checked", format::counted(it.counts.rows, "row", "rows"));
    html! {
        (page_head("Check before anything is stored", &html! {}, &actions(it, to_store)))
        (steps(&STEPS, 1))
        div.split.narrow {
            div.stack {
                (card(&checked, &html! {
                    (counts(&all.map(|(name, n)| (name, html! { (count(n)) }))))
                    p.meta { "Rows that say what is stored already change nothing; how many they are shows when the file is stored." }
                }))
                (card("First rows, as FOCA would store them", &html! {
                    (first_rows(it))
                    (unused_columns(it.unused))
                }))
                (unknown_words(it.unmapped))
                (preview_rejects(it))
            }
            div.stack { (file_card(it.upload)) (profile_card(it.id, it.card)) }
        }
    }
}

fn actions(it: &Check<'_>, to_store: i64) -> Markup {
    html! {
        form method="post" action={ "/imports/preview/" (it.id) "/cancel" } { (ui::button("Cancel")) }
        @if to_store > 0 {
            form method="post" action={ "/imports/preview/" (it.id) } {
                (field_hidden("profile", it.card.name))
                (primary(&format!("Store {}", format::counted(to_store, "row", "rows"))))
            }
        }
    }
}

fn first_rows(it: &Check<'_>) -> Markup {
    let columns = it.card.profile.columns();
    let fed_by = |field: &str| {
        let prefix = format!("{field}.");
        let feeds = |key: &str| {
            key == format!("fields.{field}") || key == format!("site.{field}") || key.starts_with(&prefix)
        };
        let names: Vec<&str> = columns.iter().filter(|it| feeds(&it.1)).map(|it| it.0.as_str()).collect();
        names.join(" + ")
    };
    html! {
        div.table-wrap.bare tabindex="0" role="region" aria-label="First rows" {
            table.usa-table."usa-table--borderless" {
                caption.usa-sr-only { "First rows" }
                thead {
                    tr {
                        th.num scope="col" { "Line" } th scope="col" { "Source key" }
                        @for (label, field) in it.columns { th scope="col" { (label) div { code { (fed_by(field)) } } } }
                    }
                }
                tbody {
                    @for (line, key, cells) in it.rows {
                        tr {
                            th.num scope="row" { (count(i128::from(*line))) }
                            td { (key.chars().take(40).collect::<String>()) }
                            @for cell in cells { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn unused_columns(unused: &[&str]) -> Markup {
    let n = unused.len();
    html! {
        @if n > 0 {
            p.meta {
                @if n == 1 { "1 column is not read: " } @else { (n) " columns are not read: " }
                (unused.iter().take(12).copied().collect::<Vec<_>>().join(", "))
                @if n > 12 { " and " (n - 12) " more" } "."
            }
        }
    }
}

fn preview_rejects(it: &Check<'_>) -> Markup {
    let rows: Vec<_> = it
        .rejects
        .iter()
        .map(|it| {
            let line = i64::try_from(it.line).unwrap_or(i64::MAX);
            (line, it.column.as_deref().unwrap_or_default(), it.value.as_str(), it.reason.as_str())
        })
        .collect();
    let title = match it.counts.rejected {
        0 => "Values that FOCA cannot read".to_owned(),
        n => format!("{} that FOCA cannot read", format::counted(n, "row", "rows")),
    };
    let others = it.counts.rows - it.counts.rejected;
    let beside = html! { span.meta { "The other " (count(others)) " are read all the same." } };
    html! {
        @if !rows.is_empty() { (card_with(&title, &beside, &html! {
            (reject_table(&rows))
            p.meta { "The first " (rows.len()) " are shown; after storing, all of them come as CSV." }
        })) }
    }
}

/// The file cannot be read by this profile.
pub fn misfit(id: &str, upload: &Upload, card: ProfileCard<'_>, reason: &str) -> Markup {
    let cancel = html! {
        form method="post" action={ "/imports/preview/" (id) "/cancel" } { (ui::button("Cancel")) }
    };
    html! {
        (page_head("This profile does not fit the file", &html! {}, &cancel))
        (steps(&STEPS, 1))
        div.split.narrow {
            div.stack {
                (note(Note::Error, &html! { p { (reason) } p { "Nothing was stored. Choose another profile, or another file." } }))
                p { (secondary_link("/imports/new", "Choose another file", None)) }
            }
            div.stack { (file_card(upload)) (profile_card(id, card)) }
        }
    }
}

fn file_card(upload: &Upload) -> Markup {
    card(
        "File",
        &facts(&[
            ("Name", html! { (upload.file_name) }),
            ("Size", html! { (format::bytes(upload.n_bytes)) }),
        ]),
    )
}

fn profile_card(id: &str, chosen: ProfileCard<'_>) -> Markup {
    let profile = chosen.profile;
    let key =
        if profile.key.whole_row { "the whole row".to_owned() } else { profile.key.columns.join(" + ") };
    let kept = profile.rows.keep.iter().map(|it| {
        format!(
            "{}: {}",
            it.column,
            it.is.iter().chain(&it.contains).take(8).cloned().collect::<Vec<_>>().join(", ")
        )
    });
    let mut known = vec![
        ("Name", html! { (chosen.name) }),
        ("For", html! { (profile.title) }),
        ("Reads", html! { (profile.file.format.name()) }),
        ("Yields", html! { (profile.record) @if profile.opens_site { ", and opens sites" } }),
        ("Key", html! { code { (key) } }),
        ("Position", html! { (position(profile.position.as_ref())) }),
    ];
    known.extend(kept.map(|it| ("Kept rows", html! { (it) })));
    card(
        "Profile",
        &html! {
            (facts(&known))
            form method="get" action={ "/imports/preview/" (id) } {
                (field_select(ui::Field::new("profile", "Another profile").value(chosen.name), chosen.names))
                (quiet("Check with this profile"))
            }
        },
    )
}

fn position(position: Option<&Position>) -> String {
    let Some(it) = position else { return "none".to_owned() };
    let columns: Vec<&str> = [&it.y, &it.x]
        .into_iter()
        .flatten()
        .chain(it.both.iter().map(|it| &it.column))
        .map(String::as_str)
        .collect();
    let from = if it.geometry { "the geometry".to_owned() } else { columns.join(", ") };
    format!("{from} in {}", it.crs.as_deref().unwrap_or("longitude and latitude"))
}
