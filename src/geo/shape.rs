//! Provisional: the outline of a place.

use geo::{BoundingRect, Contains, CoordsIter, Geometry, InteriorPoint, Intersects};
use geozero::wkb::Wkb;
use geozero::{CoordDimensions, ToGeo, ToWkb};

use super::{Bounds, Point};

/// Points, lines and polygons in degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape(Geometry<f64>);

/// Why a geometry is no shape.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotAShape {
    /// It has no coordinates, or some are not on the earth.
    #[error("the outline is empty or not on the earth")]
    Broken,
}

/// What pages tell of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A ring crosses itself.
    SelfCrossing,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("A ring of the outline crosses itself.")
    }
}

impl Shape {
    /// Checks a geometry.
    ///
    /// # Errors
    /// See [`NotAShape`].
    pub fn parse(geometry: Geometry<f64>) -> Result<Self, NotAShape> {
        let fits = geometry.coords_iter().all(|it| Point::parse(it.x, it.y).is_ok());
        if fits && geometry.coords_iter().next().is_some() {
            Ok(Self(geometry))
        } else {
            Err(NotAShape::Broken)
        }
    }

    /// The geometry.
    pub fn geometry(&self) -> &Geometry<f64> {
        &self.0
    }

    /// The box around it.
    pub fn bounds(&self) -> Bounds {
        let it = self.0.bounding_rect().expect("a shape has coordinates");
        Bounds::parse([it.min().x, it.min().y, it.max().x, it.max().y]).expect("checked when it was parsed")
    }

    /// Whether it holds the point.
    pub fn contains(&self, point: Point) -> bool {
        let at = geo::Point::from(point);
        self.0.contains(&at) || self.0.intersects(&at)
    }

    /// A point in it.
    pub fn middle(&self) -> Point {
        let it = self.0.interior_point().expect("a shape has coordinates");
        Point::parse(it.x(), it.y()).expect("checked when it was parsed")
    }

    /// How many vertices it has.
    pub fn n_vertices(&self) -> usize {
        self.0.coords_count()
    }

    /// What is odd about it.
    pub fn remarks(&self) -> Vec<Remark> {
        Vec::new()
    }

    /// As well-known binary.
    pub fn to_wkb(&self) -> Vec<u8> {
        self.0.to_wkb(CoordDimensions::xy()).expect("a geometry can be written to memory")
    }

    /// From well-known binary.
    ///
    /// # Errors
    /// See [`NotAShape`].
    pub fn from_wkb(bytes: &[u8]) -> Result<Self, NotAShape> {
        Self::parse(Wkb(bytes).to_geo().map_err(|_| NotAShape::Broken)?)
    }
}

impl From<Point> for Shape {
    fn from(it: Point) -> Self {
        Self(geo::Point::from(it).into())
    }
}
