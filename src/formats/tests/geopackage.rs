//! GeoPackage: real layers of Minnesota, and files that are none, cut off, or lack the layer.

use geo::{Contains, MapCoords};

use super::*;
use crate::geo::Point;
use crate::geo::crs::Crs;
use crate::geo::polygon::AreaIndex;

fn layer(name: &str) -> Source {
    source(&format!("format = 'geopackage'\nlayer = '{name}'"))
}

fn open(path: &str, source: &Source) -> Option<Result<Reader, String>> {
    Some(Reader::open(&shared(path)?, source).map_err(|error| error.to_string()))
}

const JURISDICTIONS: &str = "data/mn_jurisdictions/bdry_jurisdiction.gpkg";

#[test]
fn the_places_of_minnesota_agree_with_their_degrees() {
    let Some(reader) = open(JURISDICTIONS, &layer("Jurisdiction_Lookup_for_Minnesota")) else { return };
    let mut reader = reader.unwrap();
    let crs = Crs::parse(reader.declared_crs().unwrap()).unwrap();
    let columns = ["UMT_X", "UMT_Y", "LONGITUDE_DD", "LATITUDE_DD"].map(|name| reader.column(name).unwrap());
    let mut n_pairs = 0;
    while let Some(row) = reader.next().unwrap() {
        let row = row.unwrap();
        let [x, y, lon, lat] =
            columns.each_ref().map(|column| row.get(column).unwrap().parse::<f64>().unwrap());

        let (converted_lon, converted_lat) = crs.to_lon_lat(x, y).unwrap();

        // A ten-millionth of a degree is 11 mm; the worst pair of the source is 6.4 mm off.
        assert!((converted_lon - lon).abs() < 1e-7 && (converted_lat - lat).abs() < 1e-7, "{}", row.whole());
        assert!(matches!(row.geometry(), Some(geo::Geometry::Point(_))));
        n_pairs += 1;
    }
    assert_eq!(n_pairs, 2871);
    assert_eq!(reader.meter().read(), reader.meter().size().unwrap());
    assert!(reader.crs_definition().unwrap().contains("PROJCS"));
}

#[test]
fn the_only_layer_need_not_be_named() {
    let only = Source::new(Format::Geopackage);
    let Some(reader) = open("data/mn_child_care_centers/child_care_centers.gpkg", &only) else { return };
    let mut reader = reader.unwrap();
    let mut n_rows = 0;
    while let Some(row) = reader.next().unwrap() {
        assert!(row.unwrap().text("Name_of_Program").is_some());
        n_rows += 1;
    }

    assert_eq!(n_rows, 2376);
    assert_eq!(reader.declared_crs(), Some("EPSG:26915"));
    assert!(!reader.columns().iter().any(|column| column == "geom" || column == "Shape"));
}

#[test]
fn a_missing_layer_is_named_with_those_there_are() {
    let Some(missing) = open(JURISDICTIONS, &layer("Counties")) else { return };
    let unnamed = open(JURISDICTIONS, &Source::new(Format::Geopackage)).unwrap();

    for fault in [missing.err().unwrap(), unnamed.err().unwrap()] {
        assert!(
            fault.contains("`City_Boundaries_in_Minnesota`, `Jurisdiction_Lookup_for_Minnesota`"),
            "{fault}"
        );
    }
}

#[test]
fn what_is_no_geopackage_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let fault = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Reader::open(&path, &Source::new(Format::Geopackage)).err().unwrap().to_string()
    };

    assert!(fault("empty", b"").contains("it is empty"));
    assert!(fault("text", b"a,b\n1,2\n").contains("not a GeoPackage"));
    assert!(fault("header", b"SQLite format 3\0").contains("not a GeoPackage"));
    assert!(fault("gzip", &gzip(b"x")).contains("not a GeoPackage"));
    assert!(fault("half", &gzip(&[7; 100_000])[..40]).contains("cut off before its end"));
    assert!(read("SQLite format 3\0", &Source::new(Format::Geopackage)).fault().contains("saved to a file"));
    let Some(path) = shared(JURISDICTIONS) else { return };
    let whole = std::fs::read(path).unwrap();
    assert!(fault("cut", &whole[..whole.len() / 2]).contains("cut off"));
    let mut garbled = whole;
    garbled[100..4096].fill(7);
    assert!(fault("garbled", &garbled).contains("damaged"));
}

#[test]
fn a_gzipped_geopackage_is_read_like_the_plain_one() {
    let Some(path) = shared(JURISDICTIONS) else { return };
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("packed.gpkg.gz");
    std::fs::write(&packed, gzip(&std::fs::read(path).unwrap())).unwrap();
    let source = layer("City_Boundaries_in_Minnesota");

    let rows = rows(Reader::open(&packed, &source).unwrap());

    let plain = self::rows(open(JURISDICTIONS, &source).unwrap().unwrap());
    assert_eq!(rows.len(), 906);
    assert!(rows.iter().zip(&plain).all(|(one, other)| one.whole() == other.whole()));
}

#[tokio::test]
async fn a_geopackage_is_read_inside_of_tokio_and_may_be_left_half_read() {
    let Some(reader) = open(JURISDICTIONS, &layer("City_Boundaries_in_Minnesota")) else { return };
    let row = reader.unwrap().next().unwrap().unwrap().unwrap();

    assert!(matches!(row.geometry(), Some(geo::Geometry::MultiPolygon(_))));
}

#[test]
fn each_city_of_minnesota_holds_its_own_point() {
    let (cities, points) = ("City_Boundaries_in_Minnesota", "Jurisdiction_Lookup_for_Minnesota");
    let Some(reader) = open(JURISDICTIONS, &layer(cities)) else { return };
    let crs = Crs::parse("EPSG:26915").unwrap();
    let mut areas: Vec<(String, geo::MultiPolygon)> = Vec::new();
    for row in rows(reader.unwrap()) {
        let shape = match row.geometry() {
            Some(geo::Geometry::MultiPolygon(it)) => it.clone(),
            other => panic!("not a city's shape: {other:?}"),
        };
        let shape = shape.map_coords(|at| crs.to_lon_lat(at.x, at.y).unwrap().into());
        areas.push((row.text("GNIS_FEATURE_ID").unwrap().into_owned(), shape));
    }
    let index = AreaIndex::build(areas.iter().map(|it| &it.1));

    let (mut n_points, mut n_own) = (0, 0);
    for row in rows(open(JURISDICTIONS, &layer(points)).unwrap().unwrap()) {
        let [lon, lat] =
            ["LONGITUDE_DD", "LATITUDE_DD"].map(|it| row.text(it).unwrap().parse::<f64>().unwrap());
        let found: Vec<usize> = index.find(Point::parse(lon, lat).unwrap()).collect();
        // A full scan is slow in a debug build: every twentieth point will do.
        if row.line % 20 == 0 {
            let plain = |it: &usize| areas[*it].1.contains(&geo::Point::new(lon, lat));
            assert_eq!(found, (0..areas.len()).filter(plain).collect::<Vec<_>>(), "{}", row.whole());
        }
        if row.text("CTU_CLASS").unwrap() == "CITY" {
            n_points += 1;
            let id = row.text("GNIS_FEATURE_ID").unwrap();
            n_own += usize::from(found.iter().any(|it| areas[*it].0 == id));
        }
    }

    // Two of the 907 points of cities lie in no area of their own city.
    assert_eq!((areas.len(), n_points, n_own), (906, 907, 905));
}

fn rows(mut reader: Reader) -> Vec<Row> {
    std::iter::from_fn(|| reader.next().unwrap()).map(Result::unwrap).collect()
}
