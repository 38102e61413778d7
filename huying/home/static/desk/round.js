// What is written on the round or a walk is kept on this phone first and sent then: a dead spot loses nothing, and
// what was sent twice is taken once. Every form works without this file, with a network.
"use strict";

(function () {
  const place = document.querySelector("[data-grid-box]");
  if (!place || !self.huyingOutboxOf || !self.indexedDB) return;
  const box = self.huyingOutboxOf(place.dataset.box, place.dataset.send, place.dataset.token);
  const who = place.dataset.who;
  const list = place.querySelector("[data-grid-list]");
  const offline = document.querySelector("[data-round-offline]");
  const store = document.querySelector("[data-step-forms]");
  const UNSENT = ["csrfmiddlewaretoken", "drop"];
  const AGAIN = 30000; // milliseconds until what still waits is tried again
  const carried = new Map(); // photos of what was taken up again to be corrected, by its form
  let timer = 0;

  // --- the forms -------------------------------------------------------------------------------------------

  function newKey() {
    const parts = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    parts[6] = (parts[6] & 15) | 64;
    parts[8] = (parts[8] & 63) | 128;
    const text = parts.map((part) => (part + 256).toString(16).slice(1)).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  function draft(form) {
    const fields = {};
    const photos = (carried.get(form) || []).slice();
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string") {
        if (UNSENT.indexOf(name) < 0) fields[name] = value;
      } else if (value.size) {
        photos.push({ name: value.name, blob: value, kind: name, sent: false });
      }
    });
    fields.key = fields.key || newKey();
    return {
      key: fields.key, fields, photos, state: "waiting", savedAt: Date.now(), said: "", tries: 0, leaseUntil: 0,
      notBefore: 0, who, label: form.dataset.label || "",
    };
  }

  function complete(form) {
    const why = form.elements.unsolved_reason;
    const solved = form.querySelector("[name=solved]:checked");
    if (why) why.required = Boolean(solved) && solved.value !== "yes";
    if (form.checkValidity()) return true;
    form.reportValidity();
    return false;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.hasAttribute("data-round")) return;
    if (!complete(form)) { event.preventDefault(); return; }
    if (form.querySelector("[name=drop]")) return; // photos the server keeps already: its own form goes on
    event.preventDefault();
    box.put(draft(form)).then(() => kept(form), () => {
      if (navigator.onLine && form.elements.csrfmiddlewaretoken) return form.submit();
      place.hidden = false;
      place.querySelector("[data-box-full]").hidden = false;
      return undefined;
    });
  });

  async function kept(form) {
    carried.delete(form);
    if (form.dataset.round === "step") {
      close(form);
    } else if (form.dataset.round === "walk") {
      again(form);
    } else {
      form.hidden = true;
      document.querySelector("[data-grid-more]").hidden = false;
      const told = document.querySelector("[data-grid-kept]");
      told.hidden = false;
      told.focus();
    }
    askForSync();
    await show();
    await flush();
    const left = (await box.drafts()).some((one) => one.who === who);
    if (form.dataset.round === "found" && !left) document.querySelector("[data-grid-kept]").hidden = true;
  }

  // A form of a walk is used for one thing after another: where one stands stays chosen.
  function again(form) {
    const stays = Array.from(form.querySelectorAll("[data-stays]")).map((field) => [field, field.value]);
    clear(form);
    form.elements.key.value = newKey();
    stays.forEach(([field, value]) => { field.value = value; });
    const told = form.querySelector("[data-walk-kept]");
    told.hidden = false;
    told.focus();
  }

  // --- a step opens below its task -------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-step]");
    if (opener && store && !event.ctrlKey && !event.metaKey) {
      const form = document.querySelector("[data-step-form=" + opener.dataset.step + "]");
      if (!form) return;
      event.preventDefault();
      open(form, opener.closest("[data-task-card]"), opener.dataset);
    }
    const closer = event.target.closest("[data-step-close]");
    if (closer) close(closer.form);
  });

  function open(form, card, about) {
    document.querySelectorAll("[data-task-card] [data-step-form]").forEach((other) => { if (other !== form) close(other); });
    if (form.closest("[data-task-card]") !== card) close(form);
    form.elements.number.value = about.number;
    form.elements.move.value = about.step;
    form.elements.seen.value = about.seen;
    form.elements.task.value = about.task;
    form.elements.key.value = newKey();
    form.querySelector("[data-step-close]").hidden = false;
    card.append(form);
    const first = form.querySelector("textarea, button.btn-primary");
    first.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  function close(form) {
    clear(form);
    if (store) store.append(form);
  }

  function clear(form) {
    form.reset();
    carried.delete(form);
    form.querySelectorAll("[data-form-said], [data-carried]").forEach((part) => { part.hidden = true; });
    form.dispatchEvent(new Event("huying:cleared"));
  }

  // --- taken up again to be corrected ----------------------------------------------------------------------

  async function takeUp(key) {
    const one = await box.get(key);
    if (!one || one.who !== who) return;
    const card = one.fields.move && document.querySelector('[data-task-card="' + one.fields.number + '"]');
    const form = formOf(one.fields);
    if (!form) { location.href = one.fields.move ? one.url || place.dataset.scope : place.dataset.found + "#draft=" + key; return; }
    if (card) open(form, card, { number: one.fields.number, step: one.fields.move, seen: one.seenNow || one.fields.seen, task: one.fields.task || "" });
    Object.keys(one.fields).forEach((name) => {
      const field = form.elements[name];
      if (field && field.type === "checkbox") field.checked = true;
      else if (name !== "seen" && field && "value" in field) field.value = one.fields[name];
    });
    carried.set(form, one.photos.map((photo) => Object.assign({}, photo, { sent: false })));
    tellIn(form, "[data-form-said]", one.said);
    const more = form.querySelector("[data-carried]");
    tellIn(form, "[data-carried]", one.photos.length ? more.dataset.text.replace("{number}", String(one.photos.length)) : "");
    (form.elements.text || form.elements.words || form).focus();
  }

  function formOf(fields) {
    if (fields.act) return document.querySelector('[data-act="' + fields.act + '"][data-walk="' + fields.walk + '"]');
    return document.querySelector(fields.move ? "[data-step-form=" + fields.move + "]" : "[data-round=found]");
  }

  function tellIn(form, where, text) {
    const part = form.querySelector(where);
    part.hidden = !text;
    (part.querySelector("[data-text]") || part).textContent = text;
  }

  // --- what lies on this phone -----------------------------------------------------------------------------

  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-small";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }

  function row(words, more) {
    const item = document.createElement("li");
    const text = document.createElement("p");
    text.textContent = words;
    item.append(text);
    more.forEach((part) => item.append(part));
    list.append(item);
  }

  // Chinese sets no space after its colon.
  const said = (head, text) => head + (head.endsWith("：") ? "" : " ") + text;

  function words(one) {
    const parts = one.fields.move ? [one.fields.number, one.label, one.fields.words] : [one.label, one.fields.text];
    if (one.photos.length) parts.push(list.dataset.textPhotos.replace("{number}", String(one.photos.length)));
    return parts.filter(Boolean).join(" · ");
  }

  function acts(one) {
    const found = [];
    if (one.url) {
      const link = document.createElement("a");
      link.className = "btn btn-small";
      link.href = one.url;
      link.textContent = list.dataset.textLook;
      found.push(link);
    }
    if (one.seenNow !== undefined) {
      found.push(button(list.dataset.textAgain, () => box.change(one.key, (held) => {
        held.fields.seen = String(held.seenNow);
        held.state = "waiting";
        held.said = "";
        held.notBefore = 0;
        delete held.seenNow;
      }).then(flush)));
    }
    found.push(button(list.dataset.textCorrect, () => takeUp(one.key)));
    found.push(button(list.dataset.textDelete, () => box.remove(one.key).then(show)));
    return found;
  }

  async function show() {
    const drafts = (await box.drafts()).sort((one, other) => one.savedAt - other.savedAt);
    const receipts = await box.receipts();
    const own = drafts.filter((one) => one.who === who);
    list.textContent = "";
    own.forEach((one) => {
      if (one.state === "refused") row(said(list.dataset.textRefused, one.said + " " + words(one)), acts(one));
      else row(said(list.dataset.textWaiting, words(one)), []);
    });
    // Of what another clerk wrote on this phone only that it lies here is told.
    if (own.length < drafts.length) row(list.dataset.textOther, []);
    receipts.filter((one) => !one.who || one.who === who).forEach((one) => row(said(list.dataset.textSent, one.number), []));
    place.hidden = !list.children.length;
    place.querySelector("[data-signed-out]").hidden = !own.some((one) => one.signedOut);
    mark(own);
  }

  // A task whose step waits says so, and is not done a second time.
  function mark(own) {
    document.querySelectorAll("[data-task-card]").forEach((card) => {
      const waits = own.some((one) => one.fields.number === card.dataset.taskCard && one.state !== "refused");
      card.querySelector("[data-task-waiting]").hidden = !waits;
      const steps = card.querySelector(".grid-steps");
      if (steps) steps.hidden = waits;
    });
  }

  // --- the network -----------------------------------------------------------------------------------------

  async function flush() {
    const before = (await box.receipts()).length;
    if (navigator.onLine) await box.flush("", who).catch(askForSync); // the network went again: later
    await show();
    const sent = (await box.receipts()).length > before;
    if (sent && offline.dataset.keptAt) anew();
    else if (sent && self.huyingDrawer && !document.querySelector("[data-task-card] [data-step-form]")) self.huyingDrawer.keepUp();
    const later = (await box.drafts()).some((one) => one.who === who && one.state === "waiting" && !one.signedOut);
    window.clearTimeout(timer);
    if (later) timer = window.setTimeout(flush, AGAIN);
  }

  // A page that was kept gives way to the one of now, unless somebody is writing on it or something of theirs is
  // still on its way (the worker may be sending it): signed out, the page of now would not say what waits here.
  async function anew() {
    if ((await box.drafts()).some((one) => one.who === who && one.state === "waiting")) return;
    if (!document.querySelector("[data-task-card] [data-step-form], [data-round=found]") && !written()) location.reload();
  }

  function written() {
    const fields = Array.from(document.querySelectorAll("[data-round=walk] textarea, [data-round=walk] input[type=file]"));
    return fields.some((field) => field.value);
  }

  let registered = null;

  function askForSync() {
    if (registered) registered.then((one) => one.sync && one.sync.register(place.dataset.box)).catch(() => undefined);
  }

  function network() {
    const at = offline.dataset.keptAt && new Date(offline.dataset.keptAt);
    if (at) {
      const two = (number) => (number < 10 ? "0" : "") + number;
      const time = two(at.getHours()) + ":" + two(at.getMinutes());
      offline.querySelector("[data-text]").textContent = offline.dataset.textKept.replace("{time}", time);
    } else {
      offline.hidden = navigator.onLine;
    }
  }

  // After the page itself. The worker is the round's own; `ready` could give that of the residents' pages.
  function worker() {
    if (!navigator.serviceWorker) return;
    registered = navigator.serviceWorker.register(place.dataset.worker, { scope: place.dataset.scope, updateViaCache: "none" });
    registered.then((one) => {
      if (offline.dataset.keptAt) return; // drawn from what was kept
      const tell = (at) => at.postMessage({ keep: who });
      const coming = one.installing || one.waiting;
      if (one.active && !coming) tell(one.active);
      else if (coming) coming.addEventListener("statechange", () => { if (coming.state === "activated") tell(coming); });
    }).catch(() => undefined);
    navigator.serviceWorker.addEventListener("message", (event) => { if (event.data && event.data.round) show(); });
  }

  async function start() {
    await box.sweep();
    await show();
    const wanted = /^#draft=([0-9a-f-]{36})$/.exec(location.hash);
    if (wanted) {
      history.replaceState(null, "", location.pathname);
      await takeUp(wanted[1]);
    } else {
      document.querySelectorAll("[data-round=found], [data-round=walk]").forEach((form) => {
        if (!form.elements.key.value) form.elements.key.value = newKey();
      });
    }
    await flush();
  }

  network();
  window.addEventListener("online", async () => {
    network();
    for (const one of await box.drafts()) await box.change(one.key, (held) => { held.notBefore = 0; });
    await flush();
    if (offline.dataset.keptAt) anew();
  });
  window.addEventListener("offline", network);
  document.addEventListener("htmx:afterSettle", show);
  if (document.readyState === "complete") worker();
  else window.addEventListener("load", worker);
  start().catch(() => undefined); // a browser that keeps nothing: the forms go as they are
})();
