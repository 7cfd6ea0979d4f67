// The way in and out, and the pages of accounts and of the log: seen wide and narrow, by keys alone, after a rest, on paper.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { picture, start, violations } from "./harness.mjs";

const PASSWORD = "demonstration only";
const CHOSEN = "lantern orchard quilt 57";
const SIZES = { wide: [1440, 900], narrow: [390, 844], least: [320, 640] };

let foca;
let dossier;
let person;
before(async () => {
  foca = await start();
  dossier = await first("/map/list", "supervisor", ".site-row a.name");
  person = await first("/people?q=castillo", "administrator", "main tbody th a");
});
after(() => foca?.close());

/** The address of the first such link. */
async function first(path, role, link) {
  const page = await foca.open(path, { role, script: false });
  const href = await page.locator(link).first().getAttribute("href");
  await page.context().close();
  return href;
}

/** Looks at a page in each size: no violation, nothing scrolls sideways; wide and narrow it is pictured. */
async function look(page, name) {
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    await page.setViewportSize({ width, height });
    assert.deepEqual(await violations(page), [], `${name}, ${size}`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(beyond <= 0, `${name}, ${size}: the page is ${beyond} px wider than its window`);
    if (size !== "least") await picture(page, `${name} ${size}`.replaceAll(" ", "-"));
  }
  const [width, height] = SIZES.wide;
  await page.setViewportSize({ width, height });
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const atPath = (page, path) => page.waitForURL((it) => it.pathname + it.search === path);
const onErrors = (page) => page.waitForFunction(() => document.activeElement?.id === "errors");
const inBar = async (page, place) => (await page.locator(`${place} a`).allTextContents()).map((it) => it.trim());

/** Presses the tab key until the focus is where `selector` says. */
async function tabTo(page, selector) {
  for (let n = 0; n < 80; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((it) => document.activeElement.matches(it), selector)) return;
  }
  assert.fail(`the tab key does not reach ${selector}`);
}

async function enter(page, name, password) {
  await page.fill("#name", name);
  await page.fill("#password", password);
  await press(page, "Sign in");
}

/** Invites a person, who chooses a password by the link; `seen` gets each page on the way. */
async function newcomer(name, seen = async () => {}) {
  const admin = await foca.open("/people/new", { role: "administrator" });
  await admin.fill("#sign_in", name);
  await admin.fill("#full_name", "Newcomer");
  await admin.fill("#agency", "Test Agency");
  // The radio button itself lies beyond the page; its label draws it.
  await admin.locator("label[for=role-partner]").click();
  await press(admin, "Invite this person");
  const link = await admin.inputValue("#link");
  await seen(admin, "link");
  await admin.context().close();

  // Of the address only the path: the server of a test does not know its port beforehand.
  const page = await foca.open(new URL(link).pathname, { role: null });
  await seen(page, "welcome");
  await page.fill("#password", CHOSEN);
  await page.fill("#repeated", CHOSEN);
  await press(page, "Use this password");
  await atPath(page, "/sign-in?chosen=1");
  return page;
}

/** The six digits that an app shows now (RFC 6238). */
function digits(secret) {
  const bits = [...secret].map((it) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(it).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)))).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a wrong password is told once, where the focus is; the right one leads on", async () => {
  const page = await foca.open("/profile", { role: null });
  await atPath(page, "/sign-in?next=%2Fprofile");
  await page.fill("#password", "not this one");
  await press(page, "Show");
  assert.equal(await page.getAttribute("#password", "type"), "text");
  await press(page, "Hide");
  assert.equal(await page.getAttribute("#password", "type"), "password");

  await enter(page, "M.Okafor@demo.example", "not this one");

  await onErrors(page);
  assert.match(await page.textContent("#errors"), /This did not open FOCA/);
  assert.equal(await page.locator("[role=alert]").count(), 1);
  assert.equal((await page.textContent("body")).match(/did not open FOCA/g).length, 1);
  assert.equal(await page.inputValue("#name"), "M.Okafor@demo.example");
  assert.equal(await page.inputValue("#password"), "");
  await look(page, "sign in refused");
  await page.fill("#password", PASSWORD);
  await page.keyboard.press("Enter");
  await press(page, "I agree, go on");
  await atPath(page, "/profile");
  assert.match(await page.textContent("h1"), /M\. Okafor/);
  await page.context().close();
});

