//! Shapefiles: written by another program, zipped, real ones, and files that are none, cut off, or lack a part.

use std::path::Path;

use ::shapefile::dbase::{Date, FieldValue, Record, TableWriterBuilder};
use ::shapefile::record::EsriShape;
use ::shapefile::{
    Multipoint, MultipointZ, Point, PointM, PointZ, Polygon, PolygonRing, PolygonZ, Polyline, PolylineM,
};
use geo::{Area, Contains, Geometry, MapCoords, MultiPolygon};
use proptest::prelude::*;

use super::*;
use crate::geo::crs::Crs;

const UTM: &str = r#"PROJCS["NAD_1983_UTM_Zone_15N",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-93.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

/// Files with their names, as they lie in a folder or a zip file.
type Files = Vec<(String, Vec<u8>)>;

/// The parts that the writer of shapefile makes of shapes; the row of each has its number, from 1.
fn layer<S: EsriShape>(name: &str, shapes: &[S]) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let table = TableWriterBuilder::new()
        .add_character_field("NAME".try_into().unwrap(), 20)
        .add_numeric_field("NUMBER".try_into().unwrap(), 12, 3)
        .add_date_field("DAY".try_into().unwrap())
        .add_logical_field("OPEN".try_into().unwrap());
    let path = folder.path().join("written.shp");
    let mut writer = ::shapefile::Writer::from_path(&path, table).unwrap();
    for (shape, number) in shapes.iter().zip(1..) {
        writer.write_shape_and_record(shape, &record(number)).unwrap();
    }
    drop(writer);
    let read = |part: &str| std::fs::read(path.with_extension(part)).unwrap();
    ["shp", "shx", "dbf"].map(|part| (format!("{name}.{part}"), read(part))).into()
}

/// Every second record has blanks.
fn record(number: u8) -> Record {
    let known = number % 2 == 1;
    let mut record = Record::default();
    let day = known.then(|| Date::new(u32::from(number), 2, 2026).unwrap());
    record.insert("NAME".to_owned(), FieldValue::Character(known.then(|| format!("Lou's {number}"))));
    record.insert("NUMBER".to_owned(), FieldValue::Numeric(known.then(|| f64::from(number) + 0.5)));
    record.insert("DAY".to_owned(), FieldValue::Date(day));
    record.insert("OPEN".to_owned(), FieldValue::Logical(known.then_some(number == 1)));
    record
}

fn part<'a>(files: &'a mut Files, extension: &str) -> &'a mut Vec<u8> {
    &mut files.iter_mut().find(|it| it.0.ends_with(extension)).unwrap().1
}

fn without(mut files: Files, extension: &str) -> Files {
    files.retain(|it| !it.0.ends_with(extension));
    files
}

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn shapes() -> Source {
    Source::new(Format::Shapefile)
}

/// All that the reader says about the bytes of a file.
fn read_file(bytes: &[u8], source: &Source) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("delivery");
    std::fs::write(&path, bytes).unwrap();
    read_path(&path, source)
}

fn read_path(path: &Path, source: &Source) -> Outcome {
    Reader::open(path, source)
        .map_or_else(|fault| Outcome { fault: Some(fault), ..Outcome::default() }, Outcome::of)
}

fn read_zip(files: &[(String, Vec<u8>)]) -> Outcome {
    read_file(&zip(files), &shapes())
}

fn geometries(outcome: &Outcome) -> Vec<Option<Geometry<f64>>> {
    outcome.rows.iter().map(|it| it.geometry().cloned()).collect()
}

fn three_points() -> Files {
    layer("points", &[Point::new(1.0, 2.0), Point::new(3.0, 4.0), Point::new(5.0, 6.0)])
}

#[test]
fn values_are_texts_as_in_other_formats() {
    let read = read_zip(&three_points());

    assert_eq!(read.columns, ["NAME", "NUMBER", "DAY", "OPEN"]);
    assert_eq!(
        read.texts(),
        [
            ["Lou's 1", "1.5", "2026-02-01", "true"],
            ["", "", "", ""],
            ["Lou's 3", "3.5", "2026-02-03", "false"]
        ]
    );
    assert_eq!(read.rows[1].text("NUMBER"), None);
    assert_eq!((read.lines(), read.fault()), (vec![1, 2, 3], String::new()));
}

