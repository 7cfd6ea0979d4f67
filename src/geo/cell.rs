//! The integer cell of a place: a column with a B-tree that answers "in this box?" in SQL on both engines.

use std::ops::RangeInclusive;

use super::{Bounds, Point};

/// Steps of a degree's cell along one axis: 2^26 around the equator, so a cell is 5.4e-6 degrees, 0.6 m, wide.
const STEPS: u64 = 1 << 26;

/// The cell of a place, for a B-tree column in SQL: the bits of column and row interleaved (Z-order), so that
/// every square block of cells is one range. At most 52 bits, so it is exact in JSON and JavaScript too.
///
/// Cells are 360/2^26 degrees wide and high; longitude 180 falls into the last column.
pub fn cell(point: Point) -> i64 {
    let [x, y] = steps(point.lon, point.lat);
    (spread(x) | spread(y) << 1) as i64
}

fn steps(lon: f64, lat: f64) -> [u64; 2] {
    let a_degree = STEPS as f64 / 360.0;
    [((lon + 180.0) * a_degree) as u64, ((lat + 90.0) * a_degree) as u64].map(|it| it.min(STEPS - 1))
}

/// Puts a zero bit before each of the 32 lower bits.
fn spread(it: u64) -> u64 {
    let it = (it | it << 16) & 0x0000_ffff_0000_ffff;
    let it = (it | it << 8) & 0x00ff_00ff_00ff_00ff;
    let it = (it | it << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let it = (it | it << 2) & 0x3333_3333_3333_3333;
    (it | it << 1) & 0x5555_5555_5555_5555
}

/// Ranges of [`cell`] that together hold every point of the box, and some around it: test the found rows'
/// coordinates with [`Bounds::contains`]. Sorted, apart from each other, and about `most` at the most (at least
/// one; a box over the date line counts as two boxes). Sixteen is a good number for one SQL statement.
pub fn cells_covering(bounds: Bounds, most: usize) -> Vec<RangeInclusive<i64>> {
    let [west, south, east, north] = bounds.edges();
    let mut ranges = if west <= east {
        cover(steps(west, south), steps(east, north), most)
    } else {
        let mut ranges = cover(steps(west, south), steps(180.0, north), most);
        ranges.extend(cover(steps(-180.0, south), steps(east, north), most));
        ranges
    };
    ranges.sort_by_key(|it| *it.start());
    join(ranges)
}

/// A square block of cells: `2^level` on a side, at `x`, `y` in cells.
#[derive(Clone, Copy)]
struct Block {
    level: u32,
    x: u64,
    y: u64,
}

impl Block {
    fn range(self) -> RangeInclusive<i64> {
        let first = spread(self.x) | spread(self.y) << 1;
        first as i64..=(first + ((1 << (2 * self.level)) - 1)) as i64
    }

    fn quarters(self) -> impl Iterator<Item = Self> {
        let level = self.level - 1;
        (0..4).map(move |it| Self {
            level,
            x: self.x + ((it & 1) << level),
            y: self.y + ((it >> 1) << level),
        })
    }

    fn meets(self, low: [u64; 2], high: [u64; 2]) -> bool {
        let side = (1 << self.level) - 1;
        self.x <= high[0] && self.x + side >= low[0] && self.y <= high[1] && self.y + side >= low[1]
    }

    fn inside(self, low: [u64; 2], high: [u64; 2]) -> bool {
        let side = (1 << self.level) - 1;
        self.x >= low[0] && self.x + side <= high[0] && self.y >= low[1] && self.y + side <= high[1]
    }
}

/// Splits blocks level by level while the ranges stay at most `most`.
fn cover(low: [u64; 2], high: [u64; 2], most: usize) -> Vec<RangeInclusive<i64>> {
    let mut blocks = vec![Block { level: 26, x: 0, y: 0 }];
    let mut ranges = joined(&blocks);
    loop {
        let split: Vec<Block> = blocks
            .iter()
            .flat_map(|it| {
                let done = it.level == 0 || it.inside(low, high);
                let parts: Vec<Block> = if done { vec![*it] } else { it.quarters().collect() };
                parts.into_iter().filter(|part| part.meets(low, high))
            })
            .collect();
        let finer = joined(&split);
        let finished = split.iter().all(|it| it.level == 0 || it.inside(low, high));
        if finer.len() > most.max(1) {
            return ranges;
        }
        (blocks, ranges) = (split, finer);
        if finished {
            return ranges;
        }
    }
}

fn joined(blocks: &[Block]) -> Vec<RangeInclusive<i64>> {
    join(blocks.iter().map(|it| it.range()).collect())
}

/// Makes one range of those that touch; `ranges` are sorted.
fn join(ranges: Vec<RangeInclusive<i64>>) -> Vec<RangeInclusive<i64>> {
    let mut joined: Vec<RangeInclusive<i64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if *range.start() <= *last.end() + 1 => {
                *last = *last.start()..=*range.end().max(last.end());
            }
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::distance::turn;
    use super::*;

    fn point((lon, lat): (f64, f64)) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    proptest! {
        #[test]
        fn every_point_of_a_box_has_its_cell_in_a_range(
            a in (-180.0..=180.0f64, -90.0..=90.0f64), size in (0.0..5.0f64, 0.0..5.0f64),
            at in (0.0..=1.0f64, 0.0..=1.0f64), most in 1usize..40
        ) {
            let east = turn(0.0, a.0 + size.0);
            let bounds = Bounds::parse([a.0, a.1, east, (a.1 + size.1).min(90.0)]).unwrap();
            let inside = point((turn(0.0, a.0 + size.0 * at.0), (a.1 + size.1 * at.1).min(90.0)));
            prop_assume!(bounds.contains(inside));

            let ranges = cells_covering(bounds, most);

            prop_assert!(ranges.len() <= 2 * most);
            prop_assert!(ranges.iter().any(|it| it.contains(&cell(inside))));
            prop_assert!(ranges.windows(2).all(|it| *it[0].end() < *it[1].start()));
        }
    }

    #[test]
    fn a_cell_fits_into_a_json_number() {
        assert_eq!(cell(point((-180.0, -90.0))), 0);
        assert!(cell(point((180.0, 90.0))) < 1 << 52);
    }
}
