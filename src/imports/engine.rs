//! Runs an import from file to database: one thread reads and maps, the writer stores, both in flat memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::bound::{Given, Mapper};
use super::mapping::latest;
use super::preview::Preview;
use super::profile::Profile;
use super::writer::{Chunk, Writer};
use super::{Batch, BatchState, Counts, Unmapped, store};
use crate::areas;
use crate::audit::{self, Act, Entry, Outcome};
use crate::clock::{Clock, Moment};
use crate::db::{self, Db, Hold};
use crate::denied::{self, Denied};
use crate::formats::input::Meter;
use crate::formats::reader::Reader;
use crate::geo::Bounds;
use crate::incidents::offenses::Offenses;
use crate::knowledge::Document;
use crate::records::BatchId;
use crate::rights::{Resource, Viewer};

/// Rows of a transaction: it holds the writer for well under 100 ms, so that people are not kept waiting.
const CHUNK: usize = 2_000;
/// Chunks that may wait for the writer; together with the one in hand they bound the memory.
const AHEAD: usize = 2;

/// A file and the profile that explains it.
#[derive(Clone, Debug)]
pub struct Job {
    /// The file.
    pub path: PathBuf,
    /// Its name for people.
    pub file_name: String,
    /// The profile's name, such as `chicago-licenses`.
    pub profile_name: String,
    /// The profile's text.
    pub document: Document,
    /// The profile.
    pub profile: Profile,
    /// The classes of offense that its words must be of.
    pub offenses: Arc<Offenses>,
}

/// What an import came to.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The batch.
    pub batch: BatchId,
    /// Its number.
    pub number: i64,
    /// The numbers.
    pub counts: Counts,
    /// Unknown words.
    pub unmapped: Unmapped,
    /// Seconds of wall time.
    pub seconds: f64,
}

/// How far an import has come: bytes read of all, and its numbers.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// The file's size, where known.
    pub size: Option<u64>,
    /// The numbers so far.
    pub counts: Counts,
}

/// Why an import did not happen, or broke off.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read at all; nothing was stored.
    #[error(transparent)]
    File(#[from] crate::formats::reader::FileError),
    /// The profile does not fit the file; nothing was stored.
    #[error("{profile} does not fit {file}: {reason}")]
    Misfit {
        /// The profile.
        profile: String,
        /// The file.
        file: String,
        /// Which key, and what would be right.
        reason: String,
    },
    /// Invented and real records never mix; nothing was stored.
    #[error("{0}")]
    Mixed(&'static str),
    /// It broke off. What was stored stays; running it again goes on.
    #[error("the import broke off after {} rows: {}", .counts.rows, why(.cause))]
    BrokenOff {
        /// The numbers until then.
        counts: Counts,
        /// Why.
        cause: anyhow::Error,
    },
    /// The database refused before the first row.
    #[error("{}", why(.0))]
    Database(anyhow::Error),
}

impl From<anyhow::Error> for ImportError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Database(cause)
    }
}

/// Why an import broke off, and what to do.
fn why(cause: &anyhow::Error) -> String {
    if db::is_full(cause) {
        return format!(
            "there is no room left where the database lies ({cause:#}). Make room, then run the same import again: \
             what was stored stays, and it goes on from there"
        );
    }
    format!("{cause:#}")
}

/// Imports one file. `tell` hears of the progress after each chunk.
///
/// # Errors
/// See [`ImportError`].
pub async fn import(
    db: &Db,
    clock: Clock,
    viewer: &Viewer,
    job: &Job,
    tell: impl FnMut(Progress) + Send,
) -> Result<Summary, ImportError> {
    import_as(BatchId(clock.id()), db, clock, viewer, job, tell).await
}

/// As [`import`], under an id that the caller has chosen, so that its progress can be looked up meanwhile.
///
/// # Errors
/// See [`ImportError`].
pub async fn import_as(
    batch: BatchId,
    db: &Db,
    clock: Clock,
    viewer: &Viewer,
    job: &Job,
    mut tell: impl FnMut(Progress) + Send,
) -> Result<Summary, ImportError> {
    let began = Instant::now();
    let (source, mut writer, note) = open(batch, db, clock, job).await?;
    let logged = logged(&note);
    let (number, _held) = begin(db, clock, viewer, &note, &logged).await?;
    let done = match pump(source, &mut writer, |_| (), &mut tell).await {
        Ok(()) => writer.finish(clock, viewer, logged.clone()).await,
        Err(cause) => Err(cause),
    };
    if let Err(cause) = done {
        let counts = writer.break_off();
        let logged = logged.outcome(Outcome::BrokenOff).with("counts", counts);
        broken_off(db, clock, viewer, (batch, &cause), &logged).await;
        return Err(ImportError::BrokenOff { counts, cause });
    }
    let seconds = began.elapsed().as_secs_f64();
    Ok(Summary { batch, number, counts: writer.counts, unmapped: writer.unmapped, seconds })
}

