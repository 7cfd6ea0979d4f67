//! What the log keeps of an export: one entry before the first byte, and one with count and hash after the last.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::{Format, Subject};
use crate::audit::{self, Act, Entry, Outcome};
use crate::clock::Clock;
use crate::db::{self, Db};
use crate::rights::{Resource, Viewer};
use crate::web::extract::Params;

/// An export under way.
#[derive(Clone, Debug)]
pub struct Taken {
    db: Db,
    clock: Clock,
    viewer: Viewer,
    entry: Entry,
}

impl Taken {
    /// Logs that it begins; without that no byte may leave.
    ///
    /// # Errors
    /// The log cannot be written.
    pub async fn begin(
        db: &Db,
        clock: Clock,
        viewer: &Viewer,
        (subject, format): (Subject, Format),
        params: &Params,
    ) -> db::Result<Self> {
        let filter: serde_json::Map<String, serde_json::Value> =
            params.pairs().iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let entry =
            Entry::new(Act::Export).on(subject.resource()).with("format", format).with("filter", filter);
        audit::store::record(db, clock, viewer, &entry.clone().outcome(Outcome::Began)).await?;
        Ok(Self { db: db.clone(), clock, viewer: viewer.clone(), entry })
    }

    /// Logs how it ended: so many rows, in bytes with that hash.
    ///
    /// # Errors
    /// The log cannot be written; then what has left must not look whole.
    pub async fn end(self, outcome: Outcome, n_rows: u64, hash: &str) -> db::Result<()> {
        let entry = self.entry.outcome(outcome).with("n_rows", n_rows).with("sha256", hash);
        audit::store::record(&self.db, self.clock, &self.viewer, &entry).await
    }
}

impl Subject {
    /// The kind of row that it takes out.
    pub fn resource(self) -> Resource {
        match self {
            Self::Sites => Resource::Site,
            Self::Licenses => Resource::License,
            Self::Inspections => Resource::Inspection,
            Self::Complaints => Resource::Complaint,
            Self::Incidents => Resource::Incident,
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
pub fn hex(hash: Sha256) -> String {
    use std::fmt::Write;
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
