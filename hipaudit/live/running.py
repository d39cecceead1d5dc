"""One set under way: its repetitions, what is shown meanwhile, and the cues. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..audit.prepare import setting_for
from ..audit.session import CUT_LOSS, RepBegan, RepClosed, Session, without_partials
from ..errors import NothingToJudge
from ..findings.rules import askable, column_of, reading
from ..kinematics import Setting, depth
from ..library import quantities, rules
from ..poses import Pose, PoseTrack, collect
from ..reps import HELD, Rep
from ..reps.chair import StandCount, count_stands
from ..reps.measure import smoothed
from .cues import CuePolicy, is_clean, patterns
from .events import Event, Number, Problem, RepDone
from .meter import NOTHING, Meter, Now
from .setup import BEFORE, Wanted

SET_AT_MOST = 300.0  # s that one set lasts at most: its poses are kept
MOST_KEPT = 36_000  # poses of one set at most, however fast they come
AGAIN = 5.0  # s in which a hold that was lost may be taken up again
TAIL = 0.5  # s kept after a timed test, so that its end is seen
NAME = "live"
LOST = "You cannot be seen: come back into the picture."
TOO_LONG = "This set has lasted five minutes: it ends here."


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be done: `sets` of `reps` or of one hold of `hold_s`; `timed`: as many as the test's time allows.

    Without any of them a set goes on until it is stopped; a movement that is held until its test is over.
    """

    sets: int = 1
    reps: int | None = None
    hold_s: float | None = None
    timed: bool = False
    rest_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Feedback:
    """How this set is cued: see `CuePolicy`."""

    session: int = 1
    back: bool = False
    silent: bool = False
    easier: str | None = None


class TopWatch:
    """How long the top of a bridge has been held: for how long the angle has been within `loss` degrees of its best."""

    def __init__(self, loss: float) -> None:
        self._loss = loss
        self._higher: deque[tuple[float, float]] = deque()  # when the angle was higher than ever before, and the angle

    def update(self, t: float, angle: float | None, up: bool) -> float | None:
        """Takes the angle of shoulder, hip and knee; None where it is not read, the hips are down, or it is lost."""
        if not up:
            self._higher.clear()
        if angle is None or not up:
            return None
        if not self._higher or angle > self._higher[-1][1]:
            self._higher.append((t, angle))
        least = self._higher[-1][1] - self._loss
        while self._higher[0][1] < least:
            self._higher.popleft()
        return t - self._higher[0][0] if angle >= least else None


