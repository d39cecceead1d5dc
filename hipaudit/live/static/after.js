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

  /** `then` names what comes after the rest, null where nothing does. */
  set(what, done, then) {
    const { number, of, reps, clean, summary, rest_s: rest } = done;
    at("share").hidden = !reps;
    at("share").querySelector(".bar").style.setProperty("--share", reps ? clean / reps : 0);
    at("clean").textContent = `${clean} of ${reps} steady`;
    this.#open(what, of > 1 ? `Set ${number} of ${of}: ${counted(reps, "repetition")}` : counted(reps, "repetition"), summary);
    this.#then(rest, then);
    this.#voice.say(summary[0] ?? "");
  }

  test(what, { value, unit, say }, then) {
    at("share").hidden = true;
    const title = value === null ? "Not judged" : unit === "s" ? `${value.toFixed(1)} seconds` : counted(value, "full stand");
    this.#open(what, title, [say]);
    this.#then(null, then);
    this.#voice.say(say);
    at("intake").hidden = value === null;
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

  #open(what, title, lines) {
    at("after-what").textContent = what;
    at("after-title").textContent = title;
    at("summary").replaceChildren(...lines.map((line) => made("li", line)));
    at("saved").textContent = "";
    at("intake").hidden = true;
    at("save").disabled = false;
    show("after");
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
