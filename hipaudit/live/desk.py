"""What one running coach holds beside the set under way: what was asked for, the set just done, where it is saved."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..audit import Audit
from ..audit.seen import AuditRun
from ..errors import NothingToJudge, OutputError
from ..frames import Frame
from ..library import movements
from ..plan.record import record_result
from ..poses import Pose
from ..poses.backend import PoseBackend
from ..poses.skeleton import SIDES
from ..report import make_folder, write_reports
from .coach import Coach, Goal
from .events import Event, Problem, TestDone
from .history import History
from .loop import Loop
from .record import Recorder
from .training import TrainingSession
from .welcome import Joints, trained, welcome

WRITTEN = ("json", "csv", "poses", "html")  # formats of `report.FORMATS` that need no clip
REST = 60.0  # s between sets where nothing else was asked for
RECORDING = "set.mp4"
INTAKE = "intake.toml"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for on the command line; what is None is chosen in the page.

    out      folder in which a folder is made for each set that is saved
    session  what is to be trained, step by step
    like     an earlier audit, to stand and film in the same place
    ghost    how the person stood then, see `welcome.ghost`
    """

    out: Path
    movement: str | None = None
    side: str | None = None
    sets: int | None = None
    reps: int | None = None
    session: TrainingSession | None = None
    like: Audit | None = None
    ghost: Joints | None = None


def goal(
    movement: str,
    sets: int | None = None,
    reps: int | None = None,
    hold_s: float | None = None,
    timed: bool = False,
    rest_s: float = REST,
) -> Goal:
    """What is to be done; a movement that is a test runs as one where no number was asked for that fits it."""
    known = movements()[movement]
    if known.hold:
        return Goal(sets or 1, None, hold_s or known.hold.at_most_s, False, rest_s)
    return Goal(sets or 1, reps, hold_s, timed or (known.chair is not None and reps is None), rest_s)


class Desk:
    """One coach's desk. `opened` opens the pose model; `token` is what a page must show."""

    def __init__(self, choice: Choice, opened: Callable[[bool], PoseBackend], history: History | None = None) -> None:
        self.choice, self.opened = choice, opened
        self.history = self._before = history or History()
        self._movement = ""
        self.token = secrets.token_urlsafe(24)
        self.linked: dict[str, Path] = {}  # an unguessable name -> the folder of a report
        self._taken = False
        self.last: AuditRun | None = None
        self._tests: list[TestDone] = []
        self._record = False
        self._blur = False
        self._recorder: Recorder | None = None

    @property
    def free(self) -> bool:
        """Whether nobody is at the desk."""
        return not self._taken

    @contextmanager
    def place(self) -> Iterator[bool]:
        """The one place at the desk, for as long as the block lasts: whether it was free."""
        if self._taken:
            yield False
            return
        self._taken = True
        try:
            yield True
        finally:
            self._taken = False

    def welcome(self) -> dict[str, Any]:
        """What a page must know to begin."""
        chosen = self.choice
        return welcome(
            chosen={"movement": chosen.movement, "side": chosen.side, "sets": chosen.sets, "reps": chosen.reps},
            out=str(chosen.out),
            session=trained(chosen.session) if chosen.session else None,
            like={"xy": chosen.ghost} if chosen.ghost else None,
        )

    def coach(self, movement: str, side: str, goal: Goal, size: tuple[int, int]) -> Coach:
        """A coach for pictures of `size`; what is trained with it is one session of its movement."""
        self._before, self._movement = self.history, movement
        return Coach(movement, side, goal, size, self._before.trained(movement), self.choice.like)

    # The recording

    def record(self, on: bool, blur: bool) -> None:
        """Keeps the pictures of the sets that follow, or does not."""
        self._record, self._blur = on, blur

    def take(self, frame: Frame, pose: Pose | None, state: str) -> None:
        """Takes one picture of the set under way; kept only where a recording was asked for."""
        if state in ("set_up", "done"):
            if state == "set_up":
                self.drop_recording()
            elif self._recorder is not None:
                self._recorder.finish()
            return
        if self._recorder is None and self._record:
            self._recorder = Recorder((frame.image.shape[1], frame.image.shape[0]), self._blur)
        if self._recorder is not None:
            self._recorder.take(frame, pose)

    def drop_recording(self) -> None:
        """Forgets a recording that was not saved."""
        if self._recorder is not None:
            self._recorder.drop()
            self._recorder = None

    # The set just done

    def begins(self) -> None:
        """A set begins: the one before can no longer be saved."""
        self.last = None
        self.drop_recording()

    def done(self, loop: Loop | None, events: Sequence[Event]) -> list[Event]:
        """Takes the set just done and the tests among its events; its session counts once, however many sets it has.

        Returns a problem where the history cannot be written.
        """
        self.last = loop.finish() if loop else None
        self._tests += [event for event in events if isinstance(event, TestDone)]
        if self.last is not None and loop is not None and loop.coach is not None:
            self.history = self._before.after(self._movement, loop.coach.relapsed)
            try:
                self.history.save()
            except OutputError as error:
                return [Problem(events[-1].t, str(error))]
        return []

    def save(self) -> Path:
        """Writes the set just done into a folder of its own, named after the movement and the time, and returns it.

        Raises:
            NothingToJudge: there is none, or nothing in it counted.
            OutputError: it cannot be written.
        """
        if self.last is None:
            raise NothingToJudge("There is no set to save: none was done, or no repetition of it counted.")
        seen = self.last.audit.movement
        side = "" if seen.side == "both" else f"_{seen.side}"
        folder = self.choice.out / f"{seen.name}{side}_{datetime.now().astimezone():%Y-%m-%d_%H%M%S}"
        make_folder(folder)
        write_reports(self.last, folder, WRITTEN)
        if self._recorder is not None:
            self._recorder.keep(folder / RECORDING)
            self._recorder = None
        return folder

    def link(self, folder: Path) -> str:
        """The name under which the page may open the report in a folder: one that nobody can guess."""
        name = secrets.token_urlsafe(16)
        self.linked[name] = folder
        return name

    def save_tests(self) -> Path:
        """Puts the results of the tests done so far into the intake file in `out` and returns it.

        Raises:
            NothingToJudge: none had a result that an intake holds.
            IntakeError: what stands there is no intake file.
            OutputError: it cannot be written.
        """
        results = [(test, test.value) for test in self._tests if test.value is not None]
        if not results:
            raise NothingToJudge("There is no result to save: no test was done that could be judged.")
        make_folder(self.choice.out)
        target = self.choice.out / INTAKE
        for done, value in results:
            try:
                record_result(target, done.test, done.side if done.side in SIDES else None, value)
            except ValueError as error:
                raise NothingToJudge(f"An intake file has no place for the result of {done.test}.") from error
        return target