class SetRun:
    """The set that follows a measured stand.

    kept      the poses from the quiet stand on
    target    depth to aim at, share of the standing height
    now, held  what is shown of this instant, and the seconds of the hold or the timed test under way
    over      whether the goal is reached, or no more can be kept
    setting   what is held against: renewed from the last quiet before the first repetition, as in a recorded clip
    """

    def __init__(
        self,
        wanted: Wanted,
        goal: Goal,
        setting: Setting,
        kept: Iterable[tuple[float, Pose | None]],
        feedback: Feedback,
        target: float,
    ) -> None:
        self._movement, self._side, self._size, self._goal = wanted.movement, wanted.side, wanted.size, goal
        self._chair = wanted.movement.chair if goal.timed else None
        self._feedback, self._target = feedback, target
        self.kept = list(kept)
        self.over = False
        self._began = self._seen = self._idle = self.kept[-1][0]
        self._test_start: float | None = None
        self._stood = 0
        self._reps: list[Rep] = []
        self._lost = False
        self.now: Now = NOTHING
        self.held: float | None = None
        top = wanted.movement.lock_out
        self._top = TopWatch(top.loss_deg) if top else None
        self._start(setting)

    def _start(self, setting: Setting) -> None:
        feedback = self._feedback
        self.setting = setting
        silenced = self._chair.silences if self._chair else ()
        self.asked = [name for name in askable(self._movement.id, setting) if rules()[name].finding not in silenced]
        self.policy = CuePolicy(
            self.asked,
            setting.view.facing,
            feedback.session,
            back=feedback.back,
            silent=feedback.silent,
            easier=feedback.easier,
        )
        self._meter = Meter(self._movement, setting, self.asked, self._target, self._size)
        self._session = Session(self._movement, setting, self._size, NAME)
        for t, pose in self.kept:
            self._session.update(t, pose)

    @property
    def counted(self) -> int:
        """Repetitions that count so far."""
        return sum(rep.valid for rep in self._marked())

    @property
    def nothing(self) -> str:
        """Why no repetition counted, in a sentence."""
        reasons = "; ".join(sorted({rep.reason for rep in self._reps if rep.reason}))
        return f"No repetition counted: {reasons or 'nothing like one was seen'}."

    @property
    def track(self) -> PoseTrack:
        """The poses kept so far."""
        return collect(self.kept, self._size)

    def update(self, t: float, pose: Pose | None) -> list[Event]:
        """Takes one instant."""
        self.kept.append((t, pose))
        events = list(self._in_view(t, pose))
        for happened in self._session.update(t, pose):
            if isinstance(happened, RepClosed):
                events += self._closed(t, happened.rep)
            elif isinstance(happened, RepBegan) and not self.counted:
                self._renew(t)
        if self._session.open_since is not None:
            self._idle = t
        elif not any(rep.valid for rep in self._reps):
            self._forget(t)
        self.now = self._meter.update(t, pose)
        self.held = self._held(t)
        if t - self._began > SET_AT_MOST or len(self.kept) >= MOST_KEPT:
            events.append(Problem(t, TOO_LONG))
            self.over = True
        self.over = self.over or self._reached(t)
        return events

    def number(self, t: float) -> Number:
        """The last value of what is cued now, or else of what matters most, in words."""
        last = next((rep for rep in reversed(self._reps) if rep.valid), None)
        current = self.policy.current
        for name in [*([current] if current else []), *self.asked]:
            quantity = quantities()[rules()[name].measure]
            value = last.measures.get(column_of(quantity, self.setting.view.facing, last.side)) if last else None
            if value is not None:
                return Number(t, f"{quantity.title}: {reading(value, quantity)}.")
        return Number(t, "No number yet: nothing could be read in a repetition that counts.")

    def _in_view(self, t: float, pose: Pose | None) -> Iterator[Event]:
        """Says once that nobody is seen."""
        if pose is not None:
            self._seen, self._lost = t, False
        elif not self._lost and t - self._seen > CUT_LOSS:
            self._lost = True
            yield Problem(t, LOST)

    def _closed(self, t: float, rep: Rep) -> list[Event]:
        self._reps.append(rep)
        rep = self._marked()[-1]
        facing = self.setting.view.facing
        codes = dict.fromkeys(rules()[name].finding for name in patterns(rep, self.asked, facing)) if rep.valid else {}
        clean = is_clean(rep, self.asked, facing) if self._chair is None else not codes
        number, counts = self._number(rep)
        why = "" if counts else rep.reason or ""
        done = RepDone(t, number, counts, why, rep.lower_s, rep.lift_s, clean, tuple(codes))
        return [done, *self.policy.update(t, rep, clean)]

    def _number(self, rep: Rep) -> tuple[int, bool]:
        """How many count so far, and whether the last one does; against the clock it is full stands that count."""
        if self._chair is None:
            return self.counted, rep.valid
        before, count = self._stood, self._stands()
        self._stood = max(before, count.stands) if count else before
        if count and self._test_start is None:
            self._test_start = count.start
        return self._stood, self._stood > before

    def _stands(self) -> StandCount | None:
        """The full stands so far, known once somebody has sat down and stood up."""
        seats = [rep.depth for rep in self._reps if rep.valid and rep.depth is not None]
        if not seats or self._chair is None:
            return None
        track = self.track
        lowered = depth(smoothed(track, self.setting), self.setting)
        return count_stands(track.t, lowered, float(np.median(seats)), self._chair)

    def _marked(self) -> list[Rep]:
        """The repetitions so far; those much shallower than the others do not count. Of holds each counts."""
        return self._reps if self._movement.hold else without_partials(self._reps)

    def _renew(self, t: float) -> None:
        """Measures the stand anew from the quiet that came last before the first repetition, noticed at `t`."""
        try:
            setting = setting_for(self.track, self._movement, self._side, t)
        except NothingToJudge:
            return  # the stand of the calibration is still there
        old, new = self.setting.stand, setting.stand
        if old is not None and new is not None and (old.t0, old.t1) != (new.t0, new.t1):
            self._start(setting)

    def _forget(self, t: float) -> None:
        """Drops what lies too far back while nothing has been done."""
        first = next((i for i, (at, _) in enumerate(self.kept) if at >= t - BEFORE), len(self.kept))
        del self.kept[:first]
        self._began = self.kept[0][0]

    def _reached(self, t: float) -> bool:
        goal, held = self._goal, self.held or 0.0
        if self._chair is not None:
            return held >= self._chair.seconds + TAIL
        if self._is_hold:
            longest = goal.hold_s or (self._movement.hold.at_most_s if self._movement.hold else SET_AT_MOST)
            done = any(HELD in rep.measures for rep in self._reps if rep.valid)
            return held >= longest + TAIL or (done and t - self._idle > AGAIN)
        return goal.reps is not None and self.counted >= goal.reps

    @property
    def _is_hold(self) -> bool:
        """Whether something is held: of a bridge on one leg, where no repetitions were asked for."""
        goal, movement = self._goal, self._movement
        return movement.hold is not None or goal.hold_s is not None or bool(movement.lock_out and goal.reps is None)

    def _held(self, t: float) -> float | None:
        """Seconds of the hold under way, or of the timed test since the seat was first left."""
        if self._chair is not None:
            return None if self._test_start is None else t - self._test_start
        since = self._session.open_since
        if self._top is not None and self._is_hold:
            return self._top.update(t, self.now.readings.get("lock_out"), since is not None)
        return t - since if self._is_hold and since is not None else None
