// The map page: one address holds the whole view; list, marks and panel follow it.
import { makeMap } from "./canvas.js";
import { listenToKeys } from "./keys.js";
import { makeList } from "./list.js";
import { makePanel } from "./panel.js";
import { closeOutside, makeLayers } from "./layers.js";
import { countFilters, filterPairs, query, readAddress, shareable, writeAddress } from "./address.js";
import { say } from "./load.js";
import { makeWhatIf } from "./what_if.js";

const app = document.getElementById("map-app");
const form = document.getElementById("filter");
const view = readAddress();
const state = { selected: view.site };

const list = makeList(app, { select, filters: () => filterPairs(form) });
const panel = makePanel(app, { closed: () => (whatIf.isOn() ? whatIf.leave() : select(null)), asOf: () => form.elements.as_of.value });
const layers = makeLayers({ changed: () => (map?.layers(), refresh()) });

const whatIf = makeWhatIf(app, { panel, spot: () => map?.spot, deselect, covered: () => map?.pad(panel.cover()) });

/** The map, once its library has come; the list does without it. */
let map = null;

/** Selects a site, or none; resolves to its point when its panel has come. */
function select(id) {
  if (id) whatIf.stop();
  state.selected = id;
  list.mark(id);
  map?.mark(id);
  const shown = id ? panel.open(id) : Promise.resolve(panel.close());
  shown.then((at) => {
    if (!at) return;
    map?.mark(id);
    map?.pad(panel.cover());
    if (map && !map.isInSight(at)) map.show(at);
  });
  map?.pad(panel.cover());
  remember();
  return shown;
}

/** No site is selected any more; the panel is left alone. */
function deselect() {
  state.selected = null;
  list.mark(null);
  map?.mark(null);
  remember();
}

function remember() {
  const at = map ? map.view() : view;
  writeAddress({ ...at, site: state.selected }, [...filterPairs(form), ...layers.pairs()]);
  document.getElementById("export").href = `/export/sites.geojson?${query(filterPairs(form), { bbox: map?.bbox() })}`;
}

/** Something that the list and the marks depend on has changed. */
function refresh() {
  remember();
  const bbox = map?.bbox();
  list.load({ bbox });
  map?.load(filterPairs(form));
}

function refilter() {
  const boxes = [...form.querySelectorAll("[name=tier]")];
  if (boxes.length && !boxes.some((it) => it.checked)) boxes.forEach((it) => (it.checked = true));
  form.querySelectorAll("select, input[type=search]").forEach((it) => it.classList.toggle("active", it.value !== ""));
  const active = countFilters(filterPairs(form));
  document.getElementById("clear").hidden = active === 0;
  document.getElementById("clear").textContent = active === 1 ? "Clear filter" : `Clear ${active} filters`;
  document.getElementById("filter-count").textContent = active ? ` ${active}` : "";
  refresh();
}

function listenToForm() {
  let typed;
  form.addEventListener("submit", (event) => (event.preventDefault(), showFilter(false), (document.getElementById("as-of").open = false), refilter()));
  // Order and day stand elsewhere on the page, but belong to the form.
  app.addEventListener("change", (event) => {
    if (event.target.form !== form || event.target.type === "search") return;
    if (event.target.name === "as_of") showDay();
    else refilter();
  });
  form.elements.q.addEventListener("input", () => (clearTimeout(typed), (typed = setTimeout(refilter, 250))));
  document.getElementById("clear").addEventListener("click", (event) => {
    event.preventDefault();
    drop("all");
    form.elements.q.focus();
  });
  app.addEventListener("click", (event) => {
    const link = event.target.closest("[data-drop]");
    if (!link) return;
    event.preventDefault();
    drop(link.dataset.drop);
  });
}

/** Takes one filter away, or all. */
function drop(name) {
  const fits = (it) => name === "all" || it.name === name;
  form.querySelectorAll("select, input[type=search]").forEach((it) => fits(it) && (it.value = ""));
  form.querySelectorAll("[name=tier]").forEach((it) => fits(it) && (it.checked = true));
  refilter();
}

/** Another day: everything is asked for anew, the panel too. */
function showDay() {
  const field = form.elements.as_of;
  if (!field.checkValidity()) return void field.reportValidity();
  const day = field.value && new Date(`${field.value}T12:00:00`);
  const words = day ? day.toLocaleDateString("en-US", { month: "short", day: "numeric", year: "numeric" }) : "today";
  const menu = document.getElementById("as-of");
  menu.querySelector("summary .words").textContent = `As of ${words}`;
  menu.querySelector("summary").classList.toggle("active", Boolean(day));
  document.getElementById("as-of-today").hidden = !day;
  if (state.selected) panel.open(state.selected);
  refilter();
}

function listenToDay() {
  const menu = document.getElementById("as-of");
  closeOutside(menu);
  document.getElementById("as-of-today").addEventListener("click", (event) => {
    event.preventDefault();
    form.elements.as_of.value = "";
    menu.open = false;
    showDay();
  });
}

function showFilter(shown) {
  app.classList.toggle("filtering", shown);
  app.querySelector(".filter-open").setAttribute("aria-expanded", shown);
  if (shown) form.elements.q.focus();
}

function showTab(tab) {
  app.dataset.tab = tab;
  app.querySelectorAll("[data-tab-to]").forEach((it) => it.setAttribute("aria-pressed", it.dataset.tabTo === tab));
  map?.resize();
}

function showSheet(state) {
  app.dataset.sheet = state;
  app.querySelector(".sheet-handle").setAttribute("aria-expanded", state === "half");
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(shareable());
    say("Link copied. It opens this view for whoever may see it.", { done: true });
  } catch {
    say(`The browser did not allow copying. The address bar holds the same link.`);
  }
}

function listenToButtons() {
  document.getElementById("copy-link").addEventListener("click", copyLink);
  app.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { zoom, tabTo } = button.dataset;
    if (zoom === "home") map?.home();
    else if (zoom) map?.zoomBy(Number(zoom));
    else if (tabTo) showTab(tabTo);
    else if (button.matches(".filter-open")) showFilter(!app.classList.contains("filtering"));
    else if (button.matches(".filter-close")) showFilter(false);
    else if (button.matches(".sheet-handle")) showSheet(app.dataset.sheet === "half" ? "peek" : "half");
  });
}

listenToForm();
listenToDay();
listenToButtons();
listenToKeys({
  filter: () => (showFilter(true), form.elements.q.focus()),
  next: () => list.step(1),
  previous: () => list.step(-1),
  open: () => state.selected && location.assign(`/sites/${state.selected}`),
  back: () => (whatIf.isOn() ? whatIf.leave() : app.classList.contains("filtering") ? showFilter(false) : state.selected ? (select(null), list.focus()) : false),
  export: () => location.assign(document.getElementById("export").href),
});
const opened = state.selected ? select(state.selected) : null;

makeMap({ view, covered: () => panel.cover(), layers, select, moved: refresh })
  .then((made) => {
    map = made;
    map.pad(panel.cover());
    map.mark(state.selected);
    // An address that names a site but no place leads to the site.
    if (view.lat === null) opened?.then((at) => at && map.show(at));
    refresh();
  })
  .catch((error) => {
    console.error(error);
    say("The map could not be drawn. The list works without it.", { retry: () => location.reload() });
    document.body.dataset.mapIdle = "failed";
    list.load({});
  });
