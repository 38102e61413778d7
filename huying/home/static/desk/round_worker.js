// Keeps the round (or a walk) for one clerk on this phone: the day's tasks, forms, scripts and styles they name.
// The network comes first; what was kept is shown when it fails, not longer than a shift, and never to another.
"use strict";

const ROUND = self.ROUND;
const PREFIX = ROUND.prefix; // what was kept for whom stands in the name; ui/kept.js knows it too
const PATIENCE = 8000; // milliseconds before the kept page is shown instead
const KEPT_AT = "X-Kept-At";
const NAMED = /(?:href|src)="(\/static\/[^"#]+)/g;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(keep(event.data.keep).catch(() => undefined));
});

async function names() {
  return (await caches.keys()).filter((name) => name.indexOf(PREFIX) === 0);
}

async function wipe(but) {
  for (const name of await names()) if (name !== but) await caches.delete(name);
}

// A page is kept whole or not at all; whoever is not who the page is for keeps nothing.
async function keep(who) {
  const mine = PREFIX + who;
  await wipe(mine);
  const cache = await caches.open(mine);
  const wanted = [];
  for (const address of Object.values(ROUND.pages)) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected || answer.headers.get(ROUND.whose) !== who) return wipe("");
    const text = await answer.text();
    const headers = { "Content-Type": answer.headers.get("Content-Type"), [KEPT_AT]: String(Date.now()) };
    // The page works under the same rules as when it came from the network.
    const policy = answer.headers.get("Content-Security-Policy");
    if (policy) headers["Content-Security-Policy"] = policy;
    for (const found of text.match(NAMED) || []) wanted.push(found.slice(found.indexOf('"') + 1));
    await cache.put(address, new Response(text, { headers }));
  }
  return keepStatics(cache, wanted);
}

async function keepStatics(cache, wanted) {
  const known = (await cache.keys()).map((one) => new URL(one.url)).map((one) => one.pathname + one.search);
  for (const address of new Set(wanted)) if (known.indexOf(address) < 0) await cache.add(address);
  for (const address of known) {
    const gone = address.indexOf("/static/") === 0 && wanted.indexOf(address) < 0;
    if (gone) await cache.delete(address);
  }
}

// What was kept of an address, if it is not older than a shift; older things are thrown away.
async function held(address) {
  for (const name of await names()) {
    const hit = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (!hit) continue;
    const at = Number(hit.headers.get(KEPT_AT) || Date.now());
    if (Date.now() - at < ROUND.keep_seconds * 1000) return hit;
    await caches.delete(name);
  }
  return undefined;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (ROUND.pages[address.pathname]) event.respondWith(page(request, ROUND.pages[address.pathname]));
  } else if (address.pathname.indexOf("/static/") === 0) {
    event.respondWith(still(request, address.pathname + address.search));
  } else if (address.pathname === ROUND.outline) {
    event.respondWith(outline(request));
  }
});

async function page(request, address) {
  const net = fetch(request);
  const slow = new Promise((done) => setTimeout(done, PATIENCE));
  const first = await Promise.race([net.catch(() => undefined), slow]);
  if (!first) return (await held(address)) || net;
  // Led elsewhere: nobody is signed in any more.
  if (first.type === "opaqueredirect") await wipe("");
  return first;
}

async function still(request, address) {
  return (await held(address)) || fetch(request);
}

// The outline of the town is nobody's; kept with the rest, and gone with it.
async function outline(request) {
  try {
    const answer = await fetch(request);
    const [name] = await names();
    if (answer.ok && name) await (await caches.open(name)).put(request, answer.clone());
    return answer;
  } catch (error) {
    const before = await held(request);
    if (before) return before;
    throw error;
  }
}

// The network is back, also when no page is open: only what the clerk wrote who is at home on this phone goes.
self.addEventListener("sync", (event) => {
  if (event.tag === ROUND.box) event.waitUntil(flush());
});

async function flush() {
  const [name] = await names();
  if (!name) return;
  const box = self.huyingOutboxOf(ROUND.box, ROUND.send, ROUND.token);
  try {
    await box.flush("", name.slice(PREFIX.length));
  } finally {
    (await self.clients.matchAll({ type: "window" })).forEach((one) => one.postMessage({ round: true }));
  }
}
