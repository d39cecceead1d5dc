"""Measures of the frontal plane, from landmarks in the picture.

Every function takes `xy` (..., J, 2) in pixels with y DOWN and returns (...): one instant or ten thousand, the same
code. NaN in a joint it needs gives NaN. `left_x` is +1 where the subject's left is towards +x (camera in front) and
-1 where it is towards -x (camera behind). No thresholds, no files, no pictures here.
"""

import numpy as np

from ..poses.skeleton import joint
from .geometry import Array, from_vertical, middle, span, turn
from .stand import FOOT


def inward(side: str, left_x: int) -> int:
    """+1 where medial for this leg is towards +x, else -1."""
    return -left_x if side == "left" else left_x


def fppa_image(xy: Array, side: str, left_x: int) -> Array:
    """Frontal plane projection angle as the picture shows it, degrees.

    The signed angle at the knee between the lines hip-knee and knee-ankle: 0 = straight, + = knee medial of the
    hip-ankle line. Front and back views. Willson 2006; Munro 2012.
    """
    hip, knee, ankle = (xy[..., joint(side, n), :] for n in ("hip", "knee", "ankle"))
    return turn(knee - hip, ankle - knee) * inward(side, left_x)


def knee_ankle_separation(xy: Array) -> Array:
    """Knee-ankle separation ratio: distance between the knees over that between the ankles, along the picture's x.

    1 = knees over ankles, < 1 = knees inside. Front and back views, two-leg tasks. Ortiz 2016.
    """
    return span(xy, "knee")[..., 0] / span(xy, "ankle")[..., 0]


def knee_inset(xy: Array, side: str, left_x: int) -> Array:
    """How far this knee is inside its own ankle, % of the ankle separation; + = medial.

    The knee-ankle separation ratio is 1 minus the sum of both insets: it tells which leg brings it down.
    """
    offset = xy[..., joint(side, "knee"), 0] - xy[..., joint(side, "ankle"), 0]
    return 100 * inward(side, left_x) * offset / (left_x * span(xy, "ankle")[..., 0])


def obliquity_image(xy: Array, left_x: int) -> Array:
    """Tilt of the line between the two hip points as the picture shows it, degrees; + = the right side lower.

    The pose model shows less than half of a true drop: see `kinematics.estimators` for the estimate on the true scale.
    """
    line = span(xy, "hip")
    return np.degrees(np.arctan2(-line[..., 1], line[..., 0] * left_x))


def trunk_lean(xy: Array, left_x: int) -> Array:
    """Mid-hip to mid-shoulder against the picture's vertical, degrees; + = towards the subject's right."""
    return -left_x * from_vertical(middle(xy, "hip"), middle(xy, "shoulder"))


def hip_offset(xy: Array, left_x: int) -> Array:
    """Mid-hip from mid-ankle along x, % of the ankle separation; + = towards the subject's right."""
    offset = middle(xy, "hip")[..., 0] - middle(xy, "ankle")[..., 0]
    return -left_x * 100 * offset / np.abs(span(xy, "ankle")[..., 0])


def knee_deviation(xy: Array, side: str, left_x: int, thigh: float, shank: float) -> Array:
    """Foot-referenced knee deviation, % of the shank; + = knee medial of where the foot points it.

    The knee's place in front of the ankle is worked out from the lengths of thigh and shank (pixels, from the
    standing calibration) and the distance hip-ankle; the foot's direction says how much of that shows sideways.
    Valid at 30-80 degrees of knee flexion, heel down, toes visible; NaN where the leg is straighter than the
    lengths allow. A derivation of hipaudit's own design (clinical grade C).
    """
    hip, knee, ankle, toe = (xy[..., joint(side, n), :] for n in ("hip", "knee", "ankle", "toe"))
    reach = ankle[..., 1] - hip[..., 1]
    down = (shank**2 - thigh**2 + reach**2) / (2 * reach)
    with np.errstate(invalid="ignore"):
        forward = np.sqrt(shank**2 - down**2)
    predicted = (toe[..., 0] - ankle[..., 0]) * forward / (FOOT * shank)
    return 100 * inward(side, left_x) * (knee[..., 0] - ankle[..., 0] - predicted) / shank
