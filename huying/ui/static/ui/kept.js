// What a phone keeps of the desk for one member of staff (the round) is theirs alone: it goes when nobody is
// signed in any more, and when somebody else is. What waits to be sent stays, for only its writer can send it.
"use strict";

(function () {
  if (!self.caches) return;
  const mine = "round-" + document.currentScript.dataset.whose;
  caches.keys().then((names) => names.forEach((name) => {
    if (name.indexOf("round-") === 0 && name !== mine) caches.delete(name);
  })).catch(() => undefined);
})();
