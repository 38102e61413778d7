// Small comforts for every page. Each page works without this file.
"use strict";

(function () {
  const text = (name) => document.body.dataset[name] || "";

  // A form that is on its way is not sent a second time. The buttons stay in place and say that they are busy;
  // coming back with the browser's back button frees them.
  function guardForms() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.dataset.sent === "1") {
        event.preventDefault();
        return;
      }
      // After the handlers of this event, so that one that stopped the submit leaves the form usable.
      window.setTimeout(() => {
        if (event.defaultPrevented || form.method === "get") return;
        form.dataset.sent = "1";
        form.querySelectorAll("button:not([type=button])").forEach((button) => {
          button.setAttribute("aria-busy", "true");
        });
      }, 0);
    });
    window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
    document.addEventListener("htmx:afterRequest", (event) => {
      const form = event.target.closest && event.target.closest("form");
      if (form) release(form);
    });
  }

  function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }

  // What a page asks by itself in the background waits for a network; htmx would write each failure down.
  function askOnlyOnline() {
    document.addEventListener("htmx:beforeRequest", (event) => {
      const quiet = event.target.closest && event.target.closest("[data-quiet]");
      if (quiet && navigator.onLine === false) event.preventDefault();
    });
  }

  // htmx: a request that failed is said aloud, in the page's message region.
  function tellFailures() {
    ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => {
      document.addEventListener(name, (event) => {
        // What a page asks by itself in the background is no failure of the reader's.
        if (!event.target.closest || !event.target.closest("[data-quiet]")) say(text("textFailed"), "bad");
      });
    });
  }

  function say(words, tone) {
    const region = document.getElementById("messages");
    if (!region || !words) return;
    const box = document.createElement("div");
    box.className = "notice notice-" + tone;
    const body = document.createElement("div");
    body.className = "notice-body";
    body.textContent = words;
    box.append(body);
    region.textContent = "";
    region.append(box);
    region.scrollIntoView({ block: "nearest" });
  }

  // The care mode switches without a reload, so that a half-filled form is kept.
  function careSwitch() {
    document.querySelectorAll("[data-care-form]").forEach((form) => {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const on = form.elements.care.value === "1";
        document.cookie = "care=" + (on ? "1; max-age=34560000" : "; max-age=0") + "; path=/; samesite=lax" +
          (location.protocol === "https:" ? "; secure" : "");
        document.documentElement.toggleAttribute("data-care", on);
        document.querySelectorAll("[data-care-form] button").forEach((button) => {
          button.value = on ? "0" : "1";
          button.querySelector("span").textContent = on ? button.dataset.textOn : button.dataset.textOff;
        });
        window.dispatchEvent(new Event("resize"));
      });
    });
  }

  // Pop-up menus close on Escape and on a click elsewhere.
  function popups() {
    const close = (except) => document.querySelectorAll("details[data-pop][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
    document.addEventListener("click", (event) => close(event.target.closest("details[data-pop]")));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const open = document.querySelector("details[data-pop][open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    });
  }

  // The drawer opens when htmx has put something into #drawer-body, takes the focus, and gives it back.
  function drawer() {
    const panel = document.querySelector("[data-drawer]");
    if (!panel) return;
    let opener = null;
    const close = () => {
      panel.classList.remove("is-open");
      if (opener) opener.focus();
      panel.dispatchEvent(new Event("huying:closed"));
    };
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.target.id !== "drawer-body") return;
      if (!panel.contains(document.activeElement)) opener = document.activeElement;
      panel.classList.add("is-open");
      panel.focus();
    });
    panel.querySelector("[data-drawer-close]").addEventListener("click", close);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && panel.classList.contains("is-open")) close();
    });
  }

  // Of the acts at the foot of a case only one lies open; a drawer brings acts of its own later.
  function acts() {
    document.addEventListener("toggle", (event) => {
      const fold = event.target;
      const dock = fold.open && fold.closest && fold.closest(".act-dock");
      if (!dock) return;
      dock.querySelectorAll("details.confirm").forEach((other) => { if (other !== fold) other.open = false; });
    }, true);
  }

  // The desk's menu on a phone opens by its anchor; Escape closes it as well.
  function menu() {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && location.hash === "#menu") location.hash = "#main";
    });
  }

  function printing() {
    document.querySelectorAll("[data-print]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    });
  }

  guardForms();
  askOnlyOnline();
  tellFailures();
  careSwitch();
  popups();
  drawer();
  acts();
  menu();
  printing();
  const wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();
})();
