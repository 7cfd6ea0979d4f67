//! `foca backup` and `foca restore`: the whole database into a file, and back.

use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};

use crate::audit::{self, Act, Entry};
use crate::clock::Clock;
use crate::config;
use crate::db::Db;
use crate::db::backup::{self, Existing, Report};
use crate::rights::Viewer;

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file; it appears when it is complete and was found whole.
    file: PathBuf,
    /// Overwrite the file if it exists.
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `foca backup` wrote.
    file: PathBuf,
    /// Also where the database holds something: a SQLite file is kept beside as NAME.before-restore-TIME; what
    /// PostgreSQL holds is overwritten.
    #[arg(long)]
    replace: bool,
}

/// Saves the database, which is neither made nor changed.
///
/// # Errors
/// As of [`backup::save`], or it was told to stop.
pub(super) async fn save(shared: &config::Shared, order: &Backup) -> anyhow::Result<()> {
    let report = unless_stopped(backup::save(&shared.database, &order.file, existing(order.replace))).await?;
    log(shared, "backup", order.file.as_path(), &report).await?;
    writeln!(std::io::stdout(), "saved {} to {}", report.database, order.file.display())?;
    tell(&report)
}

/// Brings a backup back; the database is not opened before it is decided that it may be replaced.
///
/// # Errors
/// As of [`backup::restore`], or it was told to stop.
pub(super) async fn restore(shared: &config::Shared, clock: Clock, order: &Restore) -> anyhow::Result<()> {
    let restoring = backup::restore(&shared.database, &order.file, existing(order.replace), clock.now());
    let report = unless_stopped(restoring).await?;
    log(shared, "restore", order.file.as_path(), &report).await?;
    writeln!(std::io::stdout(), "restored {} from {}", report.database, order.file.display())?;
    tell(&report)
}

/// Notes in the log of the database itself what the operator did with all of it. One of another version of FOCA, saved
/// before an upgrade, cannot be written to; its operator hears of it.
async fn log(shared: &config::Shared, task: &str, file: &Path, report: &Report) -> anyhow::Result<()> {
    let db = match Db::open(&shared.database).await {
        Ok(db) => db,
        Err(error) => {
            writeln!(std::io::stderr(), "not noted in the log of the database itself: {error}")?;
            return Ok(());
        }
    };
    let entry = Entry::new(Act::Operate).with("task", task).with("file", file.display().to_string());
    let entry = entry.with("bytes", report.bytes).with("sha256", &report.sha256);
    let logged = audit::store::record(&db, Clock::System, &Viewer::operator(), &entry).await;
    db.close().await;
    Ok(logged?)
}

fn existing(replace: bool) -> Existing {
    if replace { Existing::Replace } else { Existing::Refuse }
}

/// What was not finished is taken away when the work is dropped.
async fn unless_stopped(work: impl Future<Output = anyhow::Result<Report>>) -> anyhow::Result<Report> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        done = Box::pin(work) => done,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped; nothing is left of it"),
        _ = terminated.recv() => anyhow::bail!("stopped; nothing is left of it"),
    }
}

fn tell(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    let contents = &report.contents;
    writeln!(
        out,
        "  {} bytes, {} tables, {} rows; {:.1} s",
        report.bytes,
        contents.tables.len(),
        contents.n_rows(),
        report.seconds
    )?;
    writeln!(out, "  sha256 {}", report.sha256)?;
    if let Some(last) = contents.last_entry {
        writeln!(out, "  the log of acts ends with entry {last}")?;
    }
    if let Some(kept) = &report.kept {
        writeln!(out, "  the database that was there is kept as {}", kept.display())?;
    }
    Ok(())
}
