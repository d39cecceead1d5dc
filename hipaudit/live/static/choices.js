// The start screen: what to do, with which camera and voice. What was chosen is kept in this browser for the next time.

import { at, made } from "./page.js";

const KEPT_AS = "hipaudit-live";
const NOT_KEPT = new Set(["record"]); // recording is asked for each time

export class Choices {
  #form = at("choices");
  #voice;
  #camera;
  #movements = [];
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

  /** Takes what the server can coach. */
  offer({ movements, can_record: canRecord }) {
    this.#movements = movements;
    const groups = { reps: "Repetitions", test: "Tests" };
    const lists = Object.entries(groups).map(([kind, title]) => {
      const group = document.createElement("optgroup");
      group.label = title;
      group.append(...movements.filter((one) => one.kind === kind).map((one) => new Option(one.name, one.id)));
      return group;
    });
    this.#field("movement").replaceChildren(...lists.filter((group) => group.children.length));
    this.#select("movement", this.#wished.movement);
    at("record").hidden = !canRecord;
    this.#describe();
  }

  get movement() {
    return this.#movements.find((one) => one.id === this.#field("movement").value);
  }

  /** What to train, as the server wants it. */
  get wanted() {
    const { id, legs, kind } = this.movement;
    const form = new FormData(this.#form);
    const amount = kind === "test" ? { sets: 1 } : { sets: Number(form.get("sets")), reps: Number(form.get("reps")) };
    return { movement: id, side: legs === 1 ? form.get("side") : "both", ...amount };
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
    const movement = this.movement;
    if (!movement) return;
    at("film").textContent = movement.film;
    at("from").setAttribute("href", movement.from === "side" ? "#f-side" : "#f-front");
    at("from-title").textContent = `Seen from above: the camera stands ${movement.from === "side" ? "at your side" : "in front of you"}`;
    at("sides").hidden = movement.legs !== 1;
    at("amount").hidden = movement.kind === "test";
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

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
  } catch (error) {
    console.info("Earlier choices cannot be read:", error.message);
    return {};
  }
}
