// The desk: a case opens beside the list on wide screens, and forms there leave the list where it is.
// Without this script every link and form works as a page of its own.
const WIDE = matchMedia("(min-width: 70.01em)");
const listUrl = location.href;
const beside = () => WIDE.matches && document.querySelector(".shell.desk");

async function read(url, options) {
  const response = await fetch(url, { ...options, headers: { Accept: "text/html" } });
  const text = await response.text();
  return { page: new DOMParser().parseFromString(text, "text/html"), url: response.url };
}

function take(page, selector) {
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  if (!fresh || !old) return null;
  old.innerHTML = fresh.innerHTML;
  return old;
}

function show({ page, url }) {
  const article = take(page, "#case");
  if (!article) return location.assign(url); // signed out, or out of sight
  article.classList.add("opened");
  article.scrollTop = 0;
  article.tabIndex = -1;
  article.focus({ preventScroll: true });
  document.title = page.title;
  prepare(article);
  mark(new URL(url).pathname);
}

function mark(path) {
  const open = document.querySelector("#case .code")?.textContent ?? "";
  for (const row of document.querySelectorAll("[data-row]")) {
    const here = row.pathname === path || (open && row.pathname.endsWith(`/${open}/`));
    here ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current");
  }
}

async function refreshList() {
  const list = document.querySelector(".shell-list");
  const top = list.scrollTop;
  const { page } = await read(listUrl);
  take(page, ".shell-list");
  take(page, ".shell-baskets");
  list.scrollTop = top;
  mark(location.pathname);
}

document.addEventListener("click", async (event) => {
  const row = event.target.closest("[data-row]");
  const link = row ?? event.target.closest("#case a.btn[data-key]");
  if (!link || !beside() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState(null, "", row ? link.href : location.href);
  show(await read(link.href));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!beside() || !form.closest("#case") || form.method !== "post") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  show(await read(form.action, { method: "POST", body }));
  await refreshList();
});

addEventListener("popstate", () => location.reload());

// ---------------------------------------------------------------- forms

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const area = document.getElementById(button.dataset.insert);
  area.setRangeText(button.dataset.text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

document.addEventListener("toggle", (event) => {
  const act = event.target;
  if (!act.open || !act.matches(".act")) return;
  act.querySelector("form :is(input:not([type=hidden]), select, textarea)")?.focus({ preventScroll: true });
  act.scrollIntoView({ block: "nearest" });
}, true);

function narrow(select) {
  if (select.dataset.ready) return;
  select.dataset.ready = "1";
  const all = [...select.options];
  const box = Object.assign(document.createElement("input"), { type: "search", className: "input filter-box", autocomplete: "off" });
  const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim() ?? "";
  box.setAttribute("aria-label", `${label} (${select.dataset.filter})`);
  box.placeholder = select.dataset.filter;
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    const fitting = all.filter((option) => !wanted || option.text.toLowerCase().includes(wanted));
    if (!fitting.length) return;
    const chosen = select.value;
    select.replaceChildren(...fitting);
    if (wanted) select.value = fitting[0].value || fitting[1]?.value || "";
    else if (fitting.some((option) => option.value === chosen)) select.value = chosen;
  });
  const pair = Object.assign(document.createElement("div"), { className: "filter-pair" });
  select.before(pair);
  pair.append(box, select);
}

function prepare(root) {
  for (const select of root.querySelectorAll("select[data-filter]")) narrow(select);
}

prepare(document);
