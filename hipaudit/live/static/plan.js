// The steps of a session: which one is on, which come next.

import { at, made } from "./page.js";

/** A step's name, with the leg where it is one of two. */
export const named = ({ name, side = "both" }) => (side === "both" ? name : `${name}, ${side} leg`);

export const SESSION_DONE = "The session is done.";

export class Plan {
  #list;
  #steps = [];
  #about = "";
  #at = 0;
  #on = false; // whether it is the plan that is being trained

  constructor(list) {
    this.#list = list;
  }

  /** Takes the session the server was started with, or null; keeps what was already done of it. */
  offer(session) {
    if (!session) return;
    if (!this.#steps.length) this.#steps = session.steps;
    this.#about = session.about;
    at("plan-stop").replaceChildren(...session.stop.map((line) => made("li", line)));
    at("plan-pain").replaceChildren(
      ...session.pain.map(({ pain, then }) => {
        const row = document.createElement("tr");
        row.append(made("th", pain), made("td", then));
        return row;
      }),
    );
    this.#write();
  }

  /** Its steps are trained from here on; `leave`: something else is, and the plan stays where it is. */
  begin() {
    this.#on = true;
  }

  leave() {
    this.#on = false;
  }

  /** All its steps are to be done once more. */
  again() {
    this.#at = 0;
  }

  /** The step that is due, null when all are done. */
  get step() {
    return this.#steps[this.#at] ?? null;
  }

  /** The step after it, null at the end or where something else is trained. */
  get next() {
    return this.#on ? (this.#steps[this.#at + 1] ?? null) : null;
  }

  get where() {
    const next = this.next;
    return `Exercise ${this.#at + 1} of ${this.#steps.length}${next ? ` · next: ${named(next)}` : " · the last one"}`;
  }

  done() {
    if (!this.#on) return;
    this.#at += 1;
    this.#write();
  }

  #write() {
    this.#list.replaceChildren(
      ...this.#steps.map((step, number) => {
        const line = made("li", `${named(step)}: ${step.amount}`, number < this.#at ? "done" : number === this.#at ? "now" : "");
        if (step.kind === "camera") line.append(" (camera)");
        return line;
      }),
    );
    const begun = this.#at > 0 || this.#on;
    at("plan-about").textContent = this.step ? this.#about : SESSION_DONE;
    at("skip").hidden = !begun || !this.step;
    at("train").textContent = !this.step ? "Train it again" : begun ? "Go on with the session" : "Start the session";
  }
}
