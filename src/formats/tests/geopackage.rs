//! GeoPackage: real layers of Minnesota, and files that are none, cut off, or lack the layer.

use super::*;
use crate::geo::crs::Crs;

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
    assert!(fault("gzip", &gzip(b"x")).contains("gunzip it first"));
    assert!(read("SQLite format 3\0", &Source::new(Format::Geopackage)).fault().contains("saved to a file"));
    let Some(path) = shared(JURISDICTIONS) else { return };
    let whole = std::fs::read(path).unwrap();
    assert!(fault("cut", &whole[..whole.len() / 2]).contains("cut off"));
    let mut garbled = whole;
    garbled[100..4096].fill(7);
    assert!(fault("garbled", &garbled).contains("damaged"));
}

#[tokio::test]
async fn a_geopackage_is_read_inside_of_tokio_and_may_be_left_half_read() {
    let Some(reader) = open(JURISDICTIONS, &layer("City_Boundaries_in_Minnesota")) else { return };
    let row = reader.unwrap().next().unwrap().unwrap().unwrap();

    assert!(matches!(row.geometry(), Some(geo::Geometry::MultiPolygon(_))));
}
