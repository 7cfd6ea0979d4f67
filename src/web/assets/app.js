// What every page does beyond plain HTML: keys, the toast that leaves, the error summary that takes the focus.
import { forget, keepWatch } from "./away.js";

const places = { m: "/map", s: "/sites", d: "/desk", r: "/records", v: "/review", i: "/imports", p: "/people", l: "/log" };
const OFF = "foca-keys-off";
// Long ago: a key in the first second of a page follows no `G`.
let went = -Infinity;

const stored = () => {
  try {
    return localStorage.getItem(OFF);
  } catch {
    return null;
  }
};
const inField = (element) => element.closest("input, select, textarea, [contenteditable], dialog, .maplibregl-map") !== null;

function act(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (stored() || inField(event.target)) return;
  const key = event.key.toLowerCase();
  const going = event.timeStamp - went < 1500;
  went = -Infinity;
  // Only to what the bar offers: who may not open a part is not sent there to be refused.
  if (going && places[key] && document.querySelector(`.bar nav a[href="${places[key]}"]`)) location.assign(places[key]);
  else if (key === "/") document.getElementById("search")?.focus();
  else if (key === "?") document.getElementById("keys")?.showModal();
  else if (key === "g") went = event.timeStamp;
  else return;
  event.preventDefault();
}

/** A toast leaves after six seconds, but not while it is pointed at or holds the focus. */
function leave(toast) {
  const wait = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : toast.remove()), 6000);
  wait();
}

document.addEventListener("keydown", act);
document.querySelectorAll("[data-toast]").forEach(leave);
document.getElementById("errors")?.focus();

const on = document.getElementById("keys-on");
if (on) {
  on.checked = !stored();
  on.addEventListener("change", () => {
    try {
      if (on.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // Without storage the choice holds for no longer than this page: keys stay on.
    }
  });
}
// A filter answers at once when one of its choices changes; its button remains for those without script.
document.querySelectorAll("form[data-at-once] select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
// What is folded is open on paper, also where the style sheet alone cannot open it.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  folded.forEach((it) => (it.open = true));
});
addEventListener("afterprint", () => folded.forEach((it) => (it.open = false)));
// A password is in sight while its writer wants that; sent it is hidden again, so that no browser keeps it as plain text.
document.querySelectorAll("button[data-show]").forEach((button) => {
  const field = document.getElementById(button.dataset.show);
  const show = (yes) => {
    field.type = yes ? "text" : "password";
    button.textContent = yes ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(yes));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form?.addEventListener("submit", () => show(false));
});
// Whoever stands at the door has proved nothing yet, and begins a new watch behind it.
if (document.body.classList.contains("door")) forget();
else keepWatch(Number(document.body.dataset.idleMinutes));
// A page that is made for paper offers to print itself; without script the browser's own menu does.
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
// A secret that is shown once can be copied by a button where the browser allows it.
document.querySelectorAll("button[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value));
});
