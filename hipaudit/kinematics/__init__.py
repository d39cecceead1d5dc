"""Every measure by name: the pure function behind it, and which view and task can show it.

What a measure is (unit, sign, faces, error, source) is data, in `library/measures.toml`; here is its arithmetic.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..library import Quantity, quantities
from ..poses.skeleton import SIDES
from . import estimators, frontal, outline, sagittal
from .geometry import Array, span
from .stand import Stand
from .view import View


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What a measure needs beside the landmarks.

    side      the stance leg, "both" in two-leg tasks; `legs` is 1 or 2
    standing  height of what drives the movement over the ankles when standing, pixels, as `depth` reads it
    posture   "standing", or "lying": then `stand` is quiet lying, and `standing` the trunk's length
    driver    "hips", or "shoulders" where the trunk bows and the hips hardly go down, or "free_foot" where one is
              held up, or "bridge" where the hips go up from lying
    """

    view: View
    stand: Stand | None
    side: str
    legs: int
    standing: float
    driver: str = "hips"
    posture: str = "standing"


def depth(xy: Array, setting: Setting) -> Array:
    """Share of the standing height of the hips (in hinges: shoulders) lost: 0 = standing, 0.3 = deep. Any view.

    Where a foot is held up: how far it is lifted over own two-legged stand, as a share of the same height. In a bridge:
    how far the near hip is above where it lies, in trunk lengths.
    """
    if setting.driver == "free_foot":
        still = sagittal.foot_lift(_stand(setting).xy, setting.side)
        return (sagittal.foot_lift(xy, setting.side) - still) / setting.standing
    if setting.driver == "bridge":
        lying = sagittal.hip_rise(_stand(setting).xy, setting.view.facing)
        return (sagittal.hip_rise(xy, setting.view.facing) - lying) / setting.standing
    return 1 - height(xy, setting.view, setting.side, setting.driver) / setting.standing


def height(xy: Array, view: View, side: str, driver: str = "hips") -> Array:
    """Height of hips or shoulders over the ankles of the stance leg or legs, pixels; far round the side of the near."""
    driver = "hips" if driver == "free_foot" else driver
    return sagittal.height(xy, view.near or side if side == "both" else side, driver)


def shown(quantity: Quantity, setting: Setting, side: str | None = None) -> bool:
    """Whether this view, stand and task can give a measure at all (of one leg, where it has two)."""
    view = setting.view
    hidden = side in SIDES and view.facing in SIDES and side != view.facing  # the far leg is behind the near one
    return (
        setting.posture in quantity.postures
        and view.facing in quantity.faces
        and abs(view.yaw_deg) <= quantity.max_yaw_deg
        and (setting.stand is not None or not quantity.needs_stand)
        and setting.legs in quantity.legs
        and not hidden
    )


def measure_all(xy: Array, setting: Setting, dip: Array | None = None) -> dict[str, Array]:
    """Every measure of (T, J, 2) upright landmarks: column -> (T,), all NaN where this view cannot show it.

    `dip` is the (T,) hollow of the back, % of the trunk's length, NaN where it was not measured.
    """
    curves = {}
    seen = np.full(len(xy), np.nan) if dip is None else dip
    of_outline = {"lumbar_change": lambda xy, setting, side: _lumbar_change(xy, seen, setting)}
    for name, function in (FUNCTIONS | of_outline).items():
        quantity = quantities()[name]
        for side in SIDES if quantity.per_leg else (setting.side,):
            readable = shown(quantity, setting, side if quantity.per_leg else None)
            column = quantity.column.format(side=side)
            curves[column] = (
                np.asarray(function(xy, setting, side), np.float64) if readable else np.full(len(xy), np.nan)
            )
    return curves


def _stand(setting: Setting) -> Stand:
    assert setting.stand is not None, "`shown` asks for the stand first"
    return setting.stand


def _fppa_image(xy: Array, setting: Setting, side: str) -> Array:
    seen = frontal.fppa_image(xy, side, setting.view.left_x)
    return estimators.fppa_true_image(seen, depth(xy, setting), setting.view, setting.legs)


