// The outline of a place: a small map where a person draws it point by point. The field stays what is sent; without this
// script it is all there is.
import { homeOf, openMap } from "./open.js";

/** So many pixels around the first point a click closes the outline. */
const NEAR = 12;
const NONE = { type: "FeatureCollection", features: [] };
const BLUE = "#07648d";

async function start(place) {
  const field = document.querySelector(`[name="${place.dataset.outline}"]`);
  const canvas = place.querySelector(".pin-canvas");
  const said = place.querySelector("[role=status]");
  place.classList.add("ready");
  const begin = read(field.value);
  const options = begin ? { ...homeOf(boxOf(begin).join(","), 40) } : homeOf(canvas.dataset.home, 8);
  options.fitBoundsOptions.maxZoom = 17;
  const { map } = await openMap(canvas, "Map for the outline. Arrow keys move the map; a click adds a point.", options);
  /** What is being drawn, and whether its ring is closed. A geometry that was not drawn here is shown, not edited. */
  let points = [];
  let closed = false;
  addLayers(map);
  take(begin);

  /** Goes on with a geometry where it is one that can be drawn here. */
  function take(geometry) {
    points = [];
    closed = false;
    if (geometry?.type === "Point") points = [geometry.coordinates];
    if (geometry?.type === "LineString") points = [...geometry.coordinates];
    if (geometry?.type === "Polygon" && geometry.coordinates.length === 1) {
      points = geometry.coordinates[0].slice(0, -1);
      closed = true;
    }
    show(points.length ? drawn() : geometry);
  }

  function drawn() {
    if (!points.length) return null;
    if (points.length === 1) return { type: "Point", coordinates: points[0] };
    if (!closed) return { type: "LineString", coordinates: points };
    return { type: "Polygon", coordinates: [[...points, points[0]]] };
  }

  function show(geometry) {
    const corners = points.map((coordinates, n) => ({ type: "Feature", properties: { first: n === 0 }, geometry: { type: "Point", coordinates } }));
    const shape = geometry ? [{ type: "Feature", properties: {}, geometry }] : [];
    map.getSource("outline").setData({ type: "FeatureCollection", features: shape });
    map.getSource("corners").setData({ type: "FeatureCollection", features: corners });
  }

  function write(words) {
    const geometry = drawn();
    show(geometry);
    if (!geometry) field.value = "";
    else if (geometry.type === "Point") field.value = geometry.coordinates.join(", ");
    else field.value = JSON.stringify(geometry);
    said.textContent = words;
  }

  function add({ lng, lat }) {
    if (closed) return void (said.textContent = "The outline is closed. Undo the last point, or begin anew.");
    // Seven digits are a centimeter.
    points.push([lng, lat].map((it) => Number(it.toFixed(7))));
    write(points.length < 3 ? `Point ${points.length} added.` : `Point ${points.length} added. Close the outline when it is whole.`);
  }

  function close() {
    if (closed) return;
    if (points.length < 3) return void (said.textContent = "An outline needs three points before it can be closed.");
    closed = true;
    write(`The outline is closed; it has ${points.length} corners.`);
  }

  function undo() {
    if (closed) {
      closed = false;
      return void write("The outline is open again.");
    }
    if (!points.pop()) return void (said.textContent = "There is no point to undo.");
    write(points.length ? `Undone; ${points.length} left.` : "Undone; nothing is drawn.");
  }

  map.on("click", (event) => {
    const first = points[0] && map.project(points[0]);
    const near = first && Math.hypot(first.x - event.point.x, first.y - event.point.y) <= NEAR;
    if (near && points.length > 2 && !closed) close();
    else add(event.lngLat);
  });
  const button = (name, act) => place.querySelector(`[data-draw-${name}]`).addEventListener("click", act);
  button("here", () => add(map.getCenter()));
  button("close", close);
  button("undo", undo);
  button("clear", () => {
    points = [];
    closed = false;
    write("Nothing is drawn.");
  });
  place.querySelectorAll("[data-draw-zoom]").forEach((it) => it.addEventListener("click", () => map.jumpTo({ zoom: map.getZoom() + Number(it.dataset.drawZoom) })));
  field.addEventListener("change", () => {
    const geometry = read(field.value);
    take(geometry);
    if (geometry) map.fitBounds(boxOf(geometry), { padding: 40, maxZoom: 17, animate: false });
  });
  map.once("idle", () => (place.dataset.idle = "true"));
}

function addLayers(map) {
  for (const name of ["outline", "corners"]) map.addSource(name, { type: "geojson", data: NONE });
  map.addLayer({ id: "outline-area", type: "fill", source: "outline", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": BLUE, "fill-opacity": 0.16 } });
  map.addLayer({ id: "outline-line", type: "line", source: "outline", paint: { "line-color": BLUE, "line-width": 2 } });
  map.addLayer({ id: "outline-point", type: "circle", source: "outline", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 6, "circle-color": BLUE, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  map.addLayer({ id: "corners", type: "circle", source: "corners", paint: { "circle-radius": ["case", ["get", "first"], 7, 4], "circle-color": "#fff", "circle-stroke-color": BLUE, "circle-stroke-width": 2 } });
}

/** The geometry that the field holds as two numbers or as GeoJSON; null for anything else, well-known text too. */
function read(text) {
  const numbers = text.split(/[\s,;()[\]]+/).filter(Boolean).map(Number);
  if (numbers.length === 2 && numbers.every(Number.isFinite) && Math.abs(numbers[0]) <= 180 && Math.abs(numbers[1]) <= 85) return { type: "Point", coordinates: numbers };
  try {
    let it = JSON.parse(text);
    if (it.type === "FeatureCollection") it = it.features[0];
    if (it.type === "Feature") it = it.geometry;
    return boxOf(it) ? it : null;
  } catch {
    return null;
  }
}

/** West, south, east, north; null where there are no numbers, or some are off the map. */
function boxOf(geometry) {
  const all = positions(geometry?.coordinates);
  if (!all.length || !all.flat().every(Number.isFinite)) return null;
  const [lons, lats] = [0, 1].map((n) => all.map((it) => it[n]));
  const box = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  return Math.abs(box[0]) <= 180 && Math.abs(box[2]) <= 180 && Math.abs(box[1]) <= 85 && Math.abs(box[3]) <= 85 ? box : null;
}

/** All positions of nested coordinates, as longitude and latitude. */
function positions(coordinates) {
  if (!Array.isArray(coordinates)) return [];
  return Number.isFinite(coordinates[0]) ? [coordinates.slice(0, 2)] : coordinates.flatMap(positions);
}

for (const place of document.querySelectorAll("[data-draw-map]"))
  start(place).catch((error) => {
    console.error(error);
    place.classList.remove("ready");
  });
