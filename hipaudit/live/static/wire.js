// The one socket to hipaudit on this machine: events come in, commands and pictures go out.
// At most two pictures are under way; a dropped socket is opened again, each time a little later.
//
// The first event is `welcome`, see live/welcome.py; the last of all that a server which will not have this page says is
// a `problem`.

const MOST_UNDER_WAY = 2;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const LOST_AFTER_MS = 2000; // a picture without an answer for so long is no longer waited for
const REFUSED = 1008; // close code: the server said why, trying again would not help

export class Wire extends EventTarget {
  #token;
  #socket = null;
  #wait = FIRST_WAIT_MS;
  #timer = null;
  #sent = []; // capture times of the pictures under way

  constructor(token) {
    super();
    this.#token = token;
  }

  open() {
    const address = new URL("/ws", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.tell("hello", { token: this.#token }));
    socket.addEventListener("message", (message) => this.#heard(JSON.parse(message.data)));
    socket.addEventListener("close", (event) => this.#dropped(socket, event));
  }

  /** Opens it anew as a page that shows another token. */
  reopen(token) {
    this.#token = token;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.open();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Whether the next picture may be sent now. */
  get hasRoom() {
    const now = performance.now();
    this.#sent = this.#sent.filter((at) => now - at < LOST_AFTER_MS);
    return this.isOpen && this.#sent.length < MOST_UNDER_WAY;
  }

  tell(type, fields = {}) {
    if (this.isOpen) this.#socket.send(JSON.stringify({ type, ...fields }));
    return this.isOpen;
  }

  /** Sends a JPEG with the time it was taken at, ms of performance.now(). */
  async show(capturedAt, jpeg) {
    const message = new Uint8Array(8 + jpeg.size);
    new DataView(message.buffer).setFloat64(0, capturedAt, true);
    message.set(new Uint8Array(await jpeg.arrayBuffer()), 8);
    if (!this.isOpen) return;
    this.#sent.push(capturedAt);
    this.#socket.send(message);
  }

  #heard(event) {
    this.#wait = FIRST_WAIT_MS;
    if (event.type === "tracked") {
      this.#sent = this.#sent.filter((at) => at > event.of);
    }
    this.dispatchEvent(new CustomEvent("event", { detail: event }));
  }

  #dropped(socket, event) {
    if (socket !== this.#socket) return; // another one was opened instead
    this.#sent = [];
    this.#socket = null;
    if (event.code === REFUSED) {
      this.dispatchEvent(new CustomEvent("refused", { detail: event.reason }));
      return;
    }
    this.dispatchEvent(new Event("dropped"));
    this.#timer = setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MS);
  }
}
