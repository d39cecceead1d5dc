// The start screen: what to do, with which camera and voice. What was chosen is kept in this browser for the next time.

import { at, made } from "./page.js";

const KEPT_AS = "hipaudit-live";
const NOT_KEPT = new Set(["record"]); // recording is asked for each time

export class Choices {
  #form = at("choices");
  #voice;
  #camera;
  #tasks = [];
  #wished = {};

  constructor(voice, beeps, camera) {
    this.#voice = voice;
    this.#camera = camera;
    this.#wished = kept();
    this.#restore();
    this.#form.addEventListener("input", () => this.#changed(beeps));
    voice.addEventListener("voices", () => this.#listVoices());
    camera.addEventListener("devices", () => this.listCameras());
    at("hear").addEventListener("click", () => {
      voice.say("Steady. Kneecap to the second toe.");
      beeps.wake();
      beeps.play(880);
    });
    this.#listVoices();
    this.listCameras();
    this.#changed(beeps);
  }

  /** Takes what the server can coach, and what its command line has chosen. */
  offer({ movements, chosen }) {
    this.#tasks = movements.flatMap(tasks);
    const lists = Object.entries({ Sets: false, Tests: true }).map(([title, test]) => {
      const group = document.createElement("optgroup");
      group.label = title;
      group.append(...this.#tasks.filter((one) => one.test === test).map((one) => new Option(one.name, one.key)));
      return group;
    });
    this.#field("movement").replaceChildren(...lists);
    this.#select("movement", chosen.movement ?? this.#wished.movement ?? "squat");
    for (const name of ["side", "sets", "reps"]) if (chosen[name] && chosen[name] !== "both") this.#field(name).value = chosen[name];
    this.#describe();
  }

  get #task() {
    return this.#tasks.find((one) => one.key === this.#field("movement").value);
  }

  /** What to train, as the server wants it, and its name. */
  get wanted() {
    const { movement, test, goal } = this.#task;
    const form = new FormData(this.#form);
    const side = movement.legs === 1 ? form.get("side") : "both";
    const amount = test ? { sets: 1, ...goal } : { sets: Number(form.get("sets")), reps: Number(form.get("reps")) };
    return { name: movement.name, movement: movement.id, side, ...amount };
  }

  get camera() {
    const form = new FormData(this.#form);
    const [width, height] = form.get("picture").split("x").map(Number);
    return { id: form.get("camera") ?? "", width, height };
  }

  get record() {
    const form = new FormData(this.#form);
    return { on: form.has("record"), blur: form.has("blur") };
  }

  async listCameras() {
    const cameras = await this.#camera.list();
    const named = cameras.filter((one) => one.deviceId);
    const options = named.map((one, number) => new Option(one.label || `camera ${number + 1}`, one.deviceId));
    this.#field("camera").replaceChildren(new Option("the browser’s choice", ""), ...options);
    this.#select("camera", this.#wished.camera);
  }

  #field(name) {
    return this.#form.elements[name];
  }

  /** Selects a value where it is there, else leaves the first. */
  #select(name, value) {
    const field = this.#field(name);
    if ([...field.options].some((option) => option.value === value)) field.value = value;
  }

  #listVoices() {
    const voices = this.#voice.voices;
    const languages = [...new Set(voices.map((one) => one.lang.slice(0, 2)))].sort();
    const names = new Intl.DisplayNames(["en"], { type: "language" });
    this.#field("language").replaceChildren(...languages.map((code) => new Option(names.of(code), code)));
    this.#select("language", this.#wished.language ?? "en");
    this.#listNames();
    at("voices-none").hidden = voices.length > 0;
    at("voices").hidden = voices.length === 0;
  }

  #listNames() {
    const language = this.#field("language").value;
    const fitting = this.#voice.voices.filter((one) => one.lang.startsWith(language));
    this.#field("voice").replaceChildren(...fitting.map((one) => new Option(one.name, one.name)));
    this.#select("voice", this.#wished.voice);
    this.#voice.name = this.#field("voice").value;
    this.#voice.language = language || "en";
  }

  #changed(beeps) {
    const form = this.#form;
    if (document.activeElement === this.#field("language")) this.#listNames();
    this.#voice.on = this.#field("speak").checked;
    this.#voice.name = this.#field("voice").value;
    this.#voice.volume = beeps.volume = Number(this.#field("volume").value);
    beeps.on = this.#field("beeps").checked;
    form.elements.blur.disabled = !form.elements.record.checked;
    this.#describe();
    this.#keep();
  }

  #describe() {
    if (!this.#task) return;
    const { movement, test } = this.#task;
    const sideways = movement.from === "side";
    at("film").textContent = movement.film.split(". ", 1)[0].replace(/[^.]$/, "$&.");
    at("from").setAttribute("href", sideways ? "#f-side" : "#f-front");
    at("from-title").textContent = `Seen from above: the camera stands ${sideways ? "at your side" : "in front of you"}`;
    at("sides").hidden = movement.legs !== 1;
    at("amount").hidden = test;
  }

  #keep() {
    const wished = { ...this.#wished };
    for (const field of this.#form.elements) {
      if (!field.name || NOT_KEPT.has(field.name)) continue;
      if (field.type === "checkbox") wished[field.name] = field.checked;
      else if (field.type === "radio") wished[field.name] = this.#form.elements[field.name].value;
      else if (field.value) wished[field.name] = field.value;
    }
    this.#wished = wished;
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(wished));
    } catch (error) {
      console.info("Choices are not kept:", error.message); // storage is full or switched off
    }
  }

  #restore() {
    for (const [name, value] of Object.entries(this.#wished)) {
      const field = this.#field(name);
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else if (field instanceof HTMLSelectElement) this.#select(name, value);
      else field.value = value;
    }
  }
}

/** What can be done of a movement: repetitions, a hold, or as many as the time allows. */
function tasks(movement) {
  const { id, name, kind, unit, seconds, counts } = movement;
  const task = (as, title, goal) => ({ key: as ? `${id} ${as}` : id, name: title, movement, test: Boolean(as), goal });
  const all = counts ? [task("", name, {})] : [];
  if (kind !== "test") return all;
  if (unit === "s") return [...all, task("hold", `${name}: hold as long as you can`, { hold_s: seconds })];
  return [...all, task("timed", `${name}: as often as you can in ${seconds} s`, { timed: true })];
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
  } catch (error) {
    console.info("Earlier choices cannot be read:", error.message);
    return {};
  }
}
