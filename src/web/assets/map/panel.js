// The panel of the selected site: over the map when there is room, in the list's place when there is not.
import { query } from "./address.js";
import { makeLoader } from "./load.js";

export function makePanel(app, { closed, asOf }) {
  const place = document.getElementById("panel");
  const load = makeLoader((slow) => place.classList.toggle("waiting", slow));

  function bars() {
    place.innerHTML = '<div class="bars" aria-hidden="true"><i></i><i></i><i></i><i></i></div>';
  }

  function failed(again) {
    place.innerHTML = "";
    const box = document.createElement("div");
    box.className = "panel-error";
    box.append("This could not be loaded. ");
    for (const [words, act] of [["Try again", again], ["Close", closed]]) {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "usa-button neutral", textContent: words });
      made.addEventListener("click", act);
      box.append(made, " ");
    }
    place.append(box);
  }

  /** Shows what `url` gives, under that label; resolves to whether it came, null when another was asked for since. */
  async function show(url, label, again) {
    place.setAttribute("aria-label", label);
    if (place.hidden) {
      bars();
      place.hidden = false;
      app.classList.add("with-panel");
    }
    try {
      const html = await load(url);
      if (html === null) return null;
      place.innerHTML = html;
      place.scrollTop = 0;
      return true;
    } catch {
      failed(again);
      return false;
    }
  }

  /** Shows a site; resolves to its point `[lon, lat]`, or null when it has none or another was asked for since. */
  async function open(id) {
    const came = await show(`/map/panel/${id}?${query([], { as_of: asOf() })}`, "Selected site", () => open(id));
    return (came && place.querySelector("[data-at]")?.dataset.at.split(",").map(Number)) || null;
  }

  function close() {
    place.hidden = true;
    place.innerHTML = "";
    app.classList.remove("with-panel");
  }

  place.addEventListener("click", (event) => event.target.closest("[data-close]") && closed());

  return {
    open,
    show,
    close,
    /** How much of the map it covers, from the right and from below. */
    cover() {
      if (place.hidden || getComputedStyle(place).position === "static") return { right: 0, bottom: 0 };
      if (matchMedia("(max-width: 639px)").matches) return { right: 0, bottom: Math.max(place.offsetHeight - 76, 0) };
      const beside = matchMedia("(min-width: 1280px), (max-width: 1023px)").matches;
      return { right: beside ? place.offsetWidth : 0, bottom: 0 };
    },
  };
}
