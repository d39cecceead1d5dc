"""Draws a pose and what was measured on a picture, and hides a head. Works at any size; never mirrors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from .poses.skeleton import SIDES, Joint, joint

Image = NDArray[np.uint8]
# Okabe-Ito colours, told apart by colour-blind eyes; RGB.
BODY = (235, 235, 235)
LINE = (86, 180, 233)
MARK = (230, 159, 0)
INK = (20, 24, 28)
PAPER = (250, 250, 248)
SMALLEST = 12  # px of letters

_ARM_AND_LEG = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "toe"),
)
_LIMBS = (
    *((joint(s, a), joint(s, b)) for s in SIDES for a, b in _ARM_AND_LEG),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What to show on a picture: measured lines, what they are held against (dashed), and a short label.

    Each line is (N, 2) pixels; `dots` marks their points.
    """

    measured: list[NDArray[np.floating]]
    against: list[NDArray[np.floating]]
    label: str
    dots: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """Where words go on every picture of a clip, so that they stand still while the person moves.

    text       height of the letters' box in pixels
    low, high  the person's leftmost and rightmost x over the clip
    right      whether notes stand in the upper right corner, else in the upper left one
    """

    text: int
    low: float
    high: float
    right: bool


def find_layout(size: tuple[int, int], xy: NDArray[np.floating]) -> Layout:
    """The layout for pictures of `size` (width, height) and joints (T, J, 2): notes go to the emptier upper corner."""
    width, height = size
    points = xy[np.isfinite(xy).all(-1)]
    if not len(points):
        return Layout(_text_size(size), width / 2, width / 2, right=False)
    low, high = np.percentile(points[:, 0], [1, 99])
    x = points[points[:, 1] < 0.35 * height, 0]
    right = bool((x > 0.6 * width).sum() < (x < 0.4 * width).sum())
    return Layout(_text_size(size), float(low), float(high), right)


def draw_body(image: Image, xy: NDArray[np.floating]) -> Image:
    """The picture with a thin skeleton; (J, 2) pixels, NaN joints are left out. The input is not written to."""
    canvas = image.copy()
    _body(canvas, xy)
    return canvas


