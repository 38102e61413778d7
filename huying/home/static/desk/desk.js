// Small helps of the desk; each page works without them.
"use strict";

(function () {
  // An item picked in the drawer goes into the field it was asked for.
  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick-into]");
    if (!pick) return;
    const field = document.getElementById(pick.dataset.pickInto);
    if (!field) return;
    field.value = pick.dataset.pick;
    const close = document.querySelector("[data-drawer-close]");
    if (close) close.click();
    field.focus();
  });

  // A quick phrase goes where the cursor stands in its field.
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    const field = phrase && document.getElementById(phrase.dataset.phraseInto);
    if (!field || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = field.selectionStart;
    field.value = field.value.slice(0, at) + phrase.dataset.phrase + field.value.slice(field.selectionEnd);
    field.focus();
    field.selectionStart = field.selectionEnd = at + phrase.dataset.phrase.length;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // On a phone the tab one is on may lie beyond the edge.
  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.scrollIntoView({ block: "nearest", inline: "center" });

  // The form of an act is fetched when the act is unfolded; should that fail, the link to it stays.
  document.addEventListener("toggle", (event) => {
    const fold = event.target;
    const box = fold.open && fold.querySelector && fold.querySelector("[data-form-url]");
    if (!box || !window.htmx || box.closest("details") !== fold || box.dataset.asked) return;
    box.dataset.asked = "1";
    window.htmx.ajax("GET", box.dataset.formUrl, { target: box, swap: "innerHTML show:none" });
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const box = event.detail.target;
    if (box && box.dataset && box.dataset.asked && !event.detail.successful) delete box.dataset.asked;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = event.target;
    if (!box.dataset || !box.dataset.asked) return;
    // Lists of choices the page has already are not brought a second time.
    box.querySelectorAll("datalist[id]").forEach((list) => {
      if (document.getElementById(list.id) !== list) list.remove();
    });
    const fold = box.closest("details");
    const field = box.querySelector("input:not([type=hidden]), textarea, select");
    if (field && fold.open && (document.activeElement === document.body || fold.contains(document.activeElement))) field.focus();
  });

  // A page that was opened for one act shows it, whatever else is on the page.
  const act = location.hash.startsWith("#act-") && document.getElementById(location.hash.slice(1));
  if (act) {
    act.open = true;
    const field = act.querySelector("input:not([type=hidden]), textarea, select");
    if (field) field.focus();
  }

  // Whoever types a reply says so with the next sign; who stops, does not.
  document.addEventListener("input", (event) => {
    const dock = event.target.closest && event.target.closest("textarea") && event.target.closest(".act-dock");
    if (!dock) return;
    const sign = signOf(dock);
    if (sign) sign.value = event.target.value ? "writing" : sign.dataset.doing;
  });

  function signOf(inside) {
    const place = inside.closest("[data-case], main") || document;
    return place.querySelector("[data-here] input");
  }

  // Leaving is said as well, so that nobody waits for somebody who has gone.
  function leave(root) {
    root.querySelectorAll("[data-here]").forEach((sign) => {
      const told = new URLSearchParams({ doing: "away" });
      const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
      fetch(sign.getAttribute("hx-post"), {
        method: "POST", body: told, keepalive: true, credentials: "same-origin",
        headers: { "X-CSRFToken": token },
      }).catch(() => {});
    });
  }
  window.addEventListener("pagehide", () => leave(document));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const swapped = event.detail.target;
    if (swapped && (swapped.id === "drawer-body" || swapped.id === "console")) leave(swapped);
  });
  const drawer = document.querySelector("[data-drawer]");
  // Before the drawer empties itself.
  if (drawer) drawer.addEventListener("huying:closed", () => leave(drawer), true);
})();