#[test]
fn shapes_of_every_kind_lose_their_heights_and_measures() {
    let line = || vec![Point::new(0.0, 0.0), Point::new(1.0, 2.0)];
    let one = |files: Files| geometries(&read_zip(&files)).remove(0).unwrap();
    let point: Geometry<f64> = geo::Point::new(1.0, 2.0).into();

    assert_eq!(one(layer("p", &[Point::new(1.0, 2.0)])), point);
    assert_eq!(one(layer("p", &[PointM::new(1.0, 2.0, 9.0)])), point);
    assert_eq!(one(layer("p", &[PointZ::new(1.0, 2.0, 9.0, 8.0)])), point);
    assert!(
        matches!(one(layer("p", &[Multipoint::new(line())])), Geometry::MultiPoint(it) if it.0.len() == 2)
    );
    let heights = MultipointZ::new(vec![PointZ::new(1.0, 2.0, 9.0, 8.0)]);
    assert_eq!(one(layer("p", &[heights])), geo::MultiPoint::from(vec![(1.0, 2.0)]).into());
    assert!(matches!(one(layer("p", &[Polyline::new(line())])), Geometry::LineString(it) if it.0.len() == 2));
    let measured =
        PolylineM::with_parts(vec![vec![PointM::new(0.0, 0.0, 9.0), PointM::new(1.0, 2.0, 9.0)]; 2]);
    assert!(matches!(one(layer("p", &[measured])), Geometry::MultiLineString(it) if it.0.len() == 2));
    let corner = |x: f64, y: f64| PointZ::new(x, y, 9.0, 8.0);
    let ring = vec![corner(0.0, 0.0), corner(0.0, 4.0), corner(4.0, 4.0), corner(4.0, 0.0)];
    let hole = vec![corner(1.0, 1.0), corner(2.0, 1.0), corner(2.0, 2.0)];
    let both = PolygonZ::with_rings(vec![PolygonRing::Inner(hole), PolygonRing::Outer(ring)]);
    let Geometry::Polygon(read) = one(layer("p", &[both])) else { panic!("no polygon") };
    assert_eq!((read.unsigned_area(), read.interiors().len()), (15.5, 1));
}

#[test]
fn a_null_shape_is_a_row_without_geometry_and_a_deleted_row_is_none() {
    let mut files = three_points();
    // The kind of the first point; the mark of the second record.
    part(&mut files, "shp")[108] = 0;
    let (header, row) = (32 + 4 * 32 + 1, 1 + 20 + 12 + 8 + 1);
    part(&mut files, "dbf")[header + row] = b'*';

    let read = read_zip(&files);

    assert_eq!(read.lines(), [1, 3]);
    assert_eq!(geometries(&read), [None, Some(geo::Point::new(5.0, 6.0).into())]);
}

#[test]
fn the_encoding_is_that_of_the_profile_then_of_the_cpg_then_windows_1252() {
    let mut files = three_points();
    let at = 32 + 4 * 32 + 1;
    part(&mut files, "dbf")[at + 1..at + 8].copy_from_slice(b"Caf\xc3\xa9  ");
    let mut labeled = files.clone();
    labeled.push(("points.CPG".to_owned(), b"UTF-8\r\n".to_vec()));
    let name = |outcome: Outcome| outcome.texts()[0][0].clone();
    let chosen = source("format = 'shapefile'\nencoding = 'windows-1252'");

    assert_eq!(name(read_zip(&labeled)), "Café");
    assert_eq!(name(read_zip(&files)), "CafÃ©");
    assert_eq!(name(read_file(&zip(&labeled), &chosen)), "CafÃ©");
    labeled.last_mut().unwrap().1 = b"klingon".to_vec();
    assert!(read_zip(&labeled).fault().contains("`klingon`"));
}

