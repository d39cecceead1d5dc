"""The session that an audit or a screen suggests, as steps one after the other.

A step whose movement the camera can judge is coached; every other is shown: how much, how fast, what to think of.
Doses begin at their lower end, as the programme says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..audit import Audit, Screen
from ..audit.codec import document_from_json
from ..errors import NothingToJudge, SourceError
from ..library import exercises, movements, sessions
from ..library.training import Tempo
from ..plan import AuditedTask, FirstWeeks, PainStep, PlannedExercise
from ..poses.skeleton import SIDES
from .running import Goal


@dataclass(frozen=True, slots=True)
class CameraStep:
    """Sets in front of the camera.

    part      "warm_up", "task", "main" or "cool_down"
    exercise  its name in the library, None for the audited task
    side      "left" or "right", "both" in two-leg tasks
    film      where the camera belongs and how to begin
    """

    part: str
    exercise: str | None
    name: str
    why: str
    movement: str
    side: str
    goal: Goal
    amount: str
    cues: tuple[str, ...]
    film: str
    caution: str | None


@dataclass(frozen=True, slots=True)
class GuideStep:
    """An exercise that is shown, not judged.

    reps, hold_s, minutes  of one set, each None where it has none; held repetitions have both of the first two
    per_side   whether each set is done on both sides
    tempo      seconds of a repetition, None where there is none to keep
    """

    part: str
    exercise: str
    name: str
    why: str
    sets: int
    reps: int | None
    hold_s: float | None
    minutes: float | None
    per_side: bool
    tempo: Tempo | None
    rest_s: float
    amount: str
    equipment: tuple[str, ...]
    cues: tuple[str, ...]
    caution: str | None


Step = CameraStep | GuideStep


@dataclass(frozen=True, slots=True)
class TrainingSession:
    """A whole session; `stop` and `pain` are said before it begins, `notice` wherever it is shown."""

    phase: int
    name: str
    steps: tuple[Step, ...]
    stop: tuple[str, ...]
    pain: tuple[PainStep, ...]
    notice: tuple[str, ...]


def read_session(path: Path) -> TrainingSession:
    """The session of a saved audit or screen.

    Raises:
        SourceError: the file cannot be read, or is neither.
        NothingToJudge: it suggests no session.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name} is not an audit: give the audit.json or screen.json of an audit.") from error
    return session_of(document_from_json(text))


def session_of(document: Audit | Screen) -> TrainingSession:
    """The session of an audit or a screen.

    Raises:
        NothingToJudge: it suggests none, for a professional must be asked first.
    """
    weeks = document.first_weeks
    if weeks is None:
        raise NothingToJudge("This audit suggests no session: talk to a health professional first.")
    return TrainingSession(
        weeks.phase, weeks.name, tuple(_steps(weeks)), tuple(weeks.stop), tuple(weeks.pain), tuple(document.notice)
    )


def _steps(weeks: FirstWeeks) -> Iterator[Step]:
    for exercise in weeks.warm_up:
        yield from _exercise("warm_up", exercise)
    yield from _task(weeks.task)
    for exercise in weeks.main:
        yield from _exercise("main", exercise)
    for exercise in weeks.cool_down:
        yield from _exercise("cool_down", exercise)


def _task(task: AuditedTask) -> Iterator[CameraStep]:
    cues = tuple(cue for cue in (task.cue, task.other_cue) if cue)
    goal = Goal(reps=sessions().task_reps)
    for side in _sides(task.movement):
        yield CameraStep(
            "task", None, task.title, task.why, task.movement, side, goal, task.amount, cues, task.film, None
        )


def _exercise(part: str, planned: PlannedExercise) -> Iterator[Step]:
    """An exercise as one step, or in front of the camera as one for each side."""
    dose = planned.dose
    reps, hold, minutes = (pair[0] if pair else None for pair in (dose.reps, dose.hold_s, dose.minutes))
    watched = exercises().get(planned.exercise)
    movement = watched.camera.movement if watched else None
    if movement is None:
        yield GuideStep(
            part,
            planned.exercise,
            planned.name,
            planned.why,
            dose.sets[0],
            None if reps is None else int(reps),
            hold,
            minutes,
            dose.per_side,
            dose.tempo,
            dose.rest_s,
            planned.amount,
            tuple(planned.equipment),
            tuple(planned.cues),
            planned.caution,
        )
        return
    goal = Goal(dose.sets[0], None if reps is None else int(reps), hold, rest_s=dose.rest_s)
    for side in _sides(movement):
        yield CameraStep(
            part,
            planned.exercise,
            planned.name,
            planned.why,
            movement,
            side,
            goal,
            planned.amount,
            tuple(planned.cues),
            movements()[movement].film,
            planned.caution,
        )


def _sides(movement: str) -> tuple[str, ...]:
    return SIDES if movements()[movement].legs == 1 else ("both",)
