"""Where the head is, so that it can be hidden: generous, and never missing.

Hiding a face that was not found is impossible, so whatever is not known is hidden. An instant at which the model gives
no head is covered by the nearest instants before and after it, the wider the longer ago; where those are farther than
half a second away, the whole picture is hidden, since somebody may be walking through it unseen. So a clip in which
nobody was found at all is hidden from end to end. Only the person who was found is looked for: other people in the
picture keep their faces.
"""

import numpy as np
from numpy.typing import NDArray

from . import PoseTrack
from .skeleton import SIDES, Joint, joint

HEAD = [Joint.NOSE, Joint.LEFT_EAR, Joint.RIGHT_EAR]
# From body proportions (Winter 2009, ch. 4: shoulder at 0.818 of the body's height, hip at 0.530, chin at 0.870): the
# middle of the head lies 0.4 trunk lengths above the shoulders and its half height is 0.23. Hair, chin and the model's
# own error come on top.
ABOVE_SHOULDERS = 0.4
RADIUS = 0.36
WIDE = 1.3  # trunk lengths in the distance between the shoulders
AROUND = 0.07  # s: the head is hidden where it was and will be, so that a slip of one instant shows nothing
LOST = 0.5  # s without a head from which the whole picture is hidden
GROWS = 8.0  # share of its radius a second by which a circle grows with the time to the nearest head: walking pace
STEADY = 1.0  # s either side over which the person's size is the largest


def head_circles(track: PoseTrack) -> NDArray[np.float64]:
    """(T, 3) circle x, y, radius in pixels that holds the person's head at each instant; radius inf: all of it."""
    middle, radius = _seen_heads(track)
    known = np.flatnonzero(np.isfinite(middle).all(1) & np.isfinite(radius))
    circles = np.full((len(track), 3), [0.0, 0.0, np.inf])
    for i, t in enumerate(track.t):
        before, after = known[known <= i][-1:], known[known >= i][:1]
        near = known[np.abs(track.t[known] - t) <= AROUND]
        rows = np.union1d(np.concatenate([before, after]), near)
        if len(rows) and np.abs(track.t[rows] - t).max() <= LOST:
            gap = float(np.abs(track.t[rows] - t).min())
            circles[i] = _around(middle[rows], radius[rows] * (1 + GROWS * gap))
    return circles


def _seen_heads(track: PoseTrack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(T, 2) middle of the head and (T,) its radius from each instant alone, NaN where nothing shows it."""
    xy = track.xy.astype(np.float64)
    shoulders, hips = ((xy[:, joint("left", n)] + xy[:, joint("right", n)]) / 2 for n in ("shoulder", "hip"))
    wide = np.hypot(*(xy[:, joint(SIDES[0], "shoulder")] - xy[:, joint(SIDES[1], "shoulder")]).T)
    up = shoulders - hips
    size = _largest_near(track.t, np.fmax(np.hypot(*up.T), WIDE * wide))
    parts = xy[:, HEAD]
    count = np.isfinite(parts).all(2).sum(1)
    middle = np.nansum(parts, 1) / np.where(count, count, np.nan)[:, None]
    guess = shoulders + ABOVE_SHOULDERS * size[:, None] * up / np.hypot(*up.T)[:, None]
    spread = np.hypot(*np.moveaxis(parts - middle[:, None], 2, 0))
    reach = np.fmax.reduce(spread, axis=1, initial=0.0) / 2
    return np.where(count[:, None] > 0, middle, guess), RADIUS * size + reach


def _largest_near(t: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) the largest size within a second: a body that bends forward or turns looks smaller, its head does not."""
    low, high = np.searchsorted(t, t - STEADY, "left"), np.searchsorted(t, t + STEADY, "right")
    return np.array([np.fmax.reduce(size[a:b]) for a, b in zip(low, high, strict=True)])


def _around(middle: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """A circle that holds all circles (N, 2) and (N,)."""
    centre = (middle.min(0) + middle.max(0)) / 2
    return np.array([*centre, (np.hypot(*(middle - centre).T) + radius).max()])
