//! A succession: a site that ended goes on at another, under another name or in another city. The detector proposes, a
//! person decides; no name of a person is compared.

pub mod detect;
pub mod evidence;
mod index;
mod naming;
pub mod premises;
#[cfg(test)]
mod synthetic;
mod weigh;

pub use index::{LeftOut, Sharing};
pub use weigh::MODEL;