test("past the banner, which cannot be gone around, is the page that was asked for", async () => {
  const page = await foca.open("/sites?q=spa", { role: null });
  await press(page, "Supervisor");
  await page.waitForURL((it) => it.pathname === "/sign-in/banner");

  await page.goto(`${foca.origin}/sites?q=spa`);
  assert.equal(new URL(page.url()).pathname, "/sign-in/banner");
  assert.equal(await page.textContent("h1"), "Before you go on");
  await look(page, "banner");
  await press(page, "I agree, go on");

  await atPath(page, "/sites?q=spa");
  assert.match(await page.textContent(".bar .me"), /Supervisor/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

const PAGES = {
  "sign in": [null, () => "/sign-in"],
  help: [null, () => "/sign-in/help"],
  again: ["supervisor", () => "/sign-in/again"],
  profile: ["supervisor", () => "/profile"],
  "second factor": ["supervisor", () => "/profile/second-factor"],
  people: ["administrator", () => "/people"],
  invite: ["administrator", () => "/people/new"],
  person: ["administrator", () => person],
  log: ["auditor", () => "/log"],
  "log check": ["auditor", () => "/log/check"],
  looks: ["supervisor", () => `${dossier}/looks`],
  "protected places": ["supervisor", () => "/protected-places"],
};

for (const [name, [role, path]] of Object.entries(PAGES)) {
  test(`${name}: accessible, quiet and within its frame, wide and narrow`, async (t) => {
    const page = await foca.open(path(), { role });
    const missing = name === "protected places" && page.answer.status() === 404;
    if (!missing) {
      assert.equal(page.answer.status(), 200);
      assert.equal(new URL(page.url()).pathname, path());
      await look(page, name);
      assert.deepEqual(page.complaints, []);
    }
    await page.context().close();
    if (missing) t.skip("there is no such page");
  });
}

test("an invitation is a link, by which a person chooses a password", async () => {
  const page = await newcomer("first@test.example", look);

  assert.match(await page.textContent("main"), /Your password is chosen/);
  await page.context().close();
});

test("recovery codes print without buttons, and one of them comes in place of the app's", async () => {
  const page = await newcomer("second@test.example");
  await page.goto(`${foca.origin}/sign-in?next=%2Fprofile%2Fsecond-factor`);
  await enter(page, "second@test.example", CHOSEN);
  await press(page, "I agree, go on");
  await atPath(page, "/profile/second-factor");
  await page.fill("#code", digits(await page.inputValue("input[name=secret]")));
  await page.fill("#current", CHOSEN);
  await press(page, "Use this app");

  await page.waitForSelector("ul.codes");
  const codes = await page.locator("ul.codes code").allTextContents();
  assert.equal(codes.length, 10);
  assert.ok(await page.locator("[data-print]").isVisible());
  await look(page, "recovery codes");
  await page.emulateMedia({ media: "print" });
  for (const place of [".bar", ".crumbs", ".foot", ".tabbar", "main .usa-button", "main button"]) {
    const shown = await page.locator(place).evaluateAll((all) => all.filter((it) => it.checkVisibility()).length);
    assert.equal(shown, 0, place);
  }
  assert.equal(await page.locator("ul.codes code:visible").count(), 10);
  await picture(page, "recovery-codes-print");
  await page.emulateMedia({ media: "screen" });

  await page.goto(`${foca.origin}/profile`);
  await press(page, "Sign out");
  await atPath(page, "/sign-in");
  await enter(page, "second@test.example", CHOSEN);
  await atPath(page, "/sign-in/code");
  await look(page, "code");
  await page.fill("#code", "no code");
  await press(page, "Go on");
  await onErrors(page);
  assert.match(await page.textContent("#errors"), /This code does not fit/);
  await page.fill("#code", codes[0]);
  await press(page, "Go on");
  await atPath(page, "/sign-in/banner");
  await page.context().close();
});

const PARTS = { Map: "/map", Sites: "/sites", Parties: "/parties", Findings: "/findings", Desk: "/desk", Records: "/records", Review: "/review", Imports: "/imports", People: "/people", Log: "/log" };
const BARS = {
  investigator: ["Map", "Sites", "Parties", "Findings", "Records", "Review"],
  licensing: ["Map", "Sites", "Parties", "Findings", "Desk", "Records", "Review"],
  analyst: ["Map", "Sites", "Parties", "Findings", "Records", "Review", "Imports"],
  supervisor: ["Map", "Sites", "Parties", "Findings", "Desk", "Records", "Review", "Imports"],
  partner: ["Map", "Sites", "Findings", "Records"],
  auditor: ["Log"],
  administrator: ["People"],
};

/** Who may look without deciding finds it from a record, not in the bar. */
const BESIDE = { partner: ["Review"], investigator: ["Desk"], analyst: ["Desk"] };

for (const [role, parts] of Object.entries(BARS)) {
  test(`${role}: the bar offers the parts of the role, which open, and no others do`, async () => {
    const page = await foca.open("/", { role, script: false });

    assert.equal(new URL(page.url()).pathname, PARTS[parts[0]]);
    const shown = async (where) => (await inBar(page, where)).map((it) => it.replace(/ \d+\+? waiting$/, ""));
    assert.deepEqual(await shown(".bar nav"), parts);
    assert.deepEqual(await shown(".tabbar"), [...parts, "You"]);
    const answers = {};
    for (const [words, path] of Object.entries(PARTS)) answers[words] = (await page.request.get(foca.origin + path)).status();
    const expected = Object.keys(PARTS).map((it) => [it, [...parts, ...(BESIDE[role] ?? [])].includes(it) ? 200 : 403]);
    assert.deepEqual(answers, Object.fromEntries(expected));
    await page.context().close();
  });
}

test("after a rest the page is hidden until the password is given, and what was typed is still there", async () => {
  const page = await foca.open("/people/new", { role: "administrator", fresh: true });
  await page.clock.install();
  await page.reload();
  const title = await page.title();
  await page.fill("#full_name", "Half typed");
  const behind = page.locator("body > :not(#away)");
  const inert = () => behind.evaluateAll((all) => all.map((it) => it.inert));
  const seen = () => behind.evaluateAll((all) => all.filter((it) => it.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })).length);
  assert.ok((await seen()) > 0);

  await page.clock.fastForward("31:00");

  await page.waitForSelector("#away[open]");
  assert.ok((await inert()).every((it) => it));
  assert.equal(await seen(), 0);
  assert.equal(await page.title(), "Locked · FOCA");
  assert.equal(await page.evaluate(() => document.activeElement.id), "away-password");
  await look(page, "veil");
  for (let n = 0; n < 5; n += 1) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("#away") !== null));
  }
  assert.ok(await page.locator("#away").isVisible());

  await page.fill("#away-password", "not this one");
  await page.locator("#away").getByRole("button", { name: "Go on" }).click();
  await page.waitForSelector("#away [role=alert]:not([hidden])");
  assert.match(await page.textContent("#away [role=alert]"), /This is not your password/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "away-password");
  assert.equal(await page.inputValue("#away-password"), "");
  assert.equal(await seen(), 0);

  await page.fill("#away-password", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#away", { state: "detached" });
  assert.ok(await page.locator("#full_name").isVisible());
  assert.equal(await page.inputValue("#full_name"), "Half typed");
  assert.equal(await page.title(), title);
  assert.ok((await inert()).every((it) => !it));
  // The one thing that a console may say is that the wrong password was refused.
  assert.deepEqual(page.complaints.filter((it) => !it.includes("401")), []);
  await page.context().close();
});

