// The kiosk goes back to its first screen so that nobody reads the number of the one before.
const slip = document.querySelector("[data-return]");
if (slip) setTimeout(() => location.replace(slip.dataset.return), 25_000);
