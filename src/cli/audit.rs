//! `foca audit`: proves the chain of the log, writes the log to a file, tells the head that is to be kept.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::NaiveDate;
use clap::Subcommand;
use futures_util::TryStreamExt;

use crate::app::App;
use crate::audit::store::{self, Filter};
use crate::audit::verify::{Proof, verify};
use crate::audit::{Act, Entry, NO_HASH, Outcome, words};
use crate::rights::{Resource, Viewer};

#[derive(Debug, clap::Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Walk the log from its first entry and name the first that does not fit.
    Verify(Verify),
    /// Write the log to a file, one JSON object a line.
    Export(Export),
    /// Tell number and hash of the last entry, to be kept outside of FOCA.
    Head,
}

#[derive(Debug, clap::Args)]
struct Verify {
    /// A head as it was kept before: it must stand in the log, so that the loss of the newest entries is found, too.
    #[arg(long, value_name = "NUMBER:HASH", value_parser = words::head)]
    head: Option<(i64, String)>,
}

#[derive(Debug, clap::Args)]
struct Export {
    /// The file; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// From this day on.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = words::day)]
    from: Option<NaiveDate>,
    /// To the end of this day.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = words::day)]
    to: Option<NaiveDate>,
}

/// Runs one of the three.
///
/// # Errors
/// The chain is broken, the database does not answer, or the file cannot be written.
pub(super) async fn run(app: &App, command: &Audit) -> anyhow::Result<()> {
    match &command.task {
        Task::Verify(it) => prove(app, it).await,
        Task::Export(it) => export(app, it).await,
        Task::Head => {
            let head = head(app).await?;
            writeln!(std::io::stdout(), "{head}")?;
            Ok(())
        }
    }
}

async fn prove(app: &App, asked: &Verify) -> anyhow::Result<()> {
    let viewer = Viewer::operator();
    let kept = asked.head.as_ref().map(|(n, hash)| (*n, hash.as_str()));
    let proof = verify(&app.db, &viewer, kept).await?;
    let entry = operate("verify the log").with("kept", kept.map(|(n, hash)| format!("{n}:{hash}")));
    let entry = match &proof {
        Proof::Whole { n_entries, head } => entry.with("whole", format!("{n_entries}:{head}")),
        Proof::Broken { n, why } => {
            entry.outcome(Outcome::Failed).with("broken", format!("entry {n}: {why}"))
        }
    };
    store::record(&app.db, app.clock, &viewer, &entry).await.context("logging that the log was verified")?;
    match proof {
        Proof::Whole { n_entries, head } => {
            writeln!(std::io::stdout(), "{n_entries} entries, whole; head {n_entries}:{head}")?;
            Ok(())
        }
        Proof::Broken { n, why } => anyhow::bail!("broken at entry {n}: {why}"),
    }
}

async fn export(app: &App, export: &Export) -> anyhow::Result<()> {
    let viewer = Viewer::operator();
    let filter = words::between(Filter::default(), export.from, export.to, app.frame.zone);
    let entry = operate("export the log").with("file", export.out.display().to_string());
    let entry = entry.with("from", export.from).with("to", export.to);
    store::record(&app.db, app.clock, &viewer, &entry.clone().outcome(Outcome::Began)).await?;
    // Asked for before the entries are: so it stands among them.
    let head = head(app).await?;
    let written = write(app, &viewer, &filter, &export.out).await;
    let ended = match &written {
        Ok(n_rows) => entry.with("n_rows", n_rows),
        Err(_) => entry.outcome(Outcome::BrokenOff),
    };
    store::record(&app.db, app.clock, &viewer, &ended).await?;
    let n_rows = written?;
    writeln!(std::io::stdout(), "{n_rows} entries written to {}; head {head}", export.out.display())?;
    Ok(())
}

/// Writes the entries that fit, the oldest first; the file appears under its name when it is complete.
async fn write(app: &App, viewer: &Viewer, filter: &Filter, out: &Path) -> anyhow::Result<u64> {
    let mut partial = out.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    let written = lines(app, viewer, filter, partial).await;
    if written.is_err() {
        // What is left of a file that could not be finished is of no use to anyone.
        let _ = std::fs::remove_file(partial);
    }
    let n_rows = written?;
    std::fs::rename(partial, out).with_context(|| format!("writing {}", out.display()))?;
    Ok(n_rows)
}

async fn lines(app: &App, viewer: &Viewer, filter: &Filter, path: &Path) -> anyhow::Result<u64> {
    let file = File::create(path).with_context(|| format!("writing {}", path.display()))?;
    let mut file = BufWriter::with_capacity(1 << 18, file);
    let mut entries = store::stream(&app.db, viewer, filter);
    let mut n_rows = 0;
    while let Some(entry) = entries.try_next().await? {
        serde_json::to_writer(&mut file, &entry)?;
        file.write_all(b"\n")?;
        n_rows += 1;
    }
    file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(n_rows)
}

/// `1204:3f9a…`; of a log without entries number 0 and 64 zeros.
async fn head(app: &App) -> anyhow::Result<String> {
    let (n, hash) = store::head(&app.db).await?.unwrap_or_else(|| (0, NO_HASH.to_owned()));
    Ok(format!("{n}:{hash}"))
}

fn operate(task: &str) -> Entry {
    Entry::new(Act::Operate).on(Resource::Audit).with("task", task)
}
