// Parts of a page that follow the hall: [data-live] holds the address of its events. On news the page itself is
// fetched and the part replaced, so the server alone makes markup. A ticket looks only when its number is called or
// ceases to be, else every 20 s: hundreds of phones must not ask at each call. Without a line all ask by themselves.
const parts = [...document.querySelectorAll("[data-live]")];
const own = parts.map((part) => part.dataset.number).find(Boolean);
const LEAST = own ? 3000 : 1000;
const SLOWLY = 20_000;
const ALONE = own ? 8000 : 3000;
let last = 0, waiting = 0, shown = null, alone = 0;

async function look() {
  waiting = 0;
  last = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "live" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.innerHTML = fresh.innerHTML;
    }
  } catch { /* no connection: the next look tries again */ }
}

function soon(least) {
  if (!waiting) waiting = setTimeout(look, Math.max(0, last + least - Date.now()));
}

function news(event) {
  if (!own) return soon(LEAST);
  const call = JSON.parse(event.data).calls.find((one) => one.number === own);
  const now = call ? call.window + call.at : "";
  if (shown !== null && now !== shown) {
    clearTimeout(waiting);
    waiting = 0;
    soon(0);
    if (now) navigator.vibrate?.(400);
  }
  shown = now;
}

function listen() {
  const events = new EventSource(parts[0].dataset.live);
  events.addEventListener("board", news);
  events.addEventListener("open", () => { clearInterval(alone); alone = 0; soon(LEAST); }); // what was missed meanwhile
  events.addEventListener("error", () => {
    if (!alone) alone = setInterval(soon, ALONE, 0);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 10_000);
  });
}

if (parts.length) {
  last = Date.now();
  listen();
  setInterval(soon, SLOWLY, 0);
}
