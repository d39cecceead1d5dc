// Shows the rows that the page carries: filtered, sorted, a hundred at a time. Names only ever become text.
"use strict";
const { rows, patterns, grades, titles, confidences } = JSON.parse(document.getElementById("data").textContent);
const AT_ONCE = 100;
const form = document.querySelector(".filters");
const body = document.querySelector("#clips tbody");
const heads = [...document.querySelectorAll("[data-sort]")];
const tiles = [...document.querySelectorAll(".tiles button")];
const [back, next] = document.querySelectorAll("[data-step]");
const NONE = []; // of rows that carry no such list
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

// What each row is searched and sorted by, once.
for (const row of rows) {
  row.found ??= NONE;
  row.again ??= NONE;
  row.also ??= NONE;
  const found = row.found.flatMap(([pattern, , title]) => [patterns[pattern].replaceAll("_", " "), titles[title]]);
  row.text = [row.client, row.visit, row.clip, row.movement, row.side, row.failed, ...found, ...row.again]
    .join("\n").toLocaleLowerCase();
  row.weight = row.found.length ? 100 * (row.found[0][1] + 1) + row.found.length : 0;
}
const places = new Map([...rows].sort((a, b) => words.compare(a.client, b.client)).map((row, place) => [row, place]));
const task = (row) => `${row.movement ?? ""} ${row.side ?? ""}`;
const tasks = [...new Set(rows.map(task))].sort(words.compare);
const phases = new Map(rows.filter((row) => row.screen && row.phase !== undefined).map((row) => [row.screen, row.phase]));
// How rows are sorted: by a number, from the first or from the last; what has none comes last either way.
const SORTS = {
  attention: { of: (row) => row.attention, up: true },
  client: { of: (row) => places.get(row), up: true },
  movement: { of: (row) => tasks.indexOf(task(row)), up: true },
  found: { of: (row) => (row.failed ? undefined : row.weight), up: false },
  sure: { of: (row) => row.sure, up: true },
  phase: { of: (row) => row.phase, up: true },
  again: { of: (row) => row.again.length, up: false },
};

let up = true;
let first = 0; // of the rows on the page
let shown = [];

const FILTERS = {
  text: (row, value) => value.toLocaleLowerCase().split(/\s+/).every((word) => row.text.includes(word)),
  movement: (row, value) => row.movement === value,
  phase: (row, value) => row.phase === Number(value),
  state: (row, value) => ({ audited: !row.failed, failed: Boolean(row.failed), again: row.again.length > 0 })[value],
};

// A grade is that of the chosen pattern, and without one that of the strongest.
function matches(row, chosen) {
  for (const [name, fits] of Object.entries(FILTERS)) if (chosen[name] && !fits(row, chosen[name])) return false;
  const graded = row.found.filter(([pattern]) => !chosen.pattern || patterns[pattern] === chosen.pattern);
  if (chosen.grade === "none") return !row.failed && !graded.length;
  if (chosen.grade) return graded.length > 0 && grades[graded[0][1]] === chosen.grade;
  return !chosen.pattern || graded.length > 0;
}

function sorted(list, by) {
  const { of } = SORTS[by];
  const turn = up ? 1 : -1;
  return list
    .map((row) => [row, of(row)])
    .sort(([a, x], [b, y]) =>
      (x === undefined) - (y === undefined) || turn * ((x ?? 0) - (y ?? 0)) || b.weight - a.weight || places.get(a) - places.get(b))
    .map(([row]) => row);
}

// The clips of a visit that has a screen follow the first of them.
function together(list) {
  const visits = new Map();
  for (const row of list) {
    const visit = row.screen ?? row;
    if (visits.has(visit)) visits.get(visit).push(row);
    else visits.set(visit, [row]);
  }
  return [...visits.values()].flat();
}

