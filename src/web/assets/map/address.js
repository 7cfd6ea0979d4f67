// The address of a view: zoom, middle and selected site beside the filters.

const OWN = ["z", "lat", "lon", "site"];

/** What the address says: `{ z, lat, lon, site }`, null where it says nothing. */
export function readAddress() {
  const params = new URLSearchParams(location.search);
  const number = (name, least, most) => {
    const value = parseFloat(params.get(name));
    return Number.isFinite(value) && value >= least && value <= most ? value : null;
  };
  const id = params.get("site");
  return {
    z: number("z", 0, 22),
    lat: number("lat", -85, 85),
    lon: number("lon", -180, 180),
    site: id && /^[0-9a-f-]{36}$/i.test(id) ? id.toLowerCase() : null,
  };
}

/** Puts the view into the address without a step in the browser's history: going back leaves the map. */
export function writeAddress(view, filters) {
  const params = new URLSearchParams(filters);
  for (const name of OWN) if (view[name] !== null && view[name] !== undefined) params.set(name, view[name]);
  const text = params.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}

export const shareable = () => location.href;

/** The filters as pairs; nothing for what limits nothing. */
export function filterPairs(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
  const n_tiers = form.querySelectorAll("[name=tier]").length;
  const all = pairs.filter(([name]) => name === "tier").length === n_tiers;
  return pairs.filter(([name]) => name !== "tier" || !all);
}

/** The names that choose what is shown, not which sites. */
const NO_FILTERS = ["sort", "as_of"];

/** How many filters are active. */
export const countFilters = (pairs) => new Set(pairs.map(([name]) => name).filter((it) => !NO_FILTERS.includes(it))).size;

/** A query string of the filters and what else is given. */
export function query(filters, more = {}) {
  const params = new URLSearchParams(filters);
  for (const [name, value] of Object.entries(more)) if (value !== undefined && value !== null) params.set(name, value);
  return params.toString();
}
