// Where the device is, if the person presses the button and allows it. Without scripts the form asks for words alone.
const box = document.getElementById("place");
const lat = document.getElementById(box?.dataset.lat);
const lon = document.getElementById(box?.dataset.lon);
const said = document.getElementById("place-said");
const use = document.getElementById("place-use");
const drop = document.getElementById("place-drop");

function put(latitude, longitude, words) {
  lat.value = latitude;
  lon.value = longitude;
  said.textContent = words;
  drop.hidden = !latitude;
  use.disabled = false;
}

function found(position) {
  const { latitude, longitude, accuracy } = position.coords;
  put(latitude.toFixed(4), longitude.toFixed(4), box.dataset.found.replace("{n}", Math.max(10, Math.round(accuracy))));
}

function ask() {
  use.disabled = true;
  said.textContent = box.dataset.asking;
  navigator.geolocation.getCurrentPosition(found, () => put("", "", box.dataset.failed), { timeout: 15_000, maximumAge: 60_000 });
}

if (box && lat && lon && "geolocation" in navigator) {
  box.hidden = false;
  drop.hidden = !lat.value;
  if (lat.value) said.textContent = box.dataset.kept;
  use.addEventListener("click", ask);
  drop.addEventListener("click", () => put("", "", box.dataset.removed));
}
