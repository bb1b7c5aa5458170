// The agent's desk: a call opens by itself, what is typed is kept as it is typed, answers that fit stand beside it.
// Nothing moves under the hands: while a form is open, only what stands beside it changes.
// Without this script the desk is looked at again by its link, and the form is sent as any other.
const pulse = document.getElementById("pulse");
const form = document.getElementById("call-form");
const saved = document.getElementById("saved");
const find = document.getElementById("find-answer");
const atHand = document.getElementById("at-hand");
const SAVE_AFTER = 400;
const LOOK_EVERY = 1000;
const COUNT_EVERY = 15;
const FIT_AFTER = 1200;

let dirty = false;
let saving = null;
let timer = 0;
let fitTimer = 0;
let leaving = false;
let looks = 0;

function typed() {
  const data = new FormData(form);
  data.delete("key");
  return data;
}

async function save() {
  clearTimeout(timer);
  if (saving) await saving;
  if (!dirty || leaving) return;
  dirty = false;
  saving = send();
  await saving;
  saving = null;
}

async function send() {
  try {
    const response = await fetch(form.dataset.draft, { method: "POST", body: typed(), keepalive: true });
    const answer = await response.json();
    if (response.ok) form.elements.version.value = answer.version;
    say(response.ok ? answer.saved : answer.message, !response.ok);
    clearTimeout(fitTimer);
    if (response.ok) fitTimer = setTimeout(() => fit(""), FIT_AFTER);
  } catch {
    dirty = true;
    timer = setTimeout(save, 2000);
  }
}

function say(words, wrong) {
  saved.textContent = words;
  saved.classList.toggle("error", wrong);
}

// Answers to the words looked for, or to what has been typed; not while the agent is choosing among them.
async function fit(words) {
  if (!words && (find.elements.q.value.trim() || atHand.matches(":hover, :focus-within"))) return;
  try {
    const response = await fetch(`${find.dataset.url}?q=${encodeURIComponent(words)}`);
    const text = await response.text();
    if (response.ok && !response.redirected && atHand.dataset.seen !== text) {
      atHand.innerHTML = text;
      atHand.dataset.seen = text;
    }
  } catch {
    // The next key tries again.
  }
}

if (form) {
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  find.addEventListener("submit", (event) => {
    event.preventDefault();
    fit(find.elements.q.value.trim());
  });
  addEventListener("pagehide", () => {
    if (dirty && !leaving) navigator.sendBeacon(form.dataset.draft, typed());
  });
  document.addEventListener("click", (event) => {
    const target = document.getElementById(event.target.closest("[data-insert]")?.dataset.insert ?? "");
    const box = target?.closest("details");
    if (box) box.open = true;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && event.target.closest("input, textarea, select")) event.target.blur(); // letters act again
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.closest("#call-form")) return;
    event.preventDefault();
    const at = event.target.name === "answer" ? "answer" : "file";
    form.requestSubmit([...form.elements].find((one) => one.name === "do" && one.value === at));
  });
  document.getElementById("answer-box").addEventListener("toggle", (event) => {
    if (event.target.open && event.target.id === "answer-box") form.elements.answer.focus();
  });
}

async function look() {
  try {
    const response = await fetch(`${pulse.dataset.url}?seen=${encodeURIComponent(pulse.dataset.seen)}`);
    if (response.status === 200 && !response.redirected && !leaving) return changed(await response.json());
    if (++looks % COUNT_EVERY === 0) await recount();
  } catch {
    // The next look tries again.
  }
  return setTimeout(look, LOOK_EVERY);
}

async function changed(now) {
  if (form) await save();
  if (leaving) return;
  if (!form) return location.assign(pulse.dataset.desk);
  pulse.dataset.seen = now.pulse;
  const open = pulse.dataset.call;
  const untouched = form.elements.version.value === "0" && !form.elements.text.value.trim();
  if (untouched && !now.calls.some(([id]) => id === open)) return location.assign(pulse.dataset.desk);
  await refresh(open);
  return setTimeout(look, LOOK_EVERY);
}

const page = async (url) => {
  const response = await fetch(url);
  return response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
};

// What stands beside the form changes; the form and the place where the agent types stay.
async function refresh(call) {
  const fresh = (await page(`${pulse.dataset.desk}calls/${call}/`))?.getElementById("call-live");
  const old = document.getElementById("call-live");
  if (!fresh) return say(pulse.dataset.gone, true);
  const key = old.contains(document.activeElement) && document.activeElement.dataset.key;
  old.replaceWith(fresh);
  if (key) fresh.querySelector(`[data-key="${key}"]`)?.focus();
}

async function recount() {
  const fresh = (await page(pulse.dataset.desk))?.getElementById("waiting");
  const old = document.getElementById("waiting");
  if (fresh && old) old.textContent = fresh.textContent;
}

if (pulse) setTimeout(look, LOOK_EVERY);