/// What a file would bring: the import itself, of which nothing stays. The first `most` rows and rejects are kept.
///
/// # Errors
/// As [`import`]; a file that ends early is [`ImportError::BrokenOff`].
pub async fn rehearse(
    db: &Db,
    clock: Clock,
    job: &Job,
    most: usize,
    mut tell: impl FnMut(Progress) + Send,
) -> Result<Preview, ImportError> {
    let began = Instant::now();
    let (source, writer, note) = open(BatchId(clock.id()), db, clock, job).await?;
    let mut preview = Preview::of(source.reader.columns());
    preview.file_hash = note.file_hash.clone().unwrap_or_default();
    preview.at = Some(note.started_at);
    let logged = logged(&note);
    let mut writer = writer.rehearsing(note);
    let done = match pump(source, &mut writer, |chunk| preview.take(chunk, most), &mut tell).await {
        Ok(()) => writer.finish(clock, &Viewer::system("rehearsal"), logged).await,
        Err(cause) => Err(cause),
    };
    preview.counts = writer.counts;
    preview.take_words(&writer.unmapped);
    preview.seconds = began.elapsed().as_secs_f64();
    done.map_err(|cause| ImportError::BrokenOff { counts: preview.counts, cause })?;
    Ok(preview)
}

/// A file with what reads it.
struct Source {
    reader: Reader,
    mapper: Mapper,
}

/// Reads and maps on a thread of its own, and hands each chunk to the writer.
async fn pump(
    source: Source,
    writer: &mut Writer,
    mut see: impl FnMut(&Chunk) + Send,
    tell: &mut (impl FnMut(Progress) + Send),
) -> anyhow::Result<()> {
    let Source { reader, mapper } = source;
    let meter = reader.meter().clone();
    let (to_writer, mut chunks) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking(move || read(reader, &mapper, &to_writer));
    let mut stored = Ok(());
    while let Some(chunk) = chunks.recv().await {
        see(&chunk);
        stored = writer.store(chunk).await;
        if stored.is_err() {
            break;
        }
        tell(Progress { read: meter.read(), size: meter.size(), counts: writer.counts });
    }
    drop(chunks);
    let read = reading.await.map_err(|error| anyhow::anyhow!("the reading thread ended: {error}"))?;
    stored.and(read.map_err(anyhow::Error::new))
}

/// A database of the demonstration takes only files that were invented for it, and no other database takes these.
async fn refuse_mixing(db: &Db, job: &Job) -> Result<(), ImportError> {
    let invented = job.profile.source.starts_with("demonstration-");
    match (store::is_demonstration(db).await.map_err(anyhow::Error::new)?, invented) {
        (true, false) => Err(ImportError::Mixed(
            "this database holds the demonstration, in which every record is invented, and real ones never mix with \
             them; import into another one: --database FILE or FOCA_DATABASE",
        )),
        (false, true) => Err(ImportError::Mixed(
            "sources called demonstration-... are for the database that `foca demo` makes; call this source otherwise",
        )),
        _ => Ok(()),
    }
}

/// All that an import needs before its first row; nothing is stored yet.
async fn open(id: BatchId, db: &Db, clock: Clock, job: &Job) -> Result<(Source, Writer, Batch), ImportError> {
    refuse_mixing(db, job).await?;
    let now = Moment::from(clock.now());
    let denied = Arc::new(denied::store::read(db.into()).await.map_err(anyhow::Error::new)?);
    let source = bind(db, job, id, clock, Arc::clone(&denied)).await?;
    let writer = Writer::open(db.clone(), id, now, &job.profile.source, denied).await?;
    let hash = file_hash(&job.path).await?;
    let note = note(job, id, now, (source.reader.meter(), hash));
    Ok((source, writer, note))
}

async fn bind(
    db: &Db,
    job: &Job,
    batch: BatchId,
    clock: Clock,
    denied: Arc<Denied>,
) -> Result<Source, ImportError> {
    let viewer = Viewer::system("import");
    let areas = areas::store::all(db, &viewer).await.map_err(anyhow::Error::new)?;
    let bounds = areas::snapshot::Snapshot::new(areas).bounds();
    let now = clock.now();
    let given = Given {
        batch,
        now: now.into(),
        latest: latest(now),
        bounds: bounds.and_then(|edges| Bounds::parse(widened(edges)).ok()),
        denied,
        offenses: Arc::clone(&job.offenses),
    };
    let (path, source) = (job.path.clone(), job.profile.file.clone());
    let reader = tokio::task::spawn_blocking(move || Reader::open(&path, &source))
        .await
        .map_err(|error| anyhow::anyhow!("the reading thread ended: {error}"))??;
    let mapper = Mapper::bind(&job.profile, &reader, given).map_err(|reason| ImportError::Misfit {
        profile: job.document.name.clone(),
        file: job.file_name.clone(),
        reason,
    })?;
    Ok(Source { reader, mapper })
}

