// The duty board asks every few seconds; it says when what it shows is late, and turns its pages.
"use strict";

(function () {
  const TURN_SECONDS = 15;
  const WIDE = "(min-width: 1200px) and (min-height: 640px)";
  const main = document.querySelector("[data-board]");
  if (!main) return;
  const body = document.body;
  const html = document.documentElement;
  const number = (name) => Number(main.dataset[name]);
  const find = (name) => document.querySelector("[data-board-" + name + "]");
  // The town's time, wherever the screen was set up.
  const hands = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const clock = (at) => hands.format(at);

  // How late: by the silence since the last answer (a clock that is set back changes nothing), or as the server says.
  let heard = performance.now();
  let asOf = new Date(main.dataset.asOf);
  let lateSince = main.dataset.lateSince || "";
  let tag = "";

  function show() {
    const silent = (performance.now() - heard) / 1000 > number("lateSeconds");
    const since = lateSince ? new Date(lateSince) : silent ? asOf : null;
    const late = since !== null;
    const state = find("state");
    body.classList.toggle("is-late", late);
    find("late").hidden = !late;
    const words = late ? state.dataset.textLate + " " + clock(since) : state.dataset.textFresh + " " + clock(asOf);
    if (state.textContent !== words) state.textContent = words;
    if (late) {
      const said = find("late-said");
      if (said.textContent !== words) said.textContent = words;
    }
    find("clock").textContent = clock(new Date());
  }

  function replace(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const token = main.querySelector("[name=csrfmiddlewaretoken]");
    fresh.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
      if (token) field.value = token.value;
    });
    fresh.querySelectorAll("[data-region]").forEach((region) => {
      const old = main.querySelector('[data-region="' + region.dataset.region + '"]');
      // Who is about to press something in it must not lose it under the finger.
      if (!old || old.innerHTML === region.innerHTML || (old !== document.activeElement && old.contains(document.activeElement))) return;
      old.innerHTML = region.innerHTML;
    });
    spots();
  }

  function ask() {
    const give = new AbortController();
    const timer = setTimeout(() => give.abort(), number("pollSeconds") * 2000);
    const headers = tag ? { "If-None-Match": tag } : {};
    fetch(main.dataset.liveUrl, { credentials: "same-origin", cache: "no-store", headers, signal: give.signal, redirect: "manual" })
      .then((answer) => {
        if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
        heard = performance.now();
        asOf = new Date(answer.headers.get("X-Board-As-Of"));
        lateSince = answer.headers.get("X-Board-Late") || "";
        tag = answer.headers.get("ETag") || "";
        return answer.status === 304 ? null : answer.text();
      })
      .then((text) => {
        if (text) replace(text);
      })
      .catch(() => {}) // the silence itself is what is told
      .then(() => {
        clearTimeout(timer);
        show();
        setTimeout(ask, number("pollSeconds") * 1000);
      });
  }

  // Map
  let map = null;
  let marks = [];
  document.addEventListener("huying:map", (event) => {
    map = event.detail.map;
    setTimeout(() => map.invalidateSize(), 0); // the page is laid out by now, the outlines are not here yet
    spots();
  });

  function spots() {
    if (!map) return;
    marks.forEach((mark) => mark.remove());
    marks = Array.from(main.querySelectorAll("[data-lat]:not(.map)")).map((row) => {
      const count = Number(row.dataset.count);
      const size = Math.min(72, 34 + 4 * Math.sqrt(count));
      const spot = document.createElement("span");
      spot.className = "board-spot" + (row.dataset.stage === "early" ? " is-early" : "");
      spot.textContent = row.dataset.count;
      const icon = L.divIcon({ className: "", html: spot.outerHTML, iconSize: [size, size] });
      return L.marker([Number(row.dataset.lat), Number(row.dataset.lon)], { icon, interactive: false, keyboard: false }).addTo(map);
    });
  }

  // Pages
  const panels = Array.from(main.querySelectorAll("[data-panel]"));
  const buttons = Array.from(main.querySelectorAll("[data-board-page]"));
  const wide = window.matchMedia(WIDE);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const pause = find("pause");
  let current = 0;
  let paused = calm.matches;
  let turned = performance.now();

  function turn(to) {
    current = (to + panels.length) % panels.length;
    turned = performance.now();
    panels.forEach((panel, place) => {
      panel.hidden = wide.matches && place !== current;
    });
    buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(place === current)));
  }

  function hold(yes) {
    paused = yes;
    pause.setAttribute("aria-pressed", String(paused));
    turned = performance.now();
  }

  function tick() {
    show();
    const busy = main.contains(document.activeElement) && document.activeElement !== main;
    if (wide.matches && !paused && !busy && performance.now() - turned > TURN_SECONDS * 1000) turn(current + 1);
  }

  main.classList.add("board-turns");
  find("turn").hidden = false;
  pause.hidden = false;
  pause.addEventListener("click", () => hold(!paused));
  buttons.forEach((button, place) =>
    button.addEventListener("click", () => {
      hold(true);
      turn(place);
    }),
  );
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      hold(true);
      turn(current + (event.key === "ArrowRight" ? 1 : -1));
    } else if ((event.key === "p" || event.key === "P") && wide.matches) {
      hold(!paused);
    }
  });
  wide.addListener(() => turn(current));

  // Looks
  const look = find("look");
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("huying.board.look", value);
      return localStorage.getItem("huying.board.look");
    } catch (_blocked) {
      return value || null;
    }
  };
  function dress(light) {
    html.classList.toggle("is-light", light);
    find("look-name").textContent = light ? look.dataset.textDark : look.dataset.textLight;
  }
  look.hidden = false;
  dress(kept() ? kept() === "light" : window.matchMedia("(prefers-color-scheme: light)").matches);
  look.addEventListener("click", () => {
    const light = !html.classList.contains("is-light");
    kept(light ? "light" : "dark");
    dress(light);
  });

  const full = find("full");
  if (html.requestFullscreen) {
    full.hidden = false;
    full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : html.requestFullscreen()));
  }
  const choice = find("area");
  if (choice) {
    choice.addEventListener("change", () => choice.form.submit());
    choice.form.querySelector("button").hidden = true;
  }

  hold(paused);
  turn(0);
  show();
  setInterval(tick, 1000);
  setTimeout(ask, number("pollSeconds") * 1000);
})();
