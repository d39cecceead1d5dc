"""A jointed body by forward kinematics, and hands and feet brought to where they must be.

Axes as in ISB: x forwards, y up, z to the person's right; lengths are shares of the standing height. Sequence of angles
at hip and shoulder: flexion, abduction, rotation (Grood and Suntay).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..library import body

Point = npt.NDArray[np.float64]
Turn = npt.NDArray[np.float64]  # (3, 3), columns are the segment's own axes
CHAINS = {"leg": ("hip", "knee", "ankle"), "arm": ("shoulder", "elbow", "wrist")}
SIGNS = {"left": -1, "right": 1}  # of the z axis
Y = np.array([0.0, 1.0, 0.0])


def _about(axis: int, degrees: float) -> Turn:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.eye(3)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    turn[i, i] = turn[j, j] = c
    turn[i, j], turn[j, i] = -s, s
    return turn


@dataclass(slots=True)
class Figure:
    """Where each joint is, and how each segment is turned. Moved in place while it is built.

    turned  in space; "left_ankle" and "right_ankle": of the foot, to the shank
    """

    at: dict[str, Point]
    turned: dict[str, Turn]

    def shift(self, by: Point) -> None:
        """Moves the whole body."""
        for name in self.at:
            self.at[name] = self.at[name] + by

    def turn_foot(self, side: str, turn: Turn) -> None:
        """Turns a foot about its ankle."""
        self.turned[f"{side}_foot"] = turn
        for end in ("heel", "toe", "inner", "outer"):
            self.at[f"{side}_{end}"] = self.at[f"{side}_ankle"] + turn @ _offset(end, side)

    def turn_hand(self, side: str, direction: Point) -> None:
        """Lays a hand in a direction from the wrist."""
        self.at[f"{side}_hand"] = self.at[f"{side}_wrist"] + body().lengths["hand"] * direction

    def reach(self, side: str, limb: str, target: Point) -> None:
        """Brings ankle or wrist to a place, or as far as they go."""
        near, middle, far = (f"{side}_{joint}" for joint in CHAINS[limb])
        root, bent, end = self.at[near], self.at[middle], self.at[far]
        upper, lower = float(np.linalg.norm(bent - root)), float(np.linalg.norm(end - bent))
        line = target - root
        length = float(np.clip(np.linalg.norm(line), abs(upper - lower) + 1e-6, upper + lower - 1e-6))
        along = line / np.linalg.norm(line)
        # A knee bends to the front of the thigh, an elbow to the back of the upper arm.
        front, up = self.turned[f"{side}_{limb}"][:, 0], self.turned[f"{side}_{limb}"][:, 1]
        ahead = (front if limb == "leg" else -front) - 1e-3 * up  # a little down, for a target straight ahead
        aside = ahead - along * (ahead @ along)
        aside = aside / np.linalg.norm(aside)
        share = (upper**2 - lower**2 + length**2) / (2 * length)
        self.at[middle] = root + along * share + aside * np.sqrt(max(upper**2 - share**2, 0.0))
        self.at[far] = root + along * length
        moved = self.at[far] - end
        lower_limb = f"{side}_{'shank' if limb == 'leg' else 'forearm'}"
        self.turned[lower_limb] = _swung(self.turned[lower_limb], self.at[middle] - self.at[far])
        if limb == "arm":
            self.at[f"{side}_hand"] = self.at[f"{side}_hand"] + moved
        else:
            self.turn_foot(side, self.turned[lower_limb] @ self.turned[f"{side}_ankle"])


def figure(angles: Mapping[str, float]) -> Figure:
    """The body at angles in degrees; the middle of its hips is the origin. What is not named is 0."""
    size = body().lengths

    def angle(name: str) -> float:
        return angles.get(name, 0.0)

    pelvis = _about(1, angle("pelvis_turn")) @ _about(0, angle("pelvis_lean")) @ _about(2, -angle("pelvis_tilt"))
    chest = (
        pelvis @ _about(2, -angle("trunk_flexion")) @ _about(0, angle("trunk_lean")) @ _about(1, angle("trunk_turn"))
    )
    head = chest @ _about(1, angle("neck_turn")) @ _about(2, -angle("neck_flexion"))
    at = {"pelvis": np.zeros(3), "waist": size["waist"] * pelvis[:, 1]}
    at["neck"] = at["waist"] + (size["trunk"] - size["waist"]) * chest[:, 1]
    at["head"] = at["neck"] + size["head"] * head[:, 1] + head @ _offset("head")
    for name, origin, turn in (
        ("seat", "pelvis", pelvis),
        ("chest", "waist", chest),
        ("face", "head", head),
        ("nape", "neck", head),
        ("stick_low", "pelvis", pelvis),
        ("stick_high", "pelvis", pelvis),
    ):
        at[name] = at[origin] + turn @ _offset(name)
    made = Figure(at, {"pelvis": pelvis, "chest": chest})
    for side in SIGNS:
        for name, origin in (("flank", "waist"), ("ribs", "chest")):
            at[f"{side}_{name}"] = at[origin] + chest @ _offset(name, side)
        _leg(made, side, angles)
        _arm(made, side, angles)
    return made


def _leg(made: Figure, side: str, angles: Mapping[str, float]) -> None:
    size, sign, at, turned = body().lengths, SIGNS[side], made.at, made.turned
    flexion, abduction, rotation, knee, ankle = (
        angles.get(f"{side}_{name}", 0.0)
        for name in ("hip_flexion", "hip_abduction", "hip_rotation", "knee_flexion", "ankle")
    )
    thigh = turned["pelvis"] @ _about(2, flexion) @ _about(0, -sign * abduction) @ _about(1, -sign * rotation)
    shank = thigh @ _about(2, -knee)
    at[f"{side}_hip"] = turned["pelvis"] @ _offset("hip", side)
    at[f"{side}_knee"] = at[f"{side}_hip"] - size["thigh"] * thigh[:, 1]
    at[f"{side}_ankle"] = at[f"{side}_knee"] - size["shank"] * shank[:, 1]
    turned[f"{side}_leg"], turned[f"{side}_shank"], turned[f"{side}_ankle"] = thigh, shank, _about(2, ankle)
    made.turn_foot(side, shank @ turned[f"{side}_ankle"])


def _arm(made: Figure, side: str, angles: Mapping[str, float]) -> None:
    size, sign, at, turned = body().lengths, SIGNS[side], made.at, made.turned
    flexion, abduction, rotation, elbow = (
        angles.get(f"{side}_{name}", 0.0)
        for name in ("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion")
    )
    upper = turned["chest"] @ _about(2, flexion) @ _about(0, -sign * abduction) @ _about(1, -sign * rotation)
    fore = upper @ _about(2, elbow)
    at[f"{side}_shoulder"] = at["neck"] + turned["chest"] @ _offset("shoulder", side)
    at[f"{side}_elbow"] = at[f"{side}_shoulder"] - size["upper_arm"] * upper[:, 1]
    at[f"{side}_wrist"] = at[f"{side}_elbow"] - size["forearm"] * fore[:, 1]
    turned[f"{side}_arm"], turned[f"{side}_forearm"] = upper, fore
    made.turn_hand(side, -fore[:, 1])


def _offset(name: str, side: str = "right") -> Point:
    """Where something lies from the joint that it belongs to, in the axes of its segment."""
    forwards, up, outwards = body().offsets[name]
    return np.array([forwards, up, SIGNS[side] * outwards])


def radius(joint: str) -> float:
    """Half the thickness of the body at a joint."""
    return body().radii[joint.removeprefix("left_").removeprefix("right_")]


def _swung(turn: Turn, along: Point) -> Turn:
    """A turn with its y axis swung to a direction, the z axis as near as can be to what it was."""
    y = along / np.linalg.norm(along)
    z = turn[:, 2] - y * (turn[:, 2] @ y)
    z = z / np.linalg.norm(z)
    return np.stack([np.cross(y, z), y, z], 1)


def flat_foot(turn: Turn, heel_lift: float) -> Turn:
    """A foot on level ground, pointing where it pointed before, its heel lifted by degrees."""
    ahead = turn[:, 0] * (1, 0, 1)
    if np.linalg.norm(ahead) < 0.2:  # toes point straight down or up: the sole's own direction tells
        ahead = np.cross(Y, turn[:, 2])
    ahead = ahead / np.linalg.norm(ahead)
    return np.stack([ahead, Y, np.cross(ahead, Y)], 1) @ _about(2, -heel_lift)


def between(one: Turn, other: Turn, share: float) -> Turn:
    """A turn between two."""
    mixed = (1 - share) * one + share * other
    x = mixed[:, 0] / np.linalg.norm(mixed[:, 0])
    y = mixed[:, 1] - x * (mixed[:, 1] @ x)
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], 1)
