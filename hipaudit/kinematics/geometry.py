"""Angles and points in the picture.

The last axis is (x, y) with y DOWN; anything may stand before it; NaN stays NaN.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..poses.skeleton import joint

Array = NDArray[Any]  # of floats


def middle(xy: Array, name: str) -> Array:
    """(..., 2) the point midway between the left and right `name` ("hip")."""
    return (xy[..., joint("left", name), :] + xy[..., joint("right", name), :]) / 2


def centre(xy: Array, name: str) -> Array:
    """(..., 2) the same, or the one of the two that is known: enough to tell where somebody is."""
    left, right = xy[..., joint("left", name), :], xy[..., joint("right", name), :]
    return (np.where(np.isfinite(left), left, right) + np.where(np.isfinite(right), right, left)) / 2


def span(xy: Array, name: str) -> Array:
    """(..., 2) the vector from the right to the left `name`."""
    return xy[..., joint("left", name), :] - xy[..., joint("right", name), :]


def length(vector: Array) -> Array:
    """(...) length of (..., 2)."""
    return np.hypot(vector[..., 0], vector[..., 1])


def turn(first: Array, second: Array) -> Array:
    """(...) degrees from one (..., 2) direction to the next, + = clockwise as seen in the picture, -180..180."""
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    return np.degrees(np.arctan2(cross, (first * second).sum(-1)))


def bend(a: Array, b: Array, c: Array) -> Array:
    """(...) degrees by which the path a, b, c turns at b; 0 = straight, unsigned."""
    return np.abs(turn(b - a, c - b))


def from_vertical(low: Array, high: Array) -> Array:
    """(...) degrees of the line from `low` up to `high` away from vertical, + = towards +x."""
    line = high - low
    return np.degrees(np.arctan2(line[..., 0], -line[..., 1]))


def rotated(xy: Array, degrees: float) -> Array:
    """The picture turned clockwise by `degrees` about its corner."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return xy @ np.array([[c, s], [-s, c]], xy.dtype)
