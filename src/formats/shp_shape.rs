//! Decodes one shape of a .shp (ESRI Shapefile Technical Description, 1998). Heights and measures stand behind the
//! positions and are left unread; rings become polygons with their holes.

use geo::coordinate_position::CoordPos;
use geo::{
    BoundingRect, Coord, CoordinatePosition, CoordsIter, Geometry, LineString, MultiLineString, MultiPoint,
    MultiPolygon, Point, Polygon, Rect,
};

/// Vertices that are looked at to find out which hole lies in which ring: some seconds' work, and many times what the
/// lakes of a state take.
const MAX_WORK: usize = 1_000_000_000;

/// The geometry of a shape's bytes, without the 8 bytes before each; none for a null shape and for one without
/// points. The error is a reason for a reject report.
pub fn decode(shape: &[u8]) -> Result<Option<Geometry<f64>>, String> {
    let mut rest = shape;
    let geometry = match number(&mut rest)? {
        0 => None,
        1 | 11 | 21 => positions(&mut rest, 1)?.first().map(|it| Point::from(*it).into()),
        8 | 18 | 28 => {
            take(&mut rest, BOUNDS)?;
            let n = number(&mut rest)?;
            let points: Vec<Point<f64>> = positions(&mut rest, n)?.into_iter().map(Point::from).collect();
            (!points.is_empty()).then(|| MultiPoint::new(points).into())
        }
        3 | 13 | 23 => lines(parts(&mut rest)?),
        5 | 15 | 25 => polygons(parts(&mut rest)?)?,
        kind => {
            return Err(format!("The shape is of kind {kind}; points, lines and polygons are read"));
        }
    };
    let finite = |it: &Geometry<f64>| it.coords_iter().all(|at| at.x.is_finite() && at.y.is_finite());
    if geometry.as_ref().is_none_or(finite) {
        Ok(geometry)
    } else {
        Err("A coordinate is not a finite number".to_owned())
    }
}

/// West, south, east, north: 8 bytes each.
const BOUNDS: usize = 32;

fn cut_off() -> String {
    "The shape is cut off".to_owned()
}

fn take<'a>(rest: &mut &'a [u8], bytes: usize) -> Result<&'a [u8], String> {
    let (taken, after) = rest.split_at_checked(bytes).ok_or_else(cut_off)?;
    *rest = after;
    Ok(taken)
}

fn number(rest: &mut &[u8]) -> Result<usize, String> {
    let (bytes, after) = rest.split_first_chunk().ok_or_else(cut_off)?;
    *rest = after;
    usize::try_from(i32::from_le_bytes(*bytes)).map_err(|_| "A count of the shape is negative".to_owned())
}

fn positions(rest: &mut &[u8], n: usize) -> Result<Vec<Coord<f64>>, String> {
    let bytes = take(rest, n.checked_mul(16).ok_or_else(cut_off)?)?;
    let (pairs, _) = bytes.as_chunks::<8>();
    let (pairs, _) = pairs.as_chunks::<2>();
    Ok(pairs.iter().map(|[x, y]| Coord { x: f64::from_le_bytes(*x), y: f64::from_le_bytes(*y) }).collect())
}

/// The parts of a line or polygon; those without points are left out.
fn parts(rest: &mut &[u8]) -> Result<Vec<LineString<f64>>, String> {
    take(rest, BOUNDS)?;
    let (n_parts, n_points) = (number(rest)?, number(rest)?);
    let mut starts = take(rest, n_parts.checked_mul(4).ok_or_else(cut_off)?)?;
    let points = positions(rest, n_points)?;
    let mut bounds = Vec::with_capacity(n_parts + 1);
    for _ in 0..n_parts {
        bounds.push(number(&mut starts)?);
    }
    bounds.push(points.len());
    let mut parts = Vec::with_capacity(n_parts);
    for pair in bounds.windows(2) {
        let part = points.get(pair[0]..pair[1]).ok_or("The parts of the shape are out of order")?;
        if !part.is_empty() {
            parts.push(LineString::from(part.to_vec()));
        }
    }
    Ok(parts)
}

fn lines(mut parts: Vec<LineString<f64>>) -> Option<Geometry<f64>> {
    match parts.len() {
        0 => None,
        1 => parts.pop().map(Into::into),
        _ => Some(MultiLineString::new(parts).into()),
    }
}

/// A ring that has an area, as a polygon of its own.
struct Ring {
    polygon: Polygon<f64>,
    bounds: Rect<f64>,
    /// Positive where it runs clockwise, as outer rings do in a shapefile.
    area: f64,
}

