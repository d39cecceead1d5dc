"""Which movement a clip shows and on which leg, from what the feet do while the hips go down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kinematics.geometry import centre, length, middle
from ..kinematics.stand import known_median, runs_of
from ..library import Movement, movements
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..poses.trust import bone_lengths
from .segment import Bout, RepSegmenter

LEVEL = 0.06  # leg lengths: feet this level, and no more change of it, are both on the ground
LIFTED = 0.08  # leg lengths: a foot this much higher than the other is off the ground
NOT_SUNK = 0.02  # leg lengths: a lifted foot may come this far below the other when hip and pelvis sink
SUNK = 0.06  # leg lengths: a foot this much lower than the other has been lowered from a step
ENOUGH = 0.04  # depth below which nothing is being done
TOO_DEEP = 0.3  # depth beyond the deepest of single-leg squats that keep the free foot low
BOWED = 0.4  # of the trunk's upright height: more than a deep squat's lean takes
SEAT = 0.42  # depth at which thighs are level: with the hips far behind the feet, somebody sits down
SPLIT = 0.45  # leg lengths one foot stands in front of the other: in 38 clips of squats and chairs 0.18 at most
HEEL_UP = 0.25  # leg lengths the rear foot's ankle stands higher on its toes; a foot held behind hangs at 0.33 or more
BEHIND = 0.33  # leg lengths the hips go back when sitting down
AGREE = 0.6  # share of the excursions that must look alike
HELD_UP = 2.0  # s a foot stays up with the hips where they are: longer than a step takes


@dataclass(frozen=True, slots=True)
class Recognised:
    """A movement, its side ("both" in two-leg tasks) and the share of excursions that agree; None if it is unclear.

    `why` says in words what was seen; `first` is when the first excursion of that kind was noticed, seconds.
    """

    movement: Movement | None
    side: str
    agreement: float
    why: str
    first: float


def excursions(track: PoseTrack) -> list[Bout]:
    """Every going-down-and-up of hips or shoulders over the lowest foot, whatever the movement."""
    deep = _lowered(track, 90)
    if not np.isfinite(deep).any():
        return []
    segmenter = RepSegmenter()
    bouts = [b for t, d in zip(track.t.tolist(), deep.tolist(), strict=True) if (b := segmenter.update(t, d))]
    last = segmenter.finish(float(track.t[-1]))
    return [*bouts, last] if last else bouts


def recognise(track: PoseTrack, bouts: Sequence[Bout]) -> Recognised:
    """The movement that most excursions look like."""
    seen = [(bout, _vote(look)) for bout in bouts if (look := _look(track, bout))]
    if not seen:
        return _held(track) or Recognised(
            None, "both", 0.0, "nobody bends and straightens the legs", float(track.t[-1])
        )
    found = most_alike(seen, _WORDS)
    return found if found.movement else _held(track) or found


def most_alike(seen: Sequence[tuple[Bout, tuple[str, str]]], words: Mapping[str, str]) -> Recognised:
    """The movement that most excursions look like, from the vote on each; none where fewer than `AGREE` are alike."""
    votes = [vote for _, vote in seen]
    best = max(sorted(set(votes)), key=votes.count)
    agreement = votes.count(best) / len(votes)
    kind, side = best
    first = next(bout.began for bout, vote in seen if vote == best)
    movement = next((m for m in movements().values() if m.free_foot == kind), None) if agreement >= AGREE else None
    return Recognised(movement, side, agreement, words[kind], first)


_WORDS = {
    "none": "both feet stay on the ground",
    "raised": "one foot is held off the ground",
    "lowered": "one foot is lowered from a step",
    "split": "the feet stand one in front of the other",
    "hinged": "the trunk bows and one leg goes back and up",
    "sitting": "the hips go down and far back, as onto a chair",
    "held": "one foot is held off the ground and the hips stay where they are",
    "flat": "both feet stay on the ground, and without depth a squat and a lunge look alike",
    "unclear": "the free foot neither stays off the ground nor is lowered",
}


@dataclass(frozen=True, slots=True)
class _Look:
    """One excursion, in leg lengths.

    before, bottom  left ankle minus right ankle, downwards, before it and at the lowest point
    back            how far the hips go from over the feet, along the picture's x
    bow             share of the trunk's upright height lost
    moved           how far the left and the right ankle went
    split           how far one foot stands in front of the other, whichever side the camera is on
    """

    before: float
    bottom: float
    depth: float
    back: float
    bow: float
    moved: tuple[float, float]
    split: float


def _over_floor(track: PoseTrack, name: str) -> NDArray[np.float64]:
    """(T,) mid-hip or mid-shoulder above the lowest foot's usual place, pixels."""
    ankles = np.fmax(track.xy[:, joint("left", "ankle"), 1], track.xy[:, joint("right", "ankle"), 1])
    floor = np.nanmedian(ankles) if np.isfinite(ankles).any() else np.nan
    return np.asarray(floor - centre(track.xy, name)[:, 1], np.float64)


