// Reported nearby: the place is asked for on a tap only and rounded here; markers on the map, the list stays.
"use strict";

(function () {
  const STEP = 1000; // per degree: about a hundred metres

  function ask(box) {
    const button = box.querySelector("[data-near-locate]");
    const said = box.querySelector("[data-near-said]");
    if (!navigator.geolocation) return;
    box.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (position) => {
          const rounded = (degrees) => (Math.round(degrees * STEP) / STEP).toFixed(3);
          const { latitude, longitude } = position.coords;
          window.location.href = button.dataset.url + "?lat=" + rounded(latitude) + "&lon=" + rounded(longitude);
        },
        () => {
          button.removeAttribute("aria-busy");
          said.textContent = said.dataset.textNone;
        },
        { timeout: 10000, maximumAge: 300000 },
      );
    });
  }

  function list(spot, root) {
    const box = document.createElement("div");
    const head = document.createElement("strong");
    head.textContent = spot.name;
    box.append(head);
    if (spot.kind === "community") box.append(" (" + root.dataset.textCommunity + ")");
    const lines = document.createElement("ul");
    lines.className = "near-pop";
    spot.matters.forEach((matter) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = matter.url;
      link.textContent = matter.item;
      line.append(link, " · " + matter.state);
      lines.append(line);
    });
    box.append(lines);
    if (spot.count > spot.matters.length) box.append(root.dataset.textMore);
    return box;
  }

  function draw(root, map) {
    fetch(root.dataset.nearUrl, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((data) => {
        const points = data.features.map((feature) => {
          const spot = feature.properties;
          const at = [feature.geometry.coordinates[1], feature.geometry.coordinates[0]];
          const mark = document.createElement("span");
          mark.className = "near-count" + (spot.kind === "community" ? " near-count-community" : "");
          mark.textContent = spot.count;
          L.marker(at, {
            icon: L.divIcon({ className: "", html: mark.outerHTML, iconSize: [30, 30], iconAnchor: [15, 15] }),
            title: spot.name + " " + spot.count,
            alt: spot.name + " " + spot.count,
          }).addTo(map).bindPopup(list(spot, root));
          return at;
        });
        if (points.length) map.fitBounds(points, { padding: [32, 32], maxZoom: 15 });
      })
      .catch(() => root.classList.add("has-no-matters"));
  }

  document.querySelectorAll("[data-near-ask]").forEach(ask);
  document.addEventListener("huying:map", (event) => {
    if (event.target.dataset.nearUrl) draw(event.target, event.detail.map);
  });
})();
