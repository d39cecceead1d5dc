"""A drawing as it is written into a page: classes for colours, nothing of style, nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from ..library.drawing import Drawing
from .body import Figure
from .motion import bodies
from .shapes import Shape, body_shapes, floor_shape, ghost_shape, joint_way, prop_shapes, union

MARGIN = 30
ASPECT = 4 / 3
LEAST_WIDTH = 1150
BESIDE = 0.4  # goes up or down: across is less than this of along
GAP = 70
CLEAR = {"knee": 55, "ankle": 45, "toe": 35, "hand": 35, "wrist": 35, "pelvis": 85, "head": 85, "waist": 85, "hip": 75}
LEAST_WAY = 20  # an arrow shorter than that says nothing


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing ready to be shown.

    box     the view box: left, top, width, height
    shapes  from back to front; among them, as "ghost", where the movement leads
    arrow   shaft and head of the arrow, None where there is none
    """

    box: tuple[int, int, int, int]
    shapes: tuple[Shape, ...]
    arrow: tuple[str, str] | None


def picture(drawing: Drawing) -> Picture:
    """The moving drawing."""
    made = bodies(drawing)
    limbs = body_shapes(drawing, made)
    shapes = [floor_shape(drawing, made), *prop_shapes(drawing, made), *limbs]
    if has_end(drawing):
        shapes.append(ghost_shape(drawing, made[-1]))
    arrow = _arrow(drawing, made, limbs) if drawing.arrow else None
    shapes.sort(key=lambda shape: shape.depth)
    return Picture(_view_box(shapes), tuple(shapes), arrow)


def has_end(drawing: Drawing) -> bool:
    """Whether it leads from one pose to another; else it is held, or goes round."""
    return len(drawing.poses) > 1 and not drawing.cycle


def stills(drawing: Drawing, title: str) -> str:
    """The first and the last pose side by side as one SVG; one where there is no end."""
    whole = picture(drawing)
    x, y, width, height = whole.box
    panels = [_panel(whole, 0) + _arrow_svg(whole)]
    if has_end(drawing):
        panels.append(_panel(whole, -1))
    inside = "".join(f'<g transform="translate({i * width} 0)">{panel}</g>' for i, panel in enumerate(panels))
    return (
        f'<svg class="figure" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="{x} {y} {width * len(panels)} {height}"><title>{escape(title)}</title>{inside}</svg>'
    )


def _panel(whole: Picture, which: int) -> str:
    return "".join(
        f'<path class="fig-{shape.kind}" d="{shape.outlines[which if len(shape.outlines) > 1 else 0]}"/>'
        for shape in whole.shapes
        if shape.kind != "ghost"
    )


def _arrow_svg(whole: Picture) -> str:
    if whole.arrow is None:
        return ""
    shaft, head = whole.arrow
    return f'<path class="fig-way" d="{shaft}"/><path class="fig-tip" d="{head}"/>'


def _arrow(drawing: Drawing, made: Sequence[Figure], shapes: Sequence[Shape]) -> tuple[str, str] | None:
    """The way of the joint that is shown: a little ahead of it, or beside the body where it goes up or down."""
    way = _smooth(joint_way(drawing, made))
    if len(way) < 3 or np.sum(np.linalg.norm(np.diff(way, axis=0), axis=1)) < LEAST_WAY:
        return None
    across, along = np.abs(way[-1] - way[0])
    left, top, right, foot = union([shape.box for shape in shapes])
    if drawing.arrow in ("pelvis", "head") and across < BESIDE * along and right - left < foot - top:
        way[:, 0] += right + GAP - way[:, 0].max()
    else:
        ahead = way[1] - way[0]
        way += CLEAR[drawing.arrow.rpartition("_")[2]] * ahead / np.linalg.norm(ahead) if drawing.arrow else 0
    end, before = way[-1], way[-1 - max(1, len(way) // 6)]
    ahead = (end - before) / max(float(np.linalg.norm(end - before)), 1e-6)
    aside = np.array([-ahead[1], ahead[0]])
    tip = [end + 34 * ahead, end - 22 * ahead + 32 * aside, end - 22 * ahead - 32 * aside]
    return "M" + _points(way), "M" + _points(tip) + "Z"


def _smooth(way: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Without the corners at key poses; the ends stay."""
    for _ in range(6):
        way = np.concatenate([way[:1], (way[:-2] + 2 * way[1:-1] + way[2:]) / 4, way[-1:]])
    return way


def _points(points: Iterable[npt.NDArray[np.float64]]) -> str:
    return "L".join(f"{x:.0f} {y:.0f}" for x, y in points)


def _view_box(shapes: list[Shape]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = union([shape.box for shape in shapes])
    x0, y0, x1, y1 = x0 - MARGIN, y0 - MARGIN, x1 + MARGIN, y1 + MARGIN
    width = max(x1 - x0, ASPECT * (y1 - y0), LEAST_WIDTH)
    height = width / ASPECT
    return round((x0 + x1 - width) / 2), round((y0 + y1 - height) / 2), round(width), round(height)
