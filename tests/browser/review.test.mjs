// The review queue: decided by single keys, without script, and on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture, start, violations } from "./harness.mjs";

let foca;
before(async () => (foca = await start()));
after(() => foca?.close());

const question = (page) => page.textContent("h1");
const waiting = async (page) => Number((await page.textContent(".review-queue header")).match(/(\d+) waits?/)[1]);
/** Presses a key and waits for the page that it leads to. */
async function press(page, key) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press(key)]);
}

for (const [size, width, height] of [["wide", 1440, 900], ["narrow", 390, 844]]) {
  test(`the queue, ${size}: accessible, quiet and within its frame`, async () => {
    const page = await foca.open("/review", { width, height });

    assert.match(await question(page), /^Does .* belong to .*\?$/);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.complaints, []);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `the page is ${beyond} px wider than its window`);
    assert.doesNotMatch((await page.textContent("body")).toLowerCase(), /\bscores?\b|\btier\b|\bpoints\b/);
    await picture(page, `review-${size}`);
    await page.goto(`${foca.origin}${await page.locator("[data-key=n]").getAttribute("href")}`);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });
}

test("J and K walk through the queue and digits choose the candidate", async () => {
  const page = await foca.open("/review");
  const first = await question(page);

  await press(page, "j");
  const second = page.url();
  await press(page, "k");
  assert.notEqual(page.url(), second);
  await press(page, "2");

  assert.notEqual(await question(page), first);
  assert.equal(await page.locator(".candidate[aria-current]").getAttribute("data-key"), "2");
  await press(page, "1");
  assert.equal(await question(page), first);
  await page.context().close();
});

test("S links, the next record opens, and U brings it back", async () => {
  const page = await foca.open("/review");
  const n = await waiting(page);
  const first = await question(page);

  await press(page, "s");

  assert.match(await page.textContent(".toast"), /^Linked to .*Undo$/);
  assert.equal(await waiting(page), n - 1);
  assert.notEqual(await question(page), first);
  assert.deepEqual(await violations(page), []);
  await press(page, "u");
  assert.equal(await waiting(page), n);
  assert.match(await page.textContent(".toast"), /^Undone/);
  await page.context().close();
});

test("D rules a candidate out and L puts the record off", async () => {
  const page = await foca.open("/review");
  const record = async () => (await question(page)).match(/^Does (.*) belong/)[1];
  const first = await record();

  await press(page, "d");
  assert.equal(await page.locator(".candidate.out").count(), 1);
  assert.equal(await record(), first);
  await press(page, "l");

  assert.notEqual(await record(), first);
  assert.match(await page.textContent(".toast"), /Put off until tomorrow/);
  await page.context().close();
});

test("N opens the form of a new site, filled in", async () => {
  const page = await foca.open("/review");

  await press(page, "n");

  assert.match(page.url(), /\/new-site$/);
  assert.notEqual(await page.inputValue("input[name=address]"), "");
  await page.context().close();
});

test("keys do nothing in a field, after G, and where they are switched off", async () => {
  const page = await foca.open("/review");
  const address = page.url();

  await page.locator("details.why summary").click();
  await page.locator("input[name=why]").fill("");
  await page.locator("input[name=why]").pressSequentially("sdl");
  assert.equal(page.url(), address);
  await page.locator("h1").click();
  await page.evaluate(() => localStorage.setItem("foca-keys-off", "1"));
  await page.keyboard.press("s");
  await page.waitForTimeout(200);
  assert.equal(page.url(), address);
  await page.evaluate(() => localStorage.removeItem("foca-keys-off"));
  await page.keyboard.press("g");
  await press(page, "s");
  assert.match(page.url(), /\/sites$/);
  await page.context().close();
});

test("all of it works without a script", async () => {
  const page = await foca.open("/review", { script: false, width: 390, height: 844 });
  const n = await waiting(page);

  await page.locator(".candidate").last().click();
  await page.getByRole("button", { name: "Only the building" }).click();

  assert.equal(await waiting(page), n - 1);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  assert.equal(await waiting(page), n);
  await page.context().close();
});
