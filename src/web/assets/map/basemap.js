// The map beneath the sites: counties, city limits and towns from the binary, or the operator's street map.

const LAND = "#f3f3ee";
const CITY = "#f9f9f7";
const WATER = "#cfe2ea";
const SHORE = "#a5c6d4";
const HALO = { "text-halo-color": "rgba(255,255,255,.85)", "text-halo-width": 1.5 };
const NONE = { type: "FeatureCollection", features: [] };

/** The whole style; `data` is the dataset of the map's element. */
export function makeStyle(data) {
  const geojson = (url) => ({ type: "geojson", data: url });
  const streets = data.pmtiles ? { streets: { type: "vector", url: `pmtiles://${new URL(data.pmtiles, location.href)}` } } : {};
  return {
    version: 8,
    "font-faces": {
      "Public Sans 450": data["font-450"],
      "Public Sans 500": data["font-500"],
      "Public Sans 600": data["font-600"],
      "Public Sans Italic": data.fontItalic,
    },
    sources: {
      states: geojson(data.states),
      counties: geojson(data.counties),
      "county-lines": geojson(data.countyLines),
      "county-labels": geojson(data.countyLabels),
      towns: geojson(data.towns),
      cities: geojson(NONE),
      sites: geojson(NONE),
      groups: geojson(NONE),
      ...streets,
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": LAND } },
      { id: "states", type: "line", source: "states", paint: { "line-color": "#b5b5a9", "line-width": 1 } },
      { id: "cities", type: "fill", source: "cities", paint: { "fill-color": CITY } },
      ...(data.pmtiles ? streetLayers() : []),
      { id: "city-limits", type: "line", source: "cities", minzoom: 7, paint: { "line-color": "#cac9c0", "line-width": 0.8, "line-dasharray": [4, 3] } },
      { id: "county-lines", type: "line", source: "county-lines", paint: { "line-color": "#929285", "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 9, 1.3], "line-opacity": ["interpolate", ["linear"], ["zoom"], 6, 0.55, 9, 1] } },
      ...labels(),
    ],
  };
}

/** Protomaps' schema, quiet: roads, blocks, buildings, water. */
function streetLayers() {
  const from = (id, type, layer, rest) => ({ id: `streets-${id}`, type, source: "streets", "source-layer": layer, ...rest });
  const width = (near, far) => ["interpolate", ["exponential", 1.6], ["zoom"], 8, far, 18, near];
  const kinds = { path: ["minor_road", "path", "other"], minor: ["medium_road"], major: ["major_road", "highway"] };
  const road = (id, list, near, far, minzoom) => {
    const filter = ["in", ["get", "kind"], ["literal", list]];
    const round = { "line-cap": "round", "line-join": "round" };
    return [
      from(`${id}-casing`, "line", "roads", { minzoom, filter, layout: round, paint: { "line-color": "#e6e6e2", "line-width": width(near + 2, far + 1) } }),
      from(id, "line", "roads", { minzoom, filter, layout: round, paint: { "line-color": "#fff", "line-width": width(near, far) } }),
    ];
  };
  return [
    from("water", "fill", "water", { filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": WATER, "fill-outline-color": SHORE } }),
    ...road("minor", kinds.path, 12, 0.2, 13),
    ...road("middle", kinds.minor, 16, 0.3, 11),
    ...road("major", kinds.major, 20, 0.6, 7),
    from("buildings", "fill", "buildings", { minzoom: 14, paint: { "fill-color": "#e6e6e2" } }),
    from("names", "symbol", "roads", {
      minzoom: 13,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": ["Public Sans 450"], "text-size": 12 },
      paint: { "text-color": "#686858", ...HALO },
    }),
    from("water-names", "symbol", "water", {
      filter: ["has", "name"],
      layout: { "text-field": ["get", "name"], "text-font": ["Public Sans Italic"], "text-size": 12, "text-max-width": 8 },
      paint: { "text-color": "#2e6276", ...HALO },
    }),
  ];
}

/** Places by population; a place gives way to a site, so the large ones may stand well beside their point. */
function labels() {
  const population = ["get", "population"];
  const beside = (em) => ["top", [0, em], "bottom", [0, -em], "left", [em, 0], "right", [-em, 0], "top-left", [em, em], "bottom-right", [-em, -em], "top-right", [-em, em], "bottom-left", [em, -em]];
  const town = (id, filter, size, font, color, offsets, minzoom = 0) => ({
    id,
    type: "symbol",
    source: "towns",
    minzoom,
    filter,
    layout: {
      "text-field": ["get", "name"],
      "text-font": [font],
      "text-size": size,
      "text-padding": 3,
      "text-max-width": 9,
      "symbol-sort-key": ["-", 0, population],
      "text-variable-anchor-offset": ["center", [0, 0], ...offsets.flatMap(beside)],
      "text-justify": "auto",
    },
    paint: { "text-color": color, ...HALO },
  });
  const grown = (zoom, least) => [">=", population, ["step", ["zoom"], 40000, zoom, least]];
  return [
    {
      id: "county-labels",
      type: "symbol",
      source: "county-labels",
      minzoom: 7.5,
      maxzoom: 12,
      layout: { "text-field": ["upcase", ["get", "name"]], "text-font": ["Public Sans 500"], "text-size": 12, "text-letter-spacing": 0.16, "text-padding": 6, "text-max-width": 20 },
      paint: { "text-color": "#686858", ...HALO },
    },
    town("villages", ["all", ["<", population, 50000], grown(7, ["step", ["zoom"], 12000, 8, 6000, 9, 1500, 10, 0])], 12, "Public Sans 450", "#565c65", [0.8], 5.5),
    town("towns", ["all", [">=", population, 50000], ["<", population, 250000]], 13, "Public Sans 500", "#3d4551", [0.9, 1.8], 5),
    town("big-cities", [">=", population, 250000], 16, "Public Sans 600", "#1c1d1f", [1, 2, 3, 4]),
  ];
}
