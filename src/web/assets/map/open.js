// Opens a map over our basemap, without flights, fades, rotation or tilt: for the page of the map and for the pin.
import { makeStyle } from "./basemap.js";

/** A map that has not come after so many milliseconds will not come. */
const PATIENCE = 30_000;

/** Where a map begins: a box, with so many pixels around it. */
export function homeOf(text, padding = 48) {
  const [west, south, east, north] = text.split(",").map(Number);
  return { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding, maxZoom: 13 } };
}

/** Resolves to the library and the map at `place`, when its own layers are drawn; `options` begin it. */
export async function openMap(place, label, options) {
  const data = place.dataset;
  const library = await import(data.maplibre);
  if (data.pmtiles) {
    const { Protocol } = await import(data.pmtilesModule);
    library.addProtocol("pmtiles", new Protocol({ metadata: true }).tile);
  }
  const map = new library.Map({
    container: place,
    style: makeStyle(data),
    minZoom: 4,
    maxZoom: 19,
    fadeDuration: 0,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    // The pictures of a test and of a report are taken from what was drawn.
    canvasContextAttributes: { antialias: true },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", label);
  // Without the street map, or a layer that its file lacks, the rest is still a map.
  map.on("error", (event) => console.warn(event.error));
  await new Promise((done, failed) => {
    map.once("load", done);
    setTimeout(() => failed(new Error("the map did not load")), PATIENCE);
  });
  creditStreets(map, place);
  return { library, map };
}

/** Whose street map it is, in the words of its file, beside the credits of the offline map. */
function creditStreets(map, place) {
  const credit = place.parentElement.querySelector("[data-credit-streets]");
  if (!credit) return;
  const said = () => {
    const attribution = map.getSource("streets")?.attribution;
    const words = attribution && new DOMParser().parseFromString(attribution, "text/html").body.textContent.trim();
    credit.textContent = ` · Streets: ${words || "as the operator gave them"}`;
  };
  map.on("sourcedata", (event) => event.sourceId === "streets" && said());
  said();
}
