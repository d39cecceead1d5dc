"""Estimates of true angles from what the picture shows, with coefficients kept as data.

The pose model shows less than half of a true pelvic drop at the hip points, but the whole body betrays it; and the
picture's frontal plane projection angle carries the camera's perspective and yaw, which the depth of the bend undoes.
Both are fitted on rendered people (`library/estimators/`, `docs/accuracy.md`): real skin and cloth will add error.
"""

import numpy as np

from ..library import (
    Ridge,
    ViewTerms,
    camera_estimator,
    flexion_estimator,
    frontal_estimator,
    heel_estimator,
    lock_out_estimator,
    pelvic_estimator,
    stance_estimator,
    trunk_estimator,
)
from ..poses.skeleton import SIDES, Joint, joint, mirrored, other
from .geometry import Array, length, middle, span
from .stand import Stand
from .view import View

_MIRROR = mirrored()
HIPS_APART = 0.1  # leg lengths, 5 % of standing height: hip points closer together say nothing of a tilt
_AXES = {"x": 0, "y": 1}


def landmark_features(xy: Array, stand: Stand, side: str, left_x: int, names: tuple[str, ...]) -> Array:
    """(..., F) landmarks relative to mid-hip, in leg lengths, as change from own stand, mirrored to a left stance.

    `names` are like "left_knee_x"; x is towards the stance side, y is DOWN. NaN where a landmark is missing.
    """
    picked = [(Joint[name[:-2].upper()], _AXES[name[-1]]) for name in names]
    rows, axes = [j for j, _ in picked], [a for _, a in picked]
    now, still = (_body_frame(points, side, left_x) for points in (np.asarray(xy, np.float64), stand.xy))
    return (now[..., rows, axes] - still[rows, axes]) / stand.leg


def _body_frame(xy: Array, side: str, left_x: int) -> Array:
    """Landmarks from mid-hip, x towards the stance side, that leg's joints in the rows of the left one."""
    towards = left_x if side == "left" else -left_x
    points = (xy - middle(xy, "hip")[..., None, :]) * np.array([towards, 1.0])
    return points if side == "left" else points[..., _MIRROR, :]


def pelvic_drop(xy: Array, stand: Stand, side: str, left_x: int) -> Array:
    """Contralateral pelvic drop, degrees, true scale: + = the free side lower than in own stand. One-leg tasks.

    A ridge regression on seven landmarks, on six where the free foot is hidden. NaN where another is missing, or
    where the pose lies outside what the fit has seen. Error on rendered people: standard deviation 3 degrees.
    """
    fit = pelvic_estimator()
    assert fit.foot_hidden is not None, "the library's file has both fits"
    whole, hidden = (_ridge(xy, stand, side, left_x, way) for way in (fit.whole, fit.foot_hidden))
    foot = xy[..., joint(other(side), "ankle"), 0]
    narrow = length(span(np.asarray(xy, np.float64), "hip")) < HIPS_APART * stand.leg
    return np.where(narrow, np.nan, np.where(np.isfinite(foot), whole, hidden))


def pelvic_drop_stance(xy: Array, stand: Stand, side: str, left_x: int) -> Array:
    """The same while a foot is held up, as change from standing on both feet: + = the free side lower.

    A lifted thigh alone tilts the model's hip points by several degrees, so this has a fit of its own. NaN outside it.
    Error on rendered people: standard deviation 2.4 degrees.
    """
    return _ridge(xy, stand, side, left_x, stance_estimator().whole)


def trunk_lean(xy: Array, stand: Stand, side: str, left_x: int) -> Array:
    """Lateral lean of the trunk, degrees, from own stand: + = towards the stance side. One-leg tasks.

    The chest's own tilt, which is what the cuts are norms of; the line from mid-hip to mid-shoulder shows only 0.6 of
    it, because the pelvis moves the other way. NaN where a shoulder or hip is missing or the pose is outside the fit.
    """
    return _ridge(xy, stand, side, left_x, trunk_estimator().whole)


def heel_rise(xy: Array, stand: Stand, side: str, forward_x: int) -> Array:
    """Degrees by which the foot turns up about its ball, from own stand; from the side, near leg, camera at rest.

    The heel-toe line turns by itself when the knee bends; the ankle's way up and forward tells more. NaN where a
    landmark of the foot is missing or outside the fit. Error on rendered people: standard deviation 4 degrees.
    """
    fit = heel_estimator().whole
    return _estimate(foot_features(xy, stand, side, forward_x, fit.features), fit)


