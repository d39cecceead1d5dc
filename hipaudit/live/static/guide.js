// An exercise that the camera cannot judge: its drawing, its cues, its sets, a tempo to follow or a hold to keep, and the rest.

import { Drawn } from "./figure.js";
import { at, clock, made, moved, show } from "./page.js";
import { Rest } from "./rest.js";

const GET_READY_S = 5;

export class Guide {
  #voice;
  #beeps;
  #clock;
  #figure = new Drawn(at("guide-figure"));
  #step = null;
  #set = 1;
  #phase = "work"; // "ready" before a hold, "work", "rest"
  #beat = "";
  #frame = 0;
  #over;

  /** `over` is called when the last set of the exercise is done, or when it is skipped. */
  constructor(voice, beeps, over) {
    this.#voice = voice;
    this.#beeps = beeps;
    this.#over = over;
    this.#clock = new Rest((left) => this.#ticked(left), () => this.#ended());
    at("guide-done").addEventListener("click", () => this.#pressed());
    at("guide-skip").addEventListener("click", () => this.#leave());
  }

  begin(step, where) {
    this.#step = step;
    this.#set = 1;
    at("guide-where").textContent = where;
    at("guide-title").textContent = step.name;
    at("guide-amount").textContent = [step.amount, step.equipment?.length ? `with: ${step.equipment.join(", ")}` : ""].filter(Boolean).join(" · ");
    at("guide-cues").replaceChildren(...step.cues.map((cue) => made("li", cue)));
    at("guide-mind").textContent = step.caution ? `Mind: ${step.caution}.` : "";
    show("guide");
    this.#voice.say(`${step.name}. ${step.cues[0] ?? ""}`);
    this.#work();
  }

  stop() {
    this.#clock.stop();
    cancelAnimationFrame(this.#frame);
    this.#step = null;
  }

  get #sets() {
    return this.#step.sets * (this.#step.per_side ? 2 : 1);
  }

  /** The side that works, "" where both do. */
  get #side() {
    if (!this.#step.per_side) return "";
    return this.#set % 2 ? "left" : "right";
  }

  #work() {
    const { hold_s: hold, reps, minutes, tempo } = this.#step;
    const timed = hold ?? minutes;
    this.#phase = "work";
    this.#tellSet();
    at("guide-side").textContent = this.#side && `${this.#side} side`;
    at("guide-done").textContent = "Set done";
    at("guide-shaft").hidden = !tempo;
    at("guide-shaft").classList.remove("off");
    this.#figure.show(this.#step.drawing, this.#side);
    if (timed && !reps) {
      this.#phase = "ready";
      at("guide-set").textContent = "Get ready";
      at("guide-done").textContent = "Start now";
      this.#clock.start(GET_READY_S);
    } else {
      this.#count(hold ? `${reps} × ${hold} s` : `${reps}`);
      this.#move();
    }
  }

  #tellSet() {
    const { sets, per_side: perSide } = this.#step;
    at("guide-set").textContent = sets > 1 ? `Set ${Math.ceil(this.#set / (perSide ? 2 : 1))} of ${sets}` : "";
  }

  #pressed() {
    this.#clock.stop();
    if (this.#phase === "work") this.#setDone();
    else this.#ended();
  }

  /** A clock has run out, or was cut short. */
  #ended() {
    const { hold_s: hold, minutes } = this.#step;
    if (this.#phase === "ready") {
      this.#phase = "work";
      this.#tellSet();
      at("guide-done").textContent = "Set done";
      this.#beeps.play(990);
      this.#voice.say("Go");
      this.#clock.start(hold ?? 60 * minutes);
      this.#move();
    } else if (this.#phase === "work") this.#setDone();
    else this.#work();
  }

  #setDone() {
    cancelAnimationFrame(this.#frame);
    this.#figure.rest();
    at("guide-shaft").classList.add("off");
    this.#beeps.play(990);
    if (this.#set >= this.#sets) return void this.#leave();
    this.#set += 1;
    const otherSide = this.#side === "right";
    if (otherSide || !this.#step.rest_s) {
      this.#voice.say(otherSide ? "Now the right side" : "Next set");
      return void this.#work();
    }
    this.#phase = "rest";
    at("guide-set").textContent = "Rest";
    at("guide-side").textContent = this.#step.per_side ? "then the left side" : "";
    at("guide-done").textContent = "Go on now";
    this.#voice.say("Rest");
    this.#clock.start(this.#step.rest_s);
  }

  #leave() {
    this.stop();
    this.#over();
  }

  /** As large as there is room for. */
  #count(text) {
    at("guide-clock").textContent = text;
    at("guide-clock").style.setProperty("--letters", text.length);
  }

  #ticked(left) {
    this.#count(clock(left));
    if (left > 0 && left <= 3) this.#beeps.play(660);
  }

  /** Tempo bar and drawing run from here, on one clock. */
  #move() {
    const { tempo } = this.#step;
    if (!tempo && !this.#figure.moves) return;
    const began = performance.now();
    this.#beat = "";
    const turn = () => {
      this.#frame = requestAnimationFrame(turn);
      const seconds = (performance.now() - began) / 1000;
      if (tempo) this.#pace(seconds);
      this.#figure.at(seconds);
    };
    cancelAnimationFrame(this.#frame);
    turn();
  }

  #pace(seconds) {
    const { lower_s: lower, pause_low_s: low, lift_s: lift, pause_top_s: top, ways = ["down", "up"] } = this.#step.tempo;
    let left = seconds % (lower + low + lift + top);
    for (const [length, from, to, sign] of [[lower, 0, 1, "down"], [low, 1, 1, "hold"], [lift, 1, 0, "up"], [top, 0, 0, "hold"]]) {
      if (left >= length) {
        left -= length;
        continue;
      }
      at("guide-shaft").querySelector(".track").style.setProperty("--pace", from + (to - from) * moved(left / length, length));
      const beat = `${sign} ${Math.ceil(length - left)}`;
      if (beat === this.#beat) return;
      this.#beat = beat;
      this.#beeps.play(from < to ? 440 : 587);
      at("guide-pace").querySelector("use").setAttribute("href", `#i-${sign}`);
      at("guide-pace").querySelector("span").textContent = { down: ways[0], up: ways[1], hold: "hold" }[sign];
      at("guide-pace").querySelector("b").textContent = Math.ceil(length - left);
      return;
    }
  }
}
