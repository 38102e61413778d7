// Circles on the map for the rows of the list below it; a tap leads to the row's page.
"use strict";

(function () {
  function draw(map) {
    var points = [];
    document.querySelectorAll("[data-hot-lat]").forEach(function (row) {
      var link = row.querySelector("th a");
      var count = row.querySelector("td.num + td.num");
      var at = [Number(row.dataset.hotLat), Number(row.dataset.hotLon)];
      var mark = document.createElement("span");
      mark.className = "hot-count hot-count-" + row.dataset.hotStage;
      mark.textContent = count ? parseInt(count.textContent, 10) : "";
      var icon = L.divIcon({ className: "", html: mark, iconSize: [34, 34], iconAnchor: [17, 17] });
      L.marker(at, { icon: icon, title: link.textContent, alt: link.textContent, keyboard: true })
        .on("click", function () { window.location.href = link.href; })
        .addTo(map);
      points.push(at);
    });
    if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 15 });
    return points;
  }

  document.addEventListener("huying:map", function (event) {
    if (!event.target.hasAttribute("data-hot")) return;
    var map = event.detail.map;
    var points = draw(map);
    // Boundaries come later and set the view to the whole area; the circles are what is looked at.
    map.on("layeradd", function (added) {
      if (points.length && added.layer.getBounds && added.layer.feature === undefined) {
        window.setTimeout(function () { map.fitBounds(points, { padding: [40, 40], maxZoom: 15 }); }, 0);
      }
    });
  });
})();
