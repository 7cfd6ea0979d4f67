//! Provisional: many shapes, asked which are near another one.

use super::distance::Meters;
use super::measure::{self, Measured};
use super::shape::Shape;

/// Many shapes by number.
#[derive(Debug)]
pub struct Near(Vec<Shape>);

impl Near {
    /// Takes the shapes in.
    pub fn build<'a>(shapes: impl IntoIterator<Item = &'a Shape>, _reach: Meters) -> Self {
        Self(shapes.into_iter().cloned().collect())
    }

    /// Those at most `limit` from `from`.
    pub fn within(&self, from: &Shape, limit: Meters, mut found: impl FnMut(u32, Measured)) {
        for (n, shape) in (0..).zip(&self.0) {
            if let Some(it) = measure::within(from, shape, limit) {
                found(n, it);
            }
        }
    }
}
