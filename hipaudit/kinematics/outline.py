"""The hollow of the lower back, from the outline that travels with the pose (`poses.outline`). Side view.

The hollow is how far the outline dips below the chord from the buttocks to the upper back. Its change from own
standing follows the change of the lumbar angle (correlation 0.97 on rendered people); its size alone says nothing.
"""

import numpy as np

from ..library import lumbar_estimator
from ..poses import BACK_AT
from . import sagittal
from .geometry import Array

LEAST_MET = 60  # of the 97 places, that the outline must have been met at
BLUR = 3  # places; one is a pixel or less
BUTTOCKS = np.flatnonzero((BACK_AT > -0.05) & (BACK_AT < 0.22))  # where the lower end of the chord lies
UPPER_BACK = np.flatnonzero((BACK_AT > 0.48) & (BACK_AT < 0.80))  # and where the upper one


def hollow(back: Array) -> Array:
    """(...) depth of the hollow of (..., 97) outlines, % of the trunk's length; NaN where too little was met."""
    rows = np.asarray(back, np.float64).reshape(-1, len(BACK_AT))
    return np.array([_hollow(row) for row in rows]).reshape(np.shape(back)[:-1])


def smooth_outline(row: Array) -> tuple[Array, int, int] | None:
    """One (97,) outline smoothed, and the places of buttocks and upper back on it; None where too little was met."""
    met = np.isfinite(row)
    if met.sum() < LEAST_MET:
        return None
    outline = _blurred(np.interp(BACK_AT, BACK_AT[met], row[met]))
    low, high = BUTTOCKS[outline[BUTTOCKS].argmax()], UPPER_BACK[outline[UPPER_BACK].argmax()]
    return outline, int(low), int(high)


def _blurred(outline: Array) -> Array:
    """An outline through a Gaussian of `BLUR` places; beyond its ends it is its own mirror image."""
    weights = np.exp(-0.5 * (np.arange(-4 * BLUR, 4 * BLUR + 1) / BLUR) ** 2)
    return np.convolve(np.pad(outline, 4 * BLUR, "symmetric"), weights / weights.sum(), "valid")


def _hollow(row: Array) -> float:
    found = smooth_outline(row)
    if found is None:
        return float("nan")
    outline, low, high = found
    chord = np.interp(BACK_AT[low : high + 1], BACK_AT[[low, high]], outline[[low, high]])
    return float(100 * (chord - outline[low : high + 1]).max())


def lumbar_change(dip: Array, still: float, xy: Array, still_xy: Array, side: str) -> Array:
    """(...) change of the lumbar angle from own standing, degrees, + = deeper hollow; an estimate, experimental.

    `dip` (...) and `still` are the hollow now and in own standing, `xy` (..., J, 2) the joints. Bending the hips
    flattens the outline of a back that keeps its shape; the fit gives that back.
    """
    fit = lumbar_estimator()
    bent = sagittal.hip_flexion(xy, side) - sagittal.hip_flexion(still_xy, side)
    return fit.per_percent * (dip - still) + fit.per_hip_flexion_deg * bent
