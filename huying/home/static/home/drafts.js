// What a resident writes is kept on this device until it is sent; without a network it waits here.
// Every page works without this file.
"use strict";

(function () {
  const box = self.huyingOutbox;
  const notice = document.querySelector("[data-offline]");
  if (!box || !self.indexedDB || !notice) return;

  const form = document.querySelector("form[data-draft]");
  const isShell = Boolean(form) && form.hasAttribute("data-shell");
  const STEPS_OUT = ["write", "check"];
  const UNSENT = ["csrfmiddlewaretoken", "photos", "drop", "step"];
  let before = []; // photos of this draft that earlier looks at the form have sent already
  let pressed = "write";
  let current = ""; // the key of the form on this page
  let leaving = false;

  // --- the form ------------------------------------------------------------------------------------------

  function fields() {
    const found = {};
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && UNSENT.indexOf(name) < 0) found[name] = value;
    });
    return found;
  }

  function photos() {
    const input = form.querySelector("input[type=file]");
    const boxes = Array.from(form.querySelectorAll("input[name=drop]"));
    const known = before.filter((_photo, index) => !(boxes[index] && boxes[index].checked));
    const fresh = Array.from(input ? input.files : []).map((file) => ({ name: file.name, blob: file, sent: false }));
    return known.concat(fresh);
  }

  async function keep(state) {
    const draft = {
      key: current, fields: fields(), photos: photos(), state, savedAt: Date.now(), said: "", tries: 0,
      leaseUntil: 0, notBefore: 0,
      who: form.hasAttribute("data-who") ? form.dataset.who : (await box.noted("who")) || "",
    };
    if (state === "writing" && !draft.fields.text && !draft.photos.length) return box.remove(current);
    return box.put(draft);
  }

  function newKey() {
    const parts = Array.from(crypto.getRandomValues(new Uint8Array(16)));
    parts[6] = (parts[6] & 15) | 64;
    parts[8] = (parts[8] & 63) | 128;
    const text = parts.map((part) => (part + 256).toString(16).slice(1)).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  function watch() {
    let timer = 0;
    const soon = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => { if (!leaving) keep("writing").catch(() => undefined); }, 600);
    };
    if (form.dataset.draft === "write") {
      form.addEventListener("input", soon);
      form.addEventListener("change", soon);
      form.addEventListener("huying:photos", soon);
    }
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=step]");
      if (button) pressed = button.value;
    });
    form.addEventListener("submit", (event) => {
      const out = STEPS_OUT.indexOf(pressed) >= 0;
      window.clearTimeout(timer);
      if (!out || (!isShell && navigator.onLine)) {
        leaving = true;
        keep(out ? "sending" : "writing").catch(() => undefined);
        return;
      }
      event.preventDefault();
      keep("waiting").then(queued, () => say(notice.dataset.textFull));
    });
    window.addEventListener("pageshow", () => { leaving = false; });
  }

  // The form gives way to a page that says where the appeal lies now.
  async function queued() {
    document.querySelectorAll("[data-hide-when-kept]").forEach((part) => { part.hidden = true; });
    const told = document.querySelector("[data-kept]");
    told.hidden = false;
    network();
    title(told.dataset.textWaiting).focus();
    current = "";
    askForSync();
    await show();
    await flush();
  }

  function title(words) {
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.textContent = words;
    return heading;
  }

  async function takeUp(key) {
    const draft = await box.get(key);
    if (!draft || !form || form.dataset.draft !== "write") return;
    current = draft.key;
    Object.keys(draft.fields).forEach((name) => {
      const field = form.elements[name];
      if (field && "value" in field) field.value = draft.fields[name];
    });
    form.elements.key.value = draft.key;
    const input = form.querySelector("input[type=file]");
    try {
      const carrier = new DataTransfer();
      draft.photos.forEach((photo) => carrier.items.add(new File([photo.blob], photo.name, { type: photo.blob.type })));
      input.files = carrier.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } catch (error) {
      before = draft.photos; // a browser that cannot fill the field: the photos go with the draft all the same
    }
    form.querySelectorAll("details").forEach((fold) => { fold.open = fold.open || Boolean(draft.fields.phone || draft.fields.name); });
    const map = form.querySelector("[data-map]");
    if (map && draft.fields.lat) {
      const detail = { lat: Number(draft.fields.lat), lon: Number(draft.fields.lon) };
      map.dispatchEvent(new CustomEvent("huying:place", { detail }));
    }
    await box.change(key, (held) => { held.state = "writing"; held.said = ""; });
    form.elements.text.focus();
    await show();
  }

  // --- what lies on this device ---------------------------------------------------------------------------

  const words = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  function moment(at) {
    const day = new Date(at);
    const two = (number) => (number < 10 ? "0" : "") + number;
    return day.getMonth() + 1 + "-" + two(day.getDate()) + " " + two(day.getHours()) + ":" + two(day.getMinutes());
  }

  async function show() {
    const section = document.querySelector("[data-outbox]");
    if (!section) return;
    const drafts = (await box.drafts()).filter((draft) => draft.key !== current || draft.state === "waiting");
    const receipts = await box.receipts();
    const list = section.querySelector("[data-outbox-list]");
    list.textContent = "";
    receipts.forEach((receipt) => list.append(receiptRow(receipt)));
    drafts.sort((one, other) => other.savedAt - one.savedAt).forEach((draft) => list.append(draftRow(draft)));
    const told = document.querySelector("[data-kept]");
    const asks = form && form.dataset.draft === "check" && told.hidden; // one question at a time
    section.hidden = asks || (!drafts.length && !receipts.length);
    section.querySelector("[data-outbox-foot]").hidden = !drafts.length;
    if (!told || told.hidden) return;
    title(drafts.length ? told.dataset.textWaiting : told.dataset.textSent);
    told.querySelector("[data-kept-waiting]").hidden = !drafts.length;
    told.querySelector("[data-kept-sent]").hidden = Boolean(drafts.length);
  }

  function row(name) {
    return document.querySelector("template[data-row=" + name + "]").content.firstElementChild.cloneNode(true);
  }

  // No words of the appeal: the next person with this phone may see the list.
  function draftRow(draft) {
    const made = row("draft");
    const data = made.dataset;
    const state = draft.state === "sending" ? "writing" : draft.state;
    made.querySelector("[data-state]").textContent = data["text" + state[0].toUpperCase() + state.slice(1)];
    made.querySelector("[data-facts]").textContent = words(data.textFacts, { time: moment(draft.savedAt), photos: draft.photos.length });
    const said = made.querySelector("[data-said]");
    said.textContent = draft.said;
    said.hidden = !draft.said;
    const acts = {
      send: state === "waiting" && (() => box.change(draft.key, (held) => { held.notBefore = 0; }).then(flush)),
      edit: state !== "waiting" && (() => goOn(draft.key)),
      drop: () => box.remove(draft.key).then(show),
    };
    Object.keys(acts).forEach((name) => {
      const button = made.querySelector("[data-act=" + name + "]");
      button.hidden = !acts[name];
      if (acts[name]) button.addEventListener("click", acts[name]);
    });
    return made;
  }

  function receiptRow(receipt) {
    const made = row("receipt");
    const link = made.querySelector("a");
    link.href = receipt.url;
    link.querySelector(".num").textContent = receipt.number;
    const close = () => box.forget(receipt.number);
    link.addEventListener("click", close);
    made.querySelector("[data-act=close]").addEventListener("click", () => close().then(show));
    return made;
  }

  function goOn(key) {
    if (form && form.dataset.draft === "write" && !form.hidden) takeUp(key);
    else location.href = "/file/#draft=" + key;
  }

  function say(text) {
    const region = document.getElementById("messages");
    region.textContent = text;
    region.scrollIntoView({ block: "nearest" });
  }

  // --- the network ----------------------------------------------------------------------------------------

  async function flush() {
    try {
      await box.flush(leaving ? current : "");
    } catch (error) {
      askForSync(); // the network failed: again when it is back
    }
    await show();
    const later = (await box.drafts()).some((draft) => draft.state === "waiting");
    if (later && navigator.onLine) window.setTimeout(flush, 30000);
  }

  function askForSync() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.ready.then((worker) => worker.sync && worker.sync.register("outbox")).catch(() => undefined);
  }

  function shells() {
    const look = document.documentElement.hasAttribute("data-care") ? "care" : "standard";
    return { file: words(notice.dataset.shell, { page: "file", look }), away: words(notice.dataset.shell, { page: "away", look }) };
  }

  // After the page itself, so that it does not take the network from what one looks at.
  function worker() {
    if (!navigator.serviceWorker) return;
    navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch(() => undefined);
    navigator.serviceWorker.ready.then((ready) => ready.active.postMessage({ shells: shells() })).catch(() => undefined);
    navigator.serviceWorker.addEventListener("message", (event) => { if (event.data && event.data.outbox) show(); });
  }

  function network() {
    const told = document.querySelector("[data-kept]");
    notice.hidden = navigator.onLine || Boolean(told && !told.hidden);
  }

  // Whoever lets this device forget, or signs out on it, leaves no draft behind; what waits is still sent.
  function forgetting() {
    document.addEventListener("submit", (event) => {
      const way = new URL(event.target.action, location.href).pathname;
      if (way === "/my/forget/") box.clear();
      if (way === "/sign-out/") { box.clear(["writing", "sending", "refused"]); box.note("who", ""); }
    });
    document.querySelectorAll("[data-outbox-clear]").forEach((button) => {
      button.addEventListener("click", () => box.clear().then(show));
    });
  }

  async function start() {
    await box.sweep();
    const filed = document.querySelector("[data-filed]");
    if (filed) await box.remove(filed.dataset.filed);
    if (form) {
      current = form.elements.key.value || newKey();
      form.elements.key.value = current;
      const known = await box.get(current);
      if (known && String(known.photos.length) === form.dataset.photosKept) before = known.photos;
      if (form.hasAttribute("data-who")) await box.note("who", form.dataset.who);
      watch();
      const wanted = /^#draft=([0-9a-f-]{36})$/.exec(location.hash);
      if (wanted) {
        history.replaceState(null, "", location.pathname);
        await takeUp(wanted[1]);
      }
    }
    if (location.hash === "#kept" && document.querySelector("[data-kept]")) {
      history.replaceState(null, "", location.pathname);
      await queued();
      return;
    }
    await show();
    await flush();
  }

  network();
  window.addEventListener("online", () => { network(); flush(); });
  window.addEventListener("offline", network);
  if (document.readyState === "complete") worker();
  else window.addEventListener("load", worker);
  forgetting();
  start().catch(() => undefined); // a browser that keeps nothing (private windows of old): the form works without
})();
