//! Zipped shapefiles on their way through upload, preview and engine: the parts, the county's feet, the outlines.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use foca::areas::{self, Area};
use foca::knowledge::Library;
use foca::rights::Viewer;
use geo::{BoundingRect, Contains, Geometry, MultiPolygon};
use geozero::ToGeo;
use geozero::wkb::Wkb;
use shapefile::dbase::{FieldValue, Record, TableWriterBuilder};
use shapefile::{Point, Polygon, PolygonRing};

use crate::harness::{TestApp, both_engines, deliver, shared};
use crate::uploads::{ended, upload};

const NEIGHBORHOODS: &str = r#"
title = "Minneapolis neighborhoods"
source = "minneapolis-neighborhoods"
record = "area"

[file]
format = "shapefile"

[key]
columns = ["BDNUM"]

[position]
geometry = true

[fields]
class = { constant = "neighborhood" }
name = "BDNAME"
code = "BDNUM"
"#;

/// Degrees of NAD83, as Esri writes them.
const DEGREES: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The files of a folder, as they would be in a folder of a zip file.
fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    files
        .map(|it| {
            (format!("delivery/{}", it.file_name().unwrap().to_string_lossy()), std::fs::read(&it).unwrap())
        })
        .collect()
}

/// Two squares at Duluth, the second with a hole; a third row whose shape is none.
fn squares() -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let table = TableWriterBuilder::new()
        .add_character_field("BDNAME".try_into().unwrap(), 20)
        .add_character_field("BDNUM".try_into().unwrap(), 4);
    let mut writer = shapefile::Writer::from_path(folder.path().join("areas.shp"), table).unwrap();
    let square = |x: f64, side: f64| {
        let corners = [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0)];
        corners.map(|(right, up)| Point::new(x + right, 46.7 + up)).to_vec()
    };
    let plain = Polygon::new(PolygonRing::Outer(square(-92.5, 0.1)));
    let holed = Polygon::with_rings(vec![
        PolygonRing::Outer(square(-92.1, 0.1)),
        PolygonRing::Inner(square(-92.08, 0.05)),
    ]);
    for (shape, name, number) in
        [(&plain, "West End", "1"), (&holed, "Lakeside", "2"), (&plain, "Broken", "3")]
    {
        let mut record = Record::default();
        record.insert("BDNAME".to_owned(), FieldValue::Character(Some(name.to_owned())));
        record.insert("BDNUM".to_owned(), FieldValue::Character(Some(number.to_owned())));
        writer.write_shape_and_record(shape, &record).unwrap();
    }
    drop(writer);
    std::fs::write(folder.path().join("areas.prj"), DEGREES).unwrap();
    let mut files = files_of(folder.path());
    let shp = &mut files.iter_mut().find(|it| it.0.ends_with("shp")).unwrap().1;
    // The kind of the last shape, whose square takes 4 + 32 + 8 + 4 + 5 * 16 bytes.
    let kind = shp.len() - 128;
    shp[kind] = 99;
    files
}

/// The app with the profile in its library.
fn with_profile(app: &TestApp) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("profiles")).unwrap();
    std::fs::write(folder.path().join("profiles/neighborhoods.toml"), NEIGHBORHOODS).unwrap();
    let library = Arc::new(Library::open(Some(folder.path())).unwrap());
    app.with_uploads_of(1).changed(|app| app.library = library)
}

async fn outlines(app: &TestApp) -> BTreeMap<String, (Area, MultiPolygon<f64>)> {
    let areas = areas::store::all(&app.db, &Viewer::operator()).await.unwrap();
    let neighborhoods = areas.into_iter().filter(|it| it.class == "neighborhood");
    neighborhoods
        .map(|it| {
            let outline = match Wkb(it.outline.as_deref().unwrap()).to_geo().unwrap() {
                Geometry::MultiPolygon(outline) => outline,
                Geometry::Polygon(outline) => outline.into(),
                other => panic!("no outline: {other:?}"),
            };
            (it.code.clone().unwrap(), (it, outline))
        })
        .collect()
}