def foot_features(xy: Array, stand: Stand, side: str, forward_x: int, names: tuple[str, ...]) -> Array:
    """(..., F) landmarks of one foot from where they were in own stand, in leg lengths, x forwards, y DOWN.

    `names` are like "left_ankle_x", the near foot taken for the left one.
    """
    moved = (np.asarray(xy, np.float64) - stand.xy) * np.array([forward_x, 1.0]) / stand.leg
    return np.stack([moved[..., joint(side, name[5:-2]), _AXES[name[-1]]] for name in names], -1)


def _ridge(xy: Array, stand: Stand, side: str, left_x: int, fit: Ridge) -> Array:
    return _estimate(landmark_features(xy, stand, side, left_x, fit.features), fit)


def _estimate(features: Array, fit: Ridge) -> Array:
    """One fit's estimate from (..., F) features, NaN outside what it has seen."""
    distance = np.sqrt((((features - np.array(fit.mean)) @ np.array(fit.whiten).T) ** 2).mean(-1))
    return np.where(distance <= fit.limit, features @ np.array(fit.weights), np.nan)


def fppa_true_image(angle: Array, depth: Array, view: View, legs: int) -> Array:
    """What a perfect tracker would read in the picture, from what the pose model reads, degrees."""
    terms = _terms(view, legs)
    return terms.gain * angle + terms.depth_offset * np.sqrt(np.clip(depth, 0, None))


def fppa_frontal(angle: Array, depth: Array, side: str, view: View, legs: int) -> Array:
    """The true frontal-plane angle from the picture's, degrees: perspective and yaw undone.

    Both errors grow with how far the knee comes forward, so with the square root of the depth. A yaw within its own
    error is left alone.
    """
    terms = _terms(view, legs)
    towards = -_sure_yaw(view) if side == "left" else _sure_yaw(view)
    return angle + (terms.perspective + terms.yaw * towards) * np.sqrt(np.clip(depth, 0, None))


def knee_flexion_true(angle: Array) -> Array:
    """Knee flexion from the angle seen from the side, degrees."""
    fit = flexion_estimator()
    return fit.gain * angle + fit.offset


def lock_out_true(angle: Array) -> Array:
    """Angle of shoulder, hip and knee in a bridge from the one that is seen, degrees."""
    return angle - lock_out_estimator().offset


def hip_shift_frontal(shift: Array, depth: Array, ankle_distance: float, view: View) -> Array:
    """Hip shift with the camera's yaw undone: the hips also go back, and a turned camera sees that as sideways.

    `ankle_distance` is the distance between the ankles in leg lengths.
    """
    turned = _sure_yaw(view) * view.left_x  # the same turn shows the other way round from behind
    seen = frontal_estimator().hip_shift_yaw * turned / ankle_distance
    return shift - seen * np.sqrt(np.clip(depth, 0, None))


def camera_height(stand: Stand, view: View) -> float:
    """How high the camera stands above the floor, in standing heights, from quiet standing; NaN from an oblique view.

    Error on rendered people: standard deviation 0.12, some 20 cm. Seen from a step it is lower by the step.
    """
    fit = camera_estimator()
    faces = {"front": fit.front, "back": fit.back} | dict.fromkeys(SIDES, fit.side)
    if view.facing not in faces:
        return float("nan")
    terms, (foot, shank, neck) = faces[view.facing], height_cues(stand, view.facing)
    return terms.foot * foot + terms.shank * shank + terms.neck * neck + terms.constant


def height_cues(stand: Stand, facing: str) -> tuple[float, float, float]:
    """Foot, shank and neck: what a camera that stands high changes in the picture of somebody who stands.

    In standing heights: how far the toes lie below the ankles, the ankles below the knees, and the shoulders below the
    ears. Seen from above feet look long, legs and neck short. From a side it is the near one's. NaN where a landmark is
    missing.
    """
    sides = (facing,) if facing in SIDES else SIDES
    down = {
        name: float(np.mean([stand.xy[joint(side, name), 1] for side in sides])) / stand.height
        for name in ("ear", "shoulder", "knee", "ankle", "toe")
    }
    return down["toe"] - down["ankle"], down["ankle"] - down["knee"], down["shoulder"] - down["ear"]


def _sure_yaw(view: View) -> float:
    """The yaw beyond its own error, degrees."""
    return float(np.sign(view.yaw_deg)) * max(abs(view.yaw_deg) - frontal_estimator().yaw_dead_band_deg, 0.0)


def _terms(view: View, legs: int) -> ViewTerms:
    fit = frontal_estimator()
    faces = fit.one_leg if legs == 1 else fit.two_legs
    return faces["back" if view.facing == "back" else "front"]
