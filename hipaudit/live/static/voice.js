// Speech by the browser's own voices, one sentence at a time: a new one cuts off the one before.

export class Voice extends EventTarget {
  on = true;
  name = "";
  language = "en";
  volume = 1;
  #synthesis = window.speechSynthesis;

  constructor() {
    super();
    this.#synthesis?.addEventListener?.("voiceschanged", () => this.dispatchEvent(new Event("voices")));
  }

  /** The voices there are, those of this machine first: they need no network. */
  get voices() {
    const all = this.#synthesis?.getVoices() ?? [];
    return [...all].sort((a, b) => b.localService - a.localService || a.name.localeCompare(b.name));
  }

  say(text) {
    if (!this.on || !this.#synthesis || !text) return;
    const sentence = new SpeechSynthesisUtterance(text);
    const voice = this.voices.find((one) => one.name === this.name);
    if (voice) sentence.voice = voice;
    sentence.lang = voice?.lang ?? this.language;
    sentence.volume = this.volume;
    this.hush();
    this.#synthesis.speak(sentence);
  }

  hush() {
    this.#synthesis?.cancel();
  }
}
