//! An index of points, held in memory, for "all within r meters".

use super::Point;
use super::distance::{self, Meters, Scale};

/// All points within a distance of another: bands of latitude, each sorted by longitude.
///
/// Holds 24 bytes a point and 44 a band (bands are as high as the reach, and as many as the points' latitudes
/// need, at most [`MOST_BANDS`]); a query allocates nothing. It works at all latitudes and across the date line.
#[derive(Debug)]
pub struct Grid {
    /// Latitude of the first band's lower edge, and bands a degree.
    south: f64,
    bands_a_degree: f64,
    bands: Vec<Band>,
    /// Sorted by band, longitude, index.
    entries: Vec<Entry>,
}

/// No index has more bands; 150 m over the whole earth would be 133,000.
pub const MOST_BANDS: usize = 200_000;

/// Degrees of latitude; over more, a band's slopes would no longer give the window of longitudes.
const HIGHEST_BAND: f64 = 0.5;

#[derive(Debug)]
struct Band {
    first: u32,
    mid: f64,
    /// Meters a degree at `mid`.
    scale: Scale,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    lon: f64,
    lat: f64,
    index: u32,
}

impl Grid {
    /// The index of `points`, fastest for queries of about `reach` (any other distance works too).
    ///
    /// Query results name a point by its place in the slice. At most `u32::MAX` points are indexed.
    pub fn build(points: &[Point], reach: Meters) -> Self {
        let south = points.iter().map(|it| it.lat).fold(90.0, f64::min);
        let north = points.iter().map(|it| it.lat).fold(-90.0, f64::max);
        let span = (north - south).max(0.0);
        let most = MOST_BANDS as f64;
        let height = (reach.0.max(1.0) / SHORTEST_DEGREE).min(HIGHEST_BAND).max(span / (most - 2.0));
        let bands_a_degree = 1.0 / height;
        let band_of = |lat: f64| ((lat - south) * bands_a_degree) as usize;

        let mut entries: Vec<(usize, Entry)> = (0..u32::MAX)
            .zip(points)
            .map(|(index, it)| (band_of(it.lat), Entry { lon: it.lon, lat: it.lat, index }))
            .collect();
        entries.sort_by(|(band, a), (other, b)| {
            band.cmp(other).then(a.lon.total_cmp(&b.lon)).then(a.index.cmp(&b.index))
        });
        let n_bands = if points.is_empty() { 0 } else { band_of(north) + 1 };
        let bands = (0..=n_bands)
            .map(|band| {
                let mid = (south + (band as f64 + 0.5) * height).min(90.0);
                let first = entries.partition_point(|(it, _)| *it < band);
                Band { first: first as u32, mid, scale: Scale::at(mid) }
            })
            .collect();
        Self { south, bands_a_degree, bands, entries: entries.into_iter().map(|(_, it)| it).collect() }
    }

    /// How many points it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Calls `found` with the index and the distance of every point at most `limit` away, the limit included, in
    /// a fixed order (by band, then longitude). Exact at the limit; the distance itself is right to 0.32 mm.
    #[inline]
    pub fn within(&self, from: Point, limit: Meters, mut found: impl FnMut(u32, Meters)) {
        let half = limit.0.max(0.0) * MARGIN / SHORTEST_DEGREE;
        let lowest = ((from.lat - half - self.south) * self.bands_a_degree).floor();
        let highest = ((from.lat + half - self.south) * self.bands_a_degree).floor();
        let n_bands = self.bands.len() - 1;
        if highest < 0.0 || lowest >= n_bands as f64 || n_bands == 0 {
            return;
        }
        let first = lowest.max(0.0) as usize;
        let last = (highest as usize).min(n_bands - 1);
        for pair in self.bands[first..=last + 1].windows(2) {
            let [band, next] = pair else { continue };
            let entries = &self.entries[band.first as usize..next.first as usize];
            if !entries.is_empty() {
                self.search(band, entries, from, limit, &mut found);
            }
        }
    }

    #[inline]
    fn search(
        &self,
        band: &Band,
        entries: &[Entry],
        from: Point,
        limit: Meters,
        found: &mut impl FnMut(u32, Meters),
    ) {
        // The band's narrowest degree lies at its edge farther from the equator; the pair's
        // mid latitude may lie beyond it by half the reach, 0.005 degrees.
        let off = 1.5 / self.bands_a_degree + 0.01;
        let polar = band.mid.abs() + off > distance::FAST_LATITUDE;
        let half = limit.0.max(0.0) * MARGIN / band.scale.east_at(off);
        if polar || limit.0 > distance::FAST_REACH.0 {
            return entries.iter().for_each(|it| self.test(band, *it, from, limit, found));
        }
        let (west, east) = (from.lon - half, from.lon + half);
        self.scan(band, entries, from, limit, (west, east), found);
        if west < -180.0 {
            self.scan(band, entries, from, limit, (west + 360.0, 180.0), found);
        }
        if east > 180.0 {
            self.scan(band, entries, from, limit, (-180.0, east - 360.0), found);
        }
    }

