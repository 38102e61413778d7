// Keeps what filing needs without a network, and nothing else: bare shells, scripts, styles, the town's outline.
// Pages with anything of a resident in them are always fetched and never kept.
"use strict";

const KEPT_AS = "huying-" + self.KEPT.version;
const STATICS = self.KEPT.statics;
const OUTLINE = "/map/boundaries.json";
const PATIENCE = 10000; // milliseconds for the form before the kept one is shown instead
const OTHERS = /^\/(desk|api|static|ui|i18n|admin|metrics|healthz|readyz)(\/|$)/;
const kept = (page) => "/offline/" + page + "/";
const held = (request) => caches.match(request, { ignoreVary: true });

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(KEPT_AS).then((cache) => cache.addAll(STATICS)).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // The new version keeps the same shells as the one it takes over from.
    const which = await held("/offline/which");
    if (which) await which.json().then(keepShells).catch(() => undefined);
    for (const name of await caches.keys()) {
      if (name.indexOf("huying-") === 0 && name !== KEPT_AS) await caches.delete(name);
    }
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
  })());
});

// The page says in which language and size its reader reads; only that shell is kept.
self.addEventListener("message", (event) => {
  if (event.data && event.data.shells) event.waitUntil(keepShells(event.data.shells));
});

async function keepShells(shells) {
  const cache = await caches.open(KEPT_AS);
  const which = await cache.match("/offline/which");
  const wanted = JSON.stringify(shells);
  if (!self.KEPT.shells.every((page) => String(shells[page]).indexOf("/offline/") === 0)) return;
  if (which && (await which.text()) === wanted) return;
  for (const page of self.KEPT.shells) {
    const answer = await fetch(shells[page], { credentials: "omit", cache: "no-cache" });
    if (!answer.ok || answer.redirected) return;
    await cache.put(kept(page), answer);
  }
  await cache.put("/offline/which", new Response(wanted));
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "POST" && address.pathname === "/file/") event.respondWith(sent(request));
    else if (request.method === "GET" && !OTHERS.test(address.pathname)) event.respondWith(page(event, address.pathname));
  } else if (request.method === "GET" && STATICS.indexOf(address.pathname + address.search) >= 0) {
    event.respondWith(held(request).then((hit) => hit || fetch(request)));
  } else if (request.method === "GET" && address.pathname === OUTLINE) {
    event.respondWith(outline(request));
  }
});

async function page(event, path) {
  const name = path === "/file/" ? "file" : "away";
  const net = Promise.resolve(event.preloadResponse).then((early) => early || fetch(event.request));
  if (name === "file") {
    const slow = new Promise((done) => setTimeout(done, PATIENCE));
    const first = await Promise.race([net.catch(() => undefined), slow]);
    if (first) return first;
    return (await held(kept(name))) || net;
  }
  try {
    return await net;
  } catch (error) {
    const away = await held(kept(name));
    if (away) return away;
    throw error;
  }
}

// The form is on its way and the network fails: its draft, saved by the page, waits from now on.
async function sent(request) {
  try {
    return await fetch(request);
  } catch (error) {
    // The newest: an older one on its way may have met a question nobody answered.
    const found = (await self.huyingOutbox.drafts()).filter((draft) => draft.state === "sending");
    const newest = found.sort((one, other) => other.savedAt - one.savedAt)[0];
    if (!newest) throw error;
    await self.huyingOutbox.change(newest.key, (draft) => { draft.state = "waiting"; });
    if (self.registration.sync) await self.registration.sync.register("outbox").catch(() => undefined);
    return Response.redirect("/file/#kept", 303);
  }
}

async function outline(request) {
  const cache = await caches.open(KEPT_AS);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(OUTLINE, answer.clone());
    return answer;
  } catch (error) {
    const before = await held(OUTLINE);
    if (before) return before;
    throw error;
  }
}

// The network is back, also when no page is open.
self.addEventListener("sync", (event) => {
  if (event.tag !== "outbox") return;
  event.waitUntil(self.huyingOutbox.flush().then(tellPages, (error) => tellPages().then(() => { throw error; })));
});

async function tellPages() {
  const pages = await self.clients.matchAll({ type: "window" });
  pages.forEach((one) => one.postMessage({ outbox: true }));
}
