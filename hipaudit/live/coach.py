"""The coach: one pose at a time in, what to say out. No clock, no picture, no file.

    coach = Coach("squat", "both", Goal(sets=3, reps=8), (640, 480))
    for t, pose in instants:
        for event in coach.update(t, pose, light):
            ...
    run = coach.finish()

A set goes through set-up, countdown, quiet standing and the repetitions, which are those of `audit.session.Session`;
when it is done its poses are judged as a recorded clip is.
"""

from dataclasses import replace

import numpy as np

from ..audit import Audit
from ..audit.run import combine, judge_poses
from ..audit.seen import AuditRun, JudgedClip
from ..errors import NothingToJudge
from ..library import cues, exercises, movements
from ..poses import Pose, PoseTrack, collect
from ..poses.replay import ReplayBackend
from ..poses.tracks import describe
from ..poses.trust import plainly_seen
from .cues import is_clean
from .events import Event, Number, SetDone, Tracked
from .meter import NOTHING, Now
from .running import NAME, Feedback, Goal, SetRun
from .setup import Guide, Wanted
from .summary import summed_up, test_results

__all__ = ["Coach", "Goal"]


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
        self._wanted = Wanted(movements()[movement], side, size, like, goal.timed)
        self._goal, self._trained = goal, trained
        self._number = 0
        self._t = -np.inf
        self.relapsed = False  # whether so much was beyond a cut in a set that feedback goes back one step
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self._guide = Guide(self._wanted, self._number > 1)
        self._run: SetRun | None = None
        self._judged: JudgedClip | None = None
        self._done = False

    @property
    def state(self) -> str:
        """Where it is: "set_up", "countdown", "still", "set" or "done"."""
        return "done" if self._done else "set" if self._run else self._guide.state

    @property
    def sideways(self) -> bool:
        """Whether the person stands with a side to the camera: then the outline of the back is worth its time."""
        return self._guide.sideways

    @property
    def track(self) -> PoseTrack:
        """The poses of the set, from its quiet standing on."""
        return self._run.track if self._run else collect((), self._wanted.size)

    def update(self, t: float, pose: Pose | None, light: float | None = None) -> list[Event]:
        """Takes one instant; `pose` None is nobody, `light` the mean brightness 0..255, None where not known.

        An instant that is not later than the one before is left out, and so is one without a finite time.
        """
        if not self._t < t < np.inf:
            return []
        self._t = t
        if self._done:
            return [self._tracked(t, pose, NOTHING, None)]
        if self._run is None:
            return [self._tracked(t, pose, NOTHING, None), *self._setting_up(t, pose, light)]
        run = self._run
        events = run.update(t, pose)
        return [self._tracked(t, pose, run.now, run.held), *events, *(self.stop(t) if run.over else [])]

    def stop(self, t: float) -> list[Event]:
        """Ends the set under way; of one that has not begun there is nothing to end."""
        if self._done or self._run is None:
            return []
        self._done, run = True, self._run
        self.relapsed = run.policy.relapsed
        last = self._number >= self._goal.sets
        rest = None if last else self._goal.rest_s
        try:
            judged = self._judged = self._judge(run.track)
        except NothingToJudge:
            return [SetDone(t, self._number, self._goal.sets, 0, 0, (run.nothing,), rest)]
        reps = [rep for rep in judged.reps if rep.valid]
        clean = sum(is_clean(rep, run.asked, run.setting.view.facing) for rep in reps)
        summary = summed_up(judged, clean, self._silent)
        return [
            *test_results(t, judged),
            SetDone(t, self._number, self._goal.sets, len(reps), clean, summary, rest),
        ]

    def next_set(self, t: float) -> list[Event]:
        """Begins the next set with its set-up; what to do comes with the next instant, later than `t`."""
        self._t = max(self._t, t)
        self._begin()
        return []

    def show_number(self, t: float) -> list[Event]:
        """The last value of what is cued, or of what matters most, in words."""
        return [self._run.number(t) if self._run else Number(t, "No number yet: the set has not begun.")]

    def finish(self, model: str = "", model_sha256: str = "") -> AuditRun | None:
        """The set just done as a recorded audit judges it; `model` found the poses. None where nothing counted."""
        if self._judged is None:
            return None
        made = replace(self._judged.provenance, model=model, model_sha256=model_sha256)
        return combine([replace(self._judged, provenance=made)])

    @property
    def _silent(self) -> bool:
        """Whether this is the set without feedback, the last of several in later sessions."""
        late = self._trained + 1 >= cues().policy.no_feedback_from
        return late and self._goal.sets > 1 and self._number == self._goal.sets

    def _judge(self, track: PoseTrack) -> JudgedClip:
        side = self._wanted.side if self._wanted.movement.legs == 1 else "auto"
        return judge_poses(
            track, describe(track, NAME, ""), ReplayBackend(track), movement=self._wanted.movement.id, side=side
        )

    def _setting_up(self, t: float, pose: Pose | None, light: float | None) -> list[Event]:
        events = self._guide.update(t, pose, light)
        if self._guide.setting is not None:
            feedback = Feedback(self._trained + 1, self.relapsed, self._silent, self._easier())
            setting, kept = self._guide.setting, self._guide.kept
            self._run = SetRun(self._wanted, self._goal, setting, kept, feedback, self._target())
        return events

    def _target(self) -> float:
        """The depth to aim at: as deep as in the earlier audit, else what is usual in the movement."""
        like = self._wanted.like
        depths = [rep.depth for rep in like.reps if rep.valid and rep.depth is not None] if like else []
        return float(np.median(depths)) if depths else self._wanted.movement.target_depth

    def _easier(self) -> str | None:
        """The easier version of the exercise that the movement is, in a sentence."""
        exercise = exercises().get(self._wanted.movement.id)
        name = exercise.regression if exercise else None
        return cues().policy.easier_version.format(name=exercises()[name].name.lower()) if name else None

    def _tracked(self, t: float, pose: Pose | None, now: Now, held: float | None) -> Tracked:
        xy = None
        if pose is not None:
            seen = plainly_seen(collect([(t, pose)], self._wanted.size))[0]
            shares = (pose.xy / self._wanted.size).tolist()
            xy = tuple((x, y) if ok else None for (x, y), ok in zip(shares, seen.tolist(), strict=True))
        return Tracked(t, xy, now.readings, now.depth, now.phase, now.tempo, held)
