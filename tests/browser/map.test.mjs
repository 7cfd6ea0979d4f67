// The map as people use it: with a mouse, with the keyboard alone, without a script, and from a link.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mapIdle, start, violations } from "./harness.mjs";

let foca;
before(async () => (foca = await start()));
after(() => foca?.close());

const names = (page) => page.locator(".site-row a.name").allTextContents();
const inView = async (page) => Number(await page.locator(".list-head").getAttribute("data-in-view"));

test("the map draws counties, groups and sites", async () => {
  const page = await foca.open("/map");
  const asked = page.waitForResponse((it) => it.url().includes("/map/sites.json"));

  assert.equal(await mapIdle(page), "true");

  const body = await (await asked).json();
  assert.ok(body.groups.length + body.sites.length > 0);
  // A blank canvas has one color; a drawn one has many.
  const shot = await page.locator("#map canvas").first().screenshot();
  assert.ok(shot.length > 20_000, `${shot.length} bytes of picture`);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("without a script the map page is a list with a filter", async () => {
  const page = await foca.open("/map", { script: false });
  const before = await inView(page);

  await page.selectOption("select[name=kind]", "massage_parlor");
  await page.locator("noscript button, form#filter button[type=submit]").first().click();

  assert.ok(page.url().includes("kind=massage_parlor"));
  assert.ok((await inView(page)) < before);
  const [first] = await names(page);
  await page.locator(".site-row a.name").first().click();
  assert.match(await page.textContent("main"), new RegExp(first.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await page.context().close();
});

test("the keyboard alone leads from the list to a dossier and back", async () => {
  const page = await foca.open("/map");
  await mapIdle(page);
  await page.waitForSelector(".site-row");

  await page.keyboard.press("j");
  await page.waitForSelector("#panel:not([hidden]) a[href^='/sites/']");
  const selected = await page.locator(".site-row[aria-current=true] a.name").textContent();
  assert.match(await page.textContent("#panel"), new RegExp(selected.slice(0, 8).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#panel").isHidden());
  await page.keyboard.press("j");
  await page.waitForSelector("#panel:not([hidden]) a[href^='/sites/']");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sites\/[0-9a-f-]{36}$/);

  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the address holds the view: a colleague who opens it sees the same", async () => {
  const page = await foca.open("/map");
  await mapIdle(page);
  await page.selectOption("select[name=kind]", { index: 1 });
  await page.waitForFunction(() => location.search.includes("kind="));
  await page.locator("[data-zoom='1']").click();
  await page.waitForFunction(() => location.search.includes("z="));
  await page.waitForTimeout(1_500);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.waitForFunction(() => location.search.includes("site="));
  await page.waitForTimeout(1_500);

  const other = await foca.open(page.url().slice(foca.origin.length));
  await mapIdle(other);
  await other.waitForTimeout(1_500);

  assert.equal(await other.inputValue("select[name=kind]"), await page.inputValue("select[name=kind]"));
  assert.equal(await inView(other), await inView(page));
  assert.equal(await other.locator(".site-row[aria-current=true]").count(), 1);
  assert.ok(await other.locator("#panel").isVisible());
  await page.context().close();
  await other.context().close();
});

test("a search in the filter narrows the list", async () => {
  const page = await foca.open("/map");
  await mapIdle(page);
  await page.waitForSelector(".site-row");
  const [first] = await names(page);

  await page.locator("#filter input[name=q]").fill(first);

  await page.waitForFunction((total) => Number(document.querySelector(".list-head")?.dataset.total) < total, 400);
  assert.ok((await names(page)).includes(first));
  await page.context().close();
});
