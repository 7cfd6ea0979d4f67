//! `foca import`: files into the catalog, with progress for people and one line of JSON for scripts.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use crate::app::App;
use crate::imports::engine::{self, Job, Progress, Summary};
use crate::imports::profile::Profile;
use crate::knowledge::{Document, Library};
use crate::rights::Viewer;
use crate::standing::drain::{self, Drained};

/// Without a terminal a line is written each time that so many more rows were read.
const ROWS_A_LINE: i64 = 100_000;

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The profile: the name of one in data/profiles, or a file of your own.
    #[arg(long, value_name = "NAME|FILE.toml")]
    profile: String,
    /// End with one line of JSON for each file: rows, stored, updated, duplicate, rejected, linked, seconds.
    #[arg(long)]
    json: bool,
    /// The files, one after another.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Imports the files one after another, then brings the standings up to date.
///
/// # Errors
/// No such profile, a flaw in it, a file that does not fit it, or the database.
pub(super) async fn run(app: &App, import: &Import) -> anyhow::Result<()> {
    let (name, document) = find_profile(&app.library, &import.profile)?;
    let profile = Profile::read(&document)?;
    for path in &import.files {
        let job = Job {
            path: path.clone(),
            file_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            profile_name: name.clone(),
            document: document.clone(),
            profile: profile.clone(),
            offenses: std::sync::Arc::clone(&app.offenses),
        };
        let summary = one(app, &job).await.with_context(|| format!("importing {}", path.display()))?;
        tell(&job, &summary, import.json)?;
    }
    let began = std::time::Instant::now();
    let sites = match drain::drain(&app.db, app.clock, &app.cards).await? {
        Drained::All => "all sites".to_owned(),
        Drained::Sites(n_sites) => format!("{n_sites} sites"),
        Drained::Nothing => return Ok(()),
    };
    let seconds = began.elapsed().as_secs_f64();
    writeln!(std::io::stderr(), "assessed {sites} anew in {seconds:.1} s")?;
    Ok(())
}

async fn one(app: &App, job: &Job) -> anyhow::Result<Summary> {
    let bar = ProgressBar::no_length().with_style(style());
    // indicatif draws nothing where there is no terminal; plain lines take its place there.
    let plain = bar.is_hidden();
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut told = 0;
    let summary = engine::import(&app.db, app.clock, &Viewer::operator(), job, |at| {
        bar.set_length(at.size.unwrap_or(at.read));
        bar.set_position(at.read);
        bar.set_message(format!("{} rows, {} rejected", at.counts.rows, at.counts.rejected));
        if plain && at.counts.rows >= told + ROWS_A_LINE {
            told = at.counts.rows;
            let _ = writeln!(std::io::stderr(), "{}", line(&job.file_name, &at));
        }
    })
    .await;
    bar.finish_and_clear();
    Ok(summary?)
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left: {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn line(file: &str, at: &Progress) -> String {
    let share = at.size.filter(|size| *size > 0).map(|size| 100 * at.read / size);
    let share = share.map_or(String::new(), |it| format!(" ({it} %)"));
    format!("{file}: {} rows{share}, {} rejected", at.counts.rows, at.counts.rejected)
}

fn tell(job: &Job, summary: &Summary, json: bool) -> anyhow::Result<()> {
    let counts = summary.counts;
    let mut out = std::io::stdout();
    for (field, words) in &summary.unmapped {
        let n_rows: u64 = words.values().sum();
        let list: Vec<String> = words.iter().take(5).map(|(word, n)| format!("`{word}` {n}×")).collect();
        let more = if words.len() > 5 { format!(" and {} more", words.len() - 5) } else { String::new() };
        let mut said = std::io::stderr();
        writeln!(said, "{field}: {n_rows} values are not in the map: {}{more}", list.join(", "))?;
    }
    if json {
        let line = serde_json::json!({
            "rows": counts.rows, "stored": counts.stored, "updated": counts.updated, "duplicate": counts.duplicate,
            "rejected": counts.rejected, "linked": counts.linked, "skipped": counts.skipped, "sites": counts.sites,
            "batch": format!("B-{:04}", summary.number), "seconds": summary.seconds,
        });
        writeln!(out, "{line}")?;
        return Ok(());
    }
    writeln!(out, "{}: {} rows in {:.1} s", job.file_name, counts.rows, summary.seconds)?;
    writeln!(
        out,
        "  {} stored, {} updated, {} duplicate, {} rejected, {} left out by the profile",
        counts.stored, counts.updated, counts.duplicate, counts.rejected, counts.skipped,
    )?;
    writeln!(out, "  {} linked to a site, {} sites opened", counts.linked, counts.sites)?;
    if counts.rejected > 0 {
        writeln!(out, "  the rejects are on the page of batch B-{:04}", summary.number)?;
    }
    Ok(())
}

/// The profile of that name, or in that file.
fn find_profile(library: &Library, wanted: &str) -> anyhow::Result<(String, Document)> {
    if let Some(document) = library.get(&format!("profiles/{wanted}.toml")) {
        return Ok((wanted.to_owned(), document.clone()));
    }
    let path = PathBuf::from(wanted);
    if path.is_file() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok((name, Document::read(&path)?));
    }
    let names: Vec<&str> = library
        .below("profiles")
        .filter_map(|it| it.name.strip_prefix("profiles/")?.strip_suffix(".toml"))
        .collect();
    anyhow::bail!("there is no profile `{wanted}` and no such file; there are: {}", names.join(", "))
}