#[test]
fn one_layer_of_several_is_chosen_and_a_wrong_name_is_told_those_there_are() {
    let mut files =
        layer("Data/2026/Roads", &[Polyline::new(vec![Point::new(0.0, 0.0), Point::new(1.0, 1.0)])]);
    files.extend(layer("Data/POINTS", &[Point::new(1.0, 2.0)]));
    files.push(("__MACOSX/Data/._POINTS.shp".to_owned(), b"shadow".to_vec()));
    files.push(("../../etc/readme.txt".to_owned(), b"text".to_vec()));
    let packed = zip(&files);
    let of = |layer: &str| read_file(&packed, &source(&format!("format = 'shapefile'\nlayer = '{layer}'")));

    assert!(matches!(geometries(&of("Roads"))[..], [Some(Geometry::LineString(_))]));
    assert!(matches!(geometries(&of("Data/POINTS"))[..], [Some(Geometry::Point(_))]));
    for fault in [of("roads").fault(), read_file(&packed, &shapes()).fault()] {
        assert!(fault.contains("there are: `POINTS`, `Roads`"), "{fault}");
    }
}

#[test]
fn two_layers_of_one_name_are_told_apart_by_their_folders() {
    let mut files = layer("a/x", &[Point::new(1.0, 2.0)]);
    files.extend(layer("b/x", &[Point::new(3.0, 4.0)]));

    let read = read_file(&zip(&files), &source("format = 'shapefile'\nlayer = 'b/x'"));

    assert_eq!(geometries(&read), [Some(geo::Point::new(3.0, 4.0).into())]);
    assert!(read_zip(&files).fault().contains("`a/x`, `b/x`"));
}

#[test]
fn a_shp_beside_its_dbf_is_read_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.shp");
    let mut files = without(three_points(), "shx");
    files.push(("points.prj".to_owned(), UTM.as_bytes().to_vec()));
    for (name, bytes) in &files {
        std::fs::write(folder.path().join(name.replace("dbf", "DBF")), bytes).unwrap();
    }

    let read = read_path(&path, &shapes());

    assert_eq!((read.rows.len(), read.fault()), (3, String::new()));
    assert!(read.crs.unwrap().starts_with("+proj=tmerc"));
    std::fs::remove_file(folder.path().join("points.DBF")).unwrap();
    assert!(read_path(&path, &shapes()).fault().contains("its .dbf"));
}

#[test]
fn a_layer_without_its_index_or_with_a_foreign_one_is_read_from_front_to_back() {
    let whole = geometries(&read_zip(&three_points()));
    let mut foreign = three_points();
    part(&mut foreign, "shx").truncate(108);

    assert_eq!(geometries(&read_zip(&without(three_points(), "shx"))), whole);
    assert_eq!(geometries(&read_zip(&foreign)), whole);
}

#[test]
fn a_row_that_cannot_be_read_is_rejected_with_its_number_and_the_rest_goes_on() {
    let mut files = three_points();
    part(&mut files, "shp")[108] = 31;
    let at = 32 + 4 * 32 + 1;
    part(&mut files, "dbf")[at + 42 + 21..][..12].copy_from_slice(b"      twelve");

    let read = read_zip(&files);

    let reasons = read.reasons();
    assert_eq!((reasons[0].0, reasons[1]), (1, (2, "This is no number")));
    assert!(reasons[0].1.contains("kind 31"));
    assert_eq!(read.errors[1].to_string(), "line 2, column `NUMBER`: This is no number: `twelve`");
    assert_eq!(read.lines(), [3]);
}

#[test]
fn a_broken_length_costs_one_row_with_an_index_and_the_rest_without() {
    let mut files = three_points();
    part(&mut files, "shp")[100 + 28 + 4..][..4].copy_from_slice(&[0x7f; 4]);

    let indexed = read_zip(&files);
    let plain = read_zip(&without(files, "shx"));

    assert_eq!(
        (indexed.lines(), indexed.reasons()),
        (vec![1, 3], vec![(2, "The shape lies outside of the .shp")])
    );
    assert_eq!(plain.lines(), [1]);
    assert!(
        plain.fault().contains(".shp of the shapefile is cut off or damaged after row 1"),
        "{}",
        plain.fault()
    );
}

