// What a phone keeps of the desk for one member of staff (round, walk) is theirs alone: it goes when nobody is
// signed in any more, and when somebody else is. What waits to be sent stays, for only its writer can send it.
"use strict";

(function () {
  if (!self.caches) return;
  const whose = document.currentScript.dataset.whose;
  caches.keys().then((names) => names.forEach((name) => {
    const kind = ["round-", "walk-"].find((prefix) => name.indexOf(prefix) === 0);
    if (kind && name !== kind + whose) caches.delete(name);
  })).catch(() => undefined);
})();
