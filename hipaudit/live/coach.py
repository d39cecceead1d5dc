"""The coach: one pose at a time in, what to say out. No clock, no picture, no file.

    coach = Coach("squat", "both", Goal(sets=3, reps=8), (640, 480))
    for t, pose in instants:
        for event in coach.update(t, pose, light):
            ...
    run = coach.finish()

A set goes through set-up, countdown, quiet standing and the repetitions, which are those of `audit.session.Session`;
when it is done its poses are judged as a recorded clip is.
"""

from dataclasses import dataclass

from ..audit import Audit
from ..audit.prepare import setting_for
from ..audit.run import combine, judge_poses
from ..audit.seen import AuditRun
from ..audit.session import RepClosed, Session
from ..errors import NothingToJudge
from ..kinematics import Setting
from ..kinematics.stand import find_stand
from ..library import movements
from ..poses import Pose, PoseTrack, collect
from ..poses.replay import ReplayBackend
from ..poses.tracks import describe
from .events import CalibrationDone, Event, Problem, RepDone, SetDone, SetUp, Tracked

SET_AT_MOST = 300.0  # s of poses kept of one set
BEFORE = 10.0  # s of poses kept while setting up
NAME = "live"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be done: `sets` of `reps` or of one hold of `hold_s`; `timed`: as many as the test's time allows."""

    sets: int = 1
    reps: int | None = None
    hold_s: float | None = None
    timed: bool = False
    rest_s: float = 60.0


class Coach:
    """Coaches the sets of one movement on one side.

    movement, side  as in `library.movements()`; "left", "right", or "both" in two-leg tasks
    size     width and height of the picture, pixels
    trained  sessions of this movement done before
    like     an earlier audit, to stand and film in the same place
    """

    def __init__(
        self,
        movement: str,
        side: str,
        goal: Goal,
        size: tuple[int, int],
        trained: int = 0,
        like: Audit | None = None,
    ) -> None:
        self._movement, self._side, self._goal, self._size = movements()[movement], side, goal, size
        self._trained, self._like = trained, like
        self._number = 1
        self._begin()

    def _begin(self) -> None:
        self._kept: list[tuple[float, Pose | None]] = []
        self._setting: Setting | None = None
        self._session: Session | None = None
        self._counted = 0
        self._done = False
        self._hint = ""

    @property
    def state(self) -> str:
        """Where it is: "set_up", "countdown", "still", "set" or "done"."""
        return "done" if self._done else "set" if self._session else "set_up"

    @property
    def sideways(self) -> bool:
        """Whether the person stands sideways: then the outline of the back is worth its time."""
        return self._setting is not None and self._setting.view.facing in ("left", "right")

    def update(self, t: float, pose: Pose | None, light: float | None = None) -> list[Event]:
        """Takes one instant; `pose` None is nobody, `light` the mean brightness 0..255, None where not known."""
        if self._done:
            return [_tracked(t, pose, self._size)]
        self._kept.append((t, pose))
        events: list[Event] = [_tracked(t, pose, self._size)]
        events += self._in_set(t, pose) if self._session else self._setting_up(t)
        return events

    def stop(self, t: float) -> list[Event]:
        """Ends the set under way early."""
        if self._done or self._session is None:
            return []
        self._session.finish()
        self._done = True
        return [SetDone(t, self._number, self._goal.sets, self._counted, self._counted, (), None)]

    def next_set(self, t: float) -> list[Event]:
        """Begins the next set with its set-up."""
        self._number += 1
        self._begin()
        return [SetUp(t, "nobody", "Stand where the camera sees you.", False)]

    def show_number(self, t: float) -> list[Event]:
        """The last value of what is cued, or of what matters most, in words."""
        return []

    def finish(self, model: str = "", model_sha256: str = "") -> AuditRun | None:
        """The set just done as a recorded audit judges it; `model` found the poses. None where nothing counted."""
        track = self.track
        try:
            judged = judge_poses(
                track,
                describe(track, NAME, ""),
                ReplayBackend(track, model, model_sha256),
                movement=self._movement.id,
                side=self._side if self._movement.legs == 1 else "auto",
            )
        except NothingToJudge:
            return None
        return combine([judged])

    @property
    def track(self) -> PoseTrack:
        """The poses of the set, from its quiet standing on."""
        return collect(self._kept, self._size)

    def _setting_up(self, t: float) -> list[Event]:
        while self._kept[0][0] < t - BEFORE:
            self._kept.pop(0)
        track = self.track
        stand = find_stand(track, t, self._side) if track.found.any() else None
        if stand is None or stand.t1 - stand.t0 < 1.9:
            say = "Stand still for two seconds."
            changed, self._hint = say != self._hint, say
            return [SetUp(t, "still", say, False)] if changed else []
        try:
            self._setting = setting_for(track, self._movement, self._side, t)
        except NothingToJudge as error:
            return [Problem(t, str(error))]
        self._session = Session(self._movement, self._setting, self._size, NAME)
        view = self._setting.view
        return [CalibrationDone(t, view.facing, view.yaw_deg, "Go.")]

    def _in_set(self, t: float, pose: Pose | None) -> list[Event]:
        assert self._session is not None
        events: list[Event] = []
        for happened in self._session.update(t, pose):
            if isinstance(happened, RepClosed):
                rep = happened.rep
                self._counted += rep.valid
                events.append(
                    RepDone(t, self._counted, rep.valid, rep.reason or "", rep.lower_s, rep.lift_s, rep.valid, ())
                )
        if self._goal.reps is not None and self._counted >= self._goal.reps:
            events += self.stop(t)
        return events


def _tracked(t: float, pose: Pose | None, size: tuple[int, int]) -> Tracked:
    if pose is None:
        return Tracked(t, None, {}, None, None, None)
    shares = (pose.xy / size).tolist()
    return Tracked(t, tuple((x, y) if x == x else None for x, y in shares), {}, None, None, None)