function make(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

function link(to, text) {
  const made = make("a", "", text);
  made.href = to;
  return made;
}

const start = (row) =>
  row.phase === undefined ? "" : row.phase === 0 ? "Ask a professional first" : `Phase ${row.phase}${row.atMost ? " at most" : ""}`;

function picture(row) {
  if (!row.picture) return "";
  const made = make("img");
  Object.assign(made, { loading: "lazy", width: 64, height: 64, alt: "", src: row.picture });
  return made;
}

function seen(row) {
  if (row.failed) return make("p", "seen", make("b", "", "No audit: "), row.failed);
  if (!row.found.length) return make("span", "small", row.sure === undefined ? "Nothing could be judged" : "Nothing stood out");
  return make("ul", "patterns", ...row.found.map(([, grade, title, side]) =>
    make("li", "", make("span", `chip ${["mild", "moderate", "marked"][grade]}`, grades[grade]), titles[title], side ? `, ${side}` : "")));
}

function film(row) {
  const why = row.failed ? NONE : row.again;
  const made = why.map((say, n) => make("p", "", n ? "" : make("b", "", "Film again: "), say));
  if (row.failed && row.again.length) made.push(make("p", "", make("b", "", "Film again")));
  if (row.also.length) made.push(make("p", "small", `Besides: ${row.also.join("; ").toLowerCase()}`));
  return made;
}

function line(row, inner) {
  const clip = make("bdi", "", row.clip);
  const who = inner ? [clip] : [
    make("b", "", make("bdi", "", row.client)),
    make("p", "small", clip, row.visit ? " · " : "", make("bdi", "", row.visit ?? "")),
  ];
  const told = [row.movement, row.side && `${row.side} leg`].filter(Boolean).join(", ");
  const how = [row.view && `filmed ${row.view}`, row.counted !== undefined && `${row.counted} repetitions`].filter(Boolean);
  const open = [["report", "Report"], ["video", "Video"]].filter(([key]) => row[key]);
  if (row.screen && !inner) open.push(["screen", "Whole visit"]);
  return make("tr", [row.failed && "failed", inner && "inner"].filter(Boolean).join(" "),
    make("td", "picture", picture(row)),
    make("td", "who", ...who),
    make("td", "what", told, ...(how.length ? [make("p", "small", how.join(", "))] : [])),
    make("td", "found", seen(row)),
    make("td", "sure", ...(row.sure === undefined ? [] : [confidences[row.sure]])),
    make("td", "start", ...(row.phase === undefined || inner ? [] : [start(row)])),
    make("td", "film", ...film(row)),
    make("td", "open", ...open.flatMap(([key, word]) => [link(row[key], word), " "])));
}

function heading(row) {
  const head = make("th", "", make("b", "", make("bdi", "", row.client)), make("bdi", "", row.visit ?? ""), ` · ${start(row)}`,
    link(row.screen, "Report of the whole visit"));
  head.colSpan = 8;
  head.scope = "rowgroup";
  return make("tr", "visit", head);
}

function draw(from, to) {
  const lines = [];
  const grouped = form.elements.grouped.checked;
  let visit;
  for (const row of shown.slice(from, to)) {
    const inner = grouped && row.screen !== undefined;
    if (inner && row.screen !== visit) lines.push(heading(row.phase === undefined ? { ...row, phase: phases.get(row.screen) } : row));
    visit = row.screen;
    lines.push(line(row, inner));
  }
  body.replaceChildren(...lines);
}

function turnTo(place) {
  first = Math.max(0, Math.min(place, Math.floor((shown.length - 1) / AT_ONCE) * AT_ONCE));
  draw(first, first + AT_ONCE);
  const last = Math.min(first + AT_ONCE, shown.length);
  back.disabled = first === 0;
  next.disabled = last === shown.length;
  back.parentElement.hidden = shown.length <= AT_ONCE;
  back.nextElementSibling.textContent = `${(first + 1).toLocaleString()}–${last.toLocaleString()} of ${shown.length.toLocaleString()}`;
}

function update(chosen) {
  shown = sorted(rows.filter((row) => matches(row, chosen)), chosen.sort);
  if (form.elements.grouped.checked) shown = together(shown);
  const all = shown.length === rows.length;
  document.querySelector("output").textContent = all ? "" : `${shown.length.toLocaleString()} of ${rows.length.toLocaleString()} clips shown`;
  for (const head of heads) head.parentElement.ariaSort = head.dataset.sort === chosen.sort ? (up ? "ascending" : "descending") : "none";
  for (const tile of tiles) tile.ariaPressed = String(chosen[tile.dataset.filter] === tile.dataset.value);
  turnTo(0);
}

// What is chosen stands in the address, so that the way back from a report leads to the same rows.
const choices = () => ({ ...Object.fromEntries(new FormData(form)), text: form.elements.text.value.trim() });
function choose() {
  const chosen = choices();
  const kept = new URLSearchParams(Object.entries(chosen).filter(([name, value]) => value && name !== "grouped"));
  if (!form.elements.grouped.checked) kept.set("apart", "1");
  if (up !== SORTS[chosen.sort].up) kept.set("turned", "1");
  history.replaceState(null, "", `#${kept}`);
  update(chosen);
}

function recall() {
  const kept = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of kept) if (name in FILTERS || ["pattern", "grade", "sort"].includes(name)) form.elements[name].value = value;
  for (const select of form.querySelectorAll("select")) if (select.selectedIndex < 0) select.selectedIndex = 0;
  form.elements.grouped.checked = !kept.has("apart");
  up = SORTS[form.elements.sort.value].up !== kept.has("turned");
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  if (event.target.name === "sort") up = SORTS[event.target.value].up;
  choose();
});
form.addEventListener("reset", () => setTimeout(() => {
  up = true;
  choose();
}));
for (const head of heads) head.addEventListener("click", () => {
  const sort = form.elements.sort;
  up = sort.value === head.dataset.sort ? !up : SORTS[head.dataset.sort].up;
  sort.value = head.dataset.sort;
  choose();
});
for (const tile of tiles) tile.addEventListener("click", () => {
  const filter = form.elements[tile.dataset.filter];
  filter.value = tile.ariaPressed === "true" ? "" : tile.dataset.value;
  choose();
});
for (const button of [back, next]) button.addEventListener("click", () => {
  turnTo(first + AT_ONCE * Number(button.dataset.step));
  document.getElementById("clips").scrollIntoView();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select")) return;
  event.preventDefault();
  form.elements.text.focus();
});
addEventListener("beforeprint", () => draw(0, shown.length)); // paper has no pages to turn
addEventListener("afterprint", () => turnTo(first));

form.querySelector("details").open = !matchMedia("(max-width: 820px)").matches;
for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
recall();
update(choices());
