// Single keys of the map page. They act outside fields only, and not at all where they are switched off.

const OFF = "foca-keys-off";

function switchedOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

const inField = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog") !== null;

export function listenToKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (document.querySelector("dialog[open]")) return;
      if (inField(event.target)) event.target.blur();
      else acts.back();
      return;
    }
    if (inField(event.target) || switchedOff()) return;
    const act = { f: acts.filter, j: acts.next, k: acts.previous, e: acts.export }[event.key.toLowerCase()];
    const inList = event.target.closest("#list") !== null;
    if (act) act();
    else if (inList && event.key === "ArrowDown") acts.next();
    else if (inList && event.key === "ArrowUp") acts.previous();
    else if (event.key === "Enter" && !event.target.closest("a, button, input, summary")) acts.open();
    else return;
    event.preventDefault();
  });
}
