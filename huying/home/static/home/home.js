// Small helps of the residents' pages; each page works without them.
"use strict";

(function () {
  // A place that was offered while typing is taken over: its words, and its point where it has one.
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-place]");
    if (!offer) return;
    const field = document.querySelector("[name=place_words]");
    const list = offer.closest("#places");
    field.value = offer.dataset.place;
    field.focus();
    if (list) list.textContent = "";
    const map = document.querySelector("[data-map][data-pick]");
    if (offer.dataset.lat && map) {
      const detail = { lat: Number(offer.dataset.lat), lon: Number(offer.dataset.lon) };
      map.dispatchEvent(new CustomEvent("huying:place", { detail }));
      // The map may still be gliding there; the point of the place is known already.
      document.getElementById(map.dataset.latInput).value = detail.lat;
      document.getElementById(map.dataset.lonInput).value = detail.lon;
    }
  });

  // The link of an appeal goes to the clipboard; without a clipboard it can be marked and copied by hand.
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy);
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      field.select();
      navigator.clipboard.writeText(field.value).then(() => {
        button.querySelector("span").textContent = button.dataset.textDone;
      });
    });
  });
})();
