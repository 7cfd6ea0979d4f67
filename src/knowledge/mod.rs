//! Finds, hashes and reads the files of `data/`: what lawyers, supervisors and analysts may change without Rust.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub mod labels;
pub mod reader;

#[derive(RustEmbed)]
#[folder = "data"]
#[exclude = "demo/*"]
struct BuiltIn;

/// One file of knowledge as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its path below `data/`, such as `profiles/chicago-licenses.toml`.
    pub name: String,
    /// Its text.
    pub body: String,
    /// SHA-256 of its bytes, in hexadecimal: the version that a stored result names.
    pub hash: String,
}

/// A file that cannot be used, said so that its author can mend it.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct Flaw {
    /// The file as the reader knows it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// The built-in files, with those of the operator's folder laid over them.
#[derive(Clone, Debug, Default)]
pub struct Library {
    documents: BTreeMap<String, Document>,
}

impl Library {
    /// Reads everything; a file in `folder` replaces the built-in one of the same path.
    ///
    /// # Errors
    /// `folder` cannot be read, or a file in it is not UTF-8.
    pub fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let mut library = Self::default();
        for name in BuiltIn::iter() {
            let file = BuiltIn::get(&name).expect("the list names what is embedded");
            library.add(Document::new(&name, String::from_utf8(file.data.into_owned())?));
        }
        for path in folder.map(files_below).transpose()?.unwrap_or_default() {
            let name =
                path.strip_prefix(folder.unwrap_or(Path::new("")))?.to_string_lossy().replace('\\', "/");
            library.add(Document::read_as(&path, &name)?);
        }
        Ok(library)
    }

    #[cfg(test)]
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.documents.retain(|name, _| keep(name));
    }

    pub(crate) fn add(&mut self, document: Document) {
        self.documents.insert(document.name.clone(), document);
    }

    /// The file at `name`, if there is one.
    pub fn get(&self, name: &str) -> Option<&Document> {
        self.documents.get(name)
    }

    /// All files below `folder`, by name.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Document> {
        let inside = move |name: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.documents.values().filter(move |it| inside(&it.name))
    }

    /// The file at `name`, read as `T`.
    ///
    /// # Errors
    /// It is absent or does not fit `T`.
    pub fn parse<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<T> {
        let document = self.get(name).ok_or_else(|| anyhow::anyhow!("data/{name} is missing"))?;
        Ok(document.parse()?)
    }
}

impl Document {
    /// A document of this name and text.
    pub fn new(name: &str, body: String) -> Self {
        let hash = Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { name: name.to_owned(), body, hash }
    }

    /// Reads a file of the operator's.
    ///
    /// # Errors
    /// It cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        Self::read_as(path, &path.display().to_string())
    }

    fn read_as(path: &Path, name: &str) -> anyhow::Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|error| anyhow::anyhow!("reading {}: {error}", path.display()))?;
        let body =
            String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{} is not UTF-8 text", path.display()))?;
        Ok(Self::new(name, body))
    }

    /// The text as TOML of shape `T`.
    ///
    /// # Errors
    /// The first thing that does not fit, with its line.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Flaw> {
        toml::from_str(&self.body).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            self.flaw(at, error.message())
        })
    }

    /// A flaw at byte `at` of the text.
    pub fn flaw(&self, at: usize, reason: impl Into<String>) -> Flaw {
        let before = self.body.get(..at).unwrap_or(&self.body);
        let line = 1 + before.matches('\n').count();
        Flaw { file: self.name.clone(), line, reason: reason.into() }
    }

    /// A flaw at the first line that sets `key`, or at the top when none does.
    pub fn flaw_at_key(&self, key: &str, reason: impl Into<String>) -> Flaw {
        let sets = |line: &str| {
            line.trim_start().strip_prefix(key).is_some_and(|it| it.trim_start().starts_with('='))
        };
        let line = self.body.lines().position(sets).map_or(1, |n| n + 1);
        Flaw { file: self.name.clone(), line, reason: reason.into() }
    }
}

fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder)
        .map_err(|error| anyhow::anyhow!("reading {}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else if path.extension().is_some_and(|it| it == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
