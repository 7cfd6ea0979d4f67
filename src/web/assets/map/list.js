// The list beside the map: fragments from the server, which follow the view and the filter.
import { query } from "./address.js";
import { makeLoader } from "./load.js";

const QUIET = 120;

export function makeList(app, { select, filters }) {
  const place = document.getElementById("list");
  const nothing = document.getElementById("map-nothing");
  const load = makeLoader((slow) => place.classList.toggle("waiting", slow));
  let asked = null;
  let last = {};
  let selected = null;

  const rows = () => [...place.querySelectorAll(".site-row")];
  const row = (id) => place.querySelector(`.site-row[data-id="${id}"]`);

  async function fetchNow() {
    const { bbox, page } = last;
    try {
      const html = await load(`/map/list?${query(filters(), { bbox, page })}`);
      if (html !== null) show(html, page);
    } catch {
      place.innerHTML = "";
      const sentence = document.createElement("p");
      sentence.className = "list-empty";
      sentence.append("The list could not be loaded. ");
      const again = Object.assign(document.createElement("button"), { type: "button", className: "usa-button neutral", textContent: "Try again" });
      again.addEventListener("click", fetchNow);
      sentence.append(again);
      place.append(sentence);
    }
  }

  function show(html, page) {
    const held = document.activeElement?.closest?.(".site-row")?.dataset.id;
    const sorting = place.contains(document.activeElement) && document.activeElement.name === "sort";
    place.innerHTML = html;
    if (page) place.scrollTop = 0;
    count(place.querySelector(".list-head"));
    mark(selected);
    if (sorting) place.querySelector("[name=sort]")?.focus({ preventScroll: true });
    nothing.hidden = !place.querySelector("[data-drop]");
    nothing.replaceChildren(...(nothing.hidden ? [] : [place.querySelector(".list-empty").cloneNode(true)]));
    if (held) row(held)?.querySelector("a").focus({ preventScroll: true });
  }

  /** The counts on the toggles follow the other filters. */
  function count(head) {
    for (const one of (head?.dataset.counts ?? "").split(" ").filter(Boolean)) {
      const [tier, n] = one.split(":");
      const shown = app.querySelector(`[data-count="${tier}"]`);
      if (shown) shown.textContent = Number(n).toLocaleString("en-US");
    }
  }

  function mark(id) {
    selected = id;
    for (const it of rows()) {
      const on = it.dataset.id === id;
      it.classList.toggle("selected", on);
      if (on) it.setAttribute("aria-current", "true");
      else it.removeAttribute("aria-current");
    }
  }

  place.addEventListener("click", (event) => {
    const page = event.target.closest("[data-page]");
    if (page) {
      event.preventDefault();
      last = { ...last, page: page.dataset.page };
      fetchNow();
      return;
    }
    const found = event.target.closest(".site-row");
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Enter on the selected row opens the dossier; a click, or the first Enter, opens the panel.
    if (event.detail === 0 && found.dataset.id === selected) return;
    event.preventDefault();
    select(found.dataset.id);
  });

  return {
    mark,
    /** Loads the list for a view, a moment after the last change. */
    load(next) {
      last = next;
      clearTimeout(asked);
      asked = setTimeout(fetchNow, QUIET);
    },
    /** Goes to the next or previous row, takes the focus there and selects it. */
    step(by) {
      const all = rows();
      const at = all.findIndex((it) => it.dataset.id === selected);
      const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
      if (!next) return;
      next.querySelector("a").focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
      select(next.dataset.id);
    },
    focus() {
      (place.querySelector(".site-row[aria-current] a") ?? place.querySelector(".site-row a"))?.focus({ preventScroll: true });
    },
  };
}
