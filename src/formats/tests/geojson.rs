//! GeoJSON: structure, bad features, broken streams, bounds, and the torture set.

use proptest::prelude::*;

use super::*;
use crate::formats::geojson_in::parse_geometry;

fn geojson() -> Source {
    Source::new(Format::Geojson)
}

fn point(properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":7,"geometry":{{"type":"Point","coordinates":[-93.1,45]}},"properties":{properties}}}"#
    )
}

fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

#[test]
fn features_have_fields_an_id_and_a_geometry() {
    let outcome = read(collection(&[&point(r#"{"b":"x","a":{"c":1.5}}"#)]), &geojson());
    let row = &outcome.rows[0];

    assert_eq!(outcome.columns, ["a", "b"]);
    assert_eq!(
        (row.text("a.c").unwrap(), row.text("@id").unwrap(), row.id()),
        ("1.5".into(), "7".into(), Some("7"))
    );
    assert_eq!(row.geometry(), Some(&geo::Point::new(-93.1, 45.0).into()));
}

#[test]
fn a_bad_feature_is_an_error_and_the_rest_is_read() {
    let good = point("{}");
    let bad = [
        "1",
        "{}",
        r#"{"type":"Feature","properties":{}}"#,
        r#"{"type":"Feature","geometry":null}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},"properties":null}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,"2"]},"properties":null}"#,
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1e999]},"properties":null}"#,
        r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]},"properties":null}"#,
        r#"{"type":"Feature","geometry":null,"properties":{"a":1,"a":2}}"#,
        r#"{"type":"Feature","geometry":null,"properties":{"a":"\u0000"}}"#,
        r#"{"type":"Feature","geometry":null,"properties":{"a":nope}}"#,
    ];
    let mut features = vec![good.as_str()];
    features.extend(bad);
    features.push(&good);

    let outcome = read(collection(&features), &geojson());

    assert_eq!(outcome.fault(), "");
    assert_eq!(outcome.lines(), [1, 13]);
    assert_eq!(outcome.errors.len(), bad.len(), "{:?}", outcome.errors);
    assert!(outcome.errors[2].reason.contains("no member `geometry`"));
    assert_eq!(outcome.errors[4].column.as_deref(), Some("geometry"));
}

#[test]
fn members_may_come_in_any_order_and_foreign_ones_are_passed_over() {
    let text = format!(
        r#" {{"name":"x","bbox":[1,2,3,4],"features" : [ {} ] ,"x":{{"features":[1]}},"crs":{{"type":"name","properties":{{"name":"EPSG:26915"}}}},"type":"FeatureCollection"}} "#,
        point("null")
    );
    let outcome = read(text, &geojson());

    assert_eq!((outcome.rows.len(), outcome.fault()), (1, String::new()));
    assert_eq!(outcome.crs.as_deref(), Some("EPSG:26915"));
}

