//! A shape on the earth: points, lines and polygons with checked coordinates, as RFC 7946 reads them.

use std::fmt;
use std::sync::Arc;

use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::orient::Direction;
use geo::{Area, Centroid, Coord, CoordsIter, Geometry, Line, LineString, Orient, Polygon};
use geozero::{CoordDimensions, ToGeo, ToWkb};

use super::piece::{Edge, Piece, cut};
use super::{Bounds, NotAPoint, Point};

/// No shape has more vertices.
pub const MOST_VERTICES: usize = 100_000;

/// A non-empty set of points, lines and polygons (with holes) in degrees of WGS84.
///
/// Edges are straight in longitude and latitude (RFC 7946, 3.1.1). A shape over the date line is cut there (3.1.9).
/// It holds its geometry and, unless it is one point, 104 bytes for each edge of up to 4 km.
#[derive(Clone, Debug)]
pub struct Shape {
    geometry: Geometry<f64>,
    bounds: Bounds,
    pieces: Arc<[Piece]>,
    remarks: Vec<Remark>,
}

/// Why a geometry is no shape, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotAShape {
    /// It has no position at all.
    #[error("the shape is empty: give it a point, a line or a polygon")]
    Empty,
    /// A coordinate is not finite or off the earth.
    #[error("position {position} (counted from 1): {why}; give degrees of WGS84, longitude first")]
    OffTheEarth {
        /// Its place among all positions, from 1.
        position: usize,
        /// What is wrong with it.
        why: NotAPoint,
    },
    /// A line of one position.
    #[error("the line at {0} has one position: give it two, or make it a point")]
    ShortLine(Point),
    /// A ring of fewer than four positions, the first repeated as the last.
    #[error(
        "the ring at {at} has {positions} positions: give it at least four, the last the same as the first"
    )]
    ShortRing {
        /// Its first position.
        at: Point,
        /// How many it has, closed.
        positions: usize,
    },
    /// All positions of a ring lie on one line.
    #[error("the ring at {0} encloses no area: draw it around something, or make it a line")]
    NoArea(Point),
    /// An edge longer than 180 degrees.
    #[error(
        "the edge from {from} to {to} runs around the earth: cut the shape at longitude 180 (RFC 7946, 3.1.9)"
    )]
    Uncut {
        /// The edge's first end.
        from: Point,
        /// Its other end.
        to: Point,
    },
    /// More than [`MOST_VERTICES`].
    #[error("the shape has {0} vertices: simplify it to at most 100,000")]
    TooManyVertices(usize),
    /// Bytes that are no well-known binary.
    #[error("the bytes are no well-known binary (WKB): {0}")]
    NotWkb(String),
}

/// What is odd about a shape that was kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remark {
    /// A ring crosses itself about there; all its lobes count as inside.
    CrossesItself(Point),
}

/// As a sentence for a page.
impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::CrossesItself(at) = self;
        write!(f, "A ring crosses itself near {at}; all its lobes count as inside.")
    }
}

impl From<Point> for Shape {
    fn from(at: Point) -> Self {
        let bounds = Bounds { west: at.lon, south: at.lat, east: at.lon, north: at.lat };
        let geometry = Geometry::Point(at.into());
        Self { geometry, bounds, pieces: Arc::new([]), remarks: Vec::new() }
    }
}

impl Shape {
    /// The shape of this geometry. Clockwise rings are turned, empty parts left out.
    pub fn parse(geometry: Geometry<f64>) -> Result<Self, NotAShape> {
        check_positions(&geometry)?;
        let mut parts = Parts::default();
        parts.add(&geometry)?;
        if let (Geometry::Point(it), true) = (&geometry, parts.edges.len() == 1) {
            return Ok(Self::from(Point { lon: it.x(), lat: it.y() }));
        }
        let remarks = parts.rings().filter_map(crossing).map(Remark::CrossesItself).collect();
        let bounds = parts.bounds();
        Ok(Self { geometry: turned(geometry), bounds, pieces: cut(&parts.edges).into(), remarks })
    }

