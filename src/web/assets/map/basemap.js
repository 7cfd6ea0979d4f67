// The map beneath the sites: counties, waters, city limits and towns from the binary, and the operator's street map.

const LAND = "#f3f3ee";
const CITY = "#f9f9f7";
// Minnesota stands out a little from its neighbors.
const HOME = "#f6f6f2";
const WATER = "#cfe2ea";
const SHORE = "#a5c6d4";
const HALO = { "text-halo-color": "rgba(255,255,255,.85)", "text-halo-width": 1.5 };
const NONE = { type: "FeatureCollection", features: [] };

/** The whole style; `data` is the dataset of the map's element. */
export function makeStyle(data) {
  const geojson = (url) => ({ type: "geojson", data: url });
  const streets = data.pmtiles ? { streets: { type: data.streets, url: `pmtiles://${new URL(data.pmtiles, location.href)}`, ...(data.streets === "raster" ? { tileSize: 256 } : {}) } } : {};
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
      waters: geojson(data.waters),
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
      { id: "home", type: "fill", source: "counties", paint: { "fill-color": HOME } },
      ...waters(),
      { id: "states", type: "line", source: "states", paint: { "line-color": "#b5b5a9", "line-width": 1 } },
      { id: "cities", type: "fill", source: "cities", paint: { "fill-color": CITY } },
      ...(data.streets === "vector" ? streetLayers() : []),
      ...(data.streets === "raster" ? [{ id: "streets-pictures", type: "raster", source: "streets", paint: { "raster-fade-duration": 0, "raster-saturation": -0.6 } }] : []),
      { id: "city-limits", type: "line", source: "cities", minzoom: 7, paint: { "line-color": "#cac9c0", "line-width": 0.8, "line-dasharray": [4, 3] } },
      { id: "county-lines", type: "line", source: "county-lines", paint: { "line-color": "#929285", "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 9, 1.3, 12, 1], "line-opacity": ["interpolate", ["linear"], ["zoom"], 6, 0.55, 9, 1, 11, 1, 13.5, 0] } },
      ...labels(),
    ],
  };
}

/** Lakes and rivers are drawn for a map of the state: nearer, where they would lie beside their banks, they fade. */
function waters() {
  const faded = (from, to) => ["interpolate", ["linear"], ["zoom"], from, 1, to, 0];
  const only = (kind) => ["==", ["geometry-type"], kind];
  return [
    { id: "rivers", type: "line", source: "waters", maxzoom: 8.8, filter: only("LineString"), layout: { "line-join": "round" }, paint: { "line-color": SHORE, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.8, 8, 1.6], "line-opacity": faded(7.4, 8.8) } },
    { id: "lakes", type: "fill", source: "waters", maxzoom: 10.2, filter: only("Polygon"), paint: { "fill-color": WATER, "fill-outline-color": SHORE, "fill-opacity": faded(8.8, 10.2) } },
  ];
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

/** Places by population; a place gives way to a site, so the large ones may stand beside their point, and the largest never vanishes. */
function labels() {
  const population = ["get", "population"];
  const beside = (em) => ["top", [0, em], "bottom", [0, -em], "left", [em, 0], "right", [-em, 0], "top-left", [em, em], "bottom-right", [-em, -em], "top-right", [-em, em], "bottom-left", [em, -em]];
  const town = (id, filter, size, font, color, offsets, more) => ({
    id,
    type: "symbol",
    source: "towns",
    filter,
    minzoom: more.minzoom ?? 0,
    layout: {
      "text-field": ["get", "name"],
      "text-font": [font],
      "text-size": size,
      "text-padding": 3,
      "text-max-width": 9,
      "symbol-sort-key": ["-", 0, population],
      "text-variable-anchor-offset": [...(more.always ? [] : ["center", [0, 0]]), ...offsets.flatMap(beside)],
      "text-overlap": more.always ? "always" : "never",
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
    town("villages", ["all", ["<", population, 50000], grown(7, ["step", ["zoom"], 12000, 8, 6000, 9, 1500, 10, 0])], 12, "Public Sans 450", "#565c65", [0.8], { minzoom: 5.5 }),
    town("towns", ["all", [">=", population, 50000], ["<", population, 250000]], 13, "Public Sans 500", "#3d4551", [0.9, 1.8], { minzoom: 5 }),
    town("cities-by-name", ["all", [">=", population, 250000], ["<", population, 400000]], 16, "Public Sans 600", "#1c1d1f", [1.2, 1.9, 2.6, 3.4], {}),
    town("largest-city", [">=", population, 400000], 16, "Public Sans 600", "#1c1d1f", [1.9, 1.2, 2.6, 3.4, 4.2], { always: true }),
  ];
}
