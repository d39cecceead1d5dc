// A clock that counts down in whole seconds, can wait, and says when it is over.

export class Rest {
  #left = 0;
  #tick;
  #over;
  #timer = null;

  /** `tick` gets the seconds left, each second; `over` is called once at the end. */
  constructor(tick, over) {
    this.#tick = tick;
    this.#over = over;
  }

  start(seconds) {
    this.stop();
    this.#left = Math.round(seconds);
    this.resume();
  }

  resume() {
    const end = performance.now() + 1000 * this.#left;
    this.#tick(this.#left);
    this.#timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      if (left === this.#left) return;
      this.#left = left;
      this.#tick(left);
      if (left) return;
      this.stop();
      this.#over();
    }, 100);
  }

  get isRunning() {
    return this.#timer !== null;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
