// The drawn map: our marks over the basemap, and what the pointer finds there.
import { query } from "./address.js";
import { applyLayers, makeIncidents, makePlaces } from "./layers.js";
import { hush, makeLoader, say } from "./load.js";
import { addPictures, groupFeatures, markLayers, markSvg, siteFeatures, tierWord } from "./marks.js";
import { homeOf, openMap } from "./open.js";
import { makePaths } from "./paths.js";
import { makeSpot } from "./spot.js";

const QUIET = 80;
const NICE = [1, 2, 5];

/** Makes the map; `view` is where it begins, `moved` hears of each new view, `select` of a chosen site. */
export async function makeMap({ view, covered, layers, select, moved }) {
  const place = document.getElementById("map");
  const motion = matchMedia("(prefers-reduced-motion: no-preference)");
  const coarse = matchMedia("(pointer: coarse), (max-width: 639px)");
  const home = homeOf(place.dataset.home);
  const { library, map } = await openMap(
    place,
    "Map of sites. Arrow keys move it, plus and minus zoom. The list beside it has the same sites.",
    view.lat !== null && view.lon !== null ? { center: [view.lon, view.lat], zoom: view.z ?? 12 } : home,
  );
  await addPictures(map);
  const places = makePlaces(map, layers);
  const incidents = makeIncidents(map, layers);
  const paths = makePaths(map);
  const spot = makeSpot(library, map, go);
  applyLayers(map, layers);
  for (const layer of markLayers(coarse.matches ? 1.3 : 1)) map.addLayer(layer);

  const known = new Map();
  const load = makeLoader();
  let asked = null;
  let drawn = false;

  function bbox() {
    const { clientWidth: width, clientHeight: height } = place;
    const { right, bottom } = covered();
    const [a, b] = [map.unproject([0, Math.max(height - bottom, 1)]), map.unproject([Math.max(width - right, 1), 0])];
    const inside = (value, most) => Math.min(Math.max(value, -most), most).toFixed(5);
    return [inside(a.lng, 180), inside(a.lat, 90), inside(b.lng, 180), inside(b.lat, 90)].join(",");
  }

  async function fetchMarks(filters) {
    try {
      const groups = layers.on("groups") ? null : "none";
      const asked = query(filters, { bbox: bbox(), zoom: map.getZoom().toFixed(2), groups });
      const crosses = incidents(bbox(), new Map(filters).get("as_of"));
      const found = await load(`/map/sites.json?${asked}`, "json");
      const outlines = places(bbox());
      await Promise.all([crosses, outlines]);
      if (found === null) return;
      known.clear();
      found.sites.forEach((it) => known.set(it[0], it));
      map.getSource("sites").setData({ type: "FeatureCollection", features: siteFeatures(map, found.sites) });
      map.getSource("groups").setData({ type: "FeatureCollection", features: groupFeatures(found.groups) });
      chosen.redraw();
      if (failing) hush();
      failing = false;
    } catch {
      failing = true;
      say("The sites could not be loaded; the marks may be old.", { retry: () => fetchMarks(filters) });
    }
    if (!drawn) map.once("idle", () => (document.body.dataset.mapIdle = "true"));
    drawn = true;
  }
  let failing = false;

  const cities = makeCities(map);
  const chosen = makeChosen(library, map, known);
  const scale = () => drawScale(map);

  map.on("moveend", () => (scale(), cities(), moved()));
  listenToPointer(map, library, { select, coarse, go, picks: spot.picks });
  new ResizeObserver(() => map.resize()).observe(place);
  scale();
  cities();

  function go(to) {
    if (motion.matches) map.easeTo({ ...to, duration: 200 });
    else map.jumpTo(to);
  }

  return {
    bbox,
    view: () => ({ z: map.getZoom().toFixed(2), lat: map.getCenter().lat.toFixed(5), lon: map.getCenter().lng.toFixed(5) }),
    load(filters) {
      clearTimeout(asked);
      asked = setTimeout(() => fetchMarks(filters), drawn ? QUIET : 0);
    },
    layers: () => applyLayers(map, layers),
    mark(id) {
      chosen.choose(id);
      paths(id);
    },
    show(at) {
      go({ center: at, zoom: Math.max(map.getZoom(), 11) });
    },
    isInSight(at) {
      const { x, y } = map.project(at);
      const { right, bottom } = covered();
      return x > 60 && y > 80 && x < place.clientWidth - right - 60 && y < place.clientHeight - bottom - 80;
    },
    home: () => map.fitBounds(home.bounds, { ...home.fitBoundsOptions, animate: false }),
    zoomBy: (by) => go({ zoom: map.getZoom() + by }),
    pad({ right, bottom }) {
      const now = map.getPadding();
      if (now.right !== right || now.bottom !== bottom) map.setPadding({ right, bottom, left: 0, top: 0 });
    },
    resize: () => map.resize(),
    spot,
  };
}

