// Keys for staff: j k move through rows ([data-row]), Enter opens (they are links), a letter presses the
// element that carries it (data-key="a"), ? helps. Off while somebody writes, and for good if switched off.
const OFF = "qingyu-keys-off";
const help = document.getElementById("keys");
const choice = document.getElementById("keys-on");

const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
const writing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]");
const isOff = () => localStorage.getItem(OFF) === "1";

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
  if (!rows.length) return;
  const held = rows.indexOf(document.activeElement);
  const open = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const from = held >= 0 ? held : open;
  const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step));
  rows[to].focus();
}

function press(element) {
  if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) element.focus();
  else element.click();
}

function row(element) {
  const line = document.createElement("tr");
  const key = document.createElement("kbd");
  key.textContent = element.dataset.key;
  line.insertCell().append(key);
  const words = element.cloneNode(true);
  for (const extra of words.querySelectorAll("kbd")) extra.remove();
  line.insertCell().textContent = element.dataset.keyLabel || words.textContent.trim();
  line.dataset.found = "1";
  return line;
}

function openHelp() {
  const rows = document.getElementById("keys-rows");
  for (const old of rows.querySelectorAll("[data-found]")) old.remove();
  const found = [...document.querySelectorAll("[data-key]")].filter((e) => shown(e) && !"/?".includes(e.dataset.key));
  rows.append(...found.map(row));
  choice.checked = !isOff();
  help.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
  if (isOff() || writing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") openHelp();
  else {
    const wanted = [...document.querySelectorAll("[data-key]")].find((e) => e.dataset.key === event.key && shown(e));
    if (!wanted) return;
    press(wanted);
  }
  event.preventDefault();
});

// The menu of places closes with Escape, and when somebody clicks beside it.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.closest("[data-key='?']")) openHelp();
});

choice?.addEventListener("change", () => localStorage.setItem(OFF, choice.checked ? "0" : "1"));
