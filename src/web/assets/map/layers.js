// The layers menu: which of them are drawn, and the crosses of incidents that link to nothing.
import { makeLoader } from "./load.js";

/** Crosses show at the scale of streets only. */
const NEAREST = 12;
/** Outlines of places show where a single block fills some pixels. */
const NEAREST_PLACES = 13;
const NONE = { type: "FeatureCollection", features: [] };
const OF_LAYER = {
  cities: (id) => id === "cities" || id === "city-limits",
  counties: (id) => id === "county-lines" || id === "county-labels",
  streets: (id) => id.startsWith("streets-"),
};

export function makeLayers({ changed }) {
  const place = document.getElementById("layers");
  const boxes = [...place.querySelectorAll("input[name=layers]")];
  const on = (word) => boxes.some((it) => it.value === word && it.checked);
  place.addEventListener("change", changed);
  closeOutside(place);
  return {
    on,
    /** What the address says of them: nothing while all are as usual. */
    pairs() {
      if (boxes.every((it) => it.checked === (it.dataset.usual !== undefined))) return [];
      return [["layers", boxes.filter((it) => it.checked).map((it) => it.value).join(",") || "none"]];
    },
  };
}

/** A menu closes when another place is clicked, or with Escape. */
export function closeOutside(menu) {
  const close = () => menu.open && (menu.open = false);
  document.addEventListener("click", (event) => !menu.contains(event.target) && close());
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
    menu.querySelector("summary").focus();
  });
}

/** Shows and hides what the map has drawn. */
export function applyLayers(map, layers) {
  for (const { id } of map.getStyle().layers)
    for (const [word, owns] of Object.entries(OF_LAYER))
      if (owns(id)) map.setLayoutProperty(id, "visibility", layers.on(word) ? "visible" : "none");
}

/** The crosses; `load` asks for those of a box as of the day of the filter. */
export function makeIncidents(map, layers) {
  const ask = makeLoader();
  const note = document.getElementById("incidents-note");
  const list = document.getElementById("incidents-list");
  map.addSource("incidents", { type: "geojson", data: NONE });
  map.addLayer(crosses());
  return async (bbox, asOf) => {
    const shown = layers.on("incidents");
    const near = map.getZoom() >= NEAREST;
    document.getElementById("incident-key").hidden = !(shown && near);
    note.hidden = !shown;
    note.firstChild.textContent = near ? "Crosses on the map. " : "Zoom in to streets to see them. ";
    list.href = `/records/incidents?linked=none${near ? `&bbox=${bbox}` : ""}`;
    if (!shown || !near) return void map.getSource("incidents").setData(NONE);
    const day = asOf ? `&as_of=${asOf}` : "";
    const found = await ask(`/map/incidents.json?bbox=${bbox}${day}`, "json");
    if (found === null) return;
    if (found.more) note.firstChild.textContent = "Only the newest 2,000 of this view are drawn. ";
    map.getSource("incidents").setData({ type: "FeatureCollection", features: found.incidents.map(feature) });
  };
}

function feature([id, lon, lat, offense, day]) {
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { incident: id, offense, day } };
}

function crosses() {
  const layout = { "icon-image": "incident", "icon-allow-overlap": true, "icon-ignore-placement": true };
  return { id: "incidents", type: "symbol", source: "incidents", minzoom: NEAREST, layout };
}

const MINT = "#c4e4e0";
const MINT_EDGE = "#376462";
const AREAS = ["Polygon", "MultiPolygon"];
const LINES = ["LineString", "MultiLineString", ...AREAS];

/** Outlines of places with their names, for features of `source` that fit `filter`. */
export function placeLayers(id, source, name, filter = true) {
  const of = (kinds) => ["all", filter, ["in", ["geometry-type"], ["literal", kinds]]];
  return [
    { id: `${id}-areas`, type: "fill", source, filter: of(AREAS), paint: { "fill-color": MINT, "fill-opacity": 0.8 } },
    { id: `${id}-edges`, type: "line", source, filter: of(LINES), paint: { "line-color": MINT_EDGE, "line-width": 1.2 } },
    { id: `${id}-points`, type: "circle", source, filter: of(["Point", "MultiPoint"]), paint: { "circle-radius": 5, "circle-color": MINT, "circle-stroke-color": MINT_EDGE, "circle-stroke-width": 1.5 } },
    {
      id: `${id}-names`,
      type: "symbol",
      source,
      filter,
      layout: { "text-field": ["get", name], "text-font": ["Public Sans 500"], "text-size": 12, "text-max-width": 9, "text-variable-anchor-offset": ["top", [0, 0.7], "bottom", [0, -0.7], "left", [0.8, 0], "right", [-0.8, 0], "center", [0, 0]], "text-justify": "auto" },
      paint: { "text-color": "#1f4442", "text-halo-color": "rgba(255,255,255,.9)", "text-halo-width": 1.5 },
    },
  ];
}

/** The sensitive places; `load` asks for those of a box. */
export function makePlaces(map, layers) {
  const ask = makeLoader();
  const note = document.getElementById("places-note");
  map.addSource("places", { type: "geojson", data: NONE });
  for (const layer of placeLayers("places", "places", "name")) map.addLayer(layer);
  return async (bbox) => {
    const shown = note !== null && layers.on("places");
    const near = map.getZoom() >= NEAREST_PLACES;
    if (note) {
      note.hidden = !shown || near;
      document.getElementById("place-key").hidden = !(shown && near);
    }
    if (!shown || !near) return void map.getSource("places").setData(NONE);
    const found = await ask(`/map/places.json?bbox=${bbox}`, "json");
    if (found === null) return;
    if (found.more) {
      note.textContent = "Only 2,000 places of this view are drawn: zoom in to see all.";
      note.hidden = false;
    }
    map.getSource("places").setData(found);
  };
}
