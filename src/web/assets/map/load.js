// Loading: the newest request wins, gray bars only after 300 ms, and an error is a sentence with a way to try again.

const PATIENCE = 300;

/** A loader of which a newer call ends the older; resolves to null when it was ended. `waiting` hears of slow ones. */
export function makeLoader(waiting = () => {}) {
  let current = null;
  return async (url, kind = "text") => {
    current?.abort();
    const mine = (current = new AbortController());
    const slow = setTimeout(() => waiting(true), PATIENCE);
    try {
      const response = await fetch(url, { signal: mine.signal, headers: { Accept: kind === "json" ? "application/json" : "text/html" } });
      if (!response.ok) throw new Error(`${response.status}`);
      return await response[kind]();
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    } finally {
      clearTimeout(slow);
      if (current === mine) {
        waiting(false);
        current = null;
      }
    }
  };
}

/** A sentence over the map, with a button where trying again makes sense; one that is `done` leaves by itself. */
export function say(sentence, { retry, done } = {}) {
  const place = document.getElementById("map-message");
  place.replaceChildren(sentence);
  place.classList.toggle("err", !done);
  place.hidden = false;
  clearTimeout(say.leaves);
  if (retry) place.append(" ", button("Try again", () => (hush(), retry())));
  place.append(" ", button("Close", hush));
  if (done) say.leaves = setTimeout(hush, 6000);
}

export function hush() {
  document.getElementById("map-message").hidden = true;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "usa-button neutral small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