    #[inline]
    fn scan(
        &self,
        band: &Band,
        entries: &[Entry],
        from: Point,
        limit: Meters,
        (west, east): (f64, f64),
        found: &mut impl FnMut(u32, Meters),
    ) {
        let first = entries.partition_point(|it| it.lon < west);
        for it in entries[first..].iter().take_while(|it| it.lon <= east) {
            self.test(band, *it, from, limit, found);
        }
    }

    #[inline]
    fn test(&self, band: &Band, it: Entry, from: Point, limit: Meters, found: &mut impl FnMut(u32, Meters)) {
        let to = Point { lon: it.lon, lat: it.lat };
        let off = 0.5 * (from.lat + it.lat) - band.mid;
        // The shared scale holds near its band only.
        let (fast, yes) = if distance::in_reach(from, to) && off.abs() < 0.01 {
            let fast = band.scale.distance(off, distance::turn(from.lon, it.lon), it.lat - from.lat);
            (fast, distance::decide(from, to, fast, limit))
        } else {
            (f64::INFINITY, distance::within(from, to, limit))
        };
        if yes {
            let meters =
                if fast < distance::FAST_REACH.0 { Meters(fast) } else { distance::distance(from, to) };
            found(it.index, meters);
        }
    }
}

/// Meters a degree of latitude has at least (110,574 at the equator).
const SHORTEST_DEGREE: f64 = 110_574.0;
/// Search windows are this much wider than the limit, against rounding.
const MARGIN: f64 = 1.000_1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point((lon, lat): (f64, f64)) -> Point {
        Point::parse(lon, lat).unwrap()
    }

    fn found(grid: &Grid, from: Point, limit: Meters) -> Vec<u32> {
        let mut found = Vec::new();
        grid.within(from, limit, |index, _| found.push(index));
        found.sort_unstable();
        found
    }

    fn by_hand(points: &[Point], from: Point, limit: Meters) -> Vec<u32> {
        (0..)
            .zip(points)
            .filter(|(_, it)| distance::within(from, **it, limit))
            .map(|(index, _)| index)
            .collect()
    }

    /// Points crowded around one place, which may be a pole or lie on the date line.
    fn crowd() -> impl Strategy<Value = Vec<Point>> {
        let center = prop_oneof![
            Just((-93.27, 44.98)),
            Just((180.0, -17.0)),
            Just((12.0, 89.999)),
            Just((0.0, -85.0)),
            (-180.0..=180.0f64, -90.0..=90.0f64)
        ];
        let offs = prop::collection::vec((-0.01..0.01f64, -0.004..0.004f64), 1..60);
        (center, offs).prop_map(|((lon, lat), offs)| {
            let place = |(x, y): (f64, f64)| {
                let lon = distance::turn(0.0, lon + x);
                Point::parse(lon, (lat + y).clamp(-90.0, 90.0)).unwrap()
            };
            offs.into_iter().map(place).collect()
        })
    }

    proptest! {
        #[test]
        fn the_index_finds_what_a_full_scan_finds(points in crowd(), reach in 1.0..2000.0f64, limit in 0.0..1500.0f64) {
            let grid = Grid::build(&points, Meters(reach));

            for from in &points {
                prop_assert_eq!(found(&grid, *from, Meters(limit)), by_hand(&points, *from, Meters(limit)));
            }
        }

        #[test]
        fn scattered_points_are_found_too(
            points in prop::collection::vec((-180.0..=180.0f64, -90.0..=90.0f64), 0..40),
            from in (-180.0..=180.0f64, -90.0..=90.0f64), limit in 0.0..3e7f64, reach in 1.0..1e6f64
        ) {
            let points: Vec<Point> = points.into_iter().map(point).collect();
            let grid = Grid::build(&points, Meters(reach));

            prop_assert_eq!(found(&grid, point(from), Meters(limit)), by_hand(&points, point(from), Meters(limit)));
        }
    }

    #[test]
    fn the_distance_comes_with_each_point() {
        let sites = [point((-93.27, 44.98)), point((-93.27, 44.981)), point((-93.27, 44.99))];
        let grid = Grid::build(&sites, Meters(150.0));
        let mut seen = Vec::new();

        grid.within(sites[0], Meters(150.0), |index, meters| seen.push((index, meters.0)));

        assert_eq!(seen.len(), 2);
        assert!((seen[1].1 - distance::exact(sites[0], sites[1]).0).abs() < 0.000_32);
    }

    #[test]
    fn an_index_of_no_points_finds_none() {
        let grid = Grid::build(&[], Meters(150.0));

        assert!(grid.is_empty() && found(&grid, point((0.0, 0.0)), Meters(f64::INFINITY)).is_empty());
    }
}
