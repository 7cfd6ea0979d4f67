//! An index over many shapes, held in memory, for "which lie within r meters of this shape".

use super::Point;
use super::distance::{self, Meters};
use super::grid::Grid;
use super::measure::{self, Measured};
use super::piece::{Space, dot, minus, space};
use super::shape::Shape;

/// All shapes within a distance of another: points in a [`Grid`], all others by a ball around each, sorted along the
/// earth's axis.
///
/// Holds 48 bytes a point, and for each other shape 56 and a copy of its geometry (its pieces are shared).
#[derive(Debug)]
pub struct Near {
    grid: Grid,
    /// The points and their numbers, in the grid's order.
    points: Vec<(Point, u32)>,
    /// Balls of like size, each layer sorted by the center's `z`.
    layers: Vec<Layer>,
    reach: Meters,
}

#[derive(Debug)]
struct Layer {
    /// The largest ball's radius.
    largest: f64,
    balls: Vec<Ball>,
    shapes: Vec<Shape>,
}

/// A ball around a shape in meters from the earth's center; its own is on the ground.
#[derive(Clone, Copy, Debug)]
struct Ball {
    middle: Point,
    center: Space,
    radius: f64,
    index: u32,
}

impl Ball {
    fn around(shape: &Shape, index: u32) -> Self {
        let middle = shape.lone().unwrap_or_else(|| center(shape));
        let center = space(middle.coord());
        let far = |at: &Space| dot(minus(*at, center), minus(*at, center)).sqrt();
        let pieces = shape.pieces().iter();
        let edge = pieces.map(|it| far(&it.space[0]).max(far(&it.space[1])) + it.sag()).fold(0.0, f64::max);
        // What lies inside bulges over the chords; of a continent's size the ball is the earth.
        let radius = if edge > 1e6 { 4e7 } else { edge * 1.01 + edge * edge / 1.2e7 };
        Self { middle, center, radius, index }
    }
}

fn center(shape: &Shape) -> Point {
    let [west, south, east, north] = shape.bounds().edges();
    let lon = west + 0.5 * if west <= east { east - west } else { east - west + 360.0 };
    Point { lon: distance::turn(0.0, lon), lat: 0.5 * (south + north) }
}

impl Near {
    /// The index of `shapes`, named by their place in this order, fastest for limits of about `reach`; any may be asked.
    pub fn build<'a>(shapes: impl IntoIterator<Item = &'a Shape>, reach: Meters) -> Self {
        let (mut points, mut layers) = (Vec::new(), Vec::new());
        for (index, shape) in (0..u32::MAX).zip(shapes) {
            match shape.lone() {
                Some(it) => points.push((it, index)),
                None => lay(&mut layers, Ball::around(shape, index), shape),
            }
        }
        let places: Vec<Point> = points.iter().map(|it| it.0).collect();
        let layers = layers.into_iter().map(Layer::build).collect();
        Self { grid: Grid::build(&places, reach), points, layers, reach }
    }

    /// How many shapes it holds.
    pub fn len(&self) -> usize {
        self.points.len() + self.layers.iter().map(|it| it.balls.len()).sum::<usize>()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `found` with each shape at most `limit` from `from`, the limit included and decided exactly, in a fixed
    /// order: points first.
    pub fn within(&self, from: &Shape, limit: Meters, mut found: impl FnMut(u32, Measured)) {
        let ball = Ball::around(from, 0);
        match from.lone() {
            Some(point) => self.grid.within(point, limit, |it, meters| {
                let (to, index) = self.points[it as usize];
                found(index, Measured { meters, from: point, to });
            }),
            None => self.points_around(from, &ball, limit, &mut found),
        }
        for layer in &self.layers {
            layer.within(from, &ball, limit, &mut found);
        }
    }

    fn points_around(&self, from: &Shape, ball: &Ball, limit: Meters, found: &mut impl FnMut(u32, Measured)) {
        self.grid.within(ball.middle, Meters(limit.0 + ball.radius), |it, _| {
            let (to, index) = self.points[it as usize];
            if let Some(measured) = measure::within(from, &to.into(), limit) {
                found(index, measured);
            }
        });
    }

    /// The nearest shape that `keep` keeps, at most `most` away; of equally near ones the first.
    pub fn nearest(&self, from: &Shape, most: Meters, keep: impl Fn(u32) -> bool) -> Option<(u32, Measured)> {
        let mut limit = Meters(self.reach.0.max(1.0));
        loop {
            limit = if limit.0 < most.0 { limit } else { most };
            let mut best: Option<(u32, Measured)> = None;
            self.within(from, limit, |index, it| {
                let nearer = |best: (u32, Measured)| (it.meters.0, index) < (best.1.meters.0, best.0);
                if best.is_none_or(nearer) && keep(index) {
                    best = Some((index, it));
                }
            });
            if best.is_some() || limit.0 >= most.0 || most.0.is_nan() {
                return best;
            }
            limit = Meters(limit.0 * 4.0);
        }
    }
}

/// Adds a ball to the layer of its size: each holds balls up to four times as large as the one before.
fn lay(layers: &mut Vec<Vec<(Ball, Shape)>>, ball: Ball, shape: &Shape) {
    let layer = ((ball.radius / 100.0).max(1.0).log2() / 2.0).ceil() as usize;
    if layers.len() <= layer {
        layers.resize_with(layer + 1, Vec::new);
    }
    layers[layer].push((ball, shape.clone()));
}

