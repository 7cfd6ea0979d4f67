// The spot of "What if" on the map: the pin, what the answer draws around it, and how a spot is picked.
import { placeLayers } from "./layers.js";

const NONE = { type: "FeatureCollection", features: [] };
const INK = "#1c1d1f";
const RING = "#074b69";
/** A ring narrower than this, in px, says nothing: the map goes nearer. */
const LEAST = 140;

/** `pick` is called with each spot that is chosen while it is set. */
export function makeSpot(library, map, go) {
  map.addSource("what-if", { type: "geojson", data: NONE });
  for (const layer of layersOfSpot()) map.addLayer(layer);
  const pin = new library.Marker({ element: makePin(), draggable: true });
  const cross = new library.Marker({ element: Object.assign(document.createElement("div"), { className: "center-cross" }) });
  let pick = null;

  map.on("click", (event) => pick?.(event.lngLat));
  map.on("move", () => pick && cross.setLngLat(map.getCenter()));
  pin.on("dragend", () => pick?.(pin.getLngLat()));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !pick) return;
    event.preventDefault();
    pick(map.getCenter());
  });

  return {
    picks: () => pick !== null,
    /** From now on a click, or Enter in the middle of the map, picks a spot. */
    begin(picked) {
      pick = picked;
      cross.setLngLat(map.getCenter()).addTo(map);
      map.getCanvas().style.cursor = "crosshair";
      map.getCanvas().focus({ preventScroll: true });
    },
    end() {
      pick = null;
      pin.remove();
      cross.remove();
      map.getCanvas().style.cursor = "";
      map.getSource("what-if").setData(NONE);
    },
    pin(at) {
      pin.setLngLat(at).addTo(map);
      pin.getElement().setAttribute("role", "img");
      pin.getElement().setAttribute("aria-label", "The spot that is asked about");
      pin.getElement().removeAttribute("tabindex");
    },
    /** Draws an answer, and comes near enough to see its rings. */
    draw(drawing) {
      map.getSource("what-if").setData(drawing);
      const rings = drawing.features.filter((it) => it.properties.is === "ring");
      if (!rings.length) return;
      const bounds = new library.LngLatBounds();
      rings.flatMap((it) => it.geometry.coordinates[0]).forEach((it) => bounds.extend(it));
      const [west, east] = [map.project(bounds.getSouthWest()), map.project(bounds.getNorthEast())];
      const wide = east.x - west.x;
      if (wide < LEAST || wide > 3 * map.getCanvas().clientWidth) go(map.cameraForBounds(bounds, { padding: 70 }));
    },
  };
}

function layersOfSpot() {
  const is = (...words) => ["in", ["get", "is"], ["literal", words]];
  const of = (id, type, words, rest) => ({ id: `what-if-${id}`, type, source: "what-if", filter: is(words), ...rest });
  const text = (font) => ({ "text-field": ["get", "words"], "text-font": [font], "text-size": 12, "text-allow-overlap": true });
  const halo = { "text-halo-color": "#fff", "text-halo-width": 2 };
  return [
    ...placeLayers("what-if-places", "what-if", "words", is("place")),
    of("ring", "fill", "ring", { paint: { "fill-color": RING, "fill-opacity": 0.06 } }),
    of("ring-edge", "line", "ring", { paint: { "line-color": RING, "line-width": 1.5, "line-dasharray": [4, 2.67] } }),
    of("sites", "circle", "site", { paint: { "circle-radius": 5, "circle-color": "#fff", "circle-stroke-color": "#3d4551", "circle-stroke-width": 1.5 } }),
    of("line-under", "line", "line", { paint: { "line-color": "#fff", "line-width": 5 } }),
    of("line", "line", "line", { paint: { "line-color": INK, "line-width": 1.8 } }),
    of("limits", "symbol", "limit", { layout: text("Public Sans 600"), paint: { "text-color": RING, ...halo } }),
    of("site-names", "symbol", "site", { layout: { ...text("Public Sans 500"), "text-offset": [0, 1.2] }, paint: { "text-color": INK, ...halo } }),
    of("plates", "symbol", "line", { layout: { ...text("Public Sans 600"), "symbol-placement": "line-center", "text-rotation-alignment": "viewport" }, paint: { "text-color": INK, "text-halo-color": "#fff", "text-halo-width": 3 } }),
  ];
}

function makePin() {
  const pin = document.createElement("div");
  pin.className = "spot-pin";
  pin.innerHTML = '<svg viewBox="-14 -14 28 28" width="28" height="28" aria-hidden="true"><circle r="11" fill="#fff" fill-opacity=".9" stroke="#1c1d1f" stroke-width="2.2"/><circle r="3.4" fill="#1c1d1f"/></svg>';
  return pin;
}
