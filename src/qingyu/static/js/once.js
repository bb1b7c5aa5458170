// A second click on a slow form must not send it twice. The server also refuses doubles (idempotency key);
// this only spares people the wait and the doubt. Forms that htmx sends are left to hx-disable.
const AGAIN_AFTER = 10_000; // ms; a form that answers with a download never leaves the page

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[data-once]")) {
    button.disabled = false;
    delete button.dataset.once;
  }
}

function hold(form) {
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type=button]):not(:disabled), input[type=submit]:not(:disabled)")) {
    button.disabled = true;
    button.dataset.once = "1";
  }
  setTimeout(release, AGAIN_AFTER, form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  else setTimeout(hold, 0, form); // after the browser has read the pressed button's name and value
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
  document.querySelector(".error-summary[data-focus]")?.focus();
});
