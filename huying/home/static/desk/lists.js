// Lists of cases: folds are remembered, marks are counted, counts keep up. Each page works without it.
"use strict";

(function () {
  const COUNT_EVERY = 45000;

  function kept(key) {
    try {
      return window.localStorage.getItem("huying.fold." + key);
    } catch (refused) {
      return null; // a browser that keeps nothing
    }
  }

  function keep(key, open) {
    try {
      window.localStorage.setItem("huying.fold." + key, open ? "1" : "0");
    } catch (refused) {
      /* then it is as the page came */
    }
  }

  // What was folded out stays so on the next list.
  document.querySelectorAll("details[data-remember]").forEach((fold) => {
    if (kept(fold.dataset.remember) === "1") fold.open = true;
    fold.addEventListener("toggle", () => keep(fold.dataset.remember, fold.open));
  });

  // The tree comes when it is looked at.
  const tree = document.querySelector("[data-tree]");
  function growTree() {
    const fold = tree.closest("details");
    if (!fold.open || tree.dataset.grown) return;
    tree.dataset.grown = "1";
    fetch(tree.dataset.tree, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((text) => (tree.innerHTML = text))
      .catch(() => delete tree.dataset.grown); // the link to the page of the tree is still there
  }
  if (tree) {
    tree.closest("details").addEventListener("toggle", growTree);
    growTree();
  }

  // A box that hangs over the page folds in when one goes elsewhere.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu-fold[open]").forEach((fold) => {
      if (!fold.contains(event.target)) fold.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu-fold[open]").forEach((fold) => {
      fold.open = false;
      fold.querySelector("summary").focus();
    });
  });

  // Marks
  const bar = document.getElementById("bulk");
  const marks = () => Array.from(document.querySelectorAll('input[name="chosen"][type="checkbox"]'));

  function count() {
    if (!bar || !bar.classList.contains("bulk-bar")) return;
    const all = marks();
    const marked = all.filter((box) => box.checked);
    bar.hidden = marked.length === 0;
    const words = bar.querySelector("[data-marked-words]").dataset.markedWords.replace("{n}", marked.length);
    bar.querySelector("[data-marked]").textContent = words;
    all.forEach((box) => box.closest("tr").classList.toggle("is-marked", box.checked));
    const whole = document.querySelector("[data-mark-all]");
    if (!whole) return;
    whole.hidden = false;
    whole.checked = marked.length > 0 && marked.length === all.length;
    whole.indeterminate = marked.length > 0 && marked.length < all.length;
  }

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches || !box.matches("input[type=checkbox]")) return;
    if (box.hasAttribute("data-mark-all")) {
      marks().forEach((one) => (one.checked = box.checked));
    } else if (box.name === "chosen") {
      // With the shift key everything between two marks.
      const all = marks();
      const from = all.indexOf(last);
      if (event.shiftKey && from >= 0) {
        const to = all.indexOf(box);
        all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => (one.checked = box.checked));
      }
      last = box;
    } else {
      return;
    }
    count();
  });
  count();
  window.addEventListener("pageshow", count);

  // Rows that were fetched anew (the drawer does so) keep their marks, by number.
  const table = document.querySelector('[data-live="cases"]');
  if (table && window.MutationObserver) {
    let marked = [];
    const number = (box) => box.value.split(":")[0];
    document.addEventListener("change", () => (marked = marks().filter((box) => box.checked).map(number)));
    new MutationObserver(() => {
      marks().forEach((box) => {
        if (marked.indexOf(number(box)) >= 0) box.checked = true;
      });
      count();
    }).observe(table, { childList: true });
  }

  // A phrase goes into the text it was chosen for.
  document.querySelectorAll("[data-phrase-into]").forEach((choice) => {
    choice.addEventListener("change", () => {
      const field = document.getElementById(choice.dataset.phraseInto);
      if (!field || !choice.value) return;
      field.value = field.value ? field.value + "\n" + choice.value : choice.value;
      field.focus();
    });
  });

  // Counts keep up while somebody looks.
  const counted = document.querySelector("[data-counts]");
  function recount() {
    if (document.visibilityState !== "visible") return;
    fetch(counted.dataset.counts, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((told) => {
        counted.querySelectorAll("[data-count]").forEach((place) => {
          const now = told.counts[place.dataset.count];
          if (now !== undefined && place.textContent !== now) place.textContent = now;
        });
      })
      .catch(() => {}); // they stay as they were
  }
  if (counted) {
    window.setInterval(recount, COUNT_EVERY);
    document.addEventListener("visibilitychange", recount);
  }
})();
