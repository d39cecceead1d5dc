"""When a repetition begins and ends, decided one instant at a time on the depth signal.

Depth is the share of the standing hip height that has been lost: 0 = standing, 0.3 = a deep squat. Everything is in
seconds; nothing depends on the camera's frame rate.
"""

import math
from dataclasses import dataclass
from enum import Enum, auto

from ..poses.smoothing import Causal

LEAD_IN = 1.0  # s kept before the depth is noticed: the descent began earlier
OPEN = 0.025  # depth at which a descent is noticed; posture drift while standing stays below
RETURNED = 0.2  # share of the rep's depth left when the lift is nearly over
SETTLED = 0.05  # share of the rep's depth left when standing again
RISE_AGAIN = 0.12  # share of the rep's depth gained again before standing: the next descent has begun
WAIT = 1.0  # s to wait for standing once the lift is nearly over
# Who ends a little lower than they began is not waited for that long. Over 314 repetitions of saved poses this brings
# the wait from a repetition's end to its close from 0.59 to 0.14 s (in 95 of 100), with the same repetitions.
STALLED = 0.2  # s near the top without rising any further after which the way back is over
RISING = 0.01  # share of the rep's depth that counts as rising further


@dataclass(frozen=True, slots=True)
class Bout:
    """One excursion from standing and back: a repetition, or something that looks like one.

    Times are seconds: noticed at `began`; the window from `t0` to `t1` has a lead-in before that, as far as the bout
    before allows. `complete` is False where the clip ended, or the person was lost, before the way back was made.
    """

    t0: float
    began: float
    t1: float
    complete: bool


class _State(Enum):
    STANDING = auto()
    DOWN = auto()
    RISING = auto()


class HoldSegmenter:
    """Hysteresis on the lift of the free foot: a bout is open while the foot is off the floor.

    `off` and `on` are the lifts from which it is off, and below which it is on the floor again.
    """

    def __init__(self, off: float, on: float) -> None:
        self._off, self._on = off, on
        self._smooth = Causal()
        self._began = math.nan
        self._closed = -math.inf
        self.open = False

    @property
    def began(self) -> float:
        """When the bout under way was noticed, s."""
        return self._began

    def update(self, t: float, lift: float) -> Bout | None:
        """Takes the lift at `t` (NaN where not seen); returns a bout when one has closed."""
        lift = self._smooth.update(t, lift)
        if not self.open and lift >= self._off:
            self.open, self._began = True, t
        elif self.open and lift < self._on:
            return self._close(t, complete=True)
        return None

    def finish(self, t: float) -> Bout | None:
        """The bout under way when the clip ended, if any."""
        return self._close(t, complete=False) if self.open else None

    def _close(self, t: float, complete: bool) -> Bout:
        self.open = False
        bout = Bout(max(self._began - LEAD_IN, self._closed), self._began, t, complete)
        self._closed = t
        return bout


class RepSegmenter:
    """Hysteresis on depth: `update` a sample at a time, `finish` at the end."""

    def __init__(self) -> None:
        self._smooth = Causal()
        self._state = _State.STANDING
        self._floor = 0.0  # least depth since the last rep: what standing looks like now
        self._peak = 0.0
        self._began = math.nan
        self._since = self._rose = self._rose_to = math.nan
        self._closed = -math.inf

    @property
    def open(self) -> bool:
        """Whether a bout is under way."""
        return self._state is not _State.STANDING

    @property
    def began(self) -> float:
        """When the bout under way was noticed, s."""
        return self._began

    def update(self, t: float, depth: float) -> Bout | None:
        """Takes the depth at `t` (NaN where not seen); returns a bout when one has closed."""
        depth = self._smooth.update(t, depth)
        if math.isnan(depth):
            return None
        if self._state is _State.STANDING:
            self._floor = max(min(self._floor, depth), -OPEN)
            if depth > max(self._floor, 0.0) + OPEN:
                self._begin(t, depth)
            return None
        self._peak = max(self._peak, depth)
        height = self._peak - self._floor
        if self._state is _State.DOWN:
            if depth < self._floor + max(RETURNED * height, 0.6 * OPEN):
                self._state, self._since, self._lowest = _State.RISING, t, depth
                self._rose, self._rose_to = t, depth
            return None
        if depth < self._rose_to - RISING * height:
            self._rose, self._rose_to = t, depth
        self._lowest = min(self._lowest, depth)
        if depth > self._lowest + max(RISE_AGAIN * height, OPEN):
            bout = self._close(t, self._lowest)
            self._begin(t, depth)
            return bout
        if depth < self._floor + SETTLED * height or t - self._since > WAIT or t - self._rose > STALLED:
            return self._close(t, self._lowest)
        return None

    def finish(self, t: float) -> Bout | None:
        """The bout under way when the clip ended, if any."""
        if self._state is _State.STANDING:
            return None
        complete = self._state is _State.RISING
        self._state = _State.STANDING
        return self._bout(t, complete)

    def _begin(self, t: float, depth: float) -> None:
        self._state, self._began, self._peak = _State.DOWN, t, depth

    def _close(self, t: float, floor: float) -> Bout:
        self._state, self._floor = _State.STANDING, max(floor, 0.0)
        bout = self._bout(t, complete=True)
        self._closed = t
        return bout

    def _bout(self, t: float, complete: bool) -> Bout:
        return Bout(max(self._began - LEAD_IN, self._closed), self._began, t, complete)
