// What is drawn over the mirrored picture: the skeleton, the toe line, the outline of an earlier stand.
// The canvas is mirrored with the video by the style sheet, so everything here is in picture coordinates.
// Colours are told apart by colour-blind eyes (Okabe-Ito); the body is never red.

const BODY = "#f4f4f0";
const EDGE = "rgba(10, 14, 18, 0.75)";
const LEG = "#56b4e9";
const TOE_LINE = "#e69f00";
const GHOST = "#f4f4f0";

const JOINTS = [
  "nose", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist",
  "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
  "right_heel", "left_toe", "right_toe",
];
const CHAIN = [
  ["shoulder", "elbow"], ["elbow", "wrist"], ["shoulder", "hip"], ["hip", "knee"], ["knee", "ankle"], ["ankle", "toe"],
];
const row = (side, name) => JOINTS.indexOf(`${side}_${name}`);
const LIMBS = [
  ...["left", "right"].flatMap((side) => CHAIN.map(([a, b]) => [row(side, a), row(side, b)])),
  [row("left", "shoulder"), row("right", "shoulder")],
  [row("left", "hip"), row("right", "hip")],
];

export class Overlay {
  #canvas;
  #pen;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
  }

  /** Takes the size of the video, so that the canvas lies exactly over it. */
  fit(video) {
    const { videoWidth, videoHeight } = video;
    if (!videoWidth || (this.#canvas.width === videoWidth && this.#canvas.height === videoHeight)) return;
    this.#canvas.width = videoWidth;
    this.#canvas.height = videoHeight;
    this.#canvas.parentElement.style.setProperty("--aspect", videoWidth / videoHeight);
  }

  clear() {
    this.#pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * xy       one [x, y] for each joint in shares of the picture, null where it is not known; null: nobody
   * sides    whose legs the exercise is about
   * toeLine  whether this view shows the knee over the foot
   * ghost    the joints of an earlier stand from the middle of the upper edge, in heights of the picture; null without
   */
  draw({ xy, sides, toeLine, ghost }) {
    this.clear();
    if (ghost) this.#body(this.#fitted(ghost), { colour: GHOST, dashed: true });
    if (!xy) return;
    this.#body(xy, { colour: BODY });
    for (const side of sides) this.#leg(xy, side);
    if (toeLine) for (const side of sides) this.#toeLine(xy, side);
    for (const side of sides) this.#knee(xy, side);
  }

  #fitted(ghost) {
    const perWidth = this.#canvas.height / this.#canvas.width;
    return ghost.map((point) => point && [0.5 + point[0] * perWidth, point[1]]);
  }

  #at(xy, joint) {
    const point = xy[joint];
    return point && point[0] !== null && point[1] !== null ? [point[0] * this.#canvas.width, point[1] * this.#canvas.height] : null;
  }

  get #thick() {
    return Math.max(2, Math.min(this.#canvas.width, this.#canvas.height) / 110);
  }

  #stroke(points, colour, width, dashes = []) {
    const pen = this.#pen;
    pen.beginPath();
    points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.lineCap = "round";
    pen.lineJoin = "round";
    for (const [style, extra] of [[EDGE, 2.5], [colour, 0]]) {
      pen.setLineDash(dashes);
      pen.strokeStyle = style;
      pen.lineWidth = width + extra;
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  #body(xy, { colour, dashed = false }) {
    const dashes = dashed ? [2 * this.#thick, 2 * this.#thick] : [];
    for (const [a, b] of LIMBS) {
      const ends = [this.#at(xy, a), this.#at(xy, b)];
      if (ends.every(Boolean)) this.#stroke(ends, colour, dashed ? 0.7 * this.#thick : this.#thick, dashes);
    }
  }

  #leg(xy, side) {
    const points = ["hip", "knee", "ankle"].map((name) => this.#at(xy, row(side, name)));
    if (points.every(Boolean)) this.#stroke(points, LEG, 1.6 * this.#thick);
  }

  #knee(xy, side) {
    const knee = this.#at(xy, row(side, "knee"));
    if (!knee) return;
    const pen = this.#pen;
    pen.beginPath();
    pen.arc(...knee, 2.2 * this.#thick, 0, 2 * Math.PI);
    pen.fillStyle = BODY;
    pen.fill();
    pen.lineWidth = this.#thick;
    pen.strokeStyle = LEG;
    pen.stroke();
  }

  /** Straight up from the toes past the knee: the line the kneecap travels along. */
  #toeLine(xy, side) {
    const [toe, knee] = ["toe", "knee"].map((name) => this.#at(xy, row(side, name)));
    if (!toe || !knee) return;
    const rise = toe[1] - knee[1];
    if (rise <= 0) return;
    this.#stroke([toe, [toe[0], toe[1] - 1.4 * rise]], TOE_LINE, 0.9 * this.#thick, [4 * this.#thick, 2.5 * this.#thick]);
  }
}
