// The path of the selected site: where it came from and where it goes on; what is only proposed is dashed.
const NONE = { type: "FeatureCollection", features: [] };
const INK = "#1b1b1b";

/** Draws what the panel tells of the path; nothing without a panel. */
export function makePaths(map) {
  map.addSource("paths", { type: "geojson", data: NONE });
  const line = (id, confirmed, paint) => ({
    id,
    type: "line",
    source: "paths",
    filter: ["==", ["get", "confirmed"], confirmed],
    layout: { "line-cap": "round" },
    paint: { "line-color": INK, "line-width": 2, ...paint },
  });
  map.addLayer(line("paths-confirmed", true, {}));
  map.addLayer(line("paths-proposed", false, { "line-dasharray": [2, 2.5], "line-opacity": 0.7 }));
  map.addLayer({
    id: "paths-days",
    type: "symbol",
    source: "paths",
    layout: { "symbol-placement": "line-center", "text-field": ["get", "days"], "text-font": ["Public Sans 500"], "text-size": 12, "text-offset": [0, -0.9] },
    paint: { "text-color": INK, "text-halo-color": "#fff", "text-halo-width": 1.5 },
  });
  return (id) => {
    const told = id && document.querySelector(`#panel [data-paths][data-id="${id}"]`)?.dataset.paths;
    map.getSource("paths").setData(told ? JSON.parse(told) : NONE);
  };
}
