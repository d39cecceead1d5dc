// The page: joins camera, wire, coach's screen and voice, and leads through a session.

import { After } from "./after.js";
import { Beeps } from "./beeps.js";
import { Camera, whatToDo } from "./camera.js";
import { Choices } from "./choices.js";
import { Guide } from "./guide.js";
import { Overlay } from "./overlay.js";
import { at, banner, counted, show, showing } from "./page.js";
import { Pictures } from "./pictures.js";
import { Plan, SESSION_DONE, named } from "./plan.js";
import { Stage } from "./stage.js";
import { Voice } from "./voice.js";
import { Wire } from "./wire.js";

const video = at("video");
const voice = new Voice();
const beeps = new Beeps();
const camera = new Camera(video);
const wire = new Wire(location.hash.slice(1));
const pictures = new Pictures(video, wire);
const stage = new Stage({ overlay: new Overlay(at("overlay")), video, voice, beeps });
const choices = new Choices(voice, beeps, camera);
const after = new After(voice, beeps, goOn);
const guide = new Guide(voice, beeps, stepOver);
const plan = new Plan(at("plan-steps"));

const OTHER = { left: "right", right: "left" };

let welcome = null;
let task = null; // what the coach was asked to coach, and `then`, the leg to go on with; null on the start screen
let setsDone = 0;
let tests = []; // results of the set under way
let lost = false;

// What the coach says.
wire.addEventListener("event", ({ detail: event }) => {
  if (event.type === "welcome") return void welcomed(event);
  if (event.type === "set_done") return void setDone(event);
  if (event.type === "test_done") return void tests.push(event);
  if (event.type === "saved") return void after.saved(event);
  if (event.type === "problem" && showing() !== "stage") return void banner(event.say);
  if (showing() !== "stage" || stage.paused) return;
  stage.take(event);
  if (!camera.isOn) stage.interrupted("Camera lost"); // that was said of the last pictures before
});

wire.addEventListener("dropped", () => {
  lost = true;
  banner("The connection to hipaudit is lost; trying again. If this stays, start hipaudit live anew and open its new address.");
  if (showing() === "stage") stage.interrupted("Connection lost");
});

wire.addEventListener("refused", ({ detail: reason }) => blocked(reason));
at("reconnect").addEventListener("click", () => wire.open());

function blocked(reason) {
  leaveSet();
  banner(null);
  at("blocked-why").textContent = reason || "The program did not accept this page. Open the address that hipaudit live printed.";
  show("blocked");
}

function welcomed(event) {
  welcome = event;
  stage.know(event);
  choices.offer(event);
  at("notice").textContent = event.notice;
  plan.offer(event.session);
  at("plan").hidden = !event.session;
  if (lost) backAgain();
  else if (showing() === "blocked") home();
}

/** The coach knows nothing of the set that was under way: it begins anew, and that is said. */
function backAgain() {
  lost = false;
  banner(null);
  if (showing() === "blocked") return void home();
  if (showing() !== "stage") return;
  const gone = stage.count ? `${counted(stage.count, "repetition")} of it ${stage.count === 1 ? "is" : "are"} lost.` : "";
  beginSet(true);
  stage.take({ type: "problem", say: `Connected again. The set begins anew. ${gone}`.trim() });
}

// A set.
async function start(wanted) {
  task = wanted;
  setsDone = 0;
  banner(null);
  beeps.wake();
  at("go").disabled = at("train").disabled = true;
  if (showing() === "guide") show("start"); // until the camera is open, or if it cannot be opened
  try {
    if (!camera.isOn) await camera.open(choices.camera);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    task = null;
    return void banner(whatToDo(error), () => start(wanted));
  } finally {
    at("go").disabled = at("train").disabled = false;
  }
  choices.listCameras();
  beginSet();
}

/** Begins the next set; `afresh` where the coach does not know of those before. */
function beginSet(afresh = false) {
  const { name, movement, side, sets = 1, reps = null, hold_s = null, timed = false, rest_s = 60 } = task;
  const { seconds } = welcome.movements.find((one) => one.id === movement);
  const { on: record, blur } = choices.record;
  stage.begin({
    name: named({ name, side }),
    set: sets > 1 ? `set ${setsDone + 1} of ${sets}` : "",
    sides: side === "both" ? ["left", "right"] : [side],
    goal: reps ?? hold_s ?? seconds,
    unit: reps ? "" : "s",
    timed,
    ghost: welcome.like?.xy ?? null,
    record,
  });
  tests = [];
  wire.tell("record", { on: record, blur });
  if (setsDone && !afresh) wire.tell("next_set");
  else wire.tell("start", { movement, side, sets: sets - setsDone, reps, hold_s, timed, rest_s });
  pause(false);
  show("stage");
  pictures.start();
}

