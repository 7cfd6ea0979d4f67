// The form of a site: its pin is set by a click or the keyboard, and the fields alone do without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start, violations } from "./harness.mjs";

let foca;
before(async () => (foca = await start()));
after(() => foca?.close());

const point = async (page) => [Number(await page.inputValue("input[name=lat]")), Number(await page.inputValue("input[name=lon]"))];
const ready = (page) => page.waitForSelector("[data-pin-map][data-idle=true]", { timeout: 60_000 });

test("a click sets the pin, arrow keys move it, and both fill the fields", async () => {
  const page = await foca.open("/sites/new");
  await ready(page);

  await page.locator(".pin-canvas canvas").click();
  const [lat, lon] = await point(page);
  assert.ok(lat > 43 && lat < 50 && lon > -98 && lon < -89, `${lat}, ${lon}`);
  await page.locator(".pin").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");

  const [north, east] = await point(page);
  assert.ok(north > lat && east > lon, `${north} > ${lat}, ${east} > ${lon}`);
  assert.match(await page.textContent("[data-pin-map] [role=status]"), /Pin moved to/);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the keyboard alone sets the pin and adds the site where it stands", async () => {
  const page = await foca.open("/sites/new?kind=lodging&name=Pinned&address=1+Test+St&lat=44.95&lon=-93.1");
  await ready(page);
  assert.ok(await page.locator(".pin").isVisible());

  await page.locator("[data-pin-here]").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+ArrowLeft");
  const [lat, lon] = await point(page);
  await page.getByRole("button", { name: "Add the site" }).click();

  await page.waitForURL(/\/sites\/[0-9a-f-]{36}$/);
  assert.match(await page.textContent("main"), /put on the map by a person/);
  assert.ok(Math.abs(lat - 44.95) < 0.01 && lon < -93.1);
  await page.context().close();
});

test("without a script the fields alone give the point", async () => {
  const page = await foca.open("/sites/new?kind=lodging&name=Typed&address=2+Test+St", { script: false });
  assert.ok(await page.locator(".pin-canvas").isHidden());

  await page.fill("input[name=lat]", "44.95, -93.1");
  await page.getByRole("button", { name: "Add the site" }).click();

  await page.waitForURL(/\/sites\/[0-9a-f-]{36}$/);
  assert.match(await page.textContent("main"), /put on the map by a person/);
  await page.context().close();
});

test("a site moves to where its new pin stands", async () => {
  const list = await foca.open("/map/list?status=open", { script: false });
  const [site] = await list.locator(".site-row a.name").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  await list.context().close();
  const page = await foca.open(`${site}/move`);
  await ready(page);

  await page.fill("input[name=address]", "77 Moving Ln");
  await page.locator(".pin-canvas canvas").click({ position: { x: 220, y: 120 } });
  await page.getByRole("button", { name: "Move the site" }).click();

  await page.waitForURL((url) => /\/sites\/[0-9a-f-]{36}$/.test(url.pathname) && !url.pathname.endsWith(site));
  assert.match(await page.textContent("main"), /77 Moving Ln/);
  assert.match(await page.textContent("main"), /put on the map by a person/);
  await page.context().close();
});
