"""From the key poses of a drawing to every body in between.

Angles run from pose to pose, so limbs keep their lengths; what stands on the ground stays where it stands, and knee or
elbow give way for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

import numpy as np

from ..library import postures
from ..library.drawing import SIDES, Drawing, Pose
from .body import Figure, Point, between, figure, flat_foot, radius

Number = TypeVar("Number", float, Point)

STEPS = 8  # bodies from one key pose to the next
STRIDE = 0.05  # how high a foot is lifted that steps
# What may touch the ground: the round ends it is made of. The first is what is kept in its place.
ENDS: Mapping[str, tuple[str, ...]] = {
    "left_foot": ("left_toe", "left_heel"),
    "right_foot": ("right_toe", "right_heel"),
    "left_hand": ("left_wrist",),
    "right_hand": ("right_wrist",),
    "left_knee": ("left_knee",),
    "right_knee": ("right_knee",),
    "left_elbow": ("left_elbow",),
    "right_elbow": ("right_elbow",),
    "seat": ("seat", "left_hip", "right_hip"),
    "chest": ("chest", "left_shoulder", "right_shoulder"),
    "body": (
        "pelvis", "seat", "waist", "chest", "head",
        *(
            f"{side}_{joint}"
            for side in SIDES
            for joint in ("hip", "shoulder", "knee", "ankle", "heel", "toe", "elbow", "wrist", "hand")
        ),
    ),
}  # fmt: skip


@dataclass(slots=True)
class _Key:
    """A key pose with all its angles, and what it stands on."""

    pose: Pose
    angles: dict[str, float]
    on: dict[str, float]
    targets: dict[str, Point] = field(default_factory=dict)  # ankle or wrist of each limb that is held in its place


def lowest(made: Figure, part: str = "body") -> float:
    """Height of the lowest point of a part, or of the whole body."""
    return min(float(made.at[joint][1]) - radius(joint) for joint in ENDS[part])


def key_poses(drawing: Drawing) -> list[Figure]:
    """The body in each key pose."""
    return [_body(key, key, 0.0, drawing) for key in _keys(drawing)]


def bodies(drawing: Drawing, steps: int = STEPS) -> list[Figure]:
    """The bodies from the first key pose to the last, or round to the first again; one where the pose is held."""
    keys = _keys(drawing)
    way = keys + keys[:1] if drawing.cycle else keys
    made = [_body(a, b, step / steps, drawing) for a, b in pairwise(way) for step in range(steps)]
    return [*made, _body(way[-1], way[-1], 0.0, drawing)]


def end_pose(drawing: Drawing) -> int | None:
    """Which key pose it leads to: the last, in a round with an arrow the second; None where it is held or walks on."""
    if drawing.cycle:
        return 1 if drawing.arrow else None
    return len(drawing.poses) - 1 or None


def _keys(drawing: Drawing) -> list[_Key]:
    base = postures()[drawing.base]
    keys: list[_Key] = []
    for pose in drawing.poses:
        on = base.on if pose.on is None else pose.on
        keys.append(_Key(pose, {**base.angles, **pose.angles}, {str(part): high for part, high in on.items()}))
        _hold(keys[-1], keys[0], drawing)
    return keys


def _hold(key: _Key, first: _Key, drawing: Drawing) -> None:
    """Where hands and feet of a key pose are held: on what they stand on, where they stood in the first pose."""
    made = figure(key.angles)
    _flatten(made, key, key, 0.0)
    made.shift(_placed(made, key))
    for part in [*key.on, *(stay for stay in drawing.stays if stay not in key.on)]:
        if not _is_limb(part):
            continue
        target = made.at[_end(part)].copy()
        if part in drawing.stays:
            target = target if key is first else first.targets[part]
        elif part != _anchor(key):
            target[1] += key.on[part] - lowest(made, part)
            if part in first.on and part not in drawing.steps and key is not first:
                target[[0, 2]] = first.targets[part][[0, 2]]
        key.targets[part] = target


def _body(a: _Key, b: _Key, share: float, drawing: Drawing) -> Figure:
    made = figure(
        {name: _mix(a.angles.get(name, 0.0), b.angles.get(name, 0.0), share) for name in {*a.angles, *b.angles}}
    )
    _flatten(made, a, b, share)
    made.shift(_mix(_placed(made, a), _placed(made, b), share))
    made.shift(_over_both_feet(made, a, b, share, drawing))
    for part in {**a.targets, **b.targets}:
        free = made.at[_end(part)]
        target = _mix(a.targets.get(part, free), b.targets.get(part, free), share)
        if part in drawing.steps and part in a.targets and part in b.targets:
            target = target + [0.0, STRIDE * np.sin(np.pi * share), 0.0]
        made.reach(*_limb(part), target)
    _flatten(made, a, b, share)
    if _anchor(a) != _anchor(b):  # from one foot to the other, or into the air: nothing sinks in or floats on the way
        lift = _mix(a.pose.lift, b.pose.lift, share)
        made.shift(np.array([0.0, lift - lowest(made), 0.0]))
    return made


def _over_both_feet(made: Figure, a: _Key, b: _Key, share: float, drawing: Drawing) -> Point:
    """How far to the middle a body must go that stands on two feet which stay where they are: both give way alike."""
    feet = [f"{side}_foot" for side in SIDES]
    if not all(foot in a.targets and foot in b.targets and foot not in drawing.steps for foot in feet):
        return np.zeros(3)
    if _anchor(a) not in feet or _anchor(b) not in feet:
        return np.zeros(3)
    errors = [_mix(a.targets[foot], b.targets[foot], share) - made.at[_end(foot)] for foot in feet]
    return np.mean(errors, axis=0) * (1, 0, 1)


def _flatten(made: Figure, a: _Key, b: _Key, share: float) -> None:
    """Feet and hands that stand on something lie flat on it."""
    for side in SIDES:
        weight = _mix(float(f"{side}_foot" in a.on), float(f"{side}_foot" in b.on), share)
        if weight:
            lift = f"{side}_heel_lift"
            heel_lift = _mix(a.angles.get(lift, 0.0), b.angles.get(lift, 0.0), share)
            free = made.turned[f"{side}_foot"]
            made.turn_foot(side, between(free, flat_foot(free, heel_lift), weight))
        if f"{side}_hand" in {*a.on, *b.on}:
            ahead = (made.at["neck"] - made.at["pelvis"]) * (1, 0, 1)
            if np.linalg.norm(ahead) > 0.05:
                made.turn_hand(side, ahead / np.linalg.norm(ahead))


def _placed(made: Figure, key: _Key) -> Point:
    """How far a body must be moved for its first contact to stand where it belongs."""
    anchor = _anchor(key)
    forwards, right = key.pose.moved
    kept = made.at[ENDS[anchor][0]]
    high = key.on.get(anchor, 0.0) + key.pose.lift
    return np.array([forwards - kept[0], high - lowest(made, anchor), right - kept[2]])


def _anchor(key: _Key) -> str:
    return next(iter(key.on), "body")


def _is_limb(part: str) -> bool:
    return part.endswith(("_foot", "_hand"))


def _end(part: str) -> str:
    return part.replace("_foot", "_ankle").replace("_hand", "_wrist")


def _limb(part: str) -> tuple[str, str]:
    side, end = part.split("_")
    return side, {"foot": "leg", "hand": "arm"}[end]


def _mix(a: Number, b: Number, share: float) -> Number:
    return (1 - share) * a + share * b