    /// The shape of well-known binary, as [`Shape::to_wkb`] writes it.
    pub fn from_wkb(bytes: &[u8]) -> Result<Self, NotAShape> {
        let read = geozero::wkb::Wkb(bytes).to_geo();
        Self::parse(read.map_err(|it| NotAShape::NotWkb(it.to_string()))?)
    }

    /// Well-known binary of two dimensions.
    pub fn to_wkb(&self) -> geozero::error::Result<Vec<u8>> {
        self.geometry.to_wkb(CoordDimensions::xy())
    }

    /// The box around it; over the date line where that is narrower and the shape is cut there.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// What is odd about it, for the page that shows it.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Its geometry, exterior rings counterclockwise.
    pub fn geometry(&self) -> &Geometry<f64> {
        &self.geometry
    }

    /// How many vertices it has; a ring's last, which repeats the first, counts.
    pub fn n_vertices(&self) -> usize {
        self.geometry.coords_count()
    }

    /// Whether the point lies on the shape, inside of one of its polygons, or on an edge.
    pub fn contains(&self, point: Point) -> bool {
        let turned = if point.lon.abs() == 180.0 { -point.lon } else { point.lon };
        let places = [point.coord(), Coord { x: turned, y: point.lat }];
        places
            .iter()
            .any(|it| self.bounds.contains(Point { lon: it.x, lat: it.y }) && holds(&self.geometry, *it))
    }

    /// A point inside or on it, near its middle.
    pub fn middle(&self) -> Point {
        let mut polygons = Vec::new();
        each_polygon(&self.geometry, &mut |it| polygons.push(it.clone()));
        let largest = polygons.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
        let at = largest.and_then(inside).or_else(|| {
            let on_it = self.pieces.get(self.pieces.len() / 2).map(|it| it.ends[0]);
            on_it.or_else(|| self.geometry.coords_iter().next())
        });
        let at = at.expect("a shape is never empty");
        Point { lon: at.x, lat: at.y }
    }

    /// The only point, if it is one.
    pub(super) fn lone(&self) -> Option<Point> {
        let Geometry::Point(it) = &self.geometry else { return None };
        Some(Point { lon: it.x(), lat: it.y() })
    }

    /// Its edges in short pieces; none for a lone point.
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// One position of each of its parts.
    pub(super) fn heads(&self) -> Vec<Point> {
        let mut heads = Vec::new();
        each_head(&self.geometry, &mut |it| heads.push(Point { lon: it.x, lat: it.y }));
        heads
    }
}

fn check_positions(geometry: &Geometry<f64>) -> Result<(), NotAShape> {
    let n = geometry.coords_count();
    if n == 0 {
        return Err(NotAShape::Empty);
    }
    if n > MOST_VERTICES {
        return Err(NotAShape::TooManyVertices(n));
    }
    for (position, it) in (1..).zip(geometry.coords_iter()) {
        Point::parse(it.x, it.y).map_err(|why| NotAShape::OffTheEarth { position, why })?;
    }
    Ok(())
}

/// What a geometry consists of.
#[derive(Default)]
struct Parts {
    /// A point is an edge from itself to itself.
    edges: Vec<Edge>,
    rings: Vec<LineString<f64>>,
    /// West and east of each part.
    spans: Vec<[f64; 2]>,
}

impl Parts {
    fn add(&mut self, geometry: &Geometry<f64>) -> Result<(), NotAShape> {
        match geometry {
            Geometry::Point(it) => self.positions(&[it.0]),
            Geometry::MultiPoint(it) => it.iter().try_for_each(|it| self.positions(&[it.0])),
            Geometry::Line(it) => self.positions(&[it.start, it.end]),
            Geometry::LineString(it) => self.line(it),
            Geometry::MultiLineString(it) => it.iter().try_for_each(|it| self.line(it)),
            Geometry::Polygon(it) => self.polygon(it),
            Geometry::MultiPolygon(it) => it.iter().try_for_each(|it| self.polygon(it)),
            Geometry::GeometryCollection(it) => it.iter().try_for_each(|it| self.add(it)),
            Geometry::Rect(it) => self.polygon(&it.to_polygon()),
            Geometry::Triangle(it) => self.polygon(&it.to_polygon()),
        }
    }

