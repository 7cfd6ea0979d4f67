//! What the log keeps of an export: one entry before the first byte, and one with count and hash after the last.

use std::io::{self, Write};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{Entry, Outcome, store};
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::formats::gathered::Gathered;
use crate::rights::Viewer;

/// An export under way.
#[derive(Clone, Debug)]
pub struct Taken {
    db: Db,
    clock: Clock,
    viewer: Viewer,
    entry: Entry,
}

impl Taken {
    /// Logs that it begins; without that no byte may leave. The entry says what is taken out, and by which filter.
    ///
    /// # Errors
    /// The log cannot be written.
    pub async fn begin(db: &Db, clock: Clock, viewer: &Viewer, entry: Entry) -> db::Result<Self> {
        store::record(db, clock, viewer, &entry.clone().outcome(Outcome::Began)).await?;
        Ok(Self { db: db.clone(), clock, viewer: viewer.clone(), entry })
    }

    /// Logs how it ended: so many rows, in bytes with that hash.
    ///
    /// # Errors
    /// The log cannot be written; then what has left must not look whole.
    pub async fn end(self, outcome: Outcome, n_rows: u64, hash: &str) -> db::Result<()> {
        let entry = self.entry.outcome(outcome).with("n_rows", n_rows).with("sha256", hash);
        store::record(&self.db, self.clock, &self.viewer, &entry).await
    }
}

/// An answer that is sent while its rows are written, in flat memory. The last piece leaves after the log has it all.
pub struct Sending {
    gathered: Gathered,
    send: mpsc::Sender<io::Result<Bytes>>,
    hash: Sha256,
    n_rows: u64,
}

/// What is sent at once: large enough to be worth a packet, small enough to stay flat.
const CHUNK_BYTES: usize = 64 * 1024;

impl Sending {
    /// The answer's body, and what fills it.
    pub fn begin() -> (Self, Body) {
        let (send, receive) = mpsc::channel::<io::Result<Bytes>>(2);
        let body = stream::unfold(receive, async |mut receive| receive.recv().await.map(|it| (it, receive)));
        // Whoever packs the body asks once more after its end.
        let body = body.fuse();
        let sending = Self { gathered: Gathered::default(), send, hash: Sha256::new(), n_rows: 0 };
        (sending, Body::from_stream(body))
    }

    /// Where the writer of the rows writes to.
    pub fn sink(&self) -> Gathered {
        self.gathered.clone()
    }

    /// Counts a row that was written, and sends what has come together; whether somebody still takes it.
    pub async fn row(&mut self) -> bool {
        self.n_rows += 1;
        match self.gathered.take(CHUNK_BYTES) {
            Some(bytes) => {
                self.hash.update(&bytes);
                self.send.send(Ok(bytes)).await.is_ok()
            }
            None => true,
        }
    }

    /// Ends it. `written` says whether all rows were written, and not given up because nobody took them.
    pub async fn end(mut self, written: anyhow::Result<bool>, taken: Taken) {
        let is_whole = matches!(written, Ok(true));
        let last = self.gathered.take(0).unwrap_or_default();
        if is_whole {
            self.hash.update(&last);
        }
        let outcome = if is_whole { Outcome::Done } else { Outcome::BrokenOff };
        let logged = taken.end(outcome, self.n_rows, &hex(self.hash)).await;
        let failure = written.err().or_else(|| logged.err().map(anyhow::Error::new));
        if let Some(error) = failure {
            tracing::error!("an export broke off: {error:#}");
            // The body ends without its end: no half a file, and none that was not logged, is taken for a whole one.
            let _ = self.send.send(Err(io::Error::other("the export broke off"))).await;
        } else if is_whole {
            let _ = self.send.send(Ok(last)).await;
        }
    }
}

/// A sink that hashes what passes through it.
pub struct Hashed<W> {
    sink: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    /// Around a sink.
    pub fn new(sink: W) -> Self {
        Self { sink, hash: Sha256::new() }
    }

    /// The sink, and the SHA-256 of all that went through, in hexadecimal.
    pub fn finish(self) -> (W, String) {
        (self.sink, hex(self.hash))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n_bytes = self.sink.write(bytes)?;
        self.hash.update(&bytes[..n_bytes]);
        Ok(n_bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// A finished hash in hexadecimal.
fn hex(hash: Sha256) -> String {
    use std::fmt::Write;
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
