"""One set of repetitions, one pose at a time: the same code for a file and for a camera.

    session = Session(movement, setting, size, "clip.mp4")
    for t, pose in instants:
        for event in session.update(t, pose):
            ...
    reps = session.finish()

It holds the depth filter and the repetition segmenter, and the poses of the repetition under way; it touches no
picture, file or clock. Every number of a repetition comes from `reps.measure`, which sees that repetition's window
only, so a clip gives the same repetitions however it is fed.
"""

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from ..kinematics import Setting, depth
from ..kinematics.geometry import rotated
from ..library import Movement, protocol
from ..poses import Pose, collect
from ..reps import Rep
from ..reps.hold import longest, measure_hold
from ..reps.measure import measure_rep
from ..reps.segment import LEAD_IN, Bout, HoldSegmenter, RepSegmenter

KEEP = LEAD_IN + 0.5  # s of poses kept while standing
CUT_LOSS = 2.0  # s without a person after which a repetition under way is given up


@dataclass(frozen=True, slots=True)
class RepBegan:
    """A descent has been noticed."""

    t: float


@dataclass(frozen=True, slots=True)
class RepClosed:
    """A repetition has ended and been measured; `rep.valid` says whether it counts."""

    t: float
    rep: Rep


Event = RepBegan | RepClosed


class Session:
    """Turns instants into repetitions.

    `setting` is decided beforehand: from the whole clip for a file, in the set-up phase for a camera. `size` is the
    picture's (width, height).
    """

    def __init__(self, movement: Movement, setting: Setting, size: tuple[int, int], clip: str = "") -> None:
        self._movement, self._setting, self._size, self._clip = movement, setting, size, clip
        hold = movement.hold
        self._segmenter = HoldSegmenter(hold.off, hold.on) if hold else RepSegmenter()
        self._window: deque[tuple[float, Pose | None]] = deque()
        self._reps: list[Rep] = []
        self._seen_at = -np.inf

    def update(self, t: float, pose: Pose | None) -> list[Event]:
        """Takes one instant; None is an instant with nobody in view. Returns what happened."""
        self._window.append((t, pose))
        events: list[Event] = []
        if pose is None:
            if self._segmenter.open and t - self._seen_at > CUT_LOSS:
                events += self._closed(self._segmenter.finish(t), t)
            self._forget(t)
            return events
        self._seen_at = t
        was_open = self._segmenter.open
        bout = self._segmenter.update(t, self._depth(pose))
        events += self._closed(bout, t)
        if self._segmenter.open and (not was_open or bout):
            events.append(RepBegan(t))
        self._forget(t)
        return events

    @property
    def open_since(self) -> float | None:
        """When the repetition or hold under way was noticed, s; None while there is none."""
        return self._segmenter.began if self._segmenter.open else None

    def finish(self) -> list[Rep]:
        """Closes a repetition under way and returns them all, those that do not count included."""
        if self._window:
            t = self._window[-1][0]
            self._closed(self._segmenter.finish(t), t)
        return longest(self._reps) if self._movement.hold else without_partials(self._reps)

    def _depth(self, pose: Pose) -> float:
        upright = rotated(pose.xy[None].astype(np.float64), -self._setting.view.tilt_deg)
        return float(depth(upright, self._setting)[0])

    def _closed(self, bout: Bout | None, t: float) -> list[Event]:
        if bout is None:
            return []
        track = collect((i for i in self._window if bout.t0 <= i[0] <= bout.t1), self._size)
        measure = measure_hold if self._movement.hold else measure_rep
        rep = measure(track, bout, len(self._reps) + 1, self._clip, self._movement, self._setting)
        self._reps.append(rep)
        return [RepClosed(t, rep)]

    def _forget(self, t: float) -> None:
        """Drops poses that no repetition can need any more."""
        since = self._segmenter.began - LEAD_IN if self._segmenter.open else t - KEEP
        while self._window and self._window[0][0] < since:
            self._window.popleft()


def without_partials(reps: list[Rep]) -> list[Rep]:
    """The same repetitions, those much shallower than the set's own median marked as partial.

    They are numbered in order of time, those that do not count included.
    """
    depths = [rep.depth for rep in reps if rep.valid and rep.depth is not None]
    if not depths:
        return list(reps)
    least = protocol().repetitions.partial_share * float(np.median(depths))
    return [
        replace(rep, valid=False, reason="partial: less than half as deep as the others")
        if rep.valid and (rep.depth or 0.0) < least
        else rep
        for rep in reps
    ]
