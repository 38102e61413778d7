// Keyboard shortcuts, as the dialog lists them. Nothing happens while one types, with a modifier held, or when
// they are switched off; the dialog itself opens by its button at any time.
"use strict";

(function () {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  const table = {};
  dialog.querySelectorAll("[data-keys]").forEach((line) => { table[line.dataset.keys] = line.dataset; });
  const box = dialog.querySelector("[data-shortcuts-on]");
  const COOKIE = "shortcuts=off";
  const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";
  const PAUSE = 1500; // milliseconds between the two keys of a pair
  let first = "";
  let firstAt = 0;
  let opener = null;

  const isOn = () => document.cookie.split("; ").indexOf(COOKIE) < 0;
  box.checked = isOn();
  box.addEventListener("change", () => {
    document.cookie = COOKIE + "; path=/desk/; samesite=lax; max-age=" + (box.checked ? "0" : "34560000") +
      (location.protocol === "https:" ? "; secure" : "");
  });

  function show() {
    opener = document.activeElement;
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    dialog.querySelector("[data-shortcuts-close]").focus();
  }

  function hide() {
    if (dialog.close) dialog.close();
    else dialog.removeAttribute("open");
  }

  dialog.addEventListener("close", () => { if (opener) opener.focus(); });
  dialog.querySelector("[data-shortcuts-close]").addEventListener("click", hide);
  // The menu is brought up to date now and then, and its button with it.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shortcuts-open]")) show();
  });

  const drawerOpen = () => Boolean(window.huyingDrawer && window.huyingDrawer.isOpen());
  const rows = () => Array.from(document.querySelectorAll("[data-case-row]"));

  function row(by) {
    if (drawerOpen()) {
      window.huyingDrawer.step(by);
      return;
    }
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const to = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  }

  // The act of the case that lies on top: its form opens, a plain button is brought under the finger.
  function act(key) {
    const place = drawerOpen() ? document.getElementById("drawer-body") : document.getElementById("main");
    const fold = place.querySelector('[id="act-' + key + '"]');
    if (fold) {
      const outer = fold.parentElement.closest("details");
      if (outer) outer.open = true;
      fold.open = true;
      const field = fold.querySelector("input:not([type=hidden]), textarea, select");
      (field || fold.querySelector("summary")).focus();
      return;
    }
    const form = place.querySelector('form[action$="/moves/' + key + '/"]');
    if (form) form.querySelector("button").focus();
  }

  const DOES = {
    help: show,
    search: () => { const field = document.getElementById("desk-search"); if (field) field.focus(); },
    next: () => row(1),
    previous: () => row(-1),
    open: () => {
      const link = document.activeElement && document.activeElement.closest("[data-case-row]");
      (link || rows()[0] || { click() {} }).click();
    },
    act,
    go: (url) => location.assign(url),
    pick: (number) => { const button = document.querySelector('[data-pick="' + number + '"]'); if (button) button.focus(); },
    press: (selector) => { const button = document.querySelector(selector); if (button) button.click(); },
    focus: (selector) => {
      const field = document.querySelector(selector);
      if (!field) return;
      const fold = field.closest("details");
      if (fold) fold.open = true;
      field.focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (!isOn() || dialog.open || (event.target.closest && event.target.closest(FIELDS))) return;
    const pair = Date.now() - firstAt < PAUSE ? table[first + " " + event.key] : undefined;
    const found = pair || table[event.key];
    first = pair ? "" : event.key;
    firstAt = Date.now();
    if (!found || !DOES[found.does]) return;
    event.preventDefault();
    DOES[found.does](found.on);
  });
})();
