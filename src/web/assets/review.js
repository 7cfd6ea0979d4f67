// Single keys of the review queue: each presses what the page shows with `data-key`. They act outside fields only, and not at
// all where they are switched off.

const OFF = "foca-keys-off";

function switchedOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

const inField = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog") !== null;
let went = -Infinity;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const key = event.key.toLowerCase();
  // `G S` goes to the sites: its second key decides nothing here.
  const going = event.timeStamp - went < 1500;
  went = key === "g" ? event.timeStamp : -Infinity;
  if (going || inField(event.target) || switchedOff() || !/^[a-z1-9]$/.test(key)) return;
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  target.click();
  event.preventDefault();
});
