//! Opens a text file for the readers: gunzips it, drops its byte order mark, turns it into UTF-8, and meters
//! how far it has been read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;

use crate::formats::fault::Fault;
use crate::formats::source::Encoding;

// Reads of 128 KiB: larger ones measure no faster and cost memory for each open file.
const BUFFER_BYTES: usize = 128 << 10;

/// The text of a file as UTF-8, still unchecked if it came as UTF-8.
pub struct Input {
    text: Box<dyn BufRead + Send>,
    gzip: bool,
    /// The encoding it was turned from; characters that it could not hold became U+FFFD.
    pub(super) turned_from: Option<&'static str>,
}

/// How far a file has been read, in bytes as they lie on the disk; cheap to clone and to ask from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    read: Arc<AtomicU64>,
    size: Option<u64>,
}

impl Meter {
    /// Bytes read so far, of the compressed file if it is compressed.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The size of the whole file in bytes, if known.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    pub(super) fn of_size(size: u64) -> Self {
        Self { size: Some(size), ..Self::default() }
    }

    pub(super) fn add(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }
}

struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(into)?;
        self.meter.add(bytes as u64);
        Ok(bytes)
    }
}

impl Input {
    /// Opens a file; the encoding is that of the profile, and a byte order mark outranks it.
    pub fn open(path: &Path, encoding: Option<Encoding>) -> Result<(Self, Meter), Fault> {
        let file = File::open(path).map_err(Fault::Open)?;
        let about = file.metadata().map_err(Fault::Open)?;
        if about.is_dir() {
            return Err(Fault::Open(io::Error::other("this is a folder")));
        }
        let size = about.is_file().then_some(about.len());
        Self::from_read(file, size, encoding)
    }

    /// Takes the bytes from anywhere, such as an upload.
    pub fn from_read(
        bytes: impl Read + Send + 'static,
        size: Option<u64>,
        encoding: Option<Encoding>,
    ) -> Result<(Self, Meter), Fault> {
        let meter = Meter { size, ..Meter::default() };
        let mut bytes =
            BufReader::with_capacity(BUFFER_BYTES, Metered { inner: bytes, meter: meter.clone() });
        let head = peek(&mut bytes).map_err(Fault::Read)?;
        let gzip = head.starts_with(&[0x1f, 0x8b]);
        let rest = Cursor::new(head).chain(bytes);
        let mut text: Box<dyn BufRead + Send> = Box::new(rest);
        if gzip {
            text = Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(text)));
        }
        let head = peek(&mut text).map_err(|error| Fault::of_read(error, gzip))?;
        if head.is_empty() {
            return Err(Fault::Empty);
        }
        let (text, turned_from) = to_utf8(head, text, encoding);
        Ok((Self { text, gzip, turned_from }, meter))
    }

    /// The next bytes; none at the end of the file.
    pub(super) fn fill(&mut self) -> Result<&[u8], Fault> {
        // The borrow checker cannot see that the error leaves nothing borrowed, so the state is copied first.
        let gzip = self.gzip;
        self.text.fill_buf().map_err(|error| Fault::of_read(error, gzip))
    }

    pub(super) fn consume(&mut self, bytes: usize) {
        self.text.consume(bytes);
    }
}

/// The first four bytes, or fewer if there are no more.
fn peek(bytes: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(4);
    bytes.take(4).read_to_end(&mut head)?;
    Ok(head)
}

type Utf8 = (Box<dyn BufRead + Send>, Option<&'static str>);

/// Drops the byte order mark and transcodes what is not UTF-8.
fn to_utf8(mut head: Vec<u8>, rest: Box<dyn BufRead + Send>, encoding: Option<Encoding>) -> Utf8 {
    let declared = encoding.map_or(encoding_rs::UTF_8, Encoding::inner);
    let (encoding, mark) = encoding_rs::Encoding::for_bom(&head).unwrap_or((declared, 0));
    head.drain(..mark);
    let text = Cursor::new(head).chain(rest);
    if encoding == encoding_rs::UTF_8 {
        return (Box::new(text), None);
    }
    let decoder = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(text);
    (Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)), Some(encoding.name()))
}
