//! A file that is not complete yet: beside its place, under a name of its own, and gone unless it is kept.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::Existing;

/// What a backup holds is for its owner only.
const MODE: u32 = 0o600;

/// `NAME.part`, empty and locked; dropped without [`Partial::keep`], it is removed.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    place: PathBuf,
    file: File,
}

impl Partial {
    /// Makes the file for what shall lie at `place`. What a killed program left of one is overwritten.
    ///
    /// # Errors
    /// Something is at `place` and must not be replaced, another program writes the same file, or the system refuses.
    pub(super) fn beside(place: &Path, existing: Existing) -> anyhow::Result<Self> {
        let place = std::path::absolute(place).with_context(|| format!("writing {}", place.display()))?;
        refuse(&place, existing)?;
        let path = with_ending(&place, ".part");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(MODE)
            .open(&path)
            .with_context(|| format!("writing {}", path.display()))?;
        anyhow::ensure!(file.try_lock().is_ok(), "another program is writing {}", path.display());
        let made = Self { path, place, file };
        made.file.set_len(0)?;
        made.file.set_permissions(Permissions::from_mode(MODE))?;
        Ok(made)
    }

    /// Where it is until then.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Copies what another file holds, but not its mode.
    pub(super) fn fill(&self, from: &Path) -> io::Result<u64> {
        io::copy(&mut File::open(from)?, &mut &self.file)
    }

    /// Gives it its place, on the disk and not only in the system's memory.
    pub(super) fn keep(self, existing: Existing) -> anyhow::Result<()> {
        let moved = || format!("writing {}", self.place.display());
        self.file.sync_all().with_context(moved)?;
        refuse(&self.place, existing)?;
        fs::rename(&self.path, &self.place).with_context(moved)?;
        sync_folder(&self.place).with_context(moved)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the file was moved there is nothing to remove; the others are what SQLite keeps beside a database.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let _ = fs::remove_file(with_ending(&self.path, ending));
        }
    }
}

/// The size of a file and its SHA-256 in hexadecimal.
pub(super) fn digest(path: &Path) -> anyhow::Result<(u64, String)> {
    let mut hash = Hashing(Sha256::new());
    let read = || format!("reading {}", path.display());
    let mut file = File::open(path).with_context(read)?;
    let bytes =
        io::copy(&mut file, &mut io::BufWriter::with_capacity(1 << 18, &mut hash)).with_context(read)?;
    let hex = hash.0.finalize().iter().map(|it| format!("{it:02x}")).collect();
    Ok((bytes, hex))
}

/// `path` with more at the end of its name.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

fn refuse(place: &Path, existing: Existing) -> anyhow::Result<()> {
    let there = fs::symlink_metadata(place).is_ok();
    anyhow::ensure!(
        existing == Existing::Replace || !there,
        "{} exists: name another file, or give --replace",
        place.display()
    );
    Ok(())
}

/// A name lasts when its folder is on the disk, too.
fn sync_folder(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), |it| File::open(it)?.sync_all())
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
