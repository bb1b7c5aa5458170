// Letters left under a textarea. A line end counts as two, as the form is sent; the server decides.
function lettersIn(area) {
  return [...area.value.replace(/\r?\n/g, "\r\n")].length;
}

function show(note, said, area) {
  const left = Number(note.dataset.max) - lettersIn(area);
  const words = left < 0 ? note.dataset.over : note.dataset.left;
  note.textContent = words.replace("{n}", Math.abs(left));
  note.classList.toggle("over", left < 0);
  clearTimeout(said.timer); // read aloud only when typing rests
  said.timer = setTimeout(() => (said.textContent = note.textContent), 1000);
}

function watch(note) {
  const area = document.getElementById(note.dataset.count);
  if (!area || note.dataset.watched) return;
  note.dataset.watched = "1";
  const said = Object.assign(document.createElement("span"), { className: "sr" });
  said.setAttribute("aria-live", "polite");
  note.after(said);
  note.setAttribute("aria-hidden", "true");
  area.removeAttribute("maxlength"); // typing on is kinder than letters that vanish
  area.addEventListener("input", () => show(note, said, area));
  if (area.value) show(note, said, area);
}

function watchAll() {
  for (const note of document.querySelectorAll("[data-count]")) watch(note);
}

watchAll();
document.addEventListener("htmx:after:swap", watchAll);
