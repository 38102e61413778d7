// On the round: the nearest first, and a phone without a network. Both pages work without this file.
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

  // --- found and solved, without a network -------------------------------------------------------------------
  const place = document.querySelector("[data-grid-box]");
  if (!place || !self.huyingOutboxOf || !self.indexedDB) return;
  const box = self.huyingOutboxOf("huying-round", place.dataset.send, place.dataset.token);
  const form = document.querySelector("[data-grid-form]");
  const list = place.querySelector("[data-grid-list]");
  const UNSENT = ["csrfmiddlewaretoken", "drop"];

  function draft(state) {
    const fields = {};
    const photos = [];
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string") {
        if (UNSENT.indexOf(name) < 0) fields[name] = value;
      } else if (value.size) {
        photos.push({ name: value.name, blob: value, kind: name, sent: false });
      }
    });
    return {
      key: fields.key, fields, photos, state, savedAt: Date.now(), said: "", tries: 0, leaseUntil: 0, notBefore: 0,
      who: form.dataset.who,
    };
  }

  function line(words, more) {
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = words;
    item.append(text);
    if (more) item.append(more);
    list.append(item);
  }

  function deleteButton(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = list.dataset.textDelete;
    button.addEventListener("click", () => box.remove(key).then(show));
    return button;
  }

  async function show() {
    const drafts = await box.drafts();
    const receipts = await box.receipts();
    list.textContent = "";
    drafts.forEach((one) => {
      // Of what another clerk wrote on this phone only that it lies here is told.
      if (one.who !== place.dataset.who) line(list.dataset.textOther);
      else if (one.state === "refused") line(list.dataset.textRefused + " " + one.said + " " + one.fields.text, deleteButton(one.key));
      else line(list.dataset.textWaiting + " " + one.fields.text);
    });
    receipts.forEach((one) => line(list.dataset.textSent + " " + one.number));
    place.hidden = !drafts.length && !receipts.length;
  }

  async function flush() {
    if (!navigator.onLine) return show();
    await box.flush().catch(() => undefined); // the network went again: later
    return show();
  }

  if (form) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      if (!form.elements.text.value || !form.elements.done.value) {
        (form.elements.text.value ? form.elements.done : form.elements.text).focus();
        return;
      }
      box.put(draft("waiting")).then(() => {
        const kept = document.querySelector("[data-grid-kept]");
        kept.hidden = false;
        kept.focus();
        form.hidden = true;
        show();
      });
    });
  }
  window.addEventListener("online", flush);
  box.sweep().then(flush).catch(() => undefined);
})();
