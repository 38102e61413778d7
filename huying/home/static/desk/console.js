// The console in place: after each decision the hands are where they were, at the next case.
"use strict";

(function () {
  const part = document.getElementById("console");
  if (!part) return;

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== part) return;
    const wrong = part.querySelector("[role=alert] [data-focus], .field-error");
    const heading = part.querySelector("#console-case-title");
    // Focus follows the case, so that a reader hears it and the next key is for it.
    const to = wrong || heading;
    if (to) {
      to.tabIndex = -1;
      to.focus();
    }
    const main = document.getElementById("main");
    if (main) main.scrollTop = 0;
    if (event.detail.requestConfig.verb !== "get" && window.huyingDrawer) window.huyingDrawer.keepUp();
  });

  // A suggestion nobody is named for: its item goes into the form, the unit is asked.
  part.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-other-item]");
    if (!pick) return;
    document.getElementById("console-other").open = true;
    document.getElementById("console-item").value = pick.dataset.otherItem;
    document.getElementById("console-unit").focus();
  });
})();
