// The agent's desk: a call opens by itself, and what is typed is kept as it is typed.
// Without this script the desk is looked at again by its link, and the form is sent as any other.
const pulse = document.getElementById("pulse");
const form = document.getElementById("call-form");
const saved = document.getElementById("saved");
const SAVE_AFTER = 400;
const LOOK_EVERY = 1000;

let dirty = false;
let saving = null;
let timer = 0;
let leaving = false;

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
    saved.textContent = response.ok ? answer.saved : answer.message;
    saved.classList.toggle("error", !response.ok);
  } catch {
    dirty = true;
    timer = setTimeout(save, 2000);
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
  addEventListener("pagehide", () => {
    if (dirty && !leaving) navigator.sendBeacon(form.dataset.draft, typed());
  });
}

async function look() {
  try {
    const response = await fetch(`${pulse.dataset.url}?seen=${encodeURIComponent(pulse.dataset.seen)}`);
    if (response.status === 200 && !response.redirected && !leaving) return changed(await response.json());
  } catch {
    // The next look tries again.
  }
  return setTimeout(look, LOOK_EVERY);
}

async function changed(now) {
  if (form) await save();
  if (leaving) return;
  const open = pulse.dataset.call;
  const first = now.calls.length > 0;
  const still = now.calls.some(([id]) => id === open);
  if (!open || !still) return first || open ? location.assign("/hotline/") : location.reload();
  pulse.dataset.seen = now.pulse;
  await refresh(open);
  return setTimeout(look, LOOK_EVERY);
}

// What stands above the form changes; the form and the place where the agent types stay.
async function refresh(call) {
  const response = await fetch(`/hotline/calls/${call}/`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["call-live", "others-live"]) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(fresh);
  }
}

if (pulse) setTimeout(look, LOOK_EVERY);
