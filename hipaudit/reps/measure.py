"""From the poses of one closed bout to a repetition with its measures. Batch functions on the bout's own window."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kinematics import Setting, depth, measure_all
from ..kinematics.geometry import length, rotated
from ..kinematics.outline import hollow
from ..kinematics.stand import runs_of
from ..library import Movement, protocol, quantities
from ..poses import PoseTrack
from ..poses.skeleton import SIDES, joint
from ..poses.smoothing import zero_phase
from ..poses.trust import masked
from . import HELD, MATCHED, Rep
from .segment import Bout
from .steady import balance, reversals

AROUND = 0.1  # s either side of an instant over which a value is the median
LEAD = 0.3  # s before a repetition in which its beginning may hide
CUT_START = 0.2  # s of the lead-in that may be missing
ENDING = 0.2  # s before the end of a repetition from which what is read when standing again may show
MATCHED_DEPTH = 0.13  # of the hips, about 60 degrees of knee flexion: the comparable value across sessions
TIMING_HZ = 2.5  # jitter of the landmarks must not look like the slow start of a phase
STARTING = 0.1  # share of a phase's top speed below which it has not begun, or has ended, near standing
TURNING = 0.05  # the same near the lowest point
NEAR = 0.4  # share of the bend up to which a slow stretch is still standing
LOW = 0.8  # share of the bend from which a slow stretch is the lowest plateau
# A person who lowers for 3 s by the metronome spends a fifth of it starting and stopping, slower than a tenth of the
# top speed: each end of a phase is put back by this share of what was found (17 rendered clips: 0.79 +/- 0.08 found).
SLOW_END = 0.13


@dataclass(frozen=True, slots=True)
class Phases:
    """Instants of one repetition, seconds: descent begins, plateau begins, plateau ends, standing again."""

    start: float
    low: float
    rise: float
    end: float

    @property
    def turn(self) -> float:
        """The middle of the lowest plateau."""
        return (self.low + self.rise) / 2


def smoothed(track: PoseTrack, setting: Setting) -> NDArray[np.float64]:
    """(T, J, 2) believed landmarks, low-passed without lag, the picture turned upright."""
    stand = setting.stand
    bones = stand.bones if stand is not None else np.full(4, np.nan)
    xy = zero_phase(track.t, masked(track, bones, setting.posture))
    return rotated(xy, -setting.view.tilt_deg)


def hollow_curve(track: PoseTrack) -> NDArray[np.float64]:
    """(T,) hollow of the back, % of the trunk's length, low-passed without lag; NaN where not measured."""
    return zero_phase(track.t, hollow(track.back))


def measure_rep(track: PoseTrack, bout: Bout, index: int, clip: str, movement: Movement, setting: Setting) -> Rep:
    """The repetition of one bout: `track` holds at least the bout's window."""
    window = track.between(bout.t0, bout.t1)
    xy = smoothed(window, setting)
    deep = depth(xy, setting)
    phases = find_phases(window.t, deep, bout.began)
    lowest = around(window.t, deep, phases.turn)
    inside = (window.t >= phases.start) & (window.t <= phases.end)
    seen = np.isfinite(deep[inside])
    reason = _refusal(window, xy, deep, bout, phases, lowest, seen, movement, setting)
    curves = measure_all(xy, setting, hollow_curve(window))
    values = _values(window.t, curves, phases, _matched(window.t, deep, phases) if movement.driver == "hips" else None)
    values |= balance(window.t[inside], xy[inside], setting, movement.free_foot)
    timed = (
        bout.complete
        and not (_lead_in_missing(window.t, deep, bout) and phases.start <= _first_seen(window.t, deep) + AROUND / 2)
        and seen.mean() >= protocol().repetitions.seen_share
    )
    there, back = phases.low - phases.start, phases.end - phases.rise
    lower, lift = (back, there) if movement.driver == "bridge" else (there, back)
    if timed:
        values["lower_s"] = lower
        values["reversals"] = float(reversals(*_ways(window.t, deep, phases, bout.began)))
    if movement.lock_out and (held := _held(window.t, curves["lock_out_deg"], phases, movement.lock_out.loss_deg)):
        values[HELD] = held
    return Rep(
        index=index,
        clip=clip,
        side=setting.side,
        t_start=phases.start,
        t_turn=phases.turn,
        t_end=phases.end,
        lower_s=lower if timed else None,
        pause_s=phases.rise - phases.low if timed else None,
        lift_s=lift if timed else None,
        valid=reason is None,
        reason=reason,
        depth=lowest if np.isfinite(lowest) else None,
        coverage=float(seen.mean()),
        measures=values,
    )


