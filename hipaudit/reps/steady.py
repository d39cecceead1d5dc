"""Whether balance was kept within one repetition, and whether its path was even. Events are counted, never graded here.

What counts as one is data (`[steady]` in `library/protocol.toml`): the items of the step-down test, and how far the
landmarks of people who keep still wander.
"""

import numpy as np
from numpy.typing import NDArray

from ..kinematics import Setting, shown
from ..kinematics.geometry import bend, length, middle
from ..kinematics.stand import Stand
from ..library import protocol, quantities
from ..poses.skeleton import SIDES, joint, other

STANDING = 0.2  # s at either end of a repetition in which the foot's place is read
HELD = 1.5  # times the height that counts as a touch: a foot held lower in own standing is not watched
BRIEFLY = 5.0  # per cent of a repetition that an event must last: slips of single instants do not count

Points = NDArray[np.float64]


def balance(t: Points, xy: Points, setting: Setting, free_foot: str) -> dict[str, float]:
    """Events in (T, J, 2) upright landmarks of one repetition by the column of their measure; absent if not seen.

    `free_foot` is what the movement asks of the other foot: only a raised one may not touch down.
    """
    if setting.stand is None or not shown(quantities()["unsteady"], setting):
        return {}
    counts: dict[str, float] = {}
    moved = _foot_shifted(t, xy, setting.side, setting.stand)
    touched = _touched(xy, setting) if free_foot == "raised" else False
    hand = _hand_off(xy, setting.stand)
    if hand is not None:
        counts["hand_off"] = float(hand)
    if moved is not None and touched is not None:
        counts["balance_lost"] = float(moved + touched)
        counts["unsteady"] = counts["balance_lost"] + counts.get("hand_off", 0.0)
    return counts


def reversals(lowering: Points, lifting: Points) -> int:
    """How often the path turns back, the worse of both ways; each (T,) is the depth of one phase, NaN where unseen."""
    least = protocol().steady.turn_back_share
    return max(turns(lowering, least), turns(-lifting, least))


def turns(path: Points, least: float) -> int:
    """How often (T,) values that should rise turn by `least` or more: 1 = back, 2 = back and on again."""
    count, way, furthest = 0, 1.0, -np.inf
    for value in path[np.isfinite(path)]:
        if way * value >= furthest:
            furthest = way * value
        elif furthest - way * value >= least:
            count, way, furthest = count + 1, -way, -way * value
    return count


def _foot_shifted(t: Points, xy: Points, side: str, stand: Stand) -> bool | None:
    """Whether the standing foot ends elsewhere than it began; None where it was not seen."""
    limits = protocol().steady
    foot = xy[:, joint(side, "ankle")]
    before, after = foot[t <= t[0] + STANDING], foot[t >= t[-1] - STANDING]
    before, after = (part[np.isfinite(part).all(1)] for part in (before, after))
    if not len(before) or not len(after):
        return None
    shift = length(np.median(after, 0) - np.median(before, 0))
    foot_length = limits.foot_per_shank * stand.segment(side, "knee", "ankle")
    return bool(shift > limits.foot_shift_share * foot_length)


def _touched(xy: Points, setting: Setting) -> bool | None:
    """Whether the raised foot came down to the level of the standing one; None where that cannot be told.

    Its ankle tells, or where that is hidden behind the other leg, its toe. From behind the raised foot is nearer the
    camera, which lowers it in the picture; and a foot held just off the floor cannot be told from one that touches.
    """
    side, stand, limit = setting.side, setting.stand, protocol().steady.touch_share
    assert stand is not None, "`balance` asks for it"
    held = stand.xy[joint(side, "ankle"), 1] - stand.xy[joint(other(side), "ankle"), 1]
    if setting.view.facing != "front" or not held >= HELD * limit * stand.leg:
        return None
    ankle, toe = (xy[:, joint(side, n), 1] - xy[:, joint(other(side), n), 1] for n in ("ankle", "toe"))
    up = np.where(np.isfinite(ankle), ankle, toe)
    seen = up[np.isfinite(up)]
    if len(seen) < protocol().repetitions.seen_share * len(up):
        return None
    return bool(np.percentile(seen, BRIEFLY) < limit * stand.leg)


def _hand_off(xy: Points, stand: Stand) -> bool | None:
    """Whether a hand that rests at the waist in own standing leaves it; None where none rests there, or is seen."""
    limits = protocol().steady
    trunk = float(length(middle(stand.xy, "hip") - middle(stand.xy, "shoulder")))
    away = []
    for side in SIDES:
        still = _from_hip(stand.xy, side)
        if not _at_waist(stand.xy, side, trunk):
            continue
        path = length(_from_hip(xy, side) - still) / trunk
        path = path[np.isfinite(path)]
        if len(path) >= limits.hand_seen_share * len(xy):
            away.append(bool(np.percentile(path, 100 - BRIEFLY) > limits.hand_off_share))
    return any(away) if away else None


def _from_hip(xy: Points, side: str) -> Points:
    return np.asarray(xy[..., joint(side, "wrist"), :] - xy[..., joint(side, "hip"), :], np.float64)


def _at_waist(still: Points, side: str, trunk: float) -> bool:
    limits = protocol().steady
    elbow = float(bend(*(still[joint(side, n)] for n in ("shoulder", "elbow", "wrist"))))
    low, high = limits.waist_elbow_deg
    return bool(length(_from_hip(still, side)) <= limits.waist_share * trunk and low <= elbow <= high)
