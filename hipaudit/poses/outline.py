"""The outline of the back from the person's mask, reduced at once to 97 numbers that travel with the pose.

No landmark lies between shoulders and hips, so the hollow of the lower back shows in the outline only: on rendered
people the landmarks say nothing of it and the outline nearly all (`docs/accuracy.md`).
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from . import BACK_AT, Floats, Pose, no_back
from .skeleton import Joint, joint

SIDEWAYS = 45.0  # degrees from square to a side beyond which no outline is read; the rules ask for far less
# s in all that a person must be seen sideways for the outline to matter: own standing, which every reading of the back
# is held against, takes longer, and a model that finds somebody turns them for an instant or two.
LASTING = 0.5
REACH = np.linspace(0.0, 0.55, 111)  # trunk lengths from the line to where the outline may lie
NEAR = 0.075  # trunk lengths from the line within which the body must begin
EDGE = 0.5  # of the mask's 0..1
ARMS = (Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW, Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
ARM_BEHIND = 0.05  # trunk lengths behind the line: from there an arm's own outline may pass for the back's


def back_outline(mask: NDArray[np.floating], xy: NDArray[np.floating], xyz: NDArray[np.floating]) -> Floats:
    """(97,) distance from the line hip to shoulder to the outline of the back, at `BACK_AT`, in trunk lengths.

    mask (H, W) 0..1 is the person's share of each pixel, xy (J, 2) pixels and xyz (J, 3) metres are the same
    instant's joints; hip and shoulder are those of the side towards the camera. NaN where the outline is not met, and
    everywhere where the person is not seen from the side or an arm lies behind that line.
    """
    side = side_seen(xyz)
    if side is None:
        return no_back()
    if arm_behind(xy, side):
        return no_back()
    hip, trunk, backwards = _frame(xy, side)
    points = hip + BACK_AT[:, None, None] * trunk + REACH[None, :, None] * backwards
    return _edge(_sampled(mask, points))


def arm_behind(xy: NDArray[np.floating], side: str) -> bool:
    """Whether an arm of (J, 2) pixels lies behind the line from hip to shoulder; `side` is towards the camera."""
    hip, trunk, backwards = _frame(xy, side)
    return bool(((xy[ARMS, :] - hip) @ backwards > ARM_BEHIND * (trunk @ trunk)).any())


def side_seen(xyz: NDArray[np.floating]) -> str | None:
    """The person's side towards the camera, from (J, 3) metres; None where they are not seen from the side."""
    across = (xyz[Joint.LEFT_SHOULDER] - xyz[Joint.RIGHT_SHOULDER]).astype(float)
    azimuth = float(np.degrees(np.arctan2(across[2], across[0])))
    if not abs(abs(azimuth) - 90) <= SIDEWAYS:
        return None
    return "left" if azimuth > 0 else "right"


class SideWatch:
    """Notices when a person is seen from the side for long enough that the outline of the back matters."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._before: float | None = None

    @property
    def shown(self) -> bool:
        """Whether a side has been seen for `LASTING` seconds in all."""
        return self._seconds >= LASTING

    def notice(self, t: float, pose: Pose | None) -> None:
        """Takes one instant."""
        if self._before is not None and pose is not None and side_seen(pose.xyz):
            self._seconds += t - self._before
        self._before = t

    def until_shown(self, instants: Iterable[tuple[float, Pose | None]]) -> Iterator[tuple[float, Pose | None]]:
        """The same instants, up to the one at which a side has been seen for long enough."""
        for t, pose in instants:
            yield t, pose
            self.notice(t, pose)
            if self.shown:
                return


def outline_points(back: NDArray[np.floating], xy: NDArray[np.floating], side: str) -> NDArray[np.float64]:
    """(97, 2) the outline's points in the picture, from what `back_outline` gave; `side` is towards the camera."""
    hip, trunk, backwards = _frame(xy, side)
    return np.asarray(hip + BACK_AT[:, None] * trunk + np.asarray(back, float)[:, None] * backwards, np.float64)


def _frame(xy: NDArray[np.floating], side: str) -> tuple[NDArray[np.float64], ...]:
    """The hip, the way from it to the shoulder, and as long a way backwards.

    Seen from their left, people face the picture's left and their back is to the right; and the other way round.
    """
    hip, shoulder = (xy[joint(side, name)].astype(float) for name in ("hip", "shoulder"))
    trunk = shoulder - hip
    return hip, trunk, np.array([-trunk[1], trunk[0]]) * (1 if side == "left" else -1)


def _sampled(mask: NDArray[np.floating], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mask between its pixels at (..., 2) points x, y; beyond the picture its last pixel counts."""
    height, width = mask.shape
    x, y = np.clip(points[..., 0], 0, width - 1.001), np.clip(points[..., 1], 0, height - 1.001)
    column, row = x.astype(int), y.astype(int)
    right, down = x - column, y - row
    upper = mask[row, column] * (1 - right) + mask[row, column + 1] * right
    lower = mask[row + 1, column] * (1 - right) + mask[row + 1, column + 1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float64)


def _edge(values: NDArray[np.float64]) -> Floats:
    """Where each row of (97, R) samples first leaves the person, after having been inside near the line."""
    inside = values >= EDGE
    first = inside.argmax(1)
    left = ~inside & (np.arange(len(REACH)) > first[:, None])
    k = left.argmax(1)
    rows = np.arange(len(values))
    a, b = values[rows, k - 1], values[rows, k]
    step = REACH[1] - REACH[0]
    distance = REACH[k - 1] + (a - EDGE) / np.maximum(a - b, 1e-6) * step
    met = inside[:, REACH <= NEAR].any(1) & left.any(1)
    return np.where(met, distance, np.nan).astype(np.float32)
