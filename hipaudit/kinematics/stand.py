"""Quiet standing: the person's own zero, from which change is measured."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..library import protocol
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, Joint, joint
from ..poses.trust import bone_lengths, plainly_seen
from .geometry import centre, length, middle, rotated, span
from .outline import hollow


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """The median pose of quiet standing from `t0` to `t1` seconds.

    xy     (J, 2) pixels; `upright` turns them as the picture is turned
    xyz    (J, 3) metres from mid-hip, x right, y up, z towards the camera
    bones  (4,) thigh and shank lengths in metres, see `poses.trust.bone_lengths`
    hollow depth of the hollow of the back, % of the trunk's length; NaN where it was not measured
    """

    t0: float
    t1: float
    xy: NDArray[np.float64]
    xyz: NDArray[np.float64]
    bones: NDArray[np.float64]
    hollow: float

    def segment(self, side: str, upper: str, lower: str) -> float:
        """Length in pixels from one joint to the next of one side, standing."""
        return float(length(self.xy[joint(side, upper)] - self.xy[joint(side, lower)]))

    def upright(self, roll_deg: float) -> "Stand":
        """The same stand in the picture turned back by `roll_deg`."""
        return replace(self, xy=rotated(self.xy, -roll_deg))

    @property
    def leg(self) -> float:
        """Hip to knee to ankle in pixels, mean of the legs that are seen."""
        legs = np.array([self.segment(s, "hip", "knee") + self.segment(s, "knee", "ankle") for s in SIDES])
        return float(legs[np.isfinite(legs)].mean()) if np.isfinite(legs).any() else float("nan")

    @property
    def stance_width(self) -> float:
        """Distance of the ankles in widths of the hips, along the picture's x."""
        return float(abs(span(self.xy, "ankle")[0] / span(self.xy, "hip")[0]))

    @property
    def height(self) -> float:
        """Ears to heels and the rest of the head in pixels: standing height as the picture shows it."""
        top = self.xy[[Joint.LEFT_EAR, Joint.RIGHT_EAR], 1]
        feet = self.xy[[Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 1]
        return float(np.fmax.reduce(feet) - np.fmin.reduce(top)) / EAR_HEIGHT

    @property
    def length(self) -> float:
        """Nose to ankles along the picture's x, pixels: of somebody who lies."""
        return float(abs(self.xy[Joint.NOSE, 0] - middle(self.xy, "ankle")[0]))


FOOT = 0.46  # ankle to second toe, in shank lengths
SETTLED = 0.7  # s of stillness that make a stand better than an earlier, longer one: the feet as in the task
LEVEL = 0.15  # leg lengths between two feet that both stand, seen from any side
EAR_HEIGHT = 0.93  # the ear canal's height as a share of standing height


def still(track: PoseTrack, side: str = "both") -> NDArray[np.bool_]:
    """(T,) whether the person stands tall and still around each instant, on the leg or legs of `side`."""
    limits = protocol().standing
    hip, ankles = centre(track.xy, "hip"), track.xy[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]]
    body = np.abs(np.fmax.reduce(ankles[..., 1], 1) - centre(track.xy, "shoulder")[:, 1])
    height = _height(track, side)
    if not np.isfinite(height).any():
        return np.zeros(len(track), bool)
    tall = height >= limits.height_share * np.nanpercentile(height, 90)
    points = np.concatenate([hip[:, None], ankles], 1)
    return tall & (speed(track.t, points) < limits.still_body_lengths_per_s * known_median(body))


def find_stand(track: PoseTrack, before: float, side: str = "both", both_feet: bool = False) -> Stand | None:
    """Quiet standing on `side`, up to 2 s of it; None if there is none.

    The last stretch of 0.7 s or more before `before` seconds, else the longest before it, else the first after it.
    `both_feet` asks for both feet level.
    """
    limits = protocol().standing
    calm = still(track, side)
    if both_feet:
        calm &= _level(track)
    runs = [(a, b) for a, b in runs_of(track.t, calm) if b - a >= limits.at_least_s]
    earlier = [(a, min(b, before)) for a, b in runs if a + limits.at_least_s <= before]
    if earlier:
        long = [run for run in earlier if run[1] - run[0] >= SETTLED]
        start, end = long[-1] if long else max(earlier, key=lambda run: run[1] - run[0])
        return stand_between(track, max(start, end - limits.at_most_s), end)
    if runs:
        return stand_between(track, runs[0][0], min(runs[0][1], runs[0][0] + limits.at_most_s))
    return None


