//! The map: every site in view as a mark or within a group, the list beside it, and the panel of the selected one.
//!
//! The page asks for three things as it moves: the marks ([`api`]), the list and the panel (fragments of [`pages`]).
//! All come from the snapshot in memory, limited to what the viewer may see, so that none waits for the database.

pub mod api;
mod form_views;
pub mod groups;
pub mod incidents;
mod json;
mod list_views;
mod outlines;
pub mod pages;
mod panel_views;
mod paths;
pub mod places;
pub mod store;
mod tool_views;
mod views;
mod words;

use crate::web::extract::Params;
use crate::web::{self, Error};

/// How far the map is zoomed in: 0 shows the world in 512 pixels, each step doubles it.
///
/// # Errors
/// It is no number.
fn zoom(params: &Params) -> web::Result<f64> {
    let zoom = params.parsed::<f64>("zoom")?.unwrap_or(6.0);
    if zoom.is_finite() {
        Ok(zoom.clamp(0.0, 22.0))
    } else {
        Err(Error::field("zoom", "Give a number from 0 to 22."))
    }
}
