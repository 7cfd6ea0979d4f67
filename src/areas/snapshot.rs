//! All areas in memory: which city and county a point lies in, and the outlines that the map draws.

use std::sync::Arc;

use geo::{Geometry, MultiPolygon};
use geozero::ToGeo;
use geozero::wkb::Wkb;

use super::{Area, CITY, COUNTY};
use crate::geo::Point;
use crate::geo::polygon::AreaIndex;
use crate::rights::{Resource, Viewer};

/// The areas as they were when it was made.
#[derive(Debug, Default)]
pub struct Snapshot {
    areas: Vec<Area>,
    outlines: Vec<MultiPolygon<f64>>,
    index: Option<AreaIndex>,
}

/// Where a point lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jurisdiction {
    /// The city's name.
    pub city: Option<String>,
    /// The county's name.
    pub county: Option<String>,
}

impl Snapshot {
    /// Takes in all `areas`; an outline that cannot be read counts as none.
    pub fn new(areas: Vec<Area>) -> Arc<Self> {
        let outlines: Vec<MultiPolygon<f64>> = areas.iter().map(outline).collect();
        let index = AreaIndex::build(&outlines);
        Arc::new(Self { areas, outlines, index: Some(index) })
    }

    /// City and county of a point, by polygon.
    pub fn locate(&self, lon: f64, lat: f64) -> Jurisdiction {
        let mut found = Jurisdiction::default();
        let (Some(index), Ok(point)) = (&self.index, Point::parse(lon, lat)) else { return found };
        let mut county_of_city = None;
        for n in index.find(point) {
            let area = &self.areas[n];
            match area.class.as_str() {
                CITY if found.city.is_none() => {
                    found.city = Some(area.name.clone());
                    county_of_city = area.county.clone();
                }
                COUNTY if found.county.is_none() => found.county = Some(area.name.clone()),
                _ => {}
            }
        }
        // A city's register knows its county exactly; the outlines of the counties may be generalized.
        found.county = county_of_city.or(found.county);
        found
    }

    /// All areas with their outlines; an empty outline where none is known.
    pub fn areas(&self, viewer: &Viewer) -> impl Iterator<Item = (&Area, &MultiPolygon<f64>)> {
        let n_seen = if viewer.may_see(Resource::Area) { self.areas.len() } else { 0 };
        self.areas.iter().zip(&self.outlines).take(n_seen)
    }

    /// The box around all areas with an outline: west, south, east, north in degrees.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let mut boxes = self.areas.iter().filter_map(|it| Some([it.west?, it.south?, it.east?, it.north?]));
        let first = boxes.next()?;
        Some(boxes.fold(first, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]))
    }
}

fn outline(area: &Area) -> MultiPolygon<f64> {
    let geometry = area.outline.as_ref().and_then(|it| Wkb(it.as_slice()).to_geo().ok());
    match geometry {
        Some(Geometry::MultiPolygon(it)) => it,
        Some(Geometry::Polygon(it)) => it.into(),
        _ => MultiPolygon::new(Vec::new()),
    }
}
