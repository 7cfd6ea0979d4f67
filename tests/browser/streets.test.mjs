// The operator's street map: a real archive is asked for by ranges, drawn beneath the sites, and credited.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mapIdle, start } from "./harness.mjs";
import { pmtiles, vectorTile } from "./pmtiles.mjs";

let folder;
let foca;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "foca-streets-"));
  // The western half of the world is water: in the middle of Minnesota nothing else is blue.
  const half = [[0, 0], [2048, 0], [2048, 4096], [0, 4096]];
  const tile = vectorTile("water", [{ kind: "ocean", points: half }]);
  const file = join(folder, "streets.pmtiles");
  await writeFile(file, pmtiles(tile, { attribution: "<a href='#'>Test streets</a>", vector_layers: [{ id: "water", fields: {} }] }));
  foca = await start("--basemap", file);
});
after(async () => {
  await foca?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The color in the middle of the map, as the page shows it. */
async function middle(page) {
  const shot = await page.locator("#map").screenshot();
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = data;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
    const context = canvas.getContext("2d");
    context.drawImage(image, -Math.round(image.width / 2), -Math.round(image.height / 2));
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }, `data:image/png;base64,${shot.toString("base64")}`);
}

test("the street map is asked for by ranges, drawn and credited, and can be put away", async () => {
  const page = await foca.open("/sites");
  const asked = [];
  page.on("response", (it) => it.url().endsWith("/basemap.pmtiles") && asked.push([it.status(), it.request().headers().range]));

  await page.goto(`${foca.origin}/map?z=12&lat=46.2&lon=-96&q=nothing+fits`);
  assert.equal(await mapIdle(page), "true");

  assert.ok(asked.length >= 2 && asked.every(([status, range]) => status === 206 && range.startsWith("bytes=")), JSON.stringify(asked));
  assert.match(await page.textContent(".map-foot"), /Streets: Test streets$/);
  assert.deepEqual(await middle(page), [207, 226, 234]);
  await page.locator("#layers summary").click();
  await page.getByLabel("Street map").uncheck();
  await page.waitForTimeout(500);
  assert.notDeepEqual(await middle(page), [207, 226, 234]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("without its file the map is drawn all the same", async () => {
  await rm(join(folder, "streets.pmtiles"));

  const page = await foca.open("/map");

  assert.equal(await mapIdle(page), "true");
  assert.ok((await page.locator(".site-row").count()) > 0);
  await page.context().close();
});