/// Border towns have addresses across the line: about 11 km of leeway around all areas.
fn widened([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    [west - 0.1, south - 0.1, east + 0.1, north + 0.1]
}

fn note(job: &Job, id: BatchId, now: Moment, (meter, hash): (&Meter, String)) -> Batch {
    Batch {
        id,
        number: 0,
        profile: job.profile_name.clone(),
        profile_hash: job.document.hash.clone(),
        source: job.profile.source.clone(),
        record_kind: job.profile.record.to_string(),
        file_name: job.file_name.clone(),
        file_hash: Some(hash),
        file_bytes: i64::try_from(meter.size().unwrap_or_default()).unwrap_or(i64::MAX),
        state: BatchState::Running,
        started_at: now,
        finished_at: None,
        counts: Counts::default(),
        unmapped: Unmapped::new(),
        message: None,
    }
}

/// Notes that the batch runs. As long as this program holds it, others see that it goes on.
async fn begin(
    db: &Db,
    clock: Clock,
    viewer: &Viewer,
    batch: &Batch,
    logged: &Entry,
) -> anyhow::Result<(i64, Option<Hold>)> {
    store::abandon(db, batch.started_at).await?;
    let held = store::hold(db, batch.id).await?;
    let mut tx = db.begin().await?;
    let number = store::begin(&mut tx, batch).await?;
    let began = logged.clone().outcome(Outcome::Began);
    audit::store::commit(tx, clock, viewer, &began).await?;
    Ok((number, held))
}

/// What the log says of an import: one entry when it begins and one with the counts when it ends; its rows keep their
/// history by batch.
fn logged(batch: &Batch) -> Entry {
    Entry::new(Act::Import)
        .on(Resource::Import)
        .about(batch.id.0)
        .with("file", &batch.file_name)
        .with("file_hash", &batch.file_hash)
        .with("profile", &batch.profile)
        .with("profile_hash", &batch.profile_hash)
}

/// Notes that a batch broke off; a database that cannot even take that is left as it is, for the log has the cause.
async fn broken_off(
    db: &Db,
    clock: Clock,
    viewer: &Viewer,
    (batch, cause): (BatchId, &anyhow::Error),
    logged: &Entry,
) {
    let noted = async {
        let mut tx = db.begin().await?;
        let message = why(cause);
        let at = Moment::from(clock.now());
        store::end(&mut tx, batch, BatchState::BrokenOff, at, Some(&message)).await?;
        audit::store::commit(tx, clock, viewer, logged).await
    };
    if let Err(error) = noted.await {
        tracing::error!(batch.id = %batch, "could not note that batch {batch} broke off: {error}");
    }
}

fn read(
    mut reader: Reader,
    mapper: &Mapper,
    to_writer: &mpsc::Sender<Chunk>,
) -> Result<(), crate::formats::reader::FileError> {
    let mut chunk = Chunk::default();
    while let Some(row) = reader.next()? {
        take(row, mapper, &mut chunk);
        if chunk.drafts.len() >= CHUNK || chunk.rejects.len() >= CHUNK {
            // The writer hangs up only when it has failed, and then it says why.
            if to_writer.blocking_send(std::mem::take(&mut chunk)).is_err() {
                return Ok(());
            }
        }
    }
    chunk.skipped += i64::try_from(reader.repeated_headers()).unwrap_or_default();
    chunk.rows += i64::try_from(reader.repeated_headers()).unwrap_or_default();
    let _ = to_writer.blocking_send(chunk);
    Ok(())
}

fn take(row: crate::formats::row::RowResult, mapper: &Mapper, chunk: &mut Chunk) {
    chunk.rows += 1;
    let row = match row {
        Ok(row) => row,
        Err(error) => {
            chunk.rejected += 1;
            chunk.rejects.push(error);
            return;
        }
    };
    let drafts = mapper.map(&row);
    if drafts.is_empty() {
        chunk.skipped += 1;
    }
    for draft in drafts {
        match draft {
            Ok(mut draft) => {
                chunk.rejects.append(&mut draft.remarks);
                chunk.drafts.push(draft);
            }
            Err(error) => {
                chunk.rejected += 1;
                chunk.rejects.push(error);
            }
        }
    }
}

async fn file_hash(path: &Path) -> anyhow::Result<String> {
    let path = path.to_owned();
    let hash = tokio::task::spawn_blocking(move || {
        let mut hash = Sha256::new();
        let mut file = std::fs::File::open(path)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match std::io::Read::read(&mut file, &mut buffer)? {
                0 => break,
                n => hash.update(&buffer[..n]),
            }
        }
        Ok::<_, std::io::Error>(hash.finalize())
    });
    Ok(hash.await??.iter().map(|byte| format!("{byte:02x}")).collect())
}
