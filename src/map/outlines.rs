//! Outlines of areas as GeoJSON, simplified to what a zoom can show, and kept until the areas change.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use geo::{BoundingRect, LineString, MultiPolygon, Simplify};

use crate::areas::Area;
use crate::areas::snapshot::Snapshot;
use crate::rights::Viewer;

/// A point is left out when the line without it stays within this part of a pixel.
const PIXELS: f64 = 0.6;
/// Beyond this zoom the outlines are drawn as they were delivered.
const FINEST_ZOOM: u8 = 14;
/// Two classes at every zoom; older ones leave.
const MOST_KEPT: usize = 32;

/// The outlines of one class at one zoom.
#[derive(Debug)]
struct Outlines {
    // West, south, east, north, and the feature as GeoJSON.
    features: Vec<([f64; 4], Vec<u8>)>,
}

#[derive(Debug)]
struct Kept {
    // Weak: a snapshot that nobody else holds has been replaced.
    areas: Weak<Snapshot>,
    class: String,
    zoom: u8,
    outlines: Arc<Outlines>,
}

/// A feature collection of the areas of `class` that touch `bounds` (all without); each has a `name`, and a
/// `population` where it is known.
pub(super) fn geojson(
    areas: &Arc<Snapshot>,
    viewer: &Viewer,
    class: &str,
    zoom: f64,
    bounds: Option<[f64; 4]>,
) -> Vec<u8> {
    let outlines = kept(areas, viewer, class, libm::ceil(zoom) as u8);
    let mut out = Vec::with_capacity(256 * 1024);
    out.extend(br#"{"type":"FeatureCollection","features":["#);
    let mut first = true;
    for (around, feature) in &outlines.features {
        if bounds.is_some_and(|it| !touch(it, *around)) {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        out.extend(feature);
    }
    out.extend(b"]}");
    out
}

fn kept(areas: &Arc<Snapshot>, viewer: &Viewer, class: &str, zoom: u8) -> Arc<Outlines> {
    static KEPT: Mutex<Vec<Kept>> = Mutex::new(Vec::new());
    let zoom = zoom.min(FINEST_ZOOM);
    // A viewer who may see no areas must not meet those kept for another.
    if areas.areas(viewer).next().is_none() {
        return Arc::new(Outlines { features: Vec::new() });
    }
    let same = |it: &Kept| it.areas.as_ptr() == Arc::as_ptr(areas) && it.class == class && it.zoom == zoom;
    let lock = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = lock().iter().find(|it| same(it)) {
        return Arc::clone(&found.outlines);
    }
    // Made outside the lock: two may make the same, none waits for another's.
    let outlines = Arc::new(simplified(areas, viewer, class, zoom));
    let mut list = lock();
    list.retain(|it| it.areas.strong_count() > 0);
    if list.len() >= MOST_KEPT {
        list.remove(0);
    }
    list.push(Kept {
        areas: Arc::downgrade(areas),
        class: class.to_owned(),
        zoom,
        outlines: Arc::clone(&outlines),
    });
    outlines
}

fn simplified(areas: &Snapshot, viewer: &Viewer, class: &str, zoom: u8) -> Outlines {
    let degrees = 360.0 / (512.0 * libm::exp2(f64::from(zoom))) * PIXELS;
    let mut features = Vec::new();
    let drawn = |area: &Area| area.class == class && area.is_exact();
    for (area, outline) in areas.areas(viewer).filter(|(area, _)| drawn(area)) {
        let outline = if zoom < FINEST_ZOOM { outline.simplify(degrees) } else { outline.clone() };
        let Some(around) = outline.bounding_rect() else { continue };
        let edges = [around.min().x, around.min().y, around.max().x, around.max().y];
        features.push((edges, feature(&area.name, area.population, &outline)));
    }
    Outlines { features }
}

fn feature(name: &str, population: Option<i64>, outline: &MultiPolygon<f64>) -> Vec<u8> {
    const WRITES: &str = "writing to memory cannot fail";
    let mut out = Vec::with_capacity(1024);
    out.extend(br#"{"type":"Feature","properties":{"name":"#);
    serde_json::to_writer(&mut out, name).expect(WRITES);
    if let Some(it) = population {
        write!(out, ",\"population\":{it}").expect(WRITES);
    }
    out.extend(br#"},"geometry":{"type":"MultiPolygon","coordinates":["#);
    // An island that is smaller than the pixel has nothing left.
    let polygons = outline.iter().filter(|it| it.exterior().0.len() >= 4);
    for (n, polygon) in polygons.enumerate() {
        out.extend(if n == 0 { "[" } else { ",[" }.as_bytes());
        ring(&mut out, polygon.exterior());
        for hole in polygon.interiors().iter().filter(|it| it.0.len() >= 4) {
            out.push(b',');
            ring(&mut out, hole);
        }
        out.push(b']');
    }
    out.extend(b"]}}");
    out
}

fn ring(out: &mut Vec<u8>, ring: &LineString<f64>) {
    for (n, it) in ring.0.iter().enumerate() {
        let before = if n == 0 { '[' } else { ',' };
        write!(out, "{before}[{:.5},{:.5}]", it.x, it.y).expect("writing to memory cannot fail");
    }
    out.push(b']');
}

fn touch(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

#[cfg(test)]
mod tests {
    use geo::{Geometry, polygon};

    use super::*;
    use crate::areas::{CITY, ROUGH_SOURCES, store};

    fn city(name: &str, west: f64) -> Area {
        let area = Area { population: Some(1_200), ..Area::new(("test", name), CITY, name) };
        let outline = polygon![(x: west, y: 45.0), (x: west + 0.05, y: 45.000_001), (x: west + 0.1, y: 45.0),
            (x: west + 0.1, y: 45.1), (x: west, y: 45.1), (x: west, y: 45.0)];
        store::with_outline(area, &Geometry::Polygon(outline)).unwrap()
    }

    fn read(body: &[u8]) -> serde_json::Value {
        serde_json::from_slice(body).unwrap()
    }

    #[test]
    fn only_areas_that_touch_the_box_are_sent_with_no_more_points_than_show() {
        let areas = Snapshot::new(vec![city("Here \"&\"", -93.1), city("There", -95.0)]);

        let body = geojson(&areas, &Viewer::operator(), CITY, 9.2, Some([-93.2, 44.9, -93.0, 45.05]));

        let features = read(&body)["features"].clone();
        assert_eq!(features.as_array().unwrap().len(), 1);
        assert_eq!(features[0]["properties"]["name"], "Here \"&\"");
        assert_eq!(features[0]["geometry"]["coordinates"][0][0].as_array().unwrap().len(), 5);
    }

    #[test]
    fn an_outline_that_only_locates_sites_is_not_drawn() {
        let mut rough = city("Rough", -93.1);
        ROUGH_SOURCES[0].clone_into(&mut rough.source);
        let areas = Snapshot::new(vec![rough, city("Exact", -93.3)]);

        let body = geojson(&areas, &Viewer::operator(), CITY, 9.0, None);

        assert_eq!(read(&body)["features"].as_array().unwrap().len(), 1);
        assert_eq!(areas.locate(-93.05, 45.05).city.as_deref(), Some("Rough"));
    }

    #[test]
    fn who_may_not_see_areas_gets_none_though_another_was_shown_them() {
        let areas = Snapshot::new(vec![city("Here", -93.1)]);
        geojson(&areas, &Viewer::operator(), CITY, 9.0, None);

        let body = geojson(&areas, &Viewer::nobody(), CITY, 9.0, None);

        assert_eq!(read(&body)["features"], serde_json::json!([]));
    }
}
