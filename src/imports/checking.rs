//! Checks a waiting file beside the request and keeps what was found beside the file: it is read once, however often its
//! page is looked at.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::engine::{self, ImportError, Job};
use super::preview::Check;
use super::upload::{Folder, UploadId};
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::formats::reader::FileError;

/// Rows of a preview, and rejects.
const SHOWN: usize = 20;
/// A page waits so long for a small file; for a large one it shows how far the reading has come.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How often the reading notes how far it has come.
const NOTED: Duration = Duration::from_millis(500);
/// A reading that has noted nothing for so long has ended with its program.
const SILENT: Duration = Duration::from_secs(60);
const NO_ROOM: &str =
    "There is no room left on FOCA's disk. Tell whoever runs FOCA to make room, then check again.";
const NOT_NOW: &str = "FOCA could not check this file just now, and it is not the file's doing.";

/// A check, or how far it has come.
#[derive(Debug)]
pub enum Checked {
    /// All of the file was read.
    Done(Check),
    /// It is being read.
    UnderWay(Reading),
}

/// How far the reading of a file has come.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Bytes read.
    pub read: u64,
    /// Bytes of all.
    pub size: u64,
    /// Rows read.
    pub rows: i64,
}

/// What `job` would bring: what was found before, else what a reading finds that begins now.
///
/// # Errors
/// The folder of uploads cannot be read or written.
pub async fn check(
    db: &Db,
    clock: Clock,
    folder: &Folder,
    id: UploadId,
    job: Job,
) -> std::io::Result<Checked> {
    let names = Names::of(&job);
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(check) = folder.note::<Check>(id, &names.check).await {
            return Ok(Checked::Done(check));
        }
        if folder.begin_note(id, &names.reading, SILENT).await? {
            tokio::spawn(read(db.clone(), clock, folder.clone(), id, job.clone()));
        }
        if Instant::now() > until {
            let reading = folder.note(id, &names.reading).await.unwrap_or_default();
            return Ok(Checked::UnderWay(reading));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Forgets what was found, so that the next look reads the file anew.
pub async fn forget(folder: &Folder, id: UploadId, job: &Job) {
    folder.remove_note(id, &Names::of(job).check).await;
}

/// The names of both notes: another version of the profile is another check.
struct Names {
    check: String,
    reading: String,
}

impl Names {
    fn of(job: &Job) -> Self {
        let version: String = job.document.hash.chars().take(16).collect();
        Self { check: format!("{version}.check"), reading: format!("{version}.reading") }
    }
}

async fn read(db: Db, clock: Clock, folder: Folder, id: UploadId, job: Job) {
    let names = Names::of(&job);
    let mut noted = Instant::now();
    let found = engine::rehearse(&db, clock, &job, SHOWN, |at| {
        if noted.elapsed() < NOTED {
            return;
        }
        noted = Instant::now();
        let reading = Reading { read: at.read, size: at.size.unwrap_or(at.read), rows: at.counts.rows };
        folder.note_now(id, &names.reading, &reading);
    })
    .await;
    let check = match found {
        Ok(preview) => Check::Fits(Box::new(preview)),
        Err(error) => why_not(id, &error),
    };
    if let Err(error) = folder.keep_note(id, &names.check, &check).await {
        tracing::error!(upload.id = %id, "what upload {id} would bring could not be kept: {error}");
    }
    folder.remove_note(id, &names.reading).await;
}

fn why_not(id: UploadId, error: &ImportError) -> Check {
    match error {
        ImportError::BrokenOff { counts, cause } if cause.is::<FileError>() => {
            Check::Misfit(format!("After {} rows: {cause:#}", counts.rows))
        }
        ImportError::BrokenOff { cause, .. } | ImportError::Database(cause) => {
            tracing::error!(upload.id = %id, cause = format!("{cause:#}"), "upload {id} could not be checked");
            Check::Failed(if db::is_full(cause) { NO_ROOM } else { NOT_NOW }.to_owned())
        }
        other => Check::Misfit(other.to_string()),
    }
}
