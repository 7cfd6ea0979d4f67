//! The squares by which a point is known again. They are about 45 m wide and high at every latitude as far as 80 degrees:
//! the square of a place and the eight around it hold all within 40 m of it, and nothing beyond 130 m.
//!
//! The numbers here must stay as they are: digests of squares are stored, and of other squares they would be others.

/// Degrees of latitude of a square's height: 44.2 m at the equator, 44.7 m at the poles.
const HEIGHT: f64 = 0.0004;
/// Meters of a square's width; it is this or some centimeters more.
const WIDTH: f64 = 45.0;
/// Meters of a degree of longitude at the equator of WGS 84; elsewhere the ellipsoid's are longer than its cosine by 3 in
/// 1,000 at most.
const DEGREE: f64 = 111_319.49;
const RADIANS: f64 = std::f64::consts::PI / 180.0;

/// A square: its row from the south pole, and its column in that row from the date line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Square {
    row: i64,
    column: i64,
}

/// The square in which a point lies.
pub(super) fn of(lon: f64, lat: f64) -> Square {
    let row = row_of(lat);
    Square { row, column: column_of(lon, n_columns(row)) }
}

/// The square in which a point lies and the eight around it, row by row.
pub(super) fn around(lon: f64, lat: f64) -> Vec<Square> {
    let own = row_of(lat);
    let mut squares = Vec::with_capacity(9);
    for row in own - 1..=own + 1 {
        // Each row has columns of its own: those of two rows do not lie one over the other.
        let n_columns = n_columns(row);
        let middle = column_of(lon, n_columns);
        squares.extend(
            (middle - 1..=middle + 1).map(|column| Square { row, column: column.rem_euclid(n_columns) }),
        );
    }
    squares
}

impl Square {
    /// Its numbers as bytes.
    pub(super) fn bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.row.to_be_bytes());
        bytes[8..].copy_from_slice(&self.column.to_be_bytes());
        bytes
    }
}

fn row_of(lat: f64) -> i64 {
    ((lat + 90.0) / HEIGHT).floor() as i64
}

fn column_of(lon: f64, n_columns: i64) -> i64 {
    let column = ((lon + 180.0) / 360.0 * n_columns as f64).floor() as i64;
    column.rem_euclid(n_columns)
}

/// How many squares go around the earth in a row. The cosine comes from `libm`: it is the same on every machine.
fn n_columns(row: i64) -> i64 {
    let middle = (row as f64 + 0.5) * HEIGHT - 90.0;
    let n_columns = (360.0 * DEGREE * libm::cos(middle * RADIANS) / WIDTH).floor() as i64;
    n_columns.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geo::Point;
    use crate::geo::distance::distance;

    fn meters(one: (f64, f64), other: (f64, f64)) -> f64 {
        distance(Point::parse(one.0, one.1).unwrap(), Point::parse(other.0, other.1).unwrap()).0
    }

    fn wrapped(lon: f64) -> f64 {
        if lon > 180.0 {
            lon - 360.0
        } else if lon < -180.0 {
            lon + 360.0
        } else {
            lon
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn all_within_40_m_is_held_and_nothing_beyond_150_m(
            lat in -80.0..80.0f64, lon in -180.0..=180.0f64, reach in 0.0..300.0f64, turn in 0.0..6.3f64
        ) {
            let north = reach * libm::sin(turn) / 111_000.0;
            let east = reach * libm::cos(turn) / (DEGREE * libm::cos(lat * RADIANS));
            let other = (wrapped(lon + east), lat + north);
            let away = meters((lon, lat), other);

            let held = around(lon, lat).contains(&of(other.0, other.1));

            prop_assert!(held || away > 40.0, "{away} m away and not held");
            prop_assert!(!held || away < 150.0, "{away} m away and held");
        }

        #[test]
        fn near_points_are_held(
            lat in -80.0..80.0f64, lon in -180.0..=180.0f64, reach in 0.0..40.0f64, turn in 0.0..6.3f64
        ) {
            let north = reach * libm::sin(turn) / 111_700.0;
            let east = reach * libm::cos(turn) / (1.004 * DEGREE * libm::cos(lat * RADIANS));
            let other = (wrapped(lon + east), lat + north);

            prop_assert!(around(lon, lat).contains(&of(other.0, other.1)));
        }

        #[test]
        fn the_square_of_a_point_is_among_the_nine(lat in -80.0..80.0f64, lon in -180.0..=180.0f64) {
            let squares = around(lon, lat);

            prop_assert_eq!(squares.len(), 9);
            prop_assert!(squares[4] == of(lon, lat));
        }
    }

    #[test]
    fn the_date_line_does_not_part_neighbors() {
        assert!(around(179.9999, 52.0).contains(&of(-179.9999, 52.0)));
        assert_eq!(of(180.0, 52.0), of(-180.0, 52.0));
    }

    #[test]
    fn the_numbers_of_a_square_stay_as_they_are() {
        assert_eq!(of(-93.265, 44.9778), Square { row: 337_444, column: 151_777 });
    }
}
