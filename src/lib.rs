//! FOCA ("Focusing on Criminal Activity"): one honest picture of every adult-oriented business in a state.

pub mod clock;
pub mod db;
pub mod formats;
pub mod geo;
pub mod linking;
pub mod scoring;
pub mod text;