def find_phases(t: NDArray[np.float64], deep: NDArray[np.float64], began: float) -> Phases:
    """Where lowering, plateau and lifting begin and end, from the depth (T,) of one bout noticed at `began` seconds.

    The bend is the square root of the depth, which grows evenly with the knee's angle. From the fastest instant of
    each phase outwards: a phase is over where its speed has fallen to a small share of its top speed close to its
    end, so that a hesitation half-way does not cut it short.
    """
    known = np.isfinite(deep)
    if not known.any():
        return Phases(float(t[0]), float(t[0]), float(t[-1]), float(t[-1]))
    times, bend = t[known], np.sqrt(np.clip(zero_phase(t, deep, TIMING_HZ)[known], 0, None))
    speed = np.gradient(bend, times) if len(bend) > 2 else np.zeros(len(bend))
    noticed = min(int(np.searchsorted(times, began)), len(times) - 1)  # before it may lie the end of the bout before
    bottom = noticed + int(np.argmax(bend[noticed:]))
    down = noticed + int(np.argmax(speed[noticed : bottom + 1]))
    up = bottom + int(np.argmin(speed[bottom:]))
    standing, low = bend < NEAR * bend[bottom], bend > LOW * bend[bottom]
    start = _last((standing & (speed < STARTING * speed[down]))[: down + 1], 0)
    plateau = down + _first((low & (speed < TURNING * speed[down]))[down : bottom + 1], bottom - down)
    rise = bottom + _last((low & (speed > TURNING * speed[up]))[bottom : up + 1], 0)
    end = up + _first((standing & (speed > STARTING * speed[up]))[up:], len(times) - 1 - up)
    lowering, lifting = (SLOW_END * float(times[b] - times[a]) for a, b in ((start, plateau), (rise, end)))
    middle = float(times[plateau] + times[rise]) / 2
    return Phases(
        start=max(float(times[start]) - lowering, float(t[0])),
        low=min(float(times[plateau]) + lowering, middle),
        rise=max(float(times[rise]) - lifting, middle),
        end=min(float(times[end]) + lifting, float(t[-1])),
    )


def _held(t: NDArray[np.float64], angle: NDArray[np.float64], phases: Phases, loss: float) -> float | None:
    """Seconds around the top for which the angle stays within `loss` of its best; None where it was not seen."""
    inside = (t >= phases.start) & (t <= phases.end) & np.isfinite(angle)
    if not inside.any():
        return None
    times, kept = t[inside], angle[inside] >= np.percentile(angle[inside], 90) - loss
    runs = runs_of(times, kept)
    return max(b - a for a, b in runs)


def around(t: NDArray[np.float64], values: NDArray[np.float64], instant: float) -> float:
    """Median of the known values within 0.1 s of an instant; NaN where there are none."""
    near = values[(t >= instant - AROUND) & (t <= instant + AROUND)]
    near = near[np.isfinite(near)]
    return float(np.median(near)) if near.size else float("nan")


def standing_again(t: NDArray[np.float64], values: NDArray[np.float64], phases: Phases) -> float:
    """The largest known value from just before a repetition's end on; NaN where there is none."""
    late = values[t >= phases.end - ENDING]
    late = late[np.isfinite(late)]
    return float(late.max()) if late.size else float("nan")


