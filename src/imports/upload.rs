//! Files that wait between upload and storing, in a folder of their own under names that FOCA makes. A stranger's file
//! name is shown, but never becomes a path.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::extract::multipart::Field;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::db::id;

id! {
    /// An upload, and the name of its files.
    UploadId
}

/// What nobody stored within a day is deleted at the next upload.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest file name that is shown.
const NAME: usize = 200;

/// What is known of an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The profile that was chosen with it.
    pub profile: String,
    /// The file's name as its owner has it, for people to read.
    pub file_name: String,
    /// Its size.
    pub n_bytes: u64,
}

/// Why an upload was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// More bytes came than may.
    #[error("The file is larger than {0} MiB. Import it on the server with `foca import`.")]
    TooLarge(usize),
    /// The connection broke off.
    #[error("The upload broke off. Send the file again.")]
    BrokenOff,
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] std::io::Error),
}

/// The folder in which uploads wait.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    most_mib: usize,
}

impl Folder {
    /// The folder at `path`, for files of at most `most_mib` MiB.
    pub fn new(path: PathBuf, most_mib: usize) -> Self {
        Self { path, most_mib }
    }

    /// The file of an upload.
    pub fn file(&self, id: UploadId) -> PathBuf {
        self.path.join(format!("{id}.upload"))
    }

    fn card(&self, id: UploadId) -> PathBuf {
        self.path.join(format!("{id}.json"))
    }

    /// Streams an uploaded file to disk; how many bytes came. What came is deleted when it breaks off.
    ///
    /// # Errors
    /// It is too large, breaks off, or cannot be written.
    pub async fn take(&self, id: UploadId, field: Field<'_>) -> Result<u64, UploadError> {
        self.make().await?;
        let path = self.file(id);
        let taken = self.write(&path, field).await;
        if taken.is_err() {
            let _ = fs::remove_file(&path).await;
        }
        taken
    }

    async fn write(&self, path: &Path, mut field: Field<'_>) -> Result<u64, UploadError> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).await?;
        let most = self.most_mib as u64 * 1024 * 1024;
        let mut n_bytes = 0;
        while let Some(part) = field.chunk().await.map_err(|_| UploadError::BrokenOff)? {
            n_bytes += part.len() as u64;
            if n_bytes > most {
                return Err(UploadError::TooLarge(self.most_mib));
            }
            file.write_all(&part).await?;
        }
        file.flush().await?;
        Ok(n_bytes)
    }

    /// Notes what is known of an upload; from now on it can be found.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn keep(&self, id: UploadId, upload: &Upload) -> std::io::Result<()> {
        let card = serde_json::to_vec(upload).map_err(std::io::Error::other)?;
        fs::write(self.card(id), card).await
    }

    /// What is known of an upload that still waits.
    pub async fn find(&self, id: UploadId) -> Option<Upload> {
        let card = fs::read(self.card(id)).await.ok()?;
        serde_json::from_slice(&card).ok()
    }

    /// Takes an upload out of the waiting ones, so that it is stored once however often its button is pressed;
    /// its file stays until [`Folder::remove`].
    pub async fn claim(&self, id: UploadId) -> Option<Upload> {
        let upload = self.find(id).await?;
        fs::remove_file(self.card(id)).await.ok()?;
        Some(upload)
    }

    /// Deletes an upload and all notes on it.
    pub async fn remove(&self, id: UploadId) {
        // The card first: what is still being read for it is then kept no more.
        let _ = fs::remove_file(self.card(id)).await;
        self.remove_where(|_, whose| whose == id).await;
    }

    /// Deletes uploads that nobody stored within a day.
    pub async fn sweep(&self, now: DateTime<Utc>) {
        let now = std::time::SystemTime::from(now);
        self.remove_where(|entry, _| {
            let changed = entry.metadata().and_then(|it| it.modified());
            changed.is_ok_and(|it| now.duration_since(it).is_ok_and(|age| age > KEPT))
        })
        .await;
    }

    /// Deletes those of our own files of which `gone` holds; what else lies in the folder is left alone.
    async fn remove_where(&self, gone: impl Fn(&Path, UploadId) -> bool) {
        let Ok(mut entries) = fs::read_dir(&self.path).await else { return };
        while let Ok(Some(entry)) = entries.next_entry().await {
            let path = entry.path();
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
            let whose = name.split('.').next().and_then(|it| it.parse::<UploadId>().ok());
            if whose.is_some_and(|it| gone(&path, it)) {
                let _ = fs::remove_file(path).await;
            }
        }
    }

    /// What was noted on an upload under `name`.
    pub async fn note<T: DeserializeOwned>(&self, id: UploadId, name: &str) -> Option<T> {
        let text = fs::read(self.note_path(id, name)).await.ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// Begins the note `name`, unless somebody else has and wrote to it within `silent`; whether it is ours now.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn begin_note(&self, id: UploadId, name: &str, silent: Duration) -> std::io::Result<bool> {
        let path = self.note_path(id, name);
        match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let written = fs::metadata(&path).await.and_then(|it| it.modified());
                let age = written.ok().and_then(|it| it.elapsed().ok()).unwrap_or_default();
                if age < silent {
                    return Ok(false);
                }
                fs::write(&path, b"").await.map(|()| true)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a note whole or not at all, unless the upload is gone.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn keep_note<T: Serialize>(&self, id: UploadId, name: &str, note: &T) -> std::io::Result<()> {
        if self.find(id).await.is_none() {
            return Ok(());
        }
        let part = self.note_path(id, &format!("{name}.part"));
        fs::write(&part, serde_json::to_vec(note).map_err(std::io::Error::other)?).await?;
        fs::rename(part, self.note_path(id, name)).await
    }

    /// Writes over a note that was begun; a failure is no matter, for the next one comes soon.
    pub fn note_now<T: Serialize>(&self, id: UploadId, name: &str, note: &T) {
        let path = self.note_path(id, name);
        if let (true, Ok(text)) = (path.exists(), serde_json::to_vec(note)) {
            let _ = std::fs::write(path, text);
        }
    }

    /// Deletes a note.
    pub async fn remove_note(&self, id: UploadId, name: &str) {
        let _ = fs::remove_file(self.note_path(id, name)).await;
    }

    fn note_path(&self, id: UploadId, name: &str) -> PathBuf {
        self.path.join(format!("{id}.{name}"))
    }

    async fn make(&self) -> std::io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path).await
    }
}

/// A file's name as pages show it: without folders and control characters, and not too long.
pub fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|it| !it.is_control()).take(NAME).collect();
    if shown.trim().is_empty() { "file without a name".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_its_folders_and_control_characters() {
        assert_eq!(shown_name("../../etc/passwd"), "passwd");
        assert_eq!(shown_name("C:\\Users\\me\\licenses.csv"), "licenses.csv");
        assert_eq!(shown_name("a\0b\n.csv"), "ab.csv");
        assert_eq!(shown_name("/"), "file without a name");
    }

    #[tokio::test]
    async fn an_upload_is_claimed_once() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::new(folder.path().join("uploads"), 1);
        let id = UploadId::of_source("test", "1");
        let upload = Upload { profile: "p".to_owned(), file_name: "f".to_owned(), n_bytes: 3 };
        folder.make().await.unwrap();
        folder.keep(id, &upload).await.unwrap();

        assert_eq!(folder.find(id).await.as_ref(), Some(&upload));
        assert_eq!(folder.claim(id).await, Some(upload));
        assert_eq!(folder.claim(id).await, None);
    }
}
