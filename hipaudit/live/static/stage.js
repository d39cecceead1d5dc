// The live screen: every event of the coach has its place on it, and nothing stays that is no longer true.

import { at, clock, icon, made, moved, rounded } from "./page.js";

const STALE_MS = 500; // without an answer for so long nothing on the screen is a reading
const LONG = 34; // characters beyond which a sentence is set smaller
const PRAISE_MS = 2500;
const NUMBER_MS = 6000;
const NOTHING = "–";
const UNITS = { deg: ["°", 0], "%": [" %", 0], s: [" s", 1], count: ["", 0], "": ["", 2] }; // sign, decimals
const TONES = { down: 440, hold: 523, up: 587 };
const PIP_WORDS = { clean: "clean", found: "with a pattern to practise", not: "not counted" };

export class Stage {
  #overlay;
  #video;
  #voice;
  #beeps;
  #measures = {};
  #tempo = {}; // seconds of the way down and up
  #task = { name: "", set: "", sides: [], goal: null, unit: "", ghost: null, record: false };
  #facing = null; // the view that was seen while standing still
  #count = 0;
  #cue = null; // stays until it is cleared
  #hint = null;
  #answered = -Infinity;
  #beat = "";
  #back = null;
  #watch = null;
  #latencies = [];
  paused = false;

  constructor({ overlay, video, voice, beeps }) {
    this.#overlay = overlay;
    this.#video = video;
    this.#voice = voice;
    this.#beeps = beeps;
  }

  know({ measures, tempo }) {
    this.#measures = measures ?? {};
    this.#tempo = { down: tempo.lower_s, up: tempo.lift_s };
  }

