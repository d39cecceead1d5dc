// The camera: chosen, opened, watched, opened again. Every way in which it can fail has one sentence that says what to do.

const AGAIN_MS = [500, 1000, 2000, 4000, 8000];

const SENTENCES = {
  NotAllowedError: "The browser may not use the camera. Allow it by the camera sign beside the address, then press Try again.",
  NotFoundError: "No camera was found. Plug one in or switch it on, then press Try again.",
  NotReadableError: "The camera is busy in another program. Close that program, a video call for instance, then press Try again.",
  OverconstrainedError: "The camera that was chosen is not there. Plug it in, or choose another one on the start page, then press Try again.",
};

export function whatToDo(error) {
  return SENTENCES[error.name] ?? `The camera could not be opened (${error.name}). Unplug it, plug it in, then press Try again.`;
}

export class Camera extends EventTarget {
  #video;
  #wish = null;
  #stream = null;
  #tries = 0;
  #waiting = null; // the timer of the next try, null while there is none

  constructor(video) {
    super();
    this.#video = video;
    navigator.mediaDevices?.addEventListener("devicechange", () => this.dispatchEvent(new Event("devices")));
  }

  /** The cameras there are; names stay empty until the person has allowed one. */
  async list() {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return devices.filter((device) => device.kind === "videoinput");
  }

  get isOn() {
    return this.#stream?.active ?? false;
  }

  /** Opens the camera `id` ("" for the browser's choice) near `width` x `height`; throws what getUserMedia throws. */
  async open(wish) {
    const { id, width, height } = wish;
    this.#stop();
    if (!navigator.mediaDevices) throw new DOMException("no secure context", "NotAllowedError");
    this.#wish = wish;
    const wanted = {
      width: { ideal: width },
      height: { ideal: height },
      frameRate: { ideal: 30 },
      resizeMode: { ideal: "none" }, // what the lens sees, never a part cut out of it
    };
    if (id) wanted.deviceId = { exact: id };
    else wanted.facingMode = "user";
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    this.#stream.getVideoTracks()[0].addEventListener("ended", () => this.#lost());
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    this.#tries = 0;
  }

  close() {
    this.#wish = null;
    this.#stop();
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  #lost() {
    if (!this.#wish) return;
    this.#stop();
    this.dispatchEvent(new Event("lost"));
    this.#again();
  }

  /** Tries to open a lost camera at once, instead of at its next turn. */
  retry() {
    if (this.#waiting === null) return; // a try is under way
    clearTimeout(this.#waiting);
    this.#reopen(this.#wish);
  }

  #again() {
    const wish = this.#wish;
    const wait = AGAIN_MS[Math.min(this.#tries++, AGAIN_MS.length - 1)];
    this.#waiting = setTimeout(() => this.#reopen(wish), wait);
  }

  async #reopen(wish) {
    this.#waiting = null;
    if (this.#wish !== wish) return; // closed or opened by hand meanwhile
    try {
      await this.open(wish);
      this.dispatchEvent(new Event("back"));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.dispatchEvent(new CustomEvent("failed", { detail: whatToDo(error) }));
      this.#again();
    }
  }
}
