// What if: a click on the map, or the keyboard alone, asks what rules say of a spot; without a script the page does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mapIdle, picture, start, violations } from "./harness.mjs";

let foca;
before(async () => (foca = await start()));
after(() => foca?.close());

const AT = "/map?lat=44.9778&lon=-93.265&z=15";
const drawing = async (page) => JSON.parse(await page.getAttribute("#panel [data-drawing]", "data-drawing"));
const answer = (page) => page.waitForSelector("#panel [data-drawing]", { timeout: 30_000 });

test("a click on the map shows the ring and the list, and another click asks again", async () => {
  const page = await foca.open(AT);
  await mapIdle(page);

  await page.getByRole("button", { name: "What if" }).click();
  await page.locator("#map canvas").first().click({ position: { x: 400, y: 420 } });
  await answer(page);

  assert.match(await page.textContent("#panel h2"), / here would /);
  const first = await drawing(page);
  assert.ok(first.features.some((it) => it.properties.is === "spot"));
  await page.selectOption("#what-if-kind", "strip_club");
  await page.waitForFunction(() => document.querySelector("#panel h2")?.textContent.includes("strip club"));
  assert.ok((await drawing(page)).features.some((it) => it.properties.is === "ring"), "the ring is drawn");
  assert.ok((await page.locator("#panel .answer").count()) > 0);
  await picture(page, "map-what-if");
  const asked = page.waitForResponse((it) => it.url().includes("/map/what-if"));
  await page.locator("#map canvas").first().click({ position: { x: 300, y: 300 } });
  assert.equal((await asked).status(), 200);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the keyboard alone asks about the middle of the map, and Escape leaves", async () => {
  const page = await foca.open(AT);
  await mapIdle(page);

  await page.getByRole("button", { name: "What if" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await answer(page);
  const spot = (await drawing(page)).features.find((it) => it.properties.is === "spot").geometry.coordinates;
  assert.ok(Math.abs(spot[0] + 93.265) < 0.01 && Math.abs(spot[1] - 44.9778) < 0.01, spot.join());
  await page.keyboard.press("Escape");

  assert.ok(await page.locator("#panel").isHidden());
  assert.equal(await page.getAttribute("#what-if", "aria-pressed"), "false");
  assert.equal(await page.evaluate(() => document.activeElement.id), "what-if");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("without a script the page answers for a point", async () => {
  const page = await foca.open("/what-if", { script: false });

  await page.selectOption("select[name=kind]", "strip_club");
  await page.fill("input[name=address]", "44.9778, -93.265");
  await page.getByRole("button", { name: "Hold against the rules" }).click();

  assert.match(await page.textContent("#answer"), /strip club/);
  assert.ok(await page.locator(".what-if-picture").isVisible());
  await picture(page, "what-if");
  await page.context().close();
});
