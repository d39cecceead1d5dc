"""Draws people: ask for an angle, get the landmarks, expect the angle back.

A figure is a set of 3-D joints in metres (x towards the person's left, y up, z forward), filmed without perspective.
"""

import numpy as np

from hipaudit.poses import Pose, PoseTrack, collect
from hipaudit.poses.skeleton import Joint, joint

THIGH, SHANK, HIP_HALF, SHOULDER_HALF, TRUNK = 0.42, 0.40, 0.09, 0.18, 0.50
PIXELS = 300.0  # per metre
SIZE = (640, 720)


def joints(fppa=(0.0, 0.0), flexion=0.0, drop=0.0, lean=0.0, shift=0.0, apart=0.24):
    """(J, 3) metres.

    `fppa` of the left and the right leg, `flexion` of both knees, pelvic `drop` (+ = right side lower), trunk `lean`
    (+ = to the right), all degrees; hips `shift` metres to the right; ankles `apart` metres.
    """
    half = np.radians(flexion) / 2
    xyz = np.zeros((len(Joint), 3))
    hip_z = (SHANK - THIGH) * np.sin(half)  # thigh and shank lean by the same angle
    heights = []
    for side, sign, angle in (("left", 1, fppa[0]), ("right", -1, fppa[1])):
        thigh, shank, theta = THIGH * np.cos(half), SHANK * np.cos(half), np.radians(angle)
        reach = np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(theta))
        # The line from ankle to hip leans, because hips are closer together than ankles; the knee leaves it inwards.
        leaning = np.arcsin(np.clip((apart / 2 - HIP_HALF) / reach, -1, 1))
        tilt = leaning + np.arcsin(thigh * np.sin(theta) / reach)
        ankle = np.array([sign * apart / 2, 0.08, 0.0])
        xyz[joint(side, "ankle")] = ankle
        xyz[joint(side, "knee")] = ankle + [-sign * shank * np.sin(tilt), shank * np.cos(tilt), SHANK * np.sin(half)]
        xyz[joint(side, "heel")] = ankle + [0.0, -0.05, -0.06]
        xyz[joint(side, "toe")] = ankle + [0.0, -0.06, 0.16]
        heights.append(ankle[1] + reach * np.cos(leaning))
    centre = np.array([-shift, sum(heights) / 2, hip_z])
    across = np.array([np.cos(np.radians(drop)), np.sin(np.radians(drop)), 0.0])
    xyz[Joint.LEFT_HIP], xyz[Joint.RIGHT_HIP] = centre + HIP_HALF * across, centre - HIP_HALF * across
    up = np.array([-np.sin(np.radians(lean)), np.cos(np.radians(lean)), 0.0])
    chest = centre + TRUNK * up
    side_ways = np.array([up[1], -up[0], 0.0])
    for side, sign in (("left", 1), ("right", -1)):
        shoulder = chest + sign * SHOULDER_HALF * side_ways
        xyz[joint(side, "shoulder")] = shoulder
        xyz[joint(side, "elbow")] = shoulder + [sign * 0.05, -0.28, 0.0]
        xyz[joint(side, "wrist")] = shoulder + [sign * 0.05, -0.50, 0.0]
        xyz[joint(side, "ear")] = chest + 0.25 * up + [sign * 0.07, 0.0, 0.02]
    xyz[Joint.NOSE] = chest + 0.22 * up + [0.0, 0.0, 0.12]
    return xyz


def film(xyz, azimuth=0.0, roll=0.0, t=0.0, pixels=PIXELS):
    """The pose a camera sees from `azimuth` degrees towards the person's left; `roll` tilts the picture clockwise."""
    a = np.radians(azimuth)
    right, towards = np.array([np.cos(a), 0.0, -np.sin(a)]), np.array([np.sin(a), 0.0, np.cos(a)])
    seen = xyz - (xyz[Joint.LEFT_HIP] + xyz[Joint.RIGHT_HIP]) / 2
    camera = np.stack([seen @ right, seen[:, 1], seen @ towards], 1)
    flat = np.stack([xyz @ right, -xyz[:, 1]], 1) * pixels
    c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    xy = flat @ np.array([[c, s], [-s, c]]) + [SIZE[0] / 2, SIZE[1] - 40]
    return Pose(t, xy.astype(np.float32), camera.astype(np.float32), np.full(len(Joint), 0.99, np.float32))


def clip(times, shape, **view) -> PoseTrack:
    """A track: `shape(t)` gives the keyword arguments of `joints` at each time."""
    return collect([(float(t), film(joints(**shape(t)), t=float(t), **view)) for t in times], SIZE)


def bends(t, starts, down=1.5, hold=0.5, up=1.5, deep=90.0):
    """Knee flexion of repetitions beginning at `starts`, smooth, standing between; degrees."""
    for start in starts:
        u = t - start
        if 0 <= u < down:
            return deep * _smooth(u / down)
        if down <= u < down + hold:
            return deep
        if down + hold <= u < down + hold + up:
            return deep * (1 - _smooth((u - down - hold) / up))
    return 0.0


def squat(starts=(2.5, 6.5, 10.5), seconds=14.0, fps=30.0, deep=90.0, fault=None, **view) -> PoseTrack:
    """Squats; `fault(bend)` adds keyword arguments of `joints` at a bend of 0..1."""

    def shape(t):
        flexion = bends(t, starts, deep=deep)
        return {"flexion": flexion, **(fault(flexion / deep) if fault else {})}

    return clip(np.arange(0, seconds, 1 / fps), shape, **view)


def _smooth(u):
    return u * u * u * (10 - 15 * u + 6 * u * u)
