//! The place of a drawn map; what its script must know stands in its data.

use maud::{Markup, html};

use crate::web::assets;

/// Where a map begins when nothing is known: Minnesota, as west, south, east, north in degrees.
const MINNESOTA: [f64; 4] = [-97.24, 43.5, -89.5, 49.4];

/// A canvas with that id and class over the offline basemap, and over the operator's street map where `streets` says
/// of which kind it is (`vector` or `raster`); `home` is the box that it begins with.
pub fn map_canvas(id: &str, class: &str, home: Option<[f64; 4]>, streets: Option<&str>) -> Markup {
    let edges = home.unwrap_or(MINNESOTA).map(|it| it.to_string()).join(",");
    html! {
        div id=(id) class=(class) data-home=(edges)
            data-maplibre=(assets::url("maplibre-gl.mjs"))
            data-counties=(assets::url("counties.geojson")) data-county-lines=(assets::url("county-lines.geojson"))
            data-county-labels=(assets::url("county-labels.geojson"))
            data-waters=(assets::url("waters.geojson"))
            data-states=(assets::url("states.geojson")) data-towns=(assets::url("towns.geojson"))
            data-font-450=(assets::url("fonts/public-sans.woff2")) data-font-500=(assets::url("fonts/public-sans-500.woff2"))
            data-font-600=(assets::url("fonts/public-sans-600.woff2"))
            data-font-italic=(assets::url("fonts/public-sans-italic.woff2"))
            data-streets=[streets]
            data-pmtiles-module=[streets.map(|_| assets::url("pmtiles.mjs"))]
            data-pmtiles=[streets.map(|_| "/basemap.pmtiles")] {}
    }
}
