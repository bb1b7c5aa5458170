// The board: draws what the event process sends; without it asks every 3 s. Each new call flashes once and is spoken.
const main = document.getElementById("main");
const calls = document.getElementById("calls");
const words = main.dataset;
const voice = document.getElementById("voice");
const spoken = document.getElementById("spoken");
const say = "speechSynthesis" in window;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const RECENT = 60_000; // who was called longer ago, while the line was lost, is shown and not called out again
const nameOf = (call) => call.number + " " + call.at;
let known = new Set([...calls.children].map((row) => row.dataset.key));
let version = Number(words.version);
let drawn = "";
let polling = 0;

function draw(state) {
  if (state.version === version || state.at < drawn) return;
  [version, drawn] = [state.version, state.at];
  const fresh = state.calls.filter((call) => !known.has(nameOf(call)) && new Date(state.at) - new Date(call.at) < RECENT);
  calls.replaceChildren(...state.calls.map((call) => row(call, fresh.includes(call))));
  known = new Set(state.calls.map(nameOf));
  document.getElementById("nobody").hidden = state.calls.length > 0;
  state.services.forEach(wait);
  [...fresh].reverse().forEach(call);
}

function row(call, flashes) {
  const line = document.getElementById("call").content.cloneNode(true).firstElementChild;
  line.dataset.key = nameOf(call);
  line.querySelector(".board-number").textContent = call.number;
  line.querySelector(".board-window > span").textContent = call.window;
  line.querySelector(".low").hidden = !call.low;
  line.querySelector(".aid").hidden = !call.hearing_aid;
  line.querySelector(".board-arrow").dataset.direction = call.direction;
  line.classList.toggle("board-new", flashes);
  return line;
}

function wait(service) {
  const cells = document.querySelector(`#services [data-code="${CSS.escape(service.code)}"]`)?.cells;
  if (!cells) return location.reload(); // another service is offered
  cells[1].textContent = service.waiting;
  const range = service.wait;
  cells[2].textContent = !range ? words.none : range.high <= 2 ? words.rightAway : filled(words.minutes, range);
}

function call(one) {
  const text = filled(words.say, { number: [...one.number].join(" "), window: one.window });
  spoken.textContent = text;
  if (!say || voice.getAttribute("aria-pressed") !== "true") return;
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = words.language.startsWith("en") ? "en" : "zh-CN";
  speech.rate = 0.85;
  speechSynthesis.speak(speech);
}

async function ask() {
  const lost = document.getElementById("lost");
  try {
    draw(await (await fetch(words.state)).json());
    lost.hidden = true;
  } catch {
    lost.textContent = words.lost;
    lost.hidden = false;
  }
}

function listen() {
  const events = new EventSource(words.events);
  events.addEventListener("board", (event) => draw(JSON.parse(event.data)));
  events.addEventListener("open", () => { clearInterval(polling); polling = 0; document.getElementById("lost").hidden = true; });
  events.addEventListener("error", () => {
    if (!polling) polling = setInterval(ask, 3000);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 10_000);
  });
}

function tick() {
  document.getElementById("clock").textContent = new Date().toLocaleTimeString(words.language, { timeZone: words.zone, hour: "2-digit", minute: "2-digit" });
}

if (say) {
  voice.hidden = false;
  voice.addEventListener("click", () => voice.setAttribute("aria-pressed", String(voice.getAttribute("aria-pressed") !== "true")));
}
tick();
setInterval(tick, 5000);
listen();
