"""Quiet lying on the back with the knees bent: the zero of a bridge, and the view of a body that lies."""

import numpy as np
from numpy.typing import NDArray

from ..library import protocol
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..poses.trust import lies
from . import sagittal
from .geometry import length, middle
from .stand import Stand, known_median, runs_of, speed, stand_between
from .view import View

KNEES_UP = 0.35  # trunk lengths the knees lie above the hips when the feet stand on the floor
LOW = 0.08  # trunk lengths over the lowest at which the hips still lie


def find_rest(track: PoseTrack) -> Stand | None:
    """The first quiet lying with the hips down, up to 2 s of it; None if there is none."""
    limits = protocol().standing
    hip = middle(track.xy, "hip").astype(np.float64)
    trunk = _trunk(track)
    height = np.where(lies(track), _mean_rise(track), np.nan)
    if not np.isfinite(height).any():
        return None
    low = height <= np.nanpercentile(height, 10) + LOW * trunk
    # A body that lies is as long as one that stands is tall: twice the trunk from shoulders to ankles.
    still = speed(track.t, hip[:, None]) < limits.still_body_lengths_per_s * 2 * trunk
    runs = [(a, b) for a, b in runs_of(track.t, low & still) if b - a >= limits.at_least_s]
    return stand_between(track, runs[0][0], min(runs[0][1], runs[0][0] + limits.at_most_s)) if runs else None


def lying_view(rest: Stand) -> View | None:
    """The view of somebody lying on the back; None where the knees do not point up.

    `facing` is the side that is turned to the camera; yaw is the trunk's turn out of the picture, and forward is as in
    the picture turned so that the head is up.
    """
    # One leg is behind the other: what shows of a pair speaks for both.
    hip, shoulder, knee = (known_median(rest.xy[[joint(s, n) for s in SIDES]]) for n in ("hip", "shoulder", "knee"))
    trunk = float(length(shoulder - hip))
    if not float(hip[1] - knee[1]) > KNEES_UP * trunk:
        return None
    facing = "left" if shoulder[0] > hip[0] else "right"
    low, high = (known_median(rest.xyz[[joint(s, n) for s in SIDES]]) for n in ("hip", "shoulder"))
    spine = high - low
    turned = float(np.degrees(np.arctan2(spine[2], abs(spine[0]))))
    return View(facing, turned, None, 1, -1 if facing == "left" else 1)


def _mean_rise(track: PoseTrack) -> NDArray[np.float64]:
    return np.asarray(np.mean([sagittal.hip_rise(track.xy.astype(np.float64), s) for s in SIDES], axis=0), np.float64)


def _trunk(track: PoseTrack) -> float:
    return float(known_median(np.asarray(length(middle(track.xy, "shoulder") - middle(track.xy, "hip")), np.float64)))