function setDone(event) {
  if (showing() !== "stage") return;
  leaveStage();
  setsDone = event.number;
  const asked = task.reps ? null : { value: null };
  after.set(stage.name, event, tests.find((test) => test.value !== null) ?? asked, whatNext());
}

function whatNext() {
  if (setsDone < task.sets) return `set ${setsDone + 1} of ${task.sets}`;
  if (task.then) return `the ${task.then} leg`;
  return plan.next && named(plan.next);
}

function goOn() {
  if (setsDone < task.sets) beginSet();
  else if (task.then) start({ ...task, side: task.then, then: null });
  else stepOver();
}

function leaveStage() {
  pictures.stop();
  stage.end();
}

function leaveSet() {
  leaveStage();
  after.leave();
  guide.stop();
  voice.hush();
  camera.close();
  task = null;
}

function home() {
  leaveSet();
  plan.offer(welcome.session);
  show("start");
}

// A session.
function stepOver() {
  plan.done();
  trainStep();
}

function trainStep() {
  plan.begin();
  const step = plan.step;
  if (!step) return void finish();
  if (step.kind === "camera") return void start(step);
  leaveStage();
  camera.close();
  guide.begin(step, plan.where);
}

function finish() {
  home();
  voice.say(SESSION_DONE);
}

// Buttons and keys.
function pause(on) {
  stage.paused = on;
  at("pause").setAttribute("aria-pressed", `${on}`);
  if (on) {
    pictures.stop();
    stage.interrupted("Paused");
  } else if (showing() === "stage") {
    stage.resume();
    pictures.start();
  }
}

function showNumber() {
  if (stage.toggleNumbers()) wire.tell("show_number");
  at("number").setAttribute("aria-pressed", `${!at("numbers").hidden}`);
}

function mute() {
  voice.on = !voice.on;
  if (!voice.on) voice.hush();
  at("mute").setAttribute("aria-pressed", `${!voice.on}`);
}

/** Ends the set, whose summary then comes; before it has begun, or without a server, there is none. */
function stop() {
  const told = wire.tell("stop");
  if (!told || stage.state !== "set") home();
}

at("choices").addEventListener("submit", (event) => {
  event.preventDefault();
  plan.leave();
  const wanted = choices.wanted;
  start({ ...wanted, then: OTHER[wanted.side] ?? null });
});
at("train").addEventListener("click", () => {
  if (!plan.step) plan.again();
  trainStep();
});
at("skip").addEventListener("click", () => {
  plan.begin();
  plan.done();
});
at("stop").addEventListener("click", stop);
at("pause").addEventListener("click", () => pause(!stage.paused));
at("number").addEventListener("click", showNumber);
at("mute").addEventListener("click", mute);
at("home").addEventListener("click", home);
at("guide-home").addEventListener("click", home);
at("save").addEventListener("click", () => {
  at("save").disabled = wire.tell("save");
});
at("intake").addEventListener("click", () => {
  at("intake").disabled = wire.tell("intake");
});

const KEYS = { Escape: stop, p: () => pause(!stage.paused), n: showNumber, m: mute, d: diagnose };

function diagnose() {
  at("diagnostics").hidden = !at("diagnostics").hidden;
  at("diagnostics").textContent = stage.diagnostics;
}

addEventListener("keydown", (event) => {
  if (showing() !== "stage" || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// The camera.
camera.addEventListener("lost", () => {
  banner("The camera is gone; trying to open it again. Check its cable, or choose another one.");
  stage.interrupted("Camera lost");
});
camera.addEventListener("back", () => {
  banner(null);
  stage.resume();
});
camera.addEventListener("failed", ({ detail: words }) => banner(words, () => camera.retry()));

// The address of a new start of the program differs behind the # only, for which no browser loads a page again.
addEventListener("hashchange", () => wire.reopen(location.hash.slice(1)));

wire.open();