#[test]
fn parts_that_are_cut_off_or_of_two_lengths_are_named_after_the_rows_before() {
    let cut = |extension: &str, bytes: usize| {
        let mut files = without(three_points(), "shx");
        let part = part(&mut files, extension);
        part.truncate(part.len() - bytes);
        read_zip(&files)
    };
    let mut two = three_points();
    *part(&mut two, "dbf") = std::mem::take(part(&mut layer("x", &[Point::new(0.0, 0.0)]), "dbf"));

    let (shp, dbf, two) = (cut("shp", 9), cut("dbf", 20), read_zip(&without(two, "shx")));

    assert_eq!((shp.rows.len(), dbf.rows.len(), two.rows.len()), (2, 2, 1));
    assert!(shp.fault().contains(".shp of the shapefile is cut off"), "{}", shp.fault());
    assert!(dbf.fault().contains("it has 2 of 3 rows"), "{}", dbf.fault());
    assert!(two.fault().contains(".dbf of the shapefile has 1 rows"), "{}", two.fault());
}

#[test]
fn what_is_no_shapefile_is_refused_with_the_reason() {
    let fault = |bytes: &[u8]| read_file(bytes, &shapes()).fault();
    let whole = zip(&three_points());
    let text = [("readme.txt".to_owned(), b"text".to_vec())];
    let not = ["shp", "dbf"].map(|it| {
        let mut files = three_points();
        *part(&mut files, it) = b"text".to_vec();
        read_zip(&files).fault()
    });

    assert!(fault(b"").contains("it is empty"));
    assert!(fault(b"a,b\n1,2\n").contains("neither a zip file nor a .shp"));
    assert!(fault(&whole[..whole.len() / 2]).contains("damaged or cut off"));
    assert!(fault(&zip(&text)).contains("no .shp in the zip file; it holds `readme.txt`"));
    assert!(fault(&zip(&[])).contains("no .shp in the zip file"));
    assert!(read_zip(&without(three_points(), "dbf")).fault().contains("`points.shp`, and no .dbf"));
    assert!(not[0].contains(".shp of the shapefile") && not[1].contains(".dbf of the shapefile"), "{not:?}");
    assert!(read("PK", &shapes()).fault().contains("saved to a file"));
    assert!(Reader::open(Path::new("/"), &shapes()).err().unwrap().to_string().contains("folder"));
}

#[test]
fn an_encrypted_or_damaged_part_is_named() {
    let mut encrypted = zip(&three_points());
    let mut damaged = encrypted.clone();
    // Bit 0 of the flags of each file, in its own header and in the directory.
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let starts = encrypted.windows(4).enumerate().filter(|it| it.1 == mark).map(|it| it.0);
        for start in starts.collect::<Vec<_>>() {
            encrypted[start + flags] |= 1;
        }
    }
    damaged[60] ^= 0xff;

    let fault = |bytes: &[u8]| read_file(bytes, &shapes()).fault();

    assert!(fault(&encrypted).contains("`points.shp` in the zip file is encrypted"), "{}", fault(&encrypted));
    assert!(fault(&damaged).contains("`points.shp` in the zip file is damaged"), "{}", fault(&damaged));
}

#[test]
fn a_part_that_unpacks_to_a_thousand_times_its_size_is_refused() {
    let mut files = three_points();
    part(&mut files, "dbf").resize(80 << 20, b' ');

    let fault = read_zip(&files).fault();

    assert!(fault.contains("`points.dbf`") && fault.contains("larger than 64 MiB once unpacked"), "{fault}");
}