def draw_measured(image: Image, xy: NDArray[np.floating], drawing: Drawing) -> Image:
    """The picture with the skeleton, the measured lines, what they are held against, and the label."""
    canvas = draw_body(image, xy)
    _lines(canvas, drawing)
    points = np.concatenate(drawing.measured)
    # Room is looked for at the height of the points: beside the knees there is more than beside the arms.
    level = np.abs(xy[:, 1] - float(np.nanmean(points[:, 1]))) < 0.12 * canvas.shape[0]
    edges = np.concatenate([points[:, 0], xy[level & np.isfinite(xy[:, 0]), 0]])
    flesh = 0.04 * canvas.shape[0]  # joints lie inside the body
    low, high = float(edges.min()) - flesh, float(edges.max()) + flesh
    _label(canvas, drawing.label, points, (low, high), canvas.shape[1] - high >= low, max(13, canvas.shape[0] // 22))
    return canvas


def draw_moving(
    canvas: Image,
    xy: NDArray[np.floating],
    drawings: Sequence[Drawing | None],
    notes: Sequence[tuple[str, bool]],
    layout: Layout,
) -> None:
    """Draws into one picture of a video: skeleton, measured lines with labels, and notes in a corner.

    xy        (J, 2) pixels, NaN joints are left out
    drawings  the first is labelled on the side with more room, the next on the other; None keeps the place of one
              that cannot be shown at this instant
    notes     short texts under each other; True sets one off as a finding
    """
    _body(canvas, xy)
    below = _notes(canvas, notes, layout)
    shown = [(number, drawing) for number, drawing in enumerate(drawings) if drawing is not None]
    for _, drawing in shown:
        _lines(canvas, drawing)
    roomier = canvas.shape[1] - layout.high >= layout.low
    for number, drawing in shown:
        points = np.concatenate(drawing.measured)
        to_right = roomier != (number % 2 == 1)
        top = below if to_right == layout.right else 0
        _label(canvas, drawing.label, points, (layout.low, layout.high), to_right, layout.text, top)


def draw_toe_lines(canvas: Image, xy: NDArray[np.floating]) -> None:
    """Draws, for each foot, straight up from the toes past the knee: the line the kneecap is to travel along."""
    for side in SIDES:
        knee, toe = (xy[joint(side, name)].astype(float) for name in ("knee", "toe"))
        if np.isfinite([*knee, *toe]).all() and toe[1] > knee[1]:
            top = np.array([toe[0], toe[1] - 1.3 * (toe[1] - knee[1])])
            _dashed(canvas, toe, top, LINE, 2 * _stroke(canvas))


def draw_ghost(canvas: Image, xy: NDArray[np.floating]) -> None:
    """Draws a body in dashes: where somebody stood before; (J, 2) pixels, NaN joints are left out."""
    for a, b in _LIMBS:
        if np.isfinite(xy[[a, b]]).all():
            _dashed(canvas, xy[a], xy[b], BODY, _stroke(canvas))


def draw_words(canvas: Image, text: str, size: int, place: tuple[float, float], found: bool = False) -> None:
    """Puts a plate with text on the picture; `place` is 0..1 of the room it leaves across and down.

    Letters are of `size` pixels, smaller where the plate would be higher or wider than the picture.
    """
    plate = _plate(text, size, canvas.shape[1] - size, found)
    while size > SMALLEST and (plate.shape[0] > canvas.shape[0] or plate.shape[1] > canvas.shape[1]):
        size -= 2
        plate = _plate(text, size, canvas.shape[1] - size, found)
    x, y = (
        (room - own) * share for room, own, share in zip(canvas.shape[1::-1], plate.shape[1::-1], place, strict=True)
    )
    _stick(canvas, plate, round(x), round(y))


def draw_bar(canvas: Image, share: float, full: bool = False) -> None:
    """Draws an upright bar at the right edge, filled from above to `share` 0..1; another colour where it is `full`."""
    height, width = canvas.shape[:2]
    wide, top, bottom = round(0.03 * width), round(0.2 * height), round(0.8 * height)
    left = width - 2 * wide
    level = round(top + min(max(share, 0.0), 1.0) * (bottom - top))
    cv2.rectangle(canvas, (left - 2, top - 2), (left + wide + 2, bottom + 2), INK, -1)
    cv2.rectangle(canvas, (left, top), (left + wide, level), MARK if full else LINE, -1)


def hide(image: Image, circle: NDArray[np.floating]) -> Image:
    """The picture with a circle (x, y, radius in pixels) made unrecognisable, all of it where the radius is inf.

    What is hidden is gone: a circle keeps its one average colour. Six averages across hid the person as well, but with
    a poster behind them a face detector took the blotches for a face now and then.
    """
    height, width = image.shape[:2]
    x, y, radius = (float(v) for v in circle)
    if not np.isfinite(radius):
        return _coarse(image, 12)
    soft = 1.2 * radius
    x0, x1 = (int(np.clip(v, 0, width)) for v in (x - soft, x + soft + 1))
    y0, y1 = (int(np.clip(v, 0, height)) for v in (y - soft, y + soft + 1))
    if x1 <= x0 or y1 <= y0:
        return image
    out = image.copy()
    part = out[y0:y1, x0:x1]
    away = np.hypot(np.arange(x0, x1)[None, :] - x, np.arange(y0, y1)[:, None] - y)
    share = np.clip((soft - away) / (soft - radius), 0, 1)[..., None].astype(np.float32)
    part[:] = part + share * (part.mean((0, 1)) - part)
    return out


def _coarse(image: Image, cells: int) -> Image:
    """The picture from `cells` averages along its longer side."""
    height, width = image.shape[:2]
    scale = cells / max(height, width)
    few = cv2.resize(image, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def crop_to_person(image: Image, xy: NDArray[np.floating], margin: float = 0.12) -> tuple[Image, NDArray[np.floating]]:
    """The part of the picture around the person, and the joints in it."""
    known = xy[np.isfinite(xy).all(1)]
    low, high = known.min(0), known.max(0)
    pad = margin * (high[1] - low[1])
    height, width = image.shape[:2]
    x0, x1 = int(max(0, low[0] - 2.5 * pad)), int(min(width, high[0] + 2.5 * pad))
    y0, y1 = int(max(0, low[1] - 1.5 * pad)), int(min(height, high[1] + pad))
    return np.ascontiguousarray(image[y0:y1, x0:x1]), xy - [x0, y0]


def to_jpeg(image: Image, height: int = 640, quality: int = 82) -> bytes:
    """The picture as JPEG, at most `height` pixels high."""
    scale = min(1.0, height / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """The picture as a camera of `size` (width, height) would give it: as large as fits, the rest black."""
    scale = min(size[0] / image.shape[1], size[1] / image.shape[0])
    wide, tall = round(image.shape[1] * scale), round(image.shape[0] * scale)
    sheet = np.zeros((size[1], size[0], 3), np.uint8)
    x, y = (size[0] - wide) // 2, (size[1] - tall) // 2
    sheet[y : y + tall, x : x + wide] = cv2.resize(image, (wide, tall), interpolation=cv2.INTER_AREA)
    return sheet


def smaller(jpeg: bytes, height: int) -> bytes:
    """A JPEG made again, at most `height` pixels high."""
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    return to_jpeg(np.asarray(image), height)


def _body(canvas: Image, xy: NDArray[np.floating]) -> None:
    thick = _stroke(canvas)
    for a, b in _LIMBS:
        _line(canvas, xy[a], xy[b], INK, thick + 2)
        _line(canvas, xy[a], xy[b], BODY, thick)


def _lines(canvas: Image, drawing: Drawing) -> None:
    thick = 2 * _stroke(canvas)
    for line in drawing.against:
        _dashed(canvas, line[0], line[-1], LINE, thick)
    for line in drawing.measured:
        for colour, width in ((INK, thick + 4), (MARK, thick)):
            for a, b in pairwise(line):
                _line(canvas, a, b, colour, width)
        for point in line if drawing.dots else ():
            _dot(canvas, point, thick + 3)


def _notes(canvas: Image, notes: Sequence[tuple[str, bool]], layout: Layout) -> int:
    """Puts the notes in their corner; returns the y below them."""
    gap = layout.text // 3
    room = round(canvas.shape[1] - layout.high if layout.right else layout.low) - 2 * gap
    y = gap
    for text, found in notes:
        plate = _plate(text, layout.text, min(max(room, 7 * layout.text), 16 * layout.text), found)
        _stick(canvas, plate, canvas.shape[1] - plate.shape[1] - gap if layout.right else gap, y)
        y += len(plate) + gap
    return y


def _text_size(size: tuple[int, int]) -> int:
    return max(SMALLEST, round(min(size) / 22))


def _stroke(image: Image) -> int:
    return max(1, int(max(image.shape[:2]) / 420 + 0.5))


def _pixel(point: NDArray[np.floating]) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _line(
    canvas: Image, a: NDArray[np.floating], b: NDArray[np.floating], colour: tuple[int, int, int], thick: int
) -> None:
    if np.isfinite([*a, *b]).all():
        cv2.line(canvas, _pixel(a), _pixel(b), colour, thick, cv2.LINE_AA)


def _dashed(
    canvas: Image, a: NDArray[np.floating], b: NDArray[np.floating], colour: tuple[int, int, int], thick: int
) -> None:
    steps = np.linspace(0, 1, 2 * max(3, int(np.hypot(*(b - a)) / (6 * thick))))
    for start, stop in zip(steps[::2], steps[1::2], strict=True):
        _line(canvas, a + start * (b - a), a + stop * (b - a), INK, thick + 2)
        _line(canvas, a + start * (b - a), a + stop * (b - a), colour, thick)


def _dot(canvas: Image, point: NDArray[np.floating], radius: int) -> None:
    if np.isfinite(point).all():
        cv2.circle(canvas, _pixel(point), radius, INK, -1, cv2.LINE_AA)
        cv2.circle(canvas, _pixel(point), max(1, radius - 2), PAPER, -1, cv2.LINE_AA)


def _label(
    canvas: Image,
    text: str,
    points: NDArray[np.floating],
    edges: tuple[float, float],
    to_right: bool,
    size: int,
    top: int = 0,
) -> None:
    """Text on a plate beside the body, at the height of the measured points, a thin line leading to them.

    `edges` are the body's leftmost and rightmost x. Where there is no room beside it the plate stands at the picture's
    edge, its text in more lines. It stays below `top`.
    """
    height, width = canvas.shape[:2]
    room = width - edges[1] if to_right else edges[0]
    plate = _plate(text, size, max(round(room) - size, 6 * size), False)
    tall, wide = plate.shape[:2]
    x = edges[1] + size if to_right else edges[0] - size - wide
    y = float(np.nanmean(points[:, 1])) - tall / 2
    x, y = min(max(x, 2), width - wide - 2), min(max(y, 2, top), height - tall - 2)
    start = np.array([x if to_right else x + wide, y + tall / 2])
    target = _aim(points, to_right)
    thin = max(1, size // 12)
    _line(canvas, start, target, INK, thin + 2)
    _line(canvas, start, target, PAPER, thin)
    _stick(canvas, plate, round(x), round(y))


def _aim(points: NDArray[np.floating], to_right: bool) -> NDArray[np.floating]:
    """Where a label points: the joint in the middle, the near end of a level line, the middle of an upright one."""
    if len(points) > 2:
        return np.asarray(points[len(points) // 2])
    across, down = np.abs(points[-1] - points[0])
    return np.asarray(points[np.argmax(points[:, 0] * (1 if to_right else -1))] if across > down else points.mean(0))


@lru_cache(512)  # a clip shows few distinct texts, each on many pictures
def _plate(text: str, size: int, width: int, found: bool) -> Image:
    """(h, w, 4) a text on a plate with round corners, in lines of at most `width` pixels where words allow."""
    font = ImageFont.load_default(size)
    pad = size // 3
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width - 2 * pad:
            lines.append(word)
        else:
            lines[-1] = longer
    step = round(1.2 * size)
    wide = round(max(font.getlength(line) for line in lines)) + 2 * pad
    tall = step * len(lines) + pad
    sheet = Pillow.new("RGBA", (wide, tall), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    paper, ink = (MARK, INK) if found else (INK, PAPER)
    pen.rounded_rectangle((0, 0, wide - 1, tall - 1), radius=pad, fill=paper)
    for row, line in enumerate(lines):
        pen.text((pad, pad / 2 + row * step), line, font=font, fill=ink)
    return np.asarray(sheet)


def _stick(canvas: Image, plate: Image, x: int, y: int) -> None:
    """Puts a plate on the picture; what does not fit on it is cut off."""
    x, y = max(x, 0), max(y, 0)
    part = canvas[y : y + plate.shape[0], x : x + plate.shape[1]]
    plate = plate[: part.shape[0], : part.shape[1]]
    share = plate[..., 3:].astype(np.float32) / 255
    part[:] = part + share * (plate[..., :3].astype(np.float32) - part)
