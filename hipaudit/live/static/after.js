// What there is to know after a set, and the rest before the next one.

import { at, clock, counted, made, show } from "./page.js";
import { Rest } from "./rest.js";

export class After {
  #rest;
  #voice;

  /** `next` begins the next set; it is also called when the rest is over. */
  constructor(voice, beeps, next) {
    this.#voice = voice;
    this.#rest = new Rest((left) => {
      at("rest").textContent = clock(left);
      if (left > 0 && left <= 3) beeps.play(660);
    }, next);
    at("hold-on").addEventListener("click", () => this.#wait());
    at("next").addEventListener("click", () => {
      this.#rest.stop();
      next();
    });
  }

  /**
   * what  the movement
   * done  the set, and `test`, its result where it was a test, else null
   * then  what comes next, null where nothing does
   */
  set(what, done, test, then) {
    const { number, of, reps, clean, summary, rest_s: rest } = done;
    const count = of > 1 ? `Set ${number} of ${of}: ${counted(reps, "repetition")}` : counted(reps, "repetition");
    at("share").hidden = !reps || test;
    at("share").querySelector(".bar").style.setProperty("--share", reps ? clean / reps : 0);
    at("share").setAttribute("aria-label", `${clean} of ${reps} clean`);
    at("after-what").textContent = what;
    at("after-title").textContent = test ? result(test) : count;
    at("summary").replaceChildren(...summary.map((line) => made("li", line)));
    at("saved").textContent = "";
    at("intake").hidden = !test || test.value === null;
    at("save").hidden = !reps;
    at("save").disabled = at("intake").disabled = false;
    this.#then(rest, then);
    this.#voice.say(summary[0] ?? "");
    show("after");
  }

  /** What became of saving, and the report's address where there is one. */
  saved({ say, report }) {
    at("saved").textContent = say;
    at("save").disabled = report !== null;
    if (!report) return;
    const link = made("a", "Open the report");
    link.href = report;
    link.target = "_blank";
    at("saved").append(" ", link);
  }

  leave() {
    this.#rest.stop();
  }

  #then(rest, then) {
    at("resting").hidden = at("hold-on").hidden = !rest;
    at("then").textContent = rest && then ? `then ${then}` : "";
    at("next").hidden = !then;
    at("next").textContent = then ? `Go on: ${then}` : "";
    at("hold-on").setAttribute("aria-pressed", "false");
    if (rest) this.#rest.start(rest);
  }

  #wait() {
    const wait = this.#rest.isRunning;
    at("hold-on").setAttribute("aria-pressed", `${wait}`);
    if (wait) this.#rest.stop();
    else this.#rest.resume();
  }
}

function result({ value, unit }) {
  if (value === null) return "Not judged";
  return unit === "s" ? `${value.toFixed(1)} seconds` : counted(value, "full stand");
}
