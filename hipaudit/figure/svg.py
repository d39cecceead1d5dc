"""A drawing as it is written into a page: classes for colours, nothing of style, nothing from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..library.drawing import Drawing
from .arrow import Arrow, arrow
from .motion import STEPS, bodies, end_pose
from .shapes import Box, Shape, body_shapes, floor_shape, ghost_shape, prop_shapes, union

MARGIN = 30
ASPECT = 4 / 3
LEAST_WIDTH = 1150  # so that a small exercise is not drawn larger than a tall one


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing ready to be shown.

    box     the view box: left, top, width, height
    shapes  from back to front; among them, as "ghost", where the movement leads
    arrow   along the way of what moves, None where there is none
    end     which outline of a moving shape is where it leads, None where it is held or walks on
    """

    box: tuple[int, int, int, int]
    shapes: tuple[Shape, ...]
    arrow: Arrow | None
    end: int | None


def picture(drawing: Drawing) -> Picture:
    """The moving drawing."""
    made = bodies(drawing)
    limbs = body_shapes(drawing, made)
    shapes = [floor_shape(drawing, made), *prop_shapes(drawing, made), *limbs]
    pose = end_pose(drawing)
    end = None if pose is None else pose * STEPS
    if end is not None:
        shapes.append(ghost_shape(drawing, made[end]))
    pointing = None if end is None else arrow(drawing, made[: end + 1], limbs)
    shapes.sort(key=lambda shape: shape.depth)
    boxes = [shape.box for shape in shapes] + ([pointing.box] if pointing else [])
    return Picture(_view_box(boxes), tuple(shapes), pointing, end)


def stills(drawing: Drawing, title: str) -> str:
    """The first and the last pose side by side as one SVG; one where there is no end."""
    whole = picture(drawing)
    x, y, width, height = whole.box
    panels = [_panel(whole, 0) + _arrow_svg(whole)]
    if whole.end is not None:
        panels.append(_panel(whole, whole.end))
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
    return f'<path class="fig-way" d="{whole.arrow.shaft}"/><path class="fig-tip" d="{whole.arrow.head}"/>'


def _view_box(boxes: Sequence[Box]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = union(boxes)
    x0, y0, x1, y1 = x0 - MARGIN, y0 - MARGIN, x1 + MARGIN, y1 + MARGIN
    width = max(x1 - x0, ASPECT * (y1 - y0), LEAST_WIDTH)
    height = width / ASPECT
    return round((x0 + x1 - width) / 2), round((y0 + y1 - height) / 2), round(width), round(height)
