//! The kit for pages: errors, extractors, layout and its parts. It knows no slice.

pub mod assets;
pub mod error;
pub mod extract;
pub mod filled;
pub mod format;
pub mod frame;
pub mod guarded;
pub mod layout;
pub mod security;
pub mod ui;
pub mod urls;

pub use error::{Error, OrNotFound, Result};
