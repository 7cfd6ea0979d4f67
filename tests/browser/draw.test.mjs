// The form of a place: its outline is drawn by clicks or the keyboard, and the field alone does without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start, violations } from "./harness.mjs";

let foca;
before(async () => (foca = await start()));
after(() => foca?.close());

const outline = (page) => page.inputValue("textarea[name=outline]");
const ready = (page) => page.waitForSelector("[data-draw-map][data-idle=true]", { timeout: 60_000 });
const said = (page) => page.textContent("[data-draw-map] [role=status]");

test("clicks draw an outline, a click on the first point closes it, and undo opens it again", async () => {
  const page = await foca.open("/places/new");
  await ready(page);
  const canvas = page.locator("#draw-canvas canvas");
  const click = (x, y) => canvas.click({ position: { x, y } });

  await click(100, 100);
  assert.match(await outline(page), /^-\d+\.\d+, \d+\.\d+$/);
  await click(300, 100);
  await click(300, 250);
  assert.equal(JSON.parse(await outline(page)).type, "LineString");
  await click(103, 98);

  const drawn = JSON.parse(await outline(page));
  assert.equal(drawn.type, "Polygon");
  assert.equal(drawn.coordinates[0].length, 4);
  assert.deepEqual(drawn.coordinates[0][0], drawn.coordinates[0][3]);
  await page.getByRole("button", { name: "Undo the last point" }).click();
  assert.equal(JSON.parse(await outline(page)).type, "LineString");
  assert.match(await said(page), /open again/);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the keyboard alone adds a place where the map stands", async () => {
  const page = await foca.open("/places/new?class=school&name=Keyed&outline=-93.1,44.95");
  await ready(page);

  await page.getByRole("button", { name: "Begin anew" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await outline(page), "");
  await page.getByRole("button", { name: "Add a point in the middle" }).focus();
  await page.keyboard.press("Enter");
  const [lon, lat] = (await outline(page)).split(", ").map(Number);
  await page.getByRole("button", { name: "Add the place" }).click();

  await page.waitForURL(/\/places\/[0-9a-f-]{36}$/);
  assert.ok(Math.abs(lon + 93.1) < 0.001 && Math.abs(lat - 44.95) < 0.001, `${lon}, ${lat}`);
  assert.match(await page.textContent("main"), /Point of an address/);
  await page.context().close();
});

test("without a script the field alone gives the outline", async () => {
  const page = await foca.open("/places/new?class=park&name=Typed", { script: false });
  assert.ok(await page.locator("#draw-canvas").isHidden());

  await page.fill("textarea[name=outline]", "44.95, -93.1");
  await page.getByRole("button", { name: "Add the place" }).click();
  assert.match(await page.textContent("main"), /Latitude came first/);
  assert.equal(await outline(page), "-93.1, 44.95");
  await page.getByRole("button", { name: "Add the place" }).click();

  await page.waitForURL(/\/places\/[0-9a-f-]{36}$/);
  await page.context().close();
});