/** City limits, as fine as the zoom shows, for a box that changes rarely. */
function makeCities(map) {
  const load = makeLoader();
  let have = null;
  return async () => {
    const zoom = Math.ceil(map.getZoom());
    const step = 360 / 2 ** Math.max(zoom - 2, 0);
    const bounds = map.getBounds();
    const down = (value) => Math.floor(value / step) * step;
    const box = [down(bounds.getWest()), down(bounds.getSouth()), down(bounds.getEast()) + step, down(bounds.getNorth()) + step];
    const inside = box.map((value, n) => Math.min(Math.max(value, n % 2 ? -90 : -180), n % 2 ? 90 : 180));
    const url = `/map/areas.geojson?class=city&zoom=${zoom}&bbox=${inside.join(",")}`;
    if (url === have) return;
    have = url;
    try {
      const found = await load(url, "json");
      if (found) map.getSource("cities").setData(found);
    } catch {
      have = null;
    }
  };
}

/** The selected site: ring, mark and name plate, also where its mark is within a group. */
function makeChosen(library, map, known) {
  const element = document.createElement("div");
  element.className = "chosen";
  const marker = new library.Marker({ element });
  let id = null;

  function found() {
    const mark = known.get(id);
    if (mark) return { at: [mark[1], mark[2]], tier: mark[3], flags: mark[4], name: mark[5] };
    const listed = document.querySelector(`[data-id="${id}"][data-at]`);
    if (!listed) return null;
    const name = listed.dataset.name ?? listed.querySelector(".name").textContent;
    const tier = listed.dataset.tier === undefined ? null : Number(listed.dataset.tier);
    return { at: listed.dataset.at.split(",").map(Number), tier, flags: 0, name };
  }

  function redraw() {
    const it = id && found();
    if (!it) return void (id === null && marker.remove());
    element.innerHTML = '<span class="plate"></span><span class="ring"></span>';
    element.querySelector(".plate").textContent = it.name;
    element.querySelector(".ring").innerHTML = markSvg(it.tier, it.flags);
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", `Selected: ${it.name}`);
    element.removeAttribute("tabindex");
    marker.setLngLat(it.at).addTo(map);
  }

  return { redraw, choose: (next) => ((id = next), redraw()) };
}

function listenToPointer(map, library, { select, coarse, go, picks }) {
  const plate = document.createElement("div");
  plate.className = "hover-plate";
  const hover = new library.Marker({ element: plate, anchor: "bottom", offset: [0, -14] });
  const layers = ["firsts", "groups", "sites", "incidents"];

  /** The nearest mark; a finger needs 44 by 44 pixels, whatever the mark. */
  function at(point) {
    const reach = coarse.matches ? 22 : 4;
    const box = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
    const far = (it) => {
      const { x, y } = map.project(it.geometry.coordinates);
      return Math.hypot(x - point.x, y - point.y);
    };
    return map.queryRenderedFeatures(box, { layers }).sort((a, b) => far(a) - far(b))[0];
  }

  map.on("click", (event) => {
    if (picks()) return;
    const found = at(event.point);
    if (!found) return;
    if (found.properties.id) select(found.properties.id);
    else if (found.properties.incident) location.assign(`/incidents/${found.properties.incident}`);
    else go({ center: found.geometry.coordinates, zoom: found.properties.zoom });
  });
  map.on("mousemove", (event) => {
    const found = coarse.matches || picks() ? null : at(event.point);
    map.getCanvas().style.cursor = picks() ? "crosshair" : found ? "pointer" : "";
    if (!found) return void hover.remove();
    const { id, title, tier, points, count, firsts, incident, offense, day } = found.properties;
    const score = points === undefined || points === null ? "" : `, ${Math.round(points)}`;
    plate.textContent = incident ? `${offense} · ${day} · not linked` : id ? `${title}${tier < 0 ? "" : ` · ${tierWord(tier)}${score}`}` : `${count} sites${firsts ? `, ${firsts} of them First` : ""}`;
    hover.setLngLat(found.geometry.coordinates).addTo(map);
  });
  map.on("mouseout", () => hover.remove());
}

/** A round length that fits 90 pixels. */
function drawScale(map) {
  const metersAPixel = (78271.517 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
  const most = metersAPixel * 90;
  const power = 10 ** Math.floor(Math.log10(most));
  const meters = power * NICE.filter((it) => it * power <= most).at(-1);
  document.getElementById("scale").style.width = `${meters / metersAPixel}px`;
  document.getElementById("scale-words").textContent = meters >= 1000 ? `${meters / 1000} km` : `${meters} m`;
}
