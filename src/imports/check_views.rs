//! The pages on the way from a file to stored rows: choose it, see it being read, check what it would bring.

use chrono_tz::Tz;
use maud::{Markup, html};

use super::checking::Reading;
use super::preview::{self, Line, Preview};
use super::profile::{Position, Profile};
use super::upload::Upload;
use super::views::{STEPS, reject_table, unknown_words, when};
use super::{Batch, shown};
use crate::web::filled::Typed;
use crate::web::format::{self, count};
use crate::web::ui::{
    self, Note, card, card_with, counts, facts, field_file, field_hidden, field_select, note, page_head,
    primary, progress, quiet, quiet_link, secondary_link, steps,
};

/// Which upload is looked at, by which profile.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The upload.
    pub id: &'a str,
    /// What is known of it.
    pub upload: &'a Upload,
    /// The profile's name.
    pub name: &'a str,
    /// The profile.
    pub profile: &'a Profile,
    /// Names and titles of all profiles.
    pub names: &'a [(String, String)],
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
                (field_file(form.field("file", "File").hint("CSV, GeoJSON, newline-delimited JSON or GeoPackage, gzipped too; or a zipped shapefile.").required()))
                p.meta { "Nothing is stored before you have seen what the file would bring." }
            }))
            div.form-actions { (primary("Check the file")) (quiet_link("/imports", "Cancel")) }
        }
    }
}

/// How far the reading has come; the page asks again by itself.
pub fn under_way(asked: Asked<'_>, reading: Reading) -> Markup {
    let share = reading.read.min(reading.size).saturating_mul(100).checked_div(reading.size).unwrap_or(0);
    let rows = format::counted(reading.rows, "row", "rows");
    html! {
        (page_head("The file is being checked", &html! {}, &cancel(asked)))
        (steps(&STEPS, 1))
        div.split.narrow {
            div.stack {
                (card("Reading", &html! {
                    (progress("Percent read", share, Some(100)))
                    p.meta { (rows) " so far. This page looks again each second; nothing is stored." }
                }))
            }
            div.stack { (file_card(asked.upload, &[])) (profile_card(asked)) }
        }
    }
}

/// What the file would bring; `before` is the last delivery of its source, of the same contents where there is one.
pub fn check(asked: Asked<'_>, seen: &Preview, before: Option<&Batch>, zone: Tz) -> Markup {
    let used: Vec<String> = asked.profile.columns().into_iter().map(|it| it.0).collect();
    let unused: Vec<&str> =
        seen.columns.iter().map(String::as_str).filter(|it| !is_used(it, &used)).collect();
    let more = [
        ("Read at", html! { @match seen.at { Some(at) => (when(at, zone)), None => "not known" } }),
        ("Seen before", seen_before(seen, before, zone)),
    ];
    html! {
        (page_head("Check before anything is stored", &html! {}, &actions(asked, seen)))
        (steps(&STEPS, 1))
        div.split.narrow {
            div.stack {
                (numbers(asked, seen))
                (card("First rows, as FOCA would store them", &html! {
                    (first_rows(asked.profile, &seen.rows))
                    (unused_columns(&unused))
                }))
                (unknown_words(&seen.unmapped))
                (rejects(seen))
            }
            div.stack { (file_card(asked.upload, &more)) (profile_card(asked)) (links(asked.profile, seen)) }
        }
    }
}

fn numbers(asked: Asked<'_>, seen: &Preview) -> Markup {
    let it = &seen.counts;
    let all = [
        ("new", it.stored),
        ("changed", it.updated),
        ("unchanged or duplicate", it.duplicate),
        ("rejected", it.rejected),
        ("left out by the profile", it.skipped),
    ];
    let checked = format!("All {} checked", format::counted(it.rows, "row", "rows"));
    let how = html! { span.meta { (format::bytes(asked.upload.n_bytes)) " in " (format!("{:.1}", seen.seconds)) " s" } };
    card_with(
        &checked,
        &how,
        &html! {
            (counts(&all.map(|(name, n)| (name, html! { (count(n)) }))))
            @if to_store(seen) == 0 { p.meta { "Nothing would be stored: no row says anything that is not stored already." } }
        },
    )
}

/// What the records would link to, and the sites that would open.
fn links(profile: &Profile, seen: &Preview) -> Markup {
    let it = &seen.counts;
    let mut known = Vec::new();
    if preview::links(profile.record) {
        let to_none = it.stored + it.updated - it.linked - it.building;
        known.extend([("To a site", it.linked), ("To a building only", it.building), ("To none", to_none)]);
    }
    if profile.opens_site || it.sites > 0 {
        known.push(("New sites", it.sites));
    }
    let known: Vec<_> = known.into_iter().map(|(name, n)| (name, html! { b { (count(n)) } })).collect();
    html! {
        @if !known.is_empty() {
            (card("Links", &html! {
                (facts(&known))
                @if preview::links(profile.record) { p.meta { "Of the new and changed rows." } }
            }))
        }
    }
}

