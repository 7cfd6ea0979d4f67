//! Finds the parts of a shapefile, in a zip file or beside each other. Parts of a zip file are unpacked to temporary
//! files without names, within limits; what they are called in there is compared and shown, and never a path.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::formats::fault::Fault;
use crate::formats::row::shorten;

/// A zip file may not fill the disk.
const MAX_UNPACKED_BYTES: u64 = 4 << 30;
/// Tables of blanks shrink to a hundredth; a bomb to a thousandth.
const MAX_RATIO: u64 = 200;
/// Below this a part is small enough, whatever its ratio.
const SMALL_BYTES: u64 = 64 << 20;
/// A .prj or .cpg is a line of text.
const MAX_TEXT_BYTES: u64 = 64 << 10;
/// Names that an error repeats.
const MAX_NAMES: usize = 20;

/// The parts of one shapefile.
pub(super) struct Parts {
    pub(super) shp: File,
    pub(super) dbf: File,
    pub(super) shx: Option<File>,
    pub(super) prj: Option<String>,
    pub(super) cpg: Option<String>,
}

/// Opens the layer of this name, or the only one, of a zip file or of a .shp beside its .dbf.
///
/// # Errors
/// It is neither, it is damaged or encrypted, it lacks the layer or a part of it, it unpacks to too much.
pub(super) fn open(path: &Path, layer: Option<&str>) -> Result<Parts, Fault> {
    let mut file = File::open(path).map_err(Fault::Open)?;
    let mut mark = Vec::with_capacity(4);
    Read::by_ref(&mut file).take(4).read_to_end(&mut mark).map_err(Fault::Read)?;
    match mark[..] {
        [] => Err(Fault::Empty),
        [b'P', b'K', ..] => {
            file.rewind().map_err(Fault::Read)?;
            zipped(file, layer)
        }
        [0, 0, 0x27, 0x0a] => beside(path, file, layer),
        _ => Err(fault("it is neither a zip file nor a .shp")),
    }
}

fn fault(reason: impl Into<String>) -> Fault {
    Fault::Shapefile(reason.into())
}

/// A .shp with the files of its name beside it.
fn beside(path: &Path, mut shp: File, layer: Option<&str>) -> Result<Parts, Fault> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if let Some(wanted) = layer.filter(|it| *it != name) {
        return Err(fault(format!("there is no layer `{wanted}`; the only one is `{name}`")));
    }
    let part = |extension: &str| {
        let paths = [extension.to_owned(), extension.to_uppercase()].map(|it| path.with_extension(it));
        paths.into_iter().find(|it| it.is_file()).map(File::open).transpose().map_err(Fault::Open)
    };
    let dbf = part("dbf")?.ok_or_else(|| {
        fault("its .dbf, which holds the columns, is not beside it; zip both, with the .shx and .prj, into one file")
    })?;
    let text = |extension: &str| part(extension)?.map(short_text).transpose().map_err(Fault::Read);
    shp.rewind().map_err(Fault::Read)?;
    Ok(Parts { shp, dbf, shx: part("shx")?, prj: text("prj")?, cpg: text("cpg")? })
}