def _ways(
    t: NDArray[np.float64], deep: NDArray[np.float64], phases: Phases, began: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The depth from when the way down was noticed, and to the end: a hesitation may have cut a phase short."""
    return deep[(t >= min(phases.start, began)) & (t <= phases.low)], deep[t >= phases.rise]


# Read when standing again, not at the lowest point.
_AT_END = {quantity.column for quantity in quantities().values() if quantity.at == "end"}
# Read as a change within the repetition, so that feet placed anew between repetitions do not count.
_FROM_START = {q.column.format(side=side) for q in quantities().values() if q.from_start for side in SIDES}
# Defined for a part of the bend only, so that holes in them say nothing of hidden joints.
_PARTLY = {quantities()["knee_deviation"].column.format(side=side) for side in SIDES}


def _matched(t: NDArray[np.float64], deep: NDArray[np.float64], phases: Phases) -> float | None:
    """The instant on the way down at which the hips reach the matched depth, None where they do not."""
    lowering = np.flatnonzero((t >= phases.start) & (t <= phases.low) & (deep >= MATCHED_DEPTH))
    return float(t[lowering[0]]) if lowering.size else None


def _values(
    t: NDArray[np.float64], measured: Mapping[str, NDArray[np.float64]], phases: Phases, matched: float | None
) -> dict[str, float]:
    """Every measure where it is read, mostly the lowest point, and at the instant `matched` unless that is None.

    A measure whose joints were hidden for much of the repetition is left out, however well they show at the turn.
    """
    inside = (t >= phases.start) & (t <= phases.end)
    least = protocol().repetitions.seen_share
    curves = {
        column: curve
        for column, curve in measured.items()
        if column in _PARTLY or np.isfinite(curve[inside]).mean() >= least
    }
    instants = {"": phases.turn} if matched is None else {"": phases.turn, f"@{MATCHED}": matched}
    values = {c + mark: around(t, curve, at) for mark, at in instants.items() for c, curve in curves.items()}
    values |= {c: values[c] - around(t, curve, phases.start) for c, curve in curves.items() if c in _FROM_START}
    values |= {c: standing_again(t, curve, phases) for c, curve in curves.items() if c in _AT_END}
    return {name: value for name, value in values.items() if np.isfinite(value)}


def _refusal(
    window: PoseTrack,
    xy: NDArray[np.float64],
    deep: NDArray[np.float64],
    bout: Bout,
    phases: Phases,
    lowest: float,
    seen: NDArray[np.bool_],
    movement: Movement,
    setting: Setting,
) -> str | None:
    """Why this bout is not a repetition of the movement, None if it is one."""
    limits = protocol().repetitions
    shortest, longest = movement.duration_s
    took = phases.end - phases.start
    whole = (window.t >= bout.began) & (window.t <= bout.t1)
    if seen.mean() < limits.seen_share or not np.isfinite(lowest) or _lost(window.t, deep, phases):
        return "the person was not seen for part of it"
    if not bout.complete:
        return "cut off before standing again" if setting.posture == "standing" else "cut off before lying again"
    if _lead_in_missing(window.t, deep, bout) and deep[np.isfinite(deep)][0] > NEAR**2 * lowest:
        return "its beginning is not in the clip, or was not seen"
    if _foot_moved(xy[whole], setting) > limits.foot_moved_share:
        return "the standing foot moved: a step, not a repetition"
    if lowest < movement.min_depth:
        return "too shallow to judge"
    if took < shortest:
        return f"shorter than {shortest:g} s"
    if took > longest:
        return f"longer than {longest:g} s"
    return None


def _first_seen(t: NDArray[np.float64], deep: NDArray[np.float64]) -> float:
    """The first instant at which the depth is known; infinity where it never is."""
    known = t[np.isfinite(deep)]
    return float(known[0]) if known.size else float("inf")


def _lead_in_missing(t: NDArray[np.float64], deep: NDArray[np.float64], bout: Bout) -> bool:
    """Whether what came before the bout is not in the clip, or was not seen."""
    return _first_seen(t, deep) > bout.t0 + CUT_START


def _lost(t: NDArray[np.float64], deep: NDArray[np.float64], phases: Phases) -> bool:
    """Whether the person is out of sight for too long within the repetition, or until just before it was noticed."""
    known = t[np.isfinite(deep)]
    limit = protocol().repetitions.longest_gap_s + 0.005  # containers round their timestamps
    holes = np.flatnonzero(np.diff(known) > limit)
    return any(known[i + 1] > phases.start - LEAD and known[i] < phases.end for i in holes)


def _foot_moved(xy: NDArray[np.float64], setting: Setting) -> float:
    """How far the stance feet wander, as a share of the leg; slips of single instants do not count."""
    if setting.stand is None:
        return 0.0
    sides = SIDES if setting.side == "both" else (setting.side,)
    paths = [path[np.isfinite(path).all(1)] for path in (xy[:, joint(s, "ankle")] for s in sides)]
    spreads = [np.ptp(np.percentile(path, [5, 95], axis=0), axis=0) for path in paths if len(path)]
    return max((float(length(spread)) for spread in spreads), default=0.0) / setting.stand.leg


def _first(flags: NDArray[np.bool_], otherwise: int) -> int:
    hits = np.flatnonzero(flags)
    return int(hits[0]) if hits.size else otherwise


def _last(flags: NDArray[np.bool_], otherwise: int) -> int:
    hits = np.flatnonzero(flags)
    return int(hits[-1]) if hits.size else otherwise
