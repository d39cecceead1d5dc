"""All clips of one person as one screen: audits by movement and side, and one starting phase from all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import NothingToJudge, SourceError
from ..findings import Finding, FunctionalTest
from ..library import movements, protocol, quantities
from ..plan.intake import Intake, with_seen
from ..plan.phase import JudgedSet, missing_parts, starting_phase
from ..plan.weeks import first_weeks
from . import Audit, Refused, Screen
from .run import Progress, combine, judge_clip, named
from .seen import AuditRun, JudgedClip
from .sides import between_sides

VIDEOS = frozenset(
    {".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".3gp", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv"}
)


@dataclass(frozen=True, slots=True, eq=False)
class ScreenRun:
    """A screen with the runs of its audits, in the order of `screen.audits`."""

    screen: Screen
    runs: list[AuditRun]


def videos(paths: Iterable[str | Path]) -> list[Path]:
    """The clips of a list of files and folders; of a folder, its own video files by name, hidden ones left out.

    Raises:
        SourceError: a folder holds no video.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(f for f in path.iterdir() if f.suffix.lower() in VIDEOS and not f.name.startswith("."))
        if not inside:
            raise SourceError(f"{path} holds no video: name the folder the clips lie in, or the clips themselves.")
        found += inside
    return found


def screen_clips(
    paths: Iterable[str | Path],
    *,
    intake: Intake | None = None,
    model: str = "full",
    progress: Progress | None = None,
) -> ScreenRun:
    """Audits all clips of one person, files or folders, and judges one starting phase from all of them.

    A clip that cannot be read or judged is named in `refused`, with its reason, and the others go on.

    Raises:
        SourceError: a folder holds no video.
        NothingToJudge: no clip could be judged.
        BackendError: the pose model is missing or damaged.
    """
    judged, refused = [], []
    for path, name in named(videos(paths)).items():
        try:
            judged.append(judge_clip(path, model=model, progress=progress, name=name))
        except (SourceError, NothingToJudge) as error:
            refused.append(Refused(name, str(error)))
    if not judged:
        reasons = " ".join(clip.say for clip in refused)
        raise NothingToJudge(f"None of the clips can be judged. {reasons}")
    return screen(judged, refused, intake)


def screen(clips: Sequence[JudgedClip], refused: Sequence[Refused] = (), intake: Intake | None = None) -> ScreenRun:
    """Clips of one person, each judged by itself, as one screen: an audit for each movement and side."""
    kinds = dict.fromkeys((clip.movement.name, clip.movement.side) for clip in clips)
    runs = [combine([c for c in clips if (c.movement.name, c.movement.side) == kind], intake) for kind in kinds]
    audits = [run.audit for run in runs]
    seen = [test for audit in audits for test in audit.tests]
    told = with_seen(intake or Intake(), seen)
    sets = [judged_set(audit) for audit in audits]
    compared = between_sides(audits)
    start = starting_phase(sets, told)
    found = [v for v in (*(f for a in audits for f in a.findings), *compared) if isinstance(v, Finding)]
    return ScreenRun(
        Screen(
            hipaudit_version=__version__,
            audits=audits,
            between_sides=compared,
            disagreements=_contradictions(intake or Intake(), seen),
            starting_phase=start,
            first_weeks=first_weeks(start, found, told),
            missing=missing_parts(sets, told) if start.phase else [],
            refused=list(refused),
            notice=list(protocol().safety),
        ),
        runs,
    )


def judged_set(audit: Audit) -> JudgedSet:
    """An audit as the gates of the starting phase see it."""
    verdicts = [*audit.judged, *audit.remarks, *audit.unassessed]
    name = audit.movement.name
    return JudgedSet(name, audit.movement.side, movements()[name].legs, verdicts, audit.measures)


def _contradictions(told: Intake, seen: Sequence[FunctionalTest]) -> list[str]:
    """Where the person told another result of a test than a clip shows; what was told decides."""
    return [
        f"{test.title}: told {said:g}, seen {test.value:g} in {test.clip}. What was told decides."
        for test in seen
        if (said := told.tests.of_side(test.test, test.side)) is not None and _differs(said, test)
    ]


def _differs(said: float, test: FunctionalTest) -> bool:
    """Whether a clip shows another result than was told; a hold that may have gone on is no less than what was told."""
    longest = max((m.hold.at_most_s for m in movements().values() if m.hold and m.hold.test == test.test), default=None)
    if said > test.value and (test.at_least or test.value == longest):
        return False
    return abs(said - test.value) > (quantities()["hold"].detectable if test.unit == "s" else 0.0)
