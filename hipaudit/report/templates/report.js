// Keeps each clip's video and curves in step. Without it everything still reads: links lead to the clip.
"use strict";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const films = new Map();

class Film {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.slider = root.querySelector("[role=slider]");
    this.cursor = root.querySelector(".cursor");
    this.readout = root.querySelector("output");
    this.first = Number(root.dataset.first);
    this.last = Number(root.dataset.last);
    this.step = 1 / (Number(root.dataset.fps) || 25);
    this.t = Number(root.dataset.start);
    this.slider.hidden = false;
    root.querySelector(".scripted").hidden = false;
    this.slider.addEventListener("pointerdown", (event) => this.grab(event));
    this.slider.addEventListener("pointermove", (event) => {
      if (this.slider.hasPointerCapture(event.pointerId)) this.seek(this.under(event));
    });
    this.slider.addEventListener("keydown", (event) => this.press(event));
    if (this.video) this.follow();
    this.draw();
  }

  follow() {
    const { video } = this;
    const take = () => this.mark(video.currentTime);
    video.currentTime = this.t;
    for (const name of ["timeupdate", "seeking", "seeked"]) video.addEventListener(name, take);
    const tick = () => {
      take();
      if (!video.paused && !video.ended) requestAnimationFrame(tick);
    };
    video.addEventListener("play", tick);
    video.addEventListener("error", () => {
      video.hidden = true;
      this.root.querySelector(".lost").hidden = false;
      this.video = null;
    });
  }

  grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.slider.focus({ preventScroll: true });
    this.slider.setPointerCapture(event.pointerId);
    this.seek(this.under(event));
  }

  press(event) {
    const moves = {
      ArrowRight: this.step, ArrowUp: this.step, ArrowLeft: -this.step, ArrowDown: -this.step,
      PageUp: 1, PageDown: -1, Home: this.first - this.t, End: this.last - this.t,
    };
    if (event.key === " " && this.video) {
      if (this.video.paused) this.video.play(); else this.video.pause();
    } else if (event.key in moves && !event.altKey && !event.ctrlKey && !event.metaKey) {
      this.seek(this.t + moves[event.key] * (event.shiftKey ? 10 : 1));
    } else return;
    event.preventDefault();
  }

  under(event) {
    const box = this.slider.getBoundingClientRect();
    return this.first + ((event.clientX - box.left) / box.width) * (this.last - this.first);
  }

  seek(t) {
    const to = Math.min(this.last, Math.max(this.first, t));
    if (this.video) {
      this.video.pause();
      this.video.currentTime = to;
    }
    this.mark(to);
  }

  mark(t) {
    this.t = Math.min(this.last, Math.max(this.first, t));
    this.draw();
  }

  draw() {
    const share = (this.t - this.first) / (this.last - this.first || 1);
    const words = `${this.t.toFixed(1)} s`;
    this.cursor.style.left = `${100 * share}%`;
    this.cursor.classList.toggle("late", share > 0.85);
    this.readout.textContent = words;
    this.slider.setAttribute("aria-valuenow", this.t.toFixed(2));
    this.slider.setAttribute("aria-valuetext", words);
  }

  show(t) {
    this.seek(t);
    this.root.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
    this.slider.focus({ preventScroll: true });
  }
}

for (const root of document.querySelectorAll("[data-clip]")) films.set(root.dataset.clip, new Film(root));
for (const link of document.querySelectorAll("a[data-film]")) {
  const go = (event) => {
    event.preventDefault();
    films.get(link.dataset.film).show(Number(link.dataset.t));
  };
  (link.closest("tr") || link).addEventListener("click", go);
}
