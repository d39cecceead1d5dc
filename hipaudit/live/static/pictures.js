// From the video to the wire: each new picture, made small, as JPEG with its own time. What there is no room for is
// never made, so nothing queues and the newest picture wins.

const LONGEST_EDGE = 640;
const QUALITY = 0.8;

export class Pictures {
  #video;
  #wire;
  #canvas = document.createElement("canvas");
  #on = false;
  #busy = false;
  #last = -Infinity;

  constructor(video, wire) {
    this.#video = video;
    this.#wire = wire;
  }

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#next();
  }

  stop() {
    this.#on = false;
  }

  #next() {
    if (!this.#on) return;
    if (this.#video.requestVideoFrameCallback) {
      this.#video.requestVideoFrameCallback((now, about) => this.#take(about.captureTime ?? now));
    } else {
      requestAnimationFrame((now) => this.#take(now));
    }
  }

  #take(capturedAt) {
    this.#next();
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#busy || !this.#on || !width || capturedAt <= this.#last || !this.#wire.hasRoom) return;
    this.#busy = true;
    this.#last = capturedAt;
    const scale = Math.min(1, LONGEST_EDGE / Math.max(width, height));
    const canvas = this.#canvas;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d", { alpha: false }).drawImage(this.#video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((jpeg) => this.#send(capturedAt, jpeg), "image/jpeg", QUALITY);
  }

  async #send(capturedAt, jpeg) {
    try {
      if (jpeg && this.#on) await this.#wire.show(capturedAt, jpeg);
    } finally {
      this.#busy = false;
    }
  }
}
