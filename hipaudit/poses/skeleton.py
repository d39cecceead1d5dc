"""The joints hipaudit looks at, by name. Left and right are always the subject's."""

from enum import IntEnum


class Joint(IntEnum):
    """Row of each joint in every pose array."""

    NOSE = 0
    LEFT_EAR = 1
    RIGHT_EAR = 2
    LEFT_SHOULDER = 3
    RIGHT_SHOULDER = 4
    LEFT_ELBOW = 5
    RIGHT_ELBOW = 6
    LEFT_WRIST = 7
    RIGHT_WRIST = 8
    LEFT_HIP = 9
    RIGHT_HIP = 10
    LEFT_KNEE = 11
    RIGHT_KNEE = 12
    LEFT_ANKLE = 13
    RIGHT_ANKLE = 14
    LEFT_HEEL = 15
    RIGHT_HEEL = 16
    LEFT_TOE = 17
    RIGHT_TOE = 18


SIDES = ("left", "right")


def joint(side: str, name: str) -> Joint:
    """The joint `name` ("knee") of the subject's `side` ("left" or "right")."""
    return Joint[f"{side}_{name}".upper()]


def other(side: str) -> str:
    """The subject's other side."""
    return "right" if side == "left" else "left"


def mirrored() -> list[int]:
    """For each joint, the row of its counterpart on the other side (itself for the nose)."""
    swap = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
    head = [j.name.split("_", 1) for j in Joint]
    return [Joint["_".join([swap.get(n[0], n[0]), *n[1:]])] for n in head]
