"""What is drawn on a picture for each measure, and in which words: the same on stills and in videos."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..audit.seen import ClipRun
from ..findings.rules import number
from ..kinematics.geometry import length, middle
from ..kinematics.outline import smooth_outline
from ..library import quantities
from ..overlay import Drawing
from ..poses.outline import outline_points
from ..poses.skeleton import SIDES, joint

Points = NDArray[np.floating]
MOVING = 8.0  # % of depth up to which a ratio of knees to ankles only says how wide the feet stand


def legible(seen: ClipRun, measure: str, column: str) -> NDArray[np.float64]:
    """(T,) a measure's curve over a clip; NaN where it could not be read or says nothing."""
    curve = seen.curves[column]
    return np.where(seen.curves["depth_pct"] > MOVING, curve, np.nan) if measure == "kasr" else curve


def drawing(measure: str, side: str, value: float, xy: Points, back: Points, facing: str) -> Drawing | None:
    """The lines of a measure and its label; None where the value or a joint it needs is not known.

    `side` is the standing leg, `value` in the measure's own unit and sign, xy (J, 2) pixels, `back` the (97,) outline.
    """
    lines = _back(back, xy, facing) if quantities()[measure].of_outline else DRAWN[measure](side, value, xy, facing)
    if lines is None or not np.isfinite(np.concatenate([[[value, value]], *lines[0], *lines[1]])).all():
        return None
    shown = number(value, quantities()[measure]).replace("\u00a0", " ")
    noun, plus, minus = _WORDS[measure]
    way = minus if value < 0 else plus
    words = (noun, shown.removeprefix("-"), way if shown.strip("-0.°% s") else "")
    label = " ".join(word for word in words if word)
    return Drawing(*lines, label, dots=not quantities()[measure].of_outline)


Lines = tuple[list[Points], list[Points]]  # what is measured, and what it is held against

# What a label says before a value, after it, and after one with a minus; signs are those of library/measures.toml.
_WORDS = {
    "fppa": ("knee", "inward", "outward"),
    "kasr": ("knees", "of ankles", "of ankles, crossed"),
    "pelvic_drop": ("pelvis about", "down", "up"),
    "trunk_lean": ("leans", "right", "left"),
    "hip_shift": ("hips", "right", "left"),
    "knee_flexion": ("knee", "bent", "past straight"),
    "lumbar_change": ("hollow", "deeper", "flatter"),
}


def _back(back: Points, xy: Points, facing: str) -> Lines | None:
    """The outline of the back from the buttocks up, and the chord whose gap to it is the hollow."""
    found = smooth_outline(back.astype(np.float64))
    if found is None:
        return None
    outline, low, high = found
    points = outline_points(outline, xy, facing)
    return [points[low : high + 1]], [points[[low, high]]]


def _leg(xy: Points, side: str) -> Points:
    return xy[[joint(side, n) for n in ("hip", "knee", "ankle")]]


def _knee(side: str, value: float, xy: Points, facing: str) -> Lines:
    leg = _leg(xy, side)
    return [leg], [leg]


def _knees(side: str, value: float, xy: Points, facing: str) -> Lines:
    """Two bars: the distance of the knees, and that of the ankles for comparison."""
    knees, ankles = (xy[[joint(s, name) for s in SIDES]] for name in ("knee", "ankle"))
    return [knees], [ankles]


def _pelvis(side: str, value: float, xy: Points, facing: str) -> Lines:
    """A line through mid-hip with the estimated tilt: the hip points themselves show less than half of it."""
    centre = middle(xy, "hip")
    half = 0.75 * np.abs(xy[joint("left", "shoulder"), 0] - xy[joint("right", "shoulder"), 0])
    left_x = -1 if facing == "back" else 1
    free = left_x * (-1 if side == "left" else 1)  # towards the free side, in picture x
    tilt = np.radians(value)
    arm = half * np.array([free * np.cos(tilt), np.sin(tilt)])
    flat = np.array([half, 0.0])
    return [np.stack([centre - arm, centre + arm])], [np.stack([centre - flat, centre + flat])]


def _trunk(side: str, value: float, xy: Points, facing: str) -> Lines:
    """A line up from mid-hip with the estimated tilt of the chest."""
    low = middle(xy, "hip")
    reach = length(middle(xy, "shoulder") - low)
    tilt = np.radians(value) * (1 if facing == "back" else -1)  # the person's right is the picture's left in front
    high = low + reach * np.array([np.sin(tilt), -np.cos(tilt)])
    return [np.stack([low, high])], [np.stack([low, low - [0.0, reach]])]


def _shift(side: str, value: float, xy: Points, facing: str) -> Lines:
    hip, feet = middle(xy, "hip"), middle(xy, "ankle")
    over = np.array([feet[0], hip[1]])
    return [np.stack([over, hip])], [np.stack([feet, over])]


def _bend(side: str, value: float, xy: Points, facing: str) -> Lines:
    return [_leg(xy, facing)], []


# Measure -> its lines; a measure without any (time) is not drawn. That of the outline needs the outline: `drawing`.
DRAWN: dict[str, Callable[[str, float, Points, str], Lines]] = {
    "fppa": _knee,
    "kasr": _knees,
    "pelvic_drop": _pelvis,
    "trunk_lean": _trunk,
    "hip_shift": _shift,
    "knee_flexion": _bend,
}


def drawable(measure: str) -> bool:
    """Whether a measure has lines at all."""
    return measure in DRAWN or quantities()[measure].of_outline
