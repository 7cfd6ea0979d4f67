// The pages for those who enlarge them, choose their own colors, want no motion, use keys alone, or print.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mapIdle, picture, start, violations } from "./harness.mjs";

let foca;
let dossier;
before(async () => {
  foca = await start();
  const page = await foca.open("/map/list?q=larkfield", { script: false });
  dossier = await page.locator(".site-row a.name").first().getAttribute("href");
  await page.context().close();
});
after(() => foca?.close());

const focused = (page) =>
  page.evaluate(() => {
    const it = document.activeElement;
    const shown = it.matches(".site-row .name") ? getComputedStyle(it, "::after") : getComputedStyle(it.closest(".tier") ?? it);
    const { width, height } = it.getBoundingClientRect();
    return { words: it.getAttribute("aria-label") ?? it.textContent.trim().slice(0, 40), tag: it.tagName, outline: parseFloat(shown.outlineWidth), style: shown.outlineStyle, seen: width > 0 && height > 0 };
  });

for (const [name, path] of Object.entries({ map: "/map", dossier: null, sites: "/sites", records: "/records/incidents", form: "/sites/new", import: "/imports/new", missing: "/nowhere" })) {
  test(`${name} at 400 %: nothing but map and wide tables scrolls sideways`, async () => {
    // 1280 pixels at 400 % are 320.
    const page = await foca.open(path ?? dossier, { width: 320, height: 256, role: name === "import" ? "analyst" : "supervisor" });
    if (name === "map") await mapIdle(page);

    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `the page is ${beyond} px wider than its window`);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("main a, main button, main h1, main h2, main input, main select, main p")]
        .filter((it) => it.checkVisibility() && !it.closest(".table-wrap, .map-canvas, .usa-sr-only, .map-list, [class*=sr-only]"))
        .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
        .map((it) => `${it.tagName} ${it.textContent.trim().slice(0, 40)}`),
    );
    assert.deepEqual(cut, []);
    assert.deepEqual(await violations(page), []);
    await picture(page, `${name}-400`);
    await page.context().close();
  });
}

test("at 400 % the map is seen, and its panel and list follow it", async () => {
  const page = await foca.open("/map", { width: 320, height: 256 });
  await mapIdle(page);

  assert.ok((await page.locator("#map").boundingBox()).height > 200);
  assert.ok(Number(await page.locator(".list-head").getAttribute("data-in-view")) > 0);
  await page.locator(".site-row a.name").first().click();
  await page.waitForSelector("#panel h2");
  const [stage, panel, list] = await Promise.all(["#map", "#panel", "#list"].map(async (it) => (await page.locator(it).boundingBox()).y));
  assert.ok(stage < panel && panel < list, `${stage} ${panel} ${list}`);
  await page.context().close();
});

test("in forced colors marks keep their shapes and the focus its ring", async () => {
  for (const path of ["/map", dossier, "/sites"]) {
    const page = await foca.open(path);
    await page.emulateMedia({ forcedColors: "active" });
    if (path === "/map") await mapIdle(page);

    const marks = await page.locator("main svg.m").evaluateAll((all) => all.filter((it) => it.checkVisibility()).map((it) => getComputedStyle(it).forcedColorAdjust));
    assert.ok(marks.length > 0 && marks.every((it) => it === "none"), `${path}: ${marks}`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const { outline, style } = await focused(page);
    assert.ok(outline >= 2 && style !== "none", `${path}: ${outline} ${style}`);
    await picture(page, `${path === "/map" ? "map" : path === "/sites" ? "sites" : "dossier"}-forced`);
    await page.context().close();
  }
});

test("who wants no motion sees none", async () => {
  for (const path of ["/map", dossier]) {
    const page = await foca.open(path);
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((it) => {
        const { animationName, transitionDuration } = getComputedStyle(it);
        return animationName !== "none" || transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
      }).length,
    );
    assert.equal(moving, 0, path);
    await page.context().close();
  }
});

test("each stop of the tab key on map and dossier is seen, named and ringed", async () => {
  for (const path of ["/map", dossier]) {
    const page = await foca.open(path);
    if (path === "/map") await mapIdle(page);
    const stops = [];
    for (let n = 0; n < 40; n += 1) {
      await page.keyboard.press("Tab");
      const it = await focused(page);
      if (it.tag === "BODY") break;
      stops.push(it);
    }

    assert.ok(stops.length > 15, `${path}: ${stops.length} stops`);
    const poor = stops.filter((it) => !it.seen || it.words === "" && it.tag !== "INPUT" && it.tag !== "SELECT" || it.outline < 2 || it.style === "none");
    assert.deepEqual(poor, [], path);
    await page.context().close();
  }
});

test("on paper what is folded is open, and nothing is there to click", async () => {
  const page = await foca.open(dossier);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));

  const folded = await page.locator("main details:not([open])").count();
  assert.equal(folded, 0);
  for (const place of [".bar", ".crumbs", ".foot", ".tabbar", "main .usa-button"]) {
    const shown = await page.locator(place).evaluateAll((all) => all.filter((it) => it.checkVisibility()).length);
    assert.equal(shown, 0, place);
  }
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok((await page.locator("main details:not([open])").count()) > 0);
  const sheets = await page.pdf({ format: "Letter" });
  assert.ok(sheets.length > 10_000);
  await page.context().close();
});