both_engines! { a_zipped_shapefile_is_checked_and_then_stored, async |app| {
    let app = &with_profile(app);
    let path = upload(app, "neighborhoods", "areas.zip", &zip(&squares())).await.location().to_owned();
    let check = app.get(&path).await;

    app.post(&path, &[("profile", "neighborhoods")]).await;

    let (page, counts) = (check.text(), ended(app).await.counts);
    assert_eq!(check.status, StatusCode::OK, "{page}");
    for words in ["All 3 rows checked", "West End", "Lakeside", "of kind 99"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert_eq!((counts.rows, counts.stored, counts.rejected), (3, 2, 1));
    let areas = outlines(app).await;
    assert_eq!(areas["2"].0.name, "Lakeside");
    assert!(areas["2"].1.contains(&geo::Point::new(-92.09, 46.71)));
    assert!(!areas["2"].1.contains(&geo::Point::new(-92.06, 46.72)));
}}

both_engines! { a_shapefile_that_does_not_tell_its_system_is_refused_with_what_to_give, async |app| {
    let app = &with_profile(app);
    let mut files = squares();
    files.retain(|it| !it.0.ends_with("prj"));

    let path = upload(app, "neighborhoods", "areas.zip", &zip(&files)).await.location().to_owned();
    let check = app.get(&path).await;
    let bare = upload(app, "neighborhoods", "areas.shp", &files.iter().find(|it| it.0.ends_with("shp")).unwrap().1).await;
    let bare = app.get(bare.location()).await;

    let page = check.text();
    assert_eq!(check.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.contains("position.crs: the shapefile has no .prj") && page.contains("EPSG:26915"), "{page}");
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text().contains("zip both"), "{}", bare.text());
    let given = NEIGHBORHOODS.replace("geometry = true", "geometry = true\ncrs = \"EPSG:4269\"");
    assert_eq!(deliver(app, &given, &zip(&files)).await.unwrap().counts.stored, 2);
}}

// In the county's feet, with a .prj made at home; the other source is in degrees.
both_engines! { the_neighborhoods_of_minneapolis_hold_the_points_that_another_source_says, async |app| {
    let (Some(folder), Some(other)) = (
        shared("data/mpls_boundaries/hennepin_crs_shapefile"),
        shared("data/mpls_boundaries/Minneapolis_Neighborhoods.geojson"),
    ) else {
        return;
    };

    let summary = deliver(app, NEIGHBORHOODS, &zip(&files_of(&folder))).await.unwrap();

    assert_eq!((summary.counts.rows, summary.counts.stored, summary.counts.rejected), (87, 87, 0));
    let areas = outlines(app).await;
    let read: geojson::FeatureCollection = std::fs::read_to_string(other).unwrap().parse().unwrap();
    assert_eq!(read.features.len(), areas.len());
    let (mut n_held, mut renamed) = (0, BTreeMap::new());
    for feature in read.features {
        let property = |name: &str| feature.property(name).unwrap().as_str().unwrap().to_owned();
        let (area, ours) = &areas[&property("BDNUM")];
        if area.name != property("BDNAME") {
            renamed.insert(area.name.clone(), property("BDNAME"));
        }
        let theirs = match Geometry::try_from(feature.geometry.clone().unwrap()).unwrap() {
            Geometry::MultiPolygon(it) => it,
            other => panic!("no area: {other:?}"),
        };
        n_held += held_alike(ours, &theirs, &area.name);
    }
    assert!(n_held > 4_000, "{n_held}");
    // The shapefile is older than these names.
    let renamed: Vec<(&str, &str)> = renamed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    let known = [("CARAG", "South Uptown"), ("ECCO", "East Bde Maka Ska"), ("West Calhoun", "West Maka Ska")];
    assert_eq!(renamed, known);
}}

/// Holds a grid of points against both, and the boxes around them; how many points both hold.
fn held_alike(ours: &MultiPolygon<f64>, theirs: &MultiPolygon<f64>, name: &str) -> usize {
    let bounds = theirs.bounding_rect().unwrap();
    let grid = (0..100).map(|step| {
        let (x, y) = (f64::from(step % 10) + 0.5, f64::from(step / 10) + 0.5);
        (bounds.min().x + bounds.width() * x / 10.0, bounds.min().y + bounds.height() * y / 10.0)
    });
    let mut n_held = 0;
    for (lon, lat) in grid {
        let at = geo::Point::new(lon, lat);
        assert_eq!(ours.contains(&at), theirs.contains(&at), "{name} {lon} {lat}");
        n_held += usize::from(ours.contains(&at));
    }
    // A hundred-thousandth of a degree is 1.1 m: the boxes agree within 3 m.
    let own = ours.bounding_rect().unwrap();
    for (one, other) in [(own.min(), bounds.min()), (own.max(), bounds.max())] {
        assert!(
            (one.x - other.x).abs() < 4e-5 && (one.y - other.y).abs() < 3e-5,
            "{name}: {one:?} {other:?}"
        );
    }
    n_held
}