fn polygons(parts: Vec<LineString<f64>>) -> Result<Option<Geometry<f64>>, String> {
    if parts.is_empty() {
        return Ok(None);
    }
    let rings: Vec<Ring> = parts.into_iter().filter_map(ring).collect();
    if rings.is_empty() {
        return Err("The polygon has no area, or a coordinate that is not a finite number".to_owned());
    }
    let (mut outer, mut holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|it| it.area > 0.0);
    // Some programs write every ring the wrong way around; a hole alone makes no sense.
    if outer.is_empty() {
        std::mem::swap(&mut outer, &mut holes);
    }
    let mut inside: Vec<Vec<LineString<f64>>> = outer.iter().map(|_| Vec::new()).collect();
    let (mut alone, mut work) = (Vec::new(), 0);
    for hole in holes {
        match around(&hole, &outer, &mut work)? {
            Some(at) => inside[at].push(hole.polygon.into_inner().0),
            None => alone.push(hole.polygon),
        }
    }
    let whole =
        outer.into_iter().zip(inside).map(|(it, holes)| Polygon::new(it.polygon.into_inner().0, holes));
    // A hole in nothing is a ring that was written the wrong way around, too.
    let mut polygons: Vec<Polygon<f64>> = whole.chain(alone).collect();
    Ok(match polygons.len() {
        1 => polygons.pop().map(Into::into),
        _ => Some(MultiPolygon::new(polygons).into()),
    })
}

/// None for what has no area: fewer than three corners, a line there and back, a corner nowhere.
fn ring(line: LineString<f64>) -> Option<Ring> {
    let origin = *line.0.first()?;
    // From the first corner, for differences of large coordinates would drown a small ring's area.
    let twice: f64 = line
        .lines()
        .map(|it| (it.start - origin, it.end - origin))
        .map(|(from, to)| to.x * from.y - from.x * to.y)
        .sum();
    let bounds = line.bounding_rect()?;
    let polygon = Polygon::new(line, Vec::new());
    (twice.is_finite() && twice != 0.0).then_some(Ring { polygon, bounds, area: twice / 2.0 })
}

/// The smallest ring that the hole lies in.
fn around(hole: &Ring, outer: &[Ring], work: &mut usize) -> Result<Option<usize>, String> {
    // A lake with ten thousand islands needs no search.
    if let [only] = outer {
        return Ok(bounds_lie_in(hole, only).then_some(0));
    }
    *work += outer.len();
    let mut found: Option<usize> = None;
    for (at, ring) in outer.iter().enumerate() {
        let smaller = found.is_none_or(|it| ring.area.abs() < outer[it].area.abs());
        if smaller && bounds_lie_in(hole, ring) && lies_in(hole, &ring.polygon, work) {
            found = Some(at);
        }
        if *work > MAX_WORK {
            return Err("The polygon has too many holes in too many rings".to_owned());
        }
    }
    Ok(found)
}

/// Whether the bounds of the hole lie in those of the ring, edges included.
fn bounds_lie_in(hole: &Ring, ring: &Ring) -> bool {
    let ((low, high), (min, max)) =
        ((ring.bounds.min(), ring.bounds.max()), (hole.bounds.min(), hole.bounds.max()));
    low.x <= min.x && low.y <= min.y && high.x >= max.x && high.y >= max.y
}

