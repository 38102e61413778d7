// Speaking instead of typing, where the browser offers it; elsewhere the button stays hidden.
"use strict";

(function () {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const LANGUAGES = { "zh-Hans": "zh-CN", "zh-Hant-HK": "zh-HK", en: "en-GB" };
  if (!Recognition) return;

  function voice(button) {
    const field = document.getElementById(button.dataset.voice);
    const label = button.querySelector("span");
    const words = label.textContent;
    let listener = null;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (listener) {
        listener.stop();
        return;
      }
      listener = new Recognition();
      listener.lang = LANGUAGES[document.documentElement.lang] || "zh-CN";
      listener.continuous = true;
      listener.interimResults = false;
      listener.onresult = (event) => {
        for (let index = event.resultIndex; index < event.results.length; index += 1) {
          if (event.results[index].isFinal) field.value += event.results[index][0].transcript;
        }
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      listener.onerror = (event) => {
        if (event.error !== "no-speech" && event.error !== "aborted") button.title = button.dataset.textFailed;
      };
      listener.onend = () => {
        listener = null;
        label.textContent = button.title || words;
        button.setAttribute("aria-pressed", "false");
      };
      button.title = "";
      label.textContent = button.dataset.textStop;
      button.setAttribute("aria-pressed", "true");
      listener.start();
    });
  }

  document.querySelectorAll("[data-voice]").forEach(voice);
})();
