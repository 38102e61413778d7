// Reads the page aloud in the care mode (长辈版), where the browser has a voice for its language.
"use strict";

(function () {
  const synth = window.speechSynthesis;
  const button = document.querySelector("[data-aloud]");
  if (!synth || !window.SpeechSynthesisUtterance || !button) return;

  const LANGUAGES = { "zh-Hans": "zh-CN", "zh-Hant-HK": "zh-HK", en: "en-GB" };
  const READ = "h1, h2, h3, p, li, legend, .field-label, .cell-title, .cell-text, .appeal-line";
  const SKIPPED = "[data-aloud-skip], .ears, .map-block, .photos, .voice, noscript";
  const LONGEST = 90; // characters; some browsers fall silent within longer ones
  const label = button.querySelector("span");
  const language = LANGUAGES[document.documentElement.lang] || "zh-CN";
  let pieces = [];
  let next = 0;
  let reading = false;
  let running = 0; // grows with every start and stop, so that a late answer of the voice is known as old

  function voice() {
    const all = synth.getVoices();
    const same = all.filter((one) => one.lang.replace("_", "-") === language);
    return same[0] || all.filter((one) => one.lang.slice(0, 2) === language.slice(0, 2))[0];
  }

  // Each innermost block of text that can be seen, in the order of the page, cut at the ends of sentences.
  function collect() {
    const found = [];
    document.querySelectorAll("#main " + READ.split(", ").join(", #main ")).forEach((part) => {
      if (!part.offsetParent || part.closest(SKIPPED) || part.querySelector(READ)) return;
      const text = part.innerText.replace(/\s+/g, " ").trim();
      const sentences = text.match(/[^。！？；!?;]+[。！？；!?;]*/g) || [];
      sentences.forEach((sentence) => {
        for (let at = 0; at < sentence.length; at += LONGEST) found.push({ part, text: sentence.slice(at, at + LONGEST) });
      });
    });
    return found;
  }

  function mark(part) {
    document.querySelectorAll(".is-read").forEach((one) => one.classList.remove("is-read"));
    if (!part) return;
    part.classList.add("is-read");
    part.scrollIntoView({ block: "nearest" });
  }

  function speak(turn) {
    if (turn !== running) return;
    if (next >= pieces.length) {
      stop(true);
      return;
    }
    const said = new SpeechSynthesisUtterance(pieces[next].text);
    said.lang = language;
    said.voice = voice() || null;
    said.rate = 0.9;
    said.onend = () => {
      if (turn !== running) return;
      next += 1;
      speak(turn);
    };
    said.onerror = () => turn === running && stop(false);
    mark(pieces[next].part);
    synth.speak(said);
  }

  // Pausing keeps the place and ends the voice: pause() of the browsers is not to be trusted on phones.
  function stop(finished) {
    running += 1;
    synth.cancel();
    mark(null);
    if (finished) next = 0;
    reading = false;
    label.textContent = next ? button.dataset.textOn : button.dataset.textRead;
  }

  function start() {
    running += 1;
    synth.cancel();
    if (!next) pieces = collect();
    reading = true;
    label.textContent = button.dataset.textPause;
    speak(running);
  }

  function offer() {
    if (voice()) button.hidden = false;
  }

  button.addEventListener("click", () => (reading ? stop(false) : start()));
  window.addEventListener("pagehide", () => stop(true));
  if (synth.addEventListener) synth.addEventListener("voiceschanged", offer);
  offer();
})();