/// The first corner that is not on the ring's edge decides; a hole whose corners are all on it lies in it.
fn lies_in(hole: &Ring, ring: &Polygon<f64>, work: &mut usize) -> bool {
    for corner in hole.polygon.exterior().coords() {
        *work += ring.exterior().0.len();
        match ring.coordinate_position(corner) {
            CoordPos::Inside => return true,
            CoordPos::Outside => return false,
            CoordPos::OnBoundary if *work > MAX_WORK => return false,
            CoordPos::OnBoundary => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use geo::Area;
    use proptest::prelude::*;

    use super::*;

    fn bytes(kind: i32, parts: &[&[(f64, f64)]]) -> Vec<u8> {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend([0; BOUNDS]);
        let n_points: usize = parts.iter().map(|it| it.len()).sum();
        for n in [parts.len(), n_points] {
            bytes.extend((n as i32).to_le_bytes());
        }
        let mut start = 0;
        for part in parts {
            bytes.extend((start as i32).to_le_bytes());
            start += part.len();
        }
        let numbers = parts.iter().flat_map(|it| it.iter()).flat_map(|it| [it.0, it.1]);
        bytes.extend(numbers.flat_map(f64::to_le_bytes));
        bytes
    }

    /// A square from (x, y), clockwise as an outer ring, or the other way around.
    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> Vec<(f64, f64)> {
        let mut ring = vec![(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)];
        if !clockwise {
            ring.reverse();
        }
        ring
    }

    fn areas(parts: &[Vec<(f64, f64)>]) -> Vec<(f64, usize)> {
        let parts: Vec<&[(f64, f64)]> = parts.iter().map(Vec::as_slice).collect();
        let of = |it: &Polygon<f64>| (it.unsigned_area(), it.interiors().len());
        match decode(&bytes(5, &parts)).unwrap().unwrap() {
            Geometry::Polygon(it) => vec![of(&it)],
            Geometry::MultiPolygon(it) => it.iter().map(of).collect(),
            other => panic!("no polygon: {other:?}"),
        }
    }

    #[test]
    fn each_hole_lies_in_the_smallest_ring_around_it() {
        let rings = [
            square(0.5, 0.5, 1.0, false),
            square(0.0, 0.0, 10.0, true),
            square(3.0, 3.0, 4.0, false),
            // An island in the hole, with a pond whose corner touches the island's.
            square(4.0, 4.0, 2.0, true),
            square(4.0, 4.0, 1.0, false),
            square(20.0, 0.0, 2.0, true),
        ];

        assert_eq!(areas(&rings), [(83.0, 2), (3.0, 1), (4.0, 0)]);
    }

    #[test]
    fn rings_the_wrong_way_around_are_polygons_too() {
        assert_eq!(
            areas(&[square(0.0, 0.0, 2.0, false), square(5.0, 0.0, 1.0, false)]),
            [(4.0, 0), (1.0, 0)]
        );
        let stray = [square(0.0, 0.0, 2.0, true), square(3.0, 0.0, 1.0, true), square(9.0, 0.0, 1.0, false)];
        assert_eq!(areas(&stray), [(4.0, 0), (1.0, 0), (1.0, 0)]);
    }

    #[test]
    fn a_small_ring_far_from_the_origin_keeps_its_direction() {
        let far = [square(5e7, 5e7, 0.25, true), square(5e7, 5e7, 0.125, false)];

        assert_eq!(areas(&far), [(0.046875, 1)]);
    }

    #[test]
    fn lines_and_points_of_any_dimension_are_read() {
        let line: &[(f64, f64)] = &[(1.0, 2.0), (3.0, 4.0)];
        for kind in [3, 13, 23] {
            assert!(matches!(decode(&bytes(kind, &[line])).unwrap(), Some(Geometry::LineString(_))));
            assert!(matches!(
                decode(&bytes(kind, &[line, line])).unwrap(),
                Some(Geometry::MultiLineString(_))
            ));
        }
        for kind in [1_i32, 11, 21] {
            let point = [&kind.to_le_bytes()[..], &1.5_f64.to_le_bytes(), &2.5_f64.to_le_bytes(), &[9; 16]];
            assert_eq!(decode(&point.concat()).unwrap(), Some(Point::new(1.5, 2.5).into()));
        }
        assert_eq!(decode(&[0; 4]), Ok(None));
        assert_eq!(decode(&bytes(5, &[])), Ok(None));
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        let square = square(0.0, 0.0, 1.0, true);
        let whole = bytes(5, &[&square]);
        let fault = |at: usize, number: i32| {
            let mut changed = whole.clone();
            changed[at..at + 4].copy_from_slice(&number.to_le_bytes());
            decode(&changed).unwrap_err()
        };

        for end in 0..whole.len() {
            assert!(decode(&whole[..end]).is_err());
        }
        assert!(fault(0, 31).contains("kind 31"));
        assert!(fault(36, i32::MAX).contains("cut off"));
        assert!(fault(40, -1).contains("negative"));
        assert!(fault(44, 6).contains("out of order"));
        assert!(decode(&bytes(5, &[&square[..2]])).unwrap_err().contains("no area"));
        assert!(decode(&bytes(3, &[&[(f64::NAN, 0.0), (1.0, 1.0)]])).unwrap_err().contains("finite"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_without_a_panic(
            kind in 0..32i32, at in 0..200usize, byte: u8, rest: Vec<u8>,
            corners in prop::collection::vec(prop::collection::vec((-9.0..9.0f64, -9.0..9.0f64), 0..6), 0..9)
        ) {
            let parts: Vec<&[(f64, f64)]> = corners.iter().map(Vec::as_slice).collect();
            let mut changed = bytes(kind, &parts);
            let _ = decode(&changed);
            let at = at.min(changed.len() - 1);
            changed[at] = byte;
            let _ = decode(&changed);
            let _ = decode(&[&changed[..at], &rest].concat());
        }
    }
}