impl Layer {
    fn build(mut balls: Vec<(Ball, Shape)>) -> Self {
        balls.sort_by(|a, b| a.0.center[2].total_cmp(&b.0.center[2]).then(a.0.index.cmp(&b.0.index)));
        let largest = balls.iter().map(|it| it.0.radius).fold(0.0, f64::max);
        let (balls, shapes) = balls.into_iter().unzip();
        Self { largest, balls, shapes }
    }

    fn within(&self, from: &Shape, ball: &Ball, limit: Meters, found: &mut impl FnMut(u32, Measured)) {
        let far = limit.0 + ball.radius + 0.001;
        let [low, high] = [-1.0, 1.0].map(|it| ball.center[2] + it * (far + self.largest));
        let first = self.balls.partition_point(|it| it.center[2] < low);
        for (it, shape) in self.balls[first..].iter().zip(&self.shapes[first..]) {
            if it.center[2] > high {
                break;
            }
            let off = minus(it.center, ball.center);
            if dot(off, off) > (far + it.radius) * (far + it.radius) {
                continue;
            }
            if let Some(measured) = measure::within(from, shape, limit) {
                found(it.index, measured);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::{Geometry, LineString, MultiPolygon, Polygon, polygon};
    use proptest::prelude::*;

    use super::*;

    fn all(near: &Near, from: &Shape, limit: Meters) -> Vec<u32> {
        let mut found = Vec::new();
        near.within(from, limit, |index, _| found.push(index));
        found.sort_unstable();
        found
    }

    fn by_hand(shapes: &[Shape], from: &Shape, limit: Meters) -> Vec<u32> {
        let near = |it: &(u32, &Shape)| measure::within(from, it.1, limit).is_some();
        (0..).zip(shapes).filter(near).map(|it| it.0).collect()
    }

    /// A point, a line or a triangle, cut at the date line by leaving out what lies beyond it.
    fn shape_at((lon, lat): (f64, f64), (x, y, size, kind): (f64, f64, f64, u8)) -> Shape {
        let lon = distance::turn(0.0, lon + x).clamp(-180.0, 179.9);
        let lat = (lat + y).clamp(-90.0, 89.9);
        let far = (lon + size).min(180.0);
        let geometry: Geometry<f64> = match kind {
            0 => geo::Point::new(lon, lat).into(),
            1 => LineString::from(vec![(lon, lat), (far, lat + size)]).into(),
            2 => polygon![(x: lon, y: lat), (x: far, y: lat), (x: far, y: lat + size)].into(),
            _ => {
                let west: Polygon<f64> =
                    polygon![(x: lon, y: lat), (x: 180.0, y: lat), (x: 180.0, y: lat + size)];
                let east = polygon![(x: -180.0, y: lat), (x: -179.999, y: lat), (x: -180.0, y: lat + size)];
                if lon > 179.0 { MultiPolygon::new(vec![west, east]).into() } else { west_or_point(lon, lat) }
            }
        };
        Shape::parse(geometry).unwrap()
    }

    fn west_or_point(lon: f64, lat: f64) -> Geometry<f64> {
        geo::Point::new(lon, lat).into()
    }

    fn crowd() -> impl Strategy<Value = Vec<Shape>> {
        let center = prop_oneof![
            Just((-93.27, 44.98)),
            Just((180.0, -17.0)),
            Just((12.0, 89.99)),
            Just((0.0, -90.0)),
            (-180.0..=180.0f64, -90.0..=90.0f64)
        ];
        let one = (-0.02..0.02f64, -0.02..0.02f64, 0.0001..0.01f64, 0u8..4);
        (center, prop::collection::vec(one, 1..25))
            .prop_map(|(center, all)| all.into_iter().map(|it| shape_at(center, it)).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_index_finds_what_a_full_scan_finds(
            shapes in crowd(), reach in 10.0..3000.0f64, limit in prop_oneof![0.0..3000.0f64, 0.0..3e7f64]
        ) {
            let near = Near::build(&shapes, Meters(reach));

            for from in &shapes {
                prop_assert_eq!(all(&near, from, Meters(limit)), by_hand(&shapes, from, Meters(limit)));
            }
        }

        #[test]
        fn the_nearest_is_the_least_of_a_full_scan(shapes in crowd(), most in 0.0..5000.0f64) {
            let near = Near::build(&shapes, Meters(200.0));

            let nearest = near.nearest(&shapes[0], Meters(most), |it| it != 0);

            let others = shapes[1..].iter().filter_map(|it| measure::within(&shapes[0], it, Meters(most)));
            let least = others.map(|it| it.meters.0).min_by(f64::total_cmp);
            prop_assert_eq!(nearest.is_some(), least.is_some());
            if let (Some((_, found)), Some(least)) = (nearest, least) {
                prop_assert!((found.meters.0 - least).abs() < 0.001);
            }
        }
    }

    #[test]
    fn an_index_of_nothing_finds_nothing() {
        let near = Near::build(&[], Meters(100.0));
        let from = Shape::from(Point::parse(-93.0, 45.0).unwrap());

        assert!(near.is_empty() && near.nearest(&from, Meters(f64::INFINITY), |_| true).is_none());
    }
}
