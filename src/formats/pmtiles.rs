//! The head of a PMTiles archive, version 3 (spec at docs.protomaps.com/pmtiles): enough to know before the first page
//! that a street map is one, whole, and of a kind that browsers draw.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};

/// Bytes of the head.
const HEAD: usize = 127;

/// What an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tiles {
    /// Shapes, drawn by the page.
    Vector,
    /// Pictures.
    Raster,
}

impl Tiles {
    /// The word by which the map's script knows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Vector => "vector",
            Self::Raster => "raster",
        }
    }
}

/// Reads the head of the archive at `path`.
///
/// # Errors
/// There is no such file, it is no PMTiles file of version 3, it ends early, or holds what no browser draws.
pub fn tiles(path: &Path) -> anyhow::Result<Tiles> {
    read(path).with_context(|| format!("the street map {} cannot be used", path.display()))
}

fn read(path: &Path) -> anyhow::Result<Tiles> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut head = [0; HEAD];
    match file.read_exact(&mut head) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => bail!("it ends within its head"),
        read => read?,
    }
    ensure!(head.starts_with(b"PMTiles"), "it is no PMTiles file: it does not begin with `PMTiles`");
    ensure!(head[7] == 3, "it is of version {}, and FOCA reads version 3", head[7]);
    // Root directory, metadata, leaf directories, tiles: each an offset and a length.
    for (n, part) in ["its root directory", "its metadata", "its directories", "its tiles"].iter().enumerate()
    {
        let end = number(&head, 8 + 16 * n).saturating_add(number(&head, 16 + 16 * n));
        ensure!(end <= length, "it is cut off: {part} would end at byte {end}, and it has {length}");
    }
    let compressions = [head[97], head[98]];
    ensure!(
        compressions.iter().all(|it| [1, 2].contains(it)),
        "its tiles are packed in a way that browsers do not open; pack it with gzip or not at all"
    );
    match head[99] {
        1 => Ok(Tiles::Vector),
        2..=5 => Ok(Tiles::Raster),
        other => bail!("its tiles are of type {other}; give vector tiles (MVT), PNG, JPEG, WebP or AVIF"),
    }
}

fn number(head: &[u8; HEAD], at: usize) -> u64 {
    u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes are eight bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(change: impl FnOnce(&mut Vec<u8>)) -> tempfile::NamedTempFile {
        let mut bytes = vec![0; HEAD];
        bytes[..8].copy_from_slice(b"PMTiles\x03");
        (bytes[97], bytes[98], bytes[99]) = (2, 2, 1);
        change(&mut bytes);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn an_archive_tells_what_its_tiles_are() {
        assert_eq!(tiles(archive(|_| {}).path()).unwrap(), Tiles::Vector);
        assert_eq!(tiles(archive(|it| it[99] = 2).path()).unwrap(), Tiles::Raster);
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_reason() {
        let reason = |change: fn(&mut Vec<u8>)| {
            let file = archive(change);
            let error = format!("{:#}", tiles(file.path()).unwrap_err());
            assert!(error.contains(&file.path().display().to_string()), "{error}");
            error
        };

        assert!(reason(|it| it.truncate(60)).contains("ends within its head"));
        assert!(reason(|it| it[0] = b'X').contains("no PMTiles file"));
        assert!(reason(|it| it[7] = 2).contains("of version 2"));
        assert!(
            reason(|it| it[64] = 200).contains("cut off: its tiles would end at byte 200, and it has 127")
        );
        assert!(reason(|it| it[98] = 4).contains("gzip"));
        assert!(reason(|it| it[99] = 6).contains("type 6"));
        let missing = format!("{:#}", tiles(Path::new("nowhere.pmtiles")).unwrap_err());
        assert!(missing.contains("nowhere.pmtiles") && missing.contains("No such file"), "{missing}");
    }
}