#[test]
fn the_system_is_that_of_the_prj_and_a_missing_or_unknown_one_is_told() {
    let opened = |prj: Option<&str>| {
        let mut files = three_points();
        files.extend(prj.map(|it| ("points.prj".to_owned(), it.as_bytes().to_vec())));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        std::fs::write(&path, zip(&files)).unwrap();
        Reader::open(&path, &shapes()).unwrap()
    };
    let (utm, none, unknown) = (opened(Some(UTM)), opened(None), opened(Some("LOCAL_CS[\"site\"]")));

    let crs = Crs::parse(utm.declared_crs().unwrap()).unwrap();
    let (lon, lat) = crs.to_lon_lat(478_000.0, 4_980_000.0).unwrap();
    let wanted = Crs::parse("EPSG:26915").unwrap().to_lon_lat(478_000.0, 4_980_000.0).unwrap();
    assert!((lon - wanted.0).abs() < 1e-9 && (lat - wanted.1).abs() < 1e-9);
    assert_eq!((utm.crs_flaw(), utm.crs_definition()), (None, Some(UTM)));
    assert!(none.declared_crs().is_none() && none.crs_flaw().unwrap().contains("no .prj"));
    assert!(unknown.declared_crs().is_none() && unknown.crs_flaw().unwrap().contains("LOCAL_CS"));
}

fn neighborhoods() -> Option<Reader> {
    let folder = shared("data/mpls_boundaries/hennepin_crs_shapefile")?;
    Some(Reader::open(&folder.join("NEIGHBORHOODS.shp"), &shapes()).unwrap())
}

#[test]
fn the_real_shapefile_of_hennepin_county_has_the_system_of_its_esri_code() {
    let Some(mut reader) = neighborhoods() else { return };
    let own = Crs::parse(reader.declared_crs().unwrap()).unwrap();
    // ESRI:103734, as epsg.io writes it.
    let esri = Crs::parse(
        "+proj=lcc +lat_0=44.7911111111111 +lon_0=-93.3833333333333 +lat_1=44.8833333333333 \
         +lat_2=45.1333333333333 +x_0=152400.30480061 +y_0=30480.0609601219 +a=6378418.941 \
         +rf=298.257222100883 +units=us-ft +no_defs",
    )
    .unwrap();
    let mut n_rows = 0;
    while let Some(row) = reader.next().unwrap() {
        let row = row.unwrap();
        let shape = row.geometry().unwrap();

        let [own, esri] = [&own, &esri].map(|crs| {
            geo::BoundingRect::bounding_rect(shape).map(|it| crs.to_lon_lat(it.min().x, it.min().y)).unwrap()
        });
        let (own, esri) = (own.unwrap(), esri.unwrap());
        // A hundred-millionth of a degree is a millimeter.
        assert!((own.0 - esri.0).abs() < 1e-8 && (own.1 - esri.1).abs() < 1e-8, "{own:?} {esri:?}");
        n_rows += 1;
    }
    assert_eq!(n_rows, 87);
}

#[test]
fn gdal_writes_what_foca_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let json = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"Pâté","n":12345678901,"x":0.25,"day":"2026-02-01","no":null},
         "geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]],[[4,4],[4,8],[8,8],[8,4],[4,4]]]}},
        {"type":"Feature","properties":{"name":"two","n":2,"x":-3.5,"day":null,"no":null},
         "geometry":{"type":"MultiPolygon","coordinates":[[[[5,5],[7,5],[7,7],[5,7],[5,5]]],[[[20,0],[29,0],[29,9],[20,9],[20,0]],[[21,1],[21,2],[22,2],[22,1],[21,1]]]]}},
        {"type":"Feature","properties":{"name":"nowhere","n":3,"x":0,"day":null,"no":null},"geometry":null}]}"#;
    std::fs::write(path("a.geojson"), json).unwrap();
    let mut ogr2ogr = std::process::Command::new("ogr2ogr");
    ogr2ogr
        .args(["-lco", "ENCODING=UTF-8", "-f", "ESRI Shapefile"])
        .arg(path("a.shp"))
        .arg(path("a.geojson"));
    let Ok(written) = ogr2ogr.output() else { return println!("skipped: ogr2ogr is absent") };
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let names = ["shp", "shx", "dbf", "prj", "cpg"].map(|it| format!("a.{it}"));
    let files: Files = names.map(|name| (name.clone(), std::fs::read(path(&name)).unwrap())).into();

    let shape = read_zip(&files);

    let plain = read(json, &Source::new(Format::Geojson));
    assert_eq!(shape.rows.len(), 3, "{shape:?}");
    for (ours, theirs) in shape.rows.iter().zip(&plain.rows) {
        for column in ["name", "n", "x", "day", "no"] {
            assert_eq!(ours.text(column), theirs.text(column), "{column}");
        }
        let [ours, theirs] = [ours, theirs].map(|it| it.geometry().map(polygons));
        let same = |a: &MultiPolygon<f64>, b: &MultiPolygon<f64>| {
            let holes = |it: &MultiPolygon<f64>| it.iter().map(|it| it.interiors().len()).collect::<Vec<_>>();
            let areas = |it: &MultiPolygon<f64>| it.iter().map(Area::unsigned_area).collect::<Vec<_>>();
            (areas(a), holes(a)) == (areas(b), holes(b))
        };
        assert!(ours.is_none() == theirs.is_none() && ours.zip(theirs).is_none_or(|(a, b)| same(&a, &b)));
    }
    assert_eq!(shape.crs.unwrap().split(' ').next(), Some("+proj=longlat"));
}