fn short_text(file: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(MAX_TEXT_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A file in the zip file: its place, its name without the extension, and that in lower case.
struct Entry {
    index: usize,
    stem: String,
    extension: String,
}

type Archive = ZipArchive<BufReader<File>>;

fn zipped(file: File, layer: Option<&str>) -> Result<Parts, Fault> {
    let mut archive = Archive::new(BufReader::new(file)).map_err(|error| match error {
        ZipError::UnsupportedArchive(reason) => fault(format!("the zip file cannot be read: {reason}")),
        error => fault(format!("the zip file is damaged or cut off ({error}). Fetch it again")),
    })?;
    let entries = entries(&archive);
    let stem = choose(&entries, layer)?;
    let part = |extension: &str| {
        let mut all = entries.iter().filter(|it| it.extension == extension);
        all.find(|it| it.stem.eq_ignore_ascii_case(stem)).map(|it| it.index)
    };
    let needed = |extension: &str| {
        let name = shorten(stem);
        part(extension)
            .ok_or_else(|| fault(format!("the zip file has `{name}.shp`, and no .{extension} of it")))
    };
    let mut unpack = |index: usize| unpacked(&mut archive, index);
    let (shp, dbf) = (unpack(needed("shp")?)?, unpack(needed("dbf")?)?);
    let shx = part("shx").map(unpack).transpose()?;
    let mut text = |extension: &str| part(extension).map(|it| text_of(&mut archive, it)).transpose();
    Ok(Parts { shp, dbf, shx, prj: text("prj")?, cpg: text("cpg")? })
}

fn entries(archive: &Archive) -> Vec<Entry> {
    let of = |index: usize| {
        let name = archive.name_for_index(index)?.ok()?.replace('\\', "/");
        // Macintoshes add a shadow of each file, with the same extension.
        if name.starts_with("__MACOSX/") || last(&name).starts_with("._") {
            return None;
        }
        let (stem, extension) = name.rsplit_once('.')?;
        Some(Entry { index, stem: stem.to_owned(), extension: extension.to_ascii_lowercase() })
    };
    (0..archive.len()).filter_map(of).collect()
}

/// The name without the folders before it.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The stem of the layer: its name, or with its folders where two have the same.
fn choose<'a>(entries: &'a [Entry], wanted: Option<&str>) -> Result<&'a str, Fault> {
    let layers: Vec<&str> =
        entries.iter().filter(|it| it.extension == "shp").map(|it| it.stem.as_str()).collect();
    if layers.is_empty() {
        let held = entries.iter().map(|it| format!("{}.{}", last(&it.stem), it.extension));
        let held = if entries.is_empty() { "nothing with a name".to_owned() } else { listed(held) };
        return Err(fault(format!("there is no .shp in the zip file; it holds {held}")));
    }
    let twice = |name: &str| layers.iter().filter(|it| last(it) == name).count() > 1;
    let shown = |it: &&'a str| if twice(last(it)) { *it } else { last(it) };
    let there = || listed(layers.iter().map(|it| shown(it).to_owned()));
    match (wanted, &layers[..]) {
        (Some(wanted), _) => {
            let found = layers.iter().find(|it| **it == wanted || shown(it) == wanted);
            found.copied().ok_or_else(|| {
                fault(format!("there is no layer `{wanted}` in the zip file; there are: {}", there()))
            })
        }
        (None, [only]) => Ok(only),
        _ => Err(fault(format!("the profile must name one `layer` of the zip file; there are: {}", there()))),
    }
}

/// Names for an error; they are a stranger's.
fn listed(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    names.sort();
    let more = if names.len() > MAX_NAMES { ", …" } else { "" };
    let shown: Vec<String> = names.iter().take(MAX_NAMES).map(|it| format!("`{}`", shorten(it))).collect();
    format!("{}{more}", shown.join(", "))
}

/// A part in a temporary file, which is deleted when it is closed.
fn unpacked(archive: &mut Archive, index: usize) -> Result<File, Fault> {
    let (name, entry) = opened(archive, index)?;
    let most = (entry.compressed_size().saturating_mul(MAX_RATIO)).clamp(SMALL_BYTES, MAX_UNPACKED_BYTES);
    let mut into = tempfile::tempfile().map_err(Fault::Read)?;
    let bytes = io::copy(&mut entry.take(most + 1), &mut into).map_err(|error| of_entry(&name, error))?;
    if bytes > most {
        let most = most >> 20;
        return Err(fault(format!(
            "`{name}` in the zip file is larger than {most} MiB once unpacked, or packed more tightly than maps are: \
             unzip it, and import the .shp itself on the server"
        )));
    }
    into.rewind().map_err(Fault::Read)?;
    Ok(into)
}

fn text_of(archive: &mut Archive, index: usize) -> Result<String, Fault> {
    let (name, entry) = opened(archive, index)?;
    short_text(entry).map_err(|error| of_entry(&name, error))
}

fn opened(
    archive: &mut Archive,
    index: usize,
) -> Result<(String, zip::read::ZipFile<'_, BufReader<File>>), Fault> {
    let name = archive.name_for_index(index).and_then(Result::ok).map(|it| shorten(last(&it)));
    let name = name.unwrap_or_default();
    let entry = archive.by_index(index).map_err(|error| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            fault(format!("`{name}` in the zip file is encrypted: zip it without a password"))
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => fault(format!(
            "`{name}` in the zip file is packed in an unusual way ({error}): zip it with deflate"
        )),
        ZipError::Io(error) => of_entry(&name, error),
        error => fault(format!("`{name}` in the zip file is damaged ({error}). Fetch it again")),
    })?;
    Ok((name, entry))
}

fn of_entry(name: &str, error: io::Error) -> Fault {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            fault(format!("`{name}` in the zip file is damaged ({error}). Fetch it again"))
        }
        ErrorKind::Unsupported => fault(format!(
            "`{name}` in the zip file is packed in an unusual way ({error}): zip it with deflate"
        )),
        _ => Fault::Read(error),
    }
}