    fn line(&mut self, line: &LineString<f64>) -> Result<(), NotAShape> {
        match line.0.as_slice() {
            [at] => Err(NotAShape::ShortLine(Point { lon: at.x, lat: at.y })),
            all => self.positions(all),
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) -> Result<(), NotAShape> {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let Some(first) = ring.0.first() else { continue };
            let at = Point { lon: first.x, lat: first.y };
            if ring.0.len() < 4 {
                return Err(NotAShape::ShortRing { at, positions: ring.0.len() });
            }
            if flat(&ring.0) {
                return Err(NotAShape::NoArea(at));
            }
            self.positions(&ring.0)?;
            self.rings.push(ring.clone());
        }
        Ok(())
    }

    fn positions(&mut self, all: &[Coord<f64>]) -> Result<(), NotAShape> {
        let Some(first) = all.first() else { return Ok(()) };
        if all.len() == 1 {
            self.edges.push([*first, *first]);
        }
        for edge in all.windows(2) {
            let [a, b] = [edge[0], edge[1]];
            if (a.x - b.x).abs() > 180.0 {
                let [from, to] = [a, b].map(|it| Point { lon: it.x, lat: it.y });
                return Err(NotAShape::Uncut { from, to });
            }
            self.edges.push([a, b]);
        }
        let span = all.iter().fold([f64::MAX, f64::MIN], |it, at| [it[0].min(at.x), it[1].max(at.x)]);
        self.spans.push(span);
        Ok(())
    }

    fn rings(&self) -> impl Iterator<Item = &LineString<f64>> {
        self.rings.iter()
    }

    fn bounds(&self) -> Bounds {
        let lats = self
            .edges
            .iter()
            .flatten()
            .fold([90.0f64, -90.0f64], |it, at| [it[0].min(at.y), it[1].max(at.y)]);
        let mut spans = self.spans.clone();
        spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let (west, mut east) = (spans[0][0], spans[0][1]);
        let mut gap = [0.0, 0.0];
        for [next_west, next_east] in spans {
            if next_west - east > gap[1] - gap[0] {
                gap = [east, next_west];
            }
            east = east.max(next_east);
        }
        let over_the_line = west == -180.0 && east == 180.0 && gap[1] > gap[0];
        let [west, east] = if over_the_line { [gap[1], gap[0]] } else { [west, east] };
        Bounds { west, south: lats[0], east, north: lats[1] }
    }
}

/// Whether all positions lie on one line.
fn flat(ring: &[Coord<f64>]) -> bool {
    let Some(other) = ring.iter().find(|it| **it != ring[0]) else { return true };
    ring.iter().all(|it| RobustKernel::orient2d(ring[0], *other, *it) == Orientation::Collinear)
}

fn turned(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Polygon(it) => it.orient(Direction::Default).into(),
        Geometry::MultiPolygon(it) => it.orient(Direction::Default).into(),
        Geometry::Rect(it) => it.to_polygon().into(),
        Geometry::Triangle(it) => it.to_polygon().orient(Direction::Default).into(),
        Geometry::GeometryCollection(it) => {
            Geometry::GeometryCollection(it.0.into_iter().map(turned).collect::<Vec<_>>().into())
        }
        other => other,
    }
}

/// After so many pairs of edges a ring is no longer searched for crossings: a tenth of a second.
const MOST_PAIRS: usize = 30_000_000;

