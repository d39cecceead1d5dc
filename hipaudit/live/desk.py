"""What one running coach holds beside the set under way: what was asked for, the set just done, where it is saved."""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..audit import Audit
from ..audit.seen import AuditRun
from ..errors import NothingToJudge
from ..files import placed
from ..frames import Frame
from ..library import movements
from ..plan.intake import read_intake
from ..poses import Pose
from ..poses.backend import PoseBackend
from ..poses.skeleton import SIDES
from ..report import make_folder, write_reports
from .coach import Coach, Goal
from .events import Event, TestDone
from .loop import Loop
from .record import Recorder
from .welcome import welcome

WRITTEN = ("json", "csv", "poses", "html")  # formats of `report.FORMATS` that need no clip
REST = 60.0  # s between sets where nothing else was asked for
RECORDING = "set.mp4"
INTAKE = "intake.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for on the command line; what is None is chosen in the page.

    out   folder in which a folder is made for each set that is saved
    like  an earlier audit, to stand and film in the same place
    """

    out: Path
    movement: str | None = None
    side: str | None = None
    sets: int | None = None
    reps: int | None = None
    like: Audit | None = None


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

    def __init__(self, choice: Choice, opened: Callable[[bool], PoseBackend]) -> None:
        self.choice, self.opened = choice, opened
        self.token = secrets.token_urlsafe(24)
        self.linked: dict[str, Path] = {}  # an unguessable name -> the folder of a report
        self._taken = False
        self.last: AuditRun | None = None
        self._tests: list[TestDone] = []
        self._record = False
        self._blur = False
        self._recorder: Recorder | None = None

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
            session=None,
            like=None,
        )

    def coach(self, movement: str, side: str, goal: Goal, size: tuple[int, int]) -> Coach:
        """A coach for pictures of `size`."""
        return Coach(movement, side, goal, size, like=self.choice.like)

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

    def done(self, loop: Loop | None, events: Sequence[Event]) -> None:
        """Takes the set just done and the tests among its events."""
        self.last = loop.finish() if loop else None
        self._tests += [event for event in events if isinstance(event, TestDone)]

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
        """Adds the results of the tests done so far to the intake file in `out` and returns it.

        Raises:
            NothingToJudge: none had a result.
            IntakeError: what stands there is no intake file.
            OutputError: it cannot be written.
        """
        results = [test for test in self._tests if test.value is not None]
        if not results:
            raise NothingToJudge("There is no result to save: no test was done that could be judged.")
        make_folder(self.choice.out)
        target = self.choice.out / INTAKE
        told: dict[str, Any] = (
            json.loads(read_intake(target).model_dump_json(exclude_unset=True)) if target.exists() else {}
        )
        tests = told.setdefault("tests", {})
        for done in results:
            if done.side in SIDES:
                tests.setdefault(done.test, {})[done.side] = done.value
            else:
                tests[done.test] = done.value
        with placed(target) as part:
            part.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
        return target