  /** Begins a set of `goal` repetitions or, where `unit` is "s", seconds; `timed`: as many as go into `goal` seconds. */
  begin(task) {
    this.#task = { ...this.#task, ...task };
    this.#count = 0;
    this.#cue = this.#hint = this.#facing = null;
    this.#latencies = [];
    this.#shown = Infinity;
    this.#gap = 0;
    at("stage-title").textContent = [this.#task.name, this.#task.set].filter(Boolean).join(" · ");
    at("reps").replaceChildren();
    at("countdown").hidden = at("numbers").hidden = true;
    at("recording").hidden = !this.#task.record;
    this.#counter(0);
    if (this.#task.timed) at("of").textContent = `in ${this.#task.goal} s`;
    at("shaft").classList.toggle("off", this.#task.unit === "s"); // a test is done at no tempo and to no depth
    this.state = "set_up";
    this.#say("none", "");
    this.#unread();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#check(), 100);
  }

  end() {
    clearInterval(this.#watch);
    clearTimeout(this.#back);
    this.#unread();
  }

  get name() {
    return this.#task.name;
  }

  get count() {
    return this.#count;
  }

  set state(state) {
    at("stage").dataset.state = state;
  }

  get state() {
    return at("stage").dataset.state;
  }

  /** An event of the coach; the ones that leave this screen are not its business. */
  take(event) {
    this[`_${event.type}`]?.(event);
  }

  _set_up({ say, ready }) {
    this.state = "set_up";
    at("countdown").hidden = true;
    const changed = this.#hint !== say;
    this.#hint = say;
    this.#say(ready ? "ready" : "hint", say);
    if (changed) this.#voice.say(say);
  }

  _countdown({ left_s: left }) {
    this.state = "countdown";
    const words = left > 0 ? clock(left) : "";
    if (words && at("countdown").textContent !== words) this.#beeps.play(660);
    at("countdown").textContent = words;
    at("countdown").hidden = !words;
    if (!words) this.#say("ready", "Stand still");
  }

  _calibration_done({ say, view }) {
    this.#facing = view;
    this.#gap = 0;
    this.state = "set";
    this.#hint = null;
    at("countdown").hidden = true;
    this.#beeps.play(990);
    this.#passing("ready", say, PRAISE_MS);
    this.#voice.say(say);
  }

  _tracked(event) {
    this.#answered = performance.now();
    at("lost").hidden = Boolean(event.xy) || this.state === "set_up";
    requestAnimationFrame(() => this.#drawn(event));
    this.#depth(event.depth ?? null);
    this.#pace(event.phase ?? null, event.tempo ?? null);
    this.#readings(event.readings ?? {});
    if (typeof event.held_s === "number") this.#held(event.held_s);
  }

  _rep_done({ number, counts, why, clean }) {
    const kind = !counts ? "not" : clean ? "clean" : "found";
    const pip = made("li", "", kind);
    pip.setAttribute("aria-label", PIP_WORDS[kind]);
    pip.append(icon(`p-${kind}`));
    at("reps").append(pip);
    const hold = this.#task.unit === "s" && !this.#task.timed; // its seconds stay
    if (counts && !hold) this.#counter(number);
    else if (!counts && !this.#cue) this.#passing("hint", `Not counted: ${why}`, PRAISE_MS);
    at("counted").textContent = counts ? `${number}` : why;
  }

  _cue({ finding, say, speak }) {
    this.#cue = { finding, say };
    this.#say("cue", say);
    if (speak) this.#voice.say(say);
  }

  _cue_cleared({ finding }) {
    if (this.#cue?.finding !== finding) return;
    this.#cue = null;
    this.#say("none", "");
  }

  _praise({ say }) {
    this.#passing("praise", say, PRAISE_MS);
    this.#voice.say(say);
  }

  _number({ say }) {
    this.#passing("number", say, NUMBER_MS);
    this.#voice.say(say);
  }

  _problem({ say }) {
    this.#passing("hint", say, NUMBER_MS);
    this.#voice.say(say);
  }

  /** Shows the readings, or hides them again; returns whether they are shown. */
  toggleNumbers() {
    const shown = at("numbers").hidden;
    at("numbers").hidden = !shown;
    return shown;
  }

  /** Says what happened to camera or connection, in place of everything that is no longer true. */
  interrupted(words) {
    this.#answered = -Infinity;
    this.#unread();
    at("countdown").hidden = true;
    this.#say("lost", words);
  }

  /** Shows again what was on before an interruption. */
  resume() {
    if (this.#cue) this.#say("cue", this.#cue.say);
    else this.#say(this.#hint ? "hint" : "none", this.#hint ?? "");
  }

  get diagnostics() {
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    if (!sorted.length) return "no picture answered yet";
    const share = (q) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]);
    return `frame to overlay: median ${share(0.5)} ms, p95 ${share(0.95)} ms, ${this.#perSecond} answers/s, longest gap ${Math.round(this.#gap)} ms`;
  }

  #times = []; // when answers were drawn
  #shown = Infinity; // capture time of the last one
  #gap = 0; // the longest between two of this set, ms
  get #perSecond() {
    const now = performance.now();
    this.#times = this.#times.filter((time) => now - time < 2000);
    return (this.#times.length / 2).toFixed(1);
  }

  #drawn(event) {
    this.#overlay.fit(this.#video);
    const { sides, ghost } = this.#task;
    const toeLine = this.#facing === "front" || this.#facing === "back";
    this.#overlay.draw({ xy: event.xy ?? null, sides, toeLine, ghost: this.state === "set" ? null : ghost });
    const now = performance.now();
    if (event.of > this.#shown) this.#gap = Math.max(this.#gap, event.of - this.#shown);
    this.#shown = event.of;
    this.#times.push(now);
    this.#latencies.push(now - event.of);
    if (this.#latencies.length > 600) this.#latencies.shift();
    if (!at("diagnostics").hidden) at("diagnostics").textContent = this.diagnostics;
  }

  #counter(number) {
    this.#count = number;
    at("count").textContent = `${number}`;
    at("count").classList.toggle("long", number > 9);
    const { goal, unit, timed } = this.#task;
    if (!timed) at("of").textContent = `of ${goal} ${unit}`.trim();
  }

  /** Seconds of the hold under way; where as many as possible are done in a time, what is left of it. */
  #held(seconds) {
    const { timed, goal } = this.#task;
    if (timed) at("of").textContent = `${clock(goal - seconds)} s left`;
    else this.#counter(Math.floor(seconds));
  }

  #depth(depth) {
    at("filled").classList.toggle("none", depth === null);
    if (depth !== null) at("shaft").querySelector(".track").style.setProperty("--depth", Math.max(0, depth));
  }

  #pace(phase, tempo) {
    const known = phase !== null && (tempo !== null || phase === "standing" || phase === "hold");
    at("pacer").hidden = !known;
    const share = tempo ?? 0;
    const way = moved(share, this.#tempo[phase]);
    const height = { down: way, hold: 1, up: 1 - way, standing: 0 }[phase] ?? 0;
    at("shaft").querySelector(".track").style.setProperty("--pace", height);
    const moving = known && phase !== "standing";
    at("pace").hidden = !moving;
    if (moving) this.#tell(phase, Math.ceil(this.#tempo[phase] * (1 - share)) || "");
    else this.#beat = "";
  }

  /** The seconds left of this way, down or up; "" once it takes longer. */
  #tell(phase, left) {
    const beat = `${phase} ${left}`;
    if (beat === this.#beat) return;
    this.#beat = beat;
    this.#beeps.play(TONES[phase]);
    at("pace").querySelector("use").setAttribute("href", `#i-${phase}`);
    at("pace").querySelector("span").textContent = left;
  }

  #readings(readings) {
    if (at("numbers").hidden) return;
    const rows = Object.entries(readings).map(([name, value]) => {
      const { title, unit } = this.#measures[name];
      const [sign, digits] = UNITS[unit];
      const row = document.createElement("div");
      row.append(made("dt", title.split(" (", 1)[0]), made("dd", value === null ? NOTHING : `${rounded(value, digits)}${sign}`));
      return row;
    });
    at("numbers").replaceChildren(...rows);
  }

  #check() {
    if (performance.now() - this.#answered > STALE_MS) this.#unread();
  }

  /** Nothing is known now: no bar, no pacer, no number, no skeleton of a moment ago. */
  #unread() {
    this.#overlay.clear();
    this.#depth(null);
    this.#pace(null, null);
    for (const value of at("numbers").querySelectorAll("dd")) value.textContent = NOTHING;
    at("lost").hidden = false;
  }

  /** Shows a sentence for a while, then what was to be said before. */
  #passing(kind, words, ms) {
    this.#say(kind, words);
    this.#back = setTimeout(() => this.resume(), ms);
  }

  #say(kind, words) {
    clearTimeout(this.#back);
    at("say").dataset.kind = kind;
    at("say").classList.toggle("long", words.length > LONG);
    at("say").querySelector("use").setAttribute("href", `#i-${kind === "none" ? "hint" : kind}`);
    at("words").textContent = words;
    if (at("spoken").textContent !== words) at("spoken").textContent = words;
  }
}
