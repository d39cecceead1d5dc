"""Draws a pose and what was measured on a picture. Works at any size; never mirrors."""

from dataclasses import dataclass
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


def draw_body(image: Image, xy: NDArray[np.floating]) -> Image:
    """The picture with a thin skeleton; (J, 2) pixels, NaN joints are left out. The input is not written to."""
    canvas = image.copy()
    thick = _stroke(image)
    for a, b in _LIMBS:
        _line(canvas, xy[a], xy[b], INK, thick + 2)
        _line(canvas, xy[a], xy[b], BODY, thick)
    return canvas


def draw_measured(image: Image, xy: NDArray[np.floating], drawing: Drawing) -> Image:
    """The picture with the skeleton, the measured lines, what they are held against, and the label."""
    canvas = draw_body(image, xy)
    thick = 2 * _stroke(image)
    for line in drawing.against:
        _dashed(canvas, line[0], line[-1], LINE, thick)
    for line in drawing.measured:
        for colour, width in ((INK, thick + 4), (MARK, thick)):
            for a, b in pairwise(line):
                _line(canvas, a, b, colour, width)
        for point in line if drawing.dots else ():
            _dot(canvas, point, thick + 3)
    return _label(canvas, drawing.label, np.concatenate(drawing.measured), xy)


def crop_to_person(image: Image, xy: NDArray[np.floating], margin: float = 0.12) -> tuple[Image, NDArray[np.floating]]:
    """The part of the picture around the person, and the joints in it."""
    known = xy[np.isfinite(xy).all(1)]
    low, high = known.min(0), known.max(0)
    pad = margin * (high[1] - low[1])
    height, width = image.shape[:2]
    x0, x1 = int(max(0, low[0] - 2 * pad)), int(min(width, high[0] + 2 * pad))
    y0, y1 = int(max(0, low[1] - 1.5 * pad)), int(min(height, high[1] + pad))
    return np.ascontiguousarray(image[y0:y1, x0:x1]), xy - [x0, y0]


def to_jpeg(image: Image, height: int = 640, quality: int = 82) -> bytes:
    """The picture as JPEG, at most `height` pixels high."""
    scale = min(1.0, height / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


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


def _label(canvas: Image, text: str, points: NDArray[np.floating], body: NDArray[np.floating]) -> Image:
    """Text on a plate beside the body at the height of the measured points, a thin line leading to them."""
    size = max(13, round(canvas.shape[0] / 22))
    font = ImageFont.load_default(size)
    sheet = Pillow.fromarray(canvas)
    pen = ImageDraw.Draw(sheet)
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    pad = size // 3
    width, height = right - left + 2 * pad, bottom - top + 2 * pad
    y = float(np.nanmean(points[:, 1]))
    near = body[np.abs(body[:, 1] - y) < 0.12 * canvas.shape[0], 0]
    edges = np.concatenate([points[:, 0], near[np.isfinite(near)]])
    room_left, room_right = float(edges.min()), canvas.shape[1] - float(edges.max())
    to_right = room_right >= room_left
    if max(room_left, room_right) < width + size:  # no room beside the body: above the points
        y = float(np.nanmin(points[:, 1])) - height
    x = edges.max() + size if to_right else edges.min() - size - width
    x = min(max(x, 2), canvas.shape[1] - width - 2)
    y = min(max(y - height / 2, 2), canvas.shape[0] - height - 2)
    target = points[np.argmin(np.abs(points[:, 1] - y - height / 2))]
    pen.line((x if to_right else x + width, y + height / 2, *map(float, target)), fill=INK, width=max(1, size // 10))
    pen.rounded_rectangle((x, y, x + width, y + height), radius=pad, fill=INK)
    pen.text((x + pad - left, y + pad - top), text, font=font, fill=PAPER)
    return np.asarray(sheet)
