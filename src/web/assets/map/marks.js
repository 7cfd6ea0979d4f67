// The marks: tier by shape and color and, in lists and names, by word. Drawn as SVG, kept by the map as pictures.

const WORDS = { 1: "First", 2: "Next", 3: "Later", 0: "Not scored" };
const HALO = '<circle r="5" fill="#fff" stroke="#fff" stroke-width="3.5"/>';
const SHAPES = {
  first: '<path d="M0-9.5 9.5 0 0 9.5-9.5 0z" fill="#54278f" stroke="#fff" stroke-width="1.5" stroke-linejoin="round"/>',
  next: '<rect x="-6" y="-6" width="12" height="12" rx="1.5" fill="#e5a000" stroke="#5c410a" stroke-width="1.5"/>',
  later: `${HALO}<circle r="4.6" fill="#dfe1e2" stroke="#3d4551" stroke-width="1.5"/>`,
  none: `${HALO}<circle r="4.6" fill="#fff" stroke="#565c65" stroke-width="1.5" stroke-dasharray="2.2 1.7"/>`,
  plain: `${HALO}<circle r="4.6" fill="#fff" stroke="#3d4551" stroke-width="1.5"/>`,
};
const CLOSED = {
  first: '<path d="M0-8.2 8.2 0 0 8.2-8.2 0zM-4.1 4.1 4.1-4.1" fill="#fff" stroke="#71767a" stroke-width="1.5" stroke-linejoin="round"/>',
  next: '<path d="M-6-6H6V6H-6zM-6 6 6-6" fill="#fff" stroke="#71767a" stroke-width="1.5" stroke-linejoin="round"/>',
};
const CLOSED_ROUND = `${HALO}<circle r="4.6" fill="#fff" stroke="#71767a" stroke-width="1.5"/><path d="M-3.3 3.3 3.3-3.3" stroke="#71767a" stroke-width="1.5"/>`;
const OPEN_CENTER = '<circle r="2.4" fill="#fff"/>';
const ORDER = { none: 0, plain: 1, later: 1, next: 2, first: 3 };
/** Diameters, and up to how many sites each is for. */
const DISCS = [[28, 5], [34, 11], [42, 49], [52, Infinity]];

export const tierWord = (tier) => WORDS[tier] ?? "Site";

const shapeOf = (tier) => (tier === null ? "plain" : ({ 1: "first", 2: "next", 3: "later" })[tier] ?? "none");
const inner = (shape, borderline, closed) => (closed ? CLOSED[shape] ?? CLOSED_ROUND : SHAPES[shape] + (borderline ? OPEN_CENTER : ""));

export function markSvg(tier, flags, size = 21) {
  const shape = shapeOf(tier);
  return svg(`${inner(shape, flags & 1, flags & 2)}`, 21, size);
}

function svg(body, box, size) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="${-box / 2} ${-box / 2} ${box} ${box}">${body}</svg>`;
}

/** Twice as large as shown, so that they are sharp on fine screens too. */
async function picture(map, name, body, box) {
  const image = new Image(box * 2, box * 2);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg(body, box, box * 2))}`;
  await image.decode();
  if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: 2 });
}

export async function addPictures(map) {
  const all = [];
  for (const shape of Object.keys(SHAPES))
    for (const borderline of [0, 1])
      for (const closed of [0, 1]) all.push(picture(map, name(shape, borderline, closed), inner(shape, borderline, closed), 22));
  for (const [size] of DISCS) {
    const r = size / 2;
    all.push(picture(map, `disc-${size}`, `<circle r="${r + 2}" fill="#fff" opacity=".75"/><circle r="${r - 0.75}" fill="#fff" stroke="#3d4551" stroke-width="1.5"/>`, size + 6));
  }
  all.push(picture(map, "incident", '<path d="M-4 0H4M0-4V4" stroke="#fff" stroke-width="4"/><path d="M-4 0H4M0-4V4" stroke="#1c1d1f" stroke-width="1.6"/>', 14));
  all.push(picture(map, "firsts", '<path d="M0-11.5 11.5 0 0 11.5-11.5 0z" fill="#54278f" stroke="#fff" stroke-width="1.5"/>', 26));
  await Promise.all(all);
}

const name = (shape, borderline, closed) => `${shape}${borderline ? "-borderline" : ""}${closed ? "-closed" : ""}`;

const point = (lon, lat, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties });

/** Sites as the server sends them, as features; sites at one point are fanned out around it. */
export function siteFeatures(map, sites) {
  const there = new Map();
  for (const it of sites) {
    const key = `${it[1]},${it[2]}`;
    there.set(key, [...(there.get(key) ?? []), it]);
  }
  return [...there.values()].flatMap((same) => same.map((it, n) => siteFeature(it, fanned(map, it, n, same.length))));
}

function siteFeature([id, , , tier, flags, title, points], [lon, lat]) {
  const shape = shapeOf(tier);
  return point(lon, lat, { id, tier: tier ?? -1, flags, title, points, icon: name(shape, flags & 1, flags & 2), order: flags & 2 ? 0 : ORDER[shape] });
}

function fanned(map, [, lon, lat], n, count) {
  if (count === 1) return [lon, lat];
  const radius = Math.max(9, (count * 15) / (2 * Math.PI));
  const turn = (2 * Math.PI * n) / count - Math.PI / 2;
  const middle = map.project([lon, lat]);
  const { lng, lat: y } = map.unproject([middle.x + radius * Math.cos(turn), middle.y + radius * Math.sin(turn)]);
  return [lng, y];
}

export function groupFeatures(groups) {
  return groups.map(([lon, lat, count, firsts, zoom]) => {
    const [size] = DISCS.find(([, most]) => count <= most);
    return point(lon, lat, { count, firsts, zoom, size, words: short(count) });
  });
}

const short = (count) => (count < 10000 ? String(count) : `${Math.round(count / 1000)}k`);

export function markLayers(scale) {
  const free = { "icon-allow-overlap": true, "text-allow-overlap": true };
  const corner = (unit) => ["match", ["get", "size"], ...DISCS.flatMap(([size]) => [size, ["literal", [(0.37 * size) / unit, (-0.39 * size) / unit]]]), ["literal", [0, 0]]];
  return [
    { id: "sites", type: "symbol", source: "sites", layout: { ...free, "icon-image": ["get", "icon"], "icon-size": scale, "symbol-sort-key": ["get", "order"], "icon-padding": 1 } },
    {
      id: "groups",
      type: "symbol",
      source: "groups",
      layout: { ...free, "icon-image": ["concat", "disc-", ["get", "size"]], "icon-size": scale, "text-field": ["get", "words"], "text-font": ["Public Sans 600"], "text-size": 13 * scale, "symbol-sort-key": ["get", "count"] },
      paint: { "text-color": "#1c1d1f" },
    },
    {
      id: "firsts",
      type: "symbol",
      source: "groups",
      filter: [">", ["get", "firsts"], 0],
      layout: { ...free, "icon-image": "firsts", "icon-size": scale, "icon-offset": corner(1), "text-field": ["to-string", ["get", "firsts"]], "text-font": ["Public Sans 600"], "text-size": 12 * scale, "text-offset": corner(12), "symbol-sort-key": ["get", "count"] },
      paint: { "text-color": "#ffffff" },
    },
  ];
}
