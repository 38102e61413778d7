// What a program can see wrong on a page, for scripts/screens.py: one sentence each, where and what.
// Called with the width of the window and whether the page is a resident's on a phone.
([width, byFinger]) => {
  const wrong = [];
  const RAW = /\bNone\b|\bundefined\b|\bNaN\b|\{\{|\{%|\d{4}-\d\d-\d\dT\d\d|\b[a-z]+_[a-z_]+\b/;
  const ENGLISH = /\b[A-Za-z][a-z']+ [a-z']{2,}( [a-z']+)*/;
  const SMALLEST = 44;

  const seen = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && !element.closest(".ears");
  };
  const named = (element) => {
    const words = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim();
    const kind = element.classList[0] ? "." + element.classList[0] : "";
    return element.tagName.toLowerCase() + kind + " “" + words.slice(0, 40).replace(/\s+/g, " ") + "”";
  };

  const wide = document.documentElement.scrollWidth;
  if (wide > width) {
    wrong.push("wider than the window: " + wide + " px");
    document.querySelectorAll("main *").forEach((element) => {
      const child = Array.from(element.children).some((one) => one.getBoundingClientRect().right > width + 1);
      if (!child && seen(element) && element.getBoundingClientRect().right > width + 1) {
        wrong.push("  sticks out: " + named(element));
      }
    });
  }

  document.querySelectorAll("body *").forEach((element) => {
    if (!seen(element) || !element.innerText || element.matches("textarea, select, .clamp, .leaflet-container")) {
      return;
    }
    const style = getComputedStyle(element);
    const cut = style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + 2;
    const low = style.overflowY === "hidden" && element.scrollHeight > element.clientHeight + 4;
    if ((cut || low) && element.innerText.trim() && !element.title) {
      wrong.push("cut off: " + named(element));
    }
  });

  if (byFinger) {
    document.querySelectorAll("a, button, summary, select, input:not([type=hidden])").forEach((element) => {
      const held = element.matches("[type=radio], [type=checkbox]") ? element.closest("label, .choice-card, .choice") || element : element;
      const box = held.getBoundingClientRect();
      const inText = element.tagName === "A" && getComputedStyle(element).display === "inline";
      if (seen(held) && !inText && !element.disabled && Math.min(box.width, box.height) < SMALLEST - 0.5) {
        wrong.push("small for a finger: " + named(held) + " " + Math.round(box.width) + "×" + Math.round(box.height));
      }
    });
  }

  document.querySelectorAll("img").forEach((image) => {
    if (image.complete && !image.naturalWidth && image.loading !== "lazy") {
      wrong.push("broken picture: " + image.src);
    }
  });

  document.querySelectorAll("main table").forEach((table) => {
    if (seen(table) && !table.querySelector("tbody tr")) {
      wrong.push("a table with a head and no rows");
    }
  });
  const main = document.querySelector("main");
  if (main && main.innerText.trim().length < 30 && !main.querySelector(".empty, form")) {
    wrong.push("nearly empty: “" + main.innerText.trim() + "”");
  }
  if (!document.querySelector("h1")) {
    wrong.push("no heading");
  }

  const inChinese = document.documentElement.lang.startsWith("zh");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    const words = walk.currentNode.textContent.trim();
    if (!words || !seen(holder) || holder.closest("code, pre, script, style, textarea, [lang=en], option")) {
      continue;
    }
    if (RAW.test(words)) {
      wrong.push("raw: “" + words.slice(0, 80) + "”");
    } else if (inChinese && ENGLISH.test(words)) {
      wrong.push("not translated: “" + words.slice(0, 80) + "”");
    }
  }
  document.querySelectorAll("[placeholder], [title], [aria-label], option").forEach((element) => {
    const words = element.placeholder || element.title || element.getAttribute("aria-label") || element.text || "";
    if (inChinese && ENGLISH.test(words)) {
      wrong.push("not translated: “" + words.slice(0, 80) + "”");
    }
  });
  return Array.from(new Set(wrong));
}
