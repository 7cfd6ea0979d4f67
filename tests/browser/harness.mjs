// Starts FOCA with its demonstration state and a browser; opens pages as a person of a role and collects what they complain of.
import { spawn } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-unsafe-swiftshader",
];
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Who changes accounts is asked for the password again after a quarter of an hour: a sign-in serves for less.
const SERVES = 10 * 60_000;

/** A server on a database of its own and a browser, with further `flags` of the server; `close` ends both. */
export async function start(...flags) {
  const folder = await mkdtemp(join(tmpdir(), "foca-browser-"));
  const args = ["demo", "--database", join(folder, "demo.db"), "--listen", "127.0.0.1:0", ...flags];
  const server = spawn(process.env.FOCA_BIN, args, { stdio: ["ignore", "pipe", "pipe"] });
  const origin = await listening(server);
  const browser = await chromium.launch({ executablePath: process.env.FOCA_CHROMIUM, args: FLAGS });
  const signedIn = new Map();
  /** The cookies of who has signed in by the button of that role, shared by all pages that end no session. */
  function shared(role) {
    const kept = signedIn.get(role);
    if (kept && Date.now() - kept.at < SERVES) return kept.state;
    const state = signIn(browser, origin, role);
    signedIn.set(role, { at: Date.now(), state });
    return state;
  }
  return {
    origin,
    /**
     * A page at `path`, seen by the person of `role`, or by nobody where that is null; `complaints` collects console errors,
     * refusals of the policy and failed requests. A page that signs out or gives the password again asks for a session of its
     * own with `fresh`, for the secret of the session changes with it.
     */
    async open(path, { width = 1440, height = 900, script = true, role = "supervisor", fresh = false } = {}) {
      const storageState = role === null ? undefined : await (fresh ? signIn(browser, origin, role) : shared(role));
      const viewport = { width, height };
      const context = await browser.newContext({ storageState, viewport, javaScriptEnabled: script, reducedMotion: "reduce" });
      // An init script is not subject to the page's policy, which forbids inline script.
      if (script) await context.addInitScript({ content: AXE });
      const page = await context.newPage();
      page.complaints = [];
      page.on("console", (it) => it.type() === "error" && page.complaints.push(it.text()));
      page.on("pageerror", (it) => page.complaints.push(String(it)));
      page.on("requestfailed", (it) => it.failure()?.errorText !== "net::ERR_ABORTED" && page.complaints.push(`${it.url()} failed`));
      page.on("request", (it) => it.url().startsWith("http") && !it.url().startsWith(origin) && page.complaints.push(`asks ${it.url()}`));
      page.answer = await page.goto(origin + path, { waitUntil: "load" });
      return page;
    },
    async close() {
      await browser.close();
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What axe finds against WCAG 2.1 A and AA, one line each. */
export async function violations(page) {
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), WCAG);
  return found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

/** Waits until the map has drawn its marks. */
export async function mapIdle(page) {
  await page.waitForFunction(() => document.body.dataset.mapIdle, null, { timeout: 60_000 });
  return page.evaluate(() => document.body.dataset.mapIdle);
}

/** Keeps a picture of the page, where FOCA_SHOTS names a folder. */
export async function picture(page, name) {
  if (!process.env.FOCA_SHOTS) return;
  await mkdir(process.env.FOCA_SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.FOCA_SHOTS, `${name}.png`), fullPage: !name.startsWith("map") });
}

async function signIn(browser, origin, role) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${origin}/sign-in?next=%2Fprofile`);
  await page.locator(`button[name=role][value=${role}]`).click();
  await page.getByRole("button", { name: "I agree, go on" }).click();
  await page.waitForURL(`${origin}/profile`);
  const cookies = await context.cookies();
  await context.close();
  return { cookies, origins: [] };
}

function listening(server) {
  return new Promise((done, failed) => {
    let said = "";
    server.stderr.on("data", (it) => (said += it));
    server.once("exit", (code) => failed(new Error(`foca ended with ${code}: ${said.slice(-2000)}`)));
    createInterface(server.stdout).on("line", (line) => {
      const found = line.match(/listening on (http:\/\/localhost:\d+)/);
      if (found) done(found[1]);
    });
  });
}
