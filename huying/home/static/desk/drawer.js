// The drawer of a list: whole cases one after another, while the list stays where it is and keeps up.
"use strict";

(function () {
  const panel = document.querySelector("[data-drawer]");
  const body = document.getElementById("drawer-body");
  const tools = document.querySelector("[data-drawer-tools]");
  if (!panel || !body || !tools || !window.htmx) return;
  // The rows as they stood when the first case was opened: a case that leaves the list must not lose the way.
  let line = [];
  let shown = "";

  const rows = () => Array.from(document.querySelectorAll("[data-case-row]"));
  const rowOf = (number) => rows().find((row) => row.dataset.caseRow === number);

  function remember() {
    line = rows().map((row) => ({ number: row.dataset.caseRow, url: row.getAttribute("href") }));
  }

  function step(by) {
    const there = line[line.findIndex((one) => one.number === shown) + by];
    if (there) open(there.url);
  }

  function open(url) {
    window.htmx.ajax("GET", url, { target: "#drawer-body", swap: "innerHTML show:none" });
  }

  // What the head of the drawer says of the place in the list.
  function place() {
    const held = body.querySelector("[data-case]");
    tools.hidden = !held;
    shown = held ? held.dataset.case : "";
    panel.classList.toggle("has-case", Boolean(held));
    rows().forEach((row) => row.closest("tr, article, li").classList.toggle("is-shown", row.dataset.caseRow === shown));
    if (!held) return;
    const at = line.findIndex((one) => one.number === shown);
    tools.querySelector("[data-drawer-place]").textContent = at < 0 ? "" : at + 1 + " / " + line.length;
    tools.querySelectorAll("[data-drawer-step]").forEach((button) => {
      button.disabled = at < 0 || !line[at + Number(button.dataset.drawerStep)];
    });
    const page = tools.querySelector("[data-drawer-page]");
    page.hidden = !held.dataset.caseUrl;
    if (held.dataset.caseUrl) page.href = held.dataset.caseUrl;
  }

  // Lists of choices the page has already are not brought a second time.
  function once() {
    body.querySelectorAll("datalist[id]").forEach((list) => {
      if (document.getElementById(list.id) !== list) list.remove();
    });
  }

  // Styles and scripts a case may need and a list does not.
  function fetchLate() {
    if (body.querySelector("[data-map]") && !window.L) {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = tools.dataset.styles;
      document.head.append(style);
      scripts(tools.dataset.scripts);
    }
    if (body.querySelector("[data-photos]")) scripts(tools.dataset.photoScripts);
  }

  function scripts(addresses) {
    addresses.split(" ").forEach((address) => {
      if (document.querySelector('script[src="' + address + '"]')) return;
      const script = document.createElement("script");
      script.src = address;
      script.async = false;
      document.head.append(script);
    });
  }

  // After an act the list, its tabs and the menu tell how things stand now.
  function keepUp() {
    fetch(location.href, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((text) => {
        const fresh = new DOMParser().parseFromString(text, "text/html");
        document.querySelectorAll("[data-live]").forEach((part) => {
          const now = fresh.querySelector('[data-live="' + part.dataset.live + '"]');
          if (!now || part.contains(document.activeElement)) return;
          part.innerHTML = now.innerHTML;
          window.htmx.process(part);
        });
        place();
      })
      .catch(() => {}); // an old list is no harm: every act is checked against what is seen
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const asked = event.detail.requestConfig;
    if (event.detail.target !== body || asked.verb !== "get" || panel.classList.contains("is-open")) return;
    remember();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== body) return;
    panel.scrollTop = 0;
    once();
    fetchLate();
    place();
    if (event.detail.requestConfig.verb !== "get") keepUp();
  });

  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drawer-step]");
    if (button) step(Number(button.dataset.drawerStep));
  });
  // Whoever closes goes on in the list where the last case stood, not where the first was opened.
  panel.addEventListener("huying:closed", () => {
    const row = rowOf(shown);
    body.textContent = "";
    place();
    if (row) row.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (!panel.classList.contains("is-open") || !event.altKey || tools.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });

  window.huyingDrawer = { open, step, keepUp, isOpen: () => panel.classList.contains("is-open") };
})();
