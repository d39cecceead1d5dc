// Short tones for the tempo and the countdown.

const LENGTH_S = 0.07;

export class Beeps {
  on = false;
  volume = 1;
  #sound = null;

  /** Browsers let a page sound only after the person has pressed something. */
  wake() {
    if (!this.on) return;
    this.#sound ??= new AudioContext();
    this.#sound.resume();
  }

  play(hertz) {
    if (!this.on || this.#sound?.state !== "running") return;
    const { currentTime, destination } = this.#sound;
    const tone = this.#sound.createOscillator();
    const gain = this.#sound.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0.25 * this.volume, currentTime);
    gain.gain.exponentialRampToValueAtTime(0.001, currentTime + LENGTH_S);
    tone.connect(gain).connect(destination);
    tone.start();
    tone.stop(currentTime + LENGTH_S);
  }
}
