// Speaking instead of typing, where the browser offers it; elsewhere the button stays hidden.
// The browser (or its maker) turns speech into words; this page sees the words only.
"use strict";

(function () {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const LANGUAGES = { "zh-Hans": "zh-CN", "zh-Hant-HK": "zh-HK", en: "en-GB" };
  const AGREED = "voice-agreed"; // for this visit only: the next person is told again
  if (!Recognition) return;

  function agreed(value) {
    try {
      if (value) sessionStorage.setItem(AGREED, "1");
      return sessionStorage.getItem(AGREED) === "1";
    } catch (error) {
      return Boolean(value);
    }
  }

  function voice(root) {
    const field = document.getElementById(root.dataset.voice);
    const press = root.querySelector("[data-voice-press]");
    const label = press.querySelector("span");
    const notice = root.querySelector("[data-voice-notice]");
    const said = root.querySelector("[data-voice-said]");
    const words = label.textContent;
    let listener = null;
    root.hidden = false;

    press.addEventListener("click", () => {
      if (listener) listener.stop();
      else if (agreed()) listen();
      else ask(true);
    });
    root.querySelector("[data-voice-agree]").addEventListener("click", () => {
      agreed("1");
      ask(false);
      press.focus();
      listen();
    });
    root.querySelector("[data-voice-decline]").addEventListener("click", () => {
      ask(false);
      field.focus();
    });

    function ask(open) {
      notice.hidden = !open;
      press.hidden = open;
      if (open) notice.focus();
    }

    function listen() {
      let told = root.dataset.textSilent;
      listener = new Recognition();
      listener.lang = LANGUAGES[document.documentElement.lang] || "zh-CN";
      // One breath at a time: some phones repeat everything when they listen without end.
      listener.continuous = false;
      listener.interimResults = true;
      listener.onresult = (event) => {
        let guess = "";
        for (let index = event.resultIndex; index < event.results.length; index += 1) {
          const heard = event.results[index][0].transcript;
          if (!event.results[index].isFinal) {
            guess += heard;
            continue;
          }
          write(heard);
          told = root.dataset.textHeard;
        }
        if (guess) said.textContent = guess;
      };
      listener.onerror = (event) => {
        if (event.error === "aborted") told = "";
        else if (event.error === "not-allowed" || event.error === "service-not-allowed") told = root.dataset.textRefused;
        else if (event.error !== "no-speech") told = root.dataset.textFailed;
      };
      listener.onend = () => {
        listener = null;
        label.textContent = words;
        press.classList.remove("is-listening");
        said.textContent = told;
      };
      try {
        listener.start();
      } catch (error) {
        listener = null;
        said.textContent = root.dataset.textFailed;
        return;
      }
      label.textContent = root.dataset.textStop;
      press.classList.add("is-listening");
      said.textContent = root.dataset.textListening;
    }

    function write(heard) {
      const before = field.value;
      const gap = before && /[a-z0-9]$/i.test(before) ? " " : "";
      const most = field.maxLength > 0 ? field.maxLength : Infinity;
      field.value = (before + gap + heard.trim()).slice(0, most);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    window.addEventListener("pagehide", () => listener && listener.abort());
  }

  document.querySelectorAll("[data-voice]").forEach(voice);
})();