fn polygons(shape: &Geometry<f64>) -> MultiPolygon<f64> {
    match shape {
        Geometry::MultiPolygon(it) => it.clone(),
        Geometry::Polygon(it) => it.clone().into(),
        other => panic!("no area: {other:?}"),
    }
}

/// Each neighborhood of the shapefile, in degrees, against the one of its name in the GeoJSON of another source.
#[test]
fn the_real_neighborhoods_hold_the_points_that_those_of_another_source_hold() {
    let (Some(mut reader), Some(other)) =
        (neighborhoods(), shared("data/mpls_boundaries/Minneapolis_Neighborhoods.geojson"))
    else {
        return;
    };
    let crs = Crs::parse(reader.declared_crs().unwrap()).unwrap();
    let mut ours = std::collections::BTreeMap::new();
    while let Some(row) = reader.next().unwrap() {
        let row = row.unwrap();
        let shape = polygons(row.geometry().unwrap());
        let shape = shape.map_coords(|at| crs.to_lon_lat(at.x, at.y).unwrap().into());
        ours.insert(row.text("BDNUM").unwrap().into_owned(), shape);
    }

    let theirs = read(std::fs::read(other).unwrap(), &Source::new(Format::Geojson));

    let (mut apart, mut n_points) = (Vec::new(), 0);
    for row in &theirs.rows {
        let (theirs, number) = (polygons(row.geometry().unwrap()), row.text("BDNUM").unwrap());
        let bounds = geo::BoundingRect::bounding_rect(&theirs).unwrap();
        for step in 0..100 {
            let (x, y) = (f64::from(step % 10) + 0.5, f64::from(step / 10) + 0.5);
            let x = bounds.min().x + bounds.width() * x / 10.0;
            let y = bounds.min().y + bounds.height() * y / 10.0;
            if ours[number.as_ref()].contains(&geo::Point::new(x, y))
                != theirs.contains(&geo::Point::new(x, y))
            {
                apart.push((number.clone(), x, y));
            }
            n_points += 1;
        }
    }
    assert_eq!((theirs.rows.len(), n_points), (87, 8700));
    assert!(apart.is_empty(), "{apart:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_parts_are_read_without_a_panic(
        part in 0..4usize, at in 0..400usize, byte: u8, cut in prop::option::of(0..400usize), index: bool
    ) {
        let ring = [(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0)].map(|it| Point::new(it.0, it.1));
        let square = Polygon::new(PolygonRing::Outer(ring.to_vec()));
        let mut files = layer("x", &[square.clone(), square]);
        files.push(("x.prj".to_owned(), UTM.as_bytes().to_vec()));
        let bytes = &mut files[part].1;
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(cut.unwrap_or(usize::MAX));
        let files = if index { files } else { without(files, "shx") };
        let _ = read_zip(&files);
    }

    #[test]
    fn damaged_zip_files_are_read_without_a_panic(at: prop::sample::Index, byte: u8, cut: Option<prop::sample::Index>) {
        let mut packed = zip(&three_points());
        let at = at.index(packed.len());
        packed[at] = byte;
        packed.truncate(cut.map_or(usize::MAX, |it| it.index(2000)));
        let _ = read_file(&packed, &shapes());
    }
}
