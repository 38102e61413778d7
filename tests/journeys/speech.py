"""Stands in for ears and voice of a browser, which Chromium without a screen lacks; the test speaks."""

from __future__ import annotations

# window.listeners holds each listener that was started; window.hear(words, final) lets the last one hear.
HEARING = """
window.listeners = [];
window.SpeechRecognition = window.webkitSpeechRecognition = class {
  start() { window.listeners.push(this); }
  stop() { this.onend(); }
  abort() {}
};
window.hear = (words, final) => window.listeners[window.listeners.length - 1].onresult(
  { resultIndex: 0, results: [Object.assign([{ transcript: words }], { isFinal: final })] });
"""
# window.said holds [language, words] of everything said; window.finish() ends what is being said.
SPEAKING = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", { configurable: true, value: {
  getVoices: () => [{ lang: "zh-CN", name: "Test" }, { lang: "en-GB", name: "Test" }],
  speak(words) { window.said.push([words.lang, words.text]); this.now = words; },
  cancel() { this.now = null; },
  addEventListener() {},
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.finish = () => { const words = window.speechSynthesis.now; if (words) words.onend(); };
"""
