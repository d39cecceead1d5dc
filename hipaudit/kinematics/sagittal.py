"""Measures of the side view, and the depth of a bend, which any view shows.

`xy` is (..., J, 2) in pixels with y DOWN; the result is (...). `forward_x` is +1 where the subject faces +x. NaN in a
joint it needs gives NaN.
"""

from ..poses.skeleton import SIDES, joint, other
from .geometry import Array, bend, from_vertical, middle, turn


def knee_flexion_image(xy: Array, side: str) -> Array:
    """Angle between thigh and shank as the picture shows it, degrees; 0 = straight, + = bent. Side view, near leg."""
    return bend(*(xy[..., joint(side, n), :] for n in ("hip", "knee", "ankle")))


def hip_flexion(xy: Array, side: str) -> Array:
    """Angle between trunk and thigh as the picture shows it, degrees; 0 = in line, + = bent. Side view, near leg."""
    return bend(*(xy[..., joint(side, n), :] for n in ("shoulder", "hip", "knee")))


def trunk_inclination(xy: Array, forward_x: int) -> Array:
    """Mid-hip to mid-shoulder against vertical, degrees; + = leaning forward. Side view."""
    return forward_x * from_vertical(middle(xy, "hip"), middle(xy, "shoulder"))


def shank_inclination(xy: Array, side: str, forward_x: int) -> Array:
    """Ankle to knee against vertical, degrees; + = the knee in front of the ankle. Side view, near leg."""
    return forward_x * from_vertical(xy[..., joint(side, "ankle"), :], xy[..., joint(side, "knee"), :])


def height(xy: Array, side: str, driver: str = "hips") -> Array:
    """Height of the hip (or shoulder) above the ankle, pixels, of the stance leg or ("both") the mean of both."""
    sides = SIDES if side == "both" else (side,)
    upper = driver.removesuffix("s")
    heights = [xy[..., joint(s, "ankle"), 1] - xy[..., joint(s, upper), 1] for s in sides]
    return sum(heights[1:], heights[0]) / len(sides)


def foot_lift(xy: Array, side: str) -> Array:
    """How far the free ankle is above the one that stands on `side`, pixels. Any view."""
    return xy[..., joint(side, "ankle"), 1] - xy[..., joint(other(side), "ankle"), 1]


def hip_rise(xy: Array, side: str) -> Array:
    """How far the hip is above the shoulder, pixels: of somebody who lies."""
    return xy[..., joint(side, "shoulder"), 1] - xy[..., joint(side, "hip"), 1]


def lock_out(xy: Array, side: str, forward_x: int) -> Array:
    """Angle shoulder-hip-knee in the picture on the front of the body, degrees: 180 = straight, more = arched.

    Near leg; `forward_x` is that of the picture turned so that the head is up.
    """
    shoulder, hip, knee = (xy[..., joint(side, n), :] for n in ("shoulder", "hip", "knee"))
    return 180 + forward_x * turn(hip - shoulder, knee - hip)