/// Where the ring crosses itself, if it does: edges by their west end, each with those that begin before its east.
fn crossing(ring: &LineString<f64>) -> Option<Point> {
    let mut lines: Vec<Line<f64>> = ring.lines().filter(|it| it.start != it.end).collect();
    let west = |it: &Line<f64>| it.start.x.min(it.end.x);
    let apart = |a: &Line<f64>, b: &Line<f64>| {
        a.start.y.min(a.end.y) > b.start.y.max(b.end.y) || b.start.y.min(b.end.y) > a.start.y.max(a.end.y)
    };
    lines.sort_by(|a, b| west(a).total_cmp(&west(b)));
    let mut n_pairs = 0;
    for (index, a) in lines.iter().enumerate() {
        let east = a.start.x.max(a.end.x);
        for b in lines[index + 1..].iter().take_while(|it| west(it) <= east) {
            n_pairs += 1;
            if n_pairs > MOST_PAIRS {
                return None;
            }
            if apart(a, b) {
                continue;
            }
            if let Some(LineIntersection::SinglePoint { intersection, is_proper: true }) =
                line_intersection(*a, *b)
            {
                return Some(Point { lon: intersection.x, lat: intersection.y });
            }
        }
    }
    None
}

fn holds(geometry: &Geometry<f64>, at: Coord<f64>) -> bool {
    use geo::Intersects;
    match geometry {
        Geometry::Polygon(it) => polygon_holds(it, at),
        Geometry::MultiPolygon(it) => it.iter().any(|it| polygon_holds(it, at)),
        Geometry::GeometryCollection(it) => it.iter().any(|it| holds(it, at)),
        other => other.intersects(&at),
    }
}

fn polygon_holds(polygon: &Polygon<f64>, at: Coord<f64>) -> bool {
    coord_pos_relative_to_ring(at, polygon.exterior()) != CoordPos::Outside
        && polygon.interiors().iter().all(|it| coord_pos_relative_to_ring(at, it) != CoordPos::Inside)
}

fn each_polygon(geometry: &Geometry<f64>, found: &mut impl FnMut(&Polygon<f64>)) {
    match geometry {
        Geometry::Polygon(it) => found(it),
        Geometry::MultiPolygon(it) => it.iter().for_each(found),
        Geometry::GeometryCollection(it) => it.iter().for_each(|it| each_polygon(it, found)),
        _ => {}
    }
}

fn each_head(geometry: &Geometry<f64>, found: &mut impl FnMut(Coord<f64>)) {
    match geometry {
        Geometry::MultiPoint(it) => it.iter().for_each(|it| found(it.0)),
        Geometry::MultiLineString(it) => it.iter().filter_map(|it| it.0.first()).for_each(|it| found(*it)),
        Geometry::MultiPolygon(it) => {
            it.iter().filter_map(|it| it.exterior().0.first()).for_each(|it| found(*it));
        }
        Geometry::GeometryCollection(it) => it.iter().for_each(|it| each_head(it, found)),
        other => other.coords_iter().take(1).for_each(found),
    }
}

/// A place inside: the middle of mass, or of the widest run inside on one of a few parallels.
fn inside(polygon: &Polygon<f64>) -> Option<Coord<f64>> {
    let middle = polygon.centroid().map(Coord::from);
    if let Some(middle) = middle.filter(|it| polygon_holds(polygon, *it)) {
        return Some(middle);
    }
    let lats =
        polygon.exterior().0.iter().fold([90.0f64, -90.0f64], |it, at| [it[0].min(at.y), it[1].max(at.y)]);
    [0.5, 0.381, 0.713, 0.243, 0.871].iter().find_map(|share| {
        let y = lats[0] + share * (lats[1] - lats[0]);
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let mut crossings: Vec<f64> =
            rings.flat_map(LineString::lines).filter_map(|it| crosses(it, y)).collect();
        crossings.sort_by(f64::total_cmp);
        let runs = crossings.windows(2).map(|it| (it[1] - it[0], Coord { x: 0.5 * (it[0] + it[1]), y }));
        let held = runs.filter(|(_, at)| polygon_holds(polygon, *at));
        held.max_by(|a, b| a.0.total_cmp(&b.0)).map(|it| it.1)
    })
}

