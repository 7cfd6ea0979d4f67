//! Coordinate systems against places whose degrees are known from elsewhere.

use super::*;
use crate::geo::crs::Crs;

fn degrees(crs: &Crs, x: f64, y: f64) -> (f64, f64) {
    crs.to_lon_lat(x, y).unwrap()
}

fn near((lon, lat): (f64, f64), wanted: (f64, f64), tolerance: f64) -> bool {
    (lon - wanted.0).abs() < tolerance && (lat - wanted.1).abs() < tolerance
}

#[test]
fn the_feet_of_hennepin_county_lie_on_minneapolis() {
    let Some(folder) = shared("data/mpls_boundaries/hennepin_crs_shapefile") else { return };
    let shapes = std::fs::read(folder.join("NEIGHBORHOODS.shp")).unwrap();
    let number = |at: usize| f64::from_le_bytes(shapes[at..at + 8].try_into().unwrap());
    let crs = Crs::parse(
        "+proj=lcc +lat_0=44.7911111111111 +lon_0=-93.3833333333333 +lat_1=44.8833333333333 \
               +lat_2=45.1333333333333 +x_0=152400.30480061 +y_0=30480.0609601219 +a=6378418.941 \
               +rf=298.257222100883 +units=us-ft +no_defs",
    )
    .unwrap();

    // The header of a shapefile holds its bounds; Minneapolis reaches from 93.3291 W, 44.8902 N to
    // 93.1943 W, 45.0513 N.
    assert!(near(degrees(&crs, number(36), number(44)), (-93.3291, 44.8902), 1e-3));
    assert!(near(degrees(&crs, number(52), number(60)), (-93.1943, 45.0513), 1e-3));
}
