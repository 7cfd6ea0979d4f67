// The tool "What if": a spot on the map is held against the rules; the panel lists them, the map draws them.

const HOW = "Click a place on the map, or press Enter for its middle. Esc leaves.";

/** `spot` gives the map's part of it once the map is there; `deselect` lets go of the site whose panel is open. */
export function makeWhatIf(app, { panel, spot, deselect, covered }) {
  const button = document.getElementById("what-if");
  const said = document.getElementById("what-if-said");
  const place = document.getElementById("panel");
  let on = false;
  let at = null;
  let kind = null;

  async function ask() {
    deselect();
    spot().pin(at);
    const params = new URLSearchParams({ lon: at.lng.toFixed(6), lat: at.lat.toFixed(6), ...(kind ? { kind } : {}) });
    const came = await panel.show(`/map/what-if?${params}`, "What if", ask);
    if (!came || !on) return;
    covered();
    spot().draw(JSON.parse(place.querySelector("[data-drawing]").dataset.drawing));
    said.textContent = place.querySelector("h2").textContent;
    app.dataset.whatIf = params.toString();
  }

  function begin() {
    if (!spot()) return;
    on = true;
    button.setAttribute("aria-pressed", "true");
    button.classList.add("active");
    app.classList.add("asking");
    said.textContent = HOW;
    hint.hidden = false;
    spot().begin((picked) => {
      at = picked;
      hint.hidden = true;
      ask();
    });
  }

  /** Ends the tool, and leaves the panel to whoever comes next. */
  function stop() {
    if (!on) return;
    on = false;
    button.setAttribute("aria-pressed", "false");
    button.classList.remove("active");
    app.classList.remove("asking");
    said.textContent = "";
    hint.hidden = true;
    spot().end();
  }

  function leave() {
    stop();
    panel.close();
    covered();
    button.focus();
  }

  const hint = Object.assign(document.createElement("p"), { className: "what-if-hint", textContent: HOW, hidden: true });
  app.querySelector(".map-stage").append(hint);
  button?.addEventListener("click", () => (on ? leave() : begin()));
  place.addEventListener("change", (event) => {
    if (event.target.id !== "what-if-kind") return;
    kind = event.target.value;
    ask().then(() => document.getElementById("what-if-kind")?.focus());
  });
  return { isOn: () => on, stop, leave };
}
