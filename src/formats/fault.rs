//! What can be wrong with a whole file; what is wrong with a row is a [`crate::formats::row::RowError`].

use std::io;

use crate::formats::source::SourceError;

/// What can be wrong with a whole file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It is absent, or may not be opened.
    #[error("it cannot be opened: {0}")]
    Open(io::Error),
    /// The disk or the sender stopped.
    #[error("reading stopped: {0}")]
    Read(io::Error),
    /// It holds no data at all.
    #[error("it is empty")]
    Empty,
    /// A gzip file that ends too early.
    #[error("the gzip file is cut off before its end; the rows before the cut were read. Fetch it again")]
    TruncatedGzip,
    /// A gzip file with wrong bytes.
    #[error("the gzip file is damaged ({0}); the rows before the damage were read. Fetch it again")]
    DamagedGzip(io::Error),
    /// The `[file]` table of the profile contradicts itself.
    #[error("the profile's [file] table: {0}")]
    Source(#[from] SourceError),
    /// No row has the columns that mark the header.
    #[error("{0}")]
    Header(String),
    /// JSON that breaks the structure around the features.
    #[error("line {line}, byte {byte}: {reason}")]
    Json {
        /// From 1.
        line: u64,
        /// From 0, in the text after gunzip.
        byte: u64,
        /// What was expected and what was found.
        reason: String,
    },
    /// A GeoPackage that is none, or lacks the layer.
    #[error("{0}")]
    Geopackage(String),
    /// A shapefile that is none, is damaged, or lacks the layer or a part.
    #[error("{0}")]
    Shapefile(String),
}

impl Fault {
    pub(super) fn of_read(error: io::Error, gzip: bool) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof if gzip => Self::TruncatedGzip,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput if gzip => Self::DamagedGzip(error),
            _ => Self::Read(error),
        }
    }
}