def _lowered(track: PoseTrack, tall: float) -> NDArray[np.float64]:
    """(T,) share of their height lost by hips or shoulders, whichever is more; `tall` is the percentile of standing."""
    heights = [_over_floor(track, name) for name in ("hip", "shoulder")]
    return np.fmax(*(1 - h / np.nanpercentile(h, tall) if np.isfinite(h).any() else h for h in heights))


def _look(track: PoseTrack, bout: Bout) -> _Look | None:
    window = track.between(bout.t0, bout.t1)
    deep = _lowered(window, 95)
    if not np.isfinite(deep).any():
        return None
    hips = _over_floor(window, "hip")
    if not np.isfinite(hips).any():
        return None
    leg = float(np.nanpercentile(hips, 95))
    bottom = int(np.nanargmax(deep))
    upright = np.flatnonzero((deep < 0.25 * deep[bottom]) & (np.arange(len(window)) < bottom))
    if deep[bottom] < ENOUGH or not upright.size:
        return None
    before = known_median(window.xy[upright].astype(np.float64))
    below = known_median(window.xy[max(0, bottom - 3) : bottom + 4].astype(np.float64))
    ankles = [joint(s, "ankle") for s in SIDES]
    gap = [float(p[ankles[0], 1] - p[ankles[1], 1]) / leg for p in (before, below)]
    offset = [float((middle(p, "hip") - middle(p, "ankle"))[0]) / leg for p in (before, below)]
    moved = tuple(float(length(below[a] - before[a])) / leg for a in ankles)
    trunk = [float((middle(p, "hip") - middle(p, "shoulder"))[1]) for p in (before, below)]
    bow = 1 - trunk[1] / trunk[0]
    return _Look(
        gap[0], gap[1], float(deep[bottom]), abs(offset[1] - offset[0]), bow, (moved[0], moved[1]), _split(window)
    )


def _split(track: PoseTrack) -> float:
    """How far one ankle is in front of the other in the model's metres, along where the chest faces, in leg lengths."""
    xyz = known_median(track.xyz.astype(np.float64))
    across = (xyz[joint("left", "shoulder")] - xyz[joint("right", "shoulder")])[[0, 2]]
    feet = (xyz[joint("left", "ankle")] - xyz[joint("right", "ankle")])[[0, 2]]
    forward = np.array([-across[1], across[0]]) / length(across)
    return float(abs(feet @ forward) / bone_lengths(xyz).reshape(2, 2).sum(1).mean())


def _vote(look: _Look) -> tuple[str, str]:
    """What one excursion looks like: the free foot's doing, and the stance side."""
    change = look.bottom - look.before
    # From the side the model's far ankle wanders; nobody goes that deep on one leg with the other foot that low.
    level = abs(change) < LEVEL or look.depth > TOO_DEEP
    if look.split > SPLIT and max(look.moved) < LEVEL and abs(look.before) < HEEL_UP:
        return "split", "both"
    if level and abs(look.before) < 2.5 * LEVEL and max(look.moved) < 2 * LEVEL:
        if look.depth > SEAT and look.back > BEHIND:
            return "sitting", "both"
        return "flat" if np.isnan(look.split) else "none", "both"
    free = "left" if look.moved[0] > look.moved[1] else "right"
    stance = "right" if free == "left" else "left"
    lower = 1 if free == "left" else -1  # + where the free foot is lower in the picture
    if lower * look.bottom < -LIFTED and look.bow > BOWED:
        return "hinged", stance
    if lower * look.bottom > SUNK and lower * look.before < SUNK and lower * change > SUNK:
        return "lowered", stance
    if lower * look.before < -LIFTED and lower * look.bottom < NOT_SUNK:
        return "raised", stance
    return "unclear", stance


def _held(track: PoseTrack) -> Recognised | None:
    """A foot held up while nobody bends, on the leg that stands longest; None where both feet stay down or step."""
    movement = next(m for m in movements().values() if m.free_foot == "held")
    assert movement.hold is not None, "that is how it is told"
    tall = known_median(_over_floor(track, "hip"))
    gap = (track.xy[:, joint("left", "ankle"), 1] - track.xy[:, joint("right", "ankle"), 1]) / tall
    calm = (_lowered(track, 90) < ENOUGH) & np.isfinite(gap)
    level = _level_gap(gap[calm])
    found = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):  # where the left leg stands, the left ankle is the lower one
        up = calm & (sign * (gap - level) >= movement.hold.off)
        runs = runs_of(track.t, up)
        found[side] = max(runs, key=lambda run: run[1] - run[0], default=(0.0, 0.0))
    side = max(found, key=lambda s: found[s][1] - found[s][0])
    start, end = found[side]
    if end - start < HELD_UP:
        return None
    return Recognised(movement, side, 1.0, _WORDS["held"], start)


def _level_gap(gap: NDArray[np.float64]) -> float:
    """The gap of the ankles with both feet down: the one nearest to level that lasts."""
    return float(gap[np.argsort(np.abs(gap))[: max(1, len(gap) // 10)]].mean()) if gap.size else 0.0
