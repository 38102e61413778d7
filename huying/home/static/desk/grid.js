// On the round: the nearest first. The page works without this file.
"use strict";

(function () {
  // --- near me: the position is asked for on a tap, used on this device and forgotten -------------------------
  const near = document.querySelector("[data-near]");
  const EARTH_METRES = 6371000;

  function metres(lat, lon, toLat, toLon) {
    const rad = Math.PI / 180;
    const x = (toLon - lon) * rad * Math.cos(((lat + toLat) / 2) * rad);
    const y = (toLat - lat) * rad;
    return Math.sqrt(x * x + y * y) * EARTH_METRES;
  }

  function tell(distance) {
    if (distance >= 1000) return near.dataset.textKilometres.replace("{number}", (distance / 1000).toFixed(1));
    return near.dataset.textMetres.replace("{number}", String(Math.round(distance / 10) * 10));
  }

  function sort(position) {
    document.querySelectorAll("[data-near-list]").forEach((list) => {
      const tasks = Array.from(list.querySelectorAll("[data-lat]")).map((task) => ({
        task,
        far: task.dataset.lat === "" ? Infinity : metres(
          position.coords.latitude, position.coords.longitude, Number(task.dataset.lat), Number(task.dataset.lon),
        ),
      }));
      tasks.sort((one, other) => one.far - other.far);
      tasks.forEach((one) => {
        one.task.querySelector("[data-distance]").textContent = one.far === Infinity ? "" : tell(one.far);
        list.append(one.task);
      });
    });
  }

  if (near && navigator.geolocation) {
    const said = document.querySelector("[data-near-said]");
    near.hidden = false;
    said.hidden = false;
    near.addEventListener("click", () => {
      near.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (position) => { near.removeAttribute("aria-busy"); sort(position); },
        () => { near.removeAttribute("aria-busy"); said.textContent = near.dataset.textNoPlace; },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
      );
    });
  }
})();
