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

  // On a phone the tab one is on may lie beyond the edge.
  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.scrollIntoView({ block: "nearest", inline: "center" });

  // A page that was opened for one act shows it, whatever else is on the page.
  const act = location.hash.startsWith("#act-") && document.getElementById(location.hash.slice(1));
  if (act) {
    act.open = true;
    const field = act.querySelector("input:not([type=hidden]), textarea, select");
    if (field) field.focus();
  }
})();
