// Each main page, wide and narrow: no violation of WCAG 2.1 AA, nothing in the console, nothing asked elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mapIdle, picture, start, violations } from "./harness.mjs";

let foca;
/** The pages that have an id in their address. */
const found = {};
before(async () => {
  foca = await start();
  const page = await foca.open("/sites", { script: false });
  const links = await page.locator("main a[href^='/sites/']").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  found.dossier = links.find((it) => /^\/sites\/[0-9a-f-]{36}$/.test(it));
  await page.goto(`${foca.origin}/reopenings`);
  found["a reopening"] = await page.locator("main a[href^='/reopenings/']").first().getAttribute("href");
  await page.goto(`${foca.origin}${found["a reopening"]}`);
  const closed = await page.locator("main a[href^='/sites/']").first().getAttribute("href");
  Object.assign(found, { network: `${closed}/network`, merge: `${closed}/merge` });
  await page.goto(`${foca.origin}/findings?pack=mn-617-242&rule=school-distance`);
  const finding = await page.locator("main a[href*='/findings/mn-617-242/']").first().getAttribute("href");
  Object.assign(found, { "a finding": finding, "an exhibit": `${finding}/exhibit`, "a dispute": `${finding}/dispute` });
  found.facts = finding.replace(/findings\/.*/, "facts");
  await page.goto(`${foca.origin}/desk`);
  const application = await page.locator("main table a[href^='/desk/']").first().getAttribute("href");
  Object.assign(found, { "an application": application, "edit an application": `${application}/edit`, "a review": `${application}/reviews/documents` });
  await page.goto(`${foca.origin}/desk?waits=nobody&state=denied`);
  const denied = await page.locator("main table a[href^='/desk/']").first().getAttribute("href");
  Object.assign(found, { "a letter": `${denied}/letters/denial`, "a step": `${denied}/steps/appeal` });
  await page.goto(`${foca.origin}/desk/holds`);
  found["a hold"] = await page.locator("main table a[href^='/desk/holds/']").first().getAttribute("href");
  await page.goto(`${foca.origin}/desk/expiring?within=90`);
  const license = await page.locator("main table a[href^='/desk/licenses/']").first().getAttribute("href");
  Object.assign(found, { "a license at the desk": license, "a new condition": `${license}/conditions/new` });
  await page.goto(`${foca.origin}/places/new`);
  await page.selectOption("select[name=class]", "school");
  await page.fill("input[name=name]", "Elm School");
  await page.fill("textarea[name=outline]", "POLYGON((-93.1 44.95, -93.09 44.95, -93.09 44.96, -93.1 44.95))");
  await page.getByRole("button", { name: "Add the place" }).click();
  await page.waitForURL(/\/places\/[0-9a-f-]{36}$/);
  found["a place"] = new URL(page.url()).pathname;
  found["edit a place"] = `${found["a place"]}/edit`;
  await page.context().close();
});
after(() => foca?.close());

const PAGES = {
  map: "/map",
  dossier: null,
  sites: "/sites",
  records: "/records",
  licenses: "/records/licenses",
  inspections: "/records/inspections",
  complaints: "/records/complaints",
  incidents: "/records/incidents",
  places: "/places",
  "no place fits": "/places?q=nowhere",
  "a place": null,
  "edit a place": null,
  "new place": "/places/new",
  "what if": "/what-if",
  "what if, answered": "/what-if?lat=44.9778&lon=-93.265&kind=strip_club",
  parties: "/parties",
  findings: "/findings",
  "a finding": null,
  "an exhibit": null,
  "a dispute": null,
  facts: null,
  rules: "/rules",
  "a rule pack": "/rules/mn-617-242",
  reopenings: "/reopenings",
  "a reopening": null,
  network: null,
  merge: null,
  "not listed": "/unlisted",
  desk: "/desk",
  "all of the desk": "/desk?waits=any",
  "no application fits": "/desk?q=nowhere",
  "an application": null,
  "edit an application": null,
  "a review": null,
  "a step": null,
  "a letter": null,
  "new application": "/desk/new",
  expiring: "/desk/expiring?within=90",
  overdue: "/desk/expiring?within=overdue",
  reminders: "/desk/expiring/reminders?within=90",
  holds: "/desk/holds",
  "a hold": null,
  "a license at the desk": null,
  "a new condition": null,
  imports: "/imports",
  "new import": "/imports/new",
  "new site": "/sites/new",
  "a page that is not there": "/nothing-here",
};

/** Who opens a page that the supervisor may not. */
const ROLES = { imports: "analyst", "new import": "analyst" };

for (const [name, path] of Object.entries(PAGES)) {
  for (const [size, width, height] of [["wide", 1440, 900], ["narrow", 390, 844]]) {
    test(`${name}, ${size}: accessible, quiet and within its frame`, async () => {
      const page = await foca.open(path ?? found[name], { width, height, role: ROLES[name] });
      if (name === "map") assert.equal(await mapIdle(page), "true");

      const missing = name === "a page that is not there";
      assert.equal(page.answer.status(), missing ? 404 : 200);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(page.complaints.filter((it) => !missing || !it.includes("404")), []);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(beyond <= 0, `the page is ${beyond} px wider than its window`);
      assert.match(await page.textContent("body"), /Demonstration data/);
      await picture(page, `${name} ${size}`.replaceAll(" ", "-"));
      await page.context().close();
    });
  }
}

test("the first stop of the tab key leads past the navigation", async () => {
  const page = await foca.open("/sites");

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  const inMain = await page.evaluate(() => location.hash !== "" && document.querySelector(location.hash)?.closest("main") !== null);
  assert.ok(inMain);
  await page.context().close();
});
