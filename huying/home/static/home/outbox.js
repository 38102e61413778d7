// Drafts of appeals in this browser's own database, and the way out of it; for pages and for the worker.
// A draft's `state`: writing, sending (a form is on its way), waiting (for the network), refused (needs a hand).
"use strict";

(function () {
  const DAY = 24 * 3600 * 1000;
  const KEEP = 7 * DAY; // a draft nobody touched; told on the page
  const LEASE = 3 * 60 * 1000; // while one page or worker sends a draft, no other does
  const UNDERWAY = 20 * 1000; // a form on its way is asked after only later

  // A box of drafts of its own: its name in the browser, where its drafts go, and where a token is had.
  function box(NAME, SEND, TOKEN) {
    let opened = null;

    function open() {
      if (opened) return opened;
      opened = new Promise((done, fail) => {
        const asked = self.indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () => {
          asked.result.createObjectStore("drafts", { keyPath: "key" });
          asked.result.createObjectStore("receipts", { keyPath: "number" });
          asked.result.createObjectStore("notes", { keyPath: "name" });
        };
        asked.onsuccess = () => {
          // A newer version of these pages in another tab must not wait for us.
          asked.result.onversionchange = () => asked.result.close();
          done(asked.result);
        };
        asked.onerror = () => fail(asked.error);
      });
      return opened;
    }

    // One transaction: `act` gets the store, may answer with a request, and the promise gives its result.
    async function within(store, mode, act) {
      const base = await open();
      return new Promise((done, fail) => {
        const transaction = base.transaction(store, mode);
        const asked = act(transaction.objectStore(store));
        transaction.oncomplete = () => done(asked ? asked.result : undefined);
        transaction.onerror = transaction.onabort = () => fail(transaction.error);
      });
    }

    const get = (key) => within("drafts", "readonly", (store) => store.get(key));
    const drafts = () => within("drafts", "readonly", (store) => store.getAll());
    const receipts = () => within("receipts", "readonly", (store) => store.getAll());
    const remove = (key) => within("drafts", "readwrite", (store) => store.delete(key));
    const put = (draft) => within("drafts", "readwrite", (store) => store.put(draft));
    const forget = (number) => within("receipts", "readwrite", (store) => store.delete(number));
    const note = (name, value) => within("notes", "readwrite", (store) => store.put({ name, value }));
    const noted = async (name) => ((await within("notes", "readonly", (store) => store.get(name))) || {}).value;

    // Changes a draft as it stands now, not as somebody read it a while ago; gives back what `how` says.
    async function change(key, how) {
      let said;
      await within("drafts", "readwrite", (store) => {
        const asked = store.get(key);
        asked.onsuccess = () => {
          if (!asked.result) return;
          said = how(asked.result);
          if (said !== false) store.put(asked.result);
        };
      });
      return said;
    }

    async function clear(states) {
      for (const draft of await drafts()) {
        if (!states || states.indexOf(draft.state) >= 0) await remove(draft.key);
      }
      for (const receipt of await receipts()) await forget(receipt.number);
    }

    async function sweep() {
      const now = Date.now();
      for (const draft of await drafts()) if (now - draft.savedAt > KEEP) await remove(draft.key);
      for (const receipt of await receipts()) if (now - receipt.at > DAY) await forget(receipt.number);
    }

    // Sends what waits, oldest first; of one writer alone where `who` says whose. Rejects when the network fails:
    // the caller tries again later.
    // A lock falls back by itself when its page is closed half-way; without locks the lease runs out.
    function flush(own, who) {
      const locks = self.navigator.locks;
      if (!locks) return goThrough(own, who, false);
      return locks.request(NAME + "-outbox", { ifAvailable: true }, (lock) => (lock ? goThrough(own, who, true) : undefined));
    }

    async function goThrough(own, who, locked) {
      const found = (await drafts()).sort((one, other) => one.savedAt - other.savedAt);
      for (const draft of found) {
        if (draft.key === own || (who && draft.who !== who)) continue;
        const asks = draft.state === "sending" && Date.now() - draft.savedAt > UNDERWAY;
        if (draft.state !== "waiting" && !asks) continue;
        const mine = await change(draft.key, (held) => lease(held, locked));
        if (!mine) continue;
        try {
          await (asks ? settle(draft.key) : send(draft.key));
        } finally {
          await change(draft.key, (held) => { held.leaseUntil = 0; });
        }
      }
    }

    function lease(draft, locked) {
      const now = Date.now();
      if (draft.notBefore > now || (!locked && draft.leaseUntil > now)) return false;
      draft.leaseUntil = now + LEASE;
      return true;
    }

    // A form went out and nobody saw the answer: ask whether it arrived.
    async function settle(key) {
      const told = await ask(SEND + "?key=" + encodeURIComponent(key));
      if (told.state === "taken") return taken(key, told);
      return change(key, (draft) => { draft.state = "writing"; });
    }

    async function send(key) {
      const draft = await get(key);
      if (!draft) return undefined;
      const token = (await ask(TOKEN)).token;
      for (let index = 0; index < draft.photos.length; index += 1) {
        const photo = draft.photos[index];
        if (photo.sent) continue;
        const told = await post(token, Object.assign(
          { key, who: draft.who, part: "photo", kind: photo.kind || "" }, belonging(draft.fields)
        ), photo);
        if (told.state !== "kept") return answered(key, told);
        await change(key, (held) => { held.photos[index].sent = true; });
      }
      const whole = Object.assign({}, draft.fields, {
        key, who: draft.who, part: "whole", photo_count: draft.photos.length, written_at: new Date(draft.savedAt).toISOString(),
      });
      return answered(key, await post(token, whole, null));
    }

    // A photo goes ahead of its form: what the form belongs to goes with it, or nobody may take it.
    function belonging(fields) {
      const named = {};
      ["act", "walk"].forEach((name) => { if (fields[name]) named[name] = fields[name]; });
      return named;
    }

    function answered(key, told) {
      if (told.state === "taken") return taken(key, told);
      return change(key, (draft) => {
        draft.tries = (draft.tries || 0) + 1;
        draft.signedOut = told.state === "signed_out";
        if (draft.signedOut) return; // it waits for a hand to sign in, not for a time
        if (told.state === "photos_missing") draft.photos.forEach((photo) => { photo.sent = false; });
        if (told.state === "refused" || told.state === "conflict") {
          draft.state = "refused";
          draft.said = told.sentence || "";
          // What was changed meanwhile: where to look, and what one has seen after looking.
          draft.url = told.url || "";
          draft.seenNow = told.seen;
        } else {
          const seconds = told.seconds || Math.min(3600, 15 * Math.pow(2, draft.tries));
          draft.notBefore = Date.now() + seconds * 1000;
        }
      });
    }

    async function taken(key, told) {
      const who = ((await get(key)) || {}).who;
      await within("receipts", "readwrite", (store) => store.put({ number: told.number, url: told.url, at: Date.now(), who }));
      return remove(key);
    }

    function post(token, fields, photo) {
      const data = new FormData();
      Object.keys(fields).forEach((name) => data.append(name, fields[name]));
      if (photo) data.append("photos", photo.blob, photo.name);
      return ask(SEND, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    }

    // A page of a hotel's network that stands in the way is no answer of ours: JSON or nothing.
    async function ask(address, options) {
      const answer = await fetch(address, Object.assign({ credentials: "same-origin", cache: "no-store" }, options));
      const kind = answer.headers.get("Content-Type") || "";
      if (kind.indexOf("application/json") === 0) return answer.json();
      if (answer.status >= 400) return { state: "later" };
      throw new TypeError("not our answer");
    }

    return { get, drafts, receipts, put, change, remove, forget, clear, sweep, flush, note, noted };
  }

  self.huyingOutboxOf = box;
  self.huyingOutbox = box("huying", "/file/outbox/", "/file/token/");
})();