def stand_between(track: PoseTrack, t0: float, t1: float) -> Stand:
    """The median pose between two times, of the landmarks that the model itself believes it sees in the picture."""
    part = track.between(t0, t1)
    seen = plainly_seen(part)[..., None]
    xyz = part.xyz.astype(np.float64)
    return Stand(
        t0,
        t1,
        known_median(np.where(seen, part.xy, np.nan).astype(np.float64)),
        known_median(np.where(seen, xyz, np.nan)),
        known_median(np.asarray(bone_lengths(xyz), np.float64)),
        float(known_median(hollow(part.back))),
    )


def tallest(track: PoseTrack, share: float = 0.2) -> Stand | None:
    """The median pose of the instants in which the person is tallest: for the view, where nobody stands still."""
    height = _height(track)
    known = np.isfinite(height)
    if not known.any():
        return None
    rows = known & (height >= np.quantile(height[known], 1 - share))
    part = track.at(rows)
    return stand_between(part, float(part.t[0]), float(part.t[-1]))


def foot_direction(stand: Stand, side: str, left_x: int) -> float:
    """Degrees by which a foot points off the camera's axis, + = outwards; from the front, toes visible."""
    shank = stand.segment(side, "knee", "ankle")
    sideways = float(stand.xy[joint(side, "toe"), 0] - stand.xy[joint(side, "ankle"), 0])
    outwards = sideways * left_x * (1 if side == "left" else -1)
    return float(np.degrees(np.arcsin(np.clip(outwards / (FOOT * shank), -1, 1))))


def known_median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median over the first axis of what is known; NaN where nothing is."""
    ordered = np.sort(values, axis=0)  # NaN goes last
    n = np.isfinite(values).sum(0)
    low, high = np.maximum(n - 1, 0) // 2, np.maximum(n, 1) // 2
    pick = [np.take_along_axis(ordered, k[None], axis=0)[0] for k in (low, np.minimum(high, np.maximum(n - 1, 0)))]
    return np.where(n > 0, (pick[0] + pick[1]) / 2, np.nan)


def _height(track: PoseTrack, side: str = "both") -> NDArray[np.float64]:
    """(T,) mid-hip above the stance foot, the lower one of two, pixels: a foot lowered from a step does not count."""
    ankles = track.xy[:, [joint(s, "ankle") for s in (SIDES if side == "both" else (side,))], 1]
    return np.asarray(np.fmax.reduce(ankles, 1) - centre(track.xy, "hip")[:, 1], np.float64)


def _level(track: PoseTrack) -> NDArray[np.bool_]:
    """(T,) whether both feet are about equally high."""
    ankles = track.xy[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 1]
    return np.abs(ankles[:, 0] - ankles[:, 1]) < LEVEL * _height(track)


def speed(t: NDArray[np.float64], points: NDArray[np.floating], window: float = 0.3) -> NDArray[np.float64]:
    """(T,) fastest of the points that are known, pixels per second, over `window` seconds around each instant."""
    left = np.searchsorted(t, t - window / 2).clip(0)
    right = (np.searchsorted(t, t + window / 2, "right") - 1).clip(max=len(t) - 1)
    dt = np.maximum(t[right] - t[left], 1e-6)
    moved = np.linalg.norm(points[right] - points[left], axis=-1)
    return np.where(right > left, np.fmax.reduce(moved, 1) / dt, np.inf)


def runs_of(t: NDArray[np.float64], flags: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """First and last time of each unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(float(t[a]), float(t[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