fn seen_before(seen: &Preview, before: Option<&Batch>, zone: Tz) -> Markup {
    html! {
        @match before {
            None => "No, and nothing of this source.",
            Some(it) if it.file_hash.as_deref() == Some(&seen.file_hash) => {
                "Yes, the same contents: " a href={ "/imports/" (it.id) } { (it.code()) }
            }
            Some(it) => { "No. The last delivery was " (when(it.started_at, zone)) "." }
        }
    }
}

fn to_store(seen: &Preview) -> i64 {
    seen.counts.stored + seen.counts.updated
}

fn actions(asked: Asked<'_>, seen: &Preview) -> Markup {
    html! {
        (cancel(asked))
        @if to_store(seen) > 0 {
            form method="post" action={ "/imports/preview/" (asked.id) } {
                (field_hidden("profile", asked.name))
                (primary(&format!("Store {}", format::counted(to_store(seen), "row", "rows"))))
            }
        }
    }
}

fn cancel(asked: Asked<'_>) -> Markup {
    html! { form method="post" action={ "/imports/preview/" (asked.id) "/cancel" } { (ui::button("Cancel")) } }
}

/// Whether the profile names the column, or a part of it.
fn is_used(column: &str, used: &[String]) -> bool {
    used.iter().any(|it| it.eq_ignore_ascii_case(column) || it.split('.').next() == Some(column))
}

fn first_rows(profile: &Profile, rows: &[Line]) -> Markup {
    let columns = profile.columns();
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
                        @for (label, field) in shown::columns(profile.record) { th scope="col" { (label) div { code { (fed_by(field)) } } } }
                    }
                }
                tbody {
                    @for it in rows {
                        tr {
                            th.num scope="row" { (count(i128::from(it.line))) }
                            td { (it.key.chars().take(40).collect::<String>()) }
                            @for cell in &it.cells { td { (cell) } }
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

fn rejects(seen: &Preview) -> Markup {
    let it = &seen.counts;
    let title = match it.rejected {
        0 => "Values that FOCA cannot read".to_owned(),
        n => format!("{} that FOCA cannot read", format::counted(n, "row", "rows")),
    };
    let beside =
        html! { span.meta { "The other " (count(it.rows - it.rejected)) " are read all the same." } };
    html! {
        @if !seen.rejects.is_empty() { (card_with(&title, &beside, &html! {
            (reject_table(&seen.rejects))
            p.meta { "The first " (seen.rejects.len()) " are shown; after storing, all of them come as CSV." }
        })) }
    }
}

/// The file cannot be read by this profile.
pub fn misfit(asked: Asked<'_>, reason: &str) -> Markup {
    let words = html! { p { (reason) } p { "Nothing was stored. Choose another profile, or another file." } };
    let way_on = secondary_link("/imports/new", "Choose another file", None);
    stopped(asked, "This profile does not fit the file", &words, &way_on)
}

/// FOCA did not manage to read it.
pub fn failed(asked: Asked<'_>, reason: &str) -> Markup {
    let words = html! { p { (reason) } p { "Nothing was stored, and the file is still here." } };
    let way_on = secondary_link(
        &format!("/imports/preview/{}?profile={}&again=1", asked.id, asked.name),
        "Check it again",
        None,
    );
    stopped(asked, "The file was not checked", &words, &way_on)
}

fn stopped(asked: Asked<'_>, title: &str, words: &Markup, way_on: &Markup) -> Markup {
    html! {
        (page_head(title, &html! {}, &cancel(asked)))
        (steps(&STEPS, 1))
        div.split.narrow {
            div.stack { (note(Note::Error, words)) p { (way_on) } }
            div.stack { (file_card(asked.upload, &[])) (profile_card(asked)) }
        }
    }
}

fn file_card(upload: &Upload, more: &[(&str, Markup)]) -> Markup {
    let mut known =
        vec![("Name", html! { (upload.file_name) }), ("Size", html! { (format::bytes(upload.n_bytes)) })];
    known.extend(more.iter().cloned());
    card("File", &facts(&known))
}

fn profile_card(asked: Asked<'_>) -> Markup {
    let profile = asked.profile;
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
        ("Name", html! { (asked.name) }),
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
            form method="get" action={ "/imports/preview/" (asked.id) } {
                (field_select(ui::Field::new("profile", "Another profile").value(asked.name), asked.names))
                (field_hidden("again", "1"))
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