fn crosses(line: Line<f64>, y: f64) -> Option<f64> {
    let [a, b] = [line.start, line.end];
    ((a.y > y) != (b.y > y)).then(|| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
}

#[cfg(test)]
mod tests {
    use geo::{GeometryCollection, MultiPolygon, polygon};

    use super::*;

    fn ring(all: &[(f64, f64)]) -> LineString<f64> {
        LineString::from(all.to_vec())
    }

    fn refused(it: impl Into<Geometry<f64>>) -> String {
        Shape::parse(it.into()).unwrap_err().to_string()
    }

    fn point(lon: f64, lat: f64) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    #[test]
    fn what_is_no_shape_is_told() {
        let bare = |it: &[(f64, f64)]| Polygon::new(ring(it), vec![]);

        assert!(
            refused(Geometry::GeometryCollection(GeometryCollection::default()))
                .starts_with("the shape is empty")
        );
        assert!(
            refused(ring(&[(0.0, 0.0), (0.0, f64::NAN)]))
                .starts_with("position 2 (counted from 1): latitude NaN")
        );
        assert!(refused(ring(&[(1.0, 2.0)])).contains("one position"));
        assert!(refused(bare(&[(0.0, 0.0), (1.0, 1.0)])).contains("has 3 positions"));
        assert!(refused(bare(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)])).contains("encloses no area"));
        assert!(refused(ring(&[(179.0, 0.0), (-179.0, 0.0)])).contains("cut the shape at longitude 180"));
        assert!(refused(LineString::from(vec![(0.0, 0.0); 100_001])).contains("100001 vertices"));
        assert!(Shape::from_wkb(&[1, 2, 3]).is_err());
    }

    #[test]
    fn rings_and_holes_may_run_either_way() {
        let outer = ring(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)]);
        let hole = ring(&[(3.0, 3.0), (6.0, 3.0), (6.0, 6.0), (3.0, 6.0), (3.0, 3.0)]);
        let turned = LineString::new(hole.0.iter().rev().copied().collect());

        for hole in [hole, turned] {
            let shape = Shape::parse(Polygon::new(outer.clone(), vec![hole]).into()).unwrap();

            assert!(shape.contains(point(1.0, 1.0)) && !shape.contains(point(4.0, 4.0)));
            assert!(shape.contains(point(3.0, 4.0)) && shape.contains(point(9.0, 9.0)));
            assert!(shape.contains(shape.middle()) && shape.remarks().is_empty());
        }
    }

    #[test]
    fn a_ring_that_crosses_itself_is_kept_and_told() {
        let bow = polygon![(x: 0.0, y: 0.0), (x: 2.0, y: 2.0), (x: 2.0, y: 0.0), (x: 0.0, y: 2.0)];

        let shape = Shape::parse(bow.into()).unwrap();

        assert!(shape.contains(point(0.25, 1.0)) && shape.contains(point(1.75, 1.0)));
        assert!(!shape.contains(point(1.0, 0.25)) && shape.contains(shape.middle()));
        assert_eq!(shape.remarks(), [Remark::CrossesItself(point(1.0, 1.0))]);
        assert!(shape.remarks()[0].to_string().starts_with("A ring crosses itself near 1, 1"));
    }

    #[test]
    fn a_shape_cut_at_the_date_line_has_a_narrow_box() {
        let west = polygon![(x: 179.0, y: -17.0), (x: 180.0, y: -17.0), (x: 180.0, y: -16.0)];
        let east = polygon![(x: -180.0, y: -17.0), (x: -179.0, y: -16.0), (x: -180.0, y: -16.0)];

        let shape = Shape::parse(MultiPolygon::new(vec![west, east]).into()).unwrap();

        assert_eq!(shape.bounds().edges(), [179.0, -17.0, -179.0, -16.0]);
        assert!(shape.contains(point(-180.0, -16.5)) && shape.contains(shape.middle()));
    }

    #[test]
    fn well_known_binary_reads_back_the_same() {
        let shape =
            Shape::parse(polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 0.0, y: 1.0)].into()).unwrap();

        let again = Shape::from_wkb(&shape.to_wkb().unwrap()).unwrap();

        assert_eq!(again.geometry(), shape.geometry());
        assert_eq!((again.n_vertices(), again.bounds()), (4, shape.bounds()));
    }
}
