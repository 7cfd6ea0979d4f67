// The pin of a form: a small map where a person sets it by a click, or moves it with the arrow keys. The fields stay
// what is sent; without this script they are all there is.
import { homeOf, openMap } from "./open.js";

/** So many pixels a key moves the pin; with Shift one. */
const STEP = 10;
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

async function start(place) {
  const fields = ["lat", "lon"].map((name) => document.querySelector(`input[name="${place.dataset[name]}"]`));
  const canvas = place.querySelector(".pin-canvas");
  const said = place.querySelector("[role=status]");
  place.classList.add("ready");
  const begin = read();
  const options = begin ? { center: begin, zoom: 15 } : homeOf(canvas.dataset.home, 8);
  const { library, map } = await openMap(canvas, "Map for the pin. Arrow keys move the map; a click sets the pin.", options);
  const pin = makePin();
  const marker = new library.Marker({ element: pin, anchor: "bottom", draggable: true });

  /** The point in the fields, longitude first, or null. */
  function read() {
    const [lat, lon] = fields[1].value.trim() ? fields.map((it) => it.value) : fields[0].value.split(",");
    const point = [parseFloat(lon), parseFloat(lat)];
    return point.every(Number.isFinite) && Math.abs(point[0]) <= 180 && Math.abs(point[1]) <= 85 ? point : null;
  }

  function show(point) {
    if (!point) return void marker.remove();
    marker.setLngLat(point);
    // Added anew it would lose the focus.
    if (!pin.isConnected) marker.addTo(map);
    // The library gives its markers words and a role of its own.
    pin.setAttribute("role", "button");
    pin.setAttribute("aria-label", "Pin. Arrow keys move it, with Shift by single pixels.");
  }

  function set({ lng, lat }, words = "Pin set") {
    // Six digits are a tenth of a meter.
    [fields[0].value, fields[1].value] = [lat.toFixed(6), lng.toFixed(6)];
    show([lng, lat]);
    said.textContent = `${words} at ${lat.toFixed(5)}, ${lng.toFixed(5)}.`;
  }

  map.on("click", (event) => set(event.lngLat));
  marker.on("dragend", () => set(marker.getLngLat(), "Pin moved to"));
  pin.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.shiftKey ? 1 : STEP;
    const { x, y } = map.project(marker.getLngLat());
    set(map.unproject([x + move[0] * by, y + move[1] * by]), "Pin moved to");
    map.panTo(marker.getLngLat(), { animate: false });
  });
  place.querySelector("[data-pin-here]").addEventListener("click", () => {
    set(map.getCenter());
    pin.focus();
  });
  place.querySelectorAll("[data-pin-zoom]").forEach((it) => it.addEventListener("click", () => map.jumpTo({ zoom: map.getZoom() + Number(it.dataset.pinZoom) })));
  fields.forEach((it) =>
    it.addEventListener("change", () => {
      const point = read();
      show(point);
      if (point) map.jumpTo({ center: point, zoom: Math.max(map.getZoom(), 15) });
    }),
  );
  show(begin);
  map.once("idle", () => (place.dataset.idle = "true"));
}

function makePin() {
  const pin = document.createElement("div");
  pin.className = "pin";
  pin.tabIndex = 0;
  pin.innerHTML = '<svg viewBox="0 0 28 36" width="28" height="36" aria-hidden="true"><path d="M14 35S26.5 22.6 26.5 13.6a12.5 12.5 0 1 0-25 0C1.5 22.6 14 35 14 35z" fill="#07648d" stroke="#fff" stroke-width="2"/><circle cx="14" cy="13.5" r="4.5" fill="#fff"/></svg>';
  return pin;
}

for (const place of document.querySelectorAll("[data-pin-map]"))
  start(place).catch((error) => {
    console.error(error);
    place.classList.remove("ready");
  });
