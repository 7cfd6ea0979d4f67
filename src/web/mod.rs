//! The kit for pages: errors, extractors, layout and its parts. It knows no slice.

pub mod error;
pub mod extract;
pub mod frame;
pub mod layout;
pub mod security;

pub use error::{Error, OrNotFound, Result};
