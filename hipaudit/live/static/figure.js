// The drawing of an exercise: outlines from the server, moved between the bodies it was given.

import { calm } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const NUMBERS = /-?\d+/g;

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** The outline between two that have the same commands. */
function between(one, other, share) {
  if (one === other || share === 0) return one;
  const numbers = other.match(NUMBERS);
  let at = 0;
  return one.replace(NUMBERS, (number) => Math.round(+number + (numbers[at++] - number) * share));
}

export class Drawn {
  #place;
  #drawing = null;
  #moving = []; // [path, its outlines] of every shape that moves

  constructor(place) {
    this.#place = place;
  }

  /** Draws an exercise at rest, turned round for the left side. Who asked for less motion sees its two ends instead. */
  show(drawing, side) {
    this.#drawing = drawing;
    const ends = calm.matches && drawing.end !== null ? [0, drawing.end] : [0];
    this.#place.replaceChildren(...ends.map((end) => this.#panel(end, side === "left", ends.length > 1)));
    this.#place.setAttribute("aria-label", drawing.title);
    this.#place.classList.toggle("pair", ends.length > 1);
  }

  get moves() {
    return this.#drawing.beat.length > 0 && !calm.matches;
  }

  /** Shows the body that is due so many seconds after a set began. */
  at(seconds) {
    if (!this.moves) return;
    const { beat } = this.#drawing;
    let left = seconds % beat.reduce((sum, [length]) => sum + length, 0);
    for (const [length, from, to] of beat) {
      if (left < length) return void this.#turn(from + ((to - from) * left) / length);
      left -= length;
    }
  }

  rest() {
    if (this.moves) this.#turn(0);
  }

  #turn(share) {
    for (const [path, outlines] of this.#moving) {
      const step = share * (outlines.length - 1);
      const one = Math.min(Math.floor(step), outlines.length - 2);
      path.setAttribute("d", between(outlines[one], outlines[one + 1], step - one));
    }
  }

  #panel(end, turned, still) {
    const { box, shapes, arrow } = this.#drawing;
    const svg = shape("svg", { viewBox: box.join(" "), "aria-hidden": "true" });
    const sheet = shape("g", turned ? { transform: `translate(${2 * box[0] + box[2]} 0) scale(-1 1)` } : {});
    this.#moving = [];
    for (const { kind, d } of shapes) {
      if (still && kind === "ghost") continue;
      const path = shape("path", { class: `fig-${kind}`, d: d[d.length > 1 ? end : 0] });
      if (d.length > 1) this.#moving.push([path, d]);
      sheet.append(path);
    }
    if (arrow && end === 0) sheet.append(shape("path", { class: "fig-way", d: arrow[0] }), shape("path", { class: "fig-tip", d: arrow[1] }));
    svg.append(sheet);
    return svg;
  }
}
