// After so many minutes without a key, a click or a touch in any tab of FOCA, a page hides what it shows until the password is
// given again. What was typed stays. While somebody works on one page, the server hears of it, so that the session stays open.

const KEY = "foca-active";
const MINUTE = 60_000;
// The last activity is shared with the other tabs no more often than this, and looked at as often.
const SHARED = 15_000;
const ALIVE = 5 * MINUTE;

function read() {
  try {
    return Number(localStorage.getItem(KEY)) || null;
  } catch {
    return null;
  }
}

function write(at) {
  try {
    localStorage.setItem(KEY, String(at));
  } catch {
    // Without storage each tab watches for itself.
  }
}

/** Forgets the last activity: the next page begins a new watch. */
export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There is nothing to forget.
  }
}

/** Begins to watch; without a number of minutes nobody has signed in, and there is nothing to hide. */
export function keepWatch(minutes) {
  if (!(minutes > 0)) return;
  const limit = minutes * MINUTE;
  const kept = read();
  let last = Math.min(kept ?? Date.now(), Date.now());
  let [written, told] = [last, Date.now()];
  let veil = null;
  // To open a page is no activity by itself, for some open themselves again and again: the click before it is.
  if (kept === null) write(last);

  const isIdle = () => Date.now() - Math.max(last, read() ?? 0) >= limit;

  function note() {
    const now = Date.now();
    if (veil || now - last < 1000) return;
    // Whoever comes back too late finds the page locked, however late the timer is.
    if (isIdle()) return lock();
    last = now;
    if (now - written < SHARED) return;
    written = now;
    write(now);
  }

  function lock(reload = false) {
    veil ??= drawVeil(() => open(reload));
  }

  function open(reload) {
    veil.lift();
    veil = null;
    last = written = told = Date.now();
    write(last);
    if (reload) location.reload();
  }

  const check = () => {
    if (!veil && isIdle()) lock();
  };
  for (const event of ["keydown", "pointerdown", "touchstart", "scroll", "wheel"]) {
    addEventListener(event, note, { capture: true, passive: true });
  }
  setInterval(check, SHARED);
  for (const event of ["focus", "pageshow"]) addEventListener(event, check);
  document.addEventListener("visibilitychange", check);
  // No key of the page acts behind the veil.
  addEventListener("keydown", (event) => veil && !veil.holds(event.target) && event.stopImmediatePropagation(), true);
  // Only a tab that is open shares its activity: in one of the others the password was given.
  addEventListener("storage", async (event) => {
    if (event.key !== KEY || !event.newValue || !veil) return;
    const mine = veil;
    if (!isIdle() && (await whoIsIn().catch(() => null)) === "same" && veil === mine) open(false);
  });
  setInterval(() => {
    if (veil || last <= told) return;
    told = Date.now();
    fetch("/profile/alive", { redirect: "manual" }).catch(() => {});
  }, ALIVE);
  if (isIdle()) {
    // A page that reloads itself would take the password away while it is typed.
    window.stop();
    lock(true);
  }
}

/** Whether the person whose page this is has signed in: "same", "other" or "nobody". */
async function whoIsIn() {
  const name = (root) => root.querySelector(".bar .me")?.textContent;
  const answer = await fetch("/profile", { headers: { Accept: "text/html" }, redirect: "manual" });
  if (answer.status !== 200) return "nobody";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return name(page) === name(document) ? "same" : "other";
}

/** Asks for the password; resolves to what is to be said if that did not open the page. */
async function tryPassword(password) {
  const answer = await fetch("/sign-in/again", { method: "POST", body: new URLSearchParams({ password }), redirect: "manual" });
  if (answer.status === 401) return "This is not your password. After too many failures the account is locked.";
  if (answer.type !== "opaqueredirect" && answer.status >= 400) return "FOCA could not answer. Nothing is lost; try again.";
  // A redirect to the sign-in page cannot be told from one to the start page.
  const who = await whoIsIn();
  if (who === "nobody") location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (who === "other") location.reload();
  return who === "same" ? null : "";
}

/** Hides the page behind a dialog that only the password opens. */
function drawVeil(opened) {
  const dialog = makeDialog();
  const [field, refusal] = [dialog.querySelector("input"), dialog.querySelector(".note")];
  const hidden = [...document.body.children].filter((it) => !it.inert);
  const title = document.title;
  let lifted = false;
  hidden.forEach((it) => (it.inert = true));
  document.title = "Locked · FOCA";
  document.body.classList.add("veiled");
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  // Some browsers close a dialog at the second Escape whatever a page says.
  dialog.addEventListener("close", () => lifted || dialog.showModal());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button");
    button.disabled = true;
    const why = await tryPassword(field.value).catch(() => "FOCA does not answer. Nothing is lost; try again.");
    button.disabled = false;
    // Another tab may have opened this one meanwhile.
    if (lifted) return;
    if (why === null) return opened();
    field.value = "";
    refusal.hidden = why === "";
    refusal.textContent = why;
    field.focus();
  });
  dialog.showModal();
  field.focus();
  return {
    holds: (element) => dialog.contains(element),
    lift() {
      lifted = true;
      hidden.forEach((it) => (it.inert = false));
      document.body.classList.remove("veiled");
      document.title = title;
      dialog.close();
      dialog.remove();
    },
  };
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function makeDialog() {
  const mark = document.querySelector(".brand svg")?.cloneNode(true) ?? "";
  const button = (words, className) => make("button", { type: "submit", className, textContent: words });
  const field = { type: "password", id: "away-password", className: "usa-input", autocomplete: "current-password", required: true };
  const refusal = make("p", { className: "note err", hidden: true });
  refusal.setAttribute("role", "alert");
  const form = make(
    "form",
    { className: "stack", method: "post" },
    make("h1", { id: "away-title", textContent: "Your screen was locked" }),
    make("p", { textContent: "What you typed is still there. Give your password to go on." }),
    refusal,
    make("div", { className: "usa-form-group" }, make("label", { className: "usa-label", htmlFor: field.id, textContent: "Password" }), make("input", field)),
    button("Go on", "usa-button"),
  );
  const leave = make("form", { className: "leave", method: "post", action: "/sign-out" }, button("Sign out", "usa-button quiet"));
  const dialog = make(
    "dialog",
    { id: "away", className: "away" },
    make("div", { className: "logo" }, mark, make("span", { textContent: "FOCA" })),
    make("section", { className: "card box" }, form, leave),
  );
  dialog.setAttribute("aria-labelledby", "away-title");
  dialog.setAttribute("closedby", "none");
  return dialog;
}
