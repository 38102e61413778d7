// Maps on Leaflet, drawn from our own boundaries; a base map only where the town has set one.
"use strict";

(function () {
  const SHENZHEN = [22.69, 114.35]; // where a map without place and boundaries starts
  const NAMES_FROM_ZOOM = 13;

  function shape(root) {
    const number = (name) => (root.dataset[name] === "" || root.dataset[name] === undefined ? null : Number(root.dataset[name]));
    const lat = number("lat");
    const lon = number("lon");
    const canvas = document.createElement("div");
    root.append(canvas);
    root.classList.add("is-live");
    const map = L.map(canvas, {
      preferCanvas: true,
      attributionControl: Boolean(root.dataset.tilesUrl),
      zoomControl: false,
      scrollWheelZoom: false,
      zoomSnap: 0.5,
      // On a phone a finger on a map that only shows must scroll the page.
      dragging: root.hasAttribute("data-pick") || !L.Browser.mobile,
      maxZoom: 19,
    });
    L.control.zoom({ zoomInTitle: root.dataset.textZoomIn, zoomOutTitle: root.dataset.textZoomOut }).addTo(map);
    if (root.dataset.tilesUrl) {
      L.tileLayer(root.dataset.tilesUrl, { attribution: root.dataset.tilesCredit || "", maxZoom: 18 }).addTo(map);
    }
    const placed = lat !== null && lon !== null;
    // Without a base map the neighbouring areas are the only landmarks: stay a little farther off.
    map.setView(placed ? [lat, lon] : SHENZHEN, placed ? (root.dataset.tilesUrl ? 16 : 14) : 12);
    if (root.dataset.boundariesUrl) boundaries(map, root, placed);
    if (root.hasAttribute("data-pick")) pick(map, root, placed);
    else if (placed) L.marker([lat, lon], { icon: pin(), keyboard: false, interactive: false }).addTo(map);
    // The box may have been folded away or resized when the map was made.
    window.addEventListener("resize", () => map.invalidateSize());
    const fold = root.closest("details");
    if (fold) fold.addEventListener("toggle", () => map.invalidateSize());
    // Pages that draw more than a place on their map hear of it here.
    root.dispatchEvent(new CustomEvent("huying:map", { bubbles: true, detail: { map } }));
    return map;
  }

  function pin() {
    return L.divIcon({
      className: "map-pin",
      iconSize: [36, 46],
      iconAnchor: [18, 45],
      html:
        '<svg viewBox="0 0 36 46" aria-hidden="true"><path fill="currentColor" stroke="#fff" stroke-width="2" ' +
        'd="M18 44.5C29.5 31 34.5 24.5 34.5 17a16.5 16.5 0 0 0-33 0c0 7.5 5 14 16.5 27.5z"/>' +
        '<circle cx="18" cy="17" r="6" fill="#fff"/></svg>',
    });
  }

  // GeoJSON features with `name` and perhaps `color`; the outer edge fits the view when no place is given.
  function boundaries(map, root, placed) {
    fetch(root.dataset.boundariesUrl, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((data) => {
        const layer = L.geoJSON(data, {
          interactive: false,
          style: (feature) => ({
            color: "#5d8f89",
            weight: 1.5,
            fillColor: (feature.properties && feature.properties.color) || "#ffffff",
            fillOpacity: 0.7,
          }),
          onEachFeature: (feature, part) => {
            const name = feature.properties && feature.properties.name;
            if (name) part.bindTooltip(name, { permanent: true, direction: "center", className: "map-name" });
          },
        });
        layer.addTo(map);
        map.boundariesLayer = layer;
        if (!placed && !root.dataset.nearUrl && layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [8, 8] });
        names(map, layer);
        map.on("zoomend", () => names(map, layer));
      })
      .catch(() => root.classList.add("has-no-boundaries"));
  }

  // Names crowd a far view: they are shown only from near.
  function names(map, layer) {
    const parts = layer.getLayers();
    const show = map.getZoom() >= NAMES_FROM_ZOOM;
    parts.forEach((part) => part.getTooltip() && (show ? part.openTooltip() : part.closeTooltip()));
  }

  // The pin stands in the middle and the map moves under it: one finger, or the arrow keys, is enough.
  function pick(map, root, placed) {
    const latInput = document.getElementById(root.dataset.latInput);
    const lonInput = document.getElementById(root.dataset.lonInput);
    const block = root.closest(".map-block") || root.parentNode;
    const said = block.querySelector("[data-map-said]");
    const marker = L.marker(map.getCenter(), { icon: pin(), keyboard: false, interactive: false }).addTo(map);
    // Faint until the reader points somewhere, lest it look as if a place were chosen.
    root.classList.toggle("map-unset", !placed);
    const write = () => {
      const centre = map.getCenter();
      root.classList.remove("map-unset");
      latInput.value = centre.lat.toFixed(6);
      lonInput.value = centre.lng.toFixed(6);
      const layer = map.boundariesLayer;
      const inside = !layer || layer.getBounds().contains(centre);
      said.textContent = inside ? root.dataset.textPicked : root.dataset.textOutside;
      latInput.dispatchEvent(new Event("change", { bubbles: true }));
    };
    map.on("move", () => marker.setLatLng(map.getCenter()));
    // Only what the reader did counts as pointing: the first view is nobody's choice.
    map.on("dragend zoomend keyup", () => root.dataset.touched === "1" && write());
    ["pointerdown", "keydown", "touchstart"].forEach((name) => {
      root.addEventListener(name, () => { root.dataset.touched = "1"; }, { passive: true });
    });
    root.addEventListener("keyup", () => window.setTimeout(write, 350));
    map.on("click", (event) => {
      map.panTo(event.latlng);
      map.once("moveend", write);
    });
    if (placed) said.textContent = root.dataset.textPicked;
    root.addEventListener("huying:place", (event) => {
      map.setView([event.detail.lat, event.detail.lon], 17, { animate: false });
      write();
    });
    locate(map, root, block, said, write);
  }

  function locate(map, root, block, said, write) {
    const button = block.querySelector("[data-map-locate]");
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        (position) => {
          button.removeAttribute("aria-busy");
          root.dataset.touched = "1";
          map.setView([position.coords.latitude, position.coords.longitude], 17, { animate: false });
          write();
        },
        () => {
          button.removeAttribute("aria-busy");
          said.textContent = root.dataset.textNoPlace;
        },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
      );
    });
  }

  function start(root) {
    root.querySelectorAll("[data-map]:not(.is-live)").forEach(shape);
  }

  if (typeof L === "undefined") return;
  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
})();