#[test]
fn single_features_sequences_and_bare_geometries_are_read_too() {
    let feature = point(r#"{"a":"1"}"#);

    assert_eq!(read(&feature, &geojson()).texts(), [["1"]]);
    assert_eq!(read(format!("\u{1e}{feature}\n\u{1e}{feature}\n"), &geojson()).lines(), [1, 2]);
    assert!(read(r#"{"type":"Point","coordinates":[1,2]}"#, &geojson()).rows[0].geometry().is_some());
}

#[test]
fn a_broken_stream_is_a_fault_with_its_place_and_keeps_the_rows_before() {
    let good = point("{}");
    let broken = [
        (format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{good},\n{{\"type\":"), "line 3"),
        (
            format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{good}\n{good}]}}"),
            "expected `]`, found `{`",
        ),
        (
            format!("{{\"type\":\"FeatureCollection\",\n\"features\":[{good},{{\"a\":[}}]}}"),
            "expected `]`, found `}`",
        ),
        (format!("{{\"features\":[{good}]}}"), "no `type`"),
        (
            format!("{{\"features\":[{good}],\"type\":\"featurecollection\"}}"),
            "`type` is \"featurecollection\"",
        ),
        (format!("{}{{}}", collection(&[&good])), "after the end"),
    ];

    for (text, reason) in broken {
        let outcome = read(&text, &geojson());

        assert_eq!(outcome.rows.len(), 1, "{text}");
        assert!(outcome.fault().contains(reason), "{}", outcome.fault());
    }
}

#[test]
fn a_file_that_is_no_geojson_is_refused() {
    let fault = |text: &str| read(text, &geojson()).fault();

    assert!(fault("").contains("empty"));
    assert!(fault("a,b\n1,2").contains("begins with `{`"));
    assert!(fault("{}").contains("`type` is missing"));
    assert!(fault(r#"{"type":"Topology"}"#).contains("\"Topology\""));
    assert!(fault(r#"{"type":"FeatureCollection"}"#).contains("no `features`"));
    assert!(fault(r#"{"type":"FeatureCollection","features":{}}"#).contains("expected `[`"));
}

#[test]
fn deep_and_long_features_are_rejected_and_the_rest_is_read() {
    let good = point("{}");
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let long = point(&format!("{{\"a\":\"{}\"}}", "x".repeat(70 << 20)));

    let outcome = read(collection(&[&deep, &long, &good]), &geojson());

    assert_eq!(outcome.lines(), [3]);
    let reasons =
        [(1, "The feature is nested more than 100 levels deep"), (2, "The feature is longer than 64 MiB")];
    assert_eq!(outcome.reasons(), reasons);
}

// Files that the torture set's linter complains of and FOCA takes, as RFC 7946 lets a reader do: ring direction
// (3.1.6), the bbox of a bare geometry (nothing reads it), precision (11.2), foreign members at the top (7.1),
// collections within collections or of one (3.1.8), positions of four numbers (3.1.1).
const TAKEN: [&str; 10] = [
    "bad-polygon-interiorring-rhr.geojson",
    "polygon_winding_order.geojson",
    "bbox-4or6elements.geojson",
    "bbox-contains-string.geojson",
    "bbox-string.geojson",
    "excessive_precision_truncated.geojson",
    "featurecollection_changed_semantics.geojson",
    "geometrycollection_nested.geojson",
    "geometrycollection_single.geojson",
    "point-toomany.geojson",
];

#[test]
fn the_torture_set_reads_as_its_authors_expect() {
    let files = unpack("data/geojson_torture/geojson_torture.tar.gz");
    for (name, content) in files.iter().filter(|(name, _)| name.ends_with(".geojson")) {
        let outcome = read(content, &geojson());

        let clean = outcome.errors.is_empty() && outcome.fault.is_none();
        let bad = name.contains("/bad/") && !TAKEN.iter().any(|taken| name.ends_with(taken));
        assert_eq!(clean, !bad, "{name}: {:?} {}", outcome.errors, outcome.fault());
        assert!(bad || !outcome.rows.is_empty(), "{name} has no rows");
    }
}

#[test]
fn the_boundaries_of_minneapolis_are_read_with_their_crs() {
    let Some(path) = shared("data/mpls_boundaries/Minneapolis_Neighborhoods.geojson") else { return };
    let outcome = read(std::fs::read(path).unwrap(), &geojson());

    assert_eq!((outcome.rows.len(), outcome.errors.len(), outcome.fault()), (87, 0, String::new()));
    assert_eq!(outcome.crs.as_deref(), Some("urn:ogc:def:crs:OGC:1.3:CRS84"));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in r#"[{}\[\]",:a1 \\]{0,60}"#) {
        read(&text, &geojson());
        read(format!("{{\"type\":\"FeatureCollection\",\"features\":[{text}"), &geojson());
    }

    #[test]
    fn any_coordinates_are_parsed_without_a_panic(
        kind in "Point|LineString|Polygon|Multi(Point|Polygon)|GeometryCollection",
        coordinates in r"[\[\],1]{0,30}",
    ) {
        let _ = parse_geometry(&format!("{{\"type\":\"{kind}\",\"coordinates\":[{coordinates}]}}"));
    }
}