def _fppa(xy: Array, setting: Setting, side: str) -> Array:
    image = _fppa_image(xy, setting, side)
    return estimators.fppa_frontal(image, depth(xy, setting), side, setting.view, setting.legs)


def _fppa_change(xy: Array, setting: Setting, side: str) -> Array:
    return _fppa(xy, setting, side) - _fppa(_stand(setting).xy[None], setting, side)


def _pelvic_drop(xy: Array, setting: Setting, side: str) -> Array:
    fit = estimators.pelvic_drop_stance if setting.driver == "free_foot" else estimators.pelvic_drop
    return fit(xy, _stand(setting), side, setting.view.left_x)


def _pelvic_obliquity(xy: Array, setting: Setting, side: str) -> Array:
    return _pelvic_drop(xy, setting, side) * (1 if side == "left" else -1)


def _trunk_lean(xy: Array, setting: Setting, side: str) -> Array:
    if setting.legs == 1:
        lean = estimators.trunk_lean(xy, _stand(setting), side, setting.view.left_x)
        return -lean if side == "left" else lean
    return frontal.trunk_lean(xy, setting.view.left_x) - frontal.trunk_lean(_stand(setting).xy, setting.view.left_x)


def _hip_shift(xy: Array, setting: Setting, side: str) -> Array:
    stand, left_x = _stand(setting), setting.view.left_x
    shift = frontal.hip_offset(xy, left_x) - frontal.hip_offset(stand.xy, left_x)
    apart = float(abs(span(stand.xy, "ankle")[0])) / stand.leg
    return estimators.hip_shift_frontal(shift, depth(xy, setting), apart, setting.view)


def _knee_deviation(xy: Array, setting: Setting, side: str) -> Array:
    stand = _stand(setting)
    thigh, shank = stand.segment(side, "hip", "knee"), stand.segment(side, "knee", "ankle")
    return frontal.knee_deviation(xy, side, setting.view.left_x, thigh, shank)


def _lumbar_change(xy: Array, dip: Array, setting: Setting) -> Array:
    stand = _stand(setting)
    return outline.lumbar_change(dip, stand.hollow, xy, stand.xy, setting.view.facing)


# Measure -> function of (xy, setting, side); `side` is the leg, or the stance side where a measure has no leg.
# The order is that of the columns in measures.csv.
FUNCTIONS: dict[str, Callable[[Array, Setting, str], Array]] = {
    "fppa": _fppa,
    "fppa_image": _fppa_image,
    "pelvic_obliquity": _pelvic_obliquity,
    "trunk_lean": _trunk_lean,
    "trunk_inclination": lambda xy, setting, side: sagittal.trunk_inclination(xy, setting.view.forward_x),
    "hip_shift": _hip_shift,
    "kasr": lambda xy, setting, side: frontal.knee_ankle_separation(xy),
    "knee_flexion": lambda xy, setting, side: estimators.knee_flexion_true(sagittal.knee_flexion_image(xy, side)),
    "hip_flexion": lambda xy, setting, side: sagittal.hip_flexion(xy, side),
    "trunk_minus_shank": lambda xy, setting, side: (
        sagittal.trunk_inclination(xy, setting.view.forward_x)
        - sagittal.shank_inclination(xy, setting.view.facing, setting.view.forward_x)
    ),
    "heel_rise": lambda xy, setting, side: estimators.heel_rise(xy, _stand(setting), side, setting.view.forward_x),
    "lean_back": lambda xy, setting, side: (
        sagittal.trunk_inclination(_stand(setting).xy, setting.view.forward_x)
        - sagittal.trunk_inclination(xy, setting.view.forward_x)
    ),
    "lock_out": lambda xy, setting, side: estimators.lock_out_true(
        sagittal.lock_out(xy, setting.view.facing, setting.view.forward_x)
    ),
    "depth": lambda xy, setting, side: 100 * depth(xy, setting),
    "fppa_change": _fppa_change,
    "pelvic_drop": _pelvic_drop,
    "knee_deviation": _knee_deviation,
    "knee_inset": lambda xy, setting, side: frontal.knee_inset(xy, side, setting.view.left_x),
}
