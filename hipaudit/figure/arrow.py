"""The arrow along the way of the joint that a drawing names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..library.drawing import Drawing
from .body import Figure
from .shapes import Box, Shape, joint_way, union

Way = npt.NDArray[np.float64]  # (N, 2) on the sheet
LEAST = 20  # a way shorter than that says nothing
LENGTH = 110  # a shorter one is drawn as long as that
BESIDE = 0.4  # up or down: across is less than this of along
GAP = 70  # between a body and the arrow beside it
# How far ahead of a joint its arrow begins, so that it lies before the limb and not on it.
CLEAR = {"pelvis": 85, "head": 85, "hip": 75, "knee": 55, "ankle": 45, "waist": 20}
CLEAR_ELSE = 35
TIP, BARB, WIDE = 34, 22, 32  # the head: before and behind the end of the shaft, and to either side
SMOOTHINGS = 6  # of the corners at key poses


@dataclass(frozen=True, slots=True)
class Arrow:
    """Outlines of shaft and head, and the box round both."""

    shaft: str
    head: str
    box: Box


def arrow(drawing: Drawing, bodies: Sequence[Figure], limbs: Sequence[Shape]) -> Arrow | None:
    """The arrow ahead of the joint, or beside the body where it goes up or down; None where nothing goes far enough."""
    if drawing.arrow is None:
        return None
    way = _smooth(joint_way(drawing.arrow, drawing.view, bodies))
    length = float(np.sum(np.linalg.norm(np.diff(way, axis=0), axis=1)))
    if length < LEAST:
        return None
    way = way[0] + (way - way[0]) * max(1.0, LENGTH / length)
    left, top, right, foot = union([shape.box for shape in limbs])
    across, along = np.abs(way[-1] - way[0])
    if drawing.arrow in ("pelvis", "head") and across < BESIDE * along and right - left < foot - top:
        way[:, 0] += right + GAP - way[:, 0].max()
    else:
        way += CLEAR.get(drawing.arrow.rpartition("_")[2], CLEAR_ELSE) * _unit(way[1] - way[0])
    return _drawn(way)


def _drawn(way: Way) -> Arrow:
    end = way[-1]
    ahead = _unit(end - way[-1 - max(1, len(way) // 6)])
    aside = np.array([-ahead[1], ahead[0]])
    head = [end + TIP * ahead, end - BARB * ahead + WIDE * aside, end - BARB * ahead - WIDE * aside]
    low, high = np.min([*way, *head], axis=0), np.max([*way, *head], axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Arrow("M" + _points(way), "M" + _points(head) + "Z", box)


def _smooth(way: Way) -> Way:
    """Without the corners at key poses; the ends stay."""
    for _ in range(SMOOTHINGS):
        way = np.concatenate([way[:1], (way[:-2] + 2 * way[1:-1] + way[2:]) / 4, way[-1:]])
    return way


def _unit(vector: Way) -> Way:
    return vector / max(float(np.linalg.norm(vector)), 1e-6)


def _points(points: Iterable[Way]) -> str:
    return "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
