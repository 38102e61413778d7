// Boxes drawn over a photo are written as lines into its text field, where they can be written by hand, too.
"use strict";

(function () {
  function boxes(field) {
    return field.value
      .split("\n")
      .map((line) => line.split(",").map(Number))
      .filter((box) => box.length === 4 && box.every((share) => isFinite(share)));
  }

  function start(canvas) {
    const field = document.getElementById(canvas.dataset.regions);
    const clear = document.querySelector('[data-clear="' + canvas.dataset.regions + '"]');
    let from = null;
    canvas.classList.add("is-live");
    const paint = (extra) => {
      canvas.querySelectorAll(".publish-box").forEach((box) => box.remove());
      boxes(field).concat(extra ? [extra] : []).forEach((box) => {
        const mark = document.createElement("span");
        mark.className = "publish-box";
        ["left", "top", "width", "height"].forEach((name, place) => { mark.style[name] = box[place] + "%"; });
        canvas.append(mark);
      });
    };
    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      const share = (value, side) => Math.min(100, Math.max(0, (value / side) * 100));
      return [share(event.clientX - frame.left, frame.width), share(event.clientY - frame.top, frame.height)];
    };
    const box = (to) => [
      Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]),
    ].map((share) => Number(share.toFixed(1)));
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      from = at(event);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => { if (from) paint(box(at(event))); });
    canvas.addEventListener("pointerup", (event) => {
      if (!from) return;
      const drawn = box(at(event));
      from = null;
      if (drawn[2] > 0.5 && drawn[3] > 0.5) {
        field.value = (field.value.trim() ? field.value.trim() + "\n" : "") + drawn.join(", ");
      }
      paint(null);
    });
    field.addEventListener("input", () => paint(null));
    clear.hidden = false;
    clear.addEventListener("click", () => { field.value = ""; paint(null); });
    paint(null);
  }

  document.querySelectorAll("[data-regions]").forEach(start);
})();
