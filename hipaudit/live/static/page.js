// Small things every screen needs.

export const at = (id) => document.getElementById(id);

/** A new element with text and, where given, a class. */
export function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** A drawing of the page's own: a letter that stands for one would have the browser look through all its fonts. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

const SCREENS = ["blocked", "start", "stage", "after", "guide"];

/** Shows one screen and puts the focus on its heading, so that keyboard and screen reader begin there. */
export function show(screen) {
  for (const id of SCREENS) at(id).hidden = id !== screen;
  document.body.dataset.screen = screen;
  at(screen).querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, 0);
}

export const showing = () => document.body.dataset.screen;

/** A sentence across the top of every screen; `retry` puts a button beside it. */
export function banner(text, retry = null) {
  at("banner").hidden = !text;
  at("banner").querySelector("p").textContent = text ?? "";
  const button = at("banner").querySelector("button");
  button.hidden = !retry;
  button.onclick = retry;
}

export const clock = (seconds) => {
  const whole = Math.max(0, Math.ceil(seconds));
  return whole < 60 ? `${whole}` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

export const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** How far a mark has come after `share` of `seconds`: smoothly, or in steps of a second for who asked for less motion. */
export const moved = (share, seconds) => (calm.matches ? Math.floor(share * seconds) / seconds : share);

/** A number with so many decimals, no minus sign on a zero. */
export const rounded = (value, digits) => (Number(value.toFixed(digits)) + 0).toFixed(digits);