test("after the sign-out the back button shows nothing of before", async () => {
  const page = await foca.open("/profile", { fresh: true });
  assert.equal(page.answer.headers()["cache-control"], "no-store");
  const cookies = await page.context().cookies();

  await press(page, "Sign out");
  await atPath(page, "/sign-in");
  await page.goBack();

  await page.waitForURL((it) => it.pathname === "/sign-in" && it.search !== "");
  assert.doesNotMatch(await page.textContent("body"), /A\. Velden/);
  assert.equal(await page.locator(".bar").count(), 0);
  // The cookie of before opens nothing, either.
  await page.context().addCookies(cookies);
  await page.goto(`${foca.origin}/profile`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.context().close();
});

test("the keyboard alone signs in, invites a person and reaches the link", async () => {
  const page = await foca.open("/profile", { role: null });
  await tabTo(page, "#name");
  await page.keyboard.type("k.novak@demo.example");
  await tabTo(page, "#password");
  await page.keyboard.type(PASSWORD);
  await tabTo(page, "form[action='/sign-in'] button[type=submit]");
  await page.keyboard.press("Enter");
  await page.waitForURL((it) => it.pathname === "/sign-in/banner");
  await tabTo(page, "form[action='/sign-in/banner'] button");
  await page.keyboard.press("Enter");
  await atPath(page, "/profile");

  await tabTo(page, ".bar nav a[href='/people']");
  await page.keyboard.press("Enter");
  await atPath(page, "/people");
  await tabTo(page, "main a[href='/people/new']");
  await page.keyboard.press("Enter");
  await atPath(page, "/people/new");
  for (const [field, words] of [["#sign_in", "third@test.example"], ["#full_name", "Keys Alone"], ["#agency", "Test Agency"]]) {
    await tabTo(page, field);
    await page.keyboard.type(words);
  }
  await tabTo(page, "input[name=role]");
  await page.keyboard.press("Space");
  await tabTo(page, "main form.stack button[type=submit]");
  await page.keyboard.press("Enter");

  await page.waitForSelector("#link");
  await tabTo(page, "#link");
  assert.match(await page.inputValue("#link"), /\/link\/[\w-]{43}$/);
  assert.match(await page.textContent("h1"), /Invitation for Keys Alone/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
