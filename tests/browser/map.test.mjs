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

test("a past day is chosen over the map and stands in the address", async () => {
  const page = await foca.open("/map");
  await mapIdle(page);
  const now = await inView(page);

  await page.locator("#as-of summary").click();
  await page.fill("#as-of-day", "2023-06-01");
  await page.locator("#as-of-day").dispatchEvent("change");

  await page.waitForSelector(".as-of-note");
  assert.match(await page.textContent(".as-of-note"), /As known at the end of Jun 1, 2023/);
  assert.match(page.url(), /as_of=2023-06-01/);
  assert.notEqual(await inView(page), now);
  assert.match(await page.locator("#export").getAttribute("href"), /as_of=2023-06-01/);
  assert.deepEqual(await violations(page), []);
  await page.locator("#as-of-today").click();
  await page.waitForFunction(() => !document.querySelector(".as-of-note"));
  assert.equal(await inView(page), now);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("without a script a past day and an order can be chosen all the same", async () => {
  const page = await foca.open("/map", { script: false });
  await page.locator("#as-of summary").click();
  await page.fill("#as-of-day", "2023-06-01");
  await page.selectOption("select[name=sort]", "name");

  await page.locator("#as-of button").click();

  assert.match(page.url(), /as_of=2023-06-01/);
  assert.match(await page.textContent(".as-of-note"), /Jun 1, 2023/);
  const shown = (await names(page)).map((it) => it.toLowerCase());
  assert.deepEqual(shown, [...shown].sort());
  await page.context().close();
});

test("the list beside the map is sorted as its select says", async () => {
  const page = await foca.open("/map");
  await mapIdle(page);
  const byScore = await names(page);

  await page.focus("select[name=sort]");
  await page.selectOption("select[name=sort]", "name");

  await page.waitForFunction((first) => document.querySelector(".site-row a.name").textContent !== first, byScore[0]);
  const shown = (await names(page)).map((it) => it.toLowerCase());
  assert.deepEqual(shown, [...shown].sort());
  assert.match(page.url(), /sort=name/);
  assert.equal(await page.evaluate(() => document.activeElement.name), "sort");
  await page.context().close();
});

test("layers come and go, and the address holds them", async () => {
  const page = await foca.open("/map?z=13&lat=44.97&lon=-93.26");
  await mapIdle(page);
  assert.doesNotMatch(page.url(), /layers=/);

  await page.locator("#layers summary").click();
  const crosses = page.waitForResponse((it) => it.url().includes("/map/incidents.json"));
  await page.getByLabel("Incidents not linked").check();
  assert.ok((await (await crosses).json()).incidents.length > 0);
  const single = page.waitForResponse((it) => it.url().includes("groups=none"));
  await page.getByLabel("Groups of close sites").uncheck();
  await single;
  await page.getByLabel("County lines").uncheck();

  await page.waitForFunction(() => location.search.includes("layers=cities%2Cplaces%2Cincidents"));
  assert.ok(await page.locator("#incident-key").isVisible());
  assert.deepEqual(await violations(page), []);
  const other = await foca.open(page.url().slice(foca.origin.length));
  await mapIdle(other);
  await other.locator("#layers summary").click();
  assert.ok(await other.getByLabel("Incidents not linked").isChecked());
  assert.ok(!(await other.getByLabel("County lines").isChecked()));
  assert.deepEqual([...page.complaints, ...other.complaints], []);
  await page.context().close();
  await other.context().close();
});

test("when no site fits, the list says which filter to drop, and drops it", async () => {
  const page = await foca.open("/map?q=zzzz&status=open");
  await mapIdle(page);

  assert.match(await page.textContent("#list"), /No site fits all 2 filters\. ?Without “zzzz” there are \d+/);
  await page.locator("#list [data-drop=q]").click();

  await page.waitForSelector(".site-row");
  assert.equal(await page.inputValue("#filter input[name=q]"), "");
  assert.match(page.url(), /status=open/);
  await page.context().close();
});
