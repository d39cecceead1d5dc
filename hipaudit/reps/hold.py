"""A position that is held, as a repetition: how long, and what was measured over its last seconds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..kinematics import Setting, depth, measure_all
from ..kinematics.geometry import Array
from ..library import Hold, Movement, protocol
from ..poses import PoseTrack
from . import HELD, Rep
from .measure import hollow_curve, smoothed
from .segment import Bout

EDGE = 0.15  # s at either end of a hold in which the foot is still going up or down


def measure_hold(track: PoseTrack, bout: Bout, index: int, clip: str, movement: Movement, setting: Setting) -> Rep:
    """The hold of one bout: `track` holds at least the bout's window.

    Values are means over the last seconds of the hold, as far as it counts; a shorter hold gives what it has.
    """
    hold = movement.hold
    assert hold is not None, "only movements that are held come here"
    window = track.between(bout.t0, bout.t1)
    xy = smoothed(window, setting)
    lift = depth(xy, setting)
    start, end = _edges(window.t, lift, bout, hold)
    counted = min(end, start + hold.at_most_s)
    inside = (window.t >= start) & (window.t <= counted)
    seen = np.isfinite(lift[inside])
    last = (window.t >= max(start + EDGE, counted - hold.last_s)) & (window.t <= counted - EDGE * (counted == end))
    values = _means(window.t, measure_all(xy, setting, hollow_curve(window)), last)
    coverage = float(seen.mean()) if seen.size else 0.0
    highest = float(np.nanmax(lift[inside])) if seen.any() else None
    reason = _refusal(counted - start, highest, coverage, movement)
    return Rep(
        index=index,
        clip=clip,
        side=setting.side,
        t_start=start,
        t_turn=float(np.median(window.t[last])) if last.any() else start,
        t_end=end,
        lower_s=None,
        pause_s=None,
        lift_s=None,
        valid=reason is None,
        reason=reason,
        depth=highest,
        coverage=coverage,
        measures=values | {HELD: counted - start},
        complete=bout.complete or end - start >= hold.at_most_s,
    )


def longest(reps: Sequence[Rep]) -> list[Rep]:
    """The same holds, all but the longest marked as not counting."""
    valid = [rep for rep in reps if rep.valid]
    if not valid:
        return list(reps)
    best = max(valid, key=lambda rep: rep.measures[HELD])
    return [
        replace(rep, valid=False, reason="a shorter hold: the longest one counts") if rep.valid and rep != best else rep
        for rep in reps
    ]


def _edges(t: Array, lift: Array, bout: Bout, hold: Hold) -> tuple[float, float]:
    """When the foot leaves the floor and when it is back, seconds, without the lag of what noticed them."""
    known = np.isfinite(lift)
    down = known & (lift < hold.on)
    before = t[down & (t <= bout.began)]
    up = t[known & (lift >= hold.off)]
    start = float(before[-1]) if before.size else float(t[0])
    after = t[down & (t > up[-1])] if up.size else t[:0]
    seen_last = (
        float(t[known][-1]) if known.any() else float(bout.t1)
    )  # not the end of a clip that goes on without them
    end = float(after[0]) if bout.complete and after.size else seen_last
    return start, max(end, start)


def _means(t: Array, measured: dict[str, Array], rows: Array) -> dict[str, float]:
    """Mean of each measure over some instants; left out where it was not seen in most of them."""
    least = protocol().repetitions.seen_share
    values = {}
    for column, curve in measured.items():
        known = np.isfinite(curve[rows])
        if known.size and known.mean() >= least:
            values[column] = float(curve[rows][known].mean())
    return values


def _refusal(lasted: float, highest: float | None, coverage: float, movement: Movement) -> str | None:
    shortest, _ = movement.duration_s
    if coverage < protocol().repetitions.seen_share or highest is None:
        return "the person was not seen for part of it"
    if highest < movement.min_depth:
        return "the foot hardly leaves the floor"
    if lasted < shortest:
        return f"shorter than {shortest:g} s"
    return None
